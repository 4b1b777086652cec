"""A hub is backed up while people write, brought back elsewhere, and people sign in there."""

from __future__ import annotations

import json
from pathlib import Path

from tests.hub.helpers import COURSE, PILOT, LiveHub, make_hub, set_setting
from ustaz.cli._app import run
from ustaz.hub.settings import HubDir


def test_a_restored_hub_knows_everybody_and_what_they_wrote(tmp_path: Path):
    hub = make_hub(tmp_path / "hub")
    archives = tmp_path / "archives"
    archives.mkdir()
    with LiveHub(hub) as live:
        one = live.visitor("aigul-s")
        said = one.save("focus", "concern_raw", "Before the copy", revision=0, batch="b" * 16)
        assert said.json()["revision"] == 1
        giver = live.visitor("saule-m")
        giver.form(giver.at("sign-in"), action="invite", person="nurgul-a")
        assert run(["backup", str(hub.dir), str(archives)]) == 0
        one.save("focus", "concern_raw", "After the copy", revision=1, batch="c" * 16)
    (archive,) = archives.glob("*.tar.gz")
    again = tmp_path / "again"
    assert run(["restore", str(archive), str(again)]) == 0
    assert run(["verify", str(again)]) == 0
    # On the same machine the first one's ports may still be in use.
    restored = set_setting(HubDir.open(again), "port", str(make_hub(tmp_path / "x").settings.port))
    with LiveHub(restored) as live:
        one = live.visitor("aigul-s")
        answers = one.call("GET", one.at("api/v1/workbooks/focus/answers")).json()
        assert answers["answers"] == {"concern_raw": "Before the copy"}
        assert live.visitor("dina-f").call("GET", one.at("api/v1/me", PILOT)).status_code == 200
        giver = live.visitor("saule-m")
        assert "An open code is good until" in giver.page(giver.at("sign-in")).text
    kept = json.loads(
        (again / "courses" / COURSE / "people/aigul-s/focus/answers.json").read_text()
    )
    assert kept["revision"] == 1
