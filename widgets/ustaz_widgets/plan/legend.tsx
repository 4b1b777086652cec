/** The timeline as a whole: what it covers, the strip, steps without dates, what the signs mean. */
import type { ComponentChildren } from "preact";
import type { I18n } from "../model/types";
import { Region } from "./grid";
import { dayNumber } from "./layout";
import type { Step } from "./model";
import { SIGNS, type Tone } from "./status";
import { type ChartProps, Strip } from "./timeline";

interface TimelineProps extends ChartProps {
  /** The steps that have a place on it. */
  dated: readonly Step[];
  editing: boolean;
}

export function Timeline({ dated, editing, ...chart }: TimelineProps) {
  const { steps, i18n, onJump } = chart;
  return (
    <Region class="uz-plan-timeline" aria-label={i18n.t("Timeline")}>
      <Caption {...chart} />
      {dated.length > 0 ? <Strip {...chart} /> : null}
      <Undated
        steps={steps.filter((step) => !dated.includes(step))}
        i18n={i18n}
        onJump={editing ? onJump : null}
      />
      <Legend steps={steps} i18n={i18n} />
    </Region>
  );
}

/** What the patterns mean: only what occurs, in the words of the definition. */
function Legend({ steps, i18n }: { steps: readonly Step[]; i18n: I18n }) {
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
function Caption({ scale, today, frame, i18n }: Omit<ChartProps, "steps">) {
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
function Undated({
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
