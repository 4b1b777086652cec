"""Runbooks as data: what a page of the facilitator's notes says of a meeting, block by block.

Read from the pages themselves and from their catalogues, which a wheel carries both, so that no
second copy can go out of date; neither Sphinx nor a built book is needed. Markup becomes plain
words. As on the book's pages, a runbook whose translation is not whole is in English altogether.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from ustaz.base.shipped import shipped
from ustaz.book import frontmatter
from ustaz.book.translations import SOURCE
from ustaz.catalogs.markup import visible
from ustaz.catalogs.update import read_catalog

FOLDER: Final = "facilitator_notes"
PREFIX: Final = "run-"
#: The parts of an activity besides its own text.
PARTS: Final = ("say", "avoid", "trouble")
_OPEN: Final = re.compile(r"(:{3,})\{([a-z]+)\}[ \t]*(.*)\Z")
_OPTION: Final = re.compile(r":([a-z]+):[ \t]*(.*)\Z")
_LINK: Final = re.compile(r"\{doc\}`([^`<]*?)\s*<([^<>`]+)>`")
_BULLET: Final = re.compile(r"[-*] ")


@dataclass(frozen=True, slots=True)
class Material:
    """A sheet of the book that an activity uses: its name in the reader's language, its page."""

    title: str
    page: str


@dataclass(frozen=True, slots=True)
class RunbookBlock:
    """One activity of a meeting.

    Attributes
    ----------
    title : str
    minutes, talk : int
        How long it takes, and how long the facilitator talks of it at most.
    grouping : str
        One of :data:`ustaz.book.groupings.GROUPINGS`.
    section : str
        ``start`` or ``activities``.
    text, say, avoid, trouble : str
        Paragraphs, an empty line between two.
    materials : tuple of Material
    shorten : int
        The minutes that are still enough; 0 where nothing is said.
    drop : bool
        Whether a meeting that runs late may leave it out.
    begins : int or None
        Where a page holds several meetings: the minute to which the clock is set.
    """

    title: str
    minutes: int
    grouping: str
    talk: int
    section: str
    text: str = ""
    say: str = ""
    avoid: str = ""
    trouble: str = ""
    materials: tuple[Material, ...] = ()
    shorten: int = 0
    drop: bool = False
    begins: int | None = None


@dataclass(frozen=True, slots=True)
class Runbook:
    """A meeting as the facilitator's notes have it.

    Attributes
    ----------
    id, page : str
        Id of the page; its name in the book, as ``workshop-3``.
    title : str
        Without the word "Runbook" before it.
    minutes : int
    workbook : str
        Of the page's front matter; may be empty.
    lang : str
        In which language it is.
    blocks : tuple of RunbookBlock
    before : tuple of str
        What is prepared, one line each.
    """

    id: str
    page: str
    title: str
    minutes: int
    workbook: str
    lang: str
    blocks: tuple[RunbookBlock, ...]
    before: tuple[str, ...] = ()

    @property
    def is_one_meeting(self) -> bool:
        """Tell whether it is one meeting after the clock, and not several talks on one page."""
        return all(block.begins is None for block in self.blocks)


def runbooks(lang: str) -> tuple[Runbook, ...]:
    """Return every runbook of the facilitator's notes in a language, in the order of their names.

    Parameters
    ----------
    lang : str
        One of :data:`ustaz.messages.LANGUAGES`.
    """
    return _runbooks(shipped(), lang)


@lru_cache(maxsize=8)
def _runbooks(root: Path, lang: str) -> tuple[Runbook, ...]:
    read = (_read(root, path, lang) for path in sorted((root / FOLDER).glob("*.md")))
    return tuple(runbook for runbook in read if runbook is not None)


@dataclass(slots=True)
class _Activity:
    """An activity while its lines are read; the texts are those of the page's source."""

    title: str
    section: str
    options: dict[str, str] = field(default_factory=dict)
    texts: dict[str, list[str]] = field(default_factory=dict)


def _read(root: Path, path: Path, lang: str) -> Runbook | None:
    text = path.read_text(encoding="utf-8")
    matter, faults = frontmatter.read(text)
    if matter is None or faults or not matter.id.startswith(PREFIX):
        return None
    lines = text.splitlines()
    activities = list(_activities(lines))
    before = [_joined(bullet) for bullet in _bullets(_section(lines, "Before"))]
    sources = [matter.title, *before]
    for activity in activities:
        sources += [activity.title, *(text for texts in activity.texts.values() for text in texts)]
    known = _translations(root, path.stem, lang)
    whole = lang == SOURCE or all(known.get(source) for source in sources)
    words = known if whole and lang != SOURCE else {}

    def title_of(name: str) -> str:
        return _title(root, name, lang if whole else SOURCE)

    title = words.get(matter.title, matter.title).partition(":")
    return Runbook(
        id=matter.id,
        page=path.stem,
        title=_capital((title[2] or title[0]).strip()),
        minutes=matter.minutes,
        workbook=matter.workbook,
        lang=lang if whole else SOURCE,
        blocks=tuple(_block(activity, words, title_of) for activity in activities),
        before=tuple(visible(words.get(line, line)) for line in before),
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _translations(root: Path, page: str, lang: str) -> dict[str, str]:
    """Return the texts of a page by their source; empty where it has no catalogue."""
    if lang == SOURCE:
        return {}
    path = root / "locale" / lang / "LC_MESSAGES" / "book" / "notes" / f"{page}.po"
    return {
        str(message.id): str(message.string)
        for message in read_catalog(path, lang, page)
        if message.id and message.string
    }


def _section(lines: list[str], heading: str) -> list[str]:
    """Return the lines of a section of the page."""
    inside, kept = False, []
    for line in lines:
        if line.startswith("## "):
            inside = line[3:].strip() == heading
        elif inside:
            kept.append(line)
    return kept


def _bullets(lines: list[str]) -> Iterator[list[str]]:
    """Yield the items of a list, each with its lines."""
    bullet: list[str] = []
    for line in [*lines, ""]:
        if _BULLET.match(line) or not line.strip():
            if bullet:
                yield bullet
            bullet = [line[2:]] if _BULLET.match(line) else []
        elif bullet:
            bullet.append(line)


def _joined(lines: list[str]) -> str:
    """Return lines of a paragraph as a catalogue has them."""
    return " ".join(" ".join(lines).split())


def _activities(lines: list[str]) -> Iterator[_Activity]:
    section, colons, part = "", "", ""
    activity: _Activity | None = None
    paragraph: list[str] = []

    def close() -> None:
        if activity is not None and paragraph:
            activity.texts.setdefault(part, []).append(_joined(paragraph))
        paragraph.clear()

    for line in lines:
        if line.startswith("## "):
            section = line[3:].strip().lower()
        opening = _OPEN.match(line)
        if activity is None:
            if opening and opening[2] == "activity":
                activity, colons, part = _Activity(opening[3].strip(), section), opening[1], "text"
            continue
        if line.rstrip() == colons:
            close()
            yield activity
            activity = None
        elif opening:
            close()
            part = opening[2]
        elif set(line.strip()) == {":"}:
            close()
            part = "text"
        elif not line.strip():
            close()
        elif (
            part == "text"
            and not activity.texts
            and not paragraph
            and (option := _OPTION.match(line))
        ):
            activity.options[option[1]] = option[2].strip()
        else:
            paragraph.append(line)


def _block(
    activity: _Activity, words: dict[str, str], title_of: Callable[[str], str]
) -> RunbookBlock:
    def plain(part: str) -> str:
        texts = activity.texts.get(part, [])
        return "\n\n".join(visible(words.get(text, text)) for text in texts)

    options: dict[str, Any] = activity.options
    begins = options.get("from")
    return RunbookBlock(
        title=visible(words.get(activity.title, activity.title)),
        minutes=int(options["minutes"]),
        grouping=options["grouping"],
        talk=int(options.get("talk", 0)),
        section=activity.section,
        text=plain("text"),
        **{part: plain(part) for part in PARTS},
        materials=tuple(_materials(activity, words, title_of)),
        shorten=int(options.get("shorten", 0)),
        drop="drop" in options,
        begins=None if begins is None else int(begins),
    )


def _title(root: Path, page: str, lang: str) -> str:
    """Return the title of a page of the notes; empty where there is none."""
    path = root / FOLDER / f"{page}.md"
    if not path.is_file():
        return ""
    matter, _ = frontmatter.read(path.read_text(encoding="utf-8"))
    title = matter.title if matter is not None else ""
    return _translations(root, page, lang).get(title, title)


def _materials(
    activity: _Activity, words: dict[str, str], title_of: Callable[[str], str]
) -> Iterator[Material]:
    """Yield the sheets that an activity leads to, by their own titles.

    The words of a link stand in a sentence, in whatever case that wants.
    """
    seen: set[str] = set()
    for texts in activity.texts.values():
        for text in texts:
            for title, page in _LINK.findall(words.get(text, text)):
                if page not in seen:
                    seen.add(page)
                    yield Material(visible(title_of(page) or title), page)
