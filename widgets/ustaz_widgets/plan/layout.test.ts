import assert from "node:assert/strict";
import { test } from "node:test";
import { barFor, dayNumber, place, type Scale, scaleFor } from "./layout";

const PROJECT = { start: "2026-11-09", due: "2027-05-20" };

function scale(...args: Parameters<typeof scaleFor>): Scale {
  const made = scaleFor(...args);
  assert.ok(made);
  return made;
}

test("a day number counts days, over leap days too", () => {
  assert.equal(dayNumber("1999-12-31"), (dayNumber("2000-01-01") as number) - 1);
  assert.equal(
    (dayNumber("2028-03-01") as number) - (dayNumber("2028-02-28") as number),
    2,
    "2028 has a 29 February",
  );
});

test("a date that does not exist, or is still being typed, is no date", () => {
  for (const value of ["2026-02-30", "0002-11-03", "0202-11-03", "2026-1-1", "", null, 7, "2026"]) {
    assert.equal(dayNumber(value), null, String(value));
  }
});

test("the scale runs over whole months of the project", () => {
  const made = scale([], PROJECT);
  assert.deepEqual(
    made.months.map((month) => month.iso),
    [
      "2026-11-01",
      "2026-12-01",
      "2027-01-01",
      "2027-02-01",
      "2027-03-01",
      "2027-04-01",
      "2027-05-01",
    ],
  );
  assert.equal(made.first, dayNumber("2026-11-01"));
  assert.equal(made.end, dayNumber("2027-06-01"));
});

test("the months fill the scale without gap or overlap", () => {
  const { months } = scale([], PROJECT);
  let edge = 0;
  for (const month of months) {
    assert.ok(Math.abs(month.left - edge) < 1e-9);
    edge = month.left + month.width;
  }
  assert.ok(Math.abs(edge - 1) < 1e-9);
});

test("without a project's dates the programme's calendar sets the frame", () => {
  const made = scale([], {}, { start: "2026-09-01", due: "2027-06-30" });
  assert.equal(made.months.length, 10);
});

test("without any frame the steps themselves set it", () => {
  const made = scale([{ start: "2026-11-03" }, { due: "2027-01-10" }], {});
  assert.deepEqual(
    made.months.map((month) => month.iso),
    ["2026-11-01", "2026-12-01", "2027-01-01"],
  );
});

test("with no date at all there is no scale", () => {
  assert.equal(scaleFor([{}, { start: "soon" }], {}), null);
});

test("a step a little outside the project widens the scale", () => {
  const made = scale([{ start: "2026-10-05", due: "2027-07-01" }], PROJECT);
  assert.equal(made.months[0]?.iso, "2026-10-01");
  assert.equal(made.months.at(-1)?.iso, "2027-07-01");
});

test("a slip of the finger in a year does not squeeze the plan", () => {
  const made = scale([{ start: "2062-11-09" }, { due: "1996-01-01" }], PROJECT);
  assert.equal(made.months.length, 7);
});

test("a project of many years is cut to what can be read", () => {
  assert.ok(scale([], { start: "2026-01-01", due: "2062-01-01" }).months.length <= 48);
});

test("start and end swapped still make a scale", () => {
  assert.equal(scale([], { start: PROJECT.due, due: PROJECT.start }).months.length, 7);
});

test("long projects label fewer months", () => {
  assert.equal(scale([], PROJECT).every, 1);
  assert.equal(scale([], { start: "2026-01-01", due: "2027-08-01" }).every, 2);
  assert.equal(scale([], { start: "2026-01-01", due: "2029-08-01" }).every, 3);
});

test("a bar covers its days, the due day included", () => {
  const made = scale([], { start: "2026-11-01", due: "2026-11-30" });
  const bar = barFor(made, { start: "2026-11-01", due: "2026-11-30" });
  assert.deepEqual(bar, {
    left: 0,
    width: 1,
    before: false,
    after: false,
    point: false,
    reversed: false,
  });
});

test("a step with one date is a point of one day", () => {
  const made = scale([], { start: "2026-11-01", due: "2026-11-30" });
  const bar = barFor(made, { due: "2026-11-16" });
  assert.ok(bar?.point);
  assert.ok(Math.abs(bar.left - 15 / 30) < 1e-9);
  assert.ok(Math.abs(bar.width - 1 / 30) < 1e-9);
});

test("a step without dates has no bar", () => {
  assert.equal(barFor(scale([], PROJECT), { start: "", due: "2026-13-01" }), null);
});

test("a step that ends before it starts is marked, and drawn between its dates", () => {
  const bar = barFor(scale([], PROJECT), { start: "2027-02-10", due: "2027-02-01" });
  assert.equal(bar?.reversed, true);
  assert.ok((bar?.width ?? 0) > 0);
});

test("a step outside the scale stays at its edge, with an arrow", () => {
  const made = scale([], PROJECT);
  const late = barFor(made, { start: "2062-01-01", due: "2062-02-01" });
  assert.equal(late?.after, true);
  assert.ok(late && late.left + late.width <= 1 + 1e-9 && late.width > 0);
  const early = barFor(made, { start: "1996-01-01", due: "2026-11-15" });
  assert.equal(early?.before, true);
  assert.equal(early?.left, 0);
});

test("no bar ever leaves the scale, whatever the dates", () => {
  const days = ["1990-01-01", "2026-10-31", "2026-11-01", "2027-05-31", "2027-06-01", "2199-12-31"];
  const made = scale([], PROJECT);
  for (const start of days) {
    for (const due of days) {
      const bar = barFor(made, { start, due });
      assert.ok(bar && bar.left >= 0 && bar.width > 0 && bar.left + bar.width <= 1 + 1e-9);
    }
  }
});

test("today has a place only inside the scale", () => {
  const made = scale([], PROJECT);
  assert.equal(place(made, "2026-11-01"), 0);
  assert.equal(place(made, "2026-10-31"), null);
  assert.equal(place(made, "2027-06-01"), null);
});
