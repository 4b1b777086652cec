"""The index of an edition: which page has which stem, and how much it is about it.

The weight of a stem on a page is a sum of BM25 (Robertson and Zaragoza, 2009) over three fields:
the words that name the page, its headings, its text. Each field has its own rarity, since a word
that every text has may still name one page only. The weight is computed here once and kept as a
small whole number, so that the search page only adds up.
"""

from __future__ import annotations

import json
import math
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ustaz.book.search.pagetext import PageText
from ustaz.book.search.stems import stemmer, stems_of
from ustaz.book.settings import VOCABULARY

#: How much a field counts.
NAMES: Final = 1.6
HEADINGS: Final = 0.7
TEXT: Final = 1.0
#: BM25's saturation, and how far a long field is held against a short one.
SATURATION: Final = 1.6
LENGTH: Final = 0.6
#: Weights are kept as whole numbers up to here.
LARGEST: Final = 63


@dataclass(frozen=True, slots=True)
class CountedPage:
    """A page of which the stems have been counted.

    Attributes
    ----------
    title, part : str
        See :class:`PageText`.
    names, headings, text : Counter
        How often each stem is in the words that name the page, in its headings, in its text.
    """

    title: str
    part: str
    names: Counter[str]
    headings: Counter[str]
    text: Counter[str]


def counted(page: PageText, language: str, names: str) -> CountedPage:
    """Count the stems of a page; `names` is what people call it, beside its title."""
    fields = (
        f"{page.title} {names}",
        " ".join(part.heading for part in page.sections),
        " ".join(part.text for part in page.sections),
    )
    counts = (Counter(stems_of(text, language)) for text in fields)
    return CountedPage(page.title, page.part, *counts)


def weights(pages: Sequence[CountedPage]) -> dict[str, list[tuple[int, int]]]:
    """Return, for each stem, the pages that have it with their weights; `pages` in order."""
    fields = [
        (NAMES, [page.names for page in pages]),
        (HEADINGS, [page.headings for page in pages]),
        (TEXT, [page.text for page in pages]),
    ]
    total: dict[str, dict[int, float]] = {}
    for share, counts in fields:
        for number, scores in enumerate(_scores(counts)):
            for stem, score in scores.items():
                of_stem = total.setdefault(stem, {})
                of_stem[number] = of_stem.get(number, 0.0) + share * score
    largest = (NAMES + HEADINGS + TEXT) * math.log(1 + len(pages))
    return {
        stem: [
            (number, max(1, round(LARGEST * score / largest)))
            for number, score in sorted(total[stem].items())
        ]
        for stem in sorted(total)
    }


def _scores(counts: Sequence[Counter[str]]) -> list[dict[str, float]]:
    """Return BM25 of each stem in each of the texts."""
    lengths = [count.total() for count in counts]
    average = max(1.0, sum(lengths) / max(1, len(lengths)))
    having = Counter(stem for count in counts for stem in count)
    rarity = {
        stem: math.log(1 + (len(counts) - number + 0.5) / (number + 0.5))
        for stem, number in having.items()
    }
    scores = []
    for count, length in zip(counts, lengths, strict=True):
        against = SATURATION * (1 - LENGTH + LENGTH * length / average)
        scores.append(
            {stem: rarity[stem] * times / (times + against) for stem, times in count.items()}
        )
    return scores


class Vocabulary:
    """What people type for the words of the book, as its authors wrote it down.

    Attributes
    ----------
    groups : list of list of str
        Words that stand for each other.
    names : dict of str to str
        Words that people type for a page, by its address.
    """

    def __init__(self, root: Path, language: str) -> None:
        path = root / VOCABULARY
        content = tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        of_language = content.get(language, {})
        self.groups: list[list[str]] = [line.split() for line in of_language.get("words", [])]
        self.names: dict[str, str] = of_language.get("pages", {})


def dumped(pages: Mapping[str, CountedPage], language: str, vocabulary: Vocabulary) -> str:
    """Return the index as the search page loads it; `pages` by their addresses, in order.

    Terms are sorted and joined. Each has a list that goes by turns: how many pages further, weight.
    """
    terms: list[str] = []
    lists: list[list[int]] = []
    for stem, entries in weights([*pages.values()]).items():
        steps, before = [], 0
        for number, weight in entries:
            steps += [number - before, weight]
            before = number
        terms.append(stem)
        lists.append(steps)
    of = stemmer(language)
    index = {
        "format": 1,
        "pages": [[address, page.title, page.part] for address, page in pages.items()],
        "terms": " ".join(terms),
        "weights": lists,
        "synonyms": [sorted({of(word) for word in group}) for group in vocabulary.groups],
    }
    content = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    return f"ustazSearch.setIndex({content});\n"
