"""Why a value is refused, in plain words: for Python in English, for the page in its language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import traitlets

from ustaz.messages import N_, translator
from ustaz.messages import format as fill_in
from ustaz.workbook import ValueProblem
from ustaz.workbook.kinds import LIST_CAP, TEXT_CAP, kind_of
from ustaz.workbook.model import Field, Option

#: How much all rows may hold together, as JSON.
MOST_BYTES: Final = 256 * 1024

SENTENCES: Final = {
    "wrong_type": N_("expected {expected}"),
    "unknown_option": N_("expected one of {options}"),
    "unknown_column": N_("expected one of {columns}"),
    "out_of_range": N_("expected {expected}"),
    "bad_date": N_("expected a day, written as 2026-11-30"),
    "too_long": N_("longer than {characters} characters"),
    "too_many": N_("more than {most}"),
    "too_large": N_("more than {size} KiB in all"),
    "bad_text": N_("a character that cannot be kept, such as NUL"),
    "bad_row": N_("the id of a row has 6 to 16 small letters and digits"),
    "twice": N_("the same twice"),
    "no_list": N_("expected a list of dictionaries, or a DataFrame"),
    "no_mapping": N_("expected a dictionary"),
    "not_there": N_("something is missing: {missing}"),
}
TYPES: Final = {
    "string": N_("a text"),
    "integer": N_("a whole number"),
    "number": N_("a number"),
    "array": N_("a list"),
    "object": N_("a dictionary"),
    "null": N_("None"),
}
BETWEEN: Final = N_("a whole number from {low} to {high}")
ROW: Final = N_("row {number}")


class Refusal(traitlets.TraitError):
    """A value that was refused whole; the widget has the value that it had before.

    Parameters
    ----------
    reason : str
        A key of :data:`SENTENCES`.
    name : str
        The field, as ``steps``.
    row : int, optional
        Counted from 1.
    within : sequence of Field, Option or str
        A column, or a topic and its part.
    **params
        What the sentence names.
    """

    def __init__(
        self,
        reason: str,
        name: str,
        *,
        row: int | None = None,
        within: Sequence[Field | Option | str] = (),
        **params: Any,  # noqa: ANN401
    ) -> None:
        self.reason = reason
        self.name = name
        self.row = row
        self.within = tuple(within)
        self.params = params
        super().__init__(self.sentence("en", labels=False))

    def sentence(self, lang: str, *, labels: bool = True) -> str:
        """Return why, and where.

        Parameters
        ----------
        lang : str
        labels : bool
            Whether a column is called as people read it, not by its id.
        """
        translate = translator(lang).gettext
        places: list[str] = [] if labels else [self.name]
        if self.row is not None:
            places.append(fill_in(translate(ROW), number=self.row))
        for part in self.within:
            if isinstance(part, str):
                places.append(part)
            else:
                places.append(translate(part.label) if labels else part.id)
        params: dict[str, Any] = {
            name: translate(param) if param in TYPES.values() else param
            for name, param in self.params.items()
        }
        if bounds := self.params.get("bounds"):
            low, high = bounds
            params["expected"] = fill_in(translate(BETWEEN), low=low, high=high)
        sentence = fill_in(translate(SENTENCES[self.reason]), **params)
        return f"{', '.join(places)}: {sentence}" if places else sentence


def refusal(problem: ValueProblem, field: Field, value: Any) -> Refusal:  # noqa: ANN401
    """Return the refusal for what the kind of a field says does not fit.

    Parameters
    ----------
    problem : ValueProblem
    field : Field
    value
        What was to be kept in `field`.
    """
    row = None
    asked = field
    within: list[Field | str] = []
    if len(problem.path) > 1:
        ids = [entry.get("id") for entry in value]
        row = ids.index(problem.path[1]) + 1
        column = field.column(problem.path[2])
        asked = column or field
        within.append(column or problem.path[2])
    return Refusal(problem.id, field.id, row=row, within=within, **_params(asked))


def in_parts(problem: ValueProblem, field: Field, value: Mapping[str, Any]) -> Refusal:
    """Return the refusal for answers in parts, with the topic that does not fit."""
    kind = kind_of(field)
    known = {option.id: option for option in field.options}

    def fits(answers: Mapping[str, Any]) -> bool:
        try:
            kind.check(field, [field.id], answers)
        except ValueProblem:
            return False
        return True

    for topic, answer in value.items():
        if fits({topic: answer}):
            continue
        parts = answer if isinstance(answer, dict) and topic in known else {}
        wrong = (part for part, inner in parts.items() if not fits({topic: {part: inner}}))
        part = next(wrong, "")
        within = [known.get(topic, topic), *([part] if part else [])]
        return Refusal(problem.id, field.id, within=within, **_params(field, topic, part))
    return Refusal(problem.id, field.id, **_params(field))


def _params(field: Field, topic: str = "", part: str = "") -> dict[str, Any]:
    """Return what sentences about a field may name."""
    schema: Mapping[str, Any] = kind_of(field).schema(field)
    if topic in schema.get("properties", {}):
        answer = schema["properties"][topic]
        schema = answer["properties"].get(part, answer)
    forms = schema.get("anyOf", [schema])
    first = forms[0]
    columns = [column.id for column in field.columns] or list(first.get("properties", {}))
    params: dict[str, Any] = {
        "expected": TYPES.get(str(first.get("type", "string")), TYPES["string"]),
        "options": ", ".join(field.option_ids),
        "columns": ", ".join(columns),
        "characters": first.get("maxLength", TEXT_CAP),
        "most": first.get("maxItems", LIST_CAP),
        "size": MOST_BYTES // 1024,
    }
    if "minimum" in first and "maximum" in first:
        params["bounds"] = (first["minimum"], first["maximum"])
    return params
