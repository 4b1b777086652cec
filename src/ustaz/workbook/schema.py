"""The JSON Schema (2020-12) of a workbook's answers, from its definition."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ustaz.workbook.kinds import described, is_stored
from ustaz.workbook.library import Library
from ustaz.workbook.model import Definition

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema(definition: Definition) -> dict[str, Any]:
    """Return the schema of ``answers`` as a draft may hold them.

    Limits and requirements are rules and bind later; titles are the labels in English.
    """
    return {
        "$schema": DIALECT,
        "$id": f"urn:ustaz:workbook:{definition.id}:{definition.version}",
        "title": definition.title,
        "description": definition.summary,
        "x-purpose": definition.purpose,
        "x-visibility": list(definition.visibility),
        "x-retention-months": definition.retention,
        "type": "object",
        "additionalProperties": False,
        "properties": {
            field.id: described(field) for field in definition.fields if is_stored(field)
        },
    }


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
