"""Answers as plain words, from projected answers: what no reader may see never comes this far."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from ustaz.base.evidence import TO_BE_BLURRED
from ustaz.portfolio.model import Answer, Attached, Part, Row, Section
from ustaz.workbook import Definition, Field, localized
from ustaz.workbook.conditions import is_blank, visible_json
from ustaz.workbook.kinds import REGISTRY, Side, kind_of

Json = Mapping[str, Any]
#: Tells whether a file is kept, by its hash.
Kept = Callable[[str], bool]
_FILE_KEYS: Final = ("name", "caption", "type", "size")


class Reading:
    """Reads the answers of one workbook.

    Parameters
    ----------
    definition : Definition
    answers : mapping
        Projected to the reader.
    linked : mapping
        The projected answers of all workbooks, by workbook.
    lang : str
        Language of the labels.
    answered_in : str
        Language of the answers.
    kept : callable
    """

    def __init__(
        self,
        definition: Definition,
        answers: Json,
        linked: Mapping[str, Json],
        *,
        lang: str,
        answered_in: str,
        kept: Kept,
    ) -> None:
        self.definition = definition
        self.answers = answers
        self._side = Side(lang, linked)
        self._json = localized(definition, lang)
        self.lang = answered_in
        self._kept = kept

    @property
    def title(self) -> str:
        """Return what the workbook is called."""
        return str(self._json["title"])

    def part(self, revision: int) -> Part:
        """Return the whole workbook, without what is empty."""
        sections = []
        for section, json in zip(self.definition.sections, self._json["sections"], strict=True):
            answers = tuple(self._answers(section.fields, json.get("fields") or ()))
            if answers:
                sections.append(Section(json["title"], answers))
        definition = self._json
        return Part(
            self.definition.id,
            definition["code"],
            definition["title"],
            self.lang,
            revision,
            tuple(sections),
        )

    def _answers(self, fields: tuple[Field, ...], json: Iterable[Json]) -> Iterator[Answer]:
        for field, own in zip(fields, json, strict=True):
            # What another party says stands in a ledger of its own, and not in answers.
            if field.by is not None or not visible_json(own, self.answers):
                continue
            answer = self.answer(field, own)
            if answer is not None:
                yield answer

    def answer(self, field: Field, json: Json) -> Answer | None:
        """Return one answer; None where there is none."""
        place = f"{self.definition.id}/{field.id}"
        label = str(json["label"])
        value = self.answers.get(field.id)
        if field.columns:
            rows = tuple(
                row
                for row in (self.row(json, row) for row in value or ())
                if row.cells or row.files
            )
            if not rows:
                return None
            name = str(json.get("row_name") or "")
            return Answer(place, label, self.lang, rows=rows, row_name=name)
        if kind_of(field).attaches:
            files = self._files(value)
            return Answer(place, label, self.lang, files=files) if files else None
        text = REGISTRY[field.kind].in_words(self._side, json, self.answers).strip()
        return Answer(place, label, self.lang, text=text) if text else None

    def row(self, json: Json, row: Json) -> Row:
        """Return one row of a table."""
        cells: list[tuple[str, str]] = []
        files: tuple[Attached, ...] = ()
        for column in json["columns"]:
            if column["id"] == json.get("readers") or not visible_json(column, row):
                continue
            if REGISTRY[column["kind"]].attaches:
                files += self._files(row.get(column["id"]))
                continue
            text = REGISTRY[column["kind"]].in_words(self._side, column, row).strip()
            if text and not is_blank(row.get(column["id"])):
                cells.append((str(column["label"]), text))
        return Row(tuple(cells), files)

    def column_words(self, column: Json, row: Json) -> str:
        """Return one cell as words."""
        return REGISTRY[column["kind"]].in_words(self._side, column, row).strip()

    def field_json(self, field_id: str) -> Json:
        """Return a field with its texts in the portfolio's language."""
        return next(
            field
            for section in self._json["sections"]
            for field in section.get("fields") or ()
            if field["id"] == field_id
        )

    def _files(self, value: Any) -> tuple[Attached, ...]:  # noqa: ANN401 - a list of entries
        return tuple(
            Attached(
                entry["hash"],
                **{key: entry[key] for key in _FILE_KEYS},
                there=self._kept(entry["hash"]),
                lang=self.lang,
            )
            for entry in value or ()
            if entry["visible"] != TO_BE_BLURRED
        )
