/**
 * A strip of weeks that shows on which days something was written. Screen readers get the same in a
 * sentence; days with an entry differ by form as well as by colour.
 */
import { shortDate } from "../../model/dates";
import type { Ctx } from "../types";

const DAY = 86_400_000;
const CELL = 8;
const MOST_WEEKS = 70;

const day = (iso: string) => Date.parse(`${iso.slice(0, 10)}T00:00:00Z`);
const isoOf = (time: number) => new Date(time).toISOString().slice(0, 10);
/** Monday is 0. */
const weekday = (time: number) => (new Date(time).getUTCDay() + 6) % 7;

export interface Week {
  /** Its Monday. */
  start: string;
  /** How many entries each of its days has. */
  days: number[];
}

/** The weeks from the first to the last day, with the entries of each day. */
export function weeksOf(days: readonly string[], from: string, to: string): Week[] {
  const counts = new Map<string, number>();
  for (const entry of days) counts.set(entry, (counts.get(entry) ?? 0) + 1);
  const first = day(from) - weekday(day(from)) * DAY;
  const weeks: Week[] = [];
  for (let start = first; start <= day(to) && weeks.length < MOST_WEEKS; start += 7 * DAY) {
    weeks.push({
      start: isoOf(start),
      days: Array.from({ length: 7 }, (_, at) => counts.get(isoOf(start + at * DAY)) ?? 0),
    });
  }
  return weeks;
}

export function Strip({ days, ctx }: { days: readonly unknown[]; ctx: Ctx }) {
  const known = days.filter((entry): entry is string => typeof entry === "string").sort();
  if (known.length === 0) return null;
  const { programme_start: start, programme_end: end, today } = ctx.context;
  const least = [known[0] as string, ...(start ? [start] : [])].sort()[0] as string;
  const last = [known.at(-1) as string, end ?? today].sort().at(-1) as string;
  const weeks = weeksOf(known, least, last);
  const different = new Set(known).size;
  return (
    <div class="uz-strip">
      <p>
        {ctx.n("{count} day with an entry", "{count} days with an entry", different)}
        {", "}
        {ctx.t("the last on {day}", { day: ctx.date(known.at(-1) as string) })}
      </p>
      <svg
        viewBox={`0 0 ${weeks.length * CELL} ${7 * CELL + 14}`}
        style={{ maxWidth: `${weeks.length * CELL * 1.6}px` }}
        aria-hidden="true"
        focusable="false"
      >
        {weeks.map((week, at) => (
          <g key={week.start} transform={`translate(${at * CELL} 0)`}>
            {week.days.map((count, row) =>
              count > 0 ? (
                <rect
                  class="uz-strip-on"
                  key={row}
                  x="0.5"
                  y={row * CELL + 0.5}
                  width="7"
                  height="7"
                />
              ) : (
                <circle class="uz-strip-off" key={row} cx="4" cy={row * CELL + 4} r="1" />
              ),
            )}
            {week.start.slice(8) <= "07" && (
              <text x="0" y={7 * CELL + 11}>
                {shortDate(week.start, ctx.lang).replace(/^\d+\s/, "")}
              </text>
            )}
          </g>
        ))}
      </svg>
    </div>
  );
}
