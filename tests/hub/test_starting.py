"""What a technician reads when a hub cannot be started or a directory is another one."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hub import helpers
from ustaz.base.desk import DESK_ENV
from ustaz.base.errors import CourseError, UstazError
from ustaz.cli._app import run
from ustaz.course import Course
from ustaz.hub.server import check_ports, create
from ustaz.hub.settings import HubDir


@pytest.fixture
def hub(tmp_path: Path) -> HubDir:
    return create(tmp_path / "hub", port=helpers.free_ports())


def taken(host: str, port: int) -> socket.socket:
    held = socket.socket()
    held.bind((host, port))
    held.listen(1)
    return held


@pytest.mark.parametrize("further", [0, 1, 2])
def test_a_taken_port_is_named_before_anything_starts(hub: HubDir, further: int):
    port = hub.settings.port + further
    with taken("127.0.0.1", port), pytest.raises(UstazError) as refused:
        check_ports(hub)
    assert (refused.value.id, refused.value.exit_code) == ("port_taken", 12)
    assert str(port) in refused.value.message


def test_a_port_that_becomes_free_soon_is_waited_for(hub: HubDir, monkeypatch: pytest.MonkeyPatch):
    held = taken("127.0.0.1", hub.settings.port)
    monkeypatch.setattr("ustaz.hub.server.time.sleep", lambda _: held.close())
    check_ports(hub, patience=60)


def test_the_proxy_that_a_killed_hub_left_behind_stops_nobody(hub: HubDir):
    # JupyterHub ends that proxy itself and takes its ports over.
    (hub.state / "proxy.pid").write_text(str(os.getpid()), encoding="ascii")
    with taken("127.0.0.1", hub.settings.port):
        check_ports(hub)


def test_a_hub_that_runs_already_keeps_its_proxy(hub: HubDir):
    (hub.state / "proxy.pid").write_text(str(os.getpid()), encoding="ascii")
    with taken("127.0.0.1", hub.settings.inner_port + 1), pytest.raises(UstazError) as refused:
        check_ports(hub)
    assert refused.value.id == "port_taken"


def test_the_command_says_it_in_one_line_without_a_traceback(
    hub: HubDir, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("USTAZ_LANG", "ru")
    with taken("127.0.0.1", hub.settings.port):
        assert run(["hub", "serve", str(hub.dir)]) == 12
    said = capsys.readouterr()
    assert not said.out
    assert len(said.err.splitlines()) == 2
    assert str(hub.settings.port) in said.err
    assert "in use" not in said.err


def test_a_hub_taken_for_a_course_names_its_courses(hub: HubDir):
    with pytest.raises(CourseError) as empty:
        Course.open(hub.dir)
    assert f"ustaz new {hub.dir}/courses/" in empty.value.hint
    helpers.make_course(hub.dir / "courses" / "one", "one", helpers.ROSTER)
    with pytest.raises(CourseError) as refused:
        Course.open(hub.dir)
    assert refused.value.id == "no_course"
    assert str(hub.dir / "courses" / "one") in refused.value.hint
    with pytest.raises(CourseError) as other_way:
        HubDir.open(hub.dir / "courses" / "one")
    assert "ustaz serve" in other_way.value.hint


def test_a_course_made_in_a_hub_is_not_to_be_served_beside_it(
    hub: HubDir, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("USTAZ_LANG", "en")
    assert run(["new", str(hub.dir / "courses" / "one")]) == 0
    said = capsys.readouterr().out
    assert f"ustaz hub invite {hub.dir}" in said
    assert "ustaz serve" not in said


def test_the_first_invitation_prints_no_log_of_the_library(hub: HubDir):
    helpers.make_course(hub.dir / "courses" / "one", "one", helpers.ROSTER)
    done = subprocess.run(
        [sys.executable, "-m", "ustaz.cli", "hub", "invite", str(hub.dir), "saule-m"],
        capture_output=True, text=True, check=True, env={**os.environ, "USTAZ_LANG": "en"},
    )  # fmt: skip
    assert "saule-m" in done.stdout
    assert not done.stderr


@pytest.mark.parametrize(
    "command",
    [
        ["ustaz.hub", "--version"],
        ["ustaz.hub.singleuser", "--version"],
        ["ustaz.hub.config_file", "{hub}"],
        ["ustaz.cli", "hub", "invite", "{hub}", "saule-m"],
    ],
)
def test_a_hub_and_the_servers_of_its_people_build_no_grammar_of_addresses(
    hub: HubDir, tmp_path: Path, command: list[str]
):
    helpers.make_course(hub.dir / "courses" / "one", "one", helpers.ROSTER)
    words = [word.format(hub=hub.dir) for word in command]
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", *words],
        capture_output=True, text=True, check=True, env={**os.environ, DESK_ENV: str(tmp_path)},
    )  # fmt: skip
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "jsonschema" in imported
    assert "lark" not in imported


def test_a_link_to_an_empty_directory_is_a_place_for_a_hub_and_none_for_a_course(tmp_path: Path):
    from ustaz.config_files.usable_paths import refuse_occupied

    (tmp_path / "disk").mkdir()
    link = tmp_path / "hub"
    link.symlink_to(tmp_path / "disk")
    refuse_occupied(link)
    refuse_occupied(tmp_path / "new")
    (tmp_path / "file").touch()
    nowhere = tmp_path / "nowhere"
    nowhere.symlink_to(tmp_path / "gone")
    for path, follow in (
        (link, False),
        (nowhere, False),
        (tmp_path / "file", True),
        (tmp_path, True),
    ):
        with pytest.raises(UstazError) as refused:
            refuse_occupied(path, follow=follow)
        assert (refused.value.id, refused.value.exit_code) == ("not_empty", 12)
