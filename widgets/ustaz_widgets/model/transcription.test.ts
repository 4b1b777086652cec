import assert from "node:assert/strict";
import { test } from "node:test";
import type { PageData } from "./page-data";
import { isClosed, isTypist, open, pathOfPlace, rowsIn, untouched } from "./transcription";
import type { Change, Field, Mark } from "./types";

const mark = (place: string, confirmed_at: string | null = null): Mark => ({
  place,
  by: "dina-f",
  by_name: "Dina F.",
  revision: 1,
  at: null,
  confirmed_at,
});
const MARKS = ["title", "aim", "steps/row001/action", "steps/row001/state", "steps#order"].map(
  (place) => mark(place),
);
const left = (...changes: Change[]) => untouched(MARKS, changes)?.map((one) => one.place);
const without = (...places: string[]) =>
  MARKS.map((one) => one.place).filter((place) => !places.includes(place));

test("an owner's change takes the mark from its place and from no other", () => {
  assert.deepEqual(left({ op: "set", path: ["title"], value: "a" }), without("title"));
  assert.deepEqual(left({ op: "clear", path: ["aim"] }), without("aim"));
  const cell = ["steps", "row001", "action"];
  assert.deepEqual(left({ op: "set", path: cell, value: "a" }), without("steps/row001/action"));
  const row = ["steps", "row001"];
  assert.deepEqual(left({ op: "move_row", path: row, after: null }), without("steps#order"));
  assert.deepEqual(
    left({ op: "remove_row", path: row }),
    without("steps/row001/action", "steps/row001/state"),
  );
  assert.deepEqual(
    left({ op: "add_row", path: row, after: null, value: { state: "a" } }),
    without("steps/row001/state"),
  );
  assert.deepEqual(left({ op: "status", value: "ready" }, { op: "lang", value: "kk" }), without());
  assert.equal(untouched(undefined, []), undefined);
});

test("what was confirmed does not wait", () => {
  assert.deepEqual(open([mark("a", "2026-11-12T10:00:00+05:00"), mark("b")]), [mark("b")]);
  assert.deepEqual(open(undefined), []);
});

test("rows with something to read are named once each", () => {
  assert.deepEqual(rowsIn(MARKS, "steps"), ["row001"]);
  assert.deepEqual(rowsIn([mark("steps/row001/action", "2026-11-12T10:00:00+05:00")], "steps"), []);
  assert.deepEqual(rowsIn(undefined, "steps"), []);
});

test("only a page that writes in another person's workbook types in", () => {
  const page = (more: Partial<PageData>) =>
    isTypist({ api: "", workbook: "w", lang: "en", ...more });
  assert.equal(page({ about: "olga-p", writer: "dina-f", mode: "edit" }), true);
  assert.equal(page({ about: "olga-p", mode: "read" }), false);
  assert.equal(page({ about: null, writer: "olga-p", mode: "edit" }), false);
  assert.equal(page({}), false);
});

test("a place leads to a path, and a field without the facilitator is closed", () => {
  assert.deepEqual(pathOfPlace("steps#order"), ["steps"]);
  assert.deepEqual(pathOfPlace("steps/row001/action"), ["steps", "row001", "action"]);
  assert.equal(isClosed({ audiences: ["self"] } as Field), true);
  assert.equal(isClosed({ audiences: ["self", "facilitator"] } as Field), false);
  assert.equal(isClosed({} as Field), false);
});
