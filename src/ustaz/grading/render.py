"""Answers as HTML that a person can read: escaped, labelled, in the language of the answers.

The result holds no style, no script, no link and no picture, so that it can stand in formgrader,
in a saved notebook and on a page with a strict content security policy alike. Its classes are
those of ``answers.css``.
"""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from babel import Locale
from babel.dates import format_date

from ustaz.grading.confirming import Confirmation, told
from ustaz.grading.text import line, show
from ustaz.messages import N_, translator
from ustaz.messages import format as fill_in
from ustaz.workbook import Definition

ANSWERS_CSS: Final = (Path(__file__).parent / "answers.css").read_text(encoding="utf-8")

# MathJax (2 and 3) must not take two prices in a text for a formula.
_CLASSES: Final = "uz-answers tex2jax_ignore mathjax_ignore"

WIDE: Final = 5  # a table of more columns is shown as cards

Json = Mapping[str, Any]


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
    )
    compiled = localized(definition, lang)
    parts = [
        page.section(one) for one in compiled["sections"] if section is None or one["id"] == section
    ]
    return f'<div class="{_CLASSES}" lang="{html.escape(lang)}">{"".join(parts)}</div>'


def localized(definition: Definition, lang: str) -> dict[str, Any]:
    """Return the definition with its texts in `lang`; kept, because every answer asks for it."""
    key = (id(definition), lang)
    kept = _COMPILED.get(key)
    if kept is None or kept[0] is not definition:
        if len(_COMPILED) > 200:
            _COMPILED.clear()
        kept = (definition, definition.compiled(translator(lang).gettext))
        _COMPILED[key] = kept
    return kept[1]


# By identity, and holding what it is the identity of: a definition is too large to hash each time.
_COMPILED: Final[dict[tuple[int, str], tuple[Definition, dict[str, Any]]]] = {}


@dataclass(frozen=True, slots=True)
class _Page:
    """One rendering: what every field needs to know."""

    lang: str
    reader: str
    answers: Json
    linked: Mapping[str, Json]
    definitions: Mapping[str, Definition]
    withheld: frozenset[str]
    confirmed: Mapping[str, Confirmation] | None
    own: bool = False
    _locale: list[Locale] = field(default_factory=list)

    def say(self, message: str) -> str:
        """Return one of our own words, escaped, in the reader's language."""
        return html.escape(translator(self.reader).gettext(message))

    @property
    def _said_in(self) -> str:
        """Return the attribute of what is said in another language than the answers are in."""
        return f' lang="{html.escape(self.reader)}"' if self.reader != self.lang else ""

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
            f"<dt>{html.escape(one['label'])}</dt><dd>{self._value(one, answers)}</dd>"
            for one in fields
            if self._is_shown(one, answers)
        )
        return f"<dl>{''.join(rows)}</dl>"

    def _is_shown(self, json: Json, holder: Json) -> bool:
        if json["kind"] == "confirmation" and self.confirmed is None:
            return False
        condition = json.get("shown_when")
        return not condition or holder.get(condition["field"]) in condition["is"]

    def _embedded(self, target: str) -> str:
        workbook, _, section_id = target.partition("/")
        definition = self.definitions.get(workbook)
        if definition is None or workbook not in self.linked:
            return self._empty(N_("Nothing was needed from here."))
        sections = localized(definition, self.lang)["sections"]
        found = next(section for section in sections if section["id"] == section_id)
        return self._fields(found.get("fields") or (), self.linked[workbook])

    # -- values ----------------------------------------------------------------------------------
    def _value(self, json: Json, holder: Json, table: str = "") -> str:
        key = f"{table}.{json['id']}" if table else str(json["id"])
        if key in self.withheld and not holder.get(json["id"]):
            return self._empty(
                N_("Not sent: it stays in your workbook.")
                if self.own
                else N_("Answered, and not sent: it stays with the writer.")
            )
        if json["kind"] == "confirmation":
            text = told((self.confirmed or {}).get(json["id"]), self.reader)
            return f"<span{self._said_in}>{text}</span>" if self._said_in else text
        if json["kind"] == "reference":
            return self._reference(str(json["to"]))
        if json["id"] not in holder:
            return self._empty()
        value = holder[json["id"]]
        if json["kind"] == "scale":
            return self._scale(json, value)
        if value in ("", [], None):
            return self._empty()
        return self._filled(json, value)

    def _filled(self, json: Json, value: Any) -> str:  # noqa: ANN401 - any JSON value
        match json["kind"]:
            case "text":
                return show(str(value), all_label=translator(self.reader).gettext(N_("Show all")))
            case "choice":
                return self._options(json, [value])
            case "choices":
                return self._options(json, value)
            case "date":
                return self._date(str(value))
            case "list":
                return f"<ol>{''.join(f'<li>{show(str(item))}</li>' for item in value)}</ol>"
            case "person":
                return self._people(json, value)
            case _:
                return self._table(json, value)

    def _empty(self, message: str = N_("Not answered")) -> str:
        return f'<span class="uz-empty"{self._said_in}>{self.say(message)}</span>'

    def _options(self, json: Json, chosen: Sequence[str]) -> str:
        labels = {option["id"]: option["label"] for option in json["options"]}
        return ", ".join(line(str(labels.get(item, item))) for item in chosen)

    def _scale(self, json: Json, value: int | None) -> str:
        if value is None:
            return self._empty(N_("Cannot say"))
        ends = (json.get("low"), json.get("high"))
        low, high = json.get("from", json.get("from_", 1)), json.get("to", 5)
        words = f" ({html.escape(str(ends[0]))} … {html.escape(str(ends[1]))})" if all(ends) else ""
        said = fill_in(
            translator(self.reader).gettext(N_("{value} on a scale from {low} to {high}")),
            value=value,
            low=low,
            high=high,
        )
        figure = html.escape(said)
        return (f"<span{self._said_in}>{figure}</span>" if self._said_in else figure) + words

    def _date(self, value: str) -> str:
        try:
            day = dt.date.fromisoformat(value)
        except ValueError:
            return line(value)
        if not self._locale:
            self._locale.append(Locale.parse(self.lang))
        said = format_date(day, "long", locale=self._locale[0])
        return f'<time datetime="{value}">{html.escape(said)}</time>'

    def _people(self, json: Json, chosen: Sequence[str]) -> str:
        workbook, _, table = str(json.get("from") or json.get("from_") or "").partition("/")
        rows = self.linked.get(workbook, {}).get(table) or []
        names = {row["id"]: row.get(json.get("label_column") or "alias") or "" for row in rows}
        said = []
        for item in chosen:
            if item == "self":
                said.append(html.escape(translator(self.lang).gettext(N_("myself"))))
            elif names.get(item):
                said.append(line(str(names[item])))
            else:
                said.append(self._empty(N_("somebody who is no longer on the people map")))
        return ", ".join(said)

    def _reference(self, target: str) -> str:
        workbook, _, target_id = target.partition("/")
        holder = self.linked.get(workbook, {})
        definition = self.definitions.get(workbook)
        if definition is None:
            value = holder.get(target_id)
            return show(str(value)) if value else self._empty()
        for section in localized(definition, self.lang)["sections"]:
            for one in section.get("fields") or ():
                if one["id"] == target_id:
                    return self._value(one, holder)
        return self._empty()

    def _table(self, json: Json, rows: Sequence[Json]) -> str:
        name = str(json["id"])
        columns = [column for column in json["columns"] if self._has_column(column, rows, name)]
        wide = ' class="uz-wide"' if len(columns) > WIDE else ""
        head = "".join(f'<th scope="col">{html.escape(col["label"])}</th>' for col in columns)
        body = "".join(
            "<tr>"
            f'<th scope="row">{number}</th>'
            + "".join(
                f'<td data-label="{html.escape(column["label"])}">'
                f"{self._cell(column, row, name)}</td>"
                for column in columns
            )
            + "</tr>"
            for number, row in enumerate(rows, 1)
        )
        return (
            f'<div class="uz-scroll"><table{wide}><thead><tr><th scope="col">№</th>'
            f"{head}</tr></thead>"
            f"<tbody>{body}</tbody></table></div>"
        )

    def _has_column(self, column: Json, rows: Sequence[Json], table: str) -> bool:
        """Leave out a column that is for other eyes, instead of saying so in every row."""
        private = f"{table}.{column['id']}" in self.withheld or "staff" not in column["audiences"]
        return not private or any(column["id"] in row for row in rows)

    def _cell(self, column: Json, row: Json, table: str) -> str:
        return self._value(column, row, table) if self._is_shown(column, row) else ""
