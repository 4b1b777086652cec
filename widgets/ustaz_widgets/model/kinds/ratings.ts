import type { FieldBase, Option } from "../field-base";
import { type KindRules, rules } from "./base";
import { answeredParts, type PartsOf } from "./parts";

export type RatingPart = "now" | "wanted";
/** What was said of each dimension; `null` is "cannot say", an absent part is not answered. */
export type Ratings = PartsOf<RatingPart, number | null>;

export interface RatingsField extends FieldBase {
  kind: "ratings";
  dimensions: Option[];
  min_items?: number | null;
  /** What 1 and 5 mean. */
  low?: string | null;
  high?: string | null;
  /** `workbook/field`: earlier ratings, laid beneath these. */
  compare?: string | null;
}

export const RATING_PARTS: readonly RatingPart[] = ["now", "wanted"];

/** Both are there, "cannot say" among them. */
export const isRated = (answer: Partial<Record<RatingPart, unknown>> | undefined) =>
  RATING_PARTS.every((part) => answer?.[part] !== undefined);

export const ratings: KindRules<RatingsField> = rules({
  roles: ["ratings"],
  posted({ dimensions }, texts) {
    const ratings: Ratings = {};
    for (const text of texts) {
      const [, id = "", part = "", rating = ""] = /^(\w+)\/(\w+):(\w+)$/.exec(text) ?? [];
      const known = dimensions.some((dimension) => dimension.id === id);
      if (!known || !RATING_PARTS.includes(part as RatingPart)) continue;
      if (rating !== "cannot_say" && !/^[1-5]$/.test(rating)) continue;
      const value = rating === "cannot_say" ? null : Number(rating);
      ratings[id] = { ...ratings[id], [part]: value };
    }
    return Object.keys(ratings).length > 0 ? ratings : undefined;
  },
  isEmpty: (field, holder) => answeredParts(holder[field.id]).length === 0,
  limits({ min_items: min }, value) {
    const rated = Object.values(value as Ratings).filter(isRated).length;
    return min != null && rated < min
      ? [{ rule: "ratings_few", kind: "missing", params: { min } }]
      : [];
  },
});
