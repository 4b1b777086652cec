import assert from "node:assert/strict";
import { test } from "node:test";
import { coverage, daysOverdue, presets, progress, SIGNS, toneOf } from "./status";

test("no status yet means not started", () => {
  assert.equal(toneOf(undefined), "not_started");
  assert.equal(toneOf(""), "not_started");
});

test("a status this component has no name for is simply open", () => {
  assert.equal(toneOf("waiting_for_director"), "open");
});

test("every tone has a sign of its own, so that colour is never needed", () => {
  const signs = Object.values(SIGNS);
  assert.equal(new Set(signs).size, signs.length);
});

test("the due day itself is in time, the day after is not", () => {
  assert.equal(daysOverdue("2026-11-23", "doing", "2026-11-23"), 0);
  assert.equal(daysOverdue("2026-11-23", "doing", "2026-11-24"), 1);
  assert.equal(daysOverdue("2026-10-31", "not_started", "2026-11-23"), 23);
});

test("a settled step is never overdue", () => {
  for (const tone of ["done", "changed", "dropped"] as const) {
    assert.equal(daysOverdue("2020-01-01", tone, "2026-11-23"), 0);
  }
});

test("without a due date, or without a status column, nothing is overdue", () => {
  assert.equal(daysOverdue("", "doing", "2026-11-23"), 0);
  assert.equal(daysOverdue("2026-01-01", "not_started", "2026-11-23", false), 0);
});

test("dropped steps leave the count, they do not hold it back", () => {
  const steps = [
    { tone: "done" as const, overdue: 0 },
    { tone: "dropped" as const, overdue: 0 },
    { tone: "doing" as const, overdue: 4 },
  ];
  assert.deepEqual(progress(steps), { of: 2, done: 1, overdue: [2] });
});

const RULE = { all: ["consult", "try_out", "review"], any: ["share", "embed"] };

test("coverage names what is there and what is missing, in the rule's order", () => {
  assert.deepEqual(coverage(RULE, ["review", "observe", undefined]), {
    all: [
      { option: "consult", covered: false },
      { option: "try_out", covered: false },
      { option: "review", covered: true },
    ],
    any: ["share", "embed"],
    anyCovered: false,
    complete: false,
  });
});

test("one of the either-or kinds is enough", () => {
  assert.equal(coverage(RULE, ["consult", "try_out", "review", "embed"]).complete, true);
});

test("a first draft starts with one step of each kind that is asked for", () => {
  assert.deepEqual(presets(RULE), ["consult", "try_out", "review", "share"]);
  assert.deepEqual(presets(null), []);
});
