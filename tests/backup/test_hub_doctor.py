"""`ustaz doctor` of a hub: secrets, ports, accounts, backups; each with what to do."""

from __future__ import annotations

import json
import os
import sqlite3
from collections import namedtuple
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.support.books import published
from ustaz.backup import make_backup
from ustaz.cli._app import run

#: The account that the hub belongs to where the tests run as root.
ELSE = 4242
Findings = dict[str, dict[str, Any]]


@pytest.fixture
def examine(
    hub: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[[], Findings]:
    """Return the findings by id; the account is not root, whoever runs the tests."""
    monkeypatch.setattr("os.geteuid", lambda: os.getuid() or ELSE)
    for path in (hub / "courses").iterdir():
        path.joinpath("nbgrader_config.py").write_text("", encoding="utf-8")
        path.joinpath("people").mkdir(mode=0o700, exist_ok=True)
        path.joinpath("people.csv").chmod(0o600)
    if not os.getuid():
        for path in (hub, *hub.rglob("*")):
            os.chown(path, ELSE, -1, follow_symlinks=False)

    def call() -> Findings:
        capsys.readouterr()
        code = run(["doctor", str(hub), "--json"])
        found = {one["id"]: one for one in json.loads(capsys.readouterr().out)["findings"]}
        assert code == (4 if any(one["level"] == "problem" for one in found.values()) else 0)
        assert all(one["hint"] for one in found.values() if one["level"] == "problem")
        return found

    return call


def settings(hub: Path, *lines: str) -> None:
    (hub / "ustaz-hub.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def accounts(hub: Path, *names: str) -> None:
    with closing(sqlite3.connect(hub / "state" / "hub.sqlite")) as connection:
        connection.execute("create table users_info (username text)")
        connection.executemany("insert into users_info values (?)", [(one,) for one in names])
        connection.commit()


def test_a_hub_is_looked_at_with_every_course(examine: Callable[[], Findings], hub: Path):
    published(hub / "book")
    found = examine()
    assert {"secrets", "ports", "files", "courses", "space", "clock", "node"} <= set(found)
    assert found["courses"]["params"]["count"] == 2
    assert {one["id"] for one in found.values() if one["level"] == "problem"} == set()


def test_a_secret_open_to_others_is_named(examine: Callable[[], Findings], hub: Path):
    (hub / "state" / "cookie_secret").chmod(0o640)
    assert examine()["unsafe_secret"]["params"] == {"path": "state/cookie_secret"}


def test_settings_with_a_password_are_secret_too(examine: Callable[[], Findings], hub: Path):
    settings(hub, 'database = "postgresql://ustaz:a-pass-phrase@127.0.0.1:1/ustaz"')
    (hub / "ustaz-hub.toml").chmod(0o644)
    found = examine()
    assert found["unsafe_secret"]["params"] == {"path": "ustaz-hub.toml"}
    assert "a-pass-phrase" not in json.dumps(found)


def test_root_is_a_problem(examine: Callable[[], Findings], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert examine()["root"]["level"] == "problem"


@pytest.mark.parametrize(
    ("lines", "id_"),
    [
        (['host = "0.0.0.0"', 'address = "https://ustaz.example"'], "open_port"),
        (['address = "http://ustaz.example"'], "no_https"),
    ],
)
def test_passwords_that_would_travel_open_are_a_problem(
    examine: Callable[[], Findings], hub: Path, lines: list[str], id_: str
):
    settings(hub, *lines)
    assert examine()[id_]["level"] == "problem"


@pytest.mark.parametrize(
    "lines", [[], ['address = "https://ustaz.example"'], ['address = "http://127.0.0.1:8000"']]
)
def test_https_and_this_machine_alone_are_in_order(
    examine: Callable[[], Findings], hub: Path, lines: list[str]
):
    settings(hub, *lines)
    assert examine()["ports"]["level"] == "ok"


def test_a_database_that_does_not_answer_is_a_problem(examine: Callable[[], Findings], hub: Path):
    settings(hub, 'database = "postgresql://127.0.0.1:1/ustaz"')
    assert examine()["no_database"]["level"] == "problem"


def test_a_course_that_cannot_be_opened_is_named(examine: Callable[[], Findings], hub: Path):
    (hub / "courses" / "autumn" / "people.csv").write_text("who\n", encoding="utf-8")
    finding = examine()["unopened_course"]
    assert finding["params"]["course"] == "autumn"


def test_one_account_under_two_names_is_named(examine: Callable[[], Findings], hub: Path):
    roster = hub / "courses" / "autumn" / "people.csv"
    roster.write_text(roster.read_text("utf-8").replace("Yerlan B.", "Yerlan Bek"), "utf-8")
    found = examine()
    assert found["two_names"]["params"] == {"account": "yerlan-b"}
    assert "Yerlan" not in json.dumps(found)


def test_people_without_an_account_are_counted(examine: Callable[[], Findings], hub: Path):
    accounts(hub, "olga-p", "aigul-s")
    assert examine()["without_account"]["params"]["count"] == 5


def test_participants_without_a_group_are_counted(examine: Callable[[], Findings], hub: Path):
    roster = hub / "courses" / "spring" / "people.csv"
    text = roster.read_text("utf-8").replace("participant,g2,", "participant,,")
    roster.write_text(text, "utf-8")
    assert examine()["without_group"]["params"]["count"] == 1


def test_a_finding_in_a_course_tells_which(
    examine: Callable[[], Findings], hub: Path, capsys: pytest.CaptureFixture[str]
):
    (hub / "courses" / "spring" / "people" / "olga-p").chmod(0o755)
    assert examine()["unsafe_mode"]["params"]["course"] == "spring"
    run(["--lang", "en", "doctor", str(hub)])
    assert "✗ spring: Other accounts" in capsys.readouterr().out


def test_a_file_of_another_account_is_named(examine: Callable[[], Findings], hub: Path):
    if os.getuid():
        pytest.skip("only root can give files away")
    os.chown(hub / "courses" / "spring" / "people" / "olga-p" / "focus" / "answers.json", 1234, -1)
    finding = examine()["foreign_owner"]
    assert (finding["level"], finding["params"]["count"]) == ("problem", 1)


# -- backups ------------------------------------------------------------------------------------
def test_a_backup_that_was_never_made_is_a_note(examine: Callable[[], Findings]):
    assert examine()["no_backup"]["level"] == "note"


def test_a_backup_grows_old_after_a_week(
    examine: Callable[[], Findings], hub: Path, shelf: Path, monkeypatch: pytest.MonkeyPatch
):
    make_backup(hub, shelf)
    assert examine()["backup"]["level"] == "ok"
    monkeypatch.setenv("USTAZ_NOW", "2026-12-01T09:06:00+00:00")
    assert examine()["old_backup"]["params"]["days"] == 8


@pytest.mark.parametrize(("free", "level"), [(0.5, "problem"), (3.5, "note"), (100, "ok")])
def test_it_is_told_for_how_many_days_there_is_room(
    examine: Callable[[], Findings],
    hub: Path,
    shelf: Path,
    monkeypatch: pytest.MonkeyPatch,
    free: float,
    level: str,
):
    size = make_backup(hub, shelf).size
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage(1, 1, int(size * free)))
    finding = examine()["room_for_backups"]
    assert (finding["level"], finding["params"]["count"]) == (level, int(free))


# -- the computer -------------------------------------------------------------------------------
@pytest.mark.parametrize(("said", "level"), [("yes", "ok"), ("no", "note")])
def test_a_clock_that_nothing_keeps_right_is_a_note(
    examine: Callable[[], Findings],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    said: str,
    level: str,
):
    tool = tmp_path / "bin" / "timedatectl"
    tool.parent.mkdir()
    tool.write_text(f"#!/bin/sh\necho {said}\n", encoding="utf-8")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tool.parent}{os.pathsep}{os.environ['PATH']}")
    finding = examine()["clock"]
    assert (finding["level"], finding["params"]["zone"]) == (level, "Asia/Almaty")


def test_a_program_that_is_missing_is_a_problem(
    examine: Callable[[], Findings], monkeypatch: pytest.MonkeyPatch
):
    found = examine()
    assert {found["node"]["level"], found["proxy"]["level"]} == {"ok"}
    monkeypatch.setattr("ustaz.hub.node.PROXY", Path("/nowhere"))
    found = examine()
    assert (found["node"]["level"], found["no_proxy"]["level"]) == ("ok", "problem")
    # Another Node of the computer is not used, so it is no help that there is one.
    monkeypatch.setattr("ustaz.hub.node.find_spec", lambda _: None)
    found = examine()
    assert found["no_node"]["level"] == "problem"
    assert "pip install 'ustaz[hub]'" in found["no_node"]["hint"]


def test_a_book_that_is_not_there_is_a_problem_and_an_old_one_a_note(
    examine: Callable[[], Findings], hub: Path
):
    finding = examine()["no_book"]
    assert (finding["level"], finding["hint"]) == ("problem", f"Build it: ustaz book build {hub}")
    published(hub / "book", stamp="of another version")
    assert examine()["old_book"]["level"] == "note"
    published(hub / "book")
    assert examine()["book"]["level"] == "ok"


@pytest.mark.parametrize("account", ["Same", "a/b"])
def test_an_account_with_which_nobody_can_sign_in_is_named(
    examine: Callable[[], Findings], hub: Path, account: str
):
    assert "nobodys_account" not in examine()
    roster = hub / "courses" / "autumn" / "people.csv"
    head = roster.read_text("utf-8").splitlines()[0].split(",")
    lines = []
    for person in ("zz-1", "zz-2"):
        cells = {"person": person, "name": "Zz Z.", "role": "participant", "lang": "en",
                 "account": account if person == "zz-1" else account.upper()}  # fmt: skip
        lines.append(",".join(cells.get(one, "") for one in head))
    roster.write_text(roster.read_text("utf-8") + "\n".join(lines) + "\n", "utf-8")
    assert examine()["nobodys_account"]["params"]["account"] == account.lower()


def test_a_password_of_somebody_who_had_the_account_before_counts_as_none(
    examine: Callable[[], Findings], hub: Path
):
    accounts(hub, "olga-p", "aigul-s", "yerlan-b")
    with closing(sqlite3.connect(hub / "state" / "hub.sqlite")) as connection:
        connection.execute("create table ustaz_holders (account text, kind text, people text)")
        connection.executemany(
            "insert into ustaz_holders values (?, ?, ?)",
            [("olga-p", "password", '["autumn/olga-p"]'),
             ("aigul-s", "password", '["autumn/left"]'), ("yerlan-b", "code", '["autumn/left"]')],
        )  # fmt: skip
        connection.commit()
    before = 7 - 2
    assert examine()["without_account"]["params"]["count"] == before
