/** When a field is shown and when it is needed. Shared by the rules and the form. */
import type { Answers, At, Condition, Field, Row } from "./types";

/** Where a field's neighbours are: the row of a cell, the answers of a workbook. */
type Holder = Answers | Row;

/** Is the condition true among the answers, or in a cell's row when one is given? */
export function holds(condition: Condition, answers: Holder, row?: Row): boolean {
  const value = (row ?? answers)[condition.field];
  const chosen: unknown[] = Array.isArray(value) ? value : [value];
  return chosen.some((option) => typeof option === "string" && condition.is.includes(option));
}

/** Is the field shown? A cell looks in its own row, a field among the workbook's answers. */
export function visible(field: Field, answers: Answers, row?: Row): boolean {
  return !field.shown_when || holds(field.shown_when, answers, row);
}

/** At which level the field is needed, or null when it is optional. */
export function requiredAt(field: Field, answers: Answers, row?: Row): At | null {
  if ("by" in field || !visible(field, answers, row)) return null;
  const condition = field.required_when;
  if (condition && holds(condition, answers, row)) return condition.at ?? "submitted";
  return field.required ?? null;
}
