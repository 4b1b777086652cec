/** Rows of a table, chosen by their ids: what `person` and `row` share. */
import type { PersonField, RowField } from "../../model/types";
import type { ControlProps } from "../control";
import { OptionRow } from "./choice";

type RowIdsField = PersonField | RowField;

interface Option {
  id: string;
  label: string;
}

/** The ids that an answer holds. */
export const chosenOf = (value: unknown): string[] =>
  Array.isArray(value) ? (value as string[]) : [];

/** Return what puts one row in or takes it out; several stand in the order in which they are offered. */
export function picking(
  { field, value, set }: Pick<ControlProps<RowIdsField>, "field" | "value" | "set">,
  options: Option[],
) {
  const chosen = chosenOf(value);
  return (row: string, on: boolean) => {
    if (!field.many) return set([row]);
    // A row that was written this moment is not among the options yet.
    const order = new Set([...options.map((option) => option.id), row]);
    const next = [...order].filter((id) => (id === row ? on : chosen.includes(id)));
    set(next.length > 0 ? next : undefined);
  };
}

interface Props extends ControlProps<RowIdsField> {
  options: Option[];
  group: string;
  none: string;
}

export function RowOptions({ options, group, none, ...control }: Props) {
  const { field, id, value, ctx, set } = control;
  const chosen = chosenOf(value);
  const pick = picking(control, options);
  return (
    <>
      {options.length === 0 && <p class="uz-none">{none}</p>}
      <div class={group}>
        {options.map((option) => (
          <OptionRow
            key={option.id}
            type={field.many ? "checkbox" : "radio"}
            id={`${id}-${option.id}`}
            name={id}
            option={option}
            checked={chosen.includes(option.id)}
            onChange={(on) => pick(option.id, on)}
          />
        ))}
      </div>
      {!field.many && chosen.length > 0 && (
        <button type="button" class="uz-link" onClick={() => set(undefined)}>
          {ctx.t("Clear this answer")}
        </button>
      )}
    </>
  );
}
