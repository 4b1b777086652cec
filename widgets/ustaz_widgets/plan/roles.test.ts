import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type ColumnLike,
  coverRule,
  detailColumns,
  frameFields,
  isAsked,
  isShown,
  leadColumns,
  rolesOf,
} from "./roles";

const STEPS: ColumnLike[] = [
  { id: "action", kind: "text" },
  { id: "strand", kind: "choice", options: [{ id: "consult", label: "Consult" }] },
  { id: "who", kind: "person" },
  { id: "start", kind: "date" },
  { id: "due", kind: "date" },
  { id: "resources", kind: "text" },
  { id: "evidence_expected", kind: "choices" },
  { id: "status", kind: "choice", options: [{ id: "done", label: "Done" }] },
  { id: "done_on", kind: "date", shown_when: { field: "status", is: ["done"] } },
  { id: "what_happened", kind: "text", required_when: { field: "status", is: ["changed"] } },
];
const ids = (columns: ColumnLike[]) => columns.map((column) => column.id);

test("the action plan's columns find their parts", () => {
  const roles = rolesOf(STEPS, "strand");
  assert.equal(roles.title.id, "action");
  assert.equal(roles.group?.id, "strand");
  assert.equal(roles.people?.id, "who");
  assert.equal(roles.start?.id, "start");
  assert.equal(roles.due?.id, "due");
  assert.equal(roles.status?.id, "status");
});

test("the short part of a row keeps the definition's order", () => {
  assert.deepEqual(ids(leadColumns(STEPS, rolesOf(STEPS), false)), [
    "action",
    "strand",
    "who",
    "start",
    "due",
    "status",
  ]);
});

test("people are chosen in the part that opens", () => {
  const lead = leadColumns(STEPS, rolesOf(STEPS), true);
  assert.equal(ids(lead).includes("who"), false);
  assert.deepEqual(ids(detailColumns(STEPS, lead)), [
    "who",
    "resources",
    "evidence_expected",
    "done_on",
    "what_happened",
  ]);
});

test("a plan with other column names works as well", () => {
  const trips: ColumnLike[] = [
    { id: "when", kind: "date" },
    { id: "place", kind: "text" },
    { id: "state", kind: "choice", options: [{ id: "done", label: "Been there" }] },
  ];
  const roles = rolesOf(trips);
  assert.equal(roles.title.id, "place");
  assert.equal(roles.start, null);
  assert.equal(roles.due?.id, "when");
  assert.equal(roles.status?.id, "state");
  assert.equal(roles.group, null);
  assert.deepEqual(ids(leadColumns(trips, roles, true)), ["place", "when", "state"]);
});

test("every column stands in exactly one part of the row", () => {
  const roles = rolesOf(STEPS);
  for (const editing of [true, false]) {
    const lead = leadColumns(STEPS, roles, editing);
    assert.deepEqual(ids([...lead, ...detailColumns(STEPS, lead)]).sort(), ids(STEPS).sort());
  }
});

test("a table without text or dates still gets a title", () => {
  assert.equal(rolesOf([{ id: "who", kind: "person" }]).title.id, "who");
});

test("the coverage rule is the one of this table", () => {
  const rules = [
    { id: "a", kind: "covers", column: "steps_before.strand", all: ["x"] },
    { id: "b", kind: "covers", column: "steps.strand", all: ["consult"] },
  ];
  assert.equal(coverRule(rules, "steps")?.id, "b");
  assert.equal(coverRule(rules, "people"), null);
});

const column = (id: string) => STEPS.find((one) => one.id === id) as ColumnLike;

const row = (cells: Record<string, string>) => ({ id: "r1", ...cells });

test("a column is asked for by the value of another one", () => {
  assert.equal(isAsked(column("done_on"), {}, row({ status: "done" })), true);
  assert.equal(isAsked(column("done_on"), {}, row({})), false);
  assert.equal(isAsked(column("what_happened"), {}, row({ status: "changed" })), true);
  assert.equal(isAsked(column("resources"), {}, row({ status: "changed" })), false);
});

test("a condition that no longer holds never hides what was written", () => {
  assert.equal(isShown(column("done_on"), {}, row({ status: "doing" })), false);
  assert.equal(
    isShown(column("done_on"), {}, row({ status: "doing", done_on: "2026-11-20" })),
    true,
  );
  assert.equal(isShown(column("what_happened"), {}, row({})), true);
});

test("the frame of the timeline is named by the rule over the table's dates", () => {
  const rules = [
    {
      id: "a",
      kind: "date_within",
      dates: ["start"],
      from: "programme.start",
      to: "programme.end",
    },
    { id: "b", kind: "date_within", dates: ["steps.due"], from: "programme.start", to: "end" },
    { id: "c", kind: "date_within", dates: ["steps.start", "steps.due"], from: "start", to: "end" },
  ];
  assert.deepEqual(frameFields(rules, "steps"), { from: "start", to: "end" });
  assert.equal(frameFields(rules, "trips"), null);
});
