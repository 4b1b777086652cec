/**
 * Which column of a table plays which part in the plan.
 *
 * The component knows no column ids. It reads the definition's columns and gives the parts below to
 * the first column that fits, so another table with dates and a status can use `component: plan`.
 * README.md holds the same list for authors; `roles.test.ts` keeps both honest.
 */

/** What this module needs to know of a column; the definition's fields satisfy it. */
export interface ColumnLike {
  id: string;
  kind: string;
  options?: { id: string; label: string }[];
  shown_when?: { field: string; is: string[] } | null;
}

export interface RuleLike {
  id: string;
  kind: string;
  column?: string;
  all?: string[];
  any?: string[];
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
  /** Always shown, but long: in the part of a row that opens. */
  details: C[];
  /** Shown only when another column asks for it (`shown_when`). */
  conditional: C[];
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
  const title = plain.find((column) => column.kind === "text") ?? first;
  const choices = plain.filter((column) => column.kind === "choice" && column !== title);
  const status =
    choices.find((column) => column.id === "status") ??
    choices.find((column) => column.options?.some((option) => option.id === "done")) ??
    null;
  const group =
    choices.find((column) => column.id === covered && column !== status) ??
    choices.find((column) => column !== status) ??
    null;
  const people = plain.find((column) => column.kind === "person") ?? null;
  const dates = plain.filter((column) => column.kind === "date");
  const start = dates.length > 1 ? (dates[0] ?? null) : null;
  const due = dates.length > 1 ? (dates[1] ?? null) : (dates[0] ?? null);
  const lead = new Set<C | null>([title, group, people, start, due, status]);
  return {
    title,
    group,
    people,
    start,
    due,
    status,
    details: plain.filter((column) => !lead.has(column)),
    conditional: columns.filter((column) => column.shown_when && !lead.has(column)),
  };
}

/** The columns of the narrow, always visible part of a row, in the order of the definition. */
export function leadColumns<C extends ColumnLike>(columns: readonly C[], roles: Roles<C>): C[] {
  const rest = new Set<C>([...roles.details, ...roles.conditional]);
  return [roles.title, ...columns.filter((column) => column !== roles.title && !rest.has(column))];
}

/** The `covers` rule of a table, if there is one: which kinds of step it must hold. */
export function coverRule(rules: readonly RuleLike[], table: string): RuleLike | null {
  return (
    rules.find((rule) => rule.kind === "covers" && rule.column?.startsWith(`${table}.`)) ?? null
  );
}
