"""Generated sentences that hold one name, number or address each, and sentences that hold none.

Made from patterns and name parts: the rules of the guard were written and mended by those of
`tests/vectors/guard/train/`; `heldout.json` beside it has other patterns, other shapes of numbers
and other names, with no family name in both, and was asked only when the rules were finished.
"""

from __future__ import annotations

import json
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

VECTORS = Path(__file__).resolve().parents[1] / "vectors" / "guard"
LANGUAGES = ("kk", "ru", "en")
KINDS = ("name", "phone", "email", "identity")
SLOT = re.compile(r"\{(name|phone|email|identity)(?::(\w+))?\}")
VOWELS = "аәеёиоөуұүыіэюяaeiouy"


@dataclass(frozen=True)
class Sentence:
    """A sentence and where something personal stands in it; `kind` is empty where nothing does."""

    lang: str
    text: str
    kind: str = ""
    start: int = 0
    end: int = 0


PARTS = ("train/1", "train/2", "train/3", "train/4", "heldout")


def corpus(part: str) -> dict[str, Any]:
    """Return the patterns and name parts of one of `PARTS`."""
    read: dict[str, Any] = json.loads((VECTORS / f"{part}.json").read_text(encoding="utf-8"))
    return read


def sentences(part: str, count: int = 300, seed: int = 9) -> Iterator[Sentence]:
    """Generate `count` sentences with names and as many with nothing for each language.

    Of each other kind there are a third as many.
    """
    for lang, patterns in corpus(part).items():
        shapes = "heldout" if part == "heldout" else "train"
        chance = random.Random(f"{part} {lang} {seed}")
        for kind in KINDS:
            for at in range(count if kind == "name" else count // 3):
                pattern = patterns[kind][at % len(patterns[kind])]
                yield filled(lang, pattern, {**patterns, "shapes": shapes}, chance)
        for at in range(count):
            yield Sentence(lang, patterns["none"][at % len(patterns["none"])])


def filled(lang: str, pattern: str, patterns: dict[str, Any], chance: random.Random) -> Sentence:
    """Fill the one slot of a pattern."""
    slot = SLOT.search(pattern)
    assert slot is not None, pattern
    kind, case = slot.groups()
    match kind:
        case "name":
            value = full_name(lang, patterns, case or "nom", chance)
        case "phone":
            value = phone(PHONES[patterns["shapes"]], chance)
        case "email":
            value = email(chance)
        case _:
            number = identity_number(chance)
            value = chance.choice(IDENTITIES[patterns["shapes"]]).format(
                number[:6], number[6:9], number[9:]
            )
    text = pattern[: slot.start()] + value + pattern[slot.end() :]
    # A sentence may end right behind an initial: one full stop is enough.
    text = text.replace("..", ".")
    return Sentence(lang, text, kind, slot.start(), min(len(text), slot.start() + len(value)))


# -- judging --------------------------------------------------------------------------------------
Span = tuple[str, int, int]


@dataclass
class Score:
    """How many were covered whole, at least touched, and missed; how often it was none."""

    whole: int = 0
    touched: int = 0
    missed: int = 0
    wrong: int = 0

    @property
    def recall(self) -> float:
        """Of what is personal, how much would be masked whole."""
        return self.whole / max(1, self.whole + self.touched + self.missed)

    @property
    def precision(self) -> float:
        """Of what is noticed, how much is personal."""
        hits = self.whole + self.touched
        return hits / max(1, hits + self.wrong)


def scores(
    sentences: Iterable[Sentence], spans: Iterable[list[Span]]
) -> dict[tuple[str, str], Score]:
    """Judge what was noticed in each sentence, by language and kind."""
    result: dict[tuple[str, str], Score] = defaultdict(Score)
    for sentence, noticed in zip(sentences, spans, strict=True):
        whole = touched = False
        for kind, start, end in noticed:
            if kind == sentence.kind and start <= sentence.start and end >= sentence.end:
                whole = True
            elif kind == sentence.kind and start < sentence.end and end > sentence.start:
                touched = True
            else:
                result[sentence.lang, kind].wrong += 1
        if sentence.kind:
            score = result[sentence.lang, sentence.kind]
            score.whole += whole
            score.touched += touched and not whole
            score.missed += not whole and not touched
    return result


# -- numbers --------------------------------------------------------------------------------------
#: By code, first three digits, and the two pairs behind them.
PHONES = {
    "train": (
        *("+7 {0} {1} {2} {3}", "8 {0} {1} {2} {3}", "+7({0}){1}-{2}-{3}", "8({0}) {1} {2} {3}"),
        *("8{0}{1}{2}{3}", "+7{0}{1}{2}{3}", "8-{0}-{1}-{2}-{3}", "{0} {1} {2} {3}"),
        *("7{0}{1}{2}{3}", "+7 ({0}) {1}-{2}-{3}"),
    ),
    "heldout": (
        *("8 {0} {1}{2}{3}", "+7-{0}-{1}-{2}-{3}", "8 ({0}) {1}{2}{3}", "+7.{0}.{1}.{2}.{3}"),
        *("8{0} {1} {2} {3}", "+7{0} {1}-{2}-{3}", "{0}-{1}-{2}-{3}", "8({0}){1}{2}{3}"),
        *("+7 {0} {1}{2}{3}", "{0}{1}{2}{3}", "8 {0} {1}-{2}-{3}", "(8-{0}) {1}-{2}-{3}"),
    ),
}
IDENTITIES = {
    "train": ("{0}{1}{2}",),
    "heldout": ("{0}{1}{2}", "{0}{1}{2}", "{0} {1}{2}", "{0}-{1}{2}"),
}


def phone(shapes: Sequence[str], chance: random.Random) -> str:
    """Return a number of a mobile phone or of a town, written as people write it."""
    code = chance.choice(["701", "702", "705", "707", "747", "771", "775", "777", "727", "717"])
    digits = "".join(chance.choice("0123456789") for _ in range(7))
    return chance.choice(shapes).format(code, digits[:3], digits[3:5], digits[5:])


def email(chance: random.Random) -> str:
    """Return an address on a domain that nobody has."""
    name = "".join(chance.choice("abcdefghijklmnoprstuz") for _ in range(chance.randint(3, 9)))
    name += chance.choice(["", ".k", "_85", "-07", "2010"])
    return f"{name}@{chance.choice(['mektep.example', 'mail.example.kz', 'school-12.example.org'])}"


def identity_number(chance: random.Random) -> str:
    """Return a number with a birthday and the right check digit."""
    while True:
        year, month, day = chance.randint(0, 99), chance.randint(1, 12), chance.randint(1, 28)
        first = f"{year:02}{month:02}{day:02}{chance.choice('3456')}{chance.randint(0, 9999):04}"
        for weights in ((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)):
            check = sum(w * int(d) for w, d in zip(weights, first, strict=True)) % 11
            if check < 10:
                return f"{first}{check}"


# -- names ----------------------------------------------------------------------------------------
FORMS = {
    "kk": ("S G", "G S", "S G", "G S", "S G P", "G P", "S g.", "S g. p.", "g. S"),
    "ru": ("S G", "G S", "S G", "G S", "S G P", "G P", "S g. p.", "g. p. S", "S g.p.", "g. S"),
    "en": ("G S", "G S", "G S", "S G", "G P", "g. S", "G P S"),
}


def full_name(lang: str, patterns: dict[str, Any], case: str, chance: random.Random) -> str:
    """Return a full name in one of the language's forms and the case that the pattern asks for."""
    female = chance.random() < 0.5
    given = chance.choice(patterns["given"]["f" if female else "m"])
    surname = (
        feminine(chance.choice(patterns["surnames"]))
        if female
        else chance.choice(patterns["surnames"])
    )
    father = chance.choice(patterns["fathers"]).split("/")[female]
    parts = []
    form = chance.choice(FORMS[lang])
    for place, part in enumerate(form.split(" ")):
        last = place == form.count(" ")
        word = {"S": surname, "G": given, "P": father}.get(part)
        if word is None:
            parts.append(part.replace("g", given[0]).replace("p", father[0]))
        elif lang == "ru":
            parts.append(russian(word, case, female))
        elif lang == "kk" and last:
            parts.append(kazakh(word, case))
        else:
            parts.append(word)
    return " ".join(parts)


def feminine(surname: str) -> str:
    """Return a family name as a woman has it."""
    for ending, other in (("ский", "ская"), ("sky", "skaya")):
        if surname.endswith(ending):
            return surname.removesuffix(ending) + other
    if re.search(r"(ов|ев|ин|ын|ёв)$", surname):
        return surname + "а"
    return surname + "a" if re.search(r"(ov|ev|in)$", surname) else surname


def kazakh(word: str, case: str) -> str:
    """Return a Kazakh word in a case, its ending in harmony with the word."""
    back = next((c in "аоұыуюя" for c in reversed(word.lower()) if c in "аәеёиоөуұүыіэюя"), True)
    sound = word[-1].lower()
    vowel, voiceless = sound in VOWELS, sound in "пткқсшщчфхцгғбв"
    nasal = sound in "мнң"
    first = {
        "gen": "н" if vowel or nasal else "т" if voiceless else "д",
        "acc": "н" if vowel else "т" if voiceless else "д",
        "dat": ("қ" if back else "к") if voiceless else ("ғ" if back else "г"),
        "abl": "н" if nasal else "т" if voiceless else "д",
        "ins": "п" if voiceless else "м",
    }
    rest = (
        {"gen": "ың", "acc": "ы", "dat": "а", "abl": "ан"}
        if back
        else {"gen": "ің", "acc": "і", "dat": "е", "abl": "ен"}
    )
    if case == "nom":
        return word
    if re.search("(ұлы|қызы)$", word):
        return word + {"gen": "ның", "acc": "н", "dat": "на", "abl": "нан", "ins": "мен"}[case]
    return word + first[case] + ("ен" if case == "ins" else rest[case])


def russian(word: str, case: str, female: bool) -> str:
    """Return a Russian name in a case: genitive, dative or instrumental."""
    if case == "nom":
        return word
    at = {"gen": 0, "dat": 1, "ins": 2}[case]
    endings: list[tuple[str, int, tuple[str, str, str]]]
    if female:
        endings = [
            (r"(ов|ев|ин|ын|ёв)а$", 1, ("ой", "ой", "ой")),
            (r"ская$", 2, ("ой", "ой", "ой")),
            (r"ия$", 1, ("и", "и", "ей")),
            (r"я$", 1, ("и", "е", "ей")),
            (r"[гкхжчшщ]а$", 1, ("и", "е", "ой")),
            (r"а$", 1, ("ы", "е", "ой")),
            (r"ь$", 1, ("и", "и", "ью")),
        ]
    else:
        endings = [
            (r"(ов|ев|ин|ын|ёв)$", 0, ("а", "у", "ым")),
            (r"ский$", 2, ("ого", "ому", "им")),
            (r"[йь]$", 1, ("я", "ю", "ем")),
            (r"я$", 1, ("и", "е", "ёй")),
            (r"ич$", 0, ("а", "у", "ем")),
            (r"[бвгджзклмнпрстфхцчшщ]$", 0, ("а", "у", "ом")),
        ]
    for pattern, cut, forms in endings:
        if re.search(pattern, word):
            return word[: len(word) - cut] + forms[at]
    return word
