/**
 * Words in one plain alphabet, so that a name is the same in Cyrillic and in Latin letters, with and
 * without the letters that only Kazakh has: «Айгерім», "Aigerim" and «Айгерим» fold to `aigerim`.
 */

const FROM = "аәбвгғдеёжзийкқлмнңопрстуұүфхһыіэөҥў";
const TO = "aabvggdeejziikklmnnoprstuuufhhiieonu";
const LETTERS = new Map<string, string>([
  ...[...FROM].map((letter, at) => [letter, TO[at] as string] as const),
  ...Object.entries({ ц: "ts", ч: "ch", ш: "sh", щ: "sh", ъ: "", ь: "", ю: "iu", я: "ia" }),
  ...Object.entries({ q: "k", y: "i", w: "v", x: "ks", ı: "i", ş: "sh", ç: "ch", ğ: "g", ñ: "n" }),
  ...Object.entries({ ä: "a", ö: "o", ü: "u", ū: "u", é: "e", "-": "-" }),
]);
const SOUNDS: [RegExp, string][] = [
  [/shch/g, "sh"],
  [/zh/g, "j"],
  [/kh/g, "h"],
  [/gh/g, "g"],
  [/ph/g, "f"],
  [/^ie|io/g, "e"],
  [/i{2,}/g, "i"],
];

export function fold(word: string): string {
  let folded = "";
  for (const letter of word.toLowerCase()) {
    folded += LETTERS.get(letter) ?? (letter >= "a" && letter <= "z" ? letter : "");
  }
  for (const [sound, plain] of SOUNDS) folded = folded.replace(sound, plain);
  return folded;
}

/** A list of words, folded. */
export function folded(words: string): Set<string> {
  return new Set(words.trim().split(/\s+/).map(fold));
}
