/** When a field is shown and when it is needed. Shared by the rules and the form. */
import { trim } from "./graphemes";
import type { Answers, At, Condition, Field, Row, RuleContext, TableField } from "./types";

/** Where a field's neighbours are: the row of a cell, the answers of a workbook. */
type Holder = Answers | Row;

/** Is the condition true among the answers, or in a cell's row when one is given? */
export function holds(condition: Condition, answers: Holder, row?: Row): boolean {
  const value = (row ?? answers)[condition.field];
  const chosen: unknown[] = Array.isArray(value) ? value : [value];
  return chosen.some((one) => typeof one === "string" && condition.is.includes(one));
}

/** Is the field shown? A cell looks in its own row, a field among the workbook's answers. */
export function visible(field: Field, answers: Answers, row?: Row): boolean {
  return !field.shown_when || holds(field.shown_when, answers, row);
}

/** At which level the field is needed, or null when it is optional. */
export function requiredAt(field: Field, answers: Answers, row?: Row): At | null {
  if (field.kind === "confirmation" || !visible(field, answers, row)) return null;
  const condition = field.required_when;
  if (condition && holds(condition, answers, row)) return condition.at ?? "submitted";
  return field.required ?? null;
}

/** Does the field hold no answer? "Cannot say" is one where it is offered. */
export function isEmpty(field: Field, holder: Answers | Row, context: RuleContext): boolean {
  if (field.kind === "reference") {
    const [workbook = "", name = ""] = field.to.split("/");
    return isBlank(context.linked?.[workbook]?.[name]);
  }
  const value = holder[field.id];
  if (value === undefined) return true;
  if (field.kind === "scale") return value === null && !field.cannot_say;
  if (field.kind === "table") {
    return !((value ?? []) as Row[]).some((row) => rowFilled(field, row, context));
  }
  return isBlank(value);
}

/** Blanks say nothing, nor do lists of blanks, null, or rows whose cells say nothing. */
export function isBlank(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value === "string") return trim(value) === "";
  if (Array.isArray(value)) return value.every(isBlank);
  if (typeof value === "object") {
    return Object.entries(value).every(([key, inner]) => key === "id" || isBlank(inner));
  }
  return false;
}

/** Does a row hold an answer? One whose cells were kept back may. */
export function rowFilled(table: TableField, row: Row, context: RuleContext): boolean {
  const kept = table.columns.some((one) => context.withheld?.includes(`${table.id}.${one.id}`));
  return kept || table.columns.some((column) => !isEmpty(column, row, context));
}
