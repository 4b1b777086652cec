/** Characters as a person sees them: "ә", "👩‍🏫" and "é" count as one each. */

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });
// Plain Latin, Cyrillic and punctuation: one code unit is one grapheme, except for CR LF.
const PLAIN = /^[\x20-\x7e\n\u00a1-\u02ff\u0400-\u0482\u048a-\u052f\u2010-\u2027]*$/;

/** Number of graphemes after NFC and trimming, as the limits of a field count them. */
export function graphemes(text: string): number {
  const judged = tidy(text);
  if (PLAIN.test(judged)) return judged.length;
  let count = 0;
  for (const _ of segmenter.segment(judged)) count += 1;
  return count;
}

/** The text as it is judged: composed, without white space around it. */
export function tidy(text: string): string {
  return text.normalize("NFC").trim();
}

/** The first `limit` graphemes, for showing long text in part. */
export function clip(text: string, limit: number): string {
  if (text.length <= limit) return text;
  let count = 0;
  for (const { index } of segmenter.segment(text)) {
    if (count === limit) return text.slice(0, index);
    count += 1;
  }
  return text;
}
