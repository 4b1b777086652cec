import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { clockTime, exactTime, isDay, longDate, monthYear, shortDate } from "./dates";
import { createI18n, pluralIndex } from "./i18n";

test("numbers are counted as the vectors say, as Python does", () => {
  const file = path.join(globalThis.USTAZ_ROOT, "tests/vectors/plurals.json");
  const vectors: Record<string, [number, number][]> = JSON.parse(readFileSync(file, "utf-8"));
  assert.deepEqual(Object.keys(vectors), ["en", "ru", "kk"]);
  for (const [lang, numbers] of Object.entries(vectors)) {
    const counted = numbers.map(([count]) => [count, pluralIndex(lang, count)]);
    assert.deepEqual(counted, numbers);
  }
});

test("Russian has three forms, English and Kazakh two, in gettext's order", () => {
  const forms = (lang: string) => [1, 2, 5, 11, 21, 22, 25, 111].map((n) => pluralIndex(lang, n));
  assert.deepEqual(forms("ru"), [0, 1, 2, 2, 0, 1, 2, 2]);
  assert.deepEqual(forms("kk"), [0, 1, 1, 1, 1, 1, 1, 1]);
  assert.deepEqual(forms("en"), [0, 1, 1, 1, 1, 1, 1, 1]);
});

test("what the catalogue lacks is said in English", () => {
  const { t, n } = createI18n("kk", { Home: "Басты бет", Empty: "" });
  assert.equal(t("Home"), "Басты бет");
  assert.equal(t("Undo"), "Undo");
  assert.equal(t("Empty"), "Empty");
  assert.equal(n("{count} step", "{count} steps", 2), "2 steps");
  assert.equal(t("constructor"), "constructor");
});

test("a plural takes its form and its number", () => {
  const { n } = createI18n("ru", {
    "{count} step": ["{count} шаг", "{count} шага", "{count} шагов"],
  });
  const said = [1, 3, 12].map((count) => n("{count} step", "{count} steps", count));
  assert.deepEqual(said, ["1 шаг", "3 шага", "12 шагов"]);
});

test("placeholders are filled, unknown ones stay, and values are never templates", () => {
  const { t } = createI18n("en");
  assert.equal(t("{a} of {b}", { a: "{b}", b: 2 }), "{b} of 2");
  assert.equal(t("{a}", {}), "{a}");
});

test("dates are words of each language", () => {
  const day = "2026-11-21";
  assert.equal(longDate(day, "en"), "21 November 2026");
  assert.equal(longDate(day, "ru"), "21 ноября 2026\u00a0г.");
  assert.equal(longDate(day, "kk"), "2026\u00a0ж. 21 қараша");
  assert.equal(shortDate(day, "kk"), "21 қар.");
  assert.equal(monthYear("2026-05", "ru"), "май 2026\u00a0г.");
  assert.equal(monthYear(day, "kk"), "2026\u00a0ж. қараша");
  assert.equal(longDate("soon", "en"), "soon");
});

test("a time of today is a clock time, an earlier one carries its date", () => {
  const now = new Date("2026-11-23T18:00:00+05:00");
  assert.equal(clockTime("2026-11-23T14:05:00+05:00", "en", now), "14:05");
  assert.equal(clockTime("2026-11-21T09:05:00+05:00", "ru", now), "21 нояб., 09:05");
  assert.equal(
    clockTime("2025-12-31T09:05:00+05:00", "kk", now),
    "2025\u00a0ж. 31 желтоқсан, 09:05",
  );
  assert.equal(clockTime("soon", "en", now), "soon");
});

test("hours are those of the stamp's own zone, whatever the browser's, and so is today", () => {
  // In Almaty it is the 24th already; in Greenwich and further west it is still the 23rd.
  const now = new Date("2026-11-24T01:30:00+05:00");
  assert.equal(clockTime("2026-11-24T00:10:00+05:00", "en", now), "00:10");
  assert.equal(clockTime("2026-11-23T23:50:00+05:00", "en", now), "23 Nov, 23:50");
  assert.equal(clockTime("2026-11-23T19:10:00Z", "en", now), "19:10");
  assert.equal(clockTime("2026-11-23T09:10:00.5-10:00", "en", now), "09:10");
});

test("versions of one minute are told apart by their seconds", () => {
  const now = new Date("2026-11-24T01:30:00+05:00");
  assert.equal(exactTime("2026-11-24T00:10:07+05:00", "kk", now), "00:10:07");
  assert.equal(exactTime("2026-11-24T00:10:42.25+05:00", "kk", now), "00:10:42");
  assert.equal(exactTime("2026-11-21T09:05:31+05:00", "ru", now), "21 нояб., 09:05:31");
  assert.equal(exactTime("soon", "en", now), "soon");
});

test("only days of the calendar are days", () => {
  assert.deepEqual(
    ["2026-02-28", "2026-02-29", "2028-02-29", "0202-11-21", "2026-1-1", ""].map(isDay),
    [true, false, true, false, false, false],
  );
});
