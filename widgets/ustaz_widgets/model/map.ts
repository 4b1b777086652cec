/**
 * Where the rows of a table stand on its map. The server places them the same
 * (`workbook/kinds/map.py`); measures and forms stand in `shared/map.json`, and both are tested on
 * `tests/vectors/map.json`.
 */
import measures from "../../../shared/map.json";
import { graphemes, starts, trim } from "./graphemes";
import type { ChoiceField, Row, ScaleField, TableField } from "./types";

export const size = measures;
const MOST_STEPS = 5;

/** The cells of one step of the upright rating, from above. */
export interface Band {
  value: number;
  top: number;
  height: number;
}
/** A row as a mark: its number, where it stands, its form and its short name. */
export interface Mark {
  row: string;
  number: number;
  x: number;
  y: number;
  form: number;
  name: string;
  placed: boolean;
}
export interface Layout {
  columns: number[];
  cell: number;
  bands: Band[];
  marks: Mark[];
  /** Where the grid ends. */
  bottom: number;
  height: number;
}

const between = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at);
const lines = (here: number[]) => Math.max(1, Math.ceil(here.length / 2));

/** A name in at most `most` characters, the last one a sign that there is more. */
export function clipped(text: string, most: number): string {
  const line = trim(text).replace(/\s+/g, " ");
  if (graphemes(line) <= most) return line;
  return `${line.slice(0, starts(line)[most - 1]).trimEnd()}…`;
}

/** The column of a table that the map names under a key. */
export function mapColumn(table: TableField, key: "x" | "y" | "mark" | "name") {
  return table.columns.find(({ id }) => id === table.map?.[key]);
}

/**
 * A row in words: who it is, where they stand on the map, and how they stand to it.
 *
 * `seen` tells whether whoever reads it may see a column.
 */
export function lineOf(
  table: TableField,
  row: Row,
  seen: (column: string) => boolean,
  words: { lang: string; t: (message: string) => string },
): string {
  const { map } = table;
  if (!map) throw new Error("a table without a map");
  const [x, y] = [row[map.x], row[map.y]];
  const lower = (name: string) => name.toLocaleLowerCase(words.lang);
  const where =
    typeof x === "number" && typeof y === "number"
      ? `${lower(map.y_name)} ${y}, ${lower(map.x_name)} ${x}`
      : words.t("Not on the map yet");
  const options = (mapColumn(table, "mark") as ChoiceField | undefined)?.options ?? [];
  const stance = options.find(({ id }) => id === row[map.mark])?.label;
  const known = [seen(map.x) && seen(map.y) && where, seen(map.mark) && stance].filter(Boolean);
  const name = trim(String(row[map.name] ?? "")) ? String(row[map.name]) : "…";
  return known.length ? `${name}: ${known.join(", ")}` : name;
}

/** Rows of one cell stand side by side, two in a line; those without two numbers wait below. */
export function layout(table: TableField, rows: readonly Row[]): Layout {
  const { map } = table;
  if (!map) throw new Error("a table without a map");
  const [across, upright] = [mapColumn(table, "x"), mapColumn(table, "y")] as ScaleField[];
  if (!across || !upright) throw new Error("a map without its columns");
  const columns = between(across.from, across.to);
  const values = between(upright.from, upright.to).reverse();
  const cells = new Map<string, number[]>();
  const waiting: number[] = [];
  const cellAt = (x: unknown, y: unknown) => cells.get(`${x} ${y}`) ?? [];
  rows.forEach((row, at) => {
    const [x, y] = [row[map.x] as number, row[map.y] as number];
    if (!columns.includes(x) || !values.includes(y)) waiting.push(at);
    else cells.set(`${x} ${y}`, [...cellAt(x, y), at]);
  });
  const cell = (size.cell * MOST_STEPS) / columns.length;
  const places = new Map<number, [x: number, y: number, room: number]>();
  const bands: Band[] = [];
  let top = size.top;
  for (const value of values) {
    const strip = value === upright.from || value === upright.to ? size.strip : 0;
    const within = columns.map((x) => cellAt(x, value));
    const room = Math.max(size.row, Math.max(...within.map(lines)) * size.slot);
    within.forEach((here, column) => {
      const start = top + strip + (room - lines(here) * size.slot) / 2;
      here.forEach((row, at) => {
        const alone = at % 2 === 0 && at === here.length - 1;
        const quarters = alone ? 2 : 1 + (at % 2) * 2;
        places.set(row, [
          size.left + cell * column + (cell * quarters) / 4,
          start + Math.floor(at / 2) * size.slot + size.centre,
          alone ? size.one_name : size.name,
        ]);
      });
    });
    bands.push({ value, top, height: room + strip });
    top += room + strip;
  }
  const bottom = top;
  let height = bottom + size.foot;
  const [half, most] = [size.cell / 2, 2 * MOST_STEPS];
  waiting.forEach((row, at) => {
    const y = height + size.wait + Math.floor(at / most) * size.slot + size.centre;
    places.set(row, [size.left + half * ((at % most) + 0.5), y, size.name]);
  });
  if (waiting.length > 0) height += size.wait + Math.ceil(waiting.length / most) * size.slot;
  const options = (mapColumn(table, "mark") as ChoiceField | undefined)?.options ?? [];
  const marks = rows.map((row, at) => {
    const [x, y, room] = places.get(at) as [number, number, number];
    return {
      row: String(row.id || at + 1),
      number: at + 1,
      x,
      y,
      form: options.findIndex(({ id }) => id === row[map.mark]) + 1,
      name: clipped(String(row[map.name] ?? ""), room),
      placed: !waiting.includes(at),
    };
  });
  return { columns, cell, bands, marks, bottom, height };
}

/** The values of the cell at a point of the picture; null outside of the grid. */
export function cellAtPoint(
  plan: Layout,
  x: number,
  y: number,
): { x: number; y: number; left: number; band: Band } | null {
  const at = Math.floor((x - size.left) / plan.cell);
  const value = plan.columns[at];
  const band = plan.bands.find(({ top, height }) => y >= top && y < top + height);
  if (value === undefined || !band) return null;
  return { x: value, y: band.value, left: size.left + at * plan.cell, band };
}
