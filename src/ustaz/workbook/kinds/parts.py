"""Answers in parts: a small answer of the same form for each topic of a closed list.

The value is ``{topic: {part: answer}}``. A topic without any part is left out, so that "nothing
was said" has one form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from ustaz.workbook.evaluation import Context
from ustaz.workbook.kinds.base import Json, Kind, Page, Path, TidyColumn, refuse
from ustaz.workbook.kinds.words import COUNT
from ustaz.workbook.model import Field

CheckPart = Callable[[Path, Any], None]


def check_parts(
    path: Path,
    value: Any,  # noqa: ANN401
    topics: Iterable[str],
    parts: Mapping[str, CheckPart],
) -> None:
    """Raise unless `value` holds answers in parts, for known topics only."""
    known = frozenset(topics)
    refuse(not isinstance(value, dict), "wrong_type", path)
    for topic, answer in value.items():
        refuse(topic not in known, "unknown_option", path)
        refuse(not isinstance(answer, dict), "wrong_type", path)
        for part, inner in answer.items():
            refuse(part not in parts, "unknown_column", path)
            parts[part](path, inner)


def parts_schema(topics: Iterable[str], parts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the JSON Schema of such a value."""
    answer = {"type": "object", "additionalProperties": False, "properties": dict(parts)}
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": dict.fromkeys(topics, answer),
    }


def examples_problem(value: Any, topics: Iterable[str], parts: Iterable[str]) -> str | None:  # noqa: ANN401
    """Return why a worked example does not have this form, or None."""
    if not isinstance(value, dict) or not all(
        isinstance(answer, dict) for answer in value.values()
    ):
        return "expected an answer in parts for each"
    if unknown := set(value) - set(topics):
        return f"no such option: {', '.join(sorted(unknown))}"
    known = set(parts)
    for topic, answer in value.items():
        if unknown := set(answer) - known:
            return f"{topic}: no such part: {', '.join(sorted(unknown))}"
        if not all(isinstance(inner, str) for inner in answer.values()):
            return f"{topic}: expected texts"
    return None


def answered(value: Any) -> dict[str, Json]:  # noqa: ANN401
    """Return the topics of which anything was said."""
    return {topic: answer for topic, answer in (value or {}).items() if answer}


class InParts(Kind):
    """What kinds of this form have in common."""

    column = False
    roles = frozenset()
    #: What a topic is called in tables, and the list of topics in a compiled field.
    topic: str
    topics: str
    parts: tuple[str, str]

    def is_empty(self, field: Field, holder: Json, context: Context) -> bool:  # noqa: ARG002
        return not answered(holder.get(field.id))

    def shown(self, page: Page, json: Json, holder: Json) -> str:
        value = answered(holder.get(json["id"]))
        return self.reading(page, json, value) if value else page.empty()

    def holds_options(self, field: Field, column: str) -> bool:  # noqa: ARG002
        return column == self.topic

    def topic_rows(self, field: Field, holder: Json) -> Iterator[dict[str, Any]]:
        """Return a row a topic of which anything was said, in the order of the field."""
        value = answered(holder.get(field.id))
        for topic in field.option_ids:
            if topic in value:
                yield {self.topic: topic, **value[topic]}

    def count_column(self, field: Field, whole: Callable[[Json], bool]) -> TidyColumn:
        """Return the column that counts the topics of which the whole was said."""

        def counted(row: Json) -> int | None:
            return sum(map(whole, row[field.id].values())) if field.id in row else None

        return TidyColumn(f"{field.id}_count", "Int64", field, COUNT, counted)

    def asked(self, json: Json) -> Sequence[str]:  # noqa: ARG002 - for kinds of which some ask less
        """Return the parts that a field asks for, by its JSON."""
        return self.parts

    def subnames(self, json: Json) -> Sequence[str]:
        return [f"{topic['id']}/{part}" for topic in json[self.topics] for part in self.asked(json)]
