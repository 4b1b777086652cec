import type { FieldBase } from "../field-base";
import { graphemes, trim } from "../graphemes";
import { type KindRules, type Limit, rules, size } from "./base";

export interface ListField extends FieldBase {
  kind: "list";
  min_items?: number | null;
  max_items?: number | null;
  min?: number | null;
  max?: number | null;
}

export const list: KindRules<ListField> = rules({
  posted(_, texts) {
    const lines = texts.map((text) => text.replaceAll("\n", " "));
    const entries = lines.filter((text) => trim(text) !== "");
    return entries.length > 0 ? entries : undefined;
  },
  limits({ min, max, min_items, max_items }, value) {
    const counts = (value as string[]).filter((text) => trim(text) !== "").map(graphemes);
    const most = Math.max(...counts);
    const limits: Limit[] = [];
    if (min != null && counts.some((count) => count < min)) {
      limits.push({ rule: "item_min", kind: "missing", params: { min } });
    }
    if (max != null && most > max) {
      limits.push({ rule: "item_max", kind: "problem", params: { max, over: most - max } });
    }
    return [...limits, ...size(counts.length, min_items, max_items)];
  },
});
