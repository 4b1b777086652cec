/** The vectors that Python and TypeScript share. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { clockOf, groupsOf, minuteOf, offers, type Plan, timetable } from "./timetable";

interface Case {
  name: string;
  plan: Plan;
  rows: [string, string, string, number, number, number[]][];
  end: number;
  minutes: number;
  talk: number;
  share: number;
  talks_much: boolean;
  late: {
    current: string;
    now: string;
    spent: number;
    end: string;
    ways: [string, number, string][];
  }[];
}
const file = path.join(globalThis.USTAZ_ROOT, "tests/vectors/timetable.json");
const vectors = JSON.parse(readFileSync(file, "utf8")) as {
  plans: Case[];
  groups: [string, number, number[]][];
};

for (const known of vectors.plans) {
  test(`timetable: ${known.name}`, () => {
    const shown = timetable(known.plan);
    assert.deepEqual(
      shown.rows.map((row) => [
        row.block.id,
        clockOf(row.start),
        clockOf(row.end),
        row.gap,
        row.overrun,
        row.groups,
      ]),
      known.rows,
    );
    const { end, minutes, talk, share, talksMuch } = shown;
    assert.deepEqual(
      [end, minutes, talk, share, talksMuch],
      [known.end, known.minutes, known.talk, known.share, known.talks_much],
    );
    for (const { current, now, spent, end: ends, ways } of known.late) {
      const offered = offers(known.plan, current, minuteOf(now), spent);
      assert.equal(clockOf(offered.end), ends);
      assert.deepEqual(
        offered.ways.map((way) => [way.block.id, way.minutes, clockOf(way.end)]),
        ways,
      );
    }
  });
}

test("groups are those of Python for every number who come", () => {
  for (const [grouping, people, sizes] of vectors.groups) {
    assert.deepEqual(groupsOf(grouping, people), sizes, `${grouping} ${people}`);
  }
});
