import assert from "node:assert/strict";
import { test } from "node:test";
import { type ColumnLike, coverRule, leadColumns, rolesOf } from "./roles";

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
  { id: "what_happened", kind: "text", shown_when: { field: "status", is: ["changed"] } },
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
  assert.deepEqual(ids(roles.details), ["resources", "evidence_expected"]);
  assert.deepEqual(ids(roles.conditional), ["done_on", "what_happened"]);
});

test("the short part of a row keeps the definition's order", () => {
  assert.deepEqual(ids(leadColumns(STEPS, rolesOf(STEPS))), [
    "action",
    "strand",
    "who",
    "start",
    "due",
    "status",
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
  assert.deepEqual(ids(leadColumns(trips, roles)), ["place", "when", "state"]);
});

test("every column stands in exactly one part of the row", () => {
  const roles = rolesOf(STEPS);
  const all = [...leadColumns(STEPS, roles), ...roles.details, ...roles.conditional];
  assert.deepEqual(ids(all).sort(), ids(STEPS).sort());
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
