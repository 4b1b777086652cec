"""`ustaz person`: a dry run first, the id typed once more, one line when something is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ustaz.course import Course

Call = Callable[..., "Result"]  # noqa: F821 - tests/cli/conftest.py


@pytest.fixture
def person(demo: Path) -> str:
    """A teacher of the demo who has handed something in."""
    return next(one.name for one in sorted((demo / "exchange" / "inbound").iterdir()))


def files(folder: Path) -> dict[str, bytes]:
    found = (one for one in folder.rglob("*") if one.is_file() and one.suffix != ".lock")
    return {str(one): one.read_bytes() for one in found}


def test_without_yes_it_says_what_would_go_and_changes_nothing(
    ustaz: Call, demo: Path, person: str
) -> None:
    before = files(demo)
    said = ustaz("person", "erase", demo, person)
    assert said.code == 0
    assert "What would go:" in said.out
    assert "answers with their history" in said.out
    assert "Backups that were made before still hold them" in said.out
    assert said.out.endswith("Nothing was changed. To do it: --yes\n")
    assert files(demo) == before


def test_it_is_done_where_the_id_is_given_once_more(ustaz: Call, demo: Path, person: str) -> None:
    for confirm in ((), ("--confirm", "somebody")):
        before = files(demo)
        refused = ustaz("person", "erase", demo, person, "--yes", *confirm)
        assert (refused.code, refused.err.count("\n")) == (12, 2)
        assert "was not confirmed; nothing was changed" in refused.err
        assert files(demo) == before
    done = ustaz("person", "erase", demo, person, "--yes", "--confirm", person)
    assert done.code == 0, done.err
    assert "What there was:" in done.out
    assert person not in Course.open(demo).people
    assert ustaz("person", "erase", demo, person).code == 13


def test_on_a_terminal_the_id_is_asked_for(
    ustaz: Call, demo: Path, person: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = iter(["yes", person])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("click.prompt", lambda _: next(typed))
    assert ustaz("person", "erase", demo, person, "--yes").code == 12
    assert ustaz("person", "erase", demo, person, "--yes").code == 0


def test_programs_get_counts_and_what_stays(ustaz: Call, demo: Path, person: str) -> None:
    seen = json.loads(ustaz("person", "erase", demo, person, "--json").out)
    assert seen["erased"] is False
    counts = {one["place"]: one["count"] for one in seen["places"]}
    assert counts["answers"] > 0
    assert counts["rounds"] > 0
    assert {one["id"] for one in seen["stays"]} >= {"backups_unknown", "logs", "totals"}


def test_an_export_is_a_folder_to_read(
    ustaz: Call, demo: Path, person: str, tmp_path: Path
) -> None:
    made = ustaz("person", "export", demo, person, tmp_path / "out")
    assert made.code == 0, made.err
    assert "begin with README.html" in made.out
    assert (tmp_path / "out" / "README.html").is_file()
    again = ustaz("person", "export", demo, person, tmp_path / "out", "--json")
    assert again.code == 12
    assert json.loads(again.err)["error"] == "occupied"
    told = json.loads(ustaz("person", "export", demo, person, tmp_path / "more", "--json").out)
    assert (told["folder"], told["files"] > 10) == (str(tmp_path / "more"), True)


def test_a_folder_of_backups_that_is_not_there_is_a_wrong_option(
    ustaz: Call, demo: Path, person: str, tmp_path: Path
) -> None:
    said = ustaz("person", "erase", demo, person, "--backups", tmp_path / "no")
    assert said.code == 2
