"""Whatever stands in an address, the answer is a page or a call's refusal in words; never 500."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from http.client import HTTPConnection
from urllib.parse import quote

import pytest

from tests.server import helpers
from ustaz.server.routes import ROUTES, Route

#: Parts of a path, as they are sent.
PARTS = {
    "NUL": "%00",
    "NUL inside": "fo%00cus",
    "300 letters": "a" * 300,
    "5,000 digits": "9" * 5000,
    "other digits": quote("٣"),
    "not UTF-8": "%ff%fe",
    "surrogate": "%ed%a0%80",
    "bare percent": "%",
    "half an escape": "%2",
    "up": "..%2f..%2fpeople.csv",
    "dots": "%2e%2e",
    "backslash": "..%5c..%5cpeople.csv",
    "quotes": quote("'\"<>`"),
    "lines": "a%0d%0aSet-Cookie:%20x=1",
    "right to left": quote("\u202efocus"),
    "emoji": quote("😀"),
    "question": "%3f%23",
    "semicolon": "focus;x=1",
    "space": "%20",
    "nothing": "",
    "negative": "-1",
    "sum": "1e400",
    "template": quote("{{7*7}}"),
}
#: Those at which something went wrong once; every route is asked with each of them.
ALWAYS = ("NUL", "not UTF-8", "surrogate", "half an escape", "up")
NAMES = ("again", "by", "choose", "field", "gone", "group", "id", "lang", "next", "number",
         "person", "q", "round", "school", "to", "until", "v", "value", "workbook")  # fmt: skip
GROUP = re.compile(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")
FITTING = {"person": "aigul-s", "workbook": "focus", "round": "1", "revision": "1", "lang": "en",
           "action": "collect", "token": "0" * 32, "path": "index.html",
           "name": "site.css"}  # fmt: skip


def in_turn(place: int) -> list[str]:
    """Return the parts for the route at a place: what always counts, and of the others a third."""
    others = [part for name, part in PARTS.items() if name not in ALWAYS]
    return [*(PARTS[name] for name in ALWAYS), *others[place % 3 :: 3]]


def addresses(route: Route, parts: Collection[str]) -> Iterator[str]:
    """Yield a route's address with each part in turn being what nobody would write."""
    start = "ustaz/api/v1/" if route.api else "ustaz/"
    if route.pattern == ".*":
        yield from (f"{start}{part}" for part in parts)
        return
    names = [one[1] for one in GROUP.finditer(route.pattern)]
    for hostile in names:
        for part in parts:
            yield start + GROUP.sub(
                lambda one, hostile=hostile, part=part: (
                    part if one[1] == hostile else FITTING.get(one[1], "x")
                ),
                route.pattern,
            )
    plain = start + GROUP.sub(lambda one: FITTING.get(one[1], "x"), route.pattern)
    for part in parts:
        if len(part) < 1000:
            yield f"{plain}?" + "&".join(f"{name}={part}" for name in NAMES)
        else:
            yield from (f"{plain}?{name}={part}" for name in ("lang", "q", "round", "until"))
        yield f"{plain}?{part}"


class Raw:
    """Sends an address as it is, without anybody tidying it up."""

    def __init__(self, server: helpers.Server, person: str) -> None:
        browser = server.browser(person, "en")
        cookies = "; ".join(f"{one.name}={one.value}" for one in browser.client.cookies.jar)
        self.headers = {"Cookie": cookies, "X-XSRFToken": browser.xsrf}
        self.connection = HTTPConnection("127.0.0.1", server.port, timeout=60)

    def ask(self, method: str, address: str) -> tuple[int, str, str]:
        """Return the status, the kind of answer, and the answer."""
        self.connection.request(method, f"/{address}", headers=self.headers)
        reply = self.connection.getresponse()
        text = reply.read().decode("utf-8", "replace")
        assert "x=1" not in (reply.getheader("Set-Cookie") or "")
        return reply.status, reply.getheader("Content-Type") or "", text


@pytest.fixture(scope="module")
def staff(server: helpers.Server) -> Iterator[Raw]:
    made = Raw(server, "saule-m")
    yield made
    made.connection.close()


@pytest.mark.parametrize(
    ("route", "parts"),
    [
        *((route, in_turn(place)) for place, route in enumerate(ROUTES)),
        *(pytest.param(route, PARTS.values(), marks=pytest.mark.soak) for route in ROUTES),
    ],
    ids=lambda value: (
        f"{'api ' if value.api else ''}{value.pattern[:40]}"
        if isinstance(value, Route)
        else f"{len(value)} parts"
    ),
)
def test_no_address_is_a_fault_of_ours(route: Route, parts: Collection[str], staff: Raw) -> None:
    for address in addresses(route, parts):
        # What fits and would be done is asked for by no POST here.
        posts = "POST" in route.actions and "?" not in address
        for method in ("GET", *(["POST"] if posts else [])):
            status, kind, text = staff.ask(method, address)
            assert status < 500, (status, method, address[:200], text[:200])
            assert "Traceback" not in text
            if status >= 400 and kind.startswith("text/html"):
                assert "<h1" in text, (status, address[:200], text[:300])
            elif status >= 400:
                assert '"error"' in text, (status, address[:200], text[:300])


def test_a_part_that_an_address_does_not_have_stays_none():
    from ustaz.server.arguments import AnyBytes

    assert AnyBytes().decode_argument(None) is None
    assert AnyBytes().decode_argument(b"a\xff") == "a\ufffd"
