/** What a submission carries, by the vectors that Python's own digest is tested on. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { same } from "./changes";
import { submissionContent } from "./submission-content";
import type { Answers, Definition } from "./types";

interface Vectors {
  workbook: string;
  definitions: Record<string, Definition>;
  before: Record<string, Answers>;
  cases: { name: string; after: Record<string, Answers>; same: boolean }[];
}
const file = path.join(globalThis.USTAZ_ROOT, "tests/vectors/submission_content.json");
const vectors = JSON.parse(readFileSync(file, "utf8")) as Vectors;

function content(answers: Record<string, Answers>) {
  const definition = vectors.definitions[vectors.workbook] as Definition;
  return submissionContent(definition, vectors.definitions, (workbook) => answers[workbook]);
}

for (const { name, after, same: expected } of vectors.cases) {
  test(`submission content: ${name}`, () => {
    assert.equal(same(content(vectors.before), content(after)), expected);
  });
}

test("answers that are not there yet are nothing", () => {
  assert.ok(same(content({}), content({ letter: {}, circle: {} })));
});
