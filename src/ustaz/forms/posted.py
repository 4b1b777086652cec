"""What a posted form says: answers, read against what the page showed.

Only what was on the page is read, and what broke off on its way changes nothing: a group of choices
and a list end with a sign of their own, and rows leave a table by an action alone.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ustaz.workbook import Definition, ValueProblem, check_value
from ustaz.workbook.conditions import visible_json
from ustaz.workbook.kinds import ABSENT, REGISTRY
from ustaz.workbook.kinds.form import END

Json = Mapping[str, Any]
Fields = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Posted:
    """Answers as the form says them.

    Attributes
    ----------
    answers : dict
        As they would be: what the page showed, with what was typed.
    refused : dict
        By the place's path: what was typed and cannot be kept, with the id of the problem.
    """

    answers: dict[str, Any]
    refused: dict[tuple[str, ...], tuple[object, str]]


def read_posted(
    definition: Definition, compiled: Json, shown: Json, fields: Fields, lang: str
) -> Posted:
    """Read a workbook's answers from a form.

    Parameters
    ----------
    definition : Definition
    compiled : mapping
        The definition as JSON.
    shown : mapping
        The answers that the page showed.
    fields : mapping
        Texts by name, in the order of the page.
    lang : str
        The page's language: how numbers were typed.
    """
    reading = _Reading(definition, fields, lang)
    answers = dict(shown)
    for section in compiled["sections"]:
        for json in section.get("fields") or ():
            name = str(json["id"])
            kind = REGISTRY[json["kind"]]
            if not (kind.stored and kind.posts) or not visible_json(json, shown):
                continue
            if json.get("columns"):
                rows = [reading.row(json, row) for row in shown.get(name) or ()]
                if rows:
                    answers[name] = rows
            else:
                reading.put(json, answers, (name,))
    return Posted(answers, reading.refused)


class _Reading:
    def __init__(self, definition: Definition, fields: Fields, lang: str) -> None:
        self._definition = definition
        self._fields = fields
        self._lang = lang
        self.refused: dict[tuple[str, ...], tuple[object, str]] = {}

    def row(self, table: Json, row: Json) -> dict[str, Any]:
        """Return a row with what was typed into its cells."""
        cells = dict(row)
        for column in table["columns"]:
            if REGISTRY[column["kind"]].posts and visible_json(column, row):
                self.put(column, cells, (str(table["id"]), str(row["id"]), str(column["id"])))
        return cells

    def put(self, json: Json, holder: dict[str, Any], path: tuple[str, ...]) -> None:
        """Put the value of one field into what holds it."""
        texts = self._texts(json, path)
        if texts is None:
            return
        kind = REGISTRY[json["kind"]]
        drawn = kind.texts(json, holder.get(path[-1], ABSENT), self._lang)
        order = sorted if kind.unordered else list
        if order(_typed(texts)) == order(_typed([composed(text) for text in drawn])):
            return  # nobody has touched it, and not every value comes through a form unchanged
        value = kind.posted(json, texts, self._lang)
        if value is ABSENT:
            holder.pop(path[-1], None)
            return
        try:
            check_value(self._definition, list(path), value)
        except ValueProblem as problem:
            self.refused[path] = (value, problem.id)
            return
        holder[path[-1]] = value

    def _texts(self, json: Json, path: tuple[str, ...]) -> list[str] | None:
        """Return what was posted under a name; None where the page did not show it whole."""
        name = "/".join((self._definition.id, *path))
        if REGISTRY[json["kind"]].ended:
            # Where nothing is chosen, the sign after the group is all that is posted.
            if name + END not in self._fields:
                return None
            parts = [
                f"{sub}:{composed(text)}"
                for sub in REGISTRY[json["kind"]].subnames(json)
                for text in self._fields.get(f"{name}/{sub}", ())[-1:]
            ]
            return parts + [composed(text) for text in self._fields.get(name, ())]
        texts = self._fields.get(name)
        return None if texts is None else [composed(text) for text in texts]


def _typed(texts: Sequence[str]) -> list[str]:
    """Return texts without empty ones: a control that is left empty posts one as well."""
    return [text for text in texts if text]


def composed(text: str) -> str:
    """Return a text as it is kept: composed, with the line breaks of this system."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    return unicodedata.normalize("NFC", plain)
