"""The published schemas: current, valid, and no stricter than a draft."""

import json
from pathlib import Path

import jsonschema
import pytest

from benchmarks.generated_answers import Writer
from ustaz.workbook import Library, check_value, json_schema, schema_files, write_schemas

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = Library.from_dirs([ROOT / "workbooks"])
KITCHEN = Library.from_dirs([Path(__file__).parent / "fixtures"])["kitchen"]


def test_the_published_schemas_are_what_the_definitions_say() -> None:
    published = {
        path.name: path.read_text(encoding="utf-8")
        for path in (ROOT / "docs" / "schemas").glob("*.json")
    }
    assert published == schema_files(SHIPPED), "write them again: ustaz workbook build"


@pytest.mark.parametrize("definition", [*SHIPPED.values(), KITCHEN], ids=lambda one: one.id)
def test_a_schema_is_one(definition: object) -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema(definition))


def test_writing_touches_only_what_is_not_current(tmp_path: Path) -> None:
    folder = tmp_path / "schemas"
    written = write_schemas(SHIPPED, folder)
    assert sorted(one.name for one in written) == sorted(schema_files(SHIPPED))
    (folder / "focus.schema.json").write_text("{}", encoding="utf-8")
    assert write_schemas(SHIPPED, folder) == [folder / "focus.schema.json"]
    assert write_schemas(SHIPPED, folder) == []


@pytest.mark.parametrize(
    "answers",
    [
        {"name": 7},
        {"one": "z"},
        {"some": ["p", "p"]},
        {"scale": 6},
        {"other": None},
        {"start": "soon"},
        {"culture": {"trust": {"now": 6}}},
        {"culture": {"trust": {"later": 1}}},
        {"culture": {"colour": {}}},
        {"culture": {"trust": 3}},
        {"with": ["self"]},
        {"with": ["p1dina", "p2olga"]},
        {"steps": [{"action": "no id"}]},
        {"steps": [{"id": "r1aaaa", "colour": "x"}]},
        {"topic": "kept elsewhere"},
        {"nothing": 1},
    ],
    ids=json.dumps,
)
def test_what_cannot_be_kept_does_not_fit_the_schema(answers: dict) -> None:
    assert not jsonschema.Draft202012Validator(json_schema(KITCHEN)).is_valid(answers)


def test_answers_that_benchmarks_generate_may_be_kept() -> None:
    for document in Writer("olga-p", SHIPPED, seed=1).documents():
        for field, value in document.answers.items():
            check_value(SHIPPED[document.workbook], [field], value)
