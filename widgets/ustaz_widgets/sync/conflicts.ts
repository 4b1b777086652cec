/** What was written elsewhere meanwhile: both values are kept, and the person is asked. */
import { applyChange, key, overlaps, pathOf, rowsOf, same, uuid, valueAt } from "../model/changes";
import type {
  Answers,
  CellValue,
  Change,
  Conflict,
  Document,
  Path,
  Row,
  Value,
} from "../model/types";
import { folded } from "./failing";
import type { OpenConflict, SealedBatch } from "./journal";

/** Conflicts as the server told them, with the row that somebody else removed. */
export function openConflicts(
  told: readonly Conflict[],
  before: Answers,
  now: Answers,
): OpenConflict[] {
  return told.map((conflict) => {
    const path = pathOf(conflict.change);
    const gone = path.length === 3 && valueAt(now, path.slice(0, 2)) === undefined;
    return { ...conflict, id: uuid(), ...(gone ? { row: rowOr(before, path) } : {}) };
  });
}

/** The row of a cell; when nobody knows it any more, one that has only its id. */
function rowOr(answers: Answers, path: Path): Row {
  return (valueAt(answers, path.slice(0, 2)) as Row | undefined) ?? { id: path[1] as string };
}

/**
 * Conflicts after another document came: what is shown as the other text is what stands now, since
 * that is what the person chooses against. Where both have come to the same, nothing is asked.
 */
export function renewed(
  conflicts: readonly OpenConflict[],
  before: Answers,
  document: Document,
): OpenConflict[] {
  const { answers } = document;
  return conflicts.flatMap((conflict) => {
    const { change, row, ...rest } = conflict;
    if (change.op === "status" || change.op === "lang" || change.op === "move_row") {
      return [conflict];
    }
    const { path } = change;
    const now = valueAt(answers, path);
    if (change.op === "remove_row" && now === undefined) return [];
    const mine = change.op === "set" ? change.value : undefined;
    if (change.op !== "remove_row" && change.op !== "add_row" && now === mine) return [];
    if (change.op === "set" && now !== undefined && same(now, mine)) return [];
    const gone = path.length === 3 && valueAt(answers, path.slice(0, 2)) === undefined;
    const theirs = (now ?? null) as Conflict["theirs"];
    const theirs_at = same(theirs, rest.theirs) ? rest.theirs_at : document.updated_at;
    return [
      {
        ...rest,
        change,
        theirs,
        theirs_at: theirs_at ?? null,
        ...(gone ? { row: row ?? rowOr(before, path) } : {}),
      },
    ];
  });
}

/** The words that are given up when the person takes the other text: they go into the history. */
export function givenWords(
  conflict: OpenConflict,
  all: readonly OpenConflict[],
  now: Answers,
): Change[] {
  return wayBack(conflict, all, now).changes.flatMap((change): Change[] => {
    if (change.op === "add_row") return [change];
    if (change.op !== "set" || same(change.value, "") || same(change.value, [])) return [];
    const [table = "", row, column] = change.path;
    if (row === undefined || column === undefined) return [change];
    // As a row, which holds them also when the row itself goes meanwhile.
    const value = { [column]: change.value as CellValue };
    return [{ op: "add_row", path: [table, row], after: null, value }];
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
  // Somebody has brought the row back, or the person has begun it anew: only the cell is missing.
  const back = valueAt(now, pathOf(change).slice(0, 2)) !== undefined;
  if (!row || back) return { changes: [change], resolved: [conflict.id] };
  const path = pathOf(change).slice(0, 2);
  const together = all.filter(
    (other) => other.row?.id === row.id && pathOf(other.change)[0] === path[0],
  );
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

/** Is what is written part of "yours" in a question: the same place, or a cell of the same row? */
export function isPartOf({ change: mine }: OpenConflict, change: Change): boolean {
  if (change.op !== "set" && change.op !== "clear") return false;
  const whole = mine.op === "add_row" && overlaps(mine.path, change.path);
  return whole || key(pathOf(mine)) === key(change.path);
}

/** Typing on in a field that waits for a choice changes "yours", and sends nothing. */
export function typedOn(conflicts: readonly OpenConflict[], change: Change): boolean {
  const conflict = conflicts.find((candidate) => isPartOf(candidate, change));
  if (!conflict) return false;
  conflict.change = folded(conflict.change, change);
  return true;
}

/** The conflicts that are left when rows are removed here: what waits in them goes with them. */
export function withoutRows(
  conflicts: readonly OpenConflict[],
  changes: readonly Change[],
): OpenConflict[] {
  const rows = changes.flatMap((change) => (change.op === "remove_row" ? [change.path] : []));
  return conflicts.filter(
    ({ change }) => !rows.some((row) => overlaps(row, pathOf(change)) && pathOf(change).length > 1),
  );
}

/** The conflicts with a new one, in the place of what was asked about the same place before. */
export function withNew(
  conflicts: readonly OpenConflict[],
  conflict: OpenConflict,
): OpenConflict[] {
  const row = conflicts.find(
    (other) => other.change.op === "add_row" && isPartOf(other, conflict.change),
  );
  if (row) {
    row.change = folded(row.change, conflict.change);
    return [...conflicts];
  }
  // Where a row stands is another question than what stands in it.
  const place = ({ change }: OpenConflict) =>
    key([...pathOf(change), ...(change.op === "move_row" ? ["#order"] : [])]);
  const rest = conflicts.filter((other) => place(other) !== place(conflict));
  const cells = rest.filter((other) => isPartOf(conflict, other.change));
  for (const { change } of cells) conflict.change = folded(change, conflict.change);
  return [...rest.filter((other) => !cells.includes(other)), conflict];
}

/** The conflicts that are left when the person takes what the other device wrote. */
export function givenUp(conflicts: readonly OpenConflict[], id: string): OpenConflict[] {
  const conflict = conflicts.find((candidate) => candidate.id === id);
  const row = conflict?.row && key(pathOf(conflict.change).slice(0, 2));
  return conflicts.filter(
    (other) =>
      other.id !== id &&
      (row === undefined || !other.row || key(pathOf(other.change).slice(0, 2)) !== row),
  );
}
