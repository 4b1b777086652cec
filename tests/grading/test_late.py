"""The calendar's days in nbgrader, and late rounds: marked as such everywhere, and free."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import nbformat
import pytest

from tests.exchange.helpers import fill, me
from tests.grading.support import IGNORE, gradebook, marks, nbgrader_autograde
from tests.grading.test_nbgrader import Shell
from ustaz.course import Course
from ustaz.deadlines import extensions
from ustaz.exchange import collect, read_round, rounds, submit
from ustaz.exchange.validate import read_collected
from ustaz.grading import grade
from ustaz.grading.dates import refresh
from ustaz.grading.returning import feedback_page
from ustaz.grading.setup import enter_people, nbgrader_api

pytestmark = pytest.mark.filterwarnings(
    IGNORE, "ignore::DeprecationWarning", "ignore::ResourceWarning"
)
IN_TIME, LATE = "2026-10-15T23:59:59+05:00", "2026-10-16T00:00:00+05:00"
#: In UTC, as nbgrader keeps it; the course is five hours ahead.
KEPT = dt.datetime.fromisoformat("2026-10-15T18:59:59.999999")


@pytest.fixture
def dated(course: Course) -> Course:
    return with_due(course, "mini = 2026-10-15")


def with_due(course: Course, line: str) -> Course:
    settings = course.dir / "ustaz.toml"
    text = settings.read_text().partition("\n[calendar.due]")[0]
    settings.write_text(f"{text}\n[calendar.due]\n{line}\n")
    return Course.open(course.dir)


def hand_in(course: Course, person: str, when: str, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("USTAZ_NOW", when)
    fill(course, person)
    submit(course, person, "mini", identity=me(person))


def due_of(course: Course, assignment: str = "mini") -> dt.datetime | None:
    with gradebook(course) as book:
        found: dt.datetime | None = book.find_assignment(assignment).duedate
        return found


def test_a_due_date_reaches_the_gradebook_and_follows_the_calendar(dated: Course) -> None:
    enter_people(dated)
    assert due_of(dated) == KEPT
    shown = nbgrader_api(dated).get_assignment("mini")
    assert shown["display_duedate"].startswith("2026-10-15 23:59:59")
    moved = with_due(dated, "mini = 2026-10-20T18:00:00")
    refresh(moved)
    assert due_of(moved) == dt.datetime.fromisoformat("2026-10-20T13:00:00.999999")
    gone = with_due(dated, "")
    refresh(gone)
    assert due_of(gone) is None


def test_a_day_that_staff_entered_by_hand_stays_where_the_calendar_names_none(
    course: Course,
) -> None:
    with gradebook(course) as book:
        book.update_or_create_assignment("mini", duedate="2026-11-01 00:00:00 UTC")
    refresh(course)
    assert due_of(course) == dt.datetime.fromisoformat("2026-11-01T00:00:00")


def test_an_ordinary_assignment_has_the_day_that_the_calendar_names_for_it(course: Course) -> None:
    dated = with_due(course, "sums = 2026-10-15")
    with gradebook(dated) as book:
        book.update_or_create_assignment("sums")
        book.update_or_create_assignment("other", duedate="2026-11-01 00:00:00 UTC")
    refresh(dated)
    assert due_of(dated, "sums") == KEPT
    assert due_of(dated, "other") == dt.datetime.fromisoformat("2026-11-01T00:00:00")


def test_no_gradebook_is_made_only_to_enter_a_date(dated: Course) -> None:
    (dated.dir / "gradebook.db").unlink()
    refresh(dated)
    assert not (dated.dir / "gradebook.db").exists()


@pytest.mark.parametrize("way", ["batch", "nbgrader"])
def test_the_last_second_is_in_time_and_the_next_is_late_and_costs_nothing(
    dated: Course, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    hand_in(dated, "aigul-s", IN_TIME, monkeypatch)
    hand_in(dated, "marat-t", LATE, monkeypatch)
    assert [rounds(dated, one, "mini")[0].receipt.late for one in ("aigul-s", "marat-t")] == [
        False,
        True,
    ]
    collect(dated)
    if way == "batch":
        assert grade(dated).failed == []
    else:
        assert nbgrader_autograde(dated)["success"]
    with gradebook(dated) as book:
        late = {
            one: book.find_submission("mini", one).total_seconds_late
            for one in ("aigul-s", "marat-t")
        }
        penalties = {one: book.find_submission("mini", one).late_submission_penalty for one in late}
    assert late["aigul-s"] == 0
    assert 0 < late["marat-t"] < 1
    assert not any(penalties.values())
    assert marks(dated, "aigul-s")["score"] == marks(dated, "marat-t")["score"]
    shown = {one: page(dated, one) for one in late}
    assert "Late: it was due on 15 October 2026. This costs no points." in shown["marat-t"]
    assert "Late:" not in shown["aigul-s"]


def page(course: Course, person: str) -> str:
    path: Path = course.dir / "autograded" / person / "mini" / "mini.ipynb"
    node = nbformat.read(path, as_version=4)
    return "".join(
        output.data["text/html"]
        for cell in node.cells
        for output in cell.get("outputs", ())
        if "text/html" in output.get("data", {})
    )


def test_an_extension_reaches_nbgrader_and_the_grade_cell_and_is_taken_back(
    dated: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(dated, "marat-t", LATE, monkeypatch)
    collect(dated)
    grade(dated)
    until = dt.date(2026, 10, 20)
    extensions.extend(dated, "mini", "group", "g1", until, "Frost", by="saule-m", how="page")
    refresh(dated)
    with gradebook(dated) as book:
        submission = book.find_submission("mini", "marat-t")
        assert submission.extension == dt.timedelta(days=5)
        assert submission.total_seconds_late == 0
    assert not rounds(dated, "marat-t", "mini")[0].receipt.late
    assert grade(dated).graded == [("marat-t", "mini")]  # the page said something else
    assert "Late:" not in page(dated, "marat-t")
    assert grade(dated).graded == []
    extensions.undo(dated, ".1", by="saule-m", how="page")
    assert nbgrader_api(dated).autograde("mini", "marat-t", force=True)["success"]
    with gradebook(dated) as book:
        assert book.find_submission("mini", "marat-t").extension is None
    assert "Late:" in page(dated, "marat-t")


def test_collecting_before_the_due_date_knows_everybodys_own(
    dated: Course, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = Shell(dated, caplog)
    until = dt.date(2026, 10, 20)
    extensions.extend(dated, "mini", "person", "aigul-s", until, "Ill", by="saule-m", how="page")
    for person in ("aigul-s", "marat-t"):
        hand_in(dated, person, IN_TIME, monkeypatch)
        monkeypatch.setenv("USTAZ_NOW", LATE)
        fill(dated, person, title="Later")
        submit(dated, person, "mini", identity=me(person), confirm=True)
    shell("collect", "mini", "--before-duedate")
    assert read_collected(dated, "aigul-s", "mini").record.round == 2
    assert read_collected(dated, "marat-t", "mini").record.round == 1


def test_a_late_round_is_marked_in_nbgraders_list_and_in_the_returned_file(
    dated: Course, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(dated, "aigul-s", IN_TIME, monkeypatch)
    hand_in(dated, "marat-t", LATE, monkeypatch)
    lines = Shell(dated, caplog)("list", "mini", "--inbound").splitlines()
    assert [("marat-t" in line, "(late)" in line) for line in lines if "mini 2026" in line] == [
        (False, False),
        (True, True),
    ]
    words = {
        person: feedback_page(dated, read_round(dated, person, "mini", 1), [])
        for person in ("aigul-s", "marat-t")
    }
    assert " · <strong>С опозданием</strong>" in words["marat-t"]
    assert "<strong>" not in words["aigul-s"].partition("</h1>")[2].partition("<h2>")[0]


@pytest.mark.parametrize("way", ["batch", "nbgrader"])
def test_whoever_marks_a_later_round_sees_in_its_cell_what_has_changed(
    dated: Course, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    hand_in(dated, "aigul-s", IN_TIME, monkeypatch)
    collect(dated)
    grade(dated)
    assert "What has changed" not in page(dated, "aigul-s")
    fill(dated, "aigul-s", title="Pair <talks> & notes")
    submit(dated, "aigul-s", "mini", identity=me("aigul-s"), confirm=True)
    collect(dated)
    if way == "batch":
        assert grade(dated).failed == []
    else:
        assert nbgrader_autograde(dated)["success"]
    shown = page(dated, "aigul-s")
    assert shown.count("What has changed since submission 1") == 1
    assert "<ins>" in shown
    assert "&lt;talks&gt;" in shown
    assert "<talks>" not in shown
