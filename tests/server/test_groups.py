"""What a facilitator sees of the group at a glance, and of one person."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.server import helpers
from tests.server.helpers import html, visit
from ustaz import enrolment
from ustaz.course.identity import acting_as
from ustaz.exchange import submit
from ustaz.roster.people import Person
from ustaz.server.pages import participant, staff
from ustaz.server.site import Site
from ustaz.server.views import group_progress

DAY = "2026-10-15"


def card(status: str = "draft", *, started: bool = True, due: str | None = DAY) -> dict[str, Any]:
    return {"workbook": "focus", "status": status, "started": started, "due": due,
            "status_name": status if started else "not started", "waits": False}  # fmt: skip


def person(name: str, status: str = "active") -> Person:
    return Person(name, name, ("participant",), status=status)


def test_who_has_not_submitted_is_named_once_the_date_has_passed():
    group = [
        (person("a"), [card(started=False)]),
        (person("b"), [card()]),
        (person("c"), [card("submitted")]),
        (person("d"), [card("returned")]),
    ]
    (before,) = group_progress.overview(group, dt.date(2026, 10, 15))
    assert before.open == []
    (after,) = group_progress.overview(group, dt.date(2026, 10, 16))
    assert [one.person for one, _ in after.open] == ["a", "b"]
    assert [(one, count) for one, _, count in after.counts] == [
        ("none", 1), ("draft", 1), ("submitted", 1), ("returned", 1),
    ]  # fmt: skip


def test_who_is_on_leave_is_neither_counted_nor_asked_for():
    group = [(person("a", "leave"), [card(started=False)]), (person("b"), [card()])]
    (one,) = group_progress.overview(group, dt.date(2026, 12, 1))
    assert [(status, count) for status, _, count in one.counts] == [("draft", 1)]
    assert [each.person for each, _ in one.open] == ["b"]


def test_a_workbook_without_a_date_and_a_group_without_people_ask_for_nobody():
    (one,) = group_progress.overview([(person("a"), [card(due=None)])], dt.date(2026, 12, 1))
    assert one.open == []
    assert group_progress.overview([], dt.date(2026, 12, 1)) == []
    assert group_progress.overview([(person("a", "leave"), [card()])], dt.date(2026, 12, 1)) == []


def test_the_home_of_a_facilitator_shows_counts_dates_and_who_is_still_at_it(site: Site):
    helpers.put(site.course, "aigul-s", "focus", **helpers.FOCUS)
    submit(site.course, "aigul-s", "focus", identity=acting_as(site.course, "aigul-s"))
    helpers.put(site.course, "olga-p", "focus", **helpers.FOCUS)
    enrolment.set_status(site.course, "nurgul-a", "leave", by="saule-m")
    page = html(participant.home(visit(site, "dina-f")))
    card_of = page.partition('aria-labelledby="far-focus"')[2].partition("</article>")[0]
    assert "15 October 2026" in card_of
    assert "Olga P." in card_of
    for absent in ("Әйгүл С.", "Nurgul A."):
        assert absent not in card_of
    plan = page.partition('aria-labelledby="far-action-plan"')[2].partition("</article>")[0]
    assert "10 December 2026" in plan
    assert "Olga P." not in plan


def reading(site: Site, workbook: str) -> str:
    params = {"person": "olga-p", "workbook": workbook}
    return html(staff.reading(visit(site, "dina-f", **params)))


def test_nothing_is_confirmed_about_a_workbook_in_which_nothing_stands(site: Site):
    assert "as soon as something is written" in reading(site, "focus")
    assert 'name="value" value="yes"' not in reading(site, "focus")
    helpers.put(site.course, "olga-p", "focus", **helpers.FOCUS)
    assert "as soon as something is written" not in reading(site, "focus")
    assert 'name="value" value="yes"' in reading(site, "focus")


def test_the_other_workbooks_of_a_person_are_one_click_away(site: Site):
    assert f'href="{site.url("people", "olga-p", "action-plan")}"' in reading(site, "focus")
    assert f'href="{site.url("people", "olga-p", "focus")}"' in reading(site, "action-plan")
