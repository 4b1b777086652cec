"""A whole hub in PostgreSQL by one setting: accounts, answers and gradebook, through a restart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from tests.hub.helpers import COURSE, PILOT, LiveHub, give_passwords, make_hub, set_setting
from tests.postgres.server import REQUIRED, Server, programs, serving
from ustaz.answers import Subject
from ustaz.doctor import hubs as examined
from ustaz.doctor import people


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    bin = programs()
    if bin is None:
        assert not REQUIRED, "no PostgreSQL server is installed"
        pytest.skip("no PostgreSQL server is installed")
    with serving(bin) as running:
        yield running


def test_the_doctor_counts_people_without_an_account_in_a_database_too(
    server: Server, tmp_path: Path
):
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute("CREATE DATABASE counted")
    hub = make_hub(tmp_path / "hub", database=server.url("counted"), accounts=False)
    look = examined.Hub.open(hub.dir)
    assert people.known_accounts(look) is None  # before the first start there is no table
    give_passwords(hub, but=("olga-p", "timur-r", "zhanar-e"))
    found = {
        one.params["course"]: one.params["count"]
        for one in people.without(look)
        if one.id == "without_account"
    }
    assert found == {COURSE: 2, PILOT: 2}
    gone = set_setting(hub, "database", '"postgresql://127.0.0.1:1/nowhere"')
    assert people.known_accounts(examined.Hub.open(gone.dir)) is None


def test_one_setting_puts_everything_into_the_database_and_it_is_there_after_a_restart(
    server: Server, tmp_path: Path
):
    hub = make_hub(tmp_path / "hub", database=server.url())
    with LiveHub(hub) as live:
        one = live.visitor("aigul-s")
        reply = one.save("focus", "concern_raw", "Kept in rows", revision=0, batch="b" * 16)
        assert (reply.status_code, reply.json()["revision"]) == (200, 1)
        live.kill_service()
        live.wait_for_service()
        staff = live.visitor("saule-m")
        answer = staff.form(staff.at("sign-in"), action="invite", person="nurgul-a")
        assert "uzs-secret" in answer.text
        assert staff.call("GET", staff.at("api/v1/health")).json()["status"] == "ok"
    assert not list(hub.dir.rglob("answers.json"))
    assert not (hub.state / "hub.sqlite").exists()
    schemas = {name for (name,) in server.ask("SELECT nspname FROM pg_namespace")}
    assert {"hub", f"course_{COURSE}"} <= schemas
    assert server.ask("SELECT count(*) FROM hub.users_info WHERE username = 'aigul-s'") == [(1,)]
    assert server.ask("SELECT account FROM hub.ustaz_codes") == [("nurgul-a",)]
    with psycopg.connect(server.url(), autocommit=True) as connection:
        # As an earlier version kept it.
        connection.execute("UPDATE hub.users_info SET username = 'İra' WHERE username = 'irina-m'")
    with LiveHub(hub) as live:
        one = live.visitor("aigul-s")
        answers = one.call("GET", one.at("api/v1/workbooks/focus/answers")).json()
        assert answers["answers"] == {"concern_raw": "Kept in rows"}
        kept = hub.courses()[COURSE].store.read(Subject.person("aigul-s"), "focus")
        assert (kept.revision, kept.answers) == (1, {"concern_raw": "Kept in rows"})
        other = live.visitor("zhanar-e")
        assert other.call("GET", other.at("api/v1/me", PILOT)).status_code == 200
        stolen = live.visitor()
        stolen.client.cookies = httpx.Cookies(one.client.cookies)
        assert stolen.page("/hub/password").url.path == "/hub/password"
        one.page("/hub/logout")
        assert stolen.page("/hub/password").url.path == "/hub/login"
        assert other.page("/hub/password").url.path == "/hub/password"
    assert server.ask("SELECT count(*) FROM hub.users_info WHERE username = 'ira'") == [(1,)]
