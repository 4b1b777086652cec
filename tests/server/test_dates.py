"""Days and extensions on the pages: who may give time, what everybody then reads."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.server import helpers
from tests.server.helpers import html, put, visit
from ustaz.course import Course
from ustaz.course.identity import acting_as
from ustaz.deadlines import extensions
from ustaz.exchange import submit
from ustaz.server.http import HTTPProblem
from ustaz.server.pages import dates, participant, reviewer
from ustaz.server.site import Site
from ustaz.server.views import group_progress, homes, serialize, staff_overview
from ustaz.server.views.records import record

FORM = {
    "do": "extend",
    "to": "person:aigul-s",
    "workbook": "focus",
    "until": "2026-12-04",
    "reason": "Repairs <at> the school",
}
DAY = "2026-11-20"  # three days before the tests' today


@pytest.fixture
def site(tmp_path: Path, _fixed_now: None) -> Site:
    course = helpers.make_course(tmp_path / "course")
    settings = course.dir / "ustaz.toml"
    lines = settings.read_text().splitlines()
    at = lines.index("[calendar.due]")
    kept = [one for one in lines[at + 1 :] if not one.startswith(("focus", "action-plan"))]
    settings.write_text("\n".join([*lines[: at + 1], f"focus = {DAY}", *kept, ""]))
    return Site(Course.open(course.dir), book_dir=tmp_path / "site")


def post(site: Site, who: str = "saule-m", **changed: str) -> tuple[int, str]:
    reply = dates.change(visit(site, who, "staff/dates", method="POST", form=FORM | changed))
    return reply.status, html(reply)


def shown(site: Site, lang: str = "en") -> str:
    return html(dates.dates(visit(site, "saule-m", "staff/dates", lang=lang)))


def handed_in(site: Site, person: str = "aigul-s") -> None:
    put(site.course, person, "focus", **helpers.FOCUS)
    submit(site.course, person, "focus", identity=acting_as(site.course, person))


@pytest.mark.parametrize("who", ["aigul-s", "dina-f", "bakhyt-d"])
def test_only_staff_see_and_give_time(site: Site, who: str) -> None:
    for action in (dates.dates, dates.change):
        with pytest.raises(HTTPProblem) as refused:
            action(visit(site, who, "staff/dates", form=FORM))
        assert refused.value.status == 403
    assert extensions.every(site.course) == []


def test_time_is_given_shown_with_its_reason_and_taken_back(site: Site) -> None:
    assert "Nobody has been given more time yet." in shown(site)
    assert post(site)[0] == 303
    text = shown(site)
    assert "Repairs &lt;at&gt; the school" in text
    assert "Әйгүл С." in text
    assert "4 December 2026" in text
    (one,) = extensions.every(site.course)
    assert (one.by, one.how, one.until) == ("saule-m", "page", dt.date(2026, 12, 4))
    assert post(site, do="undo", id=one.key)[0] == 303
    assert "taken back on" in shown(site)
    assert post(site, do="undo", id=one.key)[0] == 422


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"until": "soon"}, "not a day"),
        ({"until": DAY}, "not later than the day in the calendar"),
        ({"until": "2046-01-01"}, "not a day"),
        ({"to": ""}, "for one person, one group or one school"),
        ({"to": "person:olga"}, "no such person"),
        ({"to": "district:west"}, "for one person"),
        ({"workbook": "action-plan"}, "names no day"),
        ({"workbook": "no"}, "no such workbook"),
        ({"reason": "  "}, "needs a reason"),
    ],
)
def test_a_mistake_is_said_in_words_and_what_was_typed_stays(
    site: Site, wrong: dict[str, str], words: str
) -> None:
    status, text = post(site, **wrong)
    assert status == 422
    assert words in text
    if wrong.keys() == {"until"}:
        assert "Repairs &lt;at&gt; the school" in text
        assert '<option value="person:aigul-s" selected>' in text
    assert extensions.every(site.course) == []


def test_an_unknown_action_is_refused(site: Site) -> None:
    with pytest.raises(HTTPProblem):
        post(site, do="everything")


@pytest.mark.parametrize("lang", helpers.LANGUAGES)
def test_the_page_speaks_the_readers_language(site: Site, lang: str) -> None:
    post(site)
    titles = {
        "en": "Days and extensions",
        "ru": "Сроки и продления",
        "kk": "Мерзімдер мен ұзартулар",
    }
    assert f"<h1>{titles[lang]}</h1>" in shown(site, lang)


# -- what people read -----------------------------------------------------------------------------
def test_a_late_round_is_marked_as_late_wherever_it_is_listed(site: Site) -> None:
    handed_in(site)
    course = site.course
    own = record(site, "aigul-s", "focus")
    assert serialize.progress(own)["late_round"]
    assert [one["late"] for one in serialize.rounds_json(own)] == [True]
    counts = next(one for one in staff_overview.overview(course) if one["workbook"] == "focus")
    assert counts["late"] == 1
    assert [row["late"] for row in counts["rows"] if row["person"] == "aigul-s"] == [True]
    words = site.words("en")
    assert [one["late"] for one in reviewer.submitted(course, "irina-m", words)] == [True]
    mark = '<span class="uzs-late">Late</span>'
    assert mark in html(participant.home(visit(site, "aigul-s")))
    assert mark in html(participant.home(visit(site, "saule-m")))
    assert mark in html(participant.home(visit(site, "dina-f")))
    receipt = visit(site, "aigul-s", workbook="focus", round="1")
    assert "It came after the date; this costs nothing." in html(participant.receipt(receipt))


def test_with_more_time_nothing_is_late_any_more(site: Site) -> None:
    handed_in(site)
    post(site)
    for who in ("aigul-s", "saule-m", "dina-f"):
        assert "uzs-late" not in html(participant.home(visit(site, who)))
    receipt = visit(site, "aigul-s", workbook="focus", round="1")
    assert "It came after" not in html(participant.receipt(receipt))


def test_who_has_more_time_reads_their_own_day(site: Site) -> None:
    post(site)
    home = html(participant.home(visit(site, "aigul-s")))
    assert "You have been given more time." in home
    card = homes.participant(site, "aigul-s", site.words("en"))["workbooks"][0]
    assert (card["due"], card["calendar"], card["days_left"]) == ("2026-12-04", DAY, 11)
    assert card["extended"]
    other = homes.participant(site, "olga-p", site.words("en"))["workbooks"][0]
    assert (other["due"], other["extended"]) == (DAY, False)
    assert "You have been given more time." not in html(participant.home(visit(site, "olga-p")))


def test_a_facilitator_is_not_asked_to_write_to_somebody_who_has_more_time(site: Site) -> None:
    post(site)
    group = homes.group(site, acting_as(site.course, "dina-f"))
    words = site.words("en")
    cards = [(one.person, [homes.card(site, each, words) for each in one.records]) for one in group]
    first = group_progress.overview(cards, site.course.today())[0]
    waiting = {person.person for person, _ in first.open}
    assert "aigul-s" not in waiting
    assert "olga-p" in waiting
    assert "Date in the calendar: 20 November 2026" in html(participant.home(visit(site, "dina-f")))
