"""An empty form of every workbook: every question, boxes as large as the bounds, no script."""

from __future__ import annotations

import re

import pytest

from tests.server.helpers import html, put, visit
from ustaz.course import Course
from ustaz.forms import blocks
from ustaz.server.http import HTTPProblem
from ustaz.server.pages import participant
from ustaz.server.site import Site
from ustaz.server.views import paper
from ustaz.workbook import Field, Library

LANGUAGES = ("en", "ru", "kk")


def form(site: Site, workbook: str, lang: str = "en") -> str:
    return html(participant.paper(visit(site, "olga-p", lang=lang, workbook=workbook)))


def every_field(library: Library, workbook: str) -> list[Field]:
    """Return the fields that a form asks, those of embedded sections included."""
    fields: list[Field] = []
    for section in library[workbook].sections:
        own = section.fields
        if section.embed:
            other, _, name = section.embed.partition("/")
            own = next(part.fields for part in library[other].sections if part.id == name)
        fields += own
    return fields


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_form_asks_every_question_of_its_workbook(site: Site, lang: str) -> None:
    library, words = site.course.library, site.words(lang)
    for workbook in library.ids:
        page = re.sub(r"\s+", " ", form(site, workbook, lang)).replace("&#39;", "'")
        for field in every_field(library, workbook):
            for asked in (field, *field.columns):
                assert words.plain(asked.label) in page, (workbook, asked.id)
                for option in asked.options:
                    assert words.plain(option.label) in page, (workbook, asked.id, option.id)


def test_a_form_has_no_script_and_nobodys_answers(site: Site, course: Course) -> None:
    put(course, "olga-p", "focus", focus_statement="Pupils ask questions of their own")
    page = form(site, "focus")
    assert "<script" not in page
    assert "questions of their own" not in page


def test_there_is_room_for_the_longest_answer() -> None:
    for most in (1, 60, 61, 160, 400, 1500):
        assert paper.lines(most, long=False) * paper.LINE >= most
    assert paper.lines(20_000, long=True) == paper.MOST_LINES
    assert paper.lines(40, long=True) == 2
    assert paper.lines(None, long=True) > paper.lines(None, long=False) == 1


def test_a_form_says_why_it_asks_who_reads_and_what_to_keep(site: Site) -> None:
    page = form(site, "starting-point")
    assert "fit meetings and materials to your school" in page
    assert "Who reads it: you, your facilitator, the course team." in page
    label, _, after = page.partition("What worries me")
    assert label
    assert "For you alone" in after[:400]


def test_what_stands_elsewhere_is_not_written_again(site: Site) -> None:
    assert "It stands in “Action plan” already." in form(site, "half-way-review")
    assert "Filled in by the school leader link" in form(site, "action-plan")


def test_a_table_has_a_few_rows_and_no_more_than_it_may(site: Site) -> None:
    half = form(site, "half-way-review")
    assert half.count("By when") == 3  # exactly three next steps
    assert half.count("For more, print this form again.") == 1  # the changes of the plan
    assert form(site, "consultations").count("What I asked") == 3


def test_a_question_that_depends_on_another_says_so(site: Site) -> None:
    assert "Only if you chose yes / partly under “Does it fit" in form(site, "focus")


def test_a_workbook_that_nobody_has_has_no_form(site: Site) -> None:
    with pytest.raises(HTTPProblem, match="no_workbook"):
        form(site, "unheard-of")


def test_home_offers_the_forms_to_teachers_and_facilitators(site: Site) -> None:
    for person in ("olga-p", "dina-f"):
        page = html(participant.home(visit(site, person)))
        assert "Empty forms to print" in page
        assert "/workbooks/focus/paper" in page


def test_guidance_keeps_its_paragraphs_and_lists() -> None:
    guidance = blocks("One\nline.\n\n- a\n  b\n- c\n\nEnd.")
    assert [{"text": part.text, "entries": list(part.entries)} for part in guidance] == [
        {"text": "One line.", "entries": []},
        {"text": "", "entries": ["a b", "c"]},
        {"text": "End.", "entries": []},
    ]
