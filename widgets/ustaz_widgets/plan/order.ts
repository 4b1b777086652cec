/** Rows in their order: moving, dropping and naming new ones. Pure. */

export interface RowLike {
  id: string;
}

/** The ids with `id` at position `to` (clamped); unknown ids leave the order as it is. */
export function moved(ids: readonly string[], id: string, to: number): string[] {
  if (!ids.includes(id)) {
    return [...ids];
  }
  const rest = ids.filter((other) => other !== id);
  rest.splice(Math.min(Math.max(to, 0), rest.length), 0, id);
  return rest;
}

/** Which row a moved row has to follow so that it ends at position `to`. */
export function afterFor(ids: readonly string[], id: string, to: number): string | null {
  const order = moved(ids, id, to);
  return order[order.indexOf(id) - 1] ?? null;
}

/**
 * The rows in the order that is being tried out. Rows that arrived meanwhile (another device) go
 * to the end, rows that left are gone: a preview never hides or revives anything.
 */
export function arranged<R extends RowLike>(rows: readonly R[], ids: readonly string[]): R[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const known = ids.flatMap((id) => byId.get(id) ?? []);
  return [...known, ...rows.filter((row) => !ids.includes(row.id))];
}

export interface Extent {
  top: number;
  height: number;
}

/**
 * Where a dragged row would land: it takes a neighbour's place once its leading edge has passed the
 * neighbour's middle, so a tall card need not be dragged all the way across a short one.
 */
export function dropIndex(rows: readonly Extent[], dragged: number, delta: number): number {
  const own = rows[dragged];
  if (own === undefined) {
    return dragged;
  }
  const middle = (row: Extent) => row.top + row.height / 2;
  let index = dragged;
  if (delta > 0) {
    const edge = own.top + own.height + delta;
    while (index + 1 < rows.length && edge > middle(rows[index + 1] as Extent)) {
      index += 1;
    }
  } else if (delta < 0) {
    const edge = own.top + delta;
    while (index > 0 && edge < middle(rows[index - 1] as Extent)) {
      index -= 1;
    }
  }
  return index;
}
