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

/** How many digits a number has after the decimal sign. */
export function decimalsOf(value: number): number {
  const [digits = "", exponent = "0"] = String(value).toLowerCase().split("e");
  const part = digits.split(".")[1]?.length ?? 0;
  return Math.max(0, part - Number(exponent));
}

/**
 * What somebody typed as a number, or undefined where it is none.
 *
 * A comma or a point is the decimal sign, blanks stand between thousands; any dash is a minus. Two
 * signs make no number: "1.234,5" can be read in two ways, and nothing is guessed.
 */
export function parsedNumber(typed: string): number | undefined {
  const text = typed
    .normalize("NFC")
    .replace(/[\s\u00a0\u202f]+/g, "")
    .replace(/^[\u2212\u2012-\u2015]/, "-")
    .replace(",", ".");
  return /^-?\d{1,12}(\.\d{1,15})?$/.test(text) ? Number(text) : undefined;
}

export const number: KindRules<NumberField> = rules({
  roles: ["unique"],
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
