"""Whether a course can do its work: answered to anybody, about nobody."""

from __future__ import annotations

import json
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.server import contract, helpers
from ustaz.course import Course
from ustaz.server.api import health
from ustaz.server.site import Site


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_seen", {})


def asked(site: Site) -> tuple[int, dict]:
    reply = health.health(helpers.visit(site, None))
    return reply.status, json.loads(reply.body)


def usage(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    kind = namedtuple("usage", "total used free")
    monkeypatch.setattr("shutil.disk_usage", lambda _: kind(10**12, 0, free))


def test_a_course_that_can_work_is_ok(site: Site):
    status, body = asked(site)
    assert (status, body["status"]) == (200, "ok")
    assert body["checks"] == {"store": "ok", "space": "ok", "roster": "ok", "files": "ok"}
    assert body["book"] == "missing"  # which keeps nobody from working
    assert [one.name for one in site.course.dir.rglob("*tmp*")] == []


@pytest.mark.parametrize(
    ("free", "word", "status"), [(10**7, "full", 503), (10**8, "low", 200), (10**10, "ok", 200)]
)
def test_free_space_decides(
    site: Site, monkeypatch: pytest.MonkeyPatch, free: int, word: str, status: int
):
    usage(monkeypatch, free)
    found, body = asked(site)
    assert (found, body["checks"]["space"]) == (status, word)


def test_a_disk_that_takes_nothing_is_degraded(site: Site, monkeypatch: pytest.MonkeyPatch):
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "full")

    monkeypatch.setattr("tempfile.NamedTemporaryFile", full)
    status, body = asked(site)
    assert (status, body["status"], body["checks"]["store"]) == (503, "degraded", "failed")


@pytest.mark.parametrize("data", [b"person;name\n", b"\xff\xfe\x00"])
def test_a_roster_that_cannot_be_read_is_degraded(site: Site, data: bytes):
    (site.course.dir / "people.csv").write_bytes(data)
    assert asked(site)[1]["checks"]["roster"] == "failed"


def test_asking_often_costs_nothing(site: Site, monkeypatch: pytest.MonkeyPatch):
    looked: list[Course] = []
    real = health.examine
    monkeypatch.setattr(health, "examine", lambda course: looked.append(course) or real(course))
    for _ in range(50):
        asked(site)
    assert len(looked) == 1
    monkeypatch.setattr(health, "KEPT_SECONDS", -1.0)
    asked(site)
    assert len(looked) == 2


@pytest.fixture(scope="module")
def stranger(server: helpers.Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.root) as client:
        yield client


def test_nobody_has_to_sign_in(stranger: httpx.Client):
    reply = contract.check(stranger.get("ustaz/api/v1/health"))
    assert reply.status_code == 200
    assert reply.headers["Cache-Control"] == "no-store"
    assert stranger.head("ustaz/api/v1/health").status_code == 200
    # Everything else still asks who it is.
    assert stranger.get("ustaz/api/v1/me").status_code == 403


def test_nothing_of_anybody_is_said(stranger: httpx.Client, server: helpers.Server):
    text = stranger.get("ustaz/api/v1/health", params={"lang": "kk"}).text
    for word in ("olga-p", "Әйгүл", "server-trial", str(Path(server.home))):
        assert word not in text


def test_only_looking_is_open(stranger: httpx.Client):
    assert stranger.post("ustaz/api/v1/health", json={}).status_code in (403, 405)
