/** A row as the plan shows it: number, name, state, dates. Pure. */

import { showControls } from "../form/user-text";
import { clip } from "../model/graphemes";
import { numbered } from "../model/numbered";
import type { Field, I18n, Option, Row, TableField } from "../model/types";
import type { Roles } from "./roles";
import { daysOverdue, type Tone, toneOf } from "./status";

export interface Step {
  row: Row;
  id: string;
  number: number;
  /** "Step 3" */
  name: string;
  /** What the person wrote as the step's title; may be empty. */
  title: string;
  tone: Tone;
  status: Option | null;
  group: Option | null;
  start: unknown;
  due: unknown;
  /** Days past the due date, 0 when in time or settled. */
  overdue: number;
}

const SHORT = 60;

/**
 * What a step is called in a sentence: its own words, clipped and isolated, so that text of another
 * direction cannot disturb the sentence around it; without words, "Step 3".
 */
export function calledStep(step: Pick<Step, "title" | "name">): string {
  const words = showControls(step.title).replace(/\s+/g, " ");
  const part = clip(words, SHORT);
  return part === "" ? step.name : `\u2068${part}${part.length < words.length ? "…" : ""}\u2069`;
}

export function optionOf(column: Field | null, row: Row): Option | null {
  if (!column || !("options" in column)) {
    return null;
  }
  return column.options.find((option) => option.id === row[column.id]) ?? null;
}

export function stepsOf(
  field: TableField,
  rows: readonly Row[],
  roles: Roles<Field>,
  today: string,
  t: I18n["t"],
): Step[] {
  const kind = field.row_name ?? t("Step");
  return rows.map((row, index) => {
    const tone = toneOf(roles.status ? row[roles.status.id] : undefined);
    const due = roles.due ? row[roles.due.id] : undefined;
    return {
      row,
      id: row.id,
      number: index + 1,
      name: numbered(kind, index + 1, t),
      title: String(row[roles.title.id] ?? "").trim(),
      tone,
      status: optionOf(roles.status, row),
      group: optionOf(roles.group, row),
      start: roles.start ? row[roles.start.id] : undefined,
      due,
      overdue: daysOverdue(due, tone, today, roles.status !== null),
    };
  });
}

/** "3 November 2026 to 20 December 2026", or the one date there is, or "no dates yet". */
export function datesText(step: Step, i18n: Pick<I18n, "t" | "date">): string {
  const start = typeof step.start === "string" && step.start !== "" ? step.start : null;
  const due = typeof step.due === "string" && step.due !== "" ? step.due : null;
  if (start !== null && due !== null) {
    return i18n.t("{start} to {end}", { start: i18n.date(start), end: i18n.date(due) });
  }
  if (start !== null) {
    return i18n.t("from {date}", { date: i18n.date(start) });
  }
  return due === null ? i18n.t("no dates yet") : i18n.t("until {date}", { date: i18n.date(due) });
}

/** "5 days past its date", or "" when in time. */
export function overdueText(step: Step, n: I18n["n"]): string {
  return step.overdue > 0
    ? n("{count} day past its date", "{count} days past its date", step.overdue)
    : "";
}

/** One sentence that says all a bar shows: what a screen reader hears and the tooltip holds. */
export function stepSentence(step: Step, i18n: Pick<I18n, "t" | "n" | "date">): string {
  return [
    step.title === ""
      ? step.name
      : i18n.t("{name}: {title}", { name: step.name, title: calledStep(step) }),
    datesText(step, i18n),
    step.status?.label ?? "",
    overdueText(step, i18n.n),
  ]
    .filter((part) => part !== "")
    .join("; ");
}
