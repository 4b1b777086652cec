/** One word of a text, and what it may be in a name. */
import { fold } from "./fold";
import { AFTER_NAMESAKE, GIVEN_NAMES, KAZAKH_WORDS, NO_NAME, OTHER_WORDS, SURNAMES } from "./lists";

export interface Word {
  text: string;
  start: number;
  end: number;
  folded: string;
  capital: boolean;
  /** It begins a sentence, a line or a quotation: its capital says nothing. */
  first: boolean;
}

// An English 's is no part of the word.
const LETTERS = "\\p{L}(?:[\\p{L}\\p{M}]|['’ʼ](?!s\\b)(?=\\p{L}))*";
const WORD = new RegExp(`${LETTERS}(?:[-‑]${LETTERS})*`, "gu");
/**
 * What stands before the first word of a sentence. After a colon, a bracket or a dash in the middle of a
 * line, or in a numbered list, a capital does say that it is a name.
 */
const OPENS = /(?:[.!?…][\s»"”)]*|[«"“„]\s*)(?:[–—-]\s*)?$/;
const NEW_LINE = /[\n\r]\s*(?:[–—•*-]\s*)?[«"“„]?$/;
/** Longer ones are no names; what is looked at before a word is bounded, too. */
const LONGEST = 40;
const LOOK_BACK = 12;

export function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  for (const { 0: word, index } of text.matchAll(WORD)) {
    const [initial = ""] = word;
    const capital = initial !== initial.toLowerCase();
    const before = text.slice(Math.max(words.at(-1)?.end ?? 0, index - LOOK_BACK), index);
    words.push({
      text: word,
      start: index,
      end: index + word.length,
      folded: capital || word.length <= 20 ? fold(word.slice(0, LONGEST)) : "",
      capital: capital && word.length <= LONGEST,
      first: opens(before, words.length === 0),
    });
  }
  return words;
}

function opens(before: string, whole: boolean): boolean {
  if (/\d\s*[.)]\s*$/.test(before)) return false;
  return OPENS.test(before) || NEW_LINE.test(whole ? `\n${before}` : before);
}

/** Endings of cases, folded: Kazakh ones, then Russian ones. */
const KAZAKH = `niki diki tiki nin din tin dan den tan ten nan nen men ben pen
  ga ge ka ke na ne ni di ti da de ta te`.split(/\s+/);
const RUSSIAN = "ogo omu im oiu eiu om em oi ei iu ia a u e i".split(" ");
/** What the nominative may end in where the ending was taken away. */
const NOMINATIVE = ["", "a", "ia", "i"];

/** The word without one Kazakh ending, and that ending; the word itself comes first. */
export function* kazakhStems(folded: string): Generator<{ stem: string; ending: string }> {
  yield { stem: folded, ending: "" };
  for (const ending of KAZAKH) {
    if (folded.length > ending.length + 2 && folded.endsWith(ending)) {
      yield { stem: folded.slice(0, -ending.length), ending };
    }
  }
}

/** What a word may be in the nominative, itself first. */
export function* nominatives(folded: string): Generator<string> {
  for (const { stem } of kazakhStems(folded)) yield stem;
  for (const ending of RUSSIAN) {
    const stem = folded.slice(0, -ending.length);
    if (stem.length < 2 || !folded.endsWith(ending)) continue;
    for (const end of NOMINATIVE) yield stem + end;
  }
}

function inList(list: ReadonlySet<string>, folded: string): boolean {
  for (const word of nominatives(folded)) if (list.has(word)) return true;
  return false;
}

const PATRONYMIC =
  /^.{2,}(?:uli|kizi|gizi)(?:n(?:in|a|an|da|i)?|dan|ga|men|a|e)?$|^.{2,}(?:ovich|evich|iich)(?:a|u|em|e|tin|ten|ke|ti|tan|ka|pen)?$|^(?:il|luk|fom|kuzm|nikit|savv)ich(?:a|u|em|e)?$|^.{2,}(?:ovn|evn|ichn|inichn)(?:a|i|e|u|oi|oiu|anin|aga|ani|amen|adan)$/;

const ENDING =
  "(?:nin|din|tin|ga|ge|ka|ke|na|ne|ni|di|ti|da|de|ta|te|dan|den|tan|ten|nan|nen|men|ben|pen)?";
/** -ов, -ев, -ова …: with the endings of both languages. */
const SURELY_SURNAME = new RegExp(
  `^.{3,}(?:[oe]v${ENDING}|[oe]va${ENDING}|[oe]v(?:a|u|im|e|i|oi|oiu|ih)|enko${ENDING})$`,
);
const PERHAPS_SURNAME = new RegExp(
  `^.{3,}(?:in${ENDING}|ina${ENDING}|in(?:a|u|im|e|i|oi|oiu|ih)|(?:uk|iuk|chuk|ich|ian|idze|shvili|ko|ih|son|man)(?:a|u|om|em|e|${ENDING})|[^aeiou]sk(?:i|aia|ogo|omu|im|om|oi|uiu)${ENDING})$`,
);

const FRONT =
  /^(?:abd|abil|esen|islam|kasim|kenje|koj|kudai|saif|sati|tok|toht|urazg|ai|is|ak|altin|aman|aru|bakit|bati?r|bek|bei|daulet|dos|er|gul|il|jan|jas|jum|kair|kuan|meir|muh|mur|nur|orin|rai|rah|sagin|sein?t?|serik|sultan|temir|tile|tog|tole|tur|ulan|zein)/;
const BACK =
  /(?:baldi|basar|bergen|berdi|geldi|keldi|gara|kara|rahim|rahman|raman|olla|ulla|uali|ahmet|muhammed|muhamed|jol|adil|niet|daulet|islam|beris|naz|aim|ali|shah|saule|shan|bek|bai|han|jan|gul|nur|murat|gali|kali|dos|bolat|tai|kan|asil|zat|mira|gerim|shat|lan|sultan|bibi|bol|ken|sara|saia|diar|mas|jigit|nai|ulim|nar|ila)$/;
const ALONE =
  /.{3}(?:bergen|berdi|keldi|geldi|ahmet|rahman|olla|ulla|uali|bek|bai|gali|kali|gul|jan|murat|bolat|sultan|gazi)$/;

/** Built as Kazakh names are, of two parts with a meaning. */
function isComposed(folded: string): boolean {
  if (folded.length < 5) return false;
  for (const { stem } of kazakhStems(folded)) {
    if (stem.length >= 5 && (ALONE.test(stem) || (FRONT.test(stem) && BACK.test(stem))))
      return true;
  }
  return /[aui]$/.test(folded) && ALONE.test(folded.slice(0, -1));
}

/**
 * What a word may be: a patronymic, a given name (surely, or spelt as a word is, or as a Kazakh one), a family name (surely,
 * or by an ending that other words have), composed as Kazakh names are, unknown; or no part of a name.
 */
export type Part =
  | "patronymic"
  | "given"
  | "doubtful"
  | "wordlike"
  | "surname"
  | "perhaps"
  | "composed"
  | "unknown"
  | "none";

const known = new Map<string, Part>();
// «-ың», «-іне», «-ында» are Kazakh cases, and never the «-ин» of a family name.
const CASE = /ң$|(?<!ц)[іы]н\p{L}{0,3}$/iu;
const MOST_KNOWN = 5000;

export function partOf({ folded, text, capital }: Word): Part {
  if (!capital || folded.length < 2) return "none";
  const before = known.get(text);
  if (before) return before;
  const judgement = judged(folded);
  const part = judgement === "perhaps" && CASE.test(text) ? "unknown" : judgement;
  if (known.size > MOST_KNOWN) known.clear();
  known.set(text, part);
  return part;
}

function judged(folded: string): Part {
  const [first = "", last = first] = [folded.split("-")[0], folded.split("-").at(-1)];
  if (PATRONYMIC.test(folded)) return "patronymic";
  if (GIVEN_NAMES.has(folded)) return "given";
  if (NO_NAME.has(folded) || (first !== folded && NO_NAME.has(first))) return "none";
  if (inList(GIVEN_NAMES, folded)) return "given";
  if (inList(OTHER_WORDS, folded)) return "doubtful";
  if (inList(KAZAKH_WORDS, folded)) return "wordlike";
  if (AFTER_NAMESAKE.test(folded)) return "none";
  if (SURELY_SURNAME.test(last)) return inList(NO_NAME, folded) ? "none" : "surname";
  if (inList(NO_NAME, folded)) return "none";
  if (inList(SURNAMES, folded)) return "surname";
  if (isComposed(folded)) return "composed";
  return PERHAPS_SURNAME.test(last) ? "perhaps" : "unknown";
}

/** The Kazakh ending of a case that a word has behind a name, as it is written there. */
export function kazakhEnding(word: Word): string {
  const part = partOf(word);
  for (const { stem, ending } of kazakhStems(word.folded)) {
    if (ending === "") {
      if (part === "given" && GIVEN_NAMES.has(stem)) return "";
      continue;
    }
    const fits = judged(stem) === part && (part !== "given" || GIVEN_NAMES.has(stem));
    if (fits && ending.length >= 2) return word.text.slice(-ending.length);
  }
  return "";
}

/** At the beginning of a Kazakh sentence: a word in a case, a verb or an adverb, and no name. */
export const isKazakhOpening = ({ folded }: Word) =>
  /(?:[dt][ae]|[ndt][ae]n|[gk][ae]|n[ae]|ip|[gk][ae]n|[mbp]en|sh[ae]|[iu]m|[iu]n|[dt]in|nin|[ndt]i|[ldt][ae]r|lai|lei|dai|dei|tai|tei|si|isi|ik|uk|mas|mes|ed|at|et)$/.test(
    folded,
  ) || folded.length < 4;
