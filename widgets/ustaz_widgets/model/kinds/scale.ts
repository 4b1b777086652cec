import type { FieldBase } from "../field-base";
import { type KindRules, rules } from "./base";

export interface ScaleField extends FieldBase {
  kind: "scale";
  from: number;
  to: number;
  low?: string | null;
  high?: string | null;
  cannot_say?: boolean;
}

export const scale: KindRules<ScaleField> = rules({
  roles: ["rating"],
  posted(_, texts) {
    const text = texts.at(-1) ?? "";
    if (text === "none") return null;
    return /^\d{1,2}$/.test(text) ? Number(text) : undefined;
  },
  /** "Cannot say" is an answer where it is offered. */
  isEmpty(field, holder) {
    const value = holder[field.id];
    return value === undefined || (value === null && !field.cannot_say);
  },
});
