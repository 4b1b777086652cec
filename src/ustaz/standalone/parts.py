"""Answers in parts: what the widgets of ratings and of levels have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ustaz.standalone.field import FieldWidget
from ustaz.standalone.plain import is_frame, plain, records
from ustaz.standalone.refusals import Refusal, in_parts
from ustaz.workbook import ValueProblem


class PartsWidget(FieldWidget):
    """A widget whose value is ``{topic: {part: answer}}``.

    A list of dictionaries or a DataFrame is read too; the topic is in the column :data:`TOPIC`, or
    in the index.
    """

    TOPIC: ClassVar[str]

    def read(self, value: object) -> Any:  # noqa: ANN401
        """Return answers in parts, by topic."""
        if is_frame(value):
            data: Any = records(value, self.TOPIC)
        else:
            data = plain(value)
        if isinstance(data, list):
            data = self._by_topic(data)
        if not isinstance(data, Mapping):
            raise Refusal("no_mapping", self._field.id)
        # A topic of which nothing is said is left out, so that this has one form.
        known = self._field.option_ids
        return {
            topic: answer
            for topic, answer in data.items()
            if topic not in known or answer not in ({}, None)
        }

    def _by_topic(self, rows: list[Any]) -> dict[str, Any]:
        answers: dict[str, Any] = {}
        for number, row in enumerate(rows, 1):
            if not isinstance(row, Mapping):
                raise Refusal("no_mapping", self._field.id, row=number)
            if self.TOPIC not in row:
                raise Refusal("not_there", self._field.id, row=number, missing=self.TOPIC)
            topic = str(row[self.TOPIC])
            if topic in answers:
                raise Refusal("twice", self._field.id, row=number, within=[topic])
            answers[topic] = {name: part for name, part in row.items() if name != self.TOPIC}
        return answers

    def refuse(self, problem: ValueProblem, value: Any) -> Refusal:  # noqa: ANN401
        """Return why answers are refused, with the topic that does not fit."""
        return in_parts(problem, self._field, value)
