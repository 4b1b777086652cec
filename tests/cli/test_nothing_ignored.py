"""What somebody asks for on the command line is done, or refused before anything is made."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.support.courses import SHIPPED, course_at
from ustaz.cli._app import run
from ustaz.config_files.usable_paths import hindrance
from ustaz.course import Course
from ustaz.doctor import examine

ROSTER = "person,name,role\nsaule-m,Saule M.,staff\n"


def test_a_demo_is_called_and_dated_as_it_was_asked_for(tmp_path: Path) -> None:
    folder = tmp_path / "c"
    asked = ["--id", "my-course", "--name", "My «course»", "--start", "2025-09-01"]
    asked += ["--end", "2026-05-31", "--people", "1"]
    assert run(["new", str(folder), "--demo", *asked, "--json"]) == 0
    said = tomllib.loads((folder / "ustaz.toml").read_text(encoding="utf-8"))
    assert (said["course"]["id"], said["course"]["name"]) == ("my-course", "My «course»")
    assert str(said["calendar"]["start"]) == "2025-09-01"
    assert str(said["calendar"]["end"]) == "2026-05-31"
    assert "'my-course'" in (folder / "nbgrader_config.py").read_text(encoding="utf-8")
    rounds = list((folder / "exchange").rglob("round.json"))
    assert all('"course":"my-course"' in one.read_text().replace(": ", ":") for one in rounds)
    assert len(Course.open(folder).with_role("participant")) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["new", "DIR", "--demo", "--start", "2099-09-01"],
        ["new", "DIR", "--demo", "--start", "2025-09-01", "--end", "2025-10-01"],
        ["new", "DIR", "--demo", "--id", "No Good"],
        ["new", "DIR", "--demo", "--name", "two\nlines"],
        ["new", "DIR", "--name", "  "],
        ["new", "DIR", "--people", "5"],
        ["new", "DIR", "--seed", "5"],
        ["new", "DIR", "--start", "2027-01-01", "--end", "2026-01-01"],
        ["hub", "init", "DIR", "--people", "5"],
        ["hub", "init", "DIR", "--demo", "--database", "mysql://u@h/d"],
        ["hub", "init", "DIR", "--database", "postgresql://u@h"],
        ["roster", "substitute", "COURSE", "saule-m", "g1", "--stop", "--from", "2026-11-23"],
        ["workbook", "build", "--course", "COURSE", "--check"],
        ["workbook", "build", "--course", "COURSE", "--dir", "COURSE"],
        ["workbook", "build", "--course", "COURSE", "--schemas", "DIR"],
        ["workbook", "messages", "COURSE", "--check", "--prune"],
        ["person", "erase", "COURSE", "saule-m", "--confirm", "saule-m"],
    ],
    ids=" ".join,
)
def test_what_would_be_ignored_is_refused_and_nothing_is_made(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    course = course_at(tmp_path / "course", "trial", "Trial", ROSTER, workbooks=SHIPPED)
    before = sorted(tmp_path.rglob("*"))
    named = {"DIR": str(tmp_path / "new"), "COURSE": str(course.dir)}
    assert run([named.get(one, one) for one in arguments]) == 2
    assert sorted(tmp_path.rglob("*")) == before
    assert "Traceback" not in capsys.readouterr().err


def test_a_demo_hub_has_the_database_and_the_name_that_were_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[tuple[str, str]] = []
    monkeypatch.setattr("ustaz.demo.hub.create_course", lambda *_, **__: None)
    monkeypatch.setattr(
        "ustaz.demo.hub.give_accounts",
        lambda hub, _: made.append((hub.settings.name, hub.settings.database)),
    )
    url = "postgresql://ustaz@localhost/ustaz"
    asked = ["hub", "init", str(tmp_path / "hub"), "--demo", "--name", "Mine", "--database", url]
    assert run(asked) == 0
    assert made == [("Mine", url)]


@pytest.mark.parametrize(
    "name", ["[2026]", "a$HOME", "${HOME}", "a*", "a?", "100%", "%41", "two\nlines", "a\x7f", "x["]
)
@pytest.mark.parametrize("command", [["new"], ["new", "--demo"], ["hub", "init"]], ids=" ".join)
def test_a_path_that_means_something_else_to_nbgrader_is_refused(
    command: list[str], name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in (tmp_path / name, tmp_path / name / "inner"):
        assert run([*command, str(folder)]) == 2
        assert list(tmp_path.iterdir()) == []
    assert "Traceback" not in capsys.readouterr().err


def test_a_path_with_any_other_sign_works(tmp_path: Path) -> None:
    folder = tmp_path / "Курс «А» {x} it's ~a; #1 & 'b', +ә😀"
    assert hindrance(folder) == ""
    assert run(["new", str(folder), "--id", "trial"]) == 0
    assert (folder / "release" / "focus" / "focus.ipynb").is_file()
    assert [one.id for one in examine(folder) if one.level == "problem"] == []


def test_the_doctor_names_the_sign_of_a_course_that_was_moved(tmp_path: Path) -> None:
    course_at(tmp_path / "plain", "trial", "Trial", ROSTER, workbooks=SHIPPED)
    moved = tmp_path / "[moved] 1"
    (tmp_path / "plain").rename(moved)
    (found,) = [one for one in examine(moved) if one.id == "path_sign"]
    assert (found.level, found.params["sign"]) == ("problem", "[")


def test_one_broken_thing_does_not_cut_the_doctor_short(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    course_at(tmp_path / "course", "trial", "Trial", ROSTER, workbooks=SHIPPED)
    whole = {one.id for one in examine(tmp_path / "course")}

    def stumbling(*_: object) -> bool:
        raise ValueError("something nobody thought of")

    monkeypatch.setattr("ustaz.doctor.courses.open_to_others", stumbling)
    found = {one.id for one in examine(tmp_path / "course")}
    assert found >= (whole - {"modes", "unsafe_mode"}) | {"not_examined"}


@pytest.mark.parametrize(
    "zone", ["Asia", "Mars", "../../etc/passwd", "A" * 300, "", "Asia/\\u0000"]
)
def test_a_time_zone_that_is_none_is_refused_with_file_line_and_field(
    zone: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    course = course_at(tmp_path / "course", "trial", "Trial", ROSTER, workbooks=SHIPPED)
    path = course.dir / "ustaz.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("Asia/Almaty", zone), encoding="utf-8")
    assert run(["roster", "list", str(course.dir)]) == 10
    said = capsys.readouterr().err
    assert f"{path}:10: calendar.timezone: unknown time zone" in said.replace("\n", " ")
