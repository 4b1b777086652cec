"""The calls, against a real server, each answer judged by the OpenAPI document."""

from __future__ import annotations

import uuid
from typing import Any

import httpx
import pytest
from openapi_spec_validator import validate

from tests.server.contract import check, document
from tests.server.helpers import LANGUAGES, NOW, Browser, Server
from ustaz.calendar import subscriptions
from ustaz.server.routes import ROUTES

API = "ustaz/api/v1/"


def batch(base: int, *changes: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "batch": str(uuid.uuid4()), "client": "browser", "base_revision": base, "lang": "en",
        "changes": list(changes), **more,
    }  # fmt: skip


def change(value: str, *path: str) -> dict[str, Any]:
    return {"op": "set", "path": list(path), "value": value}


@pytest.fixture
def nurgul(server: Server) -> Browser:
    return server.browser("nurgul-a")


def revision(one: Browser, workbook: str) -> int:
    return check(one.get(f"{API}workbooks/{workbook}/answers")).json()["revision"]


def patch(one: Browser, workbook: str, body: dict[str, Any]) -> Any:
    return check(one.request("PATCH", f"{API}workbooks/{workbook}/answers", json=body))


def test_the_document_is_valid_openapi():
    validate(document())


def test_every_call_is_documented_and_everything_documented_exists():
    import re

    served = set()
    for route in ROUTES:
        if route.api and route.pattern != ".*":
            path = re.sub(r"\(\?P<([a-z]+)>[^)]*\)", r"{\1}", "/" + route.pattern)
            served |= {(method.lower(), path) for method in route.actions}
    described = {
        (method, path)
        for path, item in document()["paths"].items()
        for method in item
        if method != "parameters"
    }
    assert served == described


def test_a_telephone_reads_a_calendar_without_a_sign_in_until_it_is_closed(server: Server):
    secret = subscriptions.open_address(server.course, "olga-p", steps=False)
    address = f"{server.root}ustaz/api/v1/calendar/{secret}.ics"
    reply = check(httpx.get(address))
    assert reply.status_code == 200
    assert reply.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert b"BEGIN:VCALENDAR" in reply.content
    assert check(httpx.get(address.removesuffix(".ics"))).status_code == 404
    subscriptions.close_address(server.course, "olga-p")
    assert check(httpx.get(address)).json()["error"] == "no_page"
    assert secret not in server.log.read_text(encoding="utf-8")


def test_a_batch_is_saved_and_acknowledged(nurgul: Browser):
    base = revision(nurgul, "focus")
    saved = patch(nurgul, "focus", batch(base, change("Quiet pupils", "focus_statement"))).json()
    assert saved["revision"] == base + 1
    assert saved["applied"] == 1
    assert saved["conflicts"] == []
    document_ = nurgul.get(f"{API}workbooks/focus/answers").json()
    assert document_["answers"]["focus_statement"] == "Quiet pupils"
    assert "stamps" not in document_


def test_every_time_is_given_in_the_hours_of_the_course(nurgul: Browser):
    """The page shows the hours as they stand, so they are those of the receipt's page."""
    base = revision(nurgul, "focus")
    saved = patch(nurgul, "focus", batch(base, change("At five past two", "focus_statement")))
    assert saved.json()["saved_at"] == NOW
    body = batch(base, change("Also at five past two", "focus_statement"), client="telephone")
    conflict = patch(nurgul, "focus", body).json()
    assert conflict["conflicts"][0]["theirs_at"] == NOW
    assert conflict["document"]["updated_at"] == NOW
    page = nurgul.get(f"{API}workbooks/focus").json()
    assert page["document"]["updated_at"] == page["document"]["created_at"] == NOW
    assert nurgul.get(f"{API}workbooks/focus/history").json()["history"][0]["at"] == NOW


def test_a_retry_of_the_same_batch_changes_nothing(nurgul: Browser):
    body = batch(revision(nurgul, "focus"), change("Once only", "focus_statement"))
    first = patch(nurgul, "focus", body).json()
    assert patch(nurgul, "focus", body).json()["revision"] == first["revision"]
    assert revision(nurgul, "focus") == first["revision"]


def test_a_conflict_comes_back_with_both_values(server: Server, nurgul: Browser):
    other = server.browser("nurgul-a")
    base = revision(nurgul, "focus")
    patch(nurgul, "focus", batch(base, change("Mine", "focus_statement")))
    body = batch(base, change("Theirs", "focus_statement"), client="telephone")
    saved = patch(other, "focus", body).json()
    assert saved["applied"] == 0
    assert saved["conflicts"][0]["theirs"] == "Mine"
    assert saved["document"]["answers"]["focus_statement"] == "Mine"
    assert "stamps" not in saved["document"]


def test_history_names_places_and_never_texts_and_restore_brings_a_version_back(nurgul: Browser):
    base = revision(nurgul, "action-plan")
    patch(nurgul, "action-plan", batch(base, change("First title", "title")))
    patch(nurgul, "action-plan", batch(base + 1, change("Second title", "title")))
    listed = check(nurgul.get(f"{API}workbooks/action-plan/history"))
    assert "title" not in listed.json()["history"][0]["paths"][0].replace("title", "", 1)
    assert "Second" not in listed.text
    old = check(nurgul.get(f"{API}workbooks/action-plan/history/{base + 1}")).json()
    assert old["answers"]["title"] == "First title"
    url = f"{API}workbooks/action-plan/restore"
    saved = check(nurgul.post(url, json={"revision": base + 1})).json()
    assert saved["document"]["answers"]["title"] == "First title"
    assert check(nurgul.get(f"{API}workbooks/action-plan/history/9999")).status_code == 404
    assert check(nurgul.post(url, json={"revision": True})).status_code == 400


def test_submitting_gives_a_receipt_and_the_same_content_the_same_one(server: Server):
    one = server.browser("yerlan-b")
    url = f"{API}workbooks/focus/submit"
    assert check(one.post(url, json={})).json()["error"] == "nothing_yet"
    patch(one, "focus", batch(0, change("A village history walk", "focus_statement")))
    assert check(one.post(url, json={"revision": 7})).json()["error"] == "changed"
    first = check(one.post(url, json={"revision": 1}))
    assert first.status_code == 201
    again = check(one.post(url, json={}))
    assert again.status_code == 200
    assert again.json()["receipt"]["code"] == first.json()["receipt"]["code"]
    assert again.json()["receipt"]["repeated"] is True

    patch(one, "focus", batch(1, change("A walk with elders", "focus_statement")))
    older = check(one.post(url, json={}))
    assert (older.status_code, older.json()["error"]) == (409, "older_round")
    assert older.json()["receipt"]["round"] == 1
    second = check(one.post(url, json={"confirm": True})).json()["receipt"]
    assert second["round"] == 2
    kept = check(one.get(f"{API}workbooks/focus/rounds/1")).json()["round"]
    assert kept["answers"]["focus_statement"] == "A village history walk"
    assert one.get(second["page"].lstrip("/")).status_code == 200


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_workbook_comes_in_the_readers_language_with_a_tag(nurgul: Browser, lang: str):
    reply = check(nurgul.get(f"{API}workbooks/focus", params={"lang": lang}))
    assert reply.json()["lang"] == lang
    same = nurgul.get(
        f"{API}workbooks/focus", params={"lang": lang},
        headers={"If-None-Match": reply.headers["ETag"]},
    )  # fmt: skip
    assert same.status_code == 304
    assert same.content == b""
    texts = check(nurgul.get(f"{API}messages/{lang}"))
    assert (
        check(
            nurgul.get(f"{API}messages/{lang}", headers={"If-None-Match": texts.headers["ETag"]})
        ).status_code
        == 304
    )


def test_words_of_a_page_come_in_parts_that_there_are(nurgul: Browser):
    whole = check(nurgul.get(f"{API}messages/kk")).json()
    first = check(nurgul.get(f"{API}messages/kk", params={"parts": "first"})).json()
    rest = check(nurgul.get(f"{API}messages/kk", params={"parts": "kinds,typist,later"})).json()
    assert first | rest == whole
    assert not first.keys() & rest.keys()
    assert nurgul.get(f"{API}messages/kk", params={"parts": "all"}).status_code == 400


def test_a_workbook_shows_what_it_refers_to(nurgul: Browser):
    data = check(nurgul.get(f"{API}workbooks/action-plan")).json()
    assert set(data["linked"]) >= {"focus", "people-map"}
    assert data["context"]["today"] == "2026-11-23"


def test_points_are_for_staff(server: Server, nurgul: Browser):
    def sections(one: Browser, **query: str) -> list[dict[str, Any]]:
        found = check(one.get(f"{API}workbooks/focus", params=query)).json()
        return found["evaluation"]["sections"]

    assert not any("score" in one or "points" in one for one in sections(nurgul))
    staff = server.browser("saule-m")
    assert all("score" in one for one in sections(staff, person="nurgul-a"))


def test_what_is_private_is_withheld_from_others(server: Server):
    one = server.browser("olga-p")
    base = revision(one, "focus")
    patch(one, "focus", batch(base, change("Only for my own eyes", "why_me")))
    for reader in ("dina-f", "saule-m"):
        reply = check(server.browser(reader).get(f"{API}workbooks/focus?person=olga-p"))
        assert "Only for my own eyes" not in reply.text
        assert "why_me" in reply.json()["document"]["withheld"]
        assert reply.json()["mode"] == "read"
        page = server.browser(reader).get("ustaz/people/olga-p/focus")
        assert "Only for my own eyes" not in page.text


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", "bad_json"),
        (b"[]", "bad_json"),
        (b'{"a":1,"a":2}', "bad_json"),
        (b'{"a":NaN}', "bad_json"),
        (b'{"a":"\\ud800"}', "bad_json"),
        (b"[" * 5000, "bad_json"),
        (b'{"batch":"x"}', "bad_change"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(nurgul: Browser, body: bytes, error: str):
    reply = check(nurgul.request("PATCH", f"{API}workbooks/focus/answers", content=body))
    assert reply.json()["error"] == error
    assert reply.status_code in {400, 422}


def test_a_field_that_the_workbook_does_not_have_is_refused(nurgul: Browser):
    base = revision(nurgul, "focus")
    reply = patch(nurgul, "focus", batch(base, change("x", "no_such_field")))
    assert (reply.status_code, reply.json()["error"]) == (422, "bad_change")
    assert revision(nurgul, "focus") == base


def test_a_request_that_is_too_large_is_refused(nurgul: Browser):
    body = b'{"x":"' + b"x" * (512 * 1024) + b'"}'
    reply = check(nurgul.request("PATCH", f"{API}workbooks/focus/answers", content=body))
    assert (reply.status_code, reply.json()["error"]) == (413, "too_large")


def test_a_flood_is_slowed_down(server: Server):
    one = server.browser("aigul-s")
    for _ in range(5000):  # what drains away meanwhile depends on the machine
        reply = one.request("PATCH", f"{API}workbooks/focus/answers", content=b"{}")
        if reply.status_code == 429:
            break
    check(reply)
    assert reply.status_code == 429
    assert int(reply.headers["Retry-After"]) >= 1


def test_a_language_is_remembered(server: Server):
    one = server.browser("dina-f")
    assert check(one.post(f"{API}lang", json={"lang": "kk"})).json() == {"lang": "kk"}
    assert check(one.get(f"{API}me")).json()["lang"] == "kk"
    assert check(one.post(f"{API}lang", json={"lang": "de"})).status_code == 400


def test_home_as_data_has_a_part_for_each_role(server: Server, nurgul: Browser):
    assert "participant" in check(nurgul.get(f"{API}home")).json()
    group = check(server.browser("dina-f").get(f"{API}home")).json()["facilitator"]
    assert [one["person"] for one in group["members"]] == ["nurgul-a", "olga-p", "aigul-s"]
    nobody = check(server.browser().get(f"{API}home")).json()
    assert nobody["person"] is None
    assert set(nobody["choose"]) == {"participant", "facilitator", "director", "staff"}


def test_a_confirmation_is_recorded_beside_the_document_and_taken_back(server: Server):
    facilitator, owner = server.browser("dina-f"), server.browser("olga-p")
    body = {"about": "olga-p", "field": "focus_agreed_with_facilitator", "value": True}
    url = f"{API}workbooks/focus/confirmations"
    before = owner.get(f"{API}workbooks/focus/answers").json()
    given = check(facilitator.post(url, json=body)).json()["confirmations"]
    assert [(one["by"], one["by_name"]) for one in given] == [("dina-f", "Dina F.")]
    assert owner.get(f"{API}workbooks/focus/answers").json() == before
    assert owner.get(f"{API}workbooks/focus").json()["confirmations"] == given
    taken = check(facilitator.post(url, json={**body, "value": False})).json()
    assert taken == {"confirmations": []}
    log = server.course.dir / "confirmations" / "olga-p.jsonl"
    assert len(log.read_text().splitlines()) == 2
    assert log.stat().st_mode & 0o777 == 0o600
    assert check(facilitator.post(url, json={**body, "field": "why_me"})).status_code == 404
    assert check(facilitator.post(url, json={**body, "value": "yes"})).status_code == 400
    assert check(owner.post(url, json=body)).status_code == 403


def test_staff_collect_and_are_told_what_happened(server: Server):
    staff = server.browser("saule-m")
    assert check(staff.get(f"{API}staff/run")).status_code == 200
    run = check(staff.post(f"{API}staff/collect", json={"workbook": "focus"})).json()["run"]
    assert run["finished"]
    assert check(staff.post(f"{API}staff/collect", json={"workbook": "nope"})).status_code == 404
    assert check(staff.post(f"{API}staff/collect", json={})).status_code == 400
    listed = check(staff.get(f"{API}staff/overview")).json()["workbooks"]
    assert [one["workbook"] for one in listed] == ["focus", "action-plan"]


def test_the_document_itself_is_served(nurgul: Browser):
    reply = check(nurgul.get(f"{API}openapi.yaml"))
    assert reply.text.startswith("openapi: 3.1.0")
    assert check(nurgul.get(f"{API}workbooks/focus/feedback")).json()["error"] == "no_feedback"
    assert check(nurgul.get(f"{API}workbooks/focus/rounds/77")).json()["error"] == "no_round"
    assert check(nurgul.get(f"{API}workbooks/nope")).json()["error"] == "no_workbook"
