import assert from "node:assert/strict";
import { test } from "node:test";
import { applyChanges, rowsOf } from "../model/changes";
import type { Field, Row } from "../model/types";
import { rolesOf } from "./roles";
import { addRows, cellsOf, copyOf, putBack, removeRow } from "./row-actions";

const COLUMNS: Field[] = [
  { id: "action", kind: "text", label: "What" },
  { id: "strand", kind: "choice", label: "Kind", options: [] },
  { id: "status", kind: "choice", label: "Status", options: [] },
  {
    id: "done_on",
    kind: "date",
    label: "Done on",
    shown_when: { field: "status", is: ["done"] },
  },
  {
    id: "why",
    kind: "text",
    label: "Why",
    required_when: { field: "status", is: ["dropped"] },
  },
];
const ROWS: Row[] = [
  { id: "r1", action: "Ask", strand: "consult", status: "done", done_on: "2026-11-01", why: "x" },
  { id: "r2", action: "Try" },
  { id: "r3", action: "Look back" },
];
const PATH = ["steps"];
const after = (changes: Parameters<typeof applyChanges>[1], rows = ROWS) =>
  rowsOf(applyChanges({ steps: rows }, changes), "steps");

test("several rows are added one below the other, each with an id of its own", () => {
  const { ids, changes } = addRows(PATH, [{ strand: "a" }, { strand: "b" }], "r1");
  assert.equal(new Set(ids).size, 2);
  assert.deepEqual(
    after(changes).map((row) => row.strand ?? row.id),
    ["consult", "a", "b", "r2", "r3"],
  );
});

test("rows of an empty plan begin at the top", () => {
  const { changes } = addRows(PATH, [{ strand: "a" }], null);
  assert.deepEqual(
    after(changes, []).map((row) => row.strand),
    ["a"],
  );
});

test("a removed row comes back to its place with all its cells", () => {
  const removed = { row: ROWS[1] as Row, after: "r1", name: "" };
  const changes = [removeRow(PATH, "r2"), putBack(PATH, removed)];
  assert.deepEqual(after(changes), ROWS);
});

test("a row whose neighbour has gone meanwhile comes back at the end", () => {
  const removed = { row: ROWS[1] as Row, after: "r1", name: "" };
  const changes = [removeRow(PATH, "r2"), removeRow(PATH, "r1"), putBack(PATH, removed)];
  assert.deepEqual(
    after(changes).map((row) => row.id),
    ["r3", "r2"],
  );
});

test("a copy leaves behind what was done", () => {
  assert.deepEqual(copyOf(ROWS[0] as Row, COLUMNS, rolesOf<Field>(COLUMNS)), {
    action: "Ask",
    strand: "consult",
  });
});

test("cells are a row without its id", () => {
  assert.deepEqual(cellsOf(ROWS[1] as Row), { action: "Try" });
});
