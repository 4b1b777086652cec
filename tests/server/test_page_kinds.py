"""Each kind of page once, as the fullest people of the demo have filled it: light, accessible."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.browser import PHONE, Watch, axe
from tests.support.forms import kept
from tests.support.live import TOKEN, Live
from tests.support.shared import shared
from ustaz import surveys
from ustaz.course import Course
from ustaz.demo import create
from ustaz.sessions import store

pytestmark = pytest.mark.browser

LANGUAGES = ("kk", "ru", "en")
MOST_BYTES, MOST_REQUESTS = 100_000, 8

#: By who opens it: Olga's project is the fullest of the demo, Marat's second.
PAGES: dict[str, tuple[str, ...]] = {
    "olga-p": (
        "",
        "workbooks/starting-point",
        "workbooks/culture",
        "workbooks/people-map",
        "workbooks/focus",
        "workbooks/action-plan",
        "workbooks/consultations",
        "workbooks/participation",
        "workbooks/evidence",
        "workbooks/half-way-review",
        "workbooks/network-notes",
        "workbooks/project-review",
        "workbooks/vignette",
        "workbooks/portfolio",
        "workbooks/action-plan/submit",
        "workbooks/action-plan/paper",
        "workbooks/action-plan/receipt/1",
        "workbooks/action-plan/feedback",
        "workbooks/evidence/saved",
        "workbooks/evidence/share",
        "workbooks/network-notes/poster",
        "shares",
        "group",
        "story",
        "portfolio",
        "projects",
        "second-year",
        "calendar",
        "remarks",
        "asks",
        "school",
        "no-such-page",
    ),
    "marat-t": ("workbooks/action-plan", "workbooks/evidence"),
    "natalya-v": (
        "",
        "people/olga-p/action-plan",
        "people/olga-p/evidence",
        "people/olga-p/network-notes",
        "people/olga-p/culture",
        "people/olga-p/people-map",
        "people/olga-p/project-review",
        "people/olga-p/action-plan/enter",
        "people/olga-p/evidence/enter",
        "portfolios/olga-p",
        "story/olga-p",
        "reach",
        "sessions",
        "sessions/{planned}",
        "sessions/{planned}/paper",
        "sessions/{planned}/now",
        "sessions/{logged}/log",
        "group/overview",
        "group/prompts",
        "people/olga-p/action-plan/remarks",
        "tables",
    ),
    "irina-m": (
        "",
        "?choose=1",
        "people/marat-t/evidence",
        "rounds/olga-p/portfolio/1",
        "staff/dates",
        "staff/calendar",
        "staff/people",
        "staff/people/olga-p",
        "staff/roster",
        "staff/join",
        "staff/course",
        "tables",
    ),
    "bolat-k": (
        "",
        "stories",
        "school",
        "school/agreement",
        "school/outcomes",
        "surveys",
        "surveys/{ended}",
    ),
    "zhanar-e": ("",),
}


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    def make(folder: Path) -> None:
        create(folder, people=6, seed=1)

    course = shared(tmp_path_factory, "demo-of-page-kinds", make)
    with Live(course, tmp_path_factory.mktemp("no-book")) as server:
        yield server


@pytest.mark.parametrize("turn", kept([0], [1, 2]))
@pytest.mark.parametrize("person", PAGES)
def test_a_first_load_of_each_kind_of_page_is_light_and_accessible(
    live: Live, chromium: Any, person: str, turn: int
) -> None:
    """At most 100 kB as they travel in at most 8 requests; each page in one of the languages."""
    context = chromium.new_context(viewport=PHONE)
    watch = Watch(context)
    page = context.new_page()
    page.goto(f"{live.url}ustaz/?token={TOKEN}")
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    addresses: dict[str, str] = {}
    sizes: dict[str, float] = {}

    def sent(event: dict[str, Any]) -> None:
        if event["request"]["url"].startswith("http"):
            addresses[event["requestId"]] = event["request"]["url"]

    def ended(event: dict[str, Any]) -> None:
        sizes[event["requestId"]] = event["encodedDataLength"]

    session.on("Network.requestWillBeSent", sent)
    session.on("Network.loadingFinished", ended)
    meetings = store.plans(Course.open(live.course))
    named = {
        "logged" if meeting.plan.log else "planned": meeting.id
        for meeting in meetings
        if meeting.group == "terek"
    }
    rounds = surveys.rounds(Course.open(live.course))
    named["ended"] = next(known.id for known in rounds if known.closed and known.school)
    heavy: dict[str, tuple[float, int, list[str]]] = {}
    faults: dict[str, list[str]] = {}
    live.act_as(context, person)
    for place, pattern in enumerate(PAGES[person], start=turn):
        lang = LANGUAGES[place % len(LANGUAGES)]
        addresses.clear()
        sizes.clear()
        where = f"{person}: {pattern} ({lang})"
        path = pattern.format(**named)
        page.goto(f"{live.url}ustaz/{path}{'&' if '?' in path else '?'}lang={lang}")
        # What comes without anybody doing something: nothing is on its way any more.
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.lang") == lang, where
        total = sum(sizes.get(name, 0) for name in addresses)
        assert total, where
        if total > MOST_BYTES or len(addresses) > MOST_REQUESTS:
            heavy[where] = (total, len(addresses), sorted(addresses.values()))
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            faults.setdefault(where, []).append("wider than a phone")
        if found := axe(page):
            faults.setdefault(where, []).extend(found)
    context.close()
    assert heavy == {}
    assert faults == {}
    assert watch.outside == []
