"""What has changed between two states of a workbook, marked for whoever reads it again.

Both sides are projected to the reader first: what they may not see is in neither. Everything is
compared as the words that a reader sees, and every word is escaped as everywhere.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any, Final

from ustaz.base.errors import UstazError
from ustaz.course import Course
from ustaz.exchange import Submission, read_round, rounds
from ustaz.exchange.manifest import upgraded_manifest
from ustaz.grading.evaluating import Judged, judge_round
from ustaz.grading.text import plain
from ustaz.messages import N_, language_by_letters, numbered, translator
from ustaz.messages import format as fill_in
from ustaz.workbook import Definition, project
from ustaz.workbook.kinds import REGISTRY
from ustaz.workbook.kinds import Side as WordSide
from ustaz.workbook.serialize import localized

Json = Mapping[str, Any]
#: Beyond so many words two texts are shown one after the other, and not compared word by word.
MOST: Final = 3000
_TOKENS: Final = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Side:
    """One state: the answers in the shape of today's definition, and those of other workbooks.

    `parts` are the workbooks that a portfolio hands in along with it.
    """

    answers: Json
    linked: Mapping[str, Json]
    parts: Mapping[str, Json] = field(default_factory=dict)


def side_of(course: Course, frozen: Submission) -> Side:
    """Return what was submitted as a side of a comparison."""
    judged = judge_round(course, frozen)
    return Side(judged.answers, judged.linked, parts_of(course, frozen.document))


def parts_of(course: Course, document: Json) -> dict[str, Json]:
    """Return the answers of a portfolio's parts in the shape of today's definitions."""
    manifest = document.get("manifest")
    if manifest is None:
        return {}
    parts = upgraded_manifest(course.library, manifest)["parts"]
    return {workbook: part["answers"] for workbook, part in parts.items()}


def differences_html(
    course: Course,
    definition: Definition,
    before: Side,
    after: Side,
    *,
    audience: str,
    reader: str,
    sections: Collection[str] | None = None,
    heading: str = "h4",
) -> str:
    """Return what has changed from `before` to `after` as HTML; empty when nothing has.

    Parameters
    ----------
    course : Course
    definition : Definition
    before, after : Side
    audience : str
        As which audience it is read.
    reader : str
        Language of the page.
    sections : collection of str, optional
        Only these; default all.
    heading : str
        The element of a section's title, which follows the page's own outline.
    """
    shown = [_projected(course, definition, side, audience) for side in (before, after)]
    page = _Page(definition, reader, course, heading)
    own = "".join(
        page.section(section, *shown)
        for section in localized(definition, reader)["sections"]
        if sections is None or section["id"] in sections
    )
    return own + (_parts_html(course, *shown, reader=reader) if sections is None else "")


def _parts_html(course: Course, before: Side, after: Side, *, reader: str) -> str:
    """Return what has changed in the workbooks that a portfolio hands in along with it."""
    pages = []
    for workbook in sorted({*before.parts, *after.parts}.intersection(course.library.ids)):
        definition = course.library[workbook]
        sides = [
            Side(side.parts.get(workbook, {}), {**side.linked, **side.parts})
            for side in (before, after)
        ]
        page = _Page(definition, reader, course)
        compiled = localized(definition, reader)
        body = "".join(page.section(section, *sides) for section in compiled["sections"])
        if body:
            pages.append(f"<section><h3>{html.escape(compiled['title'])}</h3>{body}</section>")
    return "".join(pages)


def changed_labels(
    course: Course, definition: Definition, before: Side, after: Side, *, audience: str, reader: str
) -> list[str]:
    """Return the labels of the questions whose words have changed, in their order."""
    first, second = (_projected(course, definition, side, audience) for side in (before, after))
    page = _Page(definition, reader, course)
    own = [
        str(field["label"])
        for section in localized(definition, reader)["sections"]
        for field in section.get("fields") or ()
        if any(page.differences(field, first, second))
    ]
    return own + [
        str(localized(course.library[workbook], reader)["title"])
        for workbook in sorted({*first.parts, *second.parts}.intersection(course.library.ids))
        if first.parts.get(workbook) != second.parts.get(workbook)
    ]


@dataclass(frozen=True, slots=True)
class Since:
    """What has changed in a round since the one before it, for whoever marks it.

    Attributes
    ----------
    number : int
        Of the round before.
    """

    course: Course
    definition: Definition
    number: int
    before: Side
    after: Side

    def html(self, sections: Collection[str], reader: str, *, parts: bool = False) -> str:
        """Return what has changed in some sections as HTML; empty when nothing has.

        With `parts` also in the workbooks that a portfolio hands in along with it.
        """
        body = differences_html(
            self.course,
            self.definition,
            self.before,
            self.after,
            audience="staff",
            reader=reader,
            sections=sections,
        )
        if parts:
            sides = (
                _projected(self.course, self.definition, side, "staff")
                for side in (self.before, self.after)
            )
            body += _parts_html(self.course, *sides, reader=reader)
        if not body:
            return ""
        title = fill_in(
            translator(reader).gettext(N_("What has changed since submission {n}")), n=self.number
        )
        return f'<aside class="uz-since"><h4>{html.escape(title)}</h4>{body}</aside>'


def since_round_before(course: Course, judged: Judged) -> Since | None:
    """Return what to compare a round with; None for a first one.

    A round before that cannot be read is no reason not to grade this one.
    """
    record = judged.frozen.record
    numbers = [
        round_.round
        for round_ in rounds(course, record.person, record.workbook)
        if round_.round < record.round
    ]
    if not numbers:
        return None
    try:
        before = side_of(course, read_round(course, record.person, record.workbook, numbers[-1]))
    except UstazError:
        return None
    after = Side(judged.answers, judged.linked, parts_of(course, judged.frozen.document))
    return Since(course, judged.definition, numbers[-1], before, after)


def _projected(course: Course, definition: Definition, side: Side, audience: str) -> Side:
    return Side(
        project(definition, side.answers, audience)["answers"],
        {
            name: project(course.library[name], answers, audience)["answers"]
            for name, answers in side.linked.items()
            if name in course.library.ids
        },
        {
            name: project(course.library[name], answers, audience)["answers"]
            for name, answers in side.parts.items()
            if name in course.library.ids
        },
    )


@dataclass(frozen=True, slots=True)
class _Page:
    definition: Definition
    reader: str
    course: Course
    heading: str = "h4"

    def say(self, message: str, **params: object) -> str:
        return html.escape(fill_in(translator(self.reader).gettext(message), **params))

    def section(self, section: Json, before: Side, after: Side) -> str:
        lines = [
            f"<dt>{label}</dt><dd>{body}</dd>"
            for field in section.get("fields") or ()
            for label, body in self.differences(field, before, after)
        ]
        if not lines:
            return ""
        title = f"<{self.heading}>{html.escape(section['title'])}</{self.heading}>"
        return f"<section>{title}<dl>{''.join(lines)}</dl></section>"

    def differences(self, json: Json, before: Side, after: Side) -> Iterator[tuple[str, str]]:
        """Yield the label and the marked words of what has changed in a field."""
        label = html.escape(str(json["label"]))
        if json.get("columns"):
            for name, body in self._rows(json, before, after):
                yield f"{label}: {name}", body
            return
        old, new = (self._words(json, side.answers, side) for side in (before, after))
        if old != new:
            yield label, self._marked(old, new)

    def _rows(self, json: Json, before: Side, after: Side) -> Iterator[tuple[str, str]]:
        """Give each row that came, went or has changed, under its number in its own side."""
        texts = translator(self.reader)
        name = str(json.get("row_name") or texts.gettext(N_("Row")))
        old, new = (
            {row["id"]: row for row in side.answers.get(json["id"]) or ()}
            for side in (before, after)
        )
        for number, (row_id, row) in enumerate(new.items(), start=1):
            cells = list(self._cells(json, old.get(row_id, {}), row, before, after))
            if row_id not in old:
                cells.insert(0, f"<strong>{self.say(N_('Added'))}</strong>")
            if cells:
                yield html.escape(numbered(name, number, texts.gettext)), "<br>".join(cells)
        for number, (row_id, row) in enumerate(old.items(), start=1):
            if row_id not in new:
                cells = list(self._cells(json, row, {}, before, after))
                gone = f"<strong>{self.say(N_('Removed'))}</strong>"
                title = html.escape(numbered(name, number, texts.gettext))
                yield title, "<br>".join([gone, *cells])
        kept = [row_id for row_id in old if row_id in new]
        if kept != [row_id for row_id in new if row_id in old]:
            yield html.escape(name), self.say(N_("The order has changed."))

    def _cells(self, json: Json, old: Json, new: Json, before: Side, after: Side) -> Iterator[str]:
        for column in json["columns"]:
            first, second = self._words(column, old, before), self._words(column, new, after)
            if first != second:
                yield f"{html.escape(column['label'])}: {self._marked(first, second)}"

    def _words(self, json: Json, holder: Json, side: Side) -> str:
        words = WordSide(self.reader, side.linked)
        return REGISTRY[json["kind"]].in_words(words, json, holder)

    # -- marks -----------------------------------------------------------------------------------
    def _marked(self, old: str, new: str) -> str:
        # People write in their language, whichever the page is in: a screen reader is told.
        lang = language_by_letters(f"{old} {new}", self.reader)
        ours = _lang(self.reader) if lang else ""
        first, second = _TOKENS.findall(old), _TOKENS.findall(new)
        if not first or not second or len(first) + len(second) > MOST:
            body = _exchanged(self._gone(old, ours), self._come(new, ours))
            return f'<bdi class="uz-text"{_lang(lang)}>{body}</bdi>'
        parts = []
        for tag, a, b, c, d in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
            gone, come = "".join(first[a:b]), "".join(second[c:d])
            if tag == "equal":
                parts.append(plain(gone))
            else:
                parts.append(_exchanged(self._gone(gone, ours), self._come(come, ours)))
        return f'<bdi class="uz-text"{_lang(lang)}>{"".join(parts)}</bdi>'

    def _gone(self, text: str, ours: str) -> str:
        return self._mark("del", N_("removed:"), text, ours)

    def _come(self, text: str, ours: str) -> str:
        return self._mark("ins", N_("added:"), text, ours)

    def _mark(self, tag: str, message: str, text: str, ours: str) -> str:
        """Return a person's words marked; `ours` is the attribute of what we say of them."""
        if not text:
            return ""
        remark = f'<span class="uzs-offscreen"{ours}>{self.say(message)} </span>'
        return f"<{tag}>{remark}{plain(text)}</{tag}>"


def _lang(lang: str) -> str:
    return f' lang="{html.escape(lang)}"' if lang else ""


def _exchanged(gone: str, come: str) -> str:
    """Return what went and what came, apart: no word grows into the next."""
    return gone + (" " if gone and come else "") + come
