/** In which language a name or a quoted sentence is read out, told from its letters. */

const KAZAKH = /[ӘәҒғҚқҢңӨөҰұҮүҺһІі]/;
const CYRILLIC = /[\u0400-\u052f]/;

/** The language of `text` on a page in `lang`; `undefined` where it needs no other. */
export function languageByLetters(text: string, lang: string): string | undefined {
  let language = lang;
  if (KAZAKH.test(text)) language = "kk";
  else if (CYRILLIC.test(text)) language = lang === "kk" ? lang : "ru";
  else if (/[A-Za-z]/.test(text)) language = "en";
  return language === lang ? undefined : language;
}
