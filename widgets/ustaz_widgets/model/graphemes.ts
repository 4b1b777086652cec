/** Characters as a person sees them: "ә", "👩‍🏫" and "é" count as one each. */

/** Absent in Firefox before 125 and in WebViews before 87. */
const segmenter =
  typeof Intl === "object" && "Segmenter" in Intl
    ? new Intl.Segmenter(undefined, { granularity: "grapheme" })
    : null;
// Without it: flags, emoji joined together, and any sign with its marks. Scripts whose syllables
// are made of several letters are counted by letters; the server counts all of them by the book.
const CLUSTER =
  /\r\n|\p{RI}{2}|\p{ExtPict}[\p{M}\p{EMod}]*(?:\u200d\p{ExtPict}[\p{M}\p{EMod}]*)*|(?:[^\p{M}\p{Cc}][\p{M}\u200c\u200d]*|.)/gsu;
// Plain Latin, Cyrillic and punctuation: one code unit is one grapheme, except for CR LF.
const PLAIN = /^[\x20-\x7e\n\u00a1-\u02ff\u0400-\u0482\u048a-\u052f\u2010-\u2027]*$/;

/** Number of graphemes after NFC and trimming, as the limits of a field count them. */
export function graphemes(text: string): number {
  const judged = trim(text);
  if (PLAIN.test(judged)) return judged.length;
  return starts(judged).length;
}

/** Where each grapheme of a text begins. */
export function starts(text: string, by: Intl.Segmenter | null = segmenter): number[] {
  const parts: Iterable<{ index: number }> = by ? by.segment(text) : text.matchAll(CLUSTER);
  return Array.from(parts, ({ index }) => index);
}

/** The text as it is judged: composed, without white space around it. */
export function trim(text: string): string {
  return text.normalize("NFC").trim();
}

/** The first `limit` graphemes, for showing long text in part. */
export function clip(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return text.slice(0, starts(text)[limit] ?? text.length);
}
