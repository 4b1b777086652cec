"""A portfolio in the order in which it is read, as blocks: every form of it draws the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ustaz.messages import N_, long_date, numbered, translator
from ustaz.messages import format as fill_in
from ustaz.portfolio.model import (
    Answer,
    Attached,
    Evidence,
    Part,
    Portfolio,
    Standing,
    StoryLine,
)
from ustaz.storyline import lines, svg_file

#: Characters of an answer on the one page: six of them fill a sheet of A4.
ONE_PAGE: Final = 420
#: Characters of what somebody wrote, in the table along the year.
LINE: Final = 160
ELLIPSIS: Final = "…"


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of text: in which language, where it leads in the same document, who wrote it."""

    text: str
    lang: str
    to: str = ""
    written: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 stands once."""

    level: int
    text: Text
    anchor: str = ""
    kind: str = "heading"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A sentence of ours; `quiet` where it is beside the point."""

    text: Text
    quiet: bool = False
    kind: str = "paragraph"


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the first cell of each row is its heading; `short` where all cells are."""

    head: tuple[Text, ...]
    rows: tuple[tuple[tuple[Text, ...], ...], ...]
    caption: Text
    short: bool = False
    kind: str = "table"


@dataclass(frozen=True, slots=True)
class Labelled:
    """An answer in words under its question."""

    label: Text
    text: Text
    kind: str = "labelled"


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a table, one after the other: cells of twenty words are no columns."""

    label: Text
    rows: tuple[RowBlock, ...]
    kind: str = "rows"


@dataclass(frozen=True, slots=True)
class RowBlock:
    """One row: what it is called, its cells, its files."""

    name: Text
    cells: tuple[tuple[Text, Text], ...]
    files: tuple[Attached, ...] = ()
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Files:
    """Files that an answer shows."""

    label: Text
    files: tuple[Attached, ...]
    kind: str = "files"


@dataclass(frozen=True, slots=True)
class Story:
    """The story line: a picture, and the same as a table by date.

    A page has its own list beside the picture; a file has the table.
    """

    line: StoryLine
    today: dt.date
    alt: Text
    table: Table
    kind: str = "story"

    def svg(self, lang: str) -> bytes:
        """Return the picture as a file of its own."""
        line = self.line
        return svg_file(line.events, start=line.start, end=line.end, today=self.today, lang=lang)


Block = Heading | Paragraph | Table | Labelled | Rows | Files | Story


def blocks(model: Portfolio) -> list[Block]:
    """Return the whole portfolio."""
    writer = _Writer(model)
    return [
        *writer.head(),
        *writer.overview(),
        *writer.own(),
        *writer.criteria(),
        *writer.evidence(),
        *writer.story(),
        *writer.year(),
    ]


def one_page(model: Portfolio) -> list[Block]:
    """Return the summary of one page."""
    return list(_Writer(model).one_page())


def criterion(model: Portfolio, criterion_id: str) -> list[Block]:
    """Return what speaks for one criterion, with its evidence in full, for whoever marks it."""
    writer = _Writer(model)
    standing = next(entry for entry in model.criteria if entry.id == criterion_id)
    speaking = list(writer.standing(standing))
    if standing.evidence:
        speaking.append(writer.pieces(standing.evidence))
    return speaking


class _Writer:
    def __init__(self, model: Portfolio) -> None:
        self.model = model
        self.texts = translator(model.lang)

    def ours(self, message: str, to: str = "", **params: object) -> Text:
        return Text(fill_in(self.texts.gettext(message), **params), self.model.lang, to)

    def label(self, text: str) -> Text:
        return Text(text, self.model.lang)

    # -- the beginning ----------------------------------------------------------------------------
    def head(self) -> Iterator[Block]:
        model = self.model
        yield Heading(1, Text(model.title, model.own.lang, written=True))
        about = {
            "title": model.own.title,
            "owner": model.owner,
            "course": model.course,
            "day": long_date(model.day, model.lang),
        }
        if model.round is None:
            message = N_("{title} of {owner}, {course}. As it stands on {day}.")
            yield Paragraph(self.ours(message, **about))
        else:
            message = N_("{title} of {owner}, {course}. Submission {n} of {day}.")
            yield Paragraph(self.ours(message, n=model.round, **about))

    def overview(self) -> Iterator[Block]:
        yield Heading(2, self.ours(N_("At a glance")), "map")
        with_own = any(standing.own for standing in self.model.criteria)
        head = [self.ours(N_("Criterion")), self.ours(N_("Answers")), self.ours(N_("Evidence"))]
        if with_own:
            head.append(self.ours(N_("How I see it")))
        rows = tuple(
            tuple(self._map_row(standing, with_own=with_own)) for standing in self.model.criteria
        )
        yield Table(tuple(head), rows, self.ours(N_("What speaks for each criterion")), short=True)

    def _map_row(self, standing: Standing, *, with_own: bool) -> Iterator[tuple[Text, ...]]:
        lang = self.model.lang
        yield (Text(f"{standing.code} {standing.label}", lang, f"criterion-{standing.id}"),)
        if standing.answers:
            yield (
                self.ours(
                    N_("{answered} of {of}"),
                    answered=len(standing.answers), of=len(standing.places),
                ),
            )  # fmt: skip
        else:
            yield (self.ours(N_("none yet")),)
        if standing.evidence:
            yield tuple(
                Text(piece.name, lang, f"evidence-{piece.number}") for piece in standing.evidence
            )
        else:
            yield (self.ours(N_("none yet")),)
        if with_own:
            yield (Text(standing.own or "–", lang),)

    def own(self) -> Iterator[Block]:
        for section in self.model.own.sections:
            yield Heading(2, self.label(section.title))
            for answer in section.answers:
                yield from self.answer(answer)

    # -- by criterion -----------------------------------------------------------------------------
    def criteria(self) -> Iterator[Block]:
        yield Heading(2, self.ours(N_("By criterion")), "criteria")
        for standing in self.model.criteria:
            heading = self.label(f"{standing.code} {standing.label}")
            yield Heading(3, heading, f"criterion-{standing.id}")
            yield from self.standing(standing)
            if standing.evidence:
                rows = tuple(self._piece_row(piece) for piece in standing.evidence)
                head = (self.ours(N_("Evidence")), self.ours(N_("What it is")))
                caption = self.ours(N_("Evidence for {code}"), code=standing.code)
                yield Table(head, rows, caption)

    def standing(self, standing: Standing) -> Iterator[Block]:
        if standing.own:
            yield Labelled(self.ours(N_("How I see it")), self.label(standing.own))
        if standing.own_reason:
            reason = Text(standing.own_reason, self.model.own.lang, written=True)
            yield Labelled(self.ours(N_("What shows it")), reason)
        for answer in standing.answers:
            yield from self.answer(answer, source=True)
        if not standing.shown:
            yield Paragraph(self.ours(N_("Nothing speaks for it yet.")), quiet=True)

    def _piece_row(self, piece: Evidence) -> tuple[tuple[Text, ...], ...]:
        day = f" ({long_date(piece.day, self.model.lang)})" if piece.day else ""
        return (
            (Text(piece.name, self.model.lang, f"evidence-{piece.number}"),),
            (Text(f"{piece.title}{day}", piece.lang, written=True),),
        )

    def evidence(self) -> Iterator[Block]:
        if self.model.evidence:
            yield Heading(2, self.ours(N_("Evidence")), "evidence")
            yield self.pieces(self.model.evidence)

    def pieces(self, pieces: tuple[Evidence, ...]) -> Rows:
        codes = {standing.id: standing.code for standing in self.model.criteria}
        return Rows(
            Text("", self.model.lang),
            tuple(
                RowBlock(
                    Text(
                        " · ".join(
                            [piece.name, *(codes.get(name, name) for name in piece.criteria)]
                        ),
                        self.model.lang,
                    ),
                    self._cells(piece.row.cells, piece.lang),
                    piece.row.files,
                    f"evidence-{piece.number}",
                )
                for piece in pieces
            ),
        )

    # -- along the year ---------------------------------------------------------------------------
    def story(self) -> Iterator[Block]:
        model, lang = self.model, self.model.lang
        if not model.story.events:
            return
        yield Heading(2, self.ours(N_("Along the year")), "year")
        head = (
            self.ours(N_("Day")),
            self.ours(N_("What was done")),
            self.ours(N_("From which workbook")),
        )
        rows = []
        for event, kind, state in lines(model.story.events, lang):
            title, written_in = model.story.sources[event.workbook]
            what = [Text(f"{kind}:", lang)]
            if event.text:
                what.append(Text(clipped(event.text, LINE), written_in, written=True))
            if state:
                what.append(Text(state, lang))
            rows.append(
                ((Text(long_date(event.day, lang), lang),), tuple(what), (Text(title, lang),))
            )
        caption = self.ours(N_("The days of the project, in their order"))
        alt = self.ours(
            N_("The story of the project, from month to month. The table below says the same.")
        )
        yield Story(model.story, model.day, alt, Table(head, tuple(rows), caption))

    def year(self) -> Iterator[Block]:
        above = {answer.place for standing in self.model.criteria for answer in standing.answers}
        above |= {piece.place for piece in self.model.evidence}
        rest = [(part, _others(part, above)) for part in self.model.parts]
        if not any(answers for _, answers in rest):
            return
        yield Heading(2, self.ours(N_("The workbooks of the year")), "workbooks")
        yield Paragraph(
            self.ours(N_("What stands under a criterion is not repeated here.")), quiet=True
        )
        for part, answers in rest:
            if answers:
                yield from self._part(part, answers)

    def _part(self, part: Part, answers: list[Answer]) -> Iterator[Block]:
        yield Heading(3, self.label(part.title), f"part-{part.workbook}")
        for answer in answers:
            yield from self.answer(answer)

    # -- one page ---------------------------------------------------------------------------------
    def one_page(self) -> Iterator[Block]:
        yield from self.head()
        for answer in self.model.one_page:
            text = answer.text or "; ".join(text for row in answer.rows for _, text in row.cells)
            yield Labelled(
                self.label(answer.label), Text(clipped(text, ONE_PAGE), answer.lang, written=True)
            )
        levels = [standing for standing in self.model.criteria if standing.own]
        if levels:
            rows = tuple(
                ((self.label(f"{standing.code} {standing.label}"),), (self.label(standing.own),))
                for standing in levels
            )
            head = (self.ours(N_("Criterion")), self.ours(N_("How I see it")))
            yield Table(head, rows, self.ours(N_("Where I stand, in my own eyes")), short=True)
        if not self.model.one_page and not levels:
            yield Paragraph(self.ours(N_("Nothing stands here yet.")), quiet=True)

    # -- one answer -------------------------------------------------------------------------------
    def answer(self, answer: Answer, *, source: bool = False) -> Iterator[Block]:
        label = answer.label
        if source:
            workbook = answer.place.partition("/")[0]
            title = next(part.title for part in self.model.parts if part.workbook == workbook)
            label = f"{label} ({title})"
        if answer.text:
            yield Labelled(self.label(label), Text(answer.text, answer.lang, written=True))
        if answer.files:
            yield Files(self.label(label), answer.files)
        if answer.rows:
            yield Rows(
                self.label(label),
                tuple(
                    RowBlock(
                        self.label(numbered(answer.row_name, number, self.texts.gettext)),
                        self._cells(row.cells, answer.lang),
                        row.files,
                    )
                    for number, row in enumerate(answer.rows, 1)
                ),
            )

    def _cells(
        self, cells: tuple[tuple[str, str], ...], lang: str
    ) -> tuple[tuple[Text, Text], ...]:
        return tuple((self.label(label), Text(text, lang, written=True)) for label, text in cells)


def _others(part: Part, above: set[str]) -> list[Answer]:
    return [answer for answer in part.answers if answer.place not in above]


def clipped(text: str, most: int) -> str:
    """Return a text cut at a word, with a sign that more follows."""
    if len(text) <= most:
        return text
    return text[:most].rsplit(None, 1)[0].rstrip(".,;:") + ELLIPSIS
