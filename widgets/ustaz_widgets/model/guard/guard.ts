/**
 * The guard: notices in a text what says who somebody is, and masks it. Pure; never refuses anything.
 *
 * One place, in TypeScript: nothing on the server reads what a person writes for this.
 */
import { namesIn } from "./names";
import type { Notice, NoticeKind } from "./notice";
import { emailsIn, numbersIn } from "./numbers";

export type { Notice, NoticeKind } from "./notice";

/** What is noticed, in the order of the text; no two overlap. */
export function notices(text: string): Notice[] {
  const all = [...emailsIn(text), ...numbersIn(text), ...namesIn(text)];
  all.sort((a, b) => a.start - b.start || b.end - a.end);
  const apart: Notice[] = [];
  for (const notice of all) {
    if (notice.start >= (apart.at(-1)?.end ?? 0)) apart.push(notice);
  }
  return apart;
}

/** Words that stand for a number or an address, in the reader's language. */
export type MaskWords = Record<Exclude<NoticeKind, "name">, string>;

/** The text with some of its notices masked; everything outside of them stays. */
export function masked(text: string, those: readonly Notice[], words: MaskWords): string {
  let result = "";
  let end = 0;
  for (const { kind, mask, ...place } of those) {
    result += text.slice(end, place.start) + (mask ?? words[kind as keyof MaskWords]);
    end = place.end;
  }
  return result + text.slice(end);
}

const PASSES = 20;

/** The text with everything masked, until nothing is noticed. */
export function maskedWhole(text: string, words: MaskWords): string {
  let result = text;
  for (let pass = 0; pass < PASSES; pass += 1) {
    const those = notices(result);
    if (those.length === 0) break;
    result = masked(result, those, words);
  }
  return result;
}
