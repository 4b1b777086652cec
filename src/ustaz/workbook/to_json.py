"""A definition as JSON for a front end, and the list of its texts for the translators."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ustaz.workbook.model import Condition, Definition, Example, Field, Section, Translate


def compiled(definition: Definition, translate: Translate) -> dict[str, Any]:
    """Return `definition` as JSON: the keys of ``workbook.yml``, typed, defaults filled in."""
    return {
        "format": 1,
        "id": definition.id,
        "code": definition.code,
        "version": definition.version,
        "title": translate(definition.title),
        "summary": translate(definition.summary),
        "minutes": definition.minutes,
        "companion": definition.companion,
        "sections": [_section(section, translate) for section in definition.sections],
        "rules": [
            {
                "id": rule.id,
                "kind": rule.kind,
                "at": rule.at,
                "message": _maybe(rule.message, translate),
                **{
                    key: list(value) if isinstance(value, tuple) else value
                    for key, value in rule.settings.items()
                },
            }
            for rule in definition.rules
        ],
        "manual": None
        if definition.manual is None
        else {
            "points": definition.manual.points,
            "hint": translate(definition.manual.hint),
        },
    }


def _maybe(text: str | None, translate: Translate) -> str | None:
    return None if text is None else translate(text)


def _section(section: Section, translate: Translate) -> dict[str, Any]:
    return {
        "id": section.id,
        "title": translate(section.title),
        "minutes": section.minutes,
        "points": section.points,
        "guidance": translate(section.guidance),
        "example": _example(section.example, section, translate),
        "embed": section.embed,
        "fields": [_field(field, translate) for field in section.fields],
    }


def _example(example: Example | None, section: Section, translate: Translate) -> Any:  # noqa: ANN401
    if example is None:
        return None
    fields = {field.id: field for field in section.fields}
    return {
        "person": translate(example.person),
        "situation": translate(example.situation),
        "answers": {
            key: _example_value(fields.get(key), value, translate)
            for key, value in example.answers.items()
        },
        "why": translate(example.why),
    }


def _example_value(field: Field | None, value: Any, translate: Translate) -> Any:  # noqa: ANN401
    """Return a value of a worked example: words translated, ids and dates left alone."""
    if isinstance(value, list):
        return [_example_value(field, one, translate) for one in value]
    if isinstance(value, dict):
        return {
            key: _example_value(field.column(key) if field else None, one, translate)
            for key, one in value.items()
        }
    if field is not None and field.kind == "scale":
        return int(value)
    if field is not None and field.kind == "person" and value != "self":
        return translate(value)  # people stand by their alias, which may be a word
    return translate(value) if field is not None and field.kind in {"text", "list"} else value


def _condition(condition: Condition | None, *, level: bool) -> dict[str, Any] | None:
    if condition is None:
        return None
    found: dict[str, Any] = {"field": condition.field, "is": list(condition.values)}
    return {**found, "at": condition.at} if level else found


def _field(field: Field, translate: Translate) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": field.id,
        "kind": field.kind,
        "label": translate(field.label),
        "help": _maybe(field.help, translate),
        "placeholder": _maybe(field.placeholder, translate),
        "required": field.required,
        "required_when": _condition(field.required_when, level=True),
        "shown_when": _condition(field.shown_when, level=False),
        "audiences": list(field.audiences),
    }
    if field.kind == "text":
        found |= {"long": field.long, "min": field.min, "max": field.max}
    elif field.kind in {"choice", "choices"}:
        found["options"] = [
            {
                "id": option.id,
                "label": translate(option.label),
                "help": _maybe(option.help, translate),
            }
            for option in field.options
        ]
        if field.kind == "choices":
            found |= {"min": field.min, "max": field.max}
    elif field.kind == "scale":
        found |= {
            "from": field.low_value,
            "to": field.high_value,
            "low": _maybe(field.low, translate),
            "high": _maybe(field.high, translate),
            "cannot_say": field.cannot_say,
        }
    elif field.kind == "list":
        found |= {"min_items": field.min_items, "max_items": field.max_items}
        found |= {"min": field.min, "max": field.max}
    elif field.kind == "table":
        found |= {
            "columns": [_field(column, translate) for column in field.columns],
            "min_rows": field.min_rows,
            "max_rows": field.max_rows,
            "row_name": _maybe(field.row_name, translate),
            "component": field.component,
        }
    elif field.kind == "reference":
        found["to"] = field.to
    elif field.kind == "person":
        found |= {"from": field.from_, "label_column": field.label_column}
        found |= {"many": field.many, "self": field.self}
    elif field.kind == "confirmation":
        found["by"] = field.by
    return found


class _Text(str):
    """A text that :func:`compiled` had translated, to tell it from ids and dates."""

    __slots__ = ()


def messages(definition: Definition) -> Iterator[tuple[str, str]]:
    """Give every text that a person reads, once: a note on where it stands, and the text.

    The texts are exactly those that :func:`compiled` translates. The note names the first place,
    by ids: ``action-plan: steps / steps / who: help``.
    """
    seen = set()
    for place, key, text in _texts(compiled(definition, _Text), (), ""):
        if text not in seen:
            seen.add(text)
            yield f"{' / '.join(place)}: {key}".replace(" / ", ": ", 1), str(text)


def _texts(
    node: object, place: tuple[str, ...], key: str
) -> Iterator[tuple[tuple[str, ...], str, str]]:
    if isinstance(node, _Text):
        yield place, key, node
    elif isinstance(node, list):
        for one in node:
            yield from _texts(one, place, key)
    elif isinstance(node, dict):
        inner = (*place, node["id"]) if isinstance(node.get("id"), str) else place
        for name, one in node.items():
            yield from _texts(one, inner, name)
