"""Who gets where: a matrix of person by address, and what happens without a sign-in."""

from __future__ import annotations

import httpx
import pytest

from tests.server.helpers import Browser, Server
from tests.support.certificates import certificates

API = "ustaz/api/v1/"
PEOPLE = ("aigul-s", "yerlan-b", "dina-f", "bakhyt-d", "saule-m")

# address: the people who get it; everybody else is refused with 403
GET = {
    "ustaz/": PEOPLE,
    "ustaz/workbooks/focus": PEOPLE,
    "ustaz/people/olga-p/focus": ("dina-f", "saule-m"),
    "ustaz/people/yerlan-b/focus": ("saule-m",),
    "ustaz/people/olga-p/focus/enter": ("dina-f",),
    "ustaz/people/yerlan-b/focus/enter": (),
    "ustaz/book/en/": PEOPLE,
    "ustaz/book/facilitator/en/": ("dina-f", "saule-m"),
    f"{API}me": PEOPLE,
    f"{API}home": PEOPLE,
    f"{API}workbooks/focus": PEOPLE,
    f"{API}workbooks/focus?person=olga-p": ("dina-f", "saule-m"),
    f"{API}workbooks/focus?person=yerlan-b": ("saule-m",),
    f"{API}workbooks/focus/answers?person=olga-p": ("dina-f", "saule-m"),
    f"{API}workbooks/focus/rounds/1?person=aigul-s": ("dina-f", "saule-m"),
    f"{API}workbooks/focus/history?person=olga-p": (),
    f"{API}cohort": ("dina-f", "saule-m"),
    f"{API}cohort/fields/focus": ("dina-f", "saule-m"),
    f"{API}staff/overview": ("saule-m",),
    f"{API}staff/run": ("saule-m",),
}
OWN = {  # one's own document is one's own
    "ustaz/people/yerlan-b/focus": "yerlan-b",
    "ustaz/people/yerlan-b/focus/enter": "yerlan-b",
    f"{API}workbooks/focus?person=yerlan-b": "yerlan-b",
    f"{API}workbooks/focus/rounds/1?person=aigul-s": "aigul-s",
}
POST = {
    f"{API}staff/collect": ("saule-m",),
    f"{API}staff/grade": ("saule-m",),
    f"{API}staff/feedback": ("saule-m",),
}


@pytest.fixture(scope="module")
def browsers(server: Server) -> dict[str, Browser]:
    return {person: server.browser(person) for person in PEOPLE}


@pytest.mark.parametrize("address", GET)
def test_only_those_who_may_read_an_address_get_it(browsers: dict[str, Browser], address: str):
    for person, one in browsers.items():
        status = one.get(address).status_code
        if OWN.get(address) == person:
            assert status in {200, 303}, person
        else:
            assert status == (200 if person in GET[address] else 403), person


@pytest.mark.parametrize("address", POST)
def test_only_staff_start_a_job(browsers: dict[str, Browser], address: str):
    for person, one in browsers.items():
        status = one.post(address, json={"workbook": "no-such"}).status_code
        assert status == (404 if person in POST[address] else 403), person


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("PATCH", f"{API}workbooks/focus/answers?person=olga-p"),
        ("POST", f"{API}workbooks/focus/submit?person=olga-p"),
        ("POST", f"{API}workbooks/focus/entered?person=olga-p"),
        ("POST", f"{API}workbooks/focus/restore?person=olga-p"),
    ],
)
def test_nobody_writes_in_another_persons_workbook(
    browsers: dict[str, Browser], method: str, address: str
):
    for one in browsers.values():
        reply = one.request(method, address, json={})
        assert reply.status_code == 403
        assert reply.json()["error"] in {"read_only", "not_yours"}


def test_a_confirmation_is_for_the_own_group_and_the_school_link_for_the_own_school(
    browsers: dict[str, Browser],
):
    def confirm(person: str, about: str, workbook: str, field: str) -> int:
        body = {"about": about, "field": field, "value": True}
        url = f"{API}workbooks/{workbook}/confirmations"
        return browsers[person].post(url, json=body).status_code

    focus = ("focus", "focus_agreed_with_facilitator")
    plan = ("action-plan", "agreed_by_school_link")
    assert confirm("dina-f", "aigul-s", *focus) == 200
    assert confirm("dina-f", "yerlan-b", *focus) == 403
    assert confirm("bakhyt-d", "aigul-s", *focus) == 403
    assert confirm("bakhyt-d", "aigul-s", *plan) == 200
    assert confirm("saule-m", "aigul-s", *plan) == 403
    assert confirm("aigul-s", "aigul-s", *plan) == 403
    assert confirm("dina-f", "nobody", *focus) == 403


def test_a_stranger_and_somebody_elses_look_the_same_to_a_participant(
    browsers: dict[str, Browser],
):
    real = browsers["aigul-s"].get(f"{API}workbooks/focus?person=olga-p")
    invented = browsers["aigul-s"].get(f"{API}workbooks/focus?person=no-such-person")
    assert (real.status_code, real.json()) == (invented.status_code, invented.json())


# -- signed out -------------------------------------------------------------------------------
def test_a_page_without_a_sign_in_leads_to_it(server: Server):
    for path in ("ustaz/", "ustaz/workbooks/focus", "ustaz/book/en/"):
        reply = httpx.get(server.root + path, verify=certificates())
        assert reply.status_code == 302, path
        assert "/login?next=" in reply.headers["Location"]


def test_styles_need_no_sign_in_since_secret_addresses_have_none(server: Server):
    assert (
        httpx.get(f"{server.root}ustaz/static/site.css", verify=certificates()).status_code == 200
    )


def test_a_call_without_a_sign_in_is_told_so_in_words(server: Server):
    for method in ("GET", "POST", "PATCH"):
        reply = httpx.request(method, f"{server.root}{API}me?lang=kk", verify=certificates())
        assert reply.status_code == 403
        assert reply.json()["error"] == "signed_out"
        assert reply.json()["login"] == "/login"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PATCH", f"{API}workbooks/focus/answers"),
        ("POST", f"{API}workbooks/focus/submit"),
        ("POST", f"{API}act-as"),
        ("POST", f"{API}lang"),
        ("POST", f"{API}staff/collect"),
        ("POST", "ustaz/act-as"),
        ("POST", "ustaz/lang"),
        ("POST", "ustaz/staff/collect"),
        ("POST", "ustaz/people/olga-p/focus/confirm"),
    ],
)
def test_writing_without_the_token_of_the_page_is_refused(
    browsers: dict[str, Browser], method: str, path: str
):
    client = browsers["saule-m"].client
    for headers in ({}, {"X-XSRFToken": "2|00000000|0000|1700000000"}):
        reply = client.request(method, path, headers=headers, content=b"{}")
        assert reply.status_code == 403
        if path.startswith(API):
            assert reply.json()["error"] == "xsrf"
        else:
            assert "Nothing is lost" in reply.text


def test_another_sites_page_cannot_write(browsers: dict[str, Browser]):
    one = browsers["aigul-s"]
    reply = one.post(
        f"{API}lang", json={"lang": "kk"}, headers={"Origin": "http://elsewhere.example"}
    )
    assert reply.status_code in {403, 404}


# -- the demo ---------------------------------------------------------------------------------
def test_a_visitor_of_the_demo_chooses_first(server: Server):
    one = server.browser()
    assert one.get("ustaz/workbooks/focus").status_code == 403
    assert one.get(f"{API}workbooks/focus").json()["error"] == "choose_person"
    page = one.get("ustaz/")
    assert page.status_code == 200
    assert one.form("ustaz/act-as", person="olga-p").status_code == 303
    assert "Olga P." in one.get("ustaz/").text
    assert one.form("ustaz/act-as", person="").status_code == 303
    assert one.get("ustaz/workbooks/focus").status_code == 403
    assert one.form("ustaz/act-as", person="somebody-else").status_code == 404


def test_whom_one_acts_as_cannot_be_forged(server: Server):
    one = server.browser("saule-m")
    name = "ustaz-acting-server-trial"
    kept = {cookie.name: cookie for cookie in one.client.cookies.jar}
    assert kept[name].has_nonstandard_attr("HttpOnly")
    good = (kept[name].value or "").strip('"')
    signed_in = next(key for key in kept if key.startswith("username-"))

    def status(value: str) -> int:
        cookie = f'{signed_in}="{(kept[signed_in].value or "").strip(chr(34))}"; {name}="{value}"'
        url = f"{server.root}{API}staff/overview"
        return httpx.get(url, headers={"Cookie": cookie}, verify=certificates()).status_code

    assert status(good) == 200
    assert status("saule-m") == 403
    *front, signature = good.split("|")
    assert status("|".join([*front, signature[::-1]])) == 403
    assert status(good.replace(front[4], "8:ZGluYS1m")) == 403


def test_a_program_names_in_a_header_whom_it_tries_out(server: Server):
    one = server.browser()
    header = {"X-Ustaz-Acting": "olga-p"}
    assert one.get(f"{API}me", headers=header).json()["person"]["id"] == "olga-p"
    assert one.get(f"{API}me").json()["person"] is None
    unknown = one.get(f"{API}me", headers={"X-Ustaz-Acting": "nobody-q"})
    assert unknown.json()["person"] is None
    # What a person chose on a page holds for that page.
    chosen = server.browser("aigul-s")
    assert chosen.get(f"{API}me", headers=header).json()["person"]["id"] == "aigul-s"
    # It signs nobody in.
    assert httpx.get(f"{server.root}{API}me", headers=header).status_code == 403


def test_the_demo_ends_where_the_roster_no_longer_has_the_person(server: Server):
    one = server.browser("nurgul-a")
    roster = server.course.dir / "people.csv"
    text = roster.read_text(encoding="utf-8")
    roster.write_text(text.replace("nurgul-a,", "nurgul-z,"), encoding="utf-8")
    try:
        assert one.get(f"{API}me").json()["person"] is None
    finally:
        roster.write_text(text, encoding="utf-8")
