import assert from "node:assert/strict";
import { test } from "node:test";
import { same } from "../core/changes";
import type { Answers, Definition, Field } from "../core/types";
import { carried } from "./carried";

const text = (id: string, more: object = {}) => ({ id, kind: "text", label: id, ...more }) as Field;
const book = (id: string, sections: object[]) => ({ id, sections }) as unknown as Definition;
const PLAN = book("plan", [
  {
    id: "aim",
    fields: [
      text("title"),
      text("secret", { audiences: ["self"] }),
      { id: "focus", kind: "reference", label: "Focus", to: "focus/sentence" } as Field,
    ],
  },
  { id: "people", embed: "people/map" },
]);
const DEFINITIONS = {
  plan: PLAN,
  focus: book("focus", [{ id: "all", fields: [text("sentence"), text("concern")] }]),
  people: book("people", [
    { id: "map", fields: [text("contacts")] },
    { id: "rest", fields: [text("notes")] },
  ]),
};
const ANSWERS: Record<string, Answers> = {
  plan: { title: "Жұппен", secret: "mine" },
  focus: { sentence: "a", concern: "b" },
  people: { contacts: "Ә.Қ.", notes: "c" },
};
const of = (workbook: string, changed: Answers = {}) =>
  carried(PLAN, DEFINITIONS, (one) => ({ ...ANSWERS[one], ...(one === workbook ? changed : {}) }));

test("a change of anything that is sent is a change since the submission", () => {
  assert.ok(!same(of(""), of("plan", { title: "Жұппен сөйлесеміз" })));
  assert.ok(!same(of(""), of("focus", { sentence: "another" })));
  assert.ok(!same(of(""), of("people", { contacts: "А.Н." })));
});

test("what is private, or is not shown here, is no change", () => {
  assert.ok(same(of(""), of("plan", { secret: "still mine" })));
  assert.ok(same(of(""), of("focus", { concern: "another" })));
  assert.ok(same(of(""), of("people", { notes: "another" })));
  assert.ok(same(of(""), of("plan", { title: "Жұппен" })));
});
