/** What the page says of private questions, by the vectors that the server's list is tested on. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { render } from "preact";
import { dom } from "../dev/testing";
import type { Ctx } from "../form/types";
import { createI18n } from "../model/i18n";
import type { Definition } from "../model/types";
import { Privacy } from "./privacy";

interface Case {
  name: string;
  closed: NonNullable<Definition["closed"]>;
  page: string[];
}
const file = path.join(globalThis.USTAZ_ROOT, "tests/vectors/private_questions.json");
const { cases } = JSON.parse(readFileSync(file, "utf8")) as { cases: Case[] };

function sentences(definition: Partial<Definition>): string[] {
  const body = dom();
  render(<Privacy ctx={{ ...createI18n("en"), definition } as Ctx} />, body);
  return [...body.querySelectorAll("p, li")].map((line) => line.textContent ?? "");
}

for (const { name, closed, page } of cases) {
  test(`private questions: ${name}`, () => {
    assert.deepEqual(sentences({ closed }), page);
  });
}

test("where the host did not say what is closed, nothing is claimed", () => {
  assert.deepEqual(sentences({}), []);
});
