"""Answers as HTML that a person can read: escaped, labelled, in the language of the answers.

The result holds no style, no script and no link, and of pictures only small ones of our own inside
it, so that it can stand in formgrader, in a saved notebook and on a page with a strict content
security policy alike. Its classes are
those of ``answers.css``.
"""

from __future__ import annotations

import base64
import html
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ustaz.files import FileRefused, FileStore
from ustaz.grading.confirming import Confirmation, confirmation_html
from ustaz.grading.text import CLIP, line, show
from ustaz.messages import N_, translator
from ustaz.messages import format as fill_in
from ustaz.workbook import Definition, localized
from ustaz.workbook.conditions import is_blank, visible_json
from ustaz.workbook.kinds import REGISTRY

ANSWERS_CSS: Final = (Path(__file__).parent / "answers.css").read_text(encoding="utf-8")

# MathJax (2 and 3) must not take two prices in a text for a formula.
_CLASSES: Final = "uz-answers tex2jax_ignore mathjax_ignore"

Json = Mapping[str, Any]
Pictures = Callable[[str], str]


def no_picture(sha256: str) -> str:  # noqa: ARG001
    """Return no address: pictures are not shown."""
    return ""


def small_pictures(people_dir: Path, person: str) -> Pictures:
    """Return what gives the small pictures of a person's files, each as an address of its own."""
    store = FileStore(people_dir)

    def picture(sha256: str) -> str:
        try:
            record = store.record(person, sha256)
            small = store.record(person, record.small) if record and record.small else None
            if small is None:
                return ""
            packed = base64.b64encode(store.data(person, small)).decode("ascii")
        except FileRefused:
            return ""
        return f"data:{small.type};base64,{packed}"

    return picture


def render_answers(
    definition: Definition,
    answers: Json,
    *,
    lang: str,
    section: str | None = None,
    linked: Mapping[str, Json] | None = None,
    definitions: Mapping[str, Definition] | None = None,
    withheld: Iterable[str] = (),
    confirmed: Mapping[str, Confirmation] | None = None,
    reader: str | None = None,
    own: bool = False,
    pictures: Pictures = no_picture,
    scripted: bool = False,
    only: Collection[str] | None = None,
    clip: int = CLIP,
    work: bool = False,
    most_rows: int | None = None,
) -> str:
    """Return `answers` as escaped HTML.

    Parameters
    ----------
    definition : Definition
    answers : mapping
        In the shape of the document's ``answers``.
    lang : str
        Language of the answers: labels are in it.
    section : str, optional
        Only this section; default the whole workbook.
    linked : mapping, optional
        Answers of other workbooks, by id: what references and people mean.
    definitions : mapping, optional
        The other workbooks themselves, by id: labels of an embedded section.
    withheld : iterable of str
        Fields (``field`` or ``table.column``) that were answered for other eyes.
    confirmed : mapping, optional
        What the other parties have recorded, by field; None where it is not known, and then
        nothing is said about it.
    reader : str, optional
        Language of what is said about the answers ("Show all"); default `lang`.
    own : bool
        Whether it is for the writer, who is told where the answers are that were not sent.
    pictures : callable, optional
        Returns where a small picture of a file is, by its hash; default: no picture is shown.
    scripted : bool
        Whether a script soon takes the place of all this: pictures are fetched only without one.
    only : collection of str, optional
        Only these fields, and sections that have one of them; default all.
    clip : int
        How many characters of a text are shown before "Show all".
    work : bool
        Whether it is read as somebody's work, by those to whom they show it: what a row leaves
        open, and who else may read it, is nothing to them.
    most_rows : int, optional
        How many rows of a table stand before the rest is folded; default all.
    """
    page = _Page(
        lang=lang,
        reader=reader or lang,
        answers=answers,
        linked=linked or {},
        definitions=definitions or {},
        withheld=frozenset(withheld),
        confirmed=confirmed,
        own=own,
        pictures=pictures,
        scripted=scripted,
        only=only,
        clip=clip,
        work=work,
        most_rows=most_rows,
    )
    compiled = localized(definition, lang)
    parts = [
        page.section(part)
        for part in compiled["sections"]
        if section in (None, part["id"]) and page.has_some_of(part)
    ]
    return f'<div class="{_CLASSES}" lang="{html.escape(lang)}">{"".join(parts)}</div>'


@dataclass(frozen=True, slots=True)
class _Page:
    """One rendering: what kinds of fields ask for (:class:`ustaz.workbook.kinds.Page`)."""

    lang: str
    reader: str
    answers: Json
    linked: Mapping[str, Json]
    definitions: Mapping[str, Definition]
    withheld: frozenset[str]
    confirmed: Mapping[str, Confirmation] | None
    own: bool = False
    pictures: Pictures = no_picture
    scripted: bool = False
    only: Collection[str] | None = None
    clip: int = CLIP
    work: bool = False
    most_rows: int | None = None

    def has_some_of(self, section: Json) -> bool:
        """Tell whether something of a section is asked for."""
        fields = section.get("fields") or ()
        return self.only is None or any(field["id"] in self.only for field in fields)

    def section(self, section: Json) -> str:
        """Return a section: its title and its fields."""
        title = html.escape(section["title"])
        if section.get("embed"):
            body = self._embedded(str(section["embed"]))
        else:
            body = self._fields(section.get("fields") or (), self.answers)
        return f"<section><h3>{title}</h3>{body}</section>"

    def _fields(self, fields: Iterable[Json], answers: Json) -> str:
        rows = (
            f"<dt>{html.escape(field['label'])}</dt><dd>{self._value(field, answers)}</dd>"
            for field in fields
            if self._is_shown(field, answers) and (self.only is None or field["id"] in self.only)
        )
        return f"<dl>{''.join(rows)}</dl>"

    def _is_shown(self, field: Json, holder: Json) -> bool:
        unknown = bool(field.get("by")) and self.confirmed is None
        return not unknown and visible_json(field, holder)

    def _embedded(self, target: str) -> str:
        workbook, _, section_id = target.partition("/")
        definition = self.definitions.get(workbook)
        if definition is None or workbook not in self.linked:
            return self.empty(N_("Nothing was needed from here."))
        sections = localized(definition, self.lang)["sections"]
        embedded = next(section for section in sections if section["id"] == section_id)
        return self._fields(embedded.get("fields") or (), self.linked[workbook])

    def _value(self, field: Json, holder: Json, table: str = "") -> str:
        key = f"{table}.{field['id']}" if table else str(field["id"])
        if key in self.withheld and not holder.get(field["id"]):
            return self.empty(
                N_("Not sent: it stays in your workbook.")
                if self.own
                else N_("Answered, and not sent: it stays with the writer.")
            )
        return REGISTRY[field["kind"]].shown(self, field, holder)

    def _says_something(self, column: Json, row: Json) -> bool:
        """Tell whether a cell has words for whoever reads somebody's work.

        Which row of another table is meant is known only to who is shown that table.
        """
        table = column.get("from")  # of a scale, a number
        if isinstance(table, str) and not self.linked_rows(table):
            return False
        return not (REGISTRY[column["kind"]].stored and is_blank(row.get(column["id"])))

    # -- what kinds ask for ----------------------------------------------------------------------
    @property
    def _lang_attribute(self) -> str:
        """Return the attribute of a remark in another language than the answers are in."""
        return f' lang="{html.escape(self.reader)}"' if self.reader != self.lang else ""

    def text(self, text: str) -> str:
        """Return a participant's text, clipped where it is long."""
        label = translator(self.reader).gettext(N_("Show all"))
        return show(text, all_label=label, clip=self.clip)

    def line(self, text: str) -> str:
        """Return a participant's text in one line."""
        return line(text)

    def empty(self, message: str = N_("Not answered")) -> str:
        """Return a remark in the place of an answer."""
        text = html.escape(translator(self.reader).gettext(message))
        return f'<span class="uz-empty"{self._lang_attribute}>{text}</span>'

    def remark(self, message: str, **params: object) -> str:
        """Return a sentence about an answer, filled in."""
        return self._remark(
            html.escape(fill_in(translator(self.reader).gettext(message), **params))
        )

    def _remark(self, text: str) -> str:
        return f"<span{self._lang_attribute}>{text}</span>" if self._lang_attribute else text

    def label(self, message: str) -> str:
        """Return one of our own words in the language of the answers."""
        return html.escape(translator(self.lang).gettext(message))

    def columns(self, table: Json, rows: Sequence[Json]) -> list[Json]:
        """Return the columns that are shown: one for other eyes is left out as a whole."""
        name = str(table["id"])
        if self.work:
            readers = REGISTRY[table["kind"]].row_readers
            return [
                column
                for column in table["columns"]
                if column["id"] != readers
                and any(self._says_something(column, row) for row in rows)
            ]
        return [
            column
            for column in table["columns"]
            if not (f"{name}.{column['id']}" in self.withheld or "staff" not in column["audiences"])
            or any(column["id"] in row for row in rows)
        ]

    def cell(self, column: Json, row: Json, table: str) -> str:
        """Return one cell of a table."""
        if self.work and not self._says_something(column, row):
            return ""
        return self._value(column, row, table) if self._is_shown(column, row) else ""

    def linked_rows(self, target: str) -> Sequence[Json]:
        """Return the rows of ``workbook/table`` that people were chosen from."""
        workbook, _, table = target.partition("/")
        return self.linked.get(workbook, {}).get(table) or []

    def linked_field(self, target: str) -> str:
        """Return the answer at ``workbook/field``."""
        workbook, _, name = target.partition("/")
        holder = self.linked.get(workbook, {})
        definition = self.definitions.get(workbook)
        if definition is None:
            value = holder.get(name)
            return show(str(value)) if value else self.empty()
        for section in localized(definition, self.lang)["sections"]:
            for field in section.get("fields") or ():
                if field["id"] == name:
                    return self._value(field, holder)
        return self.empty()

    def linked_answer(self, target: str) -> Any:  # noqa: ANN401
        """Return the value at ``workbook/field``, or None."""
        workbook, _, name = target.partition("/")
        return self.linked.get(workbook, {}).get(name)

    def picture(self, sha256: str, words: str) -> str:
        """Return a small picture of a file, `words` in its place; empty where none is shown."""
        source = self.pictures(sha256)
        if not source:
            return ""
        drawn = f'<img src="{html.escape(source)}" alt="{html.escape(words)}" loading="lazy">'
        return f"<noscript>{drawn}</noscript>" if self.scripted else drawn

    def confirmation(self, field: Json) -> str:
        """Return who confirmed something, and when."""
        return self._remark(confirmation_html((self.confirmed or {}).get(field["id"]), self.reader))
