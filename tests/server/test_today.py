"""Home is the year: what is due today, one press for "done", a way in for whoever comes late."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from tests.server import helpers
from tests.server.helpers import html, put, visit
from tests.server.test_calendar import EVENTS
from ustaz import enrolment
from ustaz.answers import Batch, Subject
from ustaz.answers.typist import client_for
from ustaz.course import Course
from ustaz.course.identity import acting_as
from ustaz.deadlines.due import due
from ustaz.exchange import submit
from ustaz.server.http import HTTPProblem
from ustaz.server.pages import participant, steps
from ustaz.server.site import Site
from ustaz.server.views import today as day
from ustaz.server.views.records import record

WHO = "aigul-s"
PLAN = "action-plan"
STEPS = (
    ("step01", "Ask two colleagues", "2026-11-10"),
    ("step02", "Try it on <Wednesday>", "2026-11-26"),
    ("step03", "Far away", "2027-02-01"),
)


@pytest.fixture
def site(tmp_path: Path, _fixed_now: None) -> Site:
    course = helpers.make_course(tmp_path / "course")
    settings = course.dir / "ustaz.toml"
    settings.write_text(settings.read_text() + EVENTS, encoding="utf-8")
    return Site(Course.open(course.dir, going_on=True), book_dir=tmp_path / "site")


@pytest.fixture
def planned(site: Site) -> Site:
    rows = [
        {"op": "add_row", "path": ["steps", id_], "after": None, "value": {"action": a, "due": d}}
        for id_, a, d in STEPS
    ]
    helpers.write(site.course, WHO, PLAN, rows)
    return site


def home(site: Site, who: str = WHO, lang: str = "en", **query: str) -> str:
    return html(participant.home(visit(site, who, lang=lang, query=query)))


def press(site: Site, who: str = WHO, **form: str) -> str:
    form = {"do": "done", "workbook": PLAN, "table": "steps", "row": "step01"} | form
    reply = steps.change(visit(site, who, "steps", method="POST", form=form))
    assert reply.status == 303
    return reply.headers["Location"]


def row(site: Site, id: str = "step01") -> dict[str, str]:
    answers = site.course.store.read(Subject.person(WHO), PLAN).answers
    return next(one for one in answers["steps"] if one["id"] == id)


def after(site: Site, location: str) -> str:
    match = re.search(r"\?done=([^#]+)", location)
    assert match
    return home(site, done=match[1])


# -- steps ----------------------------------------------------------------------------------------
def test_steps_that_are_late_or_due_this_week_stand_on_home_and_no_others(planned: Site) -> None:
    page = home(planned)
    assert "Ask two colleagues" in page
    assert "Try it on &lt;Wednesday&gt;" in page
    assert "Far away" not in page
    assert "Nothing to do" not in page
    assert "You have done everything" not in page


def test_one_press_marks_a_step_as_done_with_the_day_and_its_history(planned: Site) -> None:
    page = after(planned, press(planned))
    assert (row(planned)["status"], row(planned)["done_on"]) == ("done", "2026-11-23")
    assert "Marked as done: <bdi>Ask two colleagues</bdi>" in page
    last = planned.course.store.history(Subject.person(WHO), PLAN)[-1]
    assert (last.who, set(last.paths)) == (
        WHO,
        {"steps/step01/status", "steps/step01/done_on"},
    )


def test_a_press_is_taken_back_and_what_was_there_before_is_there_again(planned: Site) -> None:
    before = row(planned)
    location = press(planned)
    revision = location.partition("done=action-plan.")[2].partition("#")[0]
    press(planned, do="undo", revision=revision)
    assert row(planned) == before
    assert "Ask two colleagues" in home(planned)
    assert "Marked as done" not in after(planned, location)


def test_pressing_twice_writes_once(planned: Site) -> None:
    press(planned)
    before = planned.course.store.read(Subject.person(WHO), PLAN).revision
    assert "?done" not in press(planned)
    assert planned.course.store.read(Subject.person(WHO), PLAN).revision == before


@pytest.mark.parametrize(
    "form",
    [
        {"row": "nobody"},
        {"workbook": "focus"},
        {"do": "undo", "revision": "1"},
        {"do": "undo", "revision": "99999999999"},
        {"do": "undo"},
        {"workbook": "nothing"},
        {"do": "erase"},
    ],
)
def test_what_is_no_step_of_theirs_is_refused_in_words(planned: Site, form: dict[str, str]) -> None:
    before = planned.course.store.read(Subject.person(WHO), PLAN).answers
    with pytest.raises(HTTPProblem):
        press(planned, **form)
    assert planned.course.store.read(Subject.person(WHO), PLAN).answers == before


def test_nobody_marks_a_step_of_somebody_else(planned: Site) -> None:
    for who in ("olga-p", "dina-f", "saule-m"):
        with pytest.raises(HTTPProblem):
            press(planned, who)
    assert "status" not in row(planned)


def test_a_living_plan_asks_for_no_other_round(planned: Site) -> None:
    helpers.write(planned.course, WHO, PLAN, [{"op": "status", "value": "ready"}])
    submit(planned.course, WHO, PLAN, identity=acting_as(planned.course, WHO), confirm=True)
    press(planned)
    about = record(planned, WHO, PLAN)
    assert (about.changed, about.ready) == (True, False)
    page = home(planned)
    assert "Changed since you submitted it: " in page
    assert "submit/1#changed" not in page
    assert "receipt/1#changed" in page
    receipt = html(participant.receipt(visit(planned, WHO, workbook=PLAN, round="1")))
    assert "What has changed since, and is not submitted" in receipt
    assert "You need not submit again" in receipt
    assert "submit again" not in page


def test_who_is_on_leave_is_not_reminded(planned: Site) -> None:
    enrolment.set_status(planned.course, WHO, "leave", by="saule-m")
    assert "Ask two colleagues" not in home(planned)


# -- where and when -------------------------------------------------------------------------------
def test_home_says_when_and_where_one_meets_next_and_who_helps(site: Site) -> None:
    page = home(site)
    assert 'Tuesday, 1 December, <span class="uzs-together">16:00</span>' in page
    assert "Room 12" in page
    assert "<strong><bdi>Dina F.</bdi></strong>" in page
    assert "Room 12" not in home(site, "yerlan-b")


def test_home_leads_back_to_the_question_that_was_saved_last(site: Site) -> None:
    assert "Go on where I was" not in home(site)
    put(site.course, WHO, "focus", **helpers.FOCUS)
    assert 'href="/ustaz/workbooks/focus#uz-focus-focus_statement">Go on where I was' in home(site)


def test_where_one_was_is_known_without_reading_the_journal(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(site.course, WHO, "focus", **helpers.FOCUS)
    monkeypatch.setattr(type(site.course.store), "history", None)
    assert "#uz-focus-focus_statement" in home(site)


def test_where_one_was_is_where_ones_own_hand_was(site: Site) -> None:
    put(site.course, WHO, "focus", **helpers.FOCUS)
    batch = Batch.from_json(
        {
            "batch": "typed-in",
            "client": client_for("dina-f", "her page"),
            "base_revision": 0,
            "lang": "en",
            "changes": [{"op": "set", "path": ["title"], "value": "Pair talk"}],
        }
    )
    site.course.store.save(Subject.person(WHO), PLAN, batch, who="dina-f")
    assert "#uz-focus-focus_statement" in home(site)


def test_nothing_to_do_names_what_comes_next_and_is_hidden_by_unsent_words(site: Site) -> None:
    for workbook in ("focus", PLAN):
        put(
            site.course, WHO, workbook, **(helpers.FOCUS if workbook == "focus" else {"title": "x"})
        )
        submit(site.course, WHO, workbook, identity=acting_as(site.course, WHO), confirm=True)
    page = home(site)
    assert '<p class="uzs-lead" data-calm>Nothing to do right now.' in page
    assert "Next comes" not in page


def test_home_says_what_comes_next_while_its_time_is_far(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(site.course, WHO, "focus", **helpers.FOCUS)
    submit(site.course, WHO, "focus", identity=acting_as(site.course, WHO), confirm=True)
    own = [record(site, WHO, "focus"), record(site, WHO, PLAN)]
    monkeypatch.setenv("USTAZ_NOW", "2026-09-02T10:00:00+05:00")
    coming = day.coming(own, site.words("en"))
    named = due(site.course, PLAN, WHO)
    assert named is not None
    assert coming == day.Coming("Action plan", named.day)


def test_the_first_two_minutes_are_open_until_something_is_begun(site: Site) -> None:
    assert '<details class="uzs-card uzs-about" open>' in home(site)
    put(site.course, WHO, "focus", **helpers.FOCUS)
    assert '<details class="uzs-card uzs-about">' in home(site)


def test_the_year_names_every_month_with_its_meetings(site: Site) -> None:
    page = home(site)
    assert page.count("uzs-offscreen") >= 9
    assert "September 2026: 1 meeting, 0 days on which something is handed in" in page
    assert 'aria-current="date"><span aria-hidden="true">Nov</span>' in page


def test_who_joins_in_november_finds_a_way_in(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    page = home(site)
    assert "The course is on its way" in page
    assert "First workshop" in page
    assert "its day has passed; arrange another one" in page
    put(site.course, WHO, "focus", **helpers.FOCUS)
    assert "The course is on its way" in home(site)  # one word is no arrival
    submit(site.course, WHO, "focus", identity=acting_as(site.course, WHO), confirm=True)
    assert "The course is on its way" not in home(site)
    monkeypatch.setenv("USTAZ_NOW", "2026-09-16T10:00:00+05:00")
    assert "The course is on its way" not in home(site, "olga-p")


@pytest.mark.parametrize("lang", helpers.LANGUAGES)
def test_no_page_of_a_teacher_names_a_workbook_by_its_code(planned: Site, lang: str) -> None:
    submit(planned.course, WHO, PLAN, identity=acting_as(planned.course, WHO), confirm=True)
    pages = [
        participant.home(visit(planned, WHO, lang=lang)),
        participant.saved(visit(planned, WHO, lang=lang, workbook=PLAN)),
        participant.receipt(visit(planned, WHO, lang=lang, workbook=PLAN, round="1")),
    ]
    for page in pages:
        assert not re.search(r"\b[WFSV]\d\d\b", html(page))


def test_a_press_is_dated_where_the_course_is(
    planned: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USTAZ_NOW", "2026-11-23T20:30:00+00:00")
    press(planned)
    assert row(planned)["done_on"] == dt.date(2026, 11, 24).isoformat()
