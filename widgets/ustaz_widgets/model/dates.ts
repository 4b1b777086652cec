/**
 * Dates in words, for English, Russian and Kazakh.
 *
 * The names stand here because browsers differ in what they know of Kazakh; so a date reads the
 * same on every telephone, in tests and in print.
 */

interface Names {
  /** As in "21 November". */
  of: string[];
  short: string[];
  /** Standing alone, as in "November 2026". */
  alone: string[];
  full: (day: number, month: string, year: number) => string;
  brief: (day: number, month: string) => string;
  monthYear: (month: string, year: number) => string;
}

const words = (text: string) => text.split(" ");
const EN = words(
  "January February March April May June July August September October November December",
);
const KK = words(
  "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан",
);
const NAMES: Record<string, Names> = {
  en: {
    of: EN,
    alone: EN,
    short: words("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"),
    full: (day, month, year) => `${day} ${month} ${year}`,
    brief: (day, month) => `${day} ${month}`,
    monthYear: (month, year) => `${month} ${year}`,
  },
  ru: {
    of: words("января февраля марта апреля мая июня июля августа сентября октября ноября декабря"),
    alone: words("январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь"),
    short: words("янв. февр. мар. апр. мая июн. июл. авг. сент. окт. нояб. дек."),
    full: (day, month, year) => `${day} ${month} ${year}\u00a0г.`,
    brief: (day, month) => `${day} ${month}`,
    monthYear: (month, year) => `${month} ${year}\u00a0г.`,
  },
  kk: {
    of: KK,
    alone: KK,
    short: words("қаң. ақп. нау. сәу. мам. мау. шіл. там. қыр. қаз. қар. жел."),
    full: (day, month, year) => `${year}\u00a0ж. ${day} ${month}`,
    brief: (day, month) => `${day} ${month}`,
    monthYear: (month, year) => `${year}\u00a0ж. ${month}`,
  },
};

const ISO = /^(\d{4})-(\d{2})-(\d{2})/;

function parts(iso: string): [number, number, number] | null {
  const match = ISO.exec(iso);
  if (!match) return null;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  return month >= 1 && month <= 12 && day >= 1 && day <= 31 ? [year, month, day] : null;
}

const names = (lang: string): Names => (NAMES[lang] ?? NAMES.en) as Names;
const at = (list: string[], month: number): string => list[month - 1] as string;

/** `21 November 2026` · `21 ноября 2026 г.` · `2026 ж. 21 қараша` */
export function longDate(iso: string, lang: string): string {
  const date = parts(iso);
  if (!date) return iso;
  const [year, month, day] = date;
  const known = names(lang);
  return known.full(day, at(known.of, month), year);
}

/** `21 Nov` · `21 нояб.` · `21 қар.` */
export function shortDate(iso: string, lang: string): string {
  const date = parts(iso);
  if (!date) return iso;
  const known = names(lang);
  return known.brief(date[2], at(known.short, date[1]));
}

/** `Nov` · `нояб.` · `қар.`: the name of a date's month. */
export function shortMonth(iso: string, lang: string): string {
  const date = parts(iso);
  return date ? at(names(lang).short, date[1]) : iso;
}

/** `November 2026`, of a date or of `YYYY-MM`. */
export function monthYear(iso: string, lang: string): string {
  const date = parts(iso.length === 7 ? `${iso}-01` : iso);
  if (!date) return iso;
  const known = names(lang);
  return known.monthYear(at(known.alone, date[1]), date[0]);
}

const STAMP = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})[\d:.]*(?:Z|([+-])(\d{2}):?(\d{2}))$/;

/**
 * `14:05`, as it stands in the stamp; the date goes before it when that is not today.
 *
 * The server stamps in the course's time zone, so the hours are never converted: this page, the
 * receipt and the pages of the server say the same, and an old telephone's table of time zones
 * cannot shift them.
 */
export function clockTime(stamp: string, lang: string, now: Date = new Date()): string {
  const match = STAMP.exec(stamp);
  if (!match) return stamp;
  const [, day = "", time = "", sign = "+", hours = "0", minutes = "0"] = match;
  const offset = (Number(hours) * 60 + Number(minutes)) * (sign === "-" ? -1 : 1);
  const today = new Date(now.getTime() + offset * 60_000).toISOString().slice(0, 10);
  if (day === today) return time;
  const words = day.slice(0, 4) === today.slice(0, 4) ? shortDate(day, lang) : longDate(day, lang);
  return `${words}, ${time}`;
}

/** The same to the second: versions are saved every few seconds, and each is told from the next. */
export function exactTime(stamp: string, lang: string, now: Date = new Date()): string {
  const seconds = /T\d\d:\d\d(:\d\d)/.exec(stamp)?.[1] ?? "";
  return `${clockTime(stamp, lang, now)}${seconds}`;
}

/** Is it a real day of the calendar, in a year that people plan in? */
export function isDay(text: string): boolean {
  const numbers = parts(text);
  if (!numbers || text.length !== 10) return false;
  const [year, month, day] = numbers;
  const date = new Date(Date.UTC(year, month - 1, day));
  return year >= 1000 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
