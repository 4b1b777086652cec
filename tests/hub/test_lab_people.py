"""JupyterLab for those who are not staff: a home of their own, and answers through the service."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator

import pytest

from tests.hub.helpers import COURSE, FETCH, PILOT, LiveHub, Visitor, make_hub
from tests.hub.lab import (
    answers,
    call,
    change,
    home_of,
    nbgrader,
    path_of,
    process_of,
    release,
    start_lab,
)
from ustaz.exchange import rounds

pytestmark = pytest.mark.slow
DINA = "dina-f"  # facilitator of one course, and as dina-k a participant of the other
AIGUL = "aigul-s"


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveHub]:
    hub = make_hub(tmp_path_factory.mktemp("lab") / "hub", lab="everybody", demo=True)
    release(hub, COURSE, PILOT)
    with LiveHub(hub) as running:
        yield running


@pytest.fixture(scope="module")
def aigul(live: LiveHub) -> Visitor:
    one = live.visitor(AIGUL)
    assert 'href="/hub/user-redirect/lab"' in one.page(one.at()).text
    assert path_of(start_lab(one)) == f"/user/{AIGUL}/lab"
    return one


@pytest.fixture(scope="module")
def dina(live: LiveHub) -> Visitor:
    one = live.visitor(DINA)
    pending = one.page("/hub/user-redirect/lab")
    assert path_of(pending) == f"/hub/spawn-pending/{DINA}"
    assert '<meta http-equiv="refresh"' in pending.text
    assert "<script" not in pending.text
    assert [text in pending.text for text in ('lang="en"', 'lang="ru"', 'lang="kk"')] == [True] * 3
    assert "JupyterLab is starting." in pending.text
    assert path_of(start_lab(one)) == f"/user/{DINA}/lab"
    return one


def test_a_home_holds_the_notebooks_of_every_course_and_nothing_of_the_course_directory(
    live: LiveHub, dina: Visitor
) -> None:
    home = home_of(live, DINA)
    for course in (COURSE, PILOT):
        for workbook in ("focus", "action-plan"):
            notebook = home / course / workbook / f"{workbook}.ipynb"
            said = json.loads(notebook.read_text(encoding="utf-8"))
            assert said["metadata"]["ustaz"]["workbook"] == workbook
    assert (home / "README.md").read_text(encoding="utf-8").startswith("# Your workbooks in")
    _, environment = process_of(home)
    assert environment["USTAZ_SERVICE_COURSES"] == f"{PILOT} {COURSE}"
    assert "USTAZ_COURSE" not in environment
    assert "USTAZ_DESK" not in environment
    config = (home / "nbgrader_config.py").read_text(encoding="utf-8")
    assert str(live.hub.dir / "courses") not in config
    assert dina.page(f"/user/{DINA}/formgrader").status_code == 404


def test_the_address_of_a_call_names_the_course(dina: Visitor) -> None:
    said = {
        course: call(dina, DINA, "GET", f"{course}/api/v1/me").json() for course in (COURSE, PILOT)
    }
    assert {one: said[one]["person"]["id"] for one in said} == {COURSE: "dina-f", PILOT: "dina-k"}
    other = call(dina, DINA, "GET", "elsewhere/api/v1/me")
    assert (other.status_code, other.json()["error"]) == (404, "no_page")


def test_calls_lie_behind_the_servers_own_sign_in_and_token(live: LiveHub, aigul: Visitor) -> None:
    api = f"/user/{AIGUL}/ustaz/api/v1"
    without = aigul.client.get(f"{api}/me", headers=FETCH, follow_redirects=False)
    assert (without.status_code, without.json()["error"]) == (403, "signed_out")
    without = aigul.client.patch(f"{api}/workbooks/focus/answers", json={}, headers=FETCH)
    assert without.status_code == 403
    stranger = live.visitor("marat-t")
    reply = stranger.page(f"{api}/me")
    assert reply.status_code in {403, 404}
    assert "aigul" not in reply.text.lower()


def test_pages_lead_to_the_service(aigul: Visitor, dina: Visitor) -> None:
    assert path_of(aigul.page(f"/user/{AIGUL}/ustaz/")) == aigul.at()
    page = dina.page(f"/user/{DINA}/ustaz/{PILOT}/workbooks/focus")
    assert path_of(page) == dina.at("workbooks/focus", PILOT)


def test_what_is_written_in_jupyterlab_is_kept_by_the_service_though_it_dies(
    live: LiveHub, aigul: Visitor
) -> None:
    path = "api/v1/workbooks/focus/answers"
    first = call(aigul, AIGUL, "PATCH", path, json=change(1, 0, "focus_statement", "Бірінші"))
    assert first.status_code == 200, first.text
    assert answers(live, COURSE, AIGUL)["focus_statement"] == "Бірінші"
    live.kill_service()
    batch = change(2, first.json()["revision"], "focus_statement", "Екінші")
    for _ in range(300):  # as the front end does: the same batch again until it is acknowledged
        reply = call(aigul, AIGUL, "PATCH", path, json=batch)
        if reply.status_code == 200:
            break
        assert (reply.status_code, reply.json()["error"]) == (503, "hub_away"), reply.text
        live.wait_for_service()
    assert reply.status_code == 200
    assert answers(live, COURSE, AIGUL)["focus_statement"] == "Екінші"
    wrong = call(aigul, AIGUL, "PATCH", path, json={}, headers={"X-Ustaz-Person": "marat-t"})
    assert (wrong.status_code, wrong.json()["error"]) == (403, "other_account")


def test_nbgrader_lists_fetches_and_hands_in_through_the_service(
    live: LiveHub, aigul: Visitor
) -> None:
    home = home_of(live, AIGUL)
    course = live.course
    before = len(rounds(course, AIGUL, "focus"))
    code, said = nbgrader(home, "submit", "focus")
    assert code == 0, said
    assert f"Submitted as: {COURSE} focus {AIGUL} round {before + 1}" in said
    assert len(rounds(course, AIGUL, "focus")) == before + 1
    code, said = nbgrader(home, "submit", "ps1")
    assert code != 0
    assert "only the workbooks of the course are offered here" in said
    assert "Traceback" not in said
    listed = aigul.page(f"/user/{AIGUL}/assignments?course_id={COURSE}").json()
    kinds = {(one["assignment_id"], one["status"]) for one in listed["value"]}
    assert kinds == {("action-plan", "fetched"), ("focus", "fetched"), ("focus", "submitted")}


def test_a_server_that_died_says_so_and_nothing_is_lost(live: LiveHub, aigul: Visitor) -> None:
    """Last in this module: it ends Aigul's server."""
    pid, _ = process_of(home_of(live, AIGUL))
    os.kill(pid, signal.SIGKILL)
    path = f"/user/{AIGUL}/lab"
    for _ in range(600):  # the hub looks every half minute, or as soon as somebody asks for it
        aigul.page("/hub/home")
        gone = aigul.page(path)
        if gone.status_code == 424:
            break
    assert "JupyterLab is not running." in gone.text
    assert f"/hub/spawn/{AIGUL}" in gone.text
    reply = call(aigul, AIGUL, "PATCH", "api/v1/workbooks/focus/answers", json={})
    assert reply.status_code in {403, 424}  # and of that the page says what to do
    assert "X-JupyterHub-Version" in reply.headers
    assert answers(live, COURSE, AIGUL)["focus_statement"] == "Екінші"
    assert aigul.page(aigul.at("workbooks/focus")).status_code == 200
