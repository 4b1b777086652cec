"""What a portfolio holds, as plain words: every form of it is drawn from this and nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ustaz.base.evidence import PICTURES
from ustaz.storyline import Event


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that an answer shows.

    Attributes
    ----------
    sha256 : str
    name, caption : str
        As its owner wrote them.
    type : str
    size : int
        Bytes.
    there : bool
        Whether it is kept and whole; else it is named alone.
    lang : str
        Language of the workbook that it stands in, so of its caption; empty where that is unknown.
    """

    sha256: str
    name: str
    caption: str
    type: str
    size: int
    there: bool = True
    lang: str = ""

    @property
    def is_picture(self) -> bool:
        """Tell whether it can be looked at where it stands."""
        return self.there and self.type in PICTURES

    @property
    def alt(self) -> str:
        """Return what stands for the picture where it is not seen."""
        return self.caption or self.name


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: the cells that say something, each with its label."""

    cells: tuple[tuple[str, str], ...]
    files: tuple[Attached, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: a text, rows, or files.

    Attributes
    ----------
    place : str
        ``workbook/field``.
    label : str
        The question, in the portfolio's language.
    lang : str
        Language in which it was answered.
    row_name : str
        What a row is called.
    """

    place: str
    label: str
    lang: str
    text: str = ""
    rows: tuple[Row, ...] = ()
    row_name: str = ""
    files: tuple[Attached, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a workbook, without what was left empty."""

    title: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A workbook of the year."""

    workbook: str
    code: str
    title: str
    lang: str
    revision: int
    sections: tuple[Section, ...]

    @property
    def answers(self) -> Iterator[Answer]:
        """Give every answer."""
        return (answer for section in self.sections for answer in section.answers)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A piece of evidence: a row that names the criteria for which it speaks.

    Attributes
    ----------
    number : int
        From 1, through the whole portfolio: ``E4``.
    place : str
        ``workbook/table``.
    """

    number: int
    title: str
    day: dt.date | None
    criteria: tuple[str, ...]
    place: str
    lang: str
    row: Row

    @property
    def name(self) -> str:
        """Return what it is called in the map."""
        return f"E{self.number}"


@dataclass(frozen=True, slots=True)
class Standing:
    """A criterion and what speaks for it.

    Attributes
    ----------
    descriptors : tuple of str
        What each level looks like, from 0.
    places : tuple of str
        Where answers that speak for it may stand.
    own, own_reason : str
        The level that its owner sees in it, and what shows it, where a workbook asks for that.
    """

    id: str
    code: str
    label: str
    descriptors: tuple[str, ...]
    places: tuple[str, ...]
    answers: tuple[Answer, ...]
    evidence: tuple[Evidence, ...]
    own: str = ""
    own_reason: str = ""

    @property
    def shown(self) -> bool:
        """Tell whether anything speaks for it."""
        return bool(self.answers or self.evidence)


@dataclass(frozen=True, slots=True)
class StoryLine:
    """The project along the year, as every page of it shows it (:mod:`ustaz.storyline`).

    Attributes
    ----------
    events : tuple of Event
        By day.
    start, end : date
        Of the programme.
    sources : mapping of str to (str, str)
        Of each workbook its title, and the language of its answers.
    """

    events: tuple[Event, ...]
    start: dt.date
    end: dt.date
    sources: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Portfolio:
    """All of it, for one reader and in one language.

    Attributes
    ----------
    owner : str
        As whom the reader knows its owner.
    lang : str
        Of labels; answers stand in the language in which they were written.
    round : int or None
        Which submission it is; None as it stands today.
    day : date
        Of the submission, or today.
    own : Part
        The portfolio's own answers.
    """

    owner: str
    course: str
    title: str
    lang: str
    round: int | None
    day: dt.date
    own: Part
    one_page: tuple[Answer, ...]
    criteria: tuple[Standing, ...]
    levels: tuple[str, ...]
    story: StoryLine
    parts: tuple[Part, ...]
    evidence: tuple[Evidence, ...]

    @property
    def files(self) -> tuple[Attached, ...]:
        """Return every file that is shown, each once."""
        named: dict[str, Attached] = {}
        for part in (self.own, *self.parts):
            for answer in part.answers:
                for file in (*answer.files, *(file for row in answer.rows for file in row.files)):
                    named.setdefault(file.sha256, file)
        return tuple(named.values())

    @property
    def empty(self) -> bool:
        """Tell whether nothing was written yet."""
        return not any(True for part in (self.own, *self.parts) for _ in part.answers)
