/** The vectors that Python and TypeScript share. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { applyChanges } from "./changes";
import { evaluate } from "./evaluate";
import { graphemes, starts, trim } from "./graphemes";
import { type Field, parsedNumber, rulesOf } from "./kinds";
import { languageByLetters } from "./letters";
import { layout, lineOf } from "./map";
import { numberText } from "./numbers";
import type { Answers, Change, Definition, Row, RuleContext, TableField } from "./types";

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

// Syllables of several letters, which no script of the course has.
const SYLLABLES = /[\u0900-\u0fff\u1000-\u11ff\u1780-\u17ff]/;
test("a browser without Intl.Segmenter counts the same", () => {
  for (const { text, count } of read("graphemes.json") as { text: string; count: number }[]) {
    if (SYLLABLES.test(text)) continue;
    assert.equal(starts(trim(text), null).length, count, JSON.stringify(text));
  }
});

test("the language of a name is told as Python tells it", () => {
  for (const { text, lang, found } of read("letters.json")) {
    assert.equal(languageByLetters(text, lang) ?? "", found, `${text} ${lang}`);
  }
});

test("a number is written as Python writes it", () => {
  for (const [value, lang, text] of read("numbers.json").shown) {
    assert.equal(numberText(value, lang), text, `${value} ${lang}`);
  }
});

test("what is typed is a number, or it is none: nothing is guessed", () => {
  for (const [typed, value, langs] of read("numbers.json").typed) {
    for (const lang of langs ?? ["kk", "ru", "en"]) {
      assert.equal(parsedNumber(typed, lang) ?? null, value, `${JSON.stringify(typed)} ${lang}`);
    }
  }
});

interface RuleCase {
  name: string;
  answers: Answers;
  context: RuleContext;
  expect: unknown;
}
for (const [folder, file] of ["rules", "workbooks"].flatMap((name) =>
  readdirSync(path.join(vectors, name)).map((entry) => [name, entry] as const),
)) {
  const { definition, cases } = read(folder, file) as {
    definition: Definition;
    cases: RuleCase[];
  };
  for (const one of cases) {
    test(`${folder}: ${file}: ${one.name}`, () => {
      assert.deepEqual(evaluate(definition, one.answers, one.context), one.expect);
    });
  }
}

interface Posted {
  field: Field;
  texts: string[];
  lang?: string;
  value?: unknown;
  none?: boolean;
}
test("texts of a control mean what they mean to Python", () => {
  for (const { field, texts, lang, value, none } of read("posted.json") as Posted[]) {
    const found = rulesOf(field).posted(field, texts, lang ?? "en");
    assert.deepEqual(found, none ? undefined : value, JSON.stringify({ field, texts }));
  }
});

interface Places {
  tables: Record<string, TableField>;
  cases: { name: string; table: string; rows: Row[]; expect: unknown }[];
  lines: { name: string; row: Row; hidden: string[]; line: string }[];
}
const places = read("map.json") as Places;
for (const { name, table, rows, expect } of places.cases) {
  test(`map: ${name}`, () => {
    assert.deepEqual(layout(places.tables[table] as TableField, rows), expect);
  });
}
for (const { name, row, hidden, line } of places.lines) {
  test(`map: a row in words: ${name}`, () => {
    const table = places.tables.named as TableField;
    const words = { lang: "kk", t: (message: string) => message };
    assert.equal(
      lineOf(table, row, (column) => !hidden.includes(column), words),
      line,
    );
  });
}
