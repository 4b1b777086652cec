"""What a hub's computer needs besides, where nobody has a checkout to copy it from."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from tests.hub.helpers import set_setting
from ustaz.base.errors import UstazError
from ustaz.cli._app import run
from ustaz.hub.deploying import copy_out
from ustaz.hub.server import create
from ustaz.hub.settings import HubDir


@pytest.fixture
def hub(tmp_path: Path) -> HubDir:
    return create(tmp_path / "srv" / "hub", port=8123)


def test_the_templates_hold_the_hubs_own_places(hub: HubDir, tmp_path: Path) -> None:
    hub = set_setting(hub, "address", '"https://lead.school.kz"')
    to = tmp_path / "out"
    names = copy_out(hub, to)
    assert {"ustaz-hub.service", "ustaz-backup.timer", "nginx.conf", "pages", "docs"} <= set(names)
    program = Path(sys.executable).with_name("ustaz")
    unit = (to / "ustaz-hub.service").read_text("utf-8")
    assert f"ExecStart={program} hub serve {hub.dir}\n" in unit
    assert f"ReadWritePaths={hub.dir.parent}\n" in unit
    backup = (to / "ustaz-backup.service").read_text("utf-8")
    assert f"ExecStart={program} backup {hub.dir} /srv/backup/ustaz --keep 30\n" in backup
    nginx = (to / "nginx.conf").read_text("utf-8")
    assert "proxy_pass http://127.0.0.1:8123;" in nginx
    assert f"root {to / 'pages'};" in nginx
    assert (to / "pages" / "away.html").is_file()
    for name in ("ustaz-hub.service", "ustaz-backup.service", "nginx.conf", "Caddyfile"):
        text = (to / name).read_text("utf-8")
        assert not re.search(r"/opt/ustaz|/srv/ustaz|ustaz\.example\.kz|127\.0\.0\.1:8000", text)
    # What messages call docs/….md
    assert (to / "docs" / "operating.md").is_file()
    assert (to / "CHANGELOG.md").is_file()


def test_the_units_of_systemd_are_called_as_the_documents_call_them(
    hub: HubDir, tmp_path: Path
) -> None:
    to = tmp_path / "out"
    copy_out(hub, to)
    units = {path.name: path for path in to.iterdir() if path.suffix in {".service", ".timer"}}
    assert set(units) == {"ustaz-hub.service", "ustaz-backup.service", "ustaz-backup.timer"}
    for name, path in units.items():
        assert path.read_text("utf-8").startswith(f"# /etc/systemd/system/{name}\n")
    text = "".join(path.read_text("utf-8") for path in (to / "docs").glob("*.md"))
    called = re.findall(r"(?:systemctl (?:[a-z-]+ )*|journalctl -u )(ustaz[\w.-]*\w)", text)
    assert {"ustaz-hub", "ustaz-backup.timer"} <= set(called)
    assert {name if "." in name else f"{name}.service" for name in called} <= set(units)


def test_the_service_is_the_account_of_the_directory(
    hub: HubDir, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "owner", lambda _: "school")
    monkeypatch.setattr(Path, "group", lambda _: "teachers")
    copy_out(hub, tmp_path / "out")
    unit = (tmp_path / "out" / "ustaz-hub.service").read_text("utf-8")
    assert "User=school\nGroup=teachers\n" in unit
    monkeypatch.setattr(Path, "owner", lambda _: "root")  # a hub never runs as root
    copy_out(hub, tmp_path / "more")
    assert "User=ustaz\n" in (tmp_path / "more" / "ustaz-hub.service").read_text("utf-8")


def test_a_hub_below_home_can_be_read_by_its_service(
    hub: HubDir, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/home/school/env/bin/python")
    copy_out(hub, tmp_path / "out")
    unit = (tmp_path / "out" / "ustaz-hub.service").read_text("utf-8")
    assert "ProtectHome=read-only\n" in unit


@pytest.mark.parametrize("name", ["my hub", "a%d", "$HOME", "quote'"])
def test_a_path_that_would_mean_something_else_is_refused(tmp_path: Path, name: str) -> None:
    hub = HubDir.open(create(tmp_path / "hub").dir.rename(tmp_path / name))  # as somebody may
    with pytest.raises(UstazError) as caught:
        copy_out(hub, tmp_path / "out")
    assert (caught.value.id, caught.value.exit_code) == ("bad_path", 12)
    assert not (tmp_path / "out").exists()


def test_nothing_is_overwritten(hub: HubDir, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["hub", "templates", str(hub.dir), str(hub.dir), "--json"]) == 12
    assert json.loads(capsys.readouterr().err)["error"] == "not_empty"
    to = hub.dir.parent / "out"
    assert run(["hub", "templates", str(hub.dir), str(to)]) == 0
    assert f"Go on with {to / 'docs' / 'operating.md'}." in capsys.readouterr().out
