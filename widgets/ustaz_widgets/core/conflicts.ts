/** What was written elsewhere meanwhile: both values are kept, and the person is asked. */
import { applyChange, key, pathOf, rowsOf, same, uuid, valueAt } from "./changes";
import type { OpenConflict, SealedBatch } from "./journal";
import type { Answers, CellValue, Change, Conflict, Document, Row, Value } from "./types";

/** Conflicts as the server told them, with the row that somebody else removed. */
export function openConflicts(
  told: readonly Conflict[],
  before: Answers,
  now: Answers,
): OpenConflict[] {
  return told.map((conflict) => {
    const path = pathOf(conflict.change);
    const row = path.length === 3 ? valueAt(before, path.slice(0, 2)) : undefined;
    const gone = path.length === 3 && valueAt(now, path.slice(0, 2)) === undefined;
    return { ...conflict, id: uuid(), ...(gone && row ? { row: row as Row } : {}) };
  });
}

/**
 * Conflicts of a batch whose first answer was lost on the way.
 *
 * The retry of a batch that was taken says nothing of them, so the document is compared: where it
 * holds another value than the one sent, the person is asked.
 */
export function missedConflicts(
  batch: SealedBatch,
  told: readonly Conflict[],
  document: Document,
  waiting: readonly SealedBatch[],
): Conflict[] {
  const known = new Set([
    ...told.map((conflict) => key(pathOf(conflict.change))),
    ...waiting.flatMap((other) => other.changes.map((change) => key(pathOf(change)))),
  ]);
  const last = new Map<string, Change>();
  for (const change of batch.changes) {
    if (change.op === "remove_row") {
      // Cells written before their row was removed are not missed.
      for (const path of [...last.keys()]) {
        if (path.startsWith(`${key(change.path)}/`)) last.delete(path);
      }
    } else if (change.op === "set") last.set(key(change.path), change);
    else if (change.op === "clear") last.delete(key(change.path));
  }
  return [...last]
    .filter(([path]) => !known.has(path))
    .flatMap(([, change]) => {
      if (change.op !== "set") return [];
      const theirs = valueAt(document.answers, change.path) ?? null;
      if (same(theirs, change.value)) return [];
      return [{ change, theirs: theirs as Value, theirs_at: document.updated_at ?? null }];
    });
}

/** The changes that bring "mine" back, and the conflicts that they settle. */
export function wayBack(
  conflict: OpenConflict,
  all: readonly OpenConflict[],
  now: Answers,
): { changes: Change[]; resolved: string[] } {
  const { row, change } = conflict;
  if (!row) return { changes: [change], resolved: [conflict.id] };
  const path = pathOf(change).slice(0, 2);
  const together = all.filter((other) => other.row?.id === row.id);
  const table = path[0] as string;
  const mended = together.reduce((answers, other) => applyChange(answers, other.change), {
    [table]: [row],
  } as Answers);
  const { id: _, ...value } = rowsOf(mended, table)[0] as Row;
  return {
    changes: [
      {
        op: "add_row",
        path,
        after: rowsOf(now, table).at(-1)?.id ?? null,
        value: value as Record<string, CellValue>,
      },
    ],
    resolved: together.map((other) => other.id),
  };
}

/** Typing on in a field that waits for a choice changes "yours", and sends nothing. */
export function typedOn(conflicts: readonly OpenConflict[], change: Change): boolean {
  if (change.op !== "set" && change.op !== "clear") return false;
  const path = key(change.path);
  const conflict = conflicts.find((candidate) => key(pathOf(candidate.change)) === path);
  if (!conflict) return false;
  conflict.change = change;
  return true;
}

/** The conflicts about other places than this one's. */
export function elsewhere(
  conflicts: readonly OpenConflict[],
  conflict: OpenConflict,
): OpenConflict[] {
  const path = key(pathOf(conflict.change));
  return conflicts.filter((other) => key(pathOf(other.change)) !== path);
}

/** The conflicts that are left when the person takes what the other device wrote. */
export function givenUp(conflicts: readonly OpenConflict[], id: string): OpenConflict[] {
  const row = conflicts.find((candidate) => candidate.id === id)?.row?.id;
  return conflicts.filter(
    (other) => other.id !== id && (row === undefined || other.row?.id !== row),
  );
}
