/** What a step's state means: settled or open, overdue or not, and the plan's progress. */
import { dayNumber } from "./layout";

/** How a status looks and counts. `open` covers every status this module has no name for. */
export type Tone = "not_started" | "doing" | "done" | "changed" | "dropped" | "open";

const TONES: readonly Tone[] = ["not_started", "doing", "done", "changed", "dropped"];

/** A sign for each tone that is readable without colour and without a pattern. */
export const SIGNS: Readonly<Record<Tone, string>> = {
  not_started: "○",
  doing: "◐",
  done: "✓",
  changed: "↻",
  dropped: "×",
  open: "•",
};

/** No answer yet counts as not started: nobody has said otherwise. */
export function toneOf(status: unknown): Tone {
  if (status === undefined || status === null || status === "") {
    return "not_started";
  }
  return TONES.find((tone) => tone === status) ?? "open";
}

/** Nothing more is expected of a settled step, so it can never be overdue. */
export function isSettled(tone: Tone): boolean {
  return tone === "done" || tone === "changed" || tone === "dropped";
}

/**
 * Days a step is past its date; 0 when it is not. The due day itself is still in time.
 * A status column that is missing leaves the dates alone: without a way to say "done",
 * "overdue" would be a reproach that cannot be answered.
 */
export function daysOverdue(due: unknown, tone: Tone, today: string, hasStatus = true): number {
  const dueDay = dayNumber(due);
  const todayDay = dayNumber(today);
  if (!hasStatus || isSettled(tone) || dueDay === null || todayDay === null) {
    return 0;
  }
  return Math.max(0, todayDay - dueDay);
}

export interface Progress {
  /** Steps that count: all but the dropped ones. */
  of: number;
  done: number;
  overdue: number[];
}

/** Progress over rows given as (tone, days overdue); `overdue` holds their positions. */
export function progress(steps: readonly { tone: Tone; overdue: number }[]): Progress {
  return {
    of: steps.filter((step) => step.tone !== "dropped").length,
    done: steps.filter((step) => step.tone === "done").length,
    overdue: steps.flatMap((step, index) => (step.overdue > 0 ? [index] : [])),
  };
}

export interface Coverage {
  /** Every kind the rule names, in its order, with whether a step of that kind is there. */
  all: { option: string; covered: boolean }[];
  /** The kinds of which one is enough; empty when the rule has no such part. */
  any: string[];
  anyCovered: boolean;
  complete: boolean;
}

/** Which kinds of step the plan holds and which it still lacks, for a `covers` rule. */
export function coverage(
  rule: { all?: string[]; any?: string[] },
  present: readonly unknown[],
): Coverage {
  const held = new Set(present);
  const all = (rule.all ?? []).map((option) => ({ option, covered: held.has(option) }));
  const any = rule.any ?? [];
  const anyCovered = any.length === 0 || any.some((option) => held.has(option));
  return { all, any, anyCovered, complete: anyCovered && all.every((entry) => entry.covered) };
}

/** The kinds a first draft starts with: all that are asked for and the first of "one of these". */
export function presets(rule: { all?: string[]; any?: string[] } | null): string[] {
  return rule === null ? [] : [...(rule.all ?? []), ...(rule.any ?? []).slice(0, 1)];
}
