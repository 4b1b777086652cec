/** Where the focus goes: after a change to a given part of a row, and with keys to its neighbour. */

export interface FocusGoal {
  /** A row's id; null for a part that stands outside the rows. */
  row: string | null;
  /** A `data-part`, or "title" for the first control of the step's title. */
  part: string;
  /** The cell of this column, if it is there. */
  column?: string | undefined;
}

const CONTROLS = "input, textarea, select, button, a[href], [tabindex]";

function control(inside: Element | null): HTMLElement | null {
  if (inside === null) {
    return null;
  }
  const controls = inside.matches(CONTROLS)
    ? [inside as HTMLElement]
    : [...inside.querySelectorAll<HTMLElement>(CONTROLS)];
  return (
    controls.find((element) => !element.matches(":disabled, [hidden], [tabindex='-1']")) ?? null
  );
}

const rowOf = (root: Element, id: string): Element | null =>
  root.querySelector(`[data-row="${CSS.escape(id)}"]`);

/** Move the focus to a part of a row; false when it is not there (yet). */
export function focusOn(root: Element | null, goal: FocusGoal): boolean {
  const scope = root === null || goal.row === null ? root : rowOf(root, goal.row);
  const selector = goal.part === "title" ? '[data-role="title"]' : `[data-part="${goal.part}"]`;
  const cell = goal.column && scope?.querySelector(`[data-column="${CSS.escape(goal.column)}"]`);
  // To read there are no controls: the row itself is reached then.
  const row = scope instanceof HTMLElement && scope.tabIndex === -1 ? scope : null;
  const target = control(cell || (scope?.querySelector(selector) ?? null)) ?? row;
  if (target === null) {
    return false;
  }
  if (target !== document.activeElement) {
    target.focus();
  }
  // Instant on purpose: smooth scrolling away from what is being read makes some people dizzy.
  (target.closest("[data-row]") ?? target).scrollIntoView({
    block: "nearest",
    behavior: "instant",
  });
  return true;
}

/** Focus the same part or column one row up or down; false where there is none. */
export function focusNeighbour(from: HTMLElement, step: 1 | -1): boolean {
  const row = from.closest<HTMLElement>("[data-row]");
  const rows = [...(row?.parentElement?.querySelectorAll<HTMLElement>("[data-row]") ?? [])];
  const next = row === null ? undefined : rows[rows.indexOf(row) + step];
  if (next === undefined) {
    return false;
  }
  const part = from.closest<HTMLElement>("[data-part]")?.dataset.part;
  const column = from.closest<HTMLElement>("[data-column]")?.dataset.column;
  const target =
    control(part ? next.querySelector(`[data-part="${part}"]`) : null) ??
    control(column ? next.querySelector(`[data-column="${column}"]`) : null) ??
    control(next.querySelector('[data-role="title"]'));
  target?.focus();
  return target !== null;
}
