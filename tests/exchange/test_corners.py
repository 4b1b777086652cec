"""Paths that only a failing disk, a broken course or a later step takes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.exchange.helpers import me, write
from ustaz.base import files
from ustaz.course import Course
from ustaz.course.locate import course_around
from ustaz.exchange import collect, marks, rounds, submit, verify_code
from ustaz.exchange.listing import _released, feedback_dir
from ustaz.exchange.plugins import is_workbook


def test_a_file_that_cannot_be_replaced_stays_and_nothing_is_left_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    files.replace(path, b"old")

    def broken(*_: object, **folders: object) -> None:
        raise OSError(5, "I/O error")

    monkeypatch.setattr(os, "replace", broken)
    with pytest.raises(OSError, match="I/O error"):
        files.replace(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_collected_file_that_cannot_be_read_is_collected_again(
    course: Course,
) -> None:
    submit(course, "aigul-s", "mini", identity=me("aigul-s"))
    collect(course)
    (course.dir / "submitted" / "aigul-s" / "mini" / "answers.json").unlink()
    assert collect(course).taken == [("aigul-s", "mini", 1)]


def test_the_status_of_a_round_follows_its_marks(course: Course) -> None:
    submit(course, "aigul-s", "mini", identity=me("aigul-s"))

    def status() -> list[str]:
        return [one.status for one in rounds(course, "aigul-s", "mini")]

    with marks.change(course, "aigul-s", "mini") as known:
        known["graded"] = {"round": 1, "content": "x"}
    assert status() == ["marking"]
    with marks.change(course, "aigul-s", "mini") as known:
        known["graded"] = None
        known["rounds"]["1"] = {"marks": {"cells": []}}
    assert status() == ["marked"]
    with marks.change(course, "aigul-s", "mini") as known:
        known["rounds"]["1"]["returned_at"] = "2026-11-23T14:05:00+00:00"
    assert status() == ["returned"]
    assert rounds(course, "aigul-s", "mini")[0].returned_at == "2026-11-23T14:05:00+00:00"


def test_marks_that_are_not_changed_are_not_written(course: Course) -> None:
    with marks.change(course, "aigul-s", "mini"):
        pass
    assert not marks.path_of(course, "aigul-s", "mini").exists()


def test_a_change_of_marks_that_fails_changes_nothing(course: Course) -> None:
    def fails() -> None:
        with marks.change(course, "aigul-s", "mini") as known:
            known["graded"] = {"round": 1}
            raise ValueError

    with pytest.raises(ValueError):
        fails()
    assert marks.load(course, "aigul-s", "mini")["graded"] is None


def test_the_course_around_a_folder_is_found_and_a_broken_one_is_none(
    course: Course, tmp_path: Path
) -> None:
    inner = course.dir / "release" / "mini"
    found = course_around(inner)
    assert found is not None
    assert found.dir == course.dir
    assert course_around(inner) is found
    assert course_around(course.dir.parent) is None
    # What was good before goes on; what never was good is no course.
    (course.dir / "ustaz.toml").write_text("broken = ")
    found = course_around(inner)
    assert found is not None
    assert found.id == course.id
    never = tmp_path / "never"
    never.mkdir()
    (never / "ustaz.toml").write_text("broken = ")
    assert course_around(never) is None


def test_a_code_is_looked_for_in_every_round(course: Course) -> None:
    codes = []
    for title in ("One", "Two", "Three"):
        write(course, "aigul-s", "mini", {"title": f"Title {title}"})
        receipt = submit(course, "aigul-s", "mini", identity=me("aigul-s"), confirm=True)
        codes.append(receipt.code)
    for number, code in enumerate(codes, 1):
        found = verify_code(course, code)
        assert found is not None
        assert found.round == number


def test_companions_and_strangers_are_no_assignments(course: Course) -> None:
    assert is_workbook(course, "mini")
    assert not is_workbook(course, "mini-people")
    assert not is_workbook(course, "sums")
    assert _released(course, "sums") == []
    assert feedback_dir(course, "aigul-s", "mini", 1).name == "0001"


def test_withheld_answers_of_an_older_workbook_are_taken(course: Course) -> None:
    from ustaz.exchange.validate import check_answers

    definition = course.library["mini"]
    check_answers(definition, "0.9.0", {}, ["long_gone"])
    for withheld in ([3], ["long_gone"]):
        version: Any = "0.9.0" if withheld == [3] else definition.version
        with pytest.raises(Exception, match="not built"):
            check_answers(definition, version, {}, withheld)


def test_a_code_is_not_found_where_nothing_was_handed_in(course: Course) -> None:
    assert verify_code(course, "abc") is None
    assert verify_code(course, "0000-0000") is None
