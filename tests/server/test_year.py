"""Home shows the year: workbooks by its parts, companions among them, and what comes next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.server.helpers import html, put, visit, write
from ustaz.course import Course
from ustaz.course.settings import SETTINGS_FILE
from ustaz.server.pages import participant, staff
from ustaz.server.site import Site
from ustaz.server.views import homes

PERSON = "olga-p"
FIRST = {"op": "add_row", "path": ["people", "p1a2b3c4"], "after": None, "value": {"alias": "Е.В."}}


@pytest.fixture
def year(course: Course, tmp_path: Path) -> Iterator[Callable[..., Site]]:
    """Return a function that opens the course with other settings."""
    sites = []

    def change(companions: str = "", focus_day: str = "2026-10-15") -> Site:
        path = course.dir / SETTINGS_FILE
        text = path.read_text(encoding="utf-8").replace("2026-10-15", focus_day)
        path.write_text(f"{text}companions = [{companions}]\n", encoding="utf-8")
        sites.append(Site(Course.open(course.dir), book_dir=tmp_path / "site"))
        return sites[-1]

    yield change
    for site in sites:
        site.pool.shutdown()


def test_without_companions_home_shows_what_is_handed_in(course: Course) -> None:
    assert homes.year(course) == homes.workbooks(course) == ["focus", "action-plan"]


def test_companions_stand_in_their_part_of_the_year(year: Callable[..., Site]) -> None:
    site = year('"people-map", "unheard-of", "focus"')
    assert homes.year(site.course) == ["focus", "people-map", "action-plan"]
    assert homes.workbooks(site.course) == ["focus", "action-plan"]
    page = html(participant.home(visit(site, PERSON))).partition('id="mine-title"')[2]
    places = [page.index(text) for text in ("<h3>Starting", "Values", "<h3>Planning", "People map")]
    assert places == sorted(places)
    assert "W04" not in page


def test_a_companion_is_never_ready_to_submit(year: Callable[..., Site]) -> None:
    site = year('"people-map"')
    write(site.course, PERSON, "people-map", [FIRST, {"op": "status", "value": "ready"}])
    (record,) = [own for own in homes.year_records(site, PERSON) if own.workbook == "people-map"]
    assert record.status_name(site.words("en")) == "Ready"


def test_nobody_is_asked_to_begin_a_companion(year: Callable[..., Site]) -> None:
    site = year('"people-map"')
    put(site.course, PERSON, "focus", focus_statement="Pupils ask questions of their own")
    step = homes.next_step(site, homes.year_records(site, PERSON))
    assert (step.kind, step.workbook) == ("continue", "focus")
    write(site.course, PERSON, "people-map", [FIRST])
    assert homes.next_step(site, homes.year_records(site, PERSON)) == step


def test_a_workbook_whose_day_is_far_off_is_not_the_next_step(year: Callable[..., Site]) -> None:
    site = year(focus_day="2027-04-01")
    # The very first one is, whenever it is due.
    assert homes.next_step(site, homes.year_records(site, PERSON)).workbook == "focus"
    write(site.course, PERSON, "people-map", [FIRST])
    step = homes.next_step(site, homes.year_records(site, PERSON))
    assert (step.kind, step.workbook) == ("continue", "action-plan")


def test_readers_find_companions_beside_the_workbook_they_read(
    year: Callable[..., Site],
) -> None:
    site = year('"people-map"')
    request = visit(site, "dina-f", person=PERSON, workbook="focus")
    assert "/people/olga-p/people-map" in html(staff.reading(request))
