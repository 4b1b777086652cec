from __future__ import annotations

import datetime as dt
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exchange.helpers import FULL, PEOPLE, make_course
from ustaz.course import Course
from ustaz.grading import ANSWERS_CSS, render_answers
from ustaz.grading.confirming import Confirmation
from ustaz.workbook.serialize import localized

ALLOWED = {
    "div", "section", "h3", "dl", "dt", "dd", "bdi", "br", "span", "details", "summary", "ol", "ul",
    "li", "table", "thead", "tbody", "tr", "th", "td", "time",
}  # fmt: skip
ATTRIBUTES = {"class", "lang", "scope", "datetime", "data-label"}


class Reader(HTMLParser):
    """Collects text, and refuses what a rendering must not hold."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ALLOWED, tag
        assert {name for name, _ in attrs} <= ATTRIBUTES, attrs
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read(page: str) -> str:
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    return " ".join(" ".join(reader.text).split())


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return make_course(tmp_path_factory.mktemp("render") / "course")


def render(course: Course, answers: dict[str, Any], **options: Any) -> str:
    settings: dict[str, Any] = {
        "lang": "en",
        "linked": {"mini-people": PEOPLE, "mini-focus": {"statement": "Pupils explain"}},
        "definitions": dict(course.library),
    }
    return render_answers(course.library["mini"], answers, **(settings | options))


def test_every_kind_of_answer_is_readable(small: Course) -> None:
    text = read(render(small, FULL))
    for said in (
        "Title The second attempt",
        "Focus Pupils explain",
        "Mood 4 on a scale from 1 to 5 (low … high)",
        "Signs Pupils ask",
        "Begin 5 October 2026",
        "Who else Pupils",
        "Consult myself, Ә.Қ.",
    ):
        assert said in text, said


def test_what_is_missing_is_said(small: Course) -> None:
    text = read(render(small, {}, linked={}))
    assert text.count("Not answered") == 8
    assert "Cannot say" in read(render(small, {"mood": None}))


def test_one_section_can_be_shown(small: Course) -> None:
    text = read(render(small, FULL, section="steps"))
    assert "Ask" in text
    assert "The second attempt" not in text


def test_a_private_answer_is_told_to_be_there(small: Course) -> None:
    answers = {key: value for key, value in FULL.items() if key != "diary"}
    text = read(render(small, answers, withheld=["diary"]))
    assert "Only mine Answered, and not sent: it stays with the writer." in text
    assert "CANARY" not in read(render(small, {"title": "x"}, withheld=["diary"]))


def test_a_column_for_other_eyes_is_left_out(small: Course) -> None:
    rows = [{"id": "step01", "action": "Ask"}]
    assert "Note" not in read(render(small, {"steps": rows}, withheld=["steps.private_note"]))
    assert "Note" not in read(render(small, {"steps": rows}))
    own = read(render(small, {"steps": [{**rows[0], "private_note": "mine"}]}))
    assert "Note" in own
    assert "mine" in own


def test_somebody_who_is_gone_from_the_map_is_not_a_blank(small: Course) -> None:
    rows = [{"id": "step01", "action": "Ask", "who": ["person9", "self"]}]
    assert "somebody who is no longer on the people map" in read(render(small, {"steps": rows}))


def test_labels_are_in_the_language_of_the_answers_and_the_rest_in_the_readers(
    small: Course,
) -> None:
    page = render(small, FULL, lang="kk", reader="ru")
    assert 'lang="kk"' in page
    assert "2026" in page
    assert localized(small.library["mini"], "kk") is localized(small.library["mini"], "kk")


def test_a_workbook_that_shows_another_one_shows_who_was_chosen() -> None:
    from ustaz.course import shipped_workbooks
    from ustaz.workbook import Library

    library = Library.from_dirs([shipped_workbooks()])
    people = {"people": [{"id": "row001", "alias": "Ә.Қ.", "relation": "director"}]}
    text = read(
        render_answers(
            library["action-plan"],
            {"negotiated_with": ["row001"]},
            lang="kk",
            linked={"people-map": people},
            definitions=dict(library),
        )
    )
    assert text.count("Ә.Қ.") == 2
    alone = read(render_answers(library["action-plan"], {}, lang="en"))
    assert "Nothing was needed from here." in alone
    assert "Agreed with the school leader link" not in alone
    agreed = Confirmation("agreed_by_school_link", "d", "Bakhyt D.", dt.date(2026, 11, 12))
    for confirmed, said in (
        ({}, "Not confirmed yet"),
        ({agreed.field: agreed}, "Confirmed by Bakhyt D. on 12 November 2026"),
    ):
        page = render_answers(library["action-plan"], {}, lang="en", confirmed=confirmed)
        assert f"Agreed with the school leader link {said}" in read(page)


def test_somebodys_work_is_read_without_what_a_row_leaves_open() -> None:
    from ustaz.course import shipped_workbooks
    from ustaz.workbook import Library

    library = Library.from_dirs([shipped_workbooks()])
    entries = [
        {"id": "row001", "date": "2026-10-31", "readers": ["group"], "what_i_did": "Showed it"},
        {"id": "row002", "date": "2026-11-02", "readers": ["group"], "what_i_learned": "Ask first"},
    ]
    definition, answers = library["participation"], {"record": entries}
    marked = read(render_answers(definition, answers, lang="en"))
    assert "Not answered" in marked
    assert "Who may read this entry?" in marked
    page = render_answers(definition, answers, lang="en", work=True)
    work = read(page)
    for text in ("Showed it", "Ask first", "31 October 2026", "2 November 2026"):
        assert text in work
    assert "Not answered" not in work
    assert "Who may read this entry?" not in work
    # A column in which nobody wrote is left out, and a cell without a word is empty.
    assert page.count("<td") == 2 * 3
    assert page.count('"></td>') == 2


def test_a_row_of_a_table_that_is_not_shown_is_no_removed_one() -> None:
    from ustaz.course import shipped_workbooks
    from ustaz.workbook import Library

    definition = Library.from_dirs([shipped_workbooks()])["evidence"]
    answers = {"items": [{"id": "row001", "title": "A count", "step": ["step01"]}]}

    def page(**options: Any) -> str:
        return read(render_answers(definition, answers, lang="en", **options))

    assert "removed" in page()
    assert "removed" not in page(work=True)
    plan = {"action-plan": {"steps": [{"id": "step01", "action": "Ask them"}]}}
    assert "Ask them" in page(work=True, linked=plan)
    plan = {"action-plan": {"steps": [{"id": "step02", "action": "Ask them"}]}}
    assert "removed" in page(work=True, linked=plan)


def test_of_a_long_journal_the_first_entries_stand_and_the_rest_is_folded() -> None:
    from ustaz.course import shipped_workbooks
    from ustaz.workbook import Library

    definition = Library.from_dirs([shipped_workbooks()])["participation"]

    def journal(count: int) -> str:
        rows = [
            {"id": f"row{day:03}", "date": f"2026-11-{day:02}", "what_i_did": f"Day {day}."}
            for day in range(1, count + 1)
        ]
        return render_answers(definition, {"record": rows}, lang="ru", reader="kk", most_rows=2)

    assert "<details" not in journal(3)
    first, folded = journal(5).split('<details class="uz-rest">')
    assert folded.startswith('<summary><span lang="kk">Қалғанын көрсету: 3</span></summary>')
    assert [text in first for text in ("Day 5.", "Day 4.", "Day 3.")] == [True, True, False]
    numbers = re.findall(r'<th scope="row">(\d)</th>', first + folded)
    assert numbers == ["1", "2", "3", "4", "5"]


def test_what_is_open_in_a_row_is_said_once() -> None:
    from ustaz.course import shipped_workbooks
    from ustaz.grading.wording import sentences
    from ustaz.workbook import Context, Library, evaluate

    library = Library.from_dirs([shipped_workbooks()])
    answers = {"steps": [{"id": "row001", "action": "Ask"}, {"id": "row002", "action": "Look"}]}
    found = evaluate(library["action-plan"], answers, Context(today=dt.date(2026, 11, 23)))
    steps = next(one for one in found.sections if one.id == "steps").findings
    said = sentences(library["action-plan"], answers, steps, "en")
    empty = [one for one in said if one.endswith(": This is still empty.")]
    assert len(empty) == 2
    for number, one in enumerate(empty, 1):
        assert one.startswith(f"Steps of my project, {number}, Kind of step, Who, From, Until, ")
    assert "Steps of my project: At least 4 are needed." in said
    assert len(said) < len(steps)


def test_what_is_open_in_a_text_or_a_list_is_said_of_the_field(small: Course) -> None:
    from ustaz.grading.wording import sentences
    from ustaz.workbook import Context, evaluate

    mini = small.library["mini"]
    answers = {"title": "ab", "signs": ["x" * 60], "who_else": ["pupils"], "mood": 3}
    found = evaluate(mini, answers, Context(today=dt.date(2026, 11, 23)))
    for section in found.sections:
        for lang in ("en", "ru", "kk"):
            said = sentences(mini, answers, section.findings, lang)
            assert len(said) == len(section.findings)
            assert all(": " in one for one in said)
    first = sentences(mini, answers, found.sections[0].findings, "en")
    assert any(one.startswith("Title: ") for one in first)


def test_the_style_sheet_asks_for_nothing() -> None:
    for word in ("url(", "@import", "http", "<"):
        assert word not in ANSWERS_CSS


values = st.text(max_size=30)


@settings(max_examples=60, deadline=None)
@given(title=values, action=values, alias=values, statement=values, sign=values)
def test_nothing_that_a_person_writes_is_markup(
    small: Course, title: str, action: str, alias: str, statement: str, sign: str
) -> None:
    page = render(
        small,
        {
            "title": title,
            "signs": [sign],
            "steps": [{"id": "step01", "action": action, "who": ["person1"]}],
        },
        linked={
            "mini-people": {"people": [{"id": "person1", "alias": alias}]},
            "mini-focus": {"statement": statement},
        },
    )
    read(page)


def test_a_date_that_is_none_is_shown_as_it_is(small: Course) -> None:
    assert "someday" in read(render(small, {"begin": "someday"}))


def test_the_page_carries_the_class_that_keeps_mathjax_out(small: Course) -> None:
    assert 'class="uz-answers tex2jax_ignore mathjax_ignore"' in render(small, FULL)
