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
  /** Only how it is now is asked. */
  single?: boolean;
}

/** What is asked of each dimension. */
export const ratingParts = ({ single }: RatingsField): RatingPart[] =>
  single ? ["now"] : ["now", "wanted"];

/** All that is asked of it is there, "cannot say" among it. */
export const isRated = (
  field: RatingsField,
  answer: Partial<Record<RatingPart, unknown>> | undefined,
) => ratingParts(field).every((part) => answer?.[part] !== undefined);

export const ratings: KindRules<RatingsField> = rules({
  roles: ["ratings"],
  posted(field, texts) {
    const ratings: Ratings = {};
    for (const text of texts) {
      const [, id = "", part = "", rating = ""] =
        /^(\w+)\/(\w+):([1-5]|cannot_say)$/.exec(text) ?? [];
      const known = field.dimensions.some((dimension) => dimension.id === id);
      if (known && ratingParts(field).includes(part as RatingPart))
        ratings[id] = { ...ratings[id], [part]: rating === "cannot_say" ? null : Number(rating) };
    }
    return Object.keys(ratings).length > 0 ? ratings : undefined;
  },
  isEmpty: (field, holder) => answeredParts(holder[field.id]).length === 0,
  limits(field, value) {
    const min = field.min_items;
    const rated = Object.values(value as Ratings).filter((answer) => isRated(field, answer)).length;
    return min != null && rated < min
      ? [{ rule: "ratings_few", kind: "missing", params: { min } }]
      : [];
  },
});
