/** Ratings: how something is now and how it is wanted, for each dimension; as a table and a picture. */
import { splitReference } from "../../model/definition";
import { isRated, type RatingPart, type Ratings, ratingParts } from "../../model/kinds/ratings";
import type { Parts, RatingsField } from "../../model/types";
import type { ControlProps } from "../control";
import type { Ctx } from "../types";
import { arrived } from "./arriving";
import type { ReadingProps } from "./base";
import { withPart } from "./parts";
import { type Line, Radar } from "./radar";

const RATINGS: readonly number[] = [1, 2, 3, 4, 5];

const partWords = (ctx: Ctx): Record<RatingPart, string> => ({
  now: ctx.t("Now"),
  wanted: ctx.t("Wanted"),
});

function RatingsInput({ field, id, value, ctx, set }: ControlProps<RatingsField>) {
  const { t } = ctx;
  const ratings = value as Ratings | undefined;
  const words = partWords(ctx);
  const rated = field.dimensions.filter(({ id: name }) => isRated(field, ratings?.[name])).length;
  const change = (dimension: string, part: RatingPart, rating: number | null | undefined) =>
    set(withPart(ratings, dimension, part, rating) as Parts | undefined);
  return (
    <>
      <p class="uz-help" id={`${id}-ends`}>
        {field.low && field.high
          ? t("1 means: {low}. 5 means: {high}.", { low: field.low, high: field.high })
          : ""}
      </p>
      {field.dimensions.map((dimension, at) => {
        const name = `${id}-${dimension.id}`;
        const answer = ratings?.[dimension.id];
        return (
          <fieldset class="uz-rating" key={dimension.id} id={name}>
            <legend>
              {at + 1}. {dimension.label}
            </legend>
            {dimension.help ? <p class="uz-help">{dimension.help}</p> : null}
            {ratingParts(field).map((part) => (
              <div
                class={`uz-rating-row${field.single ? " uz-rating-alone" : ""}`}
                role="radiogroup"
                aria-label={field.single ? dimension.label : `${dimension.label}: ${words[part]}`}
                aria-describedby={`${id}-ends`}
                key={part}
              >
                {field.single ? null : (
                  <span class="uz-rating-part" aria-hidden="true">
                    {words[part]}
                  </span>
                )}
                {RATINGS.map((rating) => (
                  <Choice
                    key={rating}
                    id={`${name}-${part}-${rating}`}
                    name={`${name}-${part}`}
                    label={String(rating)}
                    on={answer?.[part] === rating}
                    choose={() => change(dimension.id, part, rating)}
                  />
                ))}
                <Choice
                  id={`${name}-${part}-none`}
                  name={`${name}-${part}`}
                  label={t("Cannot say")}
                  on={answer?.[part] === null}
                  choose={() => change(dimension.id, part, null)}
                />
              </div>
            ))}
            {answer && (
              <button
                type="button"
                class="uz-link"
                onClick={() => {
                  const { [dimension.id]: _, ...rest } = ratings ?? {};
                  set(Object.keys(rest).length > 0 ? (rest as Parts) : undefined);
                }}
              >
                {t("Clear this answer")}
                <span class="uz-hidden"> {dimension.label}</span>
              </button>
            )}
          </fieldset>
        );
      })}
      <p class="uz-count">
        {t("{count} of {of} rated", { count: rated, of: field.dimensions.length })}
      </p>
      {rated > 0 && (
        <details class="uz-rating-picture">
          <summary>{t("See it as a picture")}</summary>
          <RatingsTable field={field} value={value} ctx={ctx} />
        </details>
      )}
    </>
  );
}

function Choice(props: {
  id: string;
  name: string;
  label: string;
  on: boolean;
  choose: () => void;
}) {
  const { id, name, label, on, choose } = props;
  return (
    <span class="uz-rating-choice">
      <input type="radio" id={id} name={name} checked={on} onChange={choose} />
      <label for={id}>{label}</label>
    </span>
  );
}

/** What was said before, where the definition lays it beneath these. */
function earlierRatings(field: RatingsField, ctx: Ctx, example: boolean): Ratings {
  if (!field.compare || example) return {};
  const { workbook, id } = splitReference(field.compare);
  const answers = ctx.stores[workbook]?.answers ?? ctx.context.linked?.[workbook];
  return (answers?.[id] ?? {}) as Ratings;
}

function figure(answer: Ratings[string] | undefined, part: RatingPart, ctx: Ctx): string {
  const rating = answer?.[part];
  if (rating === undefined) return "–";
  return rating === null ? ctx.t("Cannot say") : String(rating);
}

/** How far one number lies from another, or null where one of them is none. */
const between = (first: number | null | undefined, then: number | null | undefined) =>
  first == null || then == null ? null : then - first;

function signed(difference: number | null): string {
  if (difference === null) return "–";
  if (difference === 0) return "0";
  return difference > 0 ? `+${difference}` : `\u2212${-difference}`;
}

function RatingsTable({ field, value, ctx, example = false }: ReadingProps<RatingsField>) {
  const { t } = ctx;
  const ratings = value as Ratings;
  const earlier = earlierRatings(field, ctx, example);
  const before = Object.keys(earlier).length > 0;
  const words = partWords(ctx);
  const parts = ratingParts(field);
  const points = (from: Ratings, part: RatingPart) =>
    field.dimensions.map(({ id }) => from[id]?.[part] ?? null);
  const lines: Line[] = [
    ...(before ? [{ name: "earlier", label: t("Earlier"), points: points(earlier, "now") }] : []),
    ...parts.map((part) => ({ name: part, label: words[part], points: points(ratings, part) })),
  ];
  /** Of single ratings it is what has moved since the earlier ones. */
  const difference = (id: string) =>
    field.single
      ? between(earlier[id]?.now, ratings[id]?.now)
      : between(ratings[id]?.now, ratings[id]?.wanted);
  const differs = before || !field.single;
  return (
    <div class="uz-ratings">
      <Radar lines={lines} most={RATINGS.length} />
      <table>
        <thead>
          <tr>
            <th scope="col">{t("Dimension")}</th>
            {before && <th scope="col">{t("Earlier")}</th>}
            {parts.map((part) => (
              <th scope="col" key={part}>
                {words[part]}
              </th>
            ))}
            {differs && <th scope="col">{t("Difference")}</th>}
          </tr>
        </thead>
        <tbody>
          {field.dimensions.map((dimension, at) => {
            const answer = ratings[dimension.id];
            return (
              <tr key={dimension.id}>
                <th scope="row">
                  {at + 1}. {dimension.label}
                </th>
                {before && <td>{figure(earlier[dimension.id], "now", ctx)}</td>}
                {parts.map((part) => (
                  <td key={part}>{figure(answer, part, ctx)}</td>
                ))}
                {differs && <td>{signed(difference(dimension.id))}</td>}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

arrived<RatingsField>("ratings", { Control: RatingsInput, Reading: RatingsTable });
