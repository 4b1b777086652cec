"""How hard each page is to read, in figures that an author can act on.

For each page: words, sentences, words in a sentence on average, the sentences of more than
:data:`LONG` words, and Flesch's reading ease for English::

    206.835 - 1.015 * words / sentences - 84.6 * syllables / words

(Rudolf Flesch, "A new readability yardstick", Journal of Applied Psychology 32 (3), 1948,
pp. 221-233). About 60 to 70 is plain English, below 30 is hard. Syllables are counted by rule:
groups of vowels, without a silent ``-e`` or ``-es`` at the end. That is right for most words and
near enough for a page; it says nothing about a single sentence, nor about other languages.

Headings, tables, alternative texts, citations and the lines of directives are left out. A list item
or an answer without a full stop counts as a sentence. The figures come from the sources, so no
build is needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ustaz.book import pages

#: A sentence of more words than this is long.
LONG: Final = 25
#: Pages shorter than this say nothing on average.
FEWEST_WORDS: Final = 100
FOLDERS: Final = ("book", "facilitator_notes")

_FENCE: Final = re.compile(r"^\s*(:{3,}|`{3,})\s*(\{[\w-]+\})?\s*(.*)$")
_OPTIONS: Final = re.compile(
    r"^(\s*`{3,}\{[\w-]+\}[^\n]*\n)---\n.*?\n---\n", re.MULTILINE | re.DOTALL
)
#: Headings, tables, anchors, rules, remarks, options of directives.
_UNREAD: Final = re.compile(r"\s*[#|%]|\([\w-]+\)=$|---$|\s*:[\w-]+:( .*)?$")
_LIST_MARK: Final = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+(?:\[[ x\w]*\]\s+)?")
_TITLED: Final = ("{activity}", "{discussion}", "{reflection}", "{caution}", "{example}")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+(?:[.,:]\d+)*")
#: The end of a sentence, but not the point after an initial ("Aigul S.").
_END: Final = re.compile(r"(?<![\s(][A-Z]\.)(?<=[.!?…])[\"”’)*_]*\s+(?=[\"“‘(*_]*[A-Z0-9])")
_VOWELS: Final = re.compile(r"[aeiouy]+")
#: After these an ``-es`` is spoken.
_HISSED: Final = ("ses", "zes", "xes", "ches", "shes", "ges", "ces")
#: Neighbouring vowels that are two syllables: "being", "period", "evaluate".
_APART: Final = re.compile(r"[aeiouy](?=ing\Z)|(?<![cstgx])i(?=[ao])|(?<![qg])u(?=a)")


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one page.

    Attributes
    ----------
    words, sentences, syllables : int
        Counts over the running text.
    long : tuple of str
        The sentences of more than :data:`LONG` words, the longest first.
    """

    words: int
    sentences: int
    syllables: int
    long: tuple[str, ...]

    @property
    def mean(self) -> float:
        """Words in a sentence on average."""
        return self.words / self.sentences if self.sentences else 0.0

    @property
    def ease(self) -> float:
        """Flesch's reading ease."""
        if not self.words:
            return 100.0
        return 206.835 - 1.015 * self.mean - 84.6 * self.syllables / self.words


@dataclass(frozen=True, slots=True)
class Bound:
    """What a page of a kind has to keep.

    Attributes
    ----------
    mean : float
        Words in a sentence on average, at most.
    ease : float
        Flesch's reading ease, at least.
    long : float
        Share of long sentences, at most.
    """

    mean: float
    ease: float
    long: float

    def broken_by(self, figures: Figures) -> list[str]:
        """Return what is wrong with a page, one line each; nothing for a very short page."""
        if figures.words < FEWEST_WORDS:
            return []
        passages = []
        if figures.mean > self.mean:
            passages.append(f"{figures.mean:.1f} words a sentence; at most {self.mean:g}")
        if figures.ease < self.ease:
            passages.append(f"reading ease {figures.ease:.0f}; at least {self.ease:g}")
        share = len(figures.long) / figures.sentences
        if share > self.long:
            passages.append(f"{share:.1%} of the sentences are long; at most {self.long:.0%}")
        return passages


BOUNDS: Final = {
    "module": Bound(mean=12, ease=70, long=0.04),
    "runbook": Bound(mean=12, ease=70, long=0.06),
    "page": Bound(mean=16, ease=60, long=0.08),
}


def measure(text: str) -> Figures:
    """Return the figures of a page's source."""
    kept = [(words, sentence) for sentence in sentences(text) if (words := _WORD.findall(sentence))]
    long = sorted((pair for pair in kept if len(pair[0]) > LONG), key=lambda pair: -len(pair[0]))
    return Figures(
        words=sum(len(words) for words, _ in kept),
        sentences=len(kept),
        syllables=sum(syllables(word) for words, _ in kept for word in words),
        long=tuple(text for _, text in long),
    )


def of_book(root: Path) -> dict[str, Figures]:
    """Return the figures of all English pages under `root`, by path."""
    figures = {}
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*.md")):
            name = path.relative_to(root).as_posix()
            text = path.read_text(encoding="utf-8")
            hidden = any(part.startswith(("_", ".")) for part in name.split("/"))
            if not hidden and re.search(r"\A---\n(?:.*\n)*?lang: en\n(?:.*\n)*?---\n", text):
                figures[name] = measure(text)
    return figures


def faults(figures: dict[str, Figures]) -> dict[str, list[str]]:
    """Return, by path, what pages have beyond their bound."""
    checked = {
        name: BOUNDS[pages.kind_of(name.removesuffix(".md"))].broken_by(figure)
        for name, figure in figures.items()
    }
    return {name: wrong for name, wrong in checked.items() if wrong}


def table(figures: dict[str, Figures], *, show_long: bool = False) -> str:
    """Return the figures as a table for people."""
    wrong = faults(figures)
    width = max((len(name) for name in figures), default=4)
    lines = [f"{'page':{width}}  words  sentences  mean  long  ease"]
    for name, figure in figures.items():
        lines.append(
            f"{name:{width}}  {figure.words:5}  {figure.sentences:9}  {figure.mean:4.1f}  "
            f"{len(figure.long):4}  {figure.ease:4.0f}"
        )
        lines += [f"    over the bound: {fault}" for fault in wrong.get(name, [])]
        if show_long:
            lines += [f"    {len(_WORD.findall(text))} words: {text}" for text in figure.long]
    return "\n".join(lines) + "\n"


def syllables(word: str) -> int:
    """Count the syllables of an English word by rule; a number counts as one."""
    letters = word.lower().replace("’", "'").removesuffix("'s")
    if letters.endswith("es") and not letters.endswith(_HISSED):
        letters = letters.removesuffix("es")
    elif letters.endswith("ed") and not letters.endswith(("ted", "ded")):
        letters = letters.removesuffix("ed")
    elif letters.endswith("e") and not re.search(r"[^aeiouy]le\Z", letters):
        letters = letters.removesuffix("e")
    return max(1, len(_VOWELS.findall(letters)) + len(_APART.findall(letters)))


def sentences(text: str) -> list[str]:
    """Return the sentences of a page's running text."""
    return [
        part.strip()
        for passage in _passages(text)
        for part in _END.split(_plain(passage))
        if part.strip()
    ]


def _passages(text: str) -> Iterator[str]:
    """Yield paragraphs, list items, answers and titles of blocks."""
    text = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL)
    # Options of a directive in the form with `---`, and what MyST never shows.
    text = _OPTIONS.sub(r"\1", text)
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    rows: list[str] = []
    for line in [*text.splitlines(), ""]:
        fence, row = _FENCE.match(line), re.sub(r"^\s*(?:[-*+]\s+)?>\s?", "> ", line)
        starts = bool(_LIST_MARK.match(line)) or row.startswith("> ")
        if rows and (fence or starts or not line.strip()):
            yield " ".join(rows)
            rows = []
        if fence:
            if fence.group(2) in _TITLED and fence.group(3):
                yield fence.group(3)
        elif line.strip() and not _UNREAD.match(line):
            rows.append(_LIST_MARK.sub("", row.removeprefix("> ")).strip())


def _plain(passage: str) -> str:
    """Return a passage as the reader sees it, without citations."""
    passage = re.sub(r"\s*\{cite(?::\w+)?\}`[^`]*`", "", passage)
    passage = re.sub(r"\{[\w:-]+\}`([^`<]*?)\s*(?:<[^`>]*>)?`", r"\1", passage)
    passage = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", passage)
    passage = re.sub(r"<https?://[^>]*>|https?://\S+", "", passage)
    return re.sub(r"[`*]", "", passage)
