import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import {
  begun,
  ended,
  goingOn,
  laterOf,
  next,
  secondsOf,
  stopped,
  takenBack,
  taking,
  view,
  withPeople,
} from "./run";
import { clockOf, type Plan } from "./timetable";

const file = path.join(globalThis.USTAZ_ROOT, "tests/vectors/timetable.json");
const plan = JSON.parse(readFileSync(file, "utf8")).plans[0].plan as Plan;
const ZONE = "Asia/Almaty";
const at = (clock: string) => Date.parse(`2026-11-25T${clock}:00+05:00`);
const start = () => begun(plan, "d1", at("15:05"), null, 9);

test("a meeting that begins five minutes late ends five minutes late", () => {
  const shown = view(plan, start(), at("15:05"), ZONE);
  assert.equal(clockOf(shown.end), "17:05");
  assert.equal(shown.late, 5);
  assert.deepEqual([shown.left, shown.next?.id], [600, "b2"]);
});

test("a block that runs over moves the end with every minute, and what was marked finds time", () => {
  const run = next(
    plan,
    next(plan, next(plan, start(), "d1", at("15:15")), "d1", at("15:40")),
    "d1",
    at("16:15"),
  );
  assert.equal(run.block, "b4");
  const shown = view(plan, run, at("16:55"), ZONE);
  assert.deepEqual([clockOf(shown.end), shown.late, shown.left], ["17:20", 20, -300]);
  const dropped = taking(run, "d1", "b5", 0);
  const after = view(plan, dropped, at("16:55"), ZONE);
  assert.equal(clockOf(after.end), "17:05");
  assert.equal(after.next?.id, "b6", "what is left out does not come");
  assert.deepEqual(
    after.ways.map((way) => way.block.id),
    ["b6"],
  );
});

test("minutes are those of the blocks, without what a stop took", () => {
  let run = stopped(start(), "d1", at("15:10"));
  assert.equal(secondsOf(run, at("15:20")), 300);
  run = goingOn(run, "d1", at("15:20"));
  assert.equal(secondsOf(run, at("15:22")), 420);
  run = next(plan, run, "d1", at("15:22"));
  run = ended(run, "d1", at("15:30"));
  assert.deepEqual(run.spent, { b1: 420, b2: 480 });
  assert.equal(run.block, "");
});

test("the last block ends the meeting", () => {
  let run = start();
  for (const _ of plan.blocks) run = next(plan, run, "d1", at("15:10"));
  assert.equal(run.ended, "2026-11-25T10:10:00.000Z");
});

test("a press is taken back as one more step, and of two devices the one with more steps counts", () => {
  const one = start();
  const two = next(plan, one, "d1", at("15:07"));
  const back = takenBack(one, two, "d1");
  assert.deepEqual([back.block, back.step], ["b1", 3]);
  assert.equal(laterOf(two, back), back);
  assert.equal(laterOf(back, two), back);
  const other = { ...two, device: "d2" };
  assert.equal(laterOf(two, other), other);
  assert.equal(laterOf(other, two), other);
  assert.equal(laterOf(null, two), two);
});

test("whoever comes or goes changes the groups and nothing else", () => {
  const run = withPeople(start(), "d1", 10);
  const { plan: shown } = view(plan, run, at("15:05"), ZONE);
  assert.equal(shown.people, 10);
  assert.equal(withPeople(run, "d1", 0).people, 1);
});
