"""The calendar on the pages: whose, in which language, and what a secret address opens."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from tests.calendar.ics_reader import read
from tests.server import helpers
from tests.server.helpers import html, visit
from ustaz.calendar import moves, subscriptions
from ustaz.course import Course
from ustaz.course.identity import acting_as
from ustaz.exchange import submit
from ustaz.server.http import HTTPProblem
from ustaz.server.pages import calendar, events, participant
from ustaz.server.site import Site

EVENTS = """
[[event]]
id = "workshop-1"
kind = "workshop"
title = {en = "First workshop", ru = "Первая встреча", kk = "Бірінші кездесу"}
day = 2026-09-15
start = "15:00"
end = "17:00"

[[event]]  # for one group
id = "tutorial-1"
kind = "tutorial"
title = "Talk <b>about</b> the plan"
day = 2026-12-01
start = "16:00"
place = "Room 12"
link = "https://meet.example/a?b=1&c=2"
groups = ["g1"]
"""
NEW = {
    "do": "add",
    "title": "A meeting of ours",
    "kind": "other",
    "group": "g1",
    "day": "2026-12-08",
    "start": "9:05",
    "end": "",
    "place": "Library",
    "link": "",
}
STEP = "ҚҰПИЯ: мен бөлісемін"


@pytest.fixture
def site(tmp_path: Path, _fixed_now: None) -> Site:
    course = helpers.make_course(tmp_path / "course")
    settings = course.dir / "ustaz.toml"
    settings.write_text(settings.read_text() + EVENTS, encoding="utf-8")
    site = Site(Course.open(course.dir, going_on=True), book_dir=tmp_path / "site")
    row = {"action": STEP, "due": "2026-12-20"}
    change = {"op": "add_row", "path": ["steps", "step01"], "after": None, "value": row}
    helpers.write(site.course, "aigul-s", "action-plan", [change])
    return site


def shown(site: Site, who: str = "aigul-s", lang: str = "en") -> str:
    return html(calendar.calendar(visit(site, who, "calendar", lang=lang)))


def opened(site: Site, who: str = "aigul-s", **form: str) -> str:
    request = visit(site, who, "calendar", method="POST", form={"do": "open"} | form)
    request.origin = "https://ustaz.example"
    text = html(calendar.address(request))
    match = re.search(
        r"<code>https://ustaz.example/ustaz/api/v1/calendar/([^<]+)\.ics</code>", text
    )
    assert match
    assert f'href="webcal://ustaz.example/ustaz/api/v1/calendar/{match[1]}.ics"' in text
    return match[1]


def feed(site: Site, secret: str) -> str:
    reply = calendar.subscribed(visit(site, None, "calendar", secret=f"{secret}.ics"))
    assert reply.content_type == "text/calendar; charset=utf-8"
    assert reply.headers["Cache-Control"] == "no-store"
    calendar_ = read(reply.body)
    return "\n".join(event.text("SUMMARY") for event in calendar_.all("VEVENT"))


# -- the page -------------------------------------------------------------------------------------
@pytest.mark.parametrize("lang", helpers.LANGUAGES)
def test_what_is_next_comes_first_and_what_has_passed_is_folded_away(site: Site, lang: str) -> None:
    page = shown(site, lang=lang)
    coming, _, past = page.partition("<details")
    assert "Talk &lt;b&gt;about&lt;/b&gt; the plan" in coming
    assert STEP in coming
    first = {"en": "First workshop", "ru": "Первая встреча", "kk": "Бірінші кездесу"}[lang]
    assert first in past
    assert first not in coming
    assert "https://meet.example/a?b=1&amp;c=2" in coming


def test_the_page_has_no_script_and_no_code_of_a_workbook(site: Site) -> None:
    page = shown(site)
    assert "<script" not in page
    assert not re.search(r"\bW\d\d\b", page)


def test_nobody_reads_anothers_meetings_or_steps(site: Site) -> None:
    assert "the plan" not in shown(site, "yerlan-b")
    for who in ("yerlan-b", "dina-f", "saule-m", "bakhyt-d"):
        assert STEP not in shown(site, who)
        reply = calendar.download(visit(site, who, "calendar.ics"))
        assert STEP not in reply.body.decode()


def test_a_moved_meeting_stands_at_its_new_day_with_its_reason(site: Site) -> None:
    event = site.course.events[1]
    slot = moves.Slot(dt.date(2026, 12, 3), event.slot.start)
    moves.move(site.course, event, "group", "g1", slot, "Snow <storm>", by="dina-f")
    page = shown(site)
    assert 'datetime="2026-12-03"' in page
    assert 'datetime="2026-12-01"' not in page
    assert "Snow &lt;storm&gt;" in page


# -- the secret address ---------------------------------------------------------------------------
def test_the_address_needs_no_sign_in_and_keeps_own_words_back(site: Site) -> None:
    secret = opened(site)
    text = feed(site, secret)
    assert "about" in text
    assert STEP not in text
    assert STEP in feed(site, opened(site, steps="on"))


def test_the_address_is_shown_once_and_is_in_its_owners_language(site: Site) -> None:
    secret = opened(site)
    assert secret not in shown(site)
    assert "Бірінші кездесу" in feed(site, secret)


@pytest.mark.parametrize("end", ["close", "open"])
def test_an_address_that_was_closed_or_renewed_is_gone(site: Site, end: str) -> None:
    secret = opened(site)
    calendar.address(visit(site, "aigul-s", "calendar", method="POST", form={"do": end}))
    with pytest.raises(HTTPProblem) as refused:
        feed(site, secret)
    assert (refused.value.status, refused.value.id) == (404, "no_page")


def test_the_address_of_somebody_who_left_is_gone(site: Site) -> None:
    secret = opened(site)
    roster = site.course.dir / "people.csv"
    text = roster.read_text(encoding="utf-8").replace("lang,account", "lang,account,status")
    roster.write_text(text.replace("s1,kk,\n", "s1,kk,,withdrawn\n"), encoding="utf-8")
    left = Site(Course.open(site.course.dir), book_dir=site.book_dir)
    with pytest.raises(HTTPProblem):
        feed(left, secret)
    with pytest.raises(HTTPProblem):
        calendar.address(visit(left, "aigul-s", "calendar", method="POST", form={"do": "open"}))


def test_who_closes_touches_nobody_elses(site: Site) -> None:
    mine, yours = opened(site), opened(site, "olga-p")
    calendar.address(visit(site, "olga-p", "calendar", method="POST", form={"do": "close"}))
    assert feed(site, mine)
    with pytest.raises(HTTPProblem):
        feed(site, yours)
    assert subscriptions.subscription(site.course, "olga-p") is None


def test_nobody_is_reminded_of_what_was_handed_in(site: Site) -> None:
    def alarms() -> dict[str, int]:
        reply = calendar.download(visit(site, "aigul-s", "calendar.ics"))
        return {
            event.value("UID").split(".")[1]: len(event.all("VALARM"))
            for event in read(reply.body).all("VEVENT")
            if event.value("UID").startswith("due.")
        }

    assert alarms() == {"focus": 1, "action-plan": 1}
    helpers.put(site.course, "aigul-s", "focus", **helpers.FOCUS)
    submit(site.course, "aigul-s", "focus", identity=acting_as(site.course, "aigul-s"))
    assert alarms() == {"focus": 0, "action-plan": 1}
    assert "handed in" in shown(site)


def test_home_of_a_facilitator_says_when_the_own_group_meets_next(site: Site) -> None:
    page = html(participant.home(visit(site, "dina-f")))
    assert 'Tuesday, 1 December, <span class="uzs-together">16:00</span>' in page
    assert "Room 12" in page


# -- the page of meetings -------------------------------------------------------------------------
def post(site: Site, who: str, **form: str) -> tuple[int, str]:
    reply = events.change(visit(site, who, "staff/calendar", method="POST", form=form))
    return reply.status, html(reply)


def listed(site: Site, who: str, lang: str = "en", **query: str) -> str:
    return html(events.events(visit(site, who, "staff/calendar", lang=lang, query=query)))


@pytest.mark.parametrize("who", ["aigul-s", "bakhyt-d"])
def test_participants_and_directors_write_no_meetings(site: Site, who: str) -> None:
    with pytest.raises(HTTPProblem):
        listed(site, who)
    with pytest.raises(HTTPProblem):
        post(site, who, **NEW)


def test_a_facilitator_enters_a_meeting_of_the_own_group(site: Site) -> None:
    assert post(site, "dina-f", **NEW)[0] == 303
    assert "A meeting of ours" in shown(site)
    assert "A meeting of ours" not in shown(site, "yerlan-b")
    assert "# for one group" in (site.course.dir / "ustaz.toml").read_text()


@pytest.mark.parametrize(
    "form",
    [
        {"group": "g2"},
        {"group": "*"},
        {"kind": "deadline"},
        {"title": "  "},
        {"day": "tomorrow"},
        {"start": "26:00"},
        {"start": "10:00", "end": "9:00"},
        {"link": "javascript:alert(1)"},
    ],
)
def test_what_a_facilitator_may_not_enter_is_refused_and_nothing_changes(
    site: Site, form: dict[str, str]
) -> None:
    before = (site.course.dir / "ustaz.toml").read_bytes()
    status, page = post(site, "dina-f", **(NEW | form))
    assert status == 422
    assert 'role="alert"' in page
    assert (site.course.dir / "ustaz.toml").read_bytes() == before


def test_a_facilitator_changes_own_meetings_alone_and_moves_those_of_everybody(site: Site) -> None:
    changed = NEW | {"do": "change", "event": "tutorial-1", "kind": "tutorial"}
    assert post(site, "dina-f", **changed)[0] == 303
    assert "A meeting of ours" in shown(site)
    with pytest.raises(HTTPProblem):
        post(site, "dina-f", **(changed | {"event": "workshop-1"}))
    with pytest.raises(HTTPProblem):
        post(site, "dina-f", do="remove", event="workshop-1")
    move = {"do": "move", "event": "workshop-1", "day": "2026-12-02", "reason": "Snow"}
    for other in ("group:g2", "school:s1", "person:yerlan-b", "person:bakhyt-d"):
        with pytest.raises(HTTPProblem):
            post(site, "dina-f", **move, to=other)
    assert post(site, "dina-f", **move, to="group:g1")[0] == 303
    assert 'datetime="2026-12-02"' in shown(site)
    assert 'datetime="2026-12-02"' not in shown(site, "yerlan-b")
    assert post(site, "dina-f", do="back", id=".1")[0] == 303
    assert 'datetime="2026-12-02"' not in shown(site)


def test_staff_write_for_everybody_and_titles_of_other_languages_stay(site: Site) -> None:
    form = NEW | {"do": "change", "event": "workshop-1", "kind": "workshop", "group": "*"}
    post(site, "saule-m", **(form | {"title": "First workshop"}))
    assert "Бірінші кездесу" in shown(site, lang="kk")
    assert site.course.events[0].revision == 1
    post(site, "saule-m", do="remove", event="tutorial-1")
    assert [event.id for event in site.course.events] == ["workshop-1"]


@pytest.mark.parametrize("lang", helpers.LANGUAGES)
def test_the_page_of_meetings_names_kinds_in_words(site: Site, lang: str) -> None:
    page = listed(site, "saule-m", lang, event="tutorial-1")
    assert "network_event" not in re.sub(r'value="[^"]*"', "", page)


def test_a_mistake_in_the_file_is_said_and_not_made_worse(site: Site) -> None:
    settings = site.course.dir / "ustaz.toml"
    settings.write_text(settings.read_text() + "\n[[event]]\nid = 3\n", encoding="utf-8")
    before = settings.read_bytes()
    status, page = post(site, "saule-m", **NEW)
    assert (status, settings.read_bytes()) == (422, before)
    assert "mistake" in page


def test_no_log_holds_a_secret_address() -> None:
    from ustaz.server.host.logs import address
    from ustaz.server.host.tornado import Answering
    from ustaz.server.routes import CALENDAR, ROUTES

    handler = Answering.__new__(Answering)
    handler.route = next(route for route in ROUTES if route.pattern == CALENDAR)
    handler.path_kwargs = {"secret": "s3cret.ics"}
    assert "s3cret" not in address(handler)
