/** What is noticed and how it is masked, by vectors; how well on whole corpora: tests/widgets/test_guard.py. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fold } from "./fold";
import { masked, notices } from "./guard";

interface Case {
  name: string;
  text: string;
  notices: [kind: string, text: string][];
  masked: string;
}
const file = path.join(globalThis.USTAZ_ROOT, "tests/vectors/guard/notices.json");
const { cases } = JSON.parse(readFileSync(file, "utf8")) as { cases: Case[] };
const words = { phone: "[phone]", email: "[e-mail]", identity: "[number]" };

for (const { name, text, notices: wanted, masked: result } of cases) {
  test(`guard: ${name}`, () => {
    const those = notices(text);
    const shown = those.map(({ kind, start, end }) => [kind, text.slice(start, end)]);
    assert.deepEqual(shown, wanted);
    assert.equal(masked(text, those, words), result);
  });
}

test("a name is one word in Cyrillic and in Latin letters", () => {
  for (const [cyrillic, latin] of [
    ["Айгерім", "Aigerim"],
    ["Жансая", "Zhansaya"],
    ["Бауыржан", "Bauyrzhan"],
    ["Ерлан", "Yerlan"],
    ["Қуаныш", "Kuanysh"],
    ["Семён", "Semyon"],
    ["Юлия", "Yulia"],
  ] as const) {
    assert.equal(fold(cyrillic), fold(latin), cyrillic);
  }
});

test("only some may be masked", () => {
  const text = "Ерлан Омаров, Асель Омарова";
  const [, second] = notices(text);
  assert.ok(second);
  assert.equal(masked(text, [second], words), "Ерлан Омаров, А.");
});
