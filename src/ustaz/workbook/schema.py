"""The JSON Schema (2020-12) of a workbook's answers, from its definition."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ustaz.workbook.library import Library
from ustaz.workbook.model import STORED_KINDS, Definition, Field
from ustaz.workbook.values import LIST_CAP, ROWS_CAP, TEXT_CAP

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_ROW_ID = "^[a-z0-9]{6,16}$"


def json_schema(definition: Definition) -> dict[str, Any]:
    """Return the schema of ``answers`` as a draft may hold them.

    Limits and requirements are rules and bind later; titles are the labels in English.
    """
    return {
        "$schema": DIALECT,
        "$id": f"urn:ustaz:workbook:{definition.id}:{definition.version}",
        "title": definition.title,
        "description": definition.summary,
        "type": "object",
        "additionalProperties": False,
        "properties": {
            field.id: _field(field) for field in definition.fields if field.kind in STORED_KINDS
        },
    }


def _texts(cap: int) -> dict[str, Any]:
    return {"type": "array", "maxItems": cap, "items": {"type": "string", "maxLength": TEXT_CAP}}


def _field(field: Field) -> dict[str, Any]:
    found: dict[str, Any] = {"title": field.label}
    if field.help:
        found["description"] = field.help
    if field.kind == "text":
        return {**found, "type": "string", "maxLength": TEXT_CAP}
    if field.kind == "list":
        return {**found, **_texts(LIST_CAP)}
    if field.kind == "choice":
        return {**found, "enum": list(field.option_ids)}
    if field.kind == "choices":
        items: dict[str, Any] = {"enum": list(field.option_ids)}
        return {**found, "type": "array", "uniqueItems": True, "items": items}
    if field.kind == "scale":
        bounds = {"type": "integer", "minimum": field.low_value, "maximum": field.high_value}
        return {**found, **({"anyOf": [bounds, {"type": "null"}]} if field.cannot_say else bounds)}
    if field.kind == "date":
        pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
        return {**found, "type": "string", "format": "date", "pattern": pattern}
    if field.kind == "person":
        pattern = "^(self|[a-z0-9]{6,16})$" if field.self else _ROW_ID
        items = {"type": "string", "pattern": pattern}
        most = LIST_CAP if field.many else 1
        return {**found, "type": "array", "uniqueItems": True, "maxItems": most, "items": items}
    row = {
        "type": "object",
        "additionalProperties": False,
        "required": ["id"],
        "properties": {
            "id": {"type": "string", "pattern": _ROW_ID},
            **{column.id: _field(column) for column in field.columns},
        },
    }
    return {**found, "type": "array", "maxItems": ROWS_CAP, "items": row}


def schema_files(library: Library) -> dict[str, str]:
    """Return file names and texts of all schemas of a library."""
    return {
        f"{workbook}.schema.json": json.dumps(
            json_schema(library[workbook]), ensure_ascii=False, indent=2
        )
        + "\n"
        for workbook in library
    }


def write_schemas(library: Library, directory: Path) -> list[Path]:
    """Write the schemas that are not current; return them."""
    directory.mkdir(parents=True, exist_ok=True)
    changed = []
    for name, text in schema_files(library).items():
        path = directory / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed.append(path)
    return changed
