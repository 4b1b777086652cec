/**
 * Likely full names: family name and given name, given name and patronymic, initials and family name.
 *
 * One word alone is never one, nor is a name that something is named after or that an author has.
 */
import { AFTER_NAMESAKE, BEFORE_NAMESAKE, GIVEN_NAMES, PUBLIC } from "./lists";
import type { Notice } from "./notice";
import {
  isKazakhOpening,
  kazakhEnding,
  kazakhStems,
  nominatives,
  type Part,
  partOf,
  type Word,
  wordsOf,
} from "./words";

const JOINED = /^[ \u00a0\u202f]{1,3}$/;
const AFTER_INITIAL = /^\.[ \u00a0\u202f]{0,2}$/;
const INITIAL = /^(?:\p{Lu}|Sh|Zh|Ch|Kh|Yu|Ya)$/u;

const KAZAKH_LETTERS = /[әғқңөұүһі]/i;

/** A text as words, with what each may be and how it hangs together with the next. */
class Line {
  readonly words: Word[];
  readonly parts: Part[];
  readonly kazakh: boolean;

  constructor(readonly text: string) {
    this.words = wordsOf(text);
    this.kazakh = KAZAKH_LETTERS.test(text);
    this.parts = this.words.map((word) => {
      const part = INITIAL.test(word.text) ? "none" : partOf(word);
      if (part !== "wordlike") return part;
      return this.kazakh ? "doubtful" : "given";
    });
  }

  word(at: number): Word | undefined {
    return this.words[at];
  }

  part(at: number): Part {
    return this.parts[at] ?? "none";
  }

  /** What stands between a word and the next. */
  gap(at: number): string {
    const [word, next] = [this.words[at], this.words[at + 1]];
    return word && next ? this.text.slice(word.end, Math.min(next.start, word.end + 8)) : "";
  }

  joined(at: number): boolean {
    return JOINED.test(this.gap(at));
  }

  /** Is the word an initial, with its full stop? */
  initial(at: number): boolean {
    const word = this.words[at];
    return word !== undefined && INITIAL.test(word.text) && this.text[word.end] === ".";
  }

  /** An initial that what follows belongs to. */
  initialBefore(at: number): boolean {
    return this.initial(at) && AFTER_INITIAL.test(this.gap(at));
  }
}

/** The words of one name, the last one included. */
interface Span {
  from: number;
  to: number;
  /** The word whose first letter stands for the name. */
  call: number;
}

/** A family name may be made like a patronymic. */
const AS_FAMILY = /(?:uli|kizi|gizi)/;
const GIVENS = new Set<Part>(["given", "composed"]);
const FAMILY = new Set<Part>(["surname", "perhaps"]);

/** Do two words that stand together make a full name? */
function isPair(line: Line, at: number): boolean {
  const [first, second] = [line.part(at), line.part(at + 1)];
  if (first === "none" || second === "none" || !line.joined(at)) return false;
  // A capital at the beginning of a sentence says nothing of the word.
  const word = line.word(at) as Word;
  const plain = first === "unknown" && word.first && !(line.kazakh && !isKazakhOpening(word));
  if (second === "patronymic") return first !== "unknown" || !plain || word.text.length > 3;
  if (first === "patronymic") return true;
  if (GIVENS.has(first)) return second !== "doubtful";
  if (GIVENS.has(second)) return first === "surname" || first === "perhaps" || !plain;
  if (first === "doubtful") return FAMILY.has(second);
  if (second === "doubtful") return first === "surname" || (first === "perhaps" && !word.first);
  if (second === "surname") return first === "unknown" && !isVerb(word);
  if (second === "perhaps") return first === "surname" || !plain;
  return first === "surname" && second === "unknown";
}

/** «Помогла Иванова»: at the beginning of a sentence an unknown word may be its verb. */
function isVerb({ first, folded }: Word): boolean {
  return first && /(?:l|la|li|lo|et|it|ut|at|iut|iat|sia|las|lis|ed)$/.test(folded);
}

/** «Ұсынысты Б. С. айтты»: a sentence begins with what somebody did, or where; the initials are who. */
function isObject(line: Line, at: number): boolean {
  const word = line.word(at);
  if (!word?.first) return false;
  const endings = line.kazakh
    ? /(?:[дтн][ыі]|[дт][ае])$/
    : /(?:ние|ость|[ец]ию|ею|[лдт][ае]р[дт][ыіае])$/;
  return endings.test(word.text);
}

/** The name that begins at a word, or null. */
function spanAt(line: Line, at: number): Span | null {
  return initialsFirst(line, at) ?? familyFirst(line, at) ?? wordsOnly(line, at);
}

/** «А. Б. Петров» */
function initialsFirst(line: Line, at: number): Span | null {
  if (!line.initialBefore(at)) return null;
  const to = line.initialBefore(at + 1) ? at + 2 : at + 1;
  const part = line.part(to);
  if (part === "none" || (part === "patronymic" && !AS_FAMILY.test(line.word(to)?.folded ?? "")))
    return null;
  const two = to === at + 2;
  // «… в группе Б. Потом …»: with one letter only where it begins the sentence.
  if (part === "unknown" && !two && !line.word(at)?.first) return null;
  return afterClass(line, at) ? null : { from: at, to, call: at };
}

/** «Петров А. Б.» */
function familyFirst(line: Line, at: number): Span | null {
  const part = line.part(at);
  if (part === "none" || !line.joined(at) || !line.initial(at + 1)) return null;
  if (part === "patronymic" && !AS_FAMILY.test(line.word(at)?.folded ?? "")) return null;
  const two = AFTER_INITIAL.test(line.gap(at + 1)) && line.initial(at + 2);
  // «Айгерім С.» is how a name is shortened already.
  const family = FAMILY.has(part) || part === "composed" || part === "patronymic";
  if (!family && (!two || isObject(line, at))) return null;
  // «Работа Э. Ф. Петрова»: the initials are those of the name behind them.
  if (!family && line.initialBefore(at + 2) && line.part(at + 3) !== "none") return null;
  return { from: at, to: two ? at + 2 : at + 1, call: at + 1 };
}

function wordsOnly(line: Line, at: number): Span | null {
  if (isTriple(line, at)) return { from: at, to: at + 2, call: at + 1 };
  if (!isPair(line, at) || isBefore(line, at)) return null;
  const third = line.joined(at + 1) && continues(line.part(at + 1), line.part(at + 2));
  const to = third ? at + 2 : at + 1;
  return { from: at, to, call: callOf(line, at, to) };
}

/** «Сейтқазин Елжас Маратұлы»: a word before a given name and a patronymic. */
function isTriple(line: Line, at: number): boolean {
  if (line.part(at + 2) !== "patronymic" || !isPair(line, at + 1) || !line.joined(at)) return false;
  const part = line.part(at);
  return part !== "none" && (part !== "unknown" || !line.word(at)?.first);
}

/** «Сыныпта Сапарова Мадина …»: the word that begins the sentence stands before the name. */
function isBefore(line: Line, at: number): boolean {
  if (line.part(at) !== "unknown" || !line.word(at)?.first) return false;
  return (
    familyFirst(line, at + 1) !== null ||
    (line.part(at + 1) !== "patronymic" && isPair(line, at + 1))
  );
}

/** May a third word still belong to the name? */
function continues(second: Part, third: Part): boolean {
  if (third === "patronymic" || third === "surname") return true;
  if (second === "patronymic") return FAMILY.has(third) || third === "unknown" || GIVENS.has(third);
  return GIVENS.has(third) || third === "perhaps";
}

/** The given name: the one before a patronymic, else one that is known, else what is no family name. */
function callOf(line: Line, from: number, to: number): number {
  const order = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  const patronymic = order.find((at) => line.part(at) === "patronymic");
  if (patronymic !== undefined && patronymic > from) return patronymic - 1;
  const by = (part: Part) => order.find((at) => line.part(at) === part);
  return by("given") ?? by("composed") ?? by("doubtful") ?? by("unknown") ?? from;
}

/** «7 Б. …»: the letter of a class. */
function afterClass(line: Line, at: number): boolean {
  const { start } = line.word(at) as Word;
  return /\d[ \u00a0]?[«"]?$/.test(line.text.slice(Math.max(0, start - 4), start));
}

const QUOTES = /^[«»"“”„\s.:–—-]*$/;

/** «… атындағы мектеп», «ул. …»: what is named after somebody is no name of a pupil. */
function isNamesake(line: Line, { from, to }: Span): boolean {
  const [before, after] = [line.word(from - 1), line.word(to + 1)];
  const near = (earlier: Word, later: Word) =>
    QUOTES.test(line.text.slice(earlier.end, Math.min(later.start, earlier.end + 8)));
  const [head, tail] = [line.word(from) as Word, line.word(to) as Word];
  if (before && near(before, head) && BEFORE_NAMESAKE.test(before.folded)) return true;
  if (after === undefined || !near(tail, after)) return false;
  // «ат.» for «атындағы»
  return AFTER_NAMESAKE.test(after.folded) || (after.text === "ат" && line.text[after.end] === ".");
}

/** A writer or a scholar, by family name and the first letter of the given name. */
function isPublic(line: Line, span: Span): boolean {
  const words = line.words.slice(span.from, span.to + 1);
  return words.some((word, at) => {
    const initials = publicInitials(word.folded);
    if (!initials || isWoman(words, word)) return false;
    // «Назарбаев Интеллектуальной …»
    const other = words[1 - at];
    const unknown = line.part(span.from + 1 - at) === "unknown";
    if (words.length === 2 && other && unknown && ADJECTIVE.test(other.text)) return true;
    const calls = words.filter((_, place) => place !== at);
    return initials.has(calls[0]?.folded[0] ?? "") || initials.has(calls.at(-1)?.folded[0] ?? "");
  });
}

/**
 * «Айгүл Сәрсенбаева» is not «Ә. Сәрсенбаева», of the poet: behind a given name that stands in no case
 * of its own, the ending of a man's family name is a woman's.
 */
function isWoman(words: Word[], family: Word): boolean {
  const asListed = [...kazakhStems(family.folded)].some(({ stem }) => isListed(stem));
  // «Стихи Мариям Хакимжановой»: the writer is a woman herself.
  const ofWoman = [...nominatives(family.folded)].some(
    (word) => /a$/.test(word) && PUBLIC.has(word),
  );
  if (asListed || ofWoman) return false;
  return words.some((word) => word !== family && GIVEN_NAMES.has(word.folded));
}

const isListed = (word: string) => PUBLIC.has(word) || PUBLIC.has(`${word}i`);

const ADJECTIVE = /(?:ая|ой|ый|ий|ого|ому|ую|ые|ых)$/;

function publicInitials(folded: string): ReadonlySet<string> | null {
  for (const word of nominatives(folded)) {
    const initials = PUBLIC.get(word) ?? PUBLIC.get(`${word}i`);
    if (initials) return initials;
  }
  return null;
}

/** «(Петров А. Б., 1978)»: a source. */
function isSource(line: Line, { from, to }: Span): boolean {
  const { end } = line.word(to) as Word;
  const initials = line.initial(from) || line.initial(to);
  return initials && /^\.?,?[ \u00a0]?\(?(?:1[6-9]|20)\d\d\b/.test(line.text.slice(end, end + 9));
}

/** The first letter, with its full stop; Kazakh endings stay, so that the sentence reads on. */
function maskOf(line: Line, { to, call }: Span): string {
  const letter = [...(line.word(call) as Word).text][0] ?? "";
  const last = line.word(to) as Word;
  const ending = line.kazakh && !line.initial(to) ? kazakhEnding(last) : "";
  if (ending) return `${letter}.-${ending}`;
  return line.text[last.end] === "." && !line.initial(to) ? letter : `${letter}.`;
}

export function* namesIn(text: string): Generator<Notice> {
  const line = new Line(text);
  for (let at = 0; at < line.words.length; at += 1) {
    const span = spanAt(line, at);
    if (!span) continue;
    if (!isNamesake(line, span) && !isPublic(line, span) && !isSource(line, span)) {
      const tail = line.word(span.to) as Word;
      const end = line.initial(span.to) ? tail.end + 1 : tail.end;
      const start = (line.word(span.from) as Word).start;
      yield { kind: "name", start, end, mask: maskOf(line, span) };
    }
    at = span.to;
  }
}
