/**
 * Which column of a table plays which part in the plan.
 *
 * The component knows no column ids. It reads the definition's columns and gives the parts below to
 * the first column that fits, so another table with dates and a status can use `component: plan`.
 * README.md holds the same list for authors; `roles.test.ts` keeps both honest.
 */

import { holds } from "../model/conditions";
import { serves } from "../model/kinds";
import type { Answers, Condition, Row } from "../model/types";

/** What this module needs to know of a column; the definition's fields satisfy it. */
export interface ColumnLike {
  id: string;
  kind: string;
  options?: { id: string; label: string }[];
  shown_when?: Condition | null;
  required_when?: Condition | null;
}

export interface RuleLike {
  id: string;
  kind: string;
  column?: string;
  all?: string[];
  any?: string[];
  dates?: string[];
  from?: string;
  to?: string;
}

/** The part each column plays; every part but the title may be missing. */
export interface Roles<C extends ColumnLike> {
  /** What the step is called: the first text column (or simply the first one). */
  title: C;
  /** The kind of step: the column of a `covers` rule, or the first choice that is not the status. */
  group: C | null;
  /** Who does it: the first person column. */
  people: C | null;
  /** The first two dates that are always shown; one date alone is the due date. */
  start: C | null;
  due: C | null;
  /** The choice named `status`, or the first one that offers `done`. */
  status: C | null;
}

export function rolesOf<C extends ColumnLike>(
  columns: readonly C[],
  covered: string | null = null,
): Roles<C> {
  const first = columns[0];
  if (first === undefined) {
    throw new Error("a plan needs a table with columns");
  }
  const plain = columns.filter((column) => !column.shown_when);
  const title = plain.find((column) => serves(column, "title")) ?? first;
  const choices = plain.filter((column) => serves(column, "option") && column !== title);
  const status =
    choices.find((column) => column.id === "status") ??
    choices.find((column) => column.options?.some((option) => option.id === "done")) ??
    null;
  const group =
    choices.find((column) => column.id === covered && column !== status) ??
    choices.find((column) => column !== status) ??
    null;
  const people = plain.find((column) => serves(column, "people")) ?? null;
  const dates = plain.filter((column) => serves(column, "date"));
  const start = dates.length > 1 ? (dates[0] ?? null) : null;
  const due = dates.length > 1 ? (dates[1] ?? null) : (dates[0] ?? null);
  return {
    title,
    group,
    people,
    start,
    due,
    status,
  };
}

/**
 * The columns of the short, always visible part of a row, in the order of the definition, the title
 * first. The people are named there to be read; to be chosen they need the room below.
 */
export function leadColumns<C extends ColumnLike>(
  columns: readonly C[],
  roles: Roles<C>,
  editing: boolean,
): C[] {
  const lead = [roles.group, roles.start, roles.due, roles.status, editing ? null : roles.people];
  return [roles.title, ...columns.filter((column) => lead.includes(column))];
}

/** All other columns: the part of a row that opens. */
export function detailColumns<C extends ColumnLike>(
  columns: readonly C[],
  lead: readonly C[],
): C[] {
  return columns.filter((column) => !lead.includes(column));
}

/**
 * Whether a column is wanted now: because another field has one of the values in `shown_when` or
 * `required_when`. Such a column is shown without opening the row.
 */
export function isAsked(column: ColumnLike, answers: Answers, row: Row): boolean {
  return [column.shown_when, column.required_when].some(
    (condition) => condition != null && holds(condition, answers, row),
  );
}

/** Whether a column may be shown at all. What somebody wrote stays in sight in any case. */
export function isShown(column: ColumnLike, answers: Answers, row: Row): boolean {
  const value = row[column.id];
  const empty = value === undefined || value === null || String(value) === "";
  return !column.shown_when || isAsked(column, answers, row) || !empty;
}

/**
 * The fields that hold the plan's own beginning and end: those of a `date_within` rule over this
 * table's dates, unless that rule looks at the programme's calendar.
 */
export function frameFields(
  rules: readonly RuleLike[],
  table: string,
): { from: string; to: string } | null {
  const rule = rules.find(
    (candidate) =>
      candidate.kind === "date_within" &&
      candidate.dates?.some((date) => date.startsWith(`${table}.`)) &&
      candidate.from &&
      candidate.to &&
      !candidate.from.includes(".") &&
      !candidate.to.includes("."),
  );
  return rule ? { from: rule.from as string, to: rule.to as string } : null;
}

/** The `covers` rule of a table, if there is one: which kinds of step it must hold. */
export function coverRule(rules: readonly RuleLike[], table: string): RuleLike | null {
  return (
    rules.find((rule) => rule.kind === "covers" && rule.column?.startsWith(`${table}.`)) ?? null
  );
}
