import assert from "node:assert/strict";
import { test } from "node:test";
import { createI18n } from "../model/i18n";
import { numbered } from "../model/numbered";
import type { Field, Row, TableField } from "../model/types";
import { calledStep, datesText, overdueText, stepSentence, stepsOf } from "./model";
import { rolesOf } from "./roles";

const FIELD: TableField = {
  id: "steps",
  kind: "table",
  label: "Steps",
  row_name: "Step",
  columns: [
    { id: "action", kind: "text", label: "What" },
    { id: "start", kind: "date", label: "From" },
    { id: "due", kind: "date", label: "Until" },
    {
      id: "status",
      kind: "choice",
      label: "Status",
      options: [{ id: "doing", label: "going on" }],
    },
  ],
};
const i18n = createI18n("en");
const step = (row: Partial<Row>, today = "2026-11-23") => {
  const roles = rolesOf<Field>(FIELD.columns);
  const [made] = stepsOf(FIELD, [{ id: "r1", ...row } as Row], roles, today, i18n.t);
  assert.ok(made);
  return made;
};

test("a step knows its number, name and state", () => {
  const made = step({ action: " Ask ", status: "doing", due: "2026-11-20" });
  assert.equal(made.name, "Step 1");
  assert.equal(made.title, "Ask");
  assert.equal(made.tone, "doing");
  assert.equal(made.overdue, 3);
});

test("dates are told as far as they are known", () => {
  const start = "2026-11-03";
  const due = "2026-12-20";
  assert.equal(datesText(step({ start, due }), i18n), "3 November 2026 to 20 December 2026");
  assert.equal(datesText(step({ start }), i18n), "from 3 November 2026");
  assert.equal(datesText(step({ due }), i18n), "until 20 December 2026");
  assert.equal(datesText(step({}), i18n), "no dates yet");
});

test("being late is counted in days, and silence means in time", () => {
  assert.equal(overdueText(step({ due: "2026-11-22" }), i18n.n), "1 day past its date");
  assert.equal(overdueText(step({ due: "2026-11-20" }), i18n.n), "3 days past its date");
  assert.equal(overdueText(step({ due: "2026-11-23" }), i18n.n), "");
});

test("one sentence holds all that a bar shows", () => {
  const made = step({ action: "Ask", start: "2026-11-03", due: "2026-11-20", status: "doing" });
  assert.equal(
    stepSentence(made, i18n).replace(/[\u2068\u2069]/g, ""),
    "Step 1: Ask; 3 November 2026 to 20 November 2026; going on; 3 days past its date",
  );
});

test("a step without words is called by its number", () => {
  assert.equal(calledStep(step({ action: "  " })), "Step 1");
});

test("a long or wayward title cannot disturb the sentence around it", () => {
  const called = calledStep(step({ action: `\u202e${"ұ".repeat(200)}\nx` }));
  assert.ok(called.startsWith("\u2068[U+202E]") && called.endsWith("…\u2069"));
  assert.ok(called.length < 80 && !called.includes("\n"));
});

test("a row is called by its number as the language counts", () => {
  assert.equal(numbered("Шаг", 3, createI18n("ru").t), "Шаг 3");
  const kk = createI18n("kk", { "{row} {number}": "{number}‑{row}" });
  assert.equal(numbered("Қадам", 3, kk.t), "3‑қадам");
});
