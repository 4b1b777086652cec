/** When a field is shown and when it is needed. Shared by the rules and the form. */
import type { Answers, At, Condition, Field, Row } from "./types";

/** A condition looks in the same row first, then among the fields of the workbook. */
export function holds(condition: Condition, answers: Answers, row?: Row): boolean {
  const value = row && condition.field in row ? row[condition.field] : answers[condition.field];
  const values = Array.isArray(value) ? value : [value];
  return values.some((item) => {
    if (item === undefined || item === null || typeof item === "object") return false;
    return condition.is.includes(String(item));
  });
}

export function shown(field: Field, answers: Answers, row?: Row): boolean {
  return !field.shown_when || holds(field.shown_when, answers, row);
}

/** At which level the field is needed, or null when it is optional. */
export function neededAt(field: Field, answers: Answers, row?: Row): At | null {
  const levels: At[] = [];
  if (field.required) levels.push(field.required);
  if (field.required_when && holds(field.required_when, answers, row)) {
    levels.push(field.required_when.at ?? "submitted");
  }
  if (levels.includes("ready")) return "ready";
  return levels.includes("submitted") ? "submitted" : null;
}
