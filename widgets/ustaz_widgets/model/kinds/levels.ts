import type { FieldBase } from "../field-base";
import { graphemes, trim } from "../graphemes";
import { type KindRules, type Limit, rules } from "./base";
import type { PartsOf } from "./parts";

export type LevelPart = "level" | "reason";
/** A level by its place in the rubric, and the sentence that says what shows it. */
export type Levels = PartsOf<LevelPart, number | string>;

export interface Criterion {
  id: string;
  code: string;
  label: string;
  /** What each level of it looks like, from 0. */
  descriptors: string[];
}

export interface LevelsField extends FieldBase {
  kind: "levels";
  rubric: string;
  levels: string[];
  criteria: Criterion[];
  min_items?: number | null;
  /** Characters of a sentence. */
  max?: number | null;
}

type Answer = Levels[string] | undefined;

const reasonOf = (answer: Answer) => trim(String(answer?.reason ?? ""));

/** Level and sentence are there. */
export const isAssessed = (answer: Answer) =>
  answer?.level !== undefined && reasonOf(answer) !== "";

export const levels: KindRules<LevelsField> = rules({
  posted({ criteria, levels }, texts) {
    const answers: Levels = {};
    for (const text of texts) {
      const [, id = "", part = "", answer = ""] =
        /^(\w+)\/(level|reason):([\s\S]*)$/.exec(text) ?? [];
      if (!criteria.some((criterion) => criterion.id === id) || answer === "") continue;
      const value = part === "reason" ? answer.replaceAll("\n", " ") : Number(answer);
      if (part === "level" && !(/^\d$/.test(answer) && Number(answer) < levels.length)) continue;
      answers[id] = { ...answers[id], [part]: value };
    }
    return Object.keys(answers).length > 0 ? answers : undefined;
  },
  isEmpty: (field, holder) =>
    !Object.values((holder[field.id] ?? {}) as Levels).some(
      (answer) => answer.level !== undefined || reasonOf(answer) !== "",
    ),
  limits({ min_items: min, max }, value) {
    const answers = Object.values(value as Levels);
    const limits: Limit[] = [];
    if (min != null && answers.filter(isAssessed).length < min) {
      limits.push({ rule: "levels_few", kind: "missing", params: { min } });
    }
    const longest = Math.max(0, ...answers.map(({ reason }) => graphemes(String(reason ?? ""))));
    if (max != null && longest > max) {
      limits.push({ rule: "item_max", kind: "problem", params: { max, over: longest - max } });
    }
    return limits;
  },
});
