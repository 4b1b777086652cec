"""`ustaz doctor` sees what is wrong, explains it, and changes nothing."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def examine(
    ustaz: Callable[..., Any], demo: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], dict[str, dict[str, Any]]]:
    """Return the findings by id."""
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")

    def call() -> dict[str, dict[str, Any]]:
        result = ustaz("doctor", demo, "--json")
        found = {one["id"]: one for one in json.loads(result.out)["findings"]}
        problem = any(one["level"] == "problem" for one in found.values())
        assert result.code == (4 if problem else 0)
        return found

    return call


def test_a_fresh_demo_is_in_order(examine: Callable[[], Any]) -> None:
    found = examine()
    assert {one["id"] for one in found.values() if one["level"] == "problem"} == set()
    assert {"modes", "roster", "documents", "space", "path", "gradebook"} <= set(found)


def test_a_folder_open_to_others_is_named(examine: Callable[[], Any], demo: Path) -> None:
    (demo / "people" / "olga-p").chmod(0o755)
    finding = examine()["unsafe_mode"]
    assert finding["hint"] == "Close it: chmod go-rwx people/olga-p"


def test_a_link_among_the_answers_is_named_and_not_followed(
    examine: Callable[[], Any], demo: Path, tmp_path: Path
) -> None:
    (demo / "people" / "olga-p" / "extra").symlink_to(tmp_path)
    assert examine()["not_a_file"]["params"] == {"path": "people/olga-p/extra"}


def test_a_document_beyond_repair_is_named_without_its_text(
    examine: Callable[[], Any], demo: Path
) -> None:
    folder = demo / "people" / "olga-p" / "focus"
    for one in folder.iterdir():
        if one.suffix in {".json", ".jsonl"}:
            one.write_text("{torn, secret words", encoding="utf-8")
    finding = examine()["damaged"]
    assert finding["params"]["person"] == "olga-p"
    assert "secret" not in json.dumps(finding)


def test_what_an_interrupted_save_left_is_a_note(examine: Callable[[], Any], demo: Path) -> None:
    stray = demo / "people" / "olga-p" / "focus" / "answers.json.tmp"
    stray.write_text("", encoding="utf-8")
    os.utime(stray, (0, 0))
    assert examine()["stray"]["level"] == "note"
    assert stray.exists()


def test_a_folder_of_nobody_is_a_note(examine: Callable[[], Any], demo: Path) -> None:
    (demo / "people" / "old-one").mkdir(mode=0o700)
    assert examine()["not_in_roster"]["params"] == {"person": "old-one"}


def test_a_group_without_facilitator_is_a_note(examine: Callable[[], Any], demo: Path) -> None:
    roster = demo / "people.csv"
    text = roster.read_text(encoding="utf-8").replace(",facilitator,terek,", ",facilitator,,")
    roster.write_text(text, encoding="utf-8")
    assert examine()["group_without_facilitator"]["params"] == {"group": "terek"}


def test_a_gradebook_of_another_version_is_named(examine: Callable[[], Any], demo: Path) -> None:
    with sqlite3.connect(demo / "gradebook.db") as connection:
        connection.execute("update alembic_version set version_num = 'abcdef'")
    connection.close()
    assert examine()["gradebook_version"]["params"] == {"version": "abcdef"}


def test_a_damaged_gradebook_is_named(examine: Callable[[], Any], demo: Path) -> None:
    (demo / "gradebook.db").write_bytes(b"SQLite format 3\0" + b"\0" * 200)
    assert examine()["gradebook_damaged"]["level"] == "problem"


def test_little_space_is_told(examine: Callable[[], Any], monkeypatch: pytest.MonkeyPatch) -> None:
    from collections import namedtuple

    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage(10**12, 10**12, 10**8))
    assert examine()["no_space"]["level"] == "problem"
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage(10**12, 10**12, 10**9))
    assert examine()["little_space"]["level"] == "note"


def test_programs_missing_from_path_are_a_note(
    examine: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    assert "PATH=" in examine()["path"]["hint"]


def test_a_workbook_that_no_library_has_is_named(examine: Callable[[], Any], demo: Path) -> None:
    settings = demo / "ustaz.toml"
    text = settings.read_text(encoding="utf-8").replace('"focus", ', '"focus", "gone", ')
    settings.write_text(text, encoding="utf-8")
    assert examine()["unknown_workbook"]["params"] == {"workbook": "gone"}


def test_a_workbook_whose_time_is_over_is_named(
    examine: Callable[[], Any], demo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "kept_too_long" not in examine()
    monkeypatch.setenv("USTAZ_NOW", "2040-01-01T09:00:00+00:00")
    finding = examine()["kept_too_long"]
    assert finding["level"] == "note"
    assert finding["params"]["count"] > 0


def test_nothing_is_changed(examine: Callable[[], Any], demo: Path) -> None:
    before = {one: one.stat().st_mtime_ns for one in demo.rglob("*")}
    examine()
    assert before == {one: one.stat().st_mtime_ns for one in demo.rglob("*")}
