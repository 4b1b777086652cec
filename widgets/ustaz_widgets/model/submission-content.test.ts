/** What is sent, by the vectors that Python's own digest of a round is tested on. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { same } from "./changes";
import { carried } from "./submission-content";
import type { Answers, Definition } from "./types";

interface Vectors {
  workbook: string;
  definitions: Record<string, Definition>;
  before: Record<string, Answers>;
  cases: { name: string; after: Record<string, Answers>; same: boolean }[];
}
const file = path.join(globalThis.USTAZ_ROOT, "tests/vectors/submission_content.json");
const vectors = JSON.parse(readFileSync(file, "utf8")) as Vectors;

function sent(known: Record<string, Answers>) {
  const own = vectors.definitions[vectors.workbook] as Definition;
  return carried(own, vectors.definitions, (one) => known[one]);
}

for (const one of vectors.cases) {
  test(`sent: ${one.name}`, () => {
    assert.equal(same(sent(vectors.before), sent(one.after)), one.same);
  });
}

test("answers that are not there yet are nothing", () => {
  assert.ok(same(sent({}), sent({ letter: {}, circle: {} })));
});
