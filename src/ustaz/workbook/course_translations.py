"""A definition whose texts bring the translations of a course's own catalogues."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, Final

from ustaz.messages import OwnText
from ustaz.workbook.model import Definition

Catalogue = Mapping[str, dict[str, str]]

#: What a person reads; everything else is ids, versions and file names.
READ: Final = frozenset(
    {
        *("title", "summary", "purpose", "label", "help", "placeholder", "guidance", "low", "high"),
        *("row_name", "date_label", "unit", "message", "hint"),
        *("x_name", "y_name", "corners"),
        *("person", "situation", "answers", "why", "levels", "descriptors"),
    }
)


def with_own_texts(definition: Definition, catalogue: Catalogue) -> Definition:
    """Return `definition` with its texts as :class:`~ustaz.messages.OwnText`."""
    if not catalogue:
        return definition
    translated: Definition = _inside(definition, catalogue)
    return translated


def _inside(part: Any, catalogue: Catalogue) -> Any:  # noqa: ANN401 - a tree of dataclasses
    if isinstance(part, tuple):
        return tuple(_inside(inner, catalogue) for inner in part)
    if isinstance(part, Mapping):
        return {**part, **_changed(part.items(), catalogue)}
    if not is_dataclass(part) or isinstance(part, type):
        return part
    changed = _changed(
        ((field.name, getattr(part, field.name)) for field in fields(part)), catalogue
    )
    return replace(part, **changed) if changed else part


def _changed(values: Iterable[tuple[str, Any]], catalogue: Catalogue) -> dict[str, Any]:
    changed = {}
    for name, value in values:
        step = _text if name in READ else _inside
        after = step(value, catalogue)
        if after is not value:
            changed[name] = after
    return changed


def _text(value: Any, catalogue: Catalogue) -> Any:  # noqa: ANN401 - a text, or a worked example
    if isinstance(value, str):
        own = catalogue.get(value)
        return OwnText(value, own) if own else value
    if isinstance(value, list | tuple):
        return type(value)(_text(inner, catalogue) for inner in value)
    if isinstance(value, Mapping):
        return {key: _text(inner, catalogue) for key, inner in value.items()}
    return value
