"""``ustaz extend``: more time for a person, a group or a school; the list; taking back."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

Call = Callable[..., "Result"]  # noqa: F821 - tests/cli/conftest.py
WHY = ("--reason", "Frost")


def test_time_is_given_listed_and_taken_back(ustaz: Call, demo: Path) -> None:
    shutil.rmtree(demo / "shifts")  # the demo's own
    assert ustaz("extend", demo).out == "Nobody has been given more time yet.\n"
    done = ustaz(
        "extend", demo, "--workbook", "action-plan", "--person", "aigul-s",
        "--until", "2027-01-20", *WHY,
    )  # fmt: skip
    assert (done.code, done.out) == (0, "aigul-s: action-plan is expected by 2027-01-20 now.\n")
    listed = ustaz("extend", demo)
    assert "aigul-s.1  aigul-s: action-plan until 2027-01-20, Frost" in listed.out
    assert ustaz("extend", demo, "--undo", "aigul-s.1").out == "Taken back: aigul-s.1\n"
    (one,) = json.loads(ustaz("extend", demo, "--json").out)["extensions"]
    assert (one["id"], one["undone"], one["how"]) == ("aigul-s.1", True, "command")
    again = ustaz("extend", demo, "--undo", "aigul-s.1")
    assert again.code == 12


@pytest.mark.parametrize("option", ["--group", "--school"])
def test_a_group_or_a_school_is_given_time(ustaz: Call, demo: Path, option: str) -> None:
    from ustaz.course import Course
    from ustaz.deadlines.due import due

    course = Course.open(demo)
    person = course.people["aigul-s"]
    target = person.group if option == "--group" else person.school
    done = ustaz(
        "extend", demo, "--workbook", "focus", option, target, "--until", "2027-01-20", *WHY
    )
    assert done.code == 0
    found = due(course, "focus", "aigul-s")
    assert found is not None
    assert str(found.day) == "2027-01-20"


def lines(demo: Path) -> dict[str, bytes]:
    """Return every line of an extension; the demo has a moved meeting already."""
    return {str(path): path.read_bytes() for path in sorted((demo / "shifts").rglob("*.jsonl"))}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--workbook", "focus", "--until", "2027-01-20"), 2),
        (("--workbook", "focus", "--person", "aigul-s"), 2),
        (("--person", "aigul-s", "--until", "2027-01-20"), 2),
        (("--workbook", "focus", "--person", "a", "--group", "b", "--until", "2027-01-20"), 2),
        (("--undo", ".1", "--workbook", "focus"), 2),
        (("--workbook", "focus", "--person", "nobody", "--until", "2027-01-20", *WHY), 13),
        (("--workbook", "focus", "--person", "aigul-s", "--until", "2027-01-20"), 12),
        (("--workbook", "nothing", "--person", "aigul-s", "--until", "2027-01-20", *WHY), 12),
        (("--workbook", "focus", "--person", "aigul-s", "--until", "2026-05-01", *WHY), 12),
    ],
)
def test_what_makes_no_sense_changes_nothing(
    ustaz: Call, demo: Path, arguments: tuple[str, ...], code: int
) -> None:
    before = lines(demo)
    result = ustaz("extend", demo, *arguments)
    assert result.code == code
    assert "Traceback" not in result.err
    assert lines(demo) == before
