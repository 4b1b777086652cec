"""One call gives a course as tables; where nothing is found it says so."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.server import helpers
from ustaz import shares
from ustaz.answers import StoreError
from ustaz.base.errors import CourseError
from ustaz.course import Course
from ustaz.course.tables import read

DOCS = Path(__file__).resolve().parents[2] / "docs" / "workbooks.md"
RECIPE = re.search(
    r"```python\n(from ustaz\.course\.tables import read\n.*?)```",
    DOCS.read_text("utf-8"),
    re.DOTALL,
)


def filled(folder: Path) -> Course:
    """Create a course in which two people have written."""
    course = helpers.make_course(folder)
    write(course)
    return course


def write(course: Course) -> None:
    helpers.put(course, "aigul-s", "focus", why_me="Only for me", **helpers.FOCUS)
    helpers.put(course, "olga-p", "focus", **helpers.FOCUS)
    for number, due in enumerate(("2026-10-20", "2027-01-20"), start=1):
        row = {"action": "Жұппен сөйлесу", "due": due}
        change = {"op": "add_row", "path": ["steps", f"stp00{number}"], "after": None, "value": row}
        helpers.write(course, "aigul-s", "action-plan", [change])


def check(directory: Path) -> None:
    """Try what a course with two people's answers must give, wherever they are kept."""
    found = read(directory)
    assert set(found.documents) == {"focus", "action-plan", "people-map"}
    assert set(found.documents["focus"]) == {"aigul-s", "olga-p"}
    assert set(found.documents["action-plan"]) == {"aigul-s"}
    assert list(found.tables["focus"]["person"]) == ["olga-p", "aigul-s"]
    steps = found.tables["action-plan.steps"]
    assert sorted(steps["due"]) == [pd.Timestamp("2026-10-20"), pd.Timestamp("2027-01-20")]
    for name, table in found.tables.items():
        described = found.dictionary[found.dictionary["table"] == name]
        assert list(described["column"]) == list(table.columns)


def test_a_course_in_files_is_read_by_one_call(tmp_path: Path) -> None:
    check(filled(tmp_path / "course").dir)


def test_the_recipe_of_the_documents_gives_what_was_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(tmp_path / "course")
    monkeypatch.chdir(tmp_path)
    assert RECIPE is not None
    names: dict[str, Any] = {}
    exec(RECIPE[1], names)
    assert len(names["focus"]) == 2
    assert len(names["steps"]) == 2
    assert names["late"].to_dict() == {"aigul-s": 1}
    assert not names["meaning"].empty
    assert names["plan"]["aigul-s"].answers["steps"][0]["action"] == "Жұппен сөйлесу"


def test_private_answers_are_in_nobodys_tables(tmp_path: Path) -> None:
    folder = filled(tmp_path / "course").dir
    for audience in ("staff", "facilitator", "group", "network", "public"):
        found = read(folder, audience=audience)
        said = repr(found.documents) + "".join(one.to_string() for one in found.tables.values())
        assert "Only for me" not in said
        assert ("Pupils explain" in said) is (audience in {"staff", "facilitator", "group"})
    with pytest.raises(CourseError) as refused:
        read(folder, audience="self")
    assert refused.value.id == "unknown_audience"


def test_research_reads_those_who_allow_it_and_nobody_else(tmp_path: Path) -> None:
    course = filled(tmp_path / "course")
    with pytest.raises(CourseError) as refused:
        read(course.dir, people=shares.consenting(course))
    assert refused.value.id == "no_documents"
    shares.show(course, "olga-p", "research")
    found = read(course.dir, people=shares.consenting(course))
    assert {person for written in found.documents.values() for person in written} == {"olga-p"}
    assert list(found.tables["focus"]["person"]) == ["olga-p"]


def test_some_workbooks_only(tmp_path: Path) -> None:
    folder = filled(tmp_path / "course").dir
    assert set(read(folder, ["focus", "focus"]).documents) == {"focus"}
    with pytest.raises(CourseError) as refused:
        read(folder, ["focus", "no-such"])
    assert refused.value.id == "unknown_workbook"


def test_a_wrong_folder_is_an_error_and_no_empty_table(tmp_path: Path) -> None:
    folder = filled(tmp_path / "course").dir
    for wrong in (tmp_path, folder / "people", tmp_path / "nowhere", folder / "ustaz.toml"):
        with pytest.raises(CourseError) as refused:
            read(wrong)
        assert refused.value.id == "no_course"
    shutil.rmtree(folder / "people")
    with pytest.raises(CourseError) as refused:
        read(folder)
    assert refused.value.id == "no_documents"
    assert str(folder) in refused.value.message
    (folder / "people.csv").write_text(helpers.ROSTER.split("\n")[0] + "\n", encoding="utf-8")
    with pytest.raises(CourseError) as refused:
        read(folder)
    assert refused.value.id == "nobody"


def test_a_document_that_cannot_be_read_is_named_and_not_left_out(tmp_path: Path) -> None:
    folder = filled(tmp_path / "course").dir
    for one in (folder / "people" / "aigul-s" / "focus").rglob("*"):
        if one.is_file():
            one.write_bytes(b"{")
    with pytest.raises(StoreError) as refused:
        read(folder)
    assert refused.value.detail.startswith("aigul-s/focus")
