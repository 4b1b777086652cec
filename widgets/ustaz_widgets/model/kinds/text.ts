import type { FieldBase } from "../field-base";
import { graphemes } from "../graphemes";
import { type KindRules, rules } from "./base";

export interface TextField extends FieldBase {
  kind: "text";
  long?: boolean;
  min?: number | null;
  max?: number | null;
}

export const text: KindRules<TextField> = rules({
  roles: ["title", "unique"],
  posted({ long }, texts) {
    const text = texts.at(-1) ?? "";
    return (long ? text : text.replaceAll("\n", " ")) || undefined;
  },
  limits({ min, max }, value) {
    const count = graphemes(String(value));
    const short = min != null && count < min;
    const long = max != null && count > max;
    return [
      ...(short ? [{ rule: "min", kind: "missing" as const, params: { min } }] : []),
      ...(long
        ? [{ rule: "max", kind: "problem" as const, params: { max, over: count - max } }]
        : []),
    ];
  },
});
