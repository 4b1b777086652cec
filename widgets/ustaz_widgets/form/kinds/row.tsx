/** Rows of another workbook's table, such as the steps of a plan: chosen here, written there. */
import type { Row } from "../../model/answers";
import { rowsOf } from "../../model/changes";
import { splitReference } from "../../model/definition";
import type { RowField } from "../../model/types";
import type { ControlProps } from "../control";
import type { Ctx } from "../types";
import { arrived } from "./arriving";
import { entries, type ReadingProps } from "./base";
import { chosenOf, RowOptions } from "./row-ids";

/** What the rows are called, by their ids, in the order of the table. */
function labelsOf(field: RowField, ctx: Ctx): Map<string, string> {
  const { workbook, id } = splitReference(field.from);
  const answers = ctx.stores[workbook]?.answers ?? ctx.context.linked?.[workbook] ?? {};
  const label = (row: Row) => String(row[field.label_column] ?? "").trim();
  const rows = rowsOf(answers, id).filter((row) => label(row) !== "");
  return new Map(rows.map((row) => [row.id, label(row)]));
}

function RowInput(control: ControlProps<RowField>) {
  const { field, value, ctx } = control;
  const { t } = ctx;
  const known = labelsOf(field, ctx);
  const options = [
    ...[...known].map(([row, label]) => ({ id: row, label })),
    // A row that was removed stays visible until it is taken out here.
    ...chosenOf(value)
      .filter((row) => !known.has(row))
      .map((row) => ({ id: row, label: t("removed meanwhile") })),
  ];
  return (
    <RowOptions
      {...control}
      options={options}
      group="uz-options"
      none={t("There is nothing to choose from yet.")}
    />
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
