"""One sentence from home: a form that needs no script and adds one private row."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.server.helpers import NOW, ROSTER, html, visit
from tests.support.courses import SHIPPED, course_at
from ustaz.answers import Subject
from ustaz.course import Course
from ustaz.server.http import HTTPProblem
from ustaz.server.pages import participant
from ustaz.server.site import Site

WORKBOOK = "participation"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setenv("USTAZ_NOW", NOW)
    workbooks = SHIPPED + 'companions = ["culture", "participation"]\n'
    course = course_at(
        tmp_path / "course", "server-trial", "Teacher leadership", ROSTER, workbooks=workbooks
    )
    return Site(course, book_dir=tmp_path / "site")


def fields(page: str) -> dict[str, str]:
    """Return what the form on home holds, as a browser would send it."""
    form = re.search(r'<form[^>]*id="entry-participation".*?</form>', page, re.DOTALL)
    assert form
    inputs = re.findall(r'name="(\w+)"[^>]*value="([^"]*)"', form[0])
    return {name: value for name, value in inputs if name != "_xsrf"}


def sent(site: Site, **form: str) -> str:
    about = visit(site, "aigul-s", "entry", method="POST", form=form, workbook=WORKBOOK)
    return participant.entry(about).headers["Location"]


def rows(course: Course) -> list[dict]:
    return course.store.read(Subject.person("aigul-s"), WORKBOOK).answers.get("record", [])


def test_one_sentence_from_home_is_one_private_entry_of_today(site: Site) -> None:
    form = fields(html(participant.home(visit(site, "aigul-s", lang="kk"))))
    where = sent(site, **form, text=" Бүгін екі оқушы сұрақ қойды.\r\n")
    assert where.endswith("?added=participation#entry-participation")
    # It is written in the language of its writer, as the workbook's own page would have it.
    assert site.course.store.read(Subject.person("aigul-s"), WORKBOOK).lang == "kk"
    (entry,) = rows(site.course)
    assert entry == {
        "id": entry["id"],
        "date": "2026-11-23",
        "what_i_did": "Бүгін екі оқушы сұрақ қойды.",
    }
    again = html(participant.home(visit(site, "aigul-s", query={"added": WORKBOOK})))
    assert 'role="status"' in again
    # A journal is not answered in parts: what stands there is how much has been written.
    assert "1 entry" in again
    assert "0 of 1 answered" not in again


def test_the_same_form_sent_twice_adds_one_entry(site: Site) -> None:
    form = fields(html(participant.home(visit(site, "aigul-s"))))
    for _ in range(2):
        sent(site, **form, text="Once")
    assert len(rows(site.course)) == 1
    form = fields(html(participant.home(visit(site, "aigul-s"))))
    sent(site, **form, text="And another one")
    assert [row["what_i_did"] for row in rows(site.course)] == ["Once", "And another one"]


def test_nothing_is_added_where_nothing_was_written(site: Site) -> None:
    form = fields(html(participant.home(visit(site, "aigul-s"))))
    assert sent(site, **form, text=" \n") == site.base
    assert rows(site.course) == []


@pytest.mark.parametrize("wrong", [{"batch": "x"}, {"day": "soon"}, {"batch": ""}])
def test_a_form_that_is_not_ours_is_refused(site: Site, wrong: dict[str, str]) -> None:
    form = fields(html(participant.home(visit(site, "aigul-s"))))
    with pytest.raises(HTTPProblem) as refused:
        sent(site, **{**form, "text": "x", **wrong})
    assert refused.value.status == 400
    assert rows(site.course) == []


def test_a_workbook_without_a_journal_takes_no_entry(site: Site) -> None:
    about = visit(site, "aigul-s", "entry", method="POST", form={"text": "x"}, workbook="focus")
    with pytest.raises(HTTPProblem) as refused:
        participant.entry(about)
    assert refused.value.status == 404


def test_home_has_no_form_where_the_course_has_no_journal(site: Site) -> None:
    page = html(participant.home(visit(site, "aigul-s")))
    assert page.count('class="uzs-entry"') == 1
