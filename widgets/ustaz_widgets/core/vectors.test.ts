/** The vectors that Python and TypeScript share. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { applyChanges } from "./changes";
import { graphemes } from "./graphemes";
import { evaluate } from "./rules";
import type { Answers, Change, Definition, RuleContext } from "./types";

const vectors = path.join(globalThis.USTAZ_ROOT, "tests/vectors");
const read = (...name: string[]) => JSON.parse(readFileSync(path.join(vectors, ...name), "utf8"));

interface ChangeCase {
  name: string;
  answers: Answers;
  changes: Change[];
  result: Answers;
}
for (const one of read("changes.json").cases as ChangeCase[]) {
  test(`changes: ${one.name}`, () => {
    const before = JSON.stringify(one.answers);
    assert.deepEqual(applyChanges(one.answers, one.changes), one.result);
    assert.equal(JSON.stringify(one.answers), before, "the answers given are left alone");
  });
}

test("graphemes are counted as Python counts them", () => {
  for (const { text, count } of read("graphemes.json") as { text: string; count: number }[]) {
    assert.equal(graphemes(text), count, JSON.stringify(text));
  }
});

interface RuleCase {
  name: string;
  answers: Answers;
  context: RuleContext;
  expect: unknown;
}
for (const file of readdirSync(path.join(vectors, "rules"))) {
  const { definition, cases } = read("rules", file) as {
    definition: Definition;
    cases: RuleCase[];
  };
  for (const one of cases) {
    test(`rules: ${file}: ${one.name}`, () => {
      assert.deepEqual(evaluate(definition, one.answers, one.context), one.expect);
    });
  }
}
