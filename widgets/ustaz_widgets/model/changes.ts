/**
 * Changes applied to answers, as the server will apply them (tests/vectors/changes.json).
 *
 * Everything is copied on write, so that an unchanged field keeps its identity. A change that
 * does not fit any more (its row was removed) changes nothing: the server is asked, not guessed.
 */
import type { Answers, CellValue, Change, Path, Row, RowId, Value } from "./types";

export function rowsOf(answers: Answers, table: string): Row[] {
  const rows = answers[table];
  return Array.isArray(rows) ? (rows as Row[]) : [];
}

/** The value at a path; a path of two is a whole row. */
export function valueAt(answers: Answers, path: Path): Value | Row | undefined {
  const [field = "", rowId, column] = path;
  if (rowId === undefined) return answers[field];
  const row = rowsOf(answers, field).find((candidate) => candidate.id === rowId);
  return column === undefined ? row : row?.[column];
}

/** Where a row stands: the row before it, or null for the first. */
export function rowBefore(rows: readonly Row[], id: RowId): RowId | null {
  const at = rows.findIndex((row) => row.id === id);
  return at > 0 ? (rows[at - 1]?.id ?? null) : null;
}

function insert(rows: readonly Row[], row: Row, after: RowId | null): Row[] {
  const at = after === null ? 0 : rows.findIndex((other) => other.id === after) + 1;
  // After a row that is gone: the end is the least surprising place.
  const index = after === null || at > 0 ? at : rows.length;
  return [...rows.slice(0, index), row, ...rows.slice(index)];
}

function withCell(answers: Answers, path: Path, value: CellValue | undefined): Answers {
  const [table = "", rowId = "", column = ""] = path;
  const rows = rowsOf(answers, table);
  if (!rows.some((row) => row.id === rowId)) return answers;
  const next = rows.map((row) => {
    if (row.id !== rowId) return row;
    const { [column]: _, ...rest } = row;
    return (value === undefined ? rest : { ...row, [column]: value }) as Row;
  });
  return { ...answers, [table]: next };
}

/** Answers after one change. `status` and `lang` concern the document and leave answers alone. */
export function applyChange(answers: Answers, change: Change): Answers {
  if (change.op === "status" || change.op === "lang") return answers;
  const [field = "", rowId = ""] = change.path;
  switch (change.op) {
    case "set":
      if (change.path.length === 1) return { ...answers, [field]: composed(change.value) };
      return withCell(answers, change.path, composed(change.value) as CellValue);
    case "clear": {
      if (change.path.length > 1) return withCell(answers, change.path, undefined);
      const { [field]: _, ...rest } = answers;
      return rest;
    }
    case "add_row": {
      const rows = rowsOf(answers, field);
      const cells = composed(change.value ?? {});
      if (rows.some((row) => row.id === rowId)) {
        const next = rows.map((row) => (row.id === rowId ? { ...row, ...cells, id: rowId } : row));
        return { ...answers, [field]: next };
      }
      return { ...answers, [field]: insert(rows, { ...cells, id: rowId }, change.after) };
    }
    case "remove_row": {
      const rows = rowsOf(answers, field);
      const rest = rows.filter((row) => row.id !== rowId);
      return rest.length === rows.length ? answers : { ...answers, [field]: rest };
    }
    case "move_row": {
      const rows = rowsOf(answers, field);
      const row = rows.find((candidate) => candidate.id === rowId);
      if (!row || change.after === rowId) return answers;
      const rest = rows.filter((candidate) => candidate !== row);
      return { ...answers, [field]: insert(rest, row, change.after) };
    }
  }
}

export function applyChanges(answers: Answers, changes: readonly Change[]): Answers {
  return changes.reduce(applyChange, answers);
}

/** Text as it is kept: composed (NFC), so that equal texts are equal bytes. */
export function composed<T>(value: T): T {
  if (typeof value === "string") return value.normalize("NFC") as T;
  if (Array.isArray(value)) return value.map(composed) as T;
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, composed(inner)]),
    ) as T;
  }
  return value;
}

// Halves of a character, and NUL: neither can be written to a file or shown.
const HALVES = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

function whole<T>(value: T): T {
  if (typeof value === "string") {
    return value.replaceAll("\0", "").replace(HALVES, "\ufffd") as T;
  }
  if (Array.isArray(value)) return value.map(whole) as T;
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, whole(inner)]),
    ) as T;
  }
  return value;
}

/** The change with its text as the server keeps it. */
export function sendable(change: Change): Change {
  return "value" in change
    ? ({ ...change, value: composed(whole(change.value)) } as Change)
    : change;
}

export function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(composed(a))) === JSON.stringify(sorted(composed(b)));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value ?? null;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}

export function key(path: Path): string {
  return path.join("/");
}

export function pathOf(change: Change): Path {
  return change.op === "status" || change.op === "lang" ? [`#${change.op}`] : change.path;
}

const structural = (change: Change) =>
  change.op === "add_row" || change.op === "remove_row" || change.op === "move_row";

/** Is one path the other, or inside it? */
export function overlaps(a: Path, b: Path): boolean {
  const short = Math.min(a.length, b.length);
  for (let at = 0; at < short; at += 1) if (a[at] !== b[at]) return false;
  return true;
}

/** May these changes be sent in either order? */
export function independent(first: readonly Change[], second: readonly Change[]): boolean {
  return first.every((a) =>
    second.every((b) => {
      const [tableA, tableB] = [pathOf(a)[0], pathOf(b)[0]];
      if (structural(a) || structural(b)) return tableA !== tableB;
      return !overlaps(pathOf(a), pathOf(b));
    }),
  );
}

/** Add a change to a list that waits to be sent; a later value replaces an earlier one. */
export function coalesce(waiting: readonly Change[], change: Change): Change[] {
  if (structural(change)) return [...waiting, change];
  const path = key(pathOf(change));
  for (let at = waiting.length - 1; at >= 0; at -= 1) {
    const earlier = waiting[at] as Change;
    if (structural(earlier)) break;
    if (key(pathOf(earlier)) === path)
      return [...waiting.slice(0, at), ...waiting.slice(at + 1), change];
  }
  return [...waiting, change];
}

/** The changes that take `change` back, given the answers before it. */
export function inverse(answers: Answers, change: Change): Change[] {
  if (change.op === "status" || change.op === "lang") return [];
  const { path } = change;
  const [table = "", rowId = ""] = path;
  const rows = rowsOf(answers, table);
  switch (change.op) {
    case "set":
    case "clear": {
      const old = valueAt(answers, path) as Value | undefined;
      return [old === undefined ? { op: "clear", path } : { op: "set", path, value: old }];
    }
    case "add_row":
      return rows.some((row) => row.id === rowId) ? [] : [{ op: "remove_row", path }];
    case "remove_row": {
      const row = rows.find((candidate) => candidate.id === rowId);
      if (!row) return [];
      const { id: _, ...value } = row;
      return [
        {
          op: "add_row",
          path,
          after: rowBefore(rows, rowId),
          value: value as Record<string, CellValue>,
        },
      ];
    }
    case "move_row":
      return rows.some((row) => row.id === rowId)
        ? [{ op: "move_row", path, after: rowBefore(rows, rowId) }]
        : [];
  }
}

/** A new row id: `[a-z0-9]{10}`, starting with a letter. */
export function newRowId(): RowId {
  const bytes = crypto.getRandomValues(new Uint8Array(9));
  return `r${[...bytes].map((byte) => (byte % 36).toString(36)).join("")}`;
}

/** A version 4 UUID; `crypto.randomUUID` exists only on secure origins. */
export function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
