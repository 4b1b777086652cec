import type { FieldBase } from "../field-base";
import { type KindRules, type Limit, rules } from "./base";

export interface NumberField extends FieldBase {
  kind: "number";
  unit?: string | null;
  /** How many digits may stand after the decimal sign; 0 asks for whole numbers. */
  decimals: number;
  min?: number | null;
  max?: number | null;
}

/** So many digits a double keeps. */
const DIGITS = 15;

/** How many digits a number has after the decimal sign. */
export function decimalsOf(value: number): number {
  const [digits = "", exponent = "0"] = String(value).toLowerCase().split("e");
  const part = digits.split(".")[1]?.length ?? 0;
  return Math.max(0, part - Number(exponent));
}

/**
 * What somebody typed as a number, or undefined where it is none.
 *
 * A comma or a point is the decimal sign, a blank stands before three digits; any dash is a minus.
 * Nothing is guessed: two signs ("1.234,5"), "12 30", and in English "1,234", which is a thousand to
 * many, are no numbers, and neither is one of more digits than a computer keeps.
 */
export function parsedNumber(typed: string, lang: string): number | undefined {
  const text = typed.trim().replace(/^[\u2012-\u2015\u2212] ?/, "-");
  const match = /^(-?)(\d{1,12}|\d{1,3}(?:\s\d{3}){1,3})(?:([.,])(\d+))?$/.exec(text);
  if (!match) return undefined;
  const [, sign = "", before = "", mark, part = ""] = match;
  if (lang === "en" && mark === "," && part.length === 3) return undefined;
  const whole = before.replace(/\s/g, "");
  if (whole.replace(/^0+/, "").length + part.length > DIGITS) return undefined;
  return Number(`${sign}${whole}.${part || "0"}`);
}

export const number: KindRules<NumberField> = rules({
  roles: ["unique"],
  posted(_, texts, lang) {
    const text = (texts.at(-1) ?? "").trim();
    return parsedNumber(text, lang) ?? (text || undefined);
  },
  limits({ min, max, decimals }, value) {
    if (typeof value !== "number") return [{ rule: "not_a_number", kind: "problem" }];
    const limits: Limit[] = [];
    if (min != null && value < min) {
      limits.push({ rule: "number_min", kind: "problem", params: { min } });
    }
    if (max != null && value > max) {
      limits.push({ rule: "number_max", kind: "problem", params: { max } });
    }
    if (decimalsOf(value) > decimals) {
      limits.push(
        decimals > 0
          ? { rule: "decimals", kind: "problem", params: { max: decimals } }
          : { rule: "whole_number", kind: "problem" },
      );
    }
    return limits;
  },
});
