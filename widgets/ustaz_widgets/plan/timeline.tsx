/**
 * The timeline, in two shapes from the same parts: a strip above the cards, and one track in every
 * row of the wide table. Both show months, today, the project's beginning and end, and a bar for
 * each step with dates. A bar is a button that leads to its row; its name says all that it shows,
 * so the list of bars is the text alternative as well.
 */
import { shortMonth } from "../model/dates";
import type { I18n } from "../model/types";
import { type Bar, barFor, place, type Scale } from "./layout";
import { type Step, stepSentence } from "./model";
import { SIGNS } from "./status";

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
        // Its name as well: with a label beside it, the same sentence would be heard twice.
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
