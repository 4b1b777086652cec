/**
 * From dates to places on the timeline. Pure: days are whole numbers, places are fractions 0..1.
 *
 * The scale runs over whole months. It covers the project; steps outside the project widen it, but
 * only so far: a date under the fingers ("0002-11-03" on the way to 2026) must not squeeze a
 * year's plan into a hair. What lies further out is drawn at the edge with an arrow.
 */

/** A step's dates as they stand in the answers: anything at all until they are complete. */
export interface Dates {
  start?: unknown;
  due?: unknown;
}

export interface Month {
  /** First day of the month, ISO. */
  iso: string;
  year: number;
  month: number;
  left: number;
  width: number;
}

export interface Scale {
  first: number;
  /** The day after the last one. */
  end: number;
  months: Month[];
  /** Label every n-th month, so that labels have room. */
  every: number;
}

export interface Bar {
  left: number;
  width: number;
  /** The step begins before, or ends after, what the scale shows. */
  before: boolean;
  after: boolean;
  /** Only one of the two dates is known. */
  point: boolean;
  /** The due date lies before the start; the bar then marks the span between them. */
  reversed: boolean;
}

const DAY = 86_400_000;
const ISO = /^(\d{4})-(\d{2})-(\d{2})$/;
/** How far steps may widen the scale beyond the project, and how long it may get at all. */
const SLACK_MONTHS = 6;
const MAX_MONTHS = 48;

/** Days since 1970 of an ISO date that exists and lies in a year people plan in; else null. */
export function dayNumber(value: unknown): number | null {
  const match = typeof value === "string" ? ISO.exec(value) : null;
  if (match === null) {
    return null;
  }
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number];
  if (year < 1990 || year > 2199) {
    return null;
  }
  const time = new Date(Date.UTC(year, month - 1, day));
  return time.getUTCMonth() === month - 1 && time.getUTCDate() === day
    ? Math.round(time.getTime() / DAY)
    : null;
}

const monthIndex = (day: number): number => {
  const time = new Date(day * DAY);
  return time.getUTCFullYear() * 12 + time.getUTCMonth();
};

/** First day of a month counted from year 0. */
function monthStart(index: number): number {
  const time = new Date(0);
  time.setUTCFullYear(Math.floor(index / 12), index % 12, 1);
  return Math.round(time.getTime() / DAY);
}

/**
 * The scale for a plan, or null when no date at all is known.
 *
 * `project` is what the person wrote, `programme` the course's calendar; the first that is known
 * sets the frame. Steps widen it by at most six months on either side.
 */
export function scaleFor(
  steps: readonly Dates[],
  project: Dates,
  programme: Dates = {},
): Scale | null {
  const days = steps
    .flatMap((step) => [dayNumber(step.start), dayNumber(step.due)])
    .filter((day): day is number => day !== null)
    .sort((a, b) => a - b);
  let from = dayNumber(project.start) ?? dayNumber(programme.start);
  let to = dayNumber(project.due) ?? dayNumber(programme.due);
  const middle = days[Math.floor(days.length / 2)];
  if (from === null && to === null) {
    if (middle === undefined) {
      return null;
    }
    from = middle;
    to = middle;
  }
  from ??= Math.min(to as number, days[0] ?? (to as number));
  to ??= Math.max(from, days.at(-1) ?? from);
  if (from > to) {
    [from, to] = [to, from];
  }
  let firstMonth = monthIndex(from);
  let lastMonth = Math.min(monthIndex(to), firstMonth + MAX_MONTHS - 1);
  const lowest = firstMonth - SLACK_MONTHS;
  const highest = lastMonth + SLACK_MONTHS;
  for (const day of days) {
    const month = monthIndex(day);
    if (month >= lowest && month <= highest) {
      firstMonth = Math.min(firstMonth, month);
      lastMonth = Math.max(lastMonth, month);
    }
  }
  const first = monthStart(firstMonth);
  const end = monthStart(lastMonth + 1);
  const count = lastMonth - firstMonth + 1;
  const months = Array.from({ length: count }, (_, offset): Month => {
    const index = firstMonth + offset;
    const start = monthStart(index);
    return {
      iso: new Date(start * DAY).toISOString().slice(0, 10),
      year: Math.floor(index / 12),
      month: index % 12,
      left: (start - first) / (end - first),
      width: (monthStart(index + 1) - start) / (end - first),
    };
  });
  return { first, end, months, every: count <= 14 ? 1 : count <= 26 ? 2 : 3 };
}

/** Where a day stands on the scale, 0..1; null when it lies outside. */
export function place(scale: Scale, value: unknown): number | null {
  const day = dayNumber(value);
  if (day === null || day < scale.first || day >= scale.end) {
    return null;
  }
  return (day - scale.first) / (scale.end - scale.first);
}

/** A step's bar, or null when it has no dates yet. The due day is part of the bar. */
export function barFor(scale: Scale, step: Dates): Bar | null {
  const start = dayNumber(step.start);
  const due = dayNumber(step.due);
  if (start === null && due === null) {
    return null;
  }
  const a = (start ?? due) as number;
  const b = (due ?? start) as number;
  const low = Math.min(a, b);
  const high = Math.max(a, b) + 1;
  const clamp = (day: number) => Math.min(Math.max(day, scale.first), scale.end);
  // A step wholly outside keeps one day at the edge, so that it can still be seen and reached.
  const from = Math.min(clamp(low), scale.end - 1);
  const until = Math.max(clamp(high), scale.first + 1);
  const length = scale.end - scale.first;
  return {
    left: (from - scale.first) / length,
    width: (until - from) / length,
    before: low < scale.first,
    after: high > scale.end,
    point: start === null || due === null,
    reversed: b < a,
  };
}
