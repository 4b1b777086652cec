import assert from "node:assert/strict";
import { test } from "node:test";
import { textsIn, withText } from "./texts";

const VALUES: [unknown, string[]][] = [
  ["Жұппен", ["Жұппен"]],
  [
    ["one", "two"],
    ["one", "two"],
  ],
  [{ trust: { now: 3, why: "a reason" }, time: { why: "another" } }, ["a reason", "another"]],
  [[{ id: "r1", text: "cell" }], ["r1", "cell"]],
  [null, []],
  [7, []],
  [undefined, []],
];

test("texts are found in answers of every form", () => {
  for (const [value, texts] of VALUES) {
    assert.deepEqual(
      textsIn(value).map(({ text }) => text),
      texts,
    );
  }
});

test("one text changes, and nothing beside it", () => {
  for (const [value] of VALUES) {
    for (const { trail, text } of textsIn(value)) {
      const before = JSON.stringify(value);
      const changed = withText(value, trail, "other");
      assert.equal(JSON.stringify(value), before);
      assert.deepEqual(withText(changed, trail, text), value);
    }
  }
});
