"""A definition as JSON for a front end, and the list of its texts for the translators."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from ustaz.messages import translator
from ustaz.workbook.kinds import kind_of
from ustaz.workbook.kinds.base import maybe
from ustaz.workbook.model import Condition, Definition, Example, Field, Section, Translate


def definition_json(
    definition: Definition, translate: Translate = lambda text: text
) -> dict[str, Any]:
    """Return `definition` as JSON for a front end, its texts through `translate`.

    Keys are those of ``workbook.yml``; defaults are filled in. Upgrades, whose workbook it is, and
    what only pages of the server are drawn from (``story``, the fields of a ``poster``), are left
    out.
    """
    return {
        "format": 1,
        "id": definition.id,
        "code": definition.code,
        "version": definition.version,
        "title": translate(definition.title),
        "summary": translate(definition.summary),
        "minutes": definition.minutes,
        "companion": definition.companion,
        "part": definition.part,
        "purpose": translate(definition.purpose),
        "visibility": list(definition.visibility),
        "retention": definition.retention,
        "sections": [_section(section, translate) for section in definition.sections],
        "rules": [
            {
                "id": rule.id,
                "kind": rule.kind,
                "at": rule.at,
                "message": maybe(rule.message, translate),
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


#: What is read only where an answer is given.
_FOR_WRITERS: Final = ("guidance", "example", "weak_example", "help", "placeholder")


def reference_json(
    definition: Definition, translate: Translate = lambda text: text
) -> dict[str, Any]:
    """Return `definition` as JSON for a page that only quotes its answers."""
    json = definition_json(definition, translate)
    for section in json["sections"]:
        for part in (section, *section["fields"]):
            for asked in (part, *part.get("columns", ())):
                for key in _FOR_WRITERS:
                    asked.pop(key, None)
    return json


def _section(section: Section, translate: Translate) -> dict[str, Any]:
    return {
        "id": section.id,
        "title": translate(section.title),
        "minutes": section.minutes,
        "points": section.points,
        "guidance": translate(section.guidance),
        "example": _example(section.example, section, translate),
        "weak_example": _example(section.weak_example, section, translate),
        "embed": section.embed,
        "fields": [_field(field, translate) for field in section.fields],
        # Few sections have them.
        **({"opens_with": section.opens_with} if section.opens_with else {}),
        **({"poster": True} if section.poster else {}),
    }


def _example(example: Example | None, section: Section, translate: Translate) -> Any:  # noqa: ANN401
    if example is None:
        return None
    fields = {field.id: field for field in section.fields}
    return {
        "person": translate(example.person),
        "situation": translate(example.situation),
        "answers": {
            key: kind_of(fields[key]).example(fields[key], value, translate)
            for key, value in example.answers.items()
        },
        "why": translate(example.why),
    }


def _condition(condition: Condition | None, *, level: bool) -> dict[str, Any] | None:
    if condition is None:
        return None
    json: dict[str, Any] = {"field": condition.field, "is": list(condition.values)}
    return {**json, "at": condition.at} if level else json


def _field(field: Field, translate: Translate) -> dict[str, Any]:
    json: dict[str, Any] = {
        "id": field.id,
        "kind": field.kind,
        "label": translate(field.label),
        "help": maybe(field.help, translate),
        "placeholder": maybe(field.placeholder, translate),
        "required": field.required,
        "required_when": _condition(field.required_when, level=True),
        "shown_when": _condition(field.shown_when, level=False),
        "audiences": list(field.audiences),
    }
    if field.columns:
        json["columns"] = [_field(column, translate) for column in field.columns]
    return {**json, **kind_of(field).to_json(field, translate)}


class _Text(str):
    """A text that :func:`definition_json` had translated, to tell it from ids and dates."""

    __slots__ = ()


def messages(definition: Definition) -> Iterator[tuple[str, str]]:
    """Give every text that a person reads, once: a note on where it stands, and the text.

    The texts are exactly those that :func:`definition_json` translates. The note names the first
    place, by ids: ``action-plan: steps / steps / who: help``.
    """
    seen = set()
    for place, key, text in _texts(definition_json(definition, _Text), (), ""):
        if text not in seen:
            seen.add(text)
            yield f"{' / '.join(place)}: {key}".replace(" / ", ": ", 1), str(text)


def _texts(
    node: object, place: tuple[str, ...], key: str
) -> Iterator[tuple[tuple[str, ...], str, str]]:
    if isinstance(node, _Text):
        yield place, key, node
    elif isinstance(node, list):
        for child in node:
            yield from _texts(child, place, key)
    elif isinstance(node, dict):
        inner = (*place, node["id"]) if isinstance(node.get("id"), str) else place
        for name, child in node.items():
            yield from _texts(child, inner, name)


def localized(definition: Definition, lang: str) -> dict[str, Any]:
    """Return the definition with its texts in `lang`; kept, because every answer asks for it."""
    key = (id(definition), lang)
    kept = _COMPILED.get(key)
    if kept is None or kept[0] is not definition:
        if len(_COMPILED) > 200:
            _COMPILED.clear()
        kept = (definition, definition_json(definition, translator(lang).gettext))
        _COMPILED[key] = kept
    return kept[1]


# By identity, and holding what it is the identity of: a definition is too large to hash each time.
_COMPILED: Final[dict[tuple[int, str], tuple[Definition, dict[str, Any]]]] = {}
