"""Guesses, copies and forms without a token at a real hub: what an attacker gets, and that the
owner of an account comes in all the same."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.hub.helpers import NAVIGATE, PASSWORD, LiveHub, Visitor
from tests.hub.test_sign_in import NEW, code_for, path_of, signed_out
from ustaz.hub.settings import PREFIX

OWN = 5
ANYWHERE = 30


def at_once(one: Visitor, shown: httpx.Response, count: int, **fields: str) -> list[httpx.Response]:
    """Send one form `count` times at the same moment."""
    with ThreadPoolExecutor(16) as pool:
        return list(pool.map(lambda _: one.fill(shown, **fields), range(count)))


def test_of_guesses_at_the_same_moment_no_more_are_judged_and_the_owner_comes_in(live: LiveHub):
    owner = live.visitor("marat-t", source="127.0.0.11")
    owner.page("/hub/logout")
    guesser = live.visitor(source="127.0.0.12")
    replies = at_once(
        guesser, guesser.page("/hub/login"), 40, username="marat-t", password="wrong wrong"
    )
    codes = [one.status_code for one in replies]
    assert codes.count(403) <= OWN
    assert codes.count(403) + codes.count(429) == 40
    waits = [int(one) for text in replies for one in re.findall(r"(\d+) second", text.text)]
    assert max(waits, default=0) <= 60
    # The owner: in a browser that is known, and in a new one elsewhere.
    assert path_of(owner.sign_in("marat-t")).startswith(PREFIX)
    assert path_of(live.visitor(source="127.0.0.13").sign_in("marat-t")).startswith(PREFIX)


def test_guesses_from_many_addresses_are_slowed_and_the_owner_comes_in_at_home(live: LiveHub):
    owner = live.visitor("yerlan-b", source="127.0.0.21")
    owner.page("/hub/logout")
    first = live.visitor(source="127.0.1.1")
    shown, statuses = first.page("/hub/login"), []
    for number in range(1, ANYWHERE + 6):
        one = live.visitor(source=f"127.0.1.{number}")
        one.client.cookies = first.client.cookies
        statuses.append(one.fill(shown, username="yerlan-b", password="wrong wrong").status_code)
    assert statuses.count(403) <= ANYWHERE + 1
    assert statuses[-1] == 429
    assert live.visitor(source="127.0.2.1").sign_in("yerlan-b").status_code == 429
    # At home, in a new browser; and in the known one, wherever it is.
    assert path_of(live.visitor(source="127.0.0.21").sign_in("yerlan-b")).startswith(PREFIX)
    assert path_of(owner.sign_in("yerlan-b")).startswith(PREFIX)


def test_a_code_that_two_use_at_once_opens_the_account_for_one(live: LiveHub):
    slip = code_for(live, "saule-m", "nurgul-a")
    # A browser for each: one that is signed in already would be led on, whoever was first.
    people = [live.visitor(source=f"127.0.0.{number}") for number in range(31, 35)]
    forms = [person.page(slip["link"]) for person in people]
    words = {"username": "nurgul-a", "code": slip["code"], "password": NEW, "again": NEW}
    with ThreadPoolExecutor(len(people)) as pool:
        replies = list(pool.map(lambda person, form: person.fill(form, **words), people, forms))
    assert [path_of(reply).startswith(PREFIX) for reply in replies].count(True) == 1
    assert sum("is not right" in reply.text for reply in replies) == 3


def copied(live: LiveHub, one: Visitor) -> Visitor:
    """Return somebody with a copy of all cookies."""
    other = live.visitor()
    for cookie in one.client.cookies.jar:
        other.client.cookies.jar.set_cookie(cookie)
    return other


@pytest.mark.parametrize("path", [PREFIX, "/hub/password", "/hub/home", "/hub/token"])
def test_a_copy_of_the_cookies_opens_nothing_after_signing_out(live: LiveHub, path: str):
    mine, theirs = live.visitor("natalya-v"), live.visitor("natalya-v")
    stolen = copied(live, mine)
    assert path_of(stolen.page("/hub/password")) == "/hub/password"
    mine.page("/hub/logout")
    assert path_of(stolen.page(path)) == "/hub/login"
    assert signed_out(stolen)
    # The other device goes on, on the hub's own pages as well.
    assert path_of(theirs.page("/hub/password")) == "/hub/password"
    assert theirs.call("GET", theirs.at("api/v1/me")).status_code == 200


def test_signing_out_ends_what_is_left_where_the_account_is_no_longer_named(live: LiveHub):
    one = live.visitor("bakhyt-d")
    stolen = copied(live, one)
    for cookie in list(one.client.cookies.jar):
        if cookie.name.startswith("jupyterhub-hub-login"):
            one.client.cookies.jar.clear(cookie.domain, cookie.path, cookie.name)
    one.page("/hub/logout")
    assert signed_out(stolen)


# -- the token of forms ---------------------------------------------------------------------------
FORM = {"do": "move", "group": "g1; g2"}
PAGE = "staff/people/dina-f/change"


def send(one: Visitor, path: str, fields: dict[str, str], **headers: str) -> httpx.Response:
    return one.client.post(path, data=fields, headers={**NAVIGATE, **headers})


def test_a_form_without_its_token_is_said_as_that_and_can_be_sent_once_more(live: LiveHub):
    one = live.visitor("saule-m")
    one.page(one.at())
    for token in ({}, {"_xsrf": "2|old|old|1"}):
        reply = send(one, one.at(PAGE), {**FORM, **token})
        assert reply.status_code == 403
        assert "open for too long" in reply.text
        assert "not signed in" not in reply.text
        assert 'value="g1; g2"' in reply.text
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', reply.text))
    action = re.search(r'<form method="post" action="([^"]*change)"', reply.text)
    assert action
    assert send(one, action[1], fields).status_code == 200
    assert live.course.people["dina-f"].groups == ("g1", "g2")
    send(one, one.at(PAGE), {"do": "move", "group": "g1", "_xsrf": one.xsrf})


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_what_another_site_sent_is_not_offered_to_be_sent_again(live: LiveHub, site: str):
    one = live.visitor("saule-m")
    one.page(one.at())
    reply = send(one, one.at(PAGE), FORM, **{"Sec-Fetch-Site": site})
    assert reply.status_code == 403
    assert "g1; g2" not in reply.text
    assert "<form" not in re.sub(r'(?s)<form[^>]*action="[^"]*lang".*?</form>', "", reply.text)


def test_a_call_without_its_token_is_said_as_that_and_a_stranger_is_signed_out(live: LiveHub):
    one = live.visitor("saule-m")
    one.page(one.at())
    for method, path in (("GET", "api/v1/me"), ("POST", "api/v1/lang")):
        without = {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "same-origin"}
        reply = one.client.request(method, one.at(path), headers=without, json={"lang": "en"})
        assert (reply.status_code, reply.json()["error"]) == (403, "xsrf")
    stolen = copied(live, one)
    one.page("/hub/logout")
    reply = stolen.client.request("POST", one.at("api/v1/lang"), headers=without, json={})
    assert (reply.status_code, reply.json()["error"]) == (403, "signed_out")
    assert send(live.visitor(), one.at(PAGE), FORM).status_code == 403


@pytest.mark.parametrize("path", ["/hub/login", "/hub/code"])
def test_a_form_of_the_hub_without_its_token_is_shown_anew_with_the_name(live: LiveHub, path: str):
    one = live.visitor()
    one.page(path)
    reply = send(one, path, {"username": "aigul-s", "password": PASSWORD, "code": "AB12-CD34"})
    assert path_of(reply) == path
    assert "open for too long" in reply.text
    assert 'value="aigul-s"' in reply.text
    assert path_of(one.fill(reply, username="aigul-s", password=PASSWORD)) in {
        "/hub/code",
        f"{PREFIX}trial/",
    }


# -- ids in addresses -----------------------------------------------------------------------------
NO_IDS = ["../aigul-s", "a/../b", "..", "AIGUL-S", "аigul-s", "x" * 300, "a\0b", " ", "a%2fb"]


@pytest.mark.parametrize("account", ["irina-m", "saule-m", "dina-f"])
def test_what_is_no_id_is_refused_before_anything_is_looked_for(live: LiveHub, account: str):
    one = live.visitor(account)
    one.page(one.at())
    at = "api/v1/workbooks/focus"
    for person in NO_IDS:
        for path in ("rounds/1", "answers", "feedback", ""):
            reply = one.call(
                "GET",
                one.at(f"{at}/{path}".rstrip("/")),
                params={"person": person},
            )
            assert (reply.status_code, reply.json()["error"]) == (403, "not_yours"), person
