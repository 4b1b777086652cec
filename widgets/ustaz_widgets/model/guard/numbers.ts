/** Phone numbers, identity numbers (ИИН, ЖСН) and e-mail addresses. */
import { fold } from "./fold";
import type { Notice } from "./notice";

// A run of digits as people group them, on one line. No part of it can be read in two ways, so that
// the search takes one step a character.
const RUN = /[+(]{0,2}\d(?:[ \u00a0\u202f().\-–—]{0,3}\d)*/g;

/** The digits of a run that stand together. */
interface Group {
  digits: string;
  start: number;
  end: number;
}

function groupsOf(run: string, offset: number): Group[] {
  return [...run.matchAll(/\d+/g)].map(({ 0: digits, index }) => ({
    digits,
    start: offset + index,
    end: offset + index + digits.length,
  }));
}

const FIRST = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
const SECOND = [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2];

const weighed = (digits: number[], weights: number[]) =>
  weights.reduce((sum, weight, at) => sum + weight * (digits[at] as number), 0) % 11;

/** The last digit of an identity number; 10 where no number has these first eleven. */
function checkDigit(digits: number[]): number {
  const first = weighed(digits, FIRST);
  return first < 10 ? first : weighed(digits, SECOND);
}

/** The seventh digit says in which century somebody was born; a foreigner's is 0. */
function isBirthday(digits: string): boolean {
  const [year, month, day, century] = [0, 2, 4, 6].map((at) => Number(digits.slice(at, at + 2)));
  const digit = Math.floor((century as number) / 10);
  if (digit > 6) return false;
  const full = (digit === 0 ? 2000 : 1700 + 100 * Math.ceil(digit / 2)) + (year as number);
  const date = new Date(Date.UTC(full, (month as number) - 1, day));
  return date.getUTCMonth() === (month as number) - 1 && date.getUTCDate() === day;
}

export function isIdentityNumber(digits: string): boolean {
  if (!/^\d{12}$/.test(digits) || !isBirthday(digits)) return false;
  const numbers = [...digits].map(Number);
  return checkDigit(numbers) === numbers[11];
}

/** Twelve digits, together or as three or more groups that somebody made. */
const IDENTITY_SIZES = new Set([
  "12",
  "6-6",
  "6-3-3",
  "3-3-3-3",
  "4-4-4",
  "2-2-2-6",
  "6-1-5",
  "6-2-4",
]);
/** How a number of eleven digits is grouped: its first group is the trunk, or holds the code. */
const MOBILE_OR_CITY = /^7[0-7]\d{8}$/;
const MOST_GROUPS = 7;

function sizes(groups: readonly Group[]): string {
  return groups.map(({ digits }) => digits.length).join("-");
}

function isPhone(groups: readonly Group[], plus: boolean): boolean {
  const digits = groups.map((group) => group.digits).join("");
  const first = groups[0]?.digits.length ?? 0;
  if (plus) return digits.length >= 10 && digits.length <= 15;
  if (digits.length === 11 && [1, 4, 5, 11].includes(first)) {
    return /^[78]/.test(digits) && MOBILE_OR_CITY.test(digits.slice(1));
  }
  return digits.length === 10 && [3, 4, 5, 10].includes(first) && MOBILE_OR_CITY.test(digits);
}

const CALLS =
  /(?:^| )(?:tel|telefon\w*|phones?|call|mobil\w*|mob|sotka\w*|konirau\w*|v[ao]tsap\w*|vhatsap\w*|uiali)(?: (?:nomeri?|number|is))? *$/;
const CALL_WORDS = 30;

/** A number without a code is one only where the words before it say so. */
function isLocalPhone(text: string, groups: readonly Group[]): boolean {
  const count = groups.reduce((sum, { digits }) => sum + digits.length, 0);
  const first = groups[0] as Group;
  if (count < 5 || count > 7 || groups.length > 4 || first.digits.length > 3) return false;
  const before = text.slice(Math.max(0, first.start - CALL_WORDS), first.start);
  return CALLS.test(
    before
      .split(/[^\p{L}]+/u)
      .map(fold)
      .join(" "),
  );
}

/** The notices in one run: the longest number that begins at each group. */
function* inRun(text: string, run: string, offset: number): Generator<Notice> {
  const groups = groupsOf(run, offset);
  for (let at = 0; at < groups.length; at += 1) {
    const first = groups[at] as Group;
    for (let count = Math.min(MOST_GROUPS, groups.length - at); count > 0; count -= 1) {
      const part = groups.slice(at, at + count);
      const end = (part.at(-1) as Group).end;
      const plus =
        text[first.start - 1] === "+" || text.slice(first.start - 2, first.start) === "+(";
      const kind = kindOf(text, part, plus);
      if (!kind) continue;
      yield { kind, start: opening(text, first.start, end), end, mask: null };
      at += count - 1;
      break;
    }
  }
}

function kindOf(text: string, part: Group[], plus: boolean): Notice["kind"] | null {
  const digits = part.map((group) => group.digits).join("");
  if (!plus && IDENTITY_SIZES.has(sizes(part)) && isIdentityNumber(digits)) return "identity";
  return isPhone(part, plus) || isLocalPhone(text, part) ? "phone" : null;
}

/** The plus and the bracket before a number belong to it, where the bracket closes inside. */
function opening(text: string, start: number, end: number): number {
  let from = start;
  if (text[from - 1] === "(" && text.slice(from, end).includes(")")) from -= 1;
  if (text[from - 1] === "+") from -= 1;
  return from;
}

export function* numbersIn(text: string): Generator<Notice> {
  for (const { 0: run, index } of text.matchAll(RUN)) yield* inRun(text, run, index);
}

const BEFORE_AT = /[\p{L}\p{N}._%+-]/u;
const AFTER_AT = /^[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/u;
const LONGEST = [64, 255] as const;

export function* emailsIn(text: string): Generator<Notice> {
  let seen = 0;
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
    let start = at;
    while (start > seen && at - start < LONGEST[0] && BEFORE_AT.test(text[start - 1] as string)) {
      start -= 1;
    }
    while (start < at && text[start] === ".") start += 1;
    const domain = AFTER_AT.exec(text.slice(at + 1, at + 1 + LONGEST[1]))?.[0];
    if (start === at || !domain) continue;
    seen = at + 1 + domain.length;
    yield { kind: "email", start, end: seen, mask: null };
  }
}
