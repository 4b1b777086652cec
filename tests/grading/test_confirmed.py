"""What a facilitator confirmed stands in the pages that staff mark and that its writer reads."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from babel.dates import format_date

from tests.exchange import helpers
from tests.exchange.helpers import fill, me
from tests.grading.support import IGNORE, mark, marks, nbgrader_autograde, resubmit
from tests.grading.test_batch import both_ways, notebooks, rows
from ustaz.base import clock
from ustaz.base.ledger import Ledger
from ustaz.course import Course
from ustaz.course.identity import acting_as
from ustaz.demo._clock import at
from ustaz.exchange import collect, read_round, submit
from ustaz.grading import feedback, grade, release_assignments, write_config
from ustaz.grading.evaluating import judge_round, rendered
from ustaz.grading.preprocessors import autograded_path
from ustaz.grading.returning import returned
from ustaz.privacy import export, subject_of
from ustaz.server.views import confirmations

pytestmark = pytest.mark.filterwarnings(IGNORE)

AGREED = """\
      - {id: agreed, kind: confirmation, by: facilitator, label: Talked through}
      - {id: school, kind: confirmation, by: school_link, label: Spoken with the school}
  - id: steps
"""


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("agreed") / "course"
    course = helpers.make_course(folder)
    path = folder / "library" / "mini" / "workbook.yml"
    path.write_text(path.read_text().replace("  - id: steps\n    title", f"{AGREED}    title", 1))
    course = Course.open(folder)
    write_config(course)
    release_assignments(course)
    return folder


@pytest.fixture
def course(template: Path, tmp_path: Path) -> Course:
    """Aigul and Marat have handed in, and both are collected."""
    shutil.copytree(template, tmp_path / "course")
    course = Course.open(tmp_path / "course")
    for person in ("aigul-s", "marat-t"):
        fill(course, person)
        submit(course, person, "mini", identity=me(person))
    collect(course)
    return course


def ledger(course: Course) -> Ledger:
    return Ledger(course.dir / "confirmations")


def say(course: Course, about: str, field: str = "agreed", *, value: bool = True) -> None:
    confirmations.record(
        ledger(course), course, acting_as(course, "dina-f"),
        about=about, workbook="mini", field=field, value=value,
    )  # fmt: skip


def plain(page: str) -> str:
    return " ".join(re.sub("<[^>]+>", " ", page).split())


def staff_page(course: Course, person: str = "aigul-s") -> str:
    """Return what formgrader shows of a graded submission."""
    text = (autograded_path(course, person, "mini") / "mini.ipynb").read_text()
    cells: list[Any] = json.loads(text)["cells"]
    pages = ["".join(o["data"]["text/html"]) for c in cells for o in c.get("outputs", ())]
    return plain(" ".join(pages))


def today(course: Course, lang: str) -> str:
    return format_date(clock.now().astimezone(course.timezone).date(), "long", locale=lang)


def test_staff_read_who_confirmed_and_when_and_what_is_not_confirmed(course: Course) -> None:
    with at(dt.datetime(2026, 11, 12, 20, 30, tzinfo=dt.UTC)):  # past midnight in Almaty
        say(course, "aigul-s")
    grade(course)
    assert "Talked through Confirmed by Dina F. on 13 November 2026" in staff_page(course)
    assert "Spoken with the school Not confirmed yet" in staff_page(course)
    assert "Talked through Not confirmed yet" in staff_page(course, "marat-t")


def test_batch_and_nbgrader_say_the_same_about_it(course: Course, tmp_path: Path) -> None:
    say(course, "aigul-s")
    say(course, "marat-t", "school")
    ours, theirs = both_ways(course, tmp_path)
    assert len(grade(ours).graded) == 2
    assert nbgrader_autograde(theirs)["success"]
    assert rows(ours) == rows(theirs)
    assert notebooks(ours) == notebooks(theirs)
    assert "Confirmed by Dina F." in staff_page(theirs)


def test_what_is_said_after_grading_is_graded_again_and_marks_stay(course: Course) -> None:
    grade(course)
    mark(course, "aigul-s", 8, "Well thought")
    assert grade(course).graded == []
    say(course, "aigul-s")
    report = grade(course)
    assert (report.graded, report.again) == ([("aigul-s", "mini")], [])
    assert "Talked through Confirmed by Dina F." in staff_page(course)
    assert marks(course, "aigul-s")["review"] == (None, 8.0, False)
    assert grade(course).graded == []
    say(course, "aigul-s", value=False)
    assert grade(course).graded == [("aigul-s", "mini")]
    assert "Talked through Not confirmed yet" in staff_page(course)


def test_what_is_said_about_another_workbook_changes_nothing(course: Course) -> None:
    grade(course)
    ledger(course).append(
        "aigul-s", {"workbook": "mini-focus", "field": "agreed", "value": True, "by": "dina-f"}
    )
    assert grade(course).graded == []


def test_the_word_of_a_school_link_without_an_account_is_known_as_written_down(
    course: Course,
) -> None:
    say(course, "aigul-s", "school")
    grade(course)
    assert "Spoken with the school Written down by Dina F." in staff_page(course)


def test_an_export_and_the_page_say_written_down_as_formgrader_does(
    course: Course, tmp_path: Path
) -> None:
    say(course, "aigul-s", "school")
    export(subject_of(course.dir, "aigul-s"), tmp_path / "copy")
    pages = " ".join(page.read_text("utf-8") for page in (tmp_path / "copy").rglob("*.html"))
    assert "Жазып қойған" in pages
    assert "Растаған" not in pages
    (now,) = confirmations.current(ledger(course), course, "aigul-s", "mini")
    assert now["own_word"] is False


def test_each_round_shows_what_was_said_while_it_was_the_last_one(course: Course) -> None:
    first = read_round(course, "aigul-s", "mini", 1)
    with at(first.received_at + dt.timedelta(hours=1)):
        say(course, "aigul-s")
    with at(first.received_at + dt.timedelta(hours=2)):
        resubmit(course, "aigul-s", title="Another name")
    with at(first.received_at + dt.timedelta(hours=3)):
        say(course, "aigul-s", "school")
    grade(course)
    page = staff_page(course)
    assert re.search(r"Confirmed by Dina F\. on [^(]+ \(before this round was handed in\)", page)
    assert re.search(r"Written down by Dina F\. on [^(]+\d{4} ", page)
    old = plain(rendered(course, judge_round(course, first), reader="en"))
    assert "before this round" not in old
    assert "Talked through Confirmed by Dina F." in old
    assert "Spoken with the school Not confirmed yet" in old


def test_the_writer_reads_it_in_feedback_in_their_language(course: Course) -> None:
    say(course, "aigul-s")
    grade(course)
    mark(course, "aigul-s", 8, "Жақсы")
    assert feedback(course, person="aigul-s").returned == [("aigul-s", "mini")]
    file = course.people_dir / "aigul-s" / "mini" / "returned" / "0001" / "mini.html"
    for page in (file.read_text(), returned(course, "aigul-s", "mini")[0].html):
        assert "Dina F." in page
        assert today(course, "kk") in page
        assert "Confirmed by" not in page


def test_a_name_is_only_ever_a_name(course: Course) -> None:
    roster = course.dir / "people.csv"
    roster.write_text(roster.read_text().replace("Dina F.", "<b>{when}</b>&\u202e"))
    say(course, "aigul-s")
    course = Course.open(course.dir)
    page = rendered(course, judge_round(course, read_round(course, "aigul-s", "mini", 1)))
    assert "<b>" not in page
    assert "&lt;b&gt;{when}&lt;/b&gt;&amp;" in page
    assert "U+202E" in page


def test_damaged_lines_are_nobodys_word(course: Course) -> None:
    say(course, "aigul-s")
    path = course.dir / "confirmations" / "aigul-s.jsonl"
    line = json.loads(path.read_text()) | {"value": False}
    for broken in ({"at": "yesterday"}, {"at": None}, {"at": "2026-01-01T00:00:00"}, {"value": 1}):
        with path.open("a") as out:
            out.write(json.dumps(line | broken)[:400] + "\n[]\n{\n")
    with path.open("a") as out:
        out.write(json.dumps(line)[:20])
    page = rendered(course, judge_round(course, read_round(course, "aigul-s", "mini", 1)))
    assert "Dina F." not in page  # `value: 1` is no word for it either
    say(course, "aigul-s")
    page = rendered(course, judge_round(course, read_round(course, "aigul-s", "mini", 1)))
    assert "Dina F." in page


def test_where_confirmations_cannot_be_read_nothing_is_said(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ustaz.grading import confirming

    def refused(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(confirming, "standing", refused)
    page = rendered(course, judge_round(course, read_round(course, "aigul-s", "mini", 1)))
    assert "Talked through" not in page


def test_pages_and_grading_read_the_same_lines(course: Course) -> None:
    say(course, "aigul-s")
    say(course, "aigul-s", "school")
    say(course, "aigul-s", value=False)
    shown = judge_round(course, read_round(course, "aigul-s", "mini", 1)).confirmed
    told = confirmations.current(ledger(course), course, "aigul-s", "mini")
    assert shown is not None
    assert sorted(shown) == [one["field"] for one in told] == ["school"]
