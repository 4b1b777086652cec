"""What a submission carries decides whether it says something new: Python and TypeScript alike."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from ustaz.exchange.snapshot import content_of, submission_document
from ustaz.workbook import Library, definition_json

HERE = Path(__file__).parent
VECTORS = json.loads(
    (HERE.parent / "vectors" / "submission_content.json").read_text(encoding="utf-8")
)
LIBRARY = Library.from_dirs([HERE / "fixtures"])


def content(known: dict[str, dict[str, Any]]) -> str:
    """Return the hash of what would be sent, as a submission takes it."""
    workbook = VECTORS["workbook"]
    document = {"workbook": workbook, "answers": known[workbook]}
    return content_of(submission_document(LIBRARY, document, known), {})


def composed(known: Any) -> Any:
    """Return answers as the store keeps them: letters composed."""
    return json.loads(unicodedata.normalize("NFC", json.dumps(known, ensure_ascii=False)))


def test_the_vectors_hold_the_workbooks_as_they_are() -> None:
    for name, compiled in VECTORS["definitions"].items():
        assert compiled == json.loads(json.dumps(definition_json(LIBRARY[name])))


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_what_is_sent_is_the_same_where_the_vectors_say_so(case: dict[str, Any]) -> None:
    same = content(VECTORS["before"]) == content(composed(case["after"]))
    assert same is case["same"]
