/**
 * How far a meeting is, and what each press makes of it. Pure: a moment is in milliseconds, and no
 * state is ever changed in place, so that a press can be taken back.
 */
import { type Block, minuteOf, type Offer, offers, type Plan, timetable } from "./timetable";

export interface Run {
  /** Grows with each press, over all devices: the higher one counts. */
  step: number;
  device: string;
  began: string;
  block: string;
  since: string;
  stopped: string;
  spent: Record<string, number>;
  minutes: Record<string, number>;
  people: number;
  ended: string;
}

export interface View {
  plan: Plan;
  current: Block;
  /** Seconds that the block has run, and that are left of it (below 0: over). */
  spent: number;
  left: number;
  end: number;
  /** Minutes later than it was planned. */
  late: number;
  ways: Offer[];
  next: Block | null;
}

const stamp = (now: number) => new Date(Math.floor(now / 1000) * 1000).toISOString();

/** Which of two counts, as `later_of` in `ustaz.sessions.run`. */
export function laterOf(known: Run | null, other: Run | null): Run | null {
  if (!known || !other) return known ?? other;
  if (other.step !== known.step) return other.step > known.step ? other : known;
  return other.device >= known.device ? other : known;
}

export function begun(
  plan: Plan,
  device: string,
  now: number,
  before: Run | null,
  people: number,
): Run {
  return {
    step: (before?.step ?? 0) + 1,
    device,
    began: stamp(now),
    block: plan.blocks[0]?.id ?? "",
    since: stamp(now),
    stopped: "",
    spent: {},
    minutes: {},
    people,
    ended: "",
  };
}

/** The plan as it stands while it runs. */
export function applied(plan: Plan, run: Run): Plan {
  const blocks = plan.blocks.map((block) => ({
    ...block,
    minutes: run.minutes[block.id] ?? block.minutes,
  }));
  return { ...plan, blocks, people: run.people || plan.people };
}

export function secondsOf(run: Run, now: number): number {
  const until = run.stopped ? Date.parse(run.stopped) : now;
  return Math.min(86_400, Math.max(0, Math.floor((until - Date.parse(run.since)) / 1000)));
}

/** The block that comes, and not one that was left out. */
function following(plan: Plan, run: Run): Block | null {
  const place = plan.blocks.findIndex((block) => block.id === run.block);
  return plan.blocks.slice(place + 1).find((block) => run.minutes[block.id] !== 0) ?? null;
}

/** Minutes since midnight where the course is. */
export function minuteAt(now: number, zone: string): number {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  return minuteOf(format.format(now));
}

export function view(planned: Plan, run: Run, now: number, zone: string): View {
  const plan = applied(planned, run);
  const spent = secondsOf(run, now);
  // A block that the plan has lost meanwhile: the meeting goes on with the first one that is left.
  const current = plan.blocks.find((block) => block.id === run.block) ?? (plan.blocks[0] as Block);
  const { end, ways } = offers(plan, current.id, minuteAt(now, zone), Math.floor(spent / 60));
  return {
    plan,
    current,
    spent,
    left: current.minutes * 60 - spent,
    end,
    late: end - timetable(planned).end,
    ways,
    next: following(plan, run),
  };
}

const press = (run: Run, device: string, change: Partial<Run>): Run => ({
  ...run,
  ...change,
  step: run.step + 1,
  device,
});

function leave(run: Run, now: number): Record<string, number> {
  return {
    ...run.spent,
    [run.block]: Math.min(86_400, (run.spent[run.block] ?? 0) + secondsOf(run, now)),
  };
}

/** Go to the block that comes; after the last one the meeting is over. */
export function next(plan: Plan, run: Run, device: string, now: number): Run {
  const block = following(plan, run);
  if (!block) return ended(run, device, now);
  return press(run, device, {
    spent: leave(run, now),
    block: block.id,
    since: stamp(now),
    stopped: "",
  });
}

export function ended(run: Run, device: string, now: number): Run {
  return press(run, device, { spent: leave(run, now), block: "", stopped: "", ended: stamp(now) });
}

/** Let a block take other minutes; 0 leaves it out. */
export function taking(run: Run, device: string, block: string, minutes: number): Run {
  return press(run, device, {
    minutes: { ...run.minutes, [block]: Math.min(240, Math.max(0, minutes)) },
  });
}

export function stopped(run: Run, device: string, now: number): Run {
  return press(run, device, { stopped: stamp(now) });
}

export function goingOn(run: Run, device: string, now: number): Run {
  const pause = now - Date.parse(run.stopped);
  return press(run, device, { stopped: "", since: stamp(Date.parse(run.since) + pause) });
}

export function withPeople(run: Run, device: string, people: number): Run {
  return press(run, device, { people: Math.min(40, Math.max(1, people)) });
}

/** Take the last press back: what stood before counts again, as one more step. */
export function takenBack(before: Run, run: Run, device: string): Run {
  return { ...before, step: run.step + 1, device };
}
