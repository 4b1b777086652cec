/**
 * The timeline, in two shapes from the same parts: a strip above the cards, and one track in every
 * row of the wide table. Both show months, today, the project's beginning and end, and a bar for
 * each step with dates. A bar is a button that leads to its row; its name says all that it shows,
 * so the list of bars is the text alternative as well.
 */
import type { ComponentChildren } from "preact";
import { shortMonth } from "../core/dates";
import type { I18n } from "../core/types";
import { type Bar, barFor, dayNumber, place, type Scale } from "./layout";
import { type Step, stepSentence } from "./model";
import { SIGNS, type Tone } from "./status";

const percent = (fraction: number): string => `${(fraction * 100).toFixed(3)}%`;

export interface ChartProps {
  scale: Scale;
  steps: readonly Step[];
  today: string;
  /** The project's own dates, marked on the scale when known. */
  frame: { start?: unknown; due?: unknown };
  i18n: I18n;
  /** The bar that Tab reaches; arrow keys lead to the others. */
  active: string | null;
  onActive: (id: string) => void;
  onJump: (id: string) => void;
}

/** Names of the months, and of the year where it begins. */
export function Axis({ scale, i18n }: { scale: Scale; i18n: I18n }) {
  const count = Math.ceil(scale.months.length / scale.every);
  const size = count <= 4 ? "few" : count <= 8 ? "some" : "many";
  return (
    <div class="uz-plan-axis-room" aria-hidden="true">
      <div class="uz-plan-axis" data-months={size}>
        {scale.months.map((month, index) =>
          index % scale.every === 0 ? (
            <span
              key={month.iso}
              class="uz-plan-axis-month"
              data-spare={(index / scale.every) % 2 === 1 ? "" : undefined}
              style={{ left: percent(month.left), width: percent(month.width * scale.every) }}
            >
              {shortMonth(month.iso, i18n.lang)}
              {index === 0 || month.month < scale.every ? (
                <span class="uz-plan-axis-year">{month.year}</span>
              ) : null}
            </span>
          ) : null,
        )}
      </div>
    </div>
  );
}

/** Month lines as one background picture, so that fifteen rows need no hundred elements. */
export function gridLines(scale: Scale): string {
  return scale.months
    .slice(1)
    .map(
      (month) =>
        `linear-gradient(var(--uz-plan-line), var(--uz-plan-line)) ${percent(month.left)} 0 / 1px 100% no-repeat`,
    )
    .join(", ");
}

/** Today, and where the project begins and ends. */
export function Marks({ scale, today, frame }: Pick<ChartProps, "scale" | "today" | "frame">) {
  const now = place(scale, today);
  const start = place(scale, frame.start);
  const end = place(scale, frame.due);
  const day = 1 / (scale.end - scale.first);
  return (
    <span class="uz-plan-marks" aria-hidden="true">
      {start === null ? null : <span class="uz-plan-mark-edge" style={{ left: percent(start) }} />}
      {end === null ? null : (
        <span class="uz-plan-mark-edge" style={{ left: percent(end + day) }} />
      )}
      {now === null ? null : <span class="uz-plan-mark-today" style={{ left: percent(now) }} />}
    </span>
  );
}

function arrows(bar: Bar): string {
  return `${bar.before ? "←" : ""}${bar.after ? "→" : ""}`;
}

interface BarProps extends Omit<ChartProps, "steps" | "frame" | "onActive"> {
  step: Step;
  onKey?: (event: KeyboardEvent) => void;
}

/** One step's bar, and the stretch from its due date to today when it is late. */
export function StepBar({ scale, step, today, i18n, active, onJump, onKey }: BarProps) {
  const bar = barFor(scale, step);
  if (bar === null) {
    return null;
  }
  const sentence = stepSentence(step, i18n);
  const right = bar.left + bar.width;
  const now = step.overdue > 0 ? (place(scale, today) ?? 1) : right;
  return (
    <>
      {now > right ? (
        <span
          class="uz-plan-bar-late"
          aria-hidden="true"
          style={{ left: percent(right), width: percent(now - right) }}
        />
      ) : null}
      <button
        type="button"
        class="uz-plan-bar"
        data-bar={step.id}
        data-tone={step.tone}
        data-late={step.overdue > 0 ? "" : undefined}
        data-end={right > 0.9 ? "" : undefined}
        style={{ left: percent(bar.left), width: percent(bar.width) }}
        aria-label={sentence}
        title={sentence}
        tabIndex={active === step.id ? 0 : -1}
        onClick={() => onJump(step.id)}
        {...(onKey ? { onKeyDown: onKey } : {})}
      >
        <span class="uz-plan-bar-sign" aria-hidden="true">
          {step.overdue > 0 ? "!" : SIGNS[step.tone]}
          {arrows(bar)}
        </span>
      </button>
    </>
  );
}

/** Arrow keys among the bars of one chart, Home and End to its edges. */
export function barKeys(event: KeyboardEvent, onActive: (id: string) => void): void {
  const button = event.currentTarget as HTMLElement;
  const bars = [
    ...(button.closest("[data-chart]")?.querySelectorAll<HTMLElement>(".uz-plan-bar") ?? []),
  ];
  const at = bars.indexOf(button);
  const to = {
    ArrowDown: at + 1,
    ArrowRight: at + 1,
    ArrowUp: at - 1,
    ArrowLeft: at - 1,
    Home: 0,
    End: bars.length - 1,
  }[event.key];
  const next = to === undefined ? undefined : bars[Math.min(Math.max(to, 0), bars.length - 1)];
  if (next === undefined) {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
  onActive(next.dataset.bar as string);
  next.focus();
}

/** The strip above the cards. */
export function Strip(props: ChartProps) {
  const { steps, scale, i18n, onActive } = props;
  const dated = steps.filter((step) => barFor(scale, step) !== null);
  return (
    <div class="uz-plan-strip" data-chart="">
      <div class="uz-plan-strip-head">
        <Axis scale={scale} i18n={i18n} />
      </div>
      <div class="uz-plan-strip-body">
        <div class="uz-plan-strip-marks" aria-hidden="true">
          <Marks {...props} />
        </div>
        <ol class="uz-plan-strip-rows">
          {dated.map((step) => (
            <li key={step.id} class="uz-plan-strip-row">
              <span class="uz-plan-strip-no" aria-hidden="true">
                <span class="uz-no">{step.number}</span>
                <bdi class="uz-plan-strip-title">{step.title}</bdi>
              </span>
              <span class="uz-plan-track">
                <StepBar {...props} step={step} onKey={(event) => barKeys(event, onActive)} />
              </span>
            </li>
          ))}
        </ol>
      </div>
    </div>
  );
}

/** What the patterns mean: only what occurs, in the words of the definition. */
export function Legend({ steps, i18n }: { steps: readonly Step[]; i18n: I18n }) {
  const { t } = i18n;
  const used = new Map<Tone, string>();
  for (const step of steps) {
    if (step.status !== null && !used.has(step.tone)) {
      used.set(step.tone, step.status.label);
    }
  }
  const late = steps.some((step) => step.overdue > 0);
  return (
    <ul class="uz-plan-legend" aria-label={t("What the signs mean")}>
      {[...used].map(([tone, label]) => (
        <Sign key={tone} tone={tone} sign={SIGNS[tone]}>
          {label}
        </Sign>
      ))}
      {late ? (
        <Sign tone="late" sign="!">
          {t("past its date")}
        </Sign>
      ) : null}
      <li>
        <span class="uz-plan-legend-today" aria-hidden="true" /> {t("today")}
      </li>
      <li>
        <span class="uz-plan-legend-edge" aria-hidden="true" /> {t("start and end of the project")}
      </li>
    </ul>
  );
}

function Sign({
  tone,
  sign,
  children,
}: {
  tone: string;
  sign: string;
  children: ComponentChildren;
}) {
  const late = tone === "late";
  return (
    <li>
      <span
        class="uz-plan-bar uz-plan-bar-sample"
        data-tone={late ? "not_started" : tone}
        data-late={late ? "" : undefined}
        aria-hidden="true"
      >
        <span class="uz-plan-bar-sign">{sign}</span>
      </span>{" "}
      {children}
    </li>
  );
}

/** "9 November 2026 to 20 May 2027 · Today: 23 November 2026" */
export function Caption({ scale, today, frame, i18n }: Omit<ChartProps, "steps">) {
  const { t, date } = i18n;
  const iso = (day: number) => new Date(day * 86_400_000).toISOString().slice(0, 10);
  const from = dayNumber(frame.start) ?? scale.first;
  const until = dayNumber(frame.due) ?? scale.end - 1;
  return (
    <p class="uz-plan-strip-caption">
      {t("{start} to {end}", { start: date(iso(from)), end: date(iso(until)) })}
      {" · "}
      {t("Today: {date}", { date: date(today) })}
    </p>
  );
}

/** Steps without any date, each a way to the row. */
export function Undated({
  steps,
  i18n,
  onJump,
}: {
  steps: readonly Step[];
  i18n: I18n;
  onJump: ((id: string) => void) | null;
}) {
  if (steps.length === 0) {
    return null;
  }
  return (
    <p class="uz-plan-undated">
      <span>{i18n.t("No dates yet:")}</span>
      {steps.map((step) => {
        const words = (
          <>
            {step.name}
            {step.title === "" ? null : <bdi class="uz-plan-undated-title">{step.title}</bdi>}
          </>
        );
        return onJump === null ? (
          <span key={step.id} class="uz-plan-undated-step">
            {words}
          </span>
        ) : (
          <button key={step.id} type="button" class="uz-link" onClick={() => onJump(step.id)}>
            {words}
          </button>
        );
      })}
    </p>
  );
}
