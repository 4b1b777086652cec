/**
 * Numbers as people write and read them: a decimal comma in Kazakh and Russian, a point in English,
 * and no-break spaces between thousands from five digits on. `ustaz.messages.number_text` writes the
 * same; both are tested on `tests/vectors/numbers.json`.
 */

const GROUPED_FROM = 10_000;
const SPACE = "\u00a0";
const MINUS = "\u2212";

/** The digits of a number without an exponent. */
function digits(value: number): string {
  const text = String(value);
  if (!/e/i.test(text)) return text;
  return value.toFixed(20).replace(/\.?0+$/, "");
}

export function numberText(value: number, lang: string): string {
  const [whole = "", part = ""] = digits(Math.abs(value)).split(".");
  const grouped =
    Math.abs(value) >= GROUPED_FROM ? whole.replace(/\B(?=(\d{3})+$)/g, SPACE) : whole;
  return (value < 0 ? MINUS : "") + grouped + (part ? (lang === "en" ? "." : ",") + part : "");
}
