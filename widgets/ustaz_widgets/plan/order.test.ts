import assert from "node:assert/strict";
import { test } from "node:test";
import { afterFor, arranged, dropIndex, moved } from "./order";

const ids = ["a", "b", "c", "d"];

test("a row moves down, up and to both ends", () => {
  assert.deepEqual(moved(ids, "b", 2), ["a", "c", "b", "d"]);
  assert.deepEqual(moved(ids, "d", 0), ["d", "a", "b", "c"]);
  assert.deepEqual(moved(ids, "a", 99), ["b", "c", "d", "a"]);
  assert.deepEqual(moved(ids, "a", -3), ids);
  assert.deepEqual(moved(ids, "nobody", 1), ids);
});

test("what a moved row follows is worked out without the row itself", () => {
  assert.equal(afterFor(ids, "b", 2), "c");
  assert.equal(afterFor(ids, "d", 0), null);
  assert.equal(afterFor(ids, "b", 1), "a");
});

test("a preview of an order neither hides new rows nor revives removed ones", () => {
  const now = [{ id: "a" }, { id: "c" }, { id: "new" }];
  assert.deepEqual(
    arranged(now, ["c", "b", "a"]).map((row) => row.id),
    ["c", "a", "new"],
  );
});

const cards = [
  { top: 0, height: 100 },
  { top: 100, height: 300 },
  { top: 400, height: 100 },
];

test("a dragged card takes a place once its edge has passed the neighbour's middle", () => {
  assert.equal(dropIndex(cards, 0, 0), 0);
  assert.equal(dropIndex(cards, 0, 149), 0);
  assert.equal(dropIndex(cards, 0, 151), 1);
  assert.equal(dropIndex(cards, 0, 1000), 2);
  assert.equal(dropIndex(cards, 2, -149), 2);
  assert.equal(dropIndex(cards, 2, -151), 1);
  assert.equal(dropIndex(cards, 2, -1000), 0);
});
