/** One of several, and several of several. */
import type { ChoiceField, ChoicesField, Option } from "../../model/types";
import type { ControlProps } from "../control";
import { entries, type FormKind } from "./base";

/** More options than this go into a list that opens: a column of them would fill a phone. */
const MANY = 7;

/** A button that takes back a choice of one. */
export function ClearAnswer({ ctx, set }: Pick<ControlProps, "ctx" | "set">) {
  return (
    <button type="button" class="uz-link" onClick={() => set(undefined)}>
      {ctx.t("Clear this answer")}
    </button>
  );
}

export function ChoiceInput(props: ControlProps<ChoiceField>) {
  const { field, id, value, ctx, labelledby, describedby, invalid, set } = props;
  const { t } = ctx;
  if (field.options.length > MANY && !field.options.some((option) => option.help)) {
    return (
      <select
        class="uz-input"
        aria-labelledby={labelledby}
        aria-describedby={describedby}
        aria-invalid={invalid}
        value={typeof value === "string" ? value : ""}
        onChange={(event) => set(event.currentTarget.value || undefined)}
      >
        <option value="">{t("Choose…")}</option>
        {field.options.map((option) => (
          <option key={option.id} value={option.id}>
            {option.label}
          </option>
        ))}
      </select>
    );
  }
  return (
    <>
      <div class="uz-options">
        {field.options.map((option) => (
          <OptionRow
            key={option.id}
            type="radio"
            id={`${id}-${option.id}`}
            name={id}
            option={option}
            checked={value === option.id}
            onChange={() => set(option.id)}
          />
        ))}
      </div>
      {value !== undefined && <ClearAnswer ctx={ctx} set={set} />}
    </>
  );
}

export function ChoicesInput(props: ControlProps<ChoicesField>) {
  const { field, id, value, set } = props;
  const chosen = Array.isArray(value) ? (value as string[]) : [];
  const toggle = (option: string, on: boolean) => {
    // In the order of the definition, so that equal choices are equal answers.
    const next = field.options
      .map((id) => id.id)
      .filter((id) => (id === option ? on : chosen.includes(id)));
    set(next.length > 0 ? next : undefined);
  };
  return (
    <div class="uz-options">
      {field.options.map((option) => (
        <OptionRow
          key={option.id}
          type="checkbox"
          id={`${id}-${option.id}`}
          name={id}
          option={option}
          checked={chosen.includes(option.id)}
          onChange={(on) => toggle(option.id, on)}
        />
      ))}
    </div>
  );
}

interface RowProps {
  type: "radio" | "checkbox";
  id: string;
  name: string;
  option: Option;
  checked: boolean;
  onChange: (on: boolean) => void;
}

export function OptionRow({ type, id, name, option, checked, onChange }: RowProps) {
  return (
    <div class="uz-option">
      <input
        type={type}
        id={id}
        name={name}
        checked={checked}
        aria-describedby={option.help ? `${id}-help` : undefined}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <label for={id}>
        <bdi>{option.label}</bdi>
      </label>
      {option.help ? (
        <p class="uz-help" id={`${id}-help`}>
          {option.help}
        </p>
      ) : null}
    </div>
  );
}

/** One of several, in the least room; what the chosen one means stands below it. */
function NarrowChoice(props: ControlProps<ChoiceField>) {
  const { field, id, value, ctx, describedby, invalid, set } = props;
  const chosen = field.options.find((option) => option.id === value);
  return (
    <>
      <select
        id={id}
        class="uz-input"
        aria-describedby={chosen?.help ? `${describedby} ${id}-chosen` : describedby}
        aria-invalid={invalid}
        value={chosen?.id ?? ""}
        onChange={(event) => set(event.currentTarget.value || undefined)}
      >
        <option value="">{ctx.t("Choose…")}</option>
        {field.options.map((option) => (
          <option key={option.id} value={option.id}>
            {option.label}
          </option>
        ))}
      </select>
      {chosen?.help ? (
        <p class="uz-count" id={`${id}-chosen`}>
          {chosen.help}
        </p>
      ) : null}
    </>
  );
}

const labelOf = (options: Option[], id: unknown) =>
  options.find((option) => option.id === id)?.label ?? String(id);

const brief = (field: { options: Option[] }, value: unknown) =>
  entries(value)
    .map((id) => labelOf(field.options, id))
    .join(", ");

export const choice: FormKind<ChoiceField> = {
  Control: ChoiceInput,
  Narrow: NarrowChoice,
  Reading: ({ field, value }) => <span>{labelOf(field.options, value)}</span>,
  brief,
};

export const choices: FormKind<ChoicesField> = {
  Control: ChoicesInput,
  Reading: ({ field, value }) => (
    <ul class="uz-values">
      {entries(value).map((id) => (
        <li key={id}>{labelOf(field.options, id)}</li>
      ))}
    </ul>
  ),
  brief,
};
