/** What can be done with whole steps: add, start with a few, duplicate, remove, put back. */

import type { Ctx } from "../form/types";
import { newRowId } from "../model/changes";
import type { CellValue, Change, Field, Path, Row } from "../model/types";
import type { Roles } from "./roles";

/** What a document can hold; the rules say earlier that fewer are better. */
export const MOST_ROWS = 100;

export interface Removed {
  row: Row;
  after: string | null;
  name: string;
}

/** A row's cells without its id. */
export function cellsOf(row: Row): Record<string, CellValue> {
  const { id: _, ...cells } = row;
  return cells as Record<string, CellValue>;
}

/** A copy is a new step: what was done with the old one stays with the old one. */
export function copyOf(row: Row, columns: readonly Field[], roles: Roles<Field>) {
  const state = columns.filter(
    (column) => column === roles.status || column.shown_when || column.required_when,
  );
  return Object.fromEntries(
    Object.entries(cellsOf(row)).filter(([id]) => !state.some((column) => column.id === id)),
  );
}

/** The changes that add rows one below the other, beginning after `after`. */
export function addRows(
  path: Path,
  values: readonly Record<string, CellValue>[],
  after: string | null,
): { ids: string[]; changes: Change[] } {
  const ids = values.map(() => newRowId());
  const changes = values.map(
    (value, index): Change => ({
      op: "add_row",
      path: [...path, ids[index] as string],
      after: ids[index - 1] ?? after,
      value,
    }),
  );
  return { ids, changes };
}

export function removeRow(path: Path, id: string): Change {
  return { op: "remove_row", path: [...path, id] };
}

export function putBack(path: Path, { row, after }: Removed): Change {
  return { op: "add_row", path: [...path, row.id], after, value: cellsOf(row) };
}

/** What the store calls a deed when it is undone. */
export function labels({ t }: Pick<Ctx, "t">) {
  return {
    add: t("Step added"),
    start: t("First steps added"),
    copy: t("Step duplicated"),
    remove: t("Step removed"),
    back: t("Step put back"),
    move: t("Step moved"),
  };
}
