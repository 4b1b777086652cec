"""What is wrong in the catalogues, in words that a translator can act on."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message

from ustaz.catalogs.extract import Source, sources, wanted
from ustaz.catalogs.kazakh import number_faults
from ustaz.catalogs.update import DRAFT, read_catalog, template_of
from ustaz.messages._catalogs import (
    DOMAINS,
    LANGUAGES,
    SOURCE,
    catalog_path,
    entry,
    on_pages,
)
from ustaz.messages._format import placeholders
from ustaz.messages._plurals import PLURALS

# Latin letters that look Cyrillic; a word that mixes both was typed with the wrong keyboard.
_CYRILLIC: Final = "[А-Яа-яЁёӘәҒғҚқҢңӨөҰұҮүҺһІі]"
MIXED: Final = re.compile(f"[A-Za-z]+{_CYRILLIC}|{_CYRILLIC}[A-Za-z]+")
KAZAKH_ONLY: Final = re.compile(r"[ӘәҒғҚқҢңӨөҰұҮүҺһІі]")

# A Kazakh ending follows the last sound, so it can stand after no placeholder; a date ends in a
# time or in the abbreviation of the year, so that nothing can lean on it either.
_ENDING: Final = (
    r"(?:[дтн]?[ыі](?:ң|ңыз|ңіз|м|мен)?|с[ыі]|[дтн][ыі]ң|[ғгқк][ае]|н[ае]|[дт][ае]н?|нан|нен|"
    r"[мбп]ен|[дт]а[ғг]ы|[дт]егі|л[аы]р|лер|[дт]ар|[дт]ер|сыз|сіз)"
)
GLUED: Final = re.compile(rf"\}}(?:[-‑]{_ENDING}| (?:[мбп]ен|[мбпдт][ае]))(?!\w)")
_DATES: Final = "when|since|date|day|time|start|end|from|to|until|due|typed|confirmed"
AFTER_DATE: Final = re.compile(rf"\{{(?:{_DATES})\}} ?[-‑]?[^\W\d_]")
# A dash between words has a space on both sides; the short one joins the ends of a range («1–4»).
SHORT_DASH: Final = re.compile(r"(?<!\S)–|–(?!\S)")
TIGHT_DASH: Final = re.compile(r"(?<=\w)—|—(?=\w)")
# «сделал(а)», «готов (готова)»: words that fit everybody are found, not both forms written.
BOTH_FORMS: Final = re.compile(
    r"[а-яё]\([а-яё]{1,4}\)|"
    r"\b([а-яё]{3})[а-яё]*(?:[лн]|лся|[ыо]й) \(\1[а-яё]*(?:[лн]а|лась|ая)\)"
)
# People are «вы» and «сіз»; a capital stands only where a sentence or a quotation begins.
POLITE: Final = {
    "ru": re.compile(r"(?<=[\w,;)] )(?:В(?:ы|ас|ам|ами)|Ваш[а-яё]*)\b"),
    "kk": re.compile(rf"(?<=[\w,;)] )Сіз{_CYRILLIC}*"),
}
COUNTS: Final = re.compile(r"\{(?:count|n)\}")
# Quotation marks are «…», inside of them „…“; blanks to fill in may stand before a sign.
_INNER: Final = re.compile("„[^„“”]*“")
ENGLISH_QUOTES: Final = re.compile("[“”‟]")
SPACES: Final = re.compile(r"[«(]\s|(?<=[^\s…_.])\s+[,;:!?»)]")
_PROGRAMS: Final = "ustaz|chmod|mkdir|sudo|systemctl"
_PREPOSITION: Final = re.compile(
    r".*\b(?:без|в|для|до|за|из|к|на|об?|от|по|при|со?|у|через)\b", re.IGNORECASE | re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing to put right.

    Attributes
    ----------
    kind : str
        ``missing``, ``stale``, ``obsolete``, ``fuzzy``, ``plural``, ``placeholder``, ``shape``,
        ``letters``, ``quotes``, ``spaces``, ``dash``, ``ending``, ``number``, ``term``, ``name`` or
        ``differs``.
    lang : str
        Catalogue's language; empty for a template.
    domain : str
        Catalogue's domain.
    message : str
        The English text it is about.
    why : str
        What is wrong.
    """

    kind: str
    lang: str
    domain: str
    message: str
    why: str

    def __str__(self) -> str:
        """Return one line: where, what, why."""
        short = " ".join(self.message.split())
        short = short if len(short) <= 60 else f"{short[:59]}…"
        where = f"{self.lang}/{self.domain}" if self.lang else self.domain
        return f"{where}: {self.kind}: “{short}” {self.why}"


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of a check: complaints, and counts by language.

    The drafts that a page can show are counted once more as `shown`: they are read first.
    """

    complaints: tuple[Complaint, ...]
    entries: dict[str, int]
    drafts: dict[str, int]
    shown: dict[str, int]


def check(root: Path) -> Report:
    """Compare the catalogues under `root` with the texts of its sources."""
    texts = sources(root)
    locale = root / "locale"
    return check_domains({name: texts[name] for name in DOMAINS}, locale, locale / "terms.csv")


def check_domains(
    texts: Mapping[str, list[Source]],
    locale: Path,
    glossary: Path,
    languages: Iterable[str] = LANGUAGES,
) -> Report:
    """Compare the catalogues in a folder with the texts of each domain."""
    complaints: list[Complaint] = []
    entries: Counter[str] = Counter()
    drafts: Counter[str] = Counter()
    shown: Counter[str] = Counter()
    terms = read_terms(glossary)
    seen: dict[tuple[str, str], tuple[str, ...]] = {}
    for domain, domain_texts in texts.items():
        whole = template_of(domain_texts, domain)
        complaints += _ambiguous(domain_texts, domain)
        pot = read_catalog(locale / f"{domain}.pot", SOURCE, domain)
        complaints += _same_entries(whole, pot, "", domain)
        for lang in languages:
            own = wanted(domain_texts, lang)
            if own is None:
                continue
            template = template_of(own, domain)
            catalog = read_catalog(catalog_path(lang, domain, locale), lang, domain)
            complaints += _same_entries(template, catalog, lang, domain)
            complaints += _header(catalog, lang, domain)
            for message in catalog:
                if not message.id:
                    continue
                entries[lang] += 1
                drafts[lang] += DRAFT in message.user_comments
                shown[lang] += DRAFT in message.user_comments and on_pages(message)
                key, forms = entry(message)
                other = seen.setdefault((lang, key), forms)
                if other != forms and len(other) == len(forms):
                    why = "is translated differently in the two domains"
                    complaints.append(Complaint("differs", lang, domain, key, why))
                complaints += [
                    Complaint(kind, lang, domain, key, why)
                    for kind, why in (*faults(message, lang), *strange(message, lang, terms))
                ]
    return Report(tuple(complaints), dict(entries), dict(drafts), dict(shown))


def _same_entries(
    template: Catalog, catalog: Catalog, lang: str, domain: str
) -> Iterator[Complaint]:
    wanted = {entry(message)[0]: message for message in template if message.id}
    there = {entry(message)[0]: message for message in catalog if message.id}
    for key in wanted.keys() - there.keys():
        yield Complaint("missing", lang, domain, key, "has no entry: update the catalogues")
    for key in there.keys() - wanted.keys():
        yield Complaint("stale", lang, domain, key, "is in no source: update the catalogues")
    for key in wanted.keys() & there.keys():
        if wanted[key].id != there[key].id:
            yield Complaint("stale", lang, domain, key, "has another plural in the source")
    for message in catalog.obsolete.values():
        why = "is kept as obsolete: update the catalogues with --prune"
        yield Complaint("obsolete", lang, domain, entry(message)[0], why)


def _ambiguous(texts: list[Source], domain: str) -> Iterator[Complaint]:
    plurals: dict[str, str] = {}
    for source in texts:
        if source.plural is not None and plurals.setdefault(source.singular, source.plural) != (
            source.plural
        ):
            why = f"has two different plurals ({source.file})"
            yield Complaint("plural", "", domain, source.singular, why)


def _header(catalog: Catalog, lang: str, domain: str) -> Iterator[Complaint]:
    wanted = PLURALS[lang]
    if catalog.num_plurals != wanted.forms:
        why = f"Plural-Forms must be: {wanted.header}"
        yield Complaint("plural", lang, domain, "header", why)


def faults(message: Message, lang: str) -> Iterator[tuple[str, str]]:
    """Yield kind and reason of everything wrong in one entry."""
    key, forms = entry(message)
    if message.fuzzy:
        yield "fuzzy", "has changed: read the translation again and take the mark away"
        return
    if not any(forms):
        yield "missing", "is not translated"
        return
    if message.pluralizable and (len(forms) != PLURALS[lang].forms or not all(forms)):
        yield "plural", f"needs {PLURALS[lang].forms} forms"
        return
    other = key if isinstance(message.id, str) else message.id[1]
    for form in forms:
        yield from _form_faults(form, key, other, lang)
    if lang == "ru" and message.pluralizable:
        yield from _governed(*forms[:2])


def _form_faults(form: str, key: str, other: str, lang: str) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with one form of a translation; `other` is the plural in English."""
    wanted = placeholders(key) | placeholders(other)
    # A form for one thing may say "one" in words; nothing may be invented.
    lost = placeholders(other) - placeholders(form) - {"count", "n"}
    if lost or placeholders(form) - wanted:
        names = ", ".join(sorted(lost | (placeholders(form) - wanted)))
        yield "placeholder", f"has other placeholders: {names}"
    if _shape(form) != _shape(key):
        yield "shape", "has other paragraphs or list lines, or spaces at its ends"
    if MIXED.search(_plain(form)):
        yield "letters", f"mixes Latin and Cyrillic in a word: {_mixed(form)}"
    if lang == "ru" and KAZAKH_ONLY.search(_without_names(form)):
        yield "letters", "has Kazakh letters in a Russian text"
    yield from _signs(form, key)
    if lang in POLITE and (match := POLITE[lang].search(form)):
        yield "letters", f"has “{match[0]}” with a capital in the middle of a sentence"
    if lang == "ru":
        yield from _russian(form)
    if lang == "kk":
        yield from _kazakh(form)


def _signs(form: str, key: str) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with quotation marks, dashes and spaces in either language."""
    if '"' in form:
        yield "quotes", "uses straight quotation marks; write «…»"
    if ENGLISH_QUOTES.search(_INNER.sub("", form)):
        yield "quotes", "uses English quotation marks; write «…», inside of them „…“"
    if "  " in form and "  " not in key:
        yield "spaces", "has two spaces in a row"
    if SPACES.search(form) and not SPACES.search(key):
        yield "spaces", "has a space inside of its quotation marks or before a sign"
    if re.search(r"(?<=\s)-(?=\s)", re.sub(r"(?m)^- ", "", form)):
        yield "quotes", "uses a hyphen where a dash — belongs"


def _russian(form: str) -> Iterator[tuple[str, str]]:
    """Yield what the rules of docs/translating.md forbid in a Russian text."""
    if SHORT_DASH.search(form):
        yield "dash", "uses the short dash – where — belongs; – joins the ends of a range"
    if TIGHT_DASH.search(form):
        yield "dash", "has a dash — without a space on both sides"
    if match := BOTH_FORMS.search(form):
        yield "ending", f"has “{match[0]}”: find words that fit everybody"


def _kazakh(form: str) -> Iterator[tuple[str, str]]:
    """Yield what the rules of docs/translating.md forbid in a Kazakh text."""
    if "—" in form:
        yield "dash", "uses the Russian dash — where – belongs"
    if GLUED.search(form):
        yield "ending", "has an ending after a placeholder: any name or number may stand there"
    if re.search(r"\}-(?=\w)", form):
        yield "ending", "needs the hyphen that does not break (U+2011) after a number"
    if AFTER_DATE.search(form):
        yield "ending", "has a word after a date: put the date at the end, after a colon"
    for why in number_faults(form):
        yield "ending", why


def _governed(first: str, second: str) -> Iterator[tuple[str, str]]:
    """Yield where the first Russian form says “one”: it is the form of 21 and 31 as well.

    Only what the number governs may differ from the second form: the noun after it and the
    verb before it, in the same clause.
    """
    if not (COUNTS.search(first) and COUNTS.search(second)):
        return
    ours, theirs = (re.split(r"[.:;?!]", form) for form in (first, second))
    for mine, other in zip(ours, theirs, strict=False):
        if mine != other and not (COUNTS.search(mine) and _before(mine) == _before(other)):
            yield "number", "has a first form that does not fit 21: only the counted words differ"
            return
    if len(ours) != len(theirs):
        yield "number", "has a first form with another number of sentences than the second"


def _before(clause: str) -> str:
    """Return what stands before the number and is not governed by it."""
    held = _PREPOSITION.match(COUNTS.split(clause)[0])
    return held[0] if held else ""


def read_terms(path: Path) -> list[dict[str, str]]:
    """Read the glossary: for each English term the stem that its translations have.

    A row may also name what they never have, in the columns ``never_ru`` and ``never_kk``.
    """
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def strange(
    message: Message, lang: str, terms: Iterable[dict[str, str]]
) -> Iterator[tuple[str, str]]:
    """Yield every term of the glossary that an entry translates with another word."""
    key, forms = entry(message)
    if message.fuzzy or not all(forms):
        return
    prose = [_prose(form) for form in forms]
    for term in terms:
        if not re.search(term["term"], _prose(key), re.IGNORECASE):
            continue
        wanted, never = term[lang], term.get(f"never_{lang}")
        if not all(re.search(wanted, form, re.IGNORECASE) for form in prose):
            yield "term", f"uses another word than the glossary ({wanted})"
        match = re.search(never, "\n".join(prose), re.IGNORECASE) if never else None
        if match:
            yield "term", f"uses “{match[0]}”, which the glossary never has here ({wanted})"


def _shape(text: str) -> tuple[int, int, str, str]:
    """Return what a translation must keep: paragraphs, list lines, spaces at both ends."""
    lead = text[: len(text) - len(text.lstrip())]
    trail = text[len(text.rstrip()) :]
    lines = sum(line.startswith("- ") for line in text.splitlines())
    return len(re.findall(r"\n\s*\n", text.strip())), lines, lead, trail


def _plain(text: str) -> str:
    """Return `text` without placeholders and what stands in back quotes."""
    return re.sub(r"\{\w+\}|`[^`]*`", " ", text)


def _prose(text: str) -> str:
    """Return the words of `text` without commands and options, which no language translates."""
    return re.sub(rf": (?:{_PROGRAMS}) [^.]*|--[a-z][a-z-]*", " ", _plain(text))


def _mixed(text: str) -> str:
    mixed = re.findall(r"\w*(?:" + MIXED.pattern + r")\w*", _plain(text))
    return ", ".join(mixed)


def _without_names(text: str) -> str:
    """Return `text` without initials (Ә.Қ.) and words in quotation marks, which may be Kazakh."""
    return re.sub(r"«[^»]*»|\b\w\.\s?\w\.|Қазақша|ұстаз", " ", text)
