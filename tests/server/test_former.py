"""Whoever was erased is "a former facilitator" on pages, in the reader's language."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.server import helpers
from tests.server.helpers import FOCUS, html, make_course, put, visit
from ustaz.base.ids import FORMER_FACILITATOR, FORMER_MEMBER, former_id
from ustaz.course import Course
from ustaz.privacy import erase, subject_of
from ustaz.roster.former import name_of
from ustaz.server.i18n import Words
from ustaz.server.pages import staff
from ustaz.server.site import Site
from ustaz.server.views import confirmations, labels
from ustaz.server.views.records import record
from ustaz.server.views.serialize import page_data

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """Dina has confirmed Olga's focus, and was erased since."""
    monkeypatch.setenv("USTAZ_NOW", helpers.NOW)
    course = make_course(tmp_path / "course")
    put(course, "olga-p", "focus", **FOCUS)
    site = Site(course)
    confirmations.record(
        site.confirmations,
        course,
        visit(site, "dina-f").who,
        about="olga-p",
        workbook="focus",
        field="focus_agreed_with_facilitator",
        value=True,
    )
    erase(subject_of(course.dir, "dina-f"), by="operator")
    return course


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", "a former facilitator"), ("ru", "бывший фасилитатор"), ("kk", "бұрынғы фасилитатор")],
)
def test_pages_and_data_say_it_in_the_readers_language(course: Course, lang: str, said: str):
    site = Site(course)
    own = visit(site, "olga-p", lang=lang)
    (given,) = page_data(own, record(site, "olga-p", "focus"), "edit")["confirmations"]
    assert (given["by"], given["by_name"]) == (FORMER_FACILITATOR, said)
    seen = visit(site, "saule-m", lang=lang, person="olga-p", workbook="focus")
    assert said in html(staff.reading(seen))


@pytest.mark.parametrize("lang", ["en", "kk"])
def test_every_page_names_somebody_erased_in_one_way(course: Course, lang: str):
    words = Words(lang, course.timezone)
    named = labels.helpers(words, course)["name_of"]
    assert named(FORMER_MEMBER) == name_of(course.people, FORMER_MEMBER, words.plain)
    assert named(FORMER_MEMBER) != FORMER_MEMBER
    assert named("olga-p") == course.people["olga-p"].name


def test_a_facilitator_and_any_other_are_told_apart():
    assert former_id(("participant", "facilitator")) == FORMER_FACILITATOR
    assert former_id(("director",)) == FORMER_MEMBER
    assert name_of({}, FORMER_MEMBER) == "a former member of the course"
    assert name_of({}, "somebody-else") == "somebody-else"
