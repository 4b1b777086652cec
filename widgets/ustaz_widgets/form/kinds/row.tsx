/** Rows of another workbook's table, such as the steps of a plan: chosen here, written there. */
import type { Row } from "../../model/answers";
import { rowsOf } from "../../model/changes";
import { splitReference } from "../../model/definition";
import type { RowField } from "../../model/types";
import type { ControlProps } from "../control";
import type { Ctx } from "../types";
import { arrived } from "./arriving";
import { entries, type ReadingProps } from "./base";
import { OptionRow } from "./choice";

/** What the rows are called, by their ids, in the order of the table. */
function labelsOf(field: RowField, ctx: Ctx): Map<string, string> {
  const { workbook, id } = splitReference(field.from);
  const answers = ctx.stores[workbook]?.answers ?? ctx.context.linked?.[workbook] ?? {};
  const label = (row: Row) => String(row[field.label_column] ?? "").trim();
  const rows = rowsOf(answers, id).filter((row) => label(row) !== "");
  return new Map(rows.map((row) => [row.id, label(row)]));
}

function RowInput({ field, id, value, ctx, set }: ControlProps<RowField>) {
  const { t } = ctx;
  const chosen = Array.isArray(value) ? (value as string[]) : [];
  const known = labelsOf(field, ctx);
  const many = field.many === true;
  const options = [
    ...[...known].map(([row, label]) => ({ id: row, label })),
    // A row that was removed stays visible until it is taken out here.
    ...chosen
      .filter((row) => !known.has(row))
      .map((row) => ({ id: row, label: t("removed meanwhile") })),
  ];
  const pick = (row: string, on: boolean) => {
    if (!many) return set([row]);
    const next = options
      .map((option) => option.id)
      .filter((id) => (id === row ? on : chosen.includes(id)));
    set(next.length > 0 ? next : undefined);
  };
  return (
    <>
      {options.length === 0 && <p class="uz-none">{t("There is nothing to choose from yet.")}</p>}
      <div class="uz-options">
        {options.map((option) => (
          <OptionRow
            key={option.id}
            type={many ? "checkbox" : "radio"}
            id={`${id}-${option.id}`}
            name={id}
            option={option}
            checked={chosen.includes(option.id)}
            onChange={(on) => pick(option.id, on)}
          />
        ))}
      </div>
      {!many && chosen.length > 0 && (
        <button type="button" class="uz-link" onClick={() => set(undefined)}>
          {t("Clear this answer")}
        </button>
      )}
    </>
  );
}

function RowReading({ field, value, ctx, example = false }: ReadingProps<RowField>) {
  const known = labelsOf(field, ctx);
  return (
    <ul class="uz-values">
      {entries(value).map((id) => (
        <li key={id}>
          <bdi>{example ? id : (known.get(id) ?? ctx.t("removed meanwhile"))}</bdi>
        </li>
      ))}
    </ul>
  );
}

arrived<RowField>("row", { Control: RowInput, Reading: RowReading });
