/**
 * Messages: English is the key, a catalogue gives the reader's words, a gap falls back to English.
 *
 * A catalogue maps a msgid to its text, or to its plural forms in gettext's order.
 */
import { clockTime, longDate, monthYear, shortDate } from "./dates";
import { numberText } from "./numbers";
import type { I18n, Messages, Params } from "./types";

/** gettext's index of each CLDR category, for the languages whose forms are not one/other. */
const FORMS: Record<string, Record<string, number>> = {
  ru: { one: 0, few: 1, many: 2, other: 2 },
};
const TWO: Record<string, number> = { one: 0, other: 1 };
const rules = new Map<string, Intl.PluralRules | null>();

function pluralRules(lang: string): Intl.PluralRules | null {
  if (!rules.has(lang)) {
    const known = Intl.PluralRules.supportedLocalesOf([lang]).length > 0;
    rules.set(lang, known ? new Intl.PluralRules(lang) : null);
  }
  return rules.get(lang) ?? null;
}

function category(lang: string, count: number): string {
  const known = pluralRules(lang);
  if (known) return known.select(count);
  if (lang !== "ru") return count === 1 ? "one" : "other";
  const [unit, tens] = [count % 10, count % 100];
  if (unit === 1 && tens !== 11) return "one";
  return unit >= 2 && unit <= 4 && (tens < 12 || tens > 14) ? "few" : "many";
}

/** Which plural form of a gettext catalogue a number takes. */
export function pluralIndex(lang: string, count: number): number {
  return (FORMS[lang] ?? TWO)[category(lang, Math.abs(count))] ?? 1;
}

/** Fill in `{name}`; a name without a value is left as it stands. */
export function fill(text: string, params?: Params): string {
  if (!params) return text;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}

export function createI18n(lang: string, messages: Messages = {}): I18n {
  // A map, so that "constructor" is no message; `Object.hasOwn` is younger than some browsers.
  const known = new Map(Object.entries(messages));
  const own = (id: string) => known.get(id);
  return {
    lang,
    t(msgid, params) {
      const known_ = own(msgid);
      const text = Array.isArray(known_) ? known_[0] : known_;
      return fill(text || msgid, params);
    },
    n(singular, plural, count, params) {
      const translated = own(singular);
      const forms = Array.isArray(translated) ? translated : undefined;
      const text = forms?.[Math.min(pluralIndex(lang, count), forms.length - 1)];
      return fill(text || (count === 1 ? singular : plural), { count, ...params });
    },
    date: (iso) => longDate(iso, lang),
    shortDate: (iso) => shortDate(iso, lang),
    month: (iso) => monthYear(iso, lang),
    time: (stamp) => clockTime(stamp, lang),
    number: (value) => numberText(value, lang),
  };
}
