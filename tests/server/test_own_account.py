"""A course that is no demo: who asks is the owner of the account, and nobody else can be tried."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.server import helpers
from ustaz.course.identity import account_of

API = "ustaz/api/v1/"


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[helpers.Server]:
    home = tmp_path_factory.mktemp("real")
    course = helpers.make_course(home / "course", demo=False)
    roster = course.dir / "people.csv"
    text = roster.read_text(encoding="utf-8")
    own = account_of(os.getuid())
    roster.write_text(text.replace("s2,ru,", f"s2,ru,{own}"), encoding="utf-8")
    # Below another address, as behind a proxy.
    with helpers.Server(course, home, base_url="/school/7/") as running:
        yield running


def test_the_account_decides_who_asks(real: helpers.Server):
    one = real.browser()
    assert one.get(f"{API}me").json()["person"]["id"] == "olga-p"
    page = one.get("ustaz/").text
    assert "demo" not in page.lower()
    assert 'lang="ru"' in page


def test_every_address_of_a_page_lies_below_the_servers_own(real: helpers.Server):
    for path in ("ustaz/", "ustaz/workbooks/focus", "ustaz/nope"):
        for address in helpers.addresses(real.browser().get(path).text):
            assert address.startswith(("/school/7/", "?lang=", "#")), address


@pytest.mark.parametrize("person", ["saule-m", "dina-f", "", None])
def test_nobody_acts_as_somebody_else(real: helpers.Server, person: str | None):
    one = real.browser()
    reply = one.post(f"{API}act-as", json={"person": person})
    assert (reply.status_code, reply.json()["error"]) == (403, "not_a_demo")
    assert one.form("ustaz/act-as", person=person or "").status_code == 403
    assert one.get("ustaz/?choose=1").status_code == 403
    assert one.get(f"{API}me").json()["person"]["id"] == "olga-p"
    named = one.get(f"{API}me", headers={"X-Ustaz-Acting": person or ""})
    assert named.json()["person"]["id"] == "olga-p"


def test_an_account_that_the_roster_does_not_know_is_told_so(real: helpers.Server):
    roster = real.course.dir / "people.csv"
    text = roster.read_text(encoding="utf-8")
    one = real.browser()
    roster.write_text(text.replace(account_of(os.getuid()), "other"), encoding="utf-8")
    try:
        assert one.get(f"{API}me").json()["error"] == "unknown_account"
        page = one.get("ustaz/?lang=en")
        assert page.status_code == 403
        assert "Your account is not in this course" in page.text
        assert "Traceback" not in page.text
    finally:
        roster.write_text(text, encoding="utf-8")


def test_a_damaged_roster_stops_nobody_and_is_no_traceback(real: helpers.Server):
    roster = real.course.dir / "people.csv"
    text = roster.read_text(encoding="utf-8")
    one = real.browser()
    roster.write_text("person;name\n", encoding="utf-8")
    try:
        reply = one.get("ustaz/?lang=en")
        assert reply.status_code == 200  # by the roster that was good before
        assert "Traceback" not in reply.text
        assert "person;name" not in reply.text
    finally:
        roster.write_text(text, encoding="utf-8")
