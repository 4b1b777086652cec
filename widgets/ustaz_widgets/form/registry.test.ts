import assert from "node:assert/strict";
import { test } from "node:test";
import { registerTable, tableComponent } from "./registry";

test("a table component is found by the name in the definition", () => {
  const component = () => null;
  registerTable("plan-for-test", component);
  assert.equal(tableComponent("plan-for-test"), component);
});

test("an unknown or absent name falls back to nothing, so that cards are used", () => {
  assert.equal(tableComponent("never-registered"), undefined);
  assert.equal(tableComponent(null), undefined);
});
