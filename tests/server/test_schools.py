"""A director's home: totals of the own school, and nothing that says who or what."""

from __future__ import annotations

import re

import pytest

from tests.server import helpers
from ustaz.course import Course
from ustaz.course.identity import acting_as
from ustaz.exchange import submit
from ustaz.server.api import about
from ustaz.server.pages import participant
from ustaz.server.site import Site
from ustaz.server.views import confirmations
from ustaz.server.views.director import director

MORE = tuple(f"extra-{n},Extra {n}.,participant,g1,s1,en,\n" for n in range(5))
SECRET = "Only my own group may read this sentence"


@pytest.fixture
def busy(course: Course, site: Site) -> Site:
    """One school where people are at different stages, and somebody of another one."""
    with (course.dir / "people.csv").open("a", encoding="utf-8") as roster:
        roster.write("".join(MORE))
    for person in ("aigul-s", "nurgul-a", "yerlan-b", "olga-p"):
        helpers.put(course, person, "focus", focus_statement=SECRET)
    for person in ("aigul-s", "olga-p"):
        submit(course, person, "focus", identity=acting_as(course, person))
    helpers.write(course, "nurgul-a", "focus", [{"op": "status", "value": "ready"}])
    helpers.put(course, "aigul-s", "action-plan", title=SECRET)
    confirmations.record(
        site.confirmations,
        course,
        acting_as(course, "bakhyt-d"),
        about="aigul-s",
        workbook="action-plan",
        field="agreed_by_school_link",
        value=True,
    )
    return site


def shown(site: Site, person: str = "bakhyt-d", lang: str = "en") -> str:
    return helpers.html(participant.home(helpers.visit(site, person, lang=lang)))


def test_a_director_sees_totals_of_the_own_school_only(busy: Site):
    found = director(busy, acting_as(busy.course, "bakhyt-d"), busy.words("en"))
    assert found["people"] == 8
    focus, plan = found["workbooks"]
    assert (focus["ready"], focus["submitted"], focus["agreed"]) == (
        "hardly_any",
        "hardly_any",
        None,
    )
    assert (plan["ready"], plan["submitted"], plan["agreed"]) == ("hardly_any",) * 3
    for number in range(3):
        helpers.put(busy.course, f"extra-{number}", "focus", focus_statement=SECRET)
        helpers.write(busy.course, f"extra-{number}", "focus", [{"op": "status", "value": "ready"}])
    page = shown(busy)
    assert "8 teachers of your school take part." in page
    assert re.findall(r"<dd>(.*?)</dd>", page)[:2] == ["4", "hardly any"]


@pytest.mark.parametrize("lang", helpers.LANGUAGES)
def test_no_name_and_no_text_of_a_participant_is_on_a_directors_home(busy: Site, lang: str):
    visit = helpers.visit(busy, "bakhyt-d", lang=lang)
    for text in (shown(busy, lang=lang), about.home(visit).body.decode()):
        assert SECRET not in text
        for one in busy.course.with_role("participant"):
            assert one.name not in text
            assert one.person not in text


def test_fewer_than_five_are_not_counted(course: Course, busy: Site):
    roster = course.dir / "people.csv"
    roster.write_text(helpers.ROSTER + MORE[0])
    found = director(busy, acting_as(course, "bakhyt-d"), busy.words("en"))
    assert (found["people"], found["workbooks"]) == (None, [])
    page = shown(busy)
    assert "Fewer than five teachers" in page
    assert not re.search(r"<dd>|take part\.<", page)


def test_a_director_who_takes_part_is_not_among_the_five(course: Course, busy: Site):
    roster = helpers.ROSTER.replace("Bakhyt D.,director", "Bakhyt D.,participant director")
    (course.dir / "people.csv").write_text(roster + MORE[0])
    assert director(busy, acting_as(course, "bakhyt-d"), busy.words("en"))["people"] is None


def test_a_director_without_a_school_is_told_whom_to_ask(course: Course, busy: Site):
    roster = helpers.ROSTER.replace("Bakhyt D.,director,,s1", "Bakhyt D.,director,,")
    (course.dir / "people.csv").write_text(roster)
    assert "names no school for you" in shown(busy)


def test_a_document_that_cannot_be_read_neither_counts_nor_stops_the_page(
    course: Course, busy: Site
):
    (course.people_dir / "nurgul-a" / "focus" / "answers.json").write_text('{"format": 99}')
    found = director(busy, acting_as(course, "bakhyt-d"), busy.words("en"))
    assert (found["people"], found["workbooks"][0]["ready"]) == (8, "hardly_any")


def test_only_directors_get_the_totals(busy: Site):
    assert "teachers of your school" not in shown(busy, "saule-m")
    assert b'"director"' not in about.home(helpers.visit(busy, "aigul-s")).body
