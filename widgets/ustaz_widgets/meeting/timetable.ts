/**
 * What follows from a plan: clock times, groups for the number who come, talk, and time to find.
 * `ustaz.sessions.timetable` in Python is the same; both are held by `tests/vectors/timetable.json`.
 */

export interface Block {
  id: string;
  title: string;
  kind: string;
  minutes: number;
  grouping: string;
  talk: number;
  intro: number;
  lock: string;
  shorten: number;
  drop: boolean;
}

export interface Plan {
  start: string;
  people: number;
  blocks: Block[];
}

/** One block on the clock, in minutes since midnight; `gap` and `overrun` of one that holds its time. */
export interface Row {
  block: Block;
  start: number;
  end: number;
  gap: number;
  overrun: number;
  groups: number[];
}

export interface Timetable {
  rows: Row[];
  end: number;
  minutes: number;
  talk: number;
  share: number;
  talksMuch: boolean;
}

/** A way to find time: a block, the minutes it takes then (0: left out), and the new end. */
export interface Offer {
  block: Block;
  minutes: number;
  end: number;
}

const TALK_SHARE = 0.25;

export function minuteOf(clock: string): number {
  const [hours, minutes] = clock.split(":");
  return Number(hours) * 60 + Number(minutes);
}

const two = (value: number) => String(value).padStart(2, "0");

export function clockOf(minute: number): string {
  return `${two(Math.floor(minute / 60) % 24)}:${two(minute % 60)}`;
}

const times = (count: number, size: number) => new Array<number>(Math.max(0, count)).fill(size);

export function groupsOf(grouping: string, people: number): number[] {
  if (people < 1) return [];
  if (grouping === "alone") return times(people, 1);
  if (grouping === "pairs" && people > 1) {
    return [...times(Math.floor(people / 2) - 1, 2), 2 + (people % 2)];
  }
  if (grouping === "threes" && people > 3) {
    if (people === 5) return [3, 2];
    const fours = people % 3;
    return [...times((people - 4 * fours) / 3, 3), ...times(fours, 4)];
  }
  if (grouping === "small" && people > 5) {
    const count = Math.ceil(people / 4);
    const small = Math.floor(people / count);
    const larger = people % count;
    return [...times(count - larger, small), ...times(larger, small + 1)];
  }
  return [people];
}

/** As Python rounds: a half goes to the even number. */
function rounded(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest === 0.5) return floor % 2 === 0 ? floor : floor + 1;
  return Math.round(value);
}

export function timetable(plan: Plan): Timetable {
  const rows: Row[] = [];
  let clock = minuteOf(plan.start);
  for (const block of plan.blocks) {
    const start = block.lock ? minuteOf(block.lock) : clock;
    const end = start + block.minutes;
    rows.push({
      block,
      start,
      end,
      gap: Math.max(0, start - clock),
      overrun: Math.max(0, clock - start),
      groups: block.kind === "activity" ? groupsOf(block.grouping, plan.people) : [],
    });
    clock = end;
  }
  const minutes = plan.blocks.reduce((sum, block) => sum + block.minutes, 0);
  const talk = plan.blocks.reduce(
    (sum, block) => sum + Math.min(block.minutes, Math.max(block.talk, block.intro)),
    0,
  );
  const share = minutes ? rounded((100 * talk) / minutes) : 0;
  return { rows, end: clock, minutes, talk, share, talksMuch: talk > TALK_SHARE * minutes };
}

/** When a meeting that runs would end, and what was marked as a way to end earlier. */
export function offers(
  plan: Plan,
  current: string,
  now: number,
  spent = 0,
): { end: number; ways: Offer[] } {
  const place = plan.blocks.findIndex((block) => block.id === current);
  const running = plan.blocks[place] as Block;
  const rest = { ...running, minutes: Math.max(0, running.minutes - spent), lock: "" };
  const ahead = [rest, ...plan.blocks.slice(place + 1)];
  const endWith = (id = "", minutes = 0) => {
    let clock = now;
    for (const block of ahead) {
      // Nobody is sent to tea before the clock says so, and nobody can be late and in time.
      if (block.lock) clock = Math.max(clock, minuteOf(block.lock));
      clock += block.id === id ? minutes : block.minutes;
    }
    return clock;
  };
  const ways: Offer[] = [];
  for (const block of ahead.slice(1)) {
    if (block.shorten > 0 && block.shorten < block.minutes) {
      ways.push({ block, minutes: block.shorten, end: endWith(block.id, block.shorten) });
    }
    if ((block.drop || block.kind === "buffer") && block.minutes > 0) {
      ways.push({ block, minutes: 0, end: endWith(block.id, 0) });
    }
  }
  return { end: endWith(), ways };
}
