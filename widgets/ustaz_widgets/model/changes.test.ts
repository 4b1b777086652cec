import assert from "node:assert/strict";
import { test } from "node:test";
import { back, UndoStack } from "../sync/undo";
import { applyChanges, coalesce, independent, newRowId, sendable, uuid } from "./changes";
import type { Answers, Change } from "./types";

const set = (path: string[], value: string): Change => ({ op: "set", path, value });
const ANSWERS: Answers = {
  title: "a",
  steps: [{ id: "row001", action: "x" }, { id: "row002" }, { id: "row003" }],
};

test("every change can be taken back", () => {
  const changes: Change[] = [
    set(["title"], "b"),
    set(["steps", "row002", "action"], "y"),
    { op: "move_row", path: ["steps", "row001"], after: "row003" },
    { op: "remove_row", path: ["steps", "row001"] },
    { op: "add_row", path: ["steps", "row009"], after: null, value: { action: "z" } },
    { op: "clear", path: ["title"] },
  ];
  const undo = back(ANSWERS, changes);
  assert.deepEqual(applyChanges(applyChanges(ANSWERS, changes), undo), ANSWERS);
});

test("typing into one field is one step of undo", () => {
  const stack = new UndoStack();
  stack.record({}, [set(["title"], "a")], "Title", 0);
  stack.record({ title: "a" }, [set(["title"], "ab")], "Title", 500);
  assert.equal(stack.past.length, 1);
  assert.deepEqual(stack.undo({ title: "ab" })?.changes, [{ op: "clear", path: ["title"] }]);
  assert.deepEqual(stack.redo({})?.changes, [set(["title"], "ab")]);
});

test("undo passes over what somebody else has removed meanwhile", () => {
  const stack = new UndoStack();
  stack.record({ title: "a" }, [set(["title"], "b")], "Title", 0);
  stack.record(ANSWERS, [{ op: "move_row", path: ["steps", "row003"], after: null }], "Step", 1);
  const without = { title: "b", steps: [{ id: "row001" }, { id: "row002" }] };
  assert.equal(stack.undo(without)?.label, "Title");
});

test("a later value replaces an earlier one that still waits, but not across row changes", () => {
  const remove: Change = { op: "remove_row", path: ["steps", "row001"] };
  assert.deepEqual(coalesce([set(["a"], "1"), set(["b"], "2")], set(["a"], "3")), [
    set(["b"], "2"),
    set(["a"], "3"),
  ]);
  assert.equal(coalesce([set(["a"], "1"), remove], set(["a"], "3")).length, 3);
});

test("only changes of different places may overtake each other", () => {
  const cell = set(["steps", "row001", "action"], "x");
  const remove: Change = { op: "remove_row", path: ["steps", "row002"] };
  assert.equal(independent([set(["a"], "1")], [set(["b"], "2")]), true);
  assert.equal(independent([set(["a"], "1")], [set(["a"], "2")]), false);
  assert.equal(independent([cell], [remove]), false);
  assert.equal(independent([set(["a"], "1")], [remove]), true);
});

test("what is sent can be written to a file: composed, whole characters, no NUL", () => {
  const change = sendable(set(["title"], "И\u0306\u0000 \ud83d👩"));
  assert.equal(change.op === "set" && change.value, "Й \ufffd👩");
});

test("ids have the shapes that the server takes", () => {
  assert.match(newRowId(), /^[a-z0-9]{10}$/);
  assert.match(uuid(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
