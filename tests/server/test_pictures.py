"""The story line and the poster as pages: what each reader may see, and what is still missing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.server import helpers
from tests.server.helpers import html, put, visit, write
from tests.support.courses import course_at
from ustaz.answers import Subject
from ustaz.course.identity import acting_as
from ustaz.exchange import submit
from ustaz.server.api import answers
from ustaz.server.http import HTTPProblem
from ustaz.server.pages import participant, posters, staff, stories
from ustaz.server.site import Site
from ustaz.server.views.posters import SIZES, fitting

WHO = "aigul-s"
FACILITATOR = "dina-f"
WORKBOOKS = """\
[workbooks]
assignments = ["focus", "action-plan", "half-way-review"]
companions = ["people-map", "participation", "network-notes", "project-review"]
"""
STEPS = (("step01", "Ask two colleagues", "2026-11-10"), ("step02", "Show it", "2027-03-01"))


@pytest.fixture
def site(tmp_path: Path, _fixed_now: None) -> Site:
    course = course_at(
        tmp_path / "course", "pictures", "Pictures", helpers.ROSTER, workbooks=WORKBOOKS
    )
    put(course, WHO, "focus", focus_statement="Pupils ask each other <why>", why_me="PRIVATE-WHY")
    steps = [
        {"op": "add_row", "path": ["steps", id_], "after": None, "value": {"action": a, "due": d}}
        for id_, a, d in STEPS
    ]
    write(course, WHO, "action-plan", steps)
    put(course, WHO, "action-plan", title="Pair talk")
    entries = [
        {"op": "add_row", "path": ["record", "entry1"], "after": None,
         "value": {"date": "2026-10-01", "what_i_did": "PRIVATE-ENTRY"}},
        {"op": "add_row", "path": ["record", "entry2"], "after": None,
         "value": {"date": "2026-10-02", "what_i_did": "SHOWN", "readers": ["facilitator"]}},
    ]  # fmt: skip
    write(course, WHO, "participation", entries)
    return Site(course, book_dir=tmp_path / "site")


def test_the_story_shows_its_owner_everything_and_a_facilitator_what_they_may_read(
    site: Site,
) -> None:
    submit(site.course, WHO, "focus", identity=acting_as(site.course, WHO), confirm=True)
    own = html(stories.own(visit(site, WHO, "story", lang="en")))
    for words in ("Ask two colleagues", "PRIVATE-ENTRY", "SHOWN", "&lt;why&gt;", "Submitted:"):
        assert words in own
    assert "PRIVATE-WHY" not in own
    theirs = html(stories.of_person(visit(site, FACILITATOR, person=WHO, lang="en")))
    assert "Ask two colleagues" in theirs
    assert "SHOWN" in theirs
    assert "PRIVATE" not in theirs
    with pytest.raises(HTTPProblem) as refused:
        stories.of_person(visit(site, "olga-p", person=WHO))
    assert refused.value.id == "not_yours"


def test_a_project_that_has_not_begun_says_what_will_stand_there(site: Site) -> None:
    assert "at its beginning" in html(stories.own(visit(site, "olga-p", "story", lang="en")))


@pytest.mark.parametrize("workbook", ["half-way-review", "project-review"])
def test_a_review_opens_with_what_was_planned_and_asks_what_happened(
    site: Site, workbook: str
) -> None:
    params = {"workbook": workbook}
    page = html(participant.workbook(visit(site, WHO, **params, lang="en")))
    first = page[page.index('<section class="uz-section"') :]
    assert first.index("uz-story") < first.index("uz-field")
    assert first.count("And what happened?") == 1
    assert "Planned by 10 November 2026." in first
    assert "pictures.css" in page
    drawn = json.loads(answers.opening(visit(site, WHO, **params, lang="kk")).body)["html"]
    assert "10 қараша" in drawn
    read = html(staff.reading(visit(site, FACILITATOR, person=WHO, **params, lang="en")))
    assert "uz-story" in read
    assert "PRIVATE" not in read


def test_other_workbooks_open_with_nothing_and_bring_no_style(site: Site) -> None:
    page = html(participant.workbook(visit(site, WHO, workbook="focus")))
    assert "uz-opening" not in page
    assert "pictures.css" not in page


def poster(site: Site, who: str = WHO, **params: str) -> str:
    view = posters.of_person if "person" in params else posters.own
    return html(view(visit(site, who, workbook="network-notes", **params, lang="en")))


def test_a_poster_says_what_is_missing_and_where_to_write_it(site: Site) -> None:
    page = poster(site)
    assert "Pair talk" in page
    assert "Still missing" in page
    assert "network-notes#uz-network-notes-question_to_others" in page
    put(
        site.course,
        WHO,
        "network-notes",
        what_i_did="One <lesson>",
        so_far="More talk",
        question_to_others="And you?",
        changes="PRIVATE-TO-THE-GROUP",
    )
    page = poster(site)
    assert "Still missing" not in page
    assert "One &lt;lesson&gt;" in page
    assert "PRIVATE" not in page
    assert "And you?" in poster(site, FACILITATOR, person=WHO)


def test_a_poster_is_in_the_language_of_its_writer(site: Site) -> None:
    put(site.course, WHO, "network-notes", question_to_others="Ал сіз ше?")
    lang = site.course.store.read(Subject.person(WHO), "network-notes").lang
    assert f'class="uzo-frame" lang="{lang}"' in poster(site)


def test_a_poster_shows_a_picture_only_when_nobody_has_to_be_blurred(site: Site) -> None:
    entry = {"hash": "a" * 64, "name": "board.jpg", "size": 10, "type": "image/jpeg",
             "caption": "The board", "visible": "must_blur"}  # fmt: skip
    put(site.course, WHO, "network-notes", picture=[entry])
    assert "a" * 64 not in poster(site)
    put(site.course, WHO, "network-notes", picture=[{**entry, "visible": "none"}])
    assert f"people/{WHO}/files/{'a' * 64}" in poster(site)


def test_a_workbook_without_a_poster_has_no_such_page(site: Site) -> None:
    with pytest.raises(HTTPProblem) as refused:
        posters.own(visit(site, WHO, workbook="focus"))
    assert refused.value.status == 404


def test_letters_of_a_poster_shrink_with_its_words_and_never_leave_the_sizes() -> None:
    short = fitting("Pair talk", "Pupils ask", ["One lesson", "More talk"], "?", picture=False)
    full = fitting("Ж" * 100, "Ж" * 250, ["Ж" * 300, "Ж" * 300], "Ж" * 160, picture=True)
    assert short == 1
    assert short < full < len(SIZES)
