"""Pages that were made already: other words in the place of the name of somebody who was erased.

A page names a person in a few sentences of ours only: who confirmed, who wrote down, who typed in.
In exactly these the name is exchanged; what people wrote themselves is never looked into.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

from ustaz.base import files
from ustaz.course import Course
from ustaz.exchange.confirmations import CONFIRMED, WRITTEN_DOWN
from ustaz.grading.confirming import KEPT
from ustaz.grading.entered import OPEN, TYPED
from ustaz.grading.text import line
from ustaz.messages import LANGUAGES, translator
from ustaz.roster.former import NAMES

SENTENCES: Final = (CONFIRMED, WRITTEN_DOWN, TYPED, OPEN)


def pages(course: Course) -> Iterator[Path]:
    """Yield the pages that may name somebody: graded notebooks and feedback, wherever it lies."""
    folders = (
        course.dir.glob("autograded/*/*/*.ipynb"),
        course.dir.glob("feedback/*/*/*.html"),
        course.people_dir.glob("*/*/returned/*/*.html"),
        course.exchange_dir.glob("nbgrader/*/feedback/*.html"),
    )
    for some in folders:
        yield from (path for path in sorted(some) if path.is_file() and not path.is_symlink())


def unnamed(page: Path, name: str, old: str, new: str) -> bytes | None:
    """Return a page without the name and the id; None where neither stands in it.

    Parameters
    ----------
    page : Path
    name, old : str
        Of whoever is erased.
    new : str
        The id that stands for them.
    """
    notebook = page.suffix == ".ipynb"
    before = text = page.read_text(encoding="utf-8")
    # Letters and digits stand in a page as they are: most pages need no closer look.
    if not any(word in text for word in (old, *re.findall(r"\w+", name))):
        return None
    for needle, instead in _sentences(name, new):
        text = text.replace(_inside(needle), _inside(instead)) if notebook else (
            text.replace(needle, instead)
        )  # fmt: skip
    if notebook and f'"{old}"' in text:
        text = _kept(text, old, new)
    return None if text == before else text.encode()


def unname(page: Path, name: str, old: str, new: str) -> bool:
    """Exchange name and id in a page; tell whether they stood there."""
    rewritten = unnamed(page, name, old, new)
    if rewritten is not None:
        files.replace(page, rewritten, page.stat().st_mode & 0o777)
    return rewritten is not None


@lru_cache(4)
def _sentences(name: str, new: str) -> list[tuple[str, str]]:
    """Return each sentence's piece around the name, as it is and as it shall be."""
    patterns = []
    for language in LANGUAGES:
        say = translator(language).gettext
        instead = line(say(NAMES[new]))
        for sentence in SENTENCES:
            first, _, rest = html.escape(say(sentence)).partition("{name}")
            head, tail = first.rpartition("}")[2], rest.partition("{")[0]
            patterns.append((f"{head}{line(name)}{tail}", f"{head}{instead}{tail}"))
    return patterns


def _inside(text: str) -> str:
    """Return a text as it stands inside a JSON string."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _kept(text: str, old: str, new: str) -> str:
    """Exchange the id in what a graded notebook remembers of confirmations."""
    node = json.loads(text)
    kept = node.get("metadata", {}).get("ustaz", {}).get(KEPT) or []
    fresh = sorted([field, new if by == old else by, day] for field, by, day in kept)
    if fresh == kept:
        return text
    node["metadata"]["ustaz"][KEPT] = fresh
    return json.dumps(node, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
