"""nbgrader's own commands and pages, over our plug-ins, beside an assignment of another kind."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader import apps

from tests.exchange.helpers import STAFF, fill, make_course, me, write
from tests.grading.support import IGNORE, gradebook, mark, marks, resubmit
from ustaz.course import Course
from ustaz.exchange import collect, latest, rounds, submit
from ustaz.exchange.validate import read_collected
from ustaz.grading import feedback, grade, returned, write_config
from ustaz.grading.setup import nbgrader_api

pytestmark = pytest.mark.filterwarnings(
    IGNORE, "ignore::DeprecationWarning", "ignore::ResourceWarning"
)


@pytest.fixture(autouse=True)
def _as_aigul(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USTAZ_PERSON", "aigul-s")


class Shell:
    """Runs nbgrader's commands in a course directory, within this process."""

    def __init__(self, course: Course, caplog: pytest.LogCaptureFixture) -> None:
        self.course = course
        self.caplog = caplog

    def __call__(self, command: str, *arguments: str, fails: bool = False) -> str:
        name = "".join(part.title() for part in command.split("_")) + "App"
        self.caplog.clear()
        self.caplog.set_level(logging.INFO)
        with contextlib.chdir(self.course.dir):
            app = getattr(apps, name)()
            app.log.propagate = True
            app.initialize(list(arguments))
            app.log.propagate = True
            if fails:
                with pytest.raises(SystemExit):
                    app.start()
            else:
                app.start()
        return "\n".join(one.getMessage() for one in self.caplog.records)


@pytest.fixture
def shell(course: Course, caplog: pytest.LogCaptureFixture) -> Shell:
    return Shell(course, caplog)


def test_a_workbook_goes_the_whole_way_by_nbgraders_commands(shell: Shell) -> None:
    course = shell.course
    fill(course, "aigul-s")
    assert "trial mini" in shell("list")
    shell("fetch_assignment", "mini")
    own = course.people_dir / "aigul-s" / "mini" / "mini.ipynb"
    assert own.read_bytes() == (course.dir / "release" / "mini" / "mini.ipynb").read_bytes()
    assert "trial mini (already downloaded)" in shell("list") or own.exists()
    said = shell("submit", "mini")
    receipt = rounds(course, "aigul-s", "mini")[0].receipt
    assert receipt.code in said
    assert "4 of 4 answered" in said
    assert "Already submitted" in shell("submit", "mini")
    assert "trial aigul-s mini" in shell("list", "--inbound")
    assert "1 collected, 0 unchanged, 0 refused" in shell("collect", "mini")
    assert "0 collected, 1 unchanged, 0 refused" in shell("collect", "mini")
    shell("autograde", "mini")
    assert marks(course, "aigul-s")["section-steps"] == (6.0, None, False)
    assert "wait to be marked: aigul-s" in shell("release_feedback", "mini")
    mark(course, "aigul-s", 8, "Well <b>thought</b>")
    shell("generate_feedback", "mini")
    page = (course.dir / "feedback" / "aigul-s" / "mini" / "mini.html").read_text()
    assert "Well &lt;b&gt;thought&lt;/b&gt;" in page
    assert "Feedback released: aigul-s mini" in shell("release_feedback", "mini")
    assert "returned/0001" in shell("fetch_feedback", "mini")
    assert returned(course, "aigul-s", "mini")[0].comments == ["Well <b>thought</b>"]
    assert "feedback already fetched" in shell("list", "--cached")


def test_the_student_option_lets_a_demo_try_out_anybody(shell: Shell) -> None:
    write(shell.course, "olga-p", "mini", {"title": "Begun"})
    shell("submit", "mini", "--student", "olga-p")
    assert rounds(shell.course, "olga-p", "mini")
    shell("collect", "mini", "--student", "marat-t")
    assert not (shell.course.dir / "submitted" / "olga-p").exists()
    shell("collect", "mini", "--student", "olga-p", "--before-duedate")
    assert (shell.course.dir / "submitted" / "olga-p" / "mini").is_dir()


def test_the_last_round_before_the_due_date_can_be_collected(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = shell.course
    fill(course, "aigul-s")
    monkeypatch.setenv("USTAZ_NOW", "2026-10-01T10:00:00+05:00")
    submit(course, "aigul-s", "mini", identity=me("aigul-s"))
    write(course, "aigul-s", "mini", {"title": "Much later"})
    monkeypatch.setenv("USTAZ_NOW", "2026-12-01T10:00:00+05:00")
    submit(course, "aigul-s", "mini", identity=me("aigul-s"), confirm=True)
    with gradebook(course) as book:
        book.update_or_create_assignment("mini", duedate="2026-11-01 00:00:00 UTC")
    shell("collect", "mini", "--before-duedate")
    assert read_collected(course, "aigul-s", "mini").record.round == 1
    shell("collect", "mini")
    assert read_collected(course, "aigul-s", "mini").record.round == 2


@pytest.mark.parametrize("command", ["submit", "fetch_assignment", "fetch_feedback"])
def test_nobody_in_particular_is_told_what_to_do(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.delenv("USTAZ_PERSON")
    monkeypatch.setenv("JUPYTERHUB_USER", "stranger")
    said = shell(command, "mini", fails=True)
    assert "belongs to nobody in this course's roster" in said


def test_outside_a_demo_the_account_decides(tmp_path: Path, course: Course) -> None:
    settings = course.dir / "ustaz.toml"
    settings.write_text(settings.read_text().replace("demo = true", "demo = false"))
    strict = Course.open(course.dir)
    fill(strict, "aigul-s")
    fill(strict, "olga-p")
    os.environ["JUPYTERHUB_USER"] = "aigul-s"
    try:
        api = nbgrader_api(strict)
        api.coursedir.assignment_id, api.coursedir.student_id = "mini", "olga-p"
        app = api.exchange.Submit(
            coursedir=api.coursedir, authenticator=api.authenticator, parent=api
        )
        # In the language of the person that the account belongs to.
        with pytest.raises(Exception, match="тек оны жазған адам тапсыра алады"):
            app.start()
        assert rounds(strict, "olga-p", "mini") == []
        api.coursedir.student_id = "*"
        app.start()
    finally:
        del os.environ["JUPYTERHUB_USER"]
    assert len(rounds(strict, "aigul-s", "mini")) == 1


def test_rounds_of_workbooks_are_never_removed(shell: Shell) -> None:
    fill(shell.course, "aigul-s")
    submit(shell.course, "aigul-s", "mini", identity=me("aigul-s"))
    assert "Rounds of workbooks are kept" in shell("list", "--inbound", "--remove")
    assert len(rounds(shell.course, "aigul-s", "mini")) == 1


def test_what_is_refused_is_said_by_the_command_and_the_others_are_taken(shell: Shell) -> None:
    course = shell.course
    for person in ("aigul-s", "marat-t"):
        fill(course, person)
        submit(course, person, "mini", identity=STAFF)
    (course.exchange_dir / "inbound" / "aigul-s" / "mini" / "0001" / "answers.json").write_text("{")
    said = shell("collect", "mini")
    assert "Refused, nothing changed: aigul-s mini: damaged syntax" in said
    assert "1 collected, 0 unchanged, 1 refused" in said


# -- what JupyterLab's Assignments page asks for --------------------------------------------------
def listing(course: Course, **wanted: bool) -> list[dict[str, Any]]:
    api = nbgrader_api(course)
    lister = api.exchange.List(coursedir=api.coursedir, authenticator=api.authenticator, parent=api)
    for name, value in wanted.items():
        setattr(lister, name, value)
    found: list[dict[str, Any]] = lister.start()
    return found


def test_the_assignments_page_shows_what_is_released_fetched_submitted_and_returned(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(course, "aigul-s")
    assert [(one["assignment_id"], one["status"]) for one in listing(course)] == [
        ("mini", "released")
    ]
    notebook = course.people_dir / "aigul-s" / "mini" / "mini.ipynb"
    notebook.write_bytes((course.dir / "release" / "mini" / "mini.ipynb").read_bytes())
    fetched = listing(course)[0]
    assert (fetched["status"], fetched["path"]) == ("fetched", str(notebook.parent))
    assert listing(course, cached=True) == []
    submit(course, "aigul-s", "mini", identity=me("aigul-s"))
    mine = listing(course, cached=True)
    assert [one["student_id"] for one in mine] == ["aigul-s"]
    (sent,) = mine[0]["submissions"]
    assert not sent["has_exchange_feedback"]
    assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.000001 UTC", sent["timestamp"])
    monkeypatch.setenv("USTAZ_PERSON", "marat-t")
    assert listing(course, cached=True) == []  # what others handed in is not theirs to see
    assert len(listing(course, inbound=True)) == 1
    monkeypatch.setenv("USTAZ_PERSON", "aigul-s")
    collect(course)
    grade(course)
    mark(course, "aigul-s", 8, "Good")
    feedback(course)
    (sent,) = listing(course, cached=True)[0]["submissions"]
    assert sent["has_local_feedback"]
    assert Path(sent["notebooks"][0]["local_feedback_path"]).is_file()


def test_a_course_that_is_not_ours_is_left_to_nbgrader(tmp_path: Path) -> None:
    from nbgrader.auth import Authenticator
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

    from ustaz.exchange.plugins import WorkbookList

    config = Config()
    config.CourseDirectory.root = str(tmp_path)
    config.Exchange.root = str(tmp_path)
    lister = WorkbookList(
        coursedir=CourseDirectory(config=config), authenticator=Authenticator(), config=config
    )
    assert lister.start() == []
    lister.remove = True
    assert lister.start() == []


# -- assignments of other kinds -------------------------------------------------------------------
def stock_assignment(course: Course) -> None:
    """Put an ordinary nbgrader assignment into the course, and a participant's hostile copy."""
    from nbgrader.tests import create_grade_cell, create_solution_cell

    node = nbformat.v4.new_notebook(
        cells=[
            create_solution_cell("x = 1\n### BEGIN SOLUTION\nx = 2\n### END SOLUTION", "code", "a"),
            create_grade_cell("assert x == 2", "code", "b", 5),
        ],
        metadata={"kernelspec": {"name": "python3", "display_name": "x", "language": "python"}},
    )
    (course.dir / "source" / "sums").mkdir(parents=True)
    nbformat.write(node, course.dir / "source" / "sums" / "sums.ipynb")


@pytest.mark.slow
def test_an_assignment_of_another_kind_is_still_executed(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = shell.course
    stock_assignment(course)
    shell("generate_assignment", "sums")
    shell("release_assignment", "sums")
    folder = course.dir / "submitted" / "aigul-s" / "sums"
    folder.mkdir(parents=True)
    node = nbformat.read(course.dir / "release" / "sums" / "sums.ipynb", as_version=4)
    node.metadata["ustaz"] = {"workbook": "mini"}  # a participant may write anything there
    node.cells[0].source = "x = 3"
    nbformat.write(node, folder / "sums.ipynb")
    (folder / "timestamp.txt").write_text("2026-11-23 09:00:00 UTC")
    shell("autograde", "sums")
    with gradebook(course) as book:
        assert book.find_grade("b", "sums", "sums", "aigul-s").auto_score == 0.0
    (folder / "timestamp.txt").write_text("2026-11-23 10:00:00 UTC")
    node.cells[0].source = "x = 2"
    nbformat.write(node, folder / "sums.ipynb")
    shell("autograde", "sums")
    with gradebook(course) as book:
        assert book.find_grade("b", "sums", "sums", "aigul-s").auto_score == 5.0
    shell("generate_feedback", "sums")
    page = (course.dir / "feedback" / "aigul-s" / "sums" / "sums.html").read_text()
    assert "Score: 5.0 / 5.0" in page
    assert no_other_site(page)


def test_submitting_and_collecting_another_kind_is_nbgraders(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = shell.course
    stock_assignment(course)
    shell("generate_assignment", "sums")
    shell("release_assignment", "sums")
    shell("fetch_assignment", "sums")
    assert (course.dir / "sums" / "sums.ipynb").is_file()
    shell("submit", "sums")
    assert "trial" in shell("list", "--inbound")
    shell("collect", "sums")
    assert list((course.dir / "submitted").glob("*/sums/sums.ipynb"))
    assert not (course.exchange_dir / "inbound").exists()
    shell("release_feedback", "sums")
    shell("fetch_feedback", "sums")


def no_other_site(page: str) -> bool:
    """Tell whether a page asks no other site for anything."""
    other = r"[\"']?(?:https?:)?//"
    return not re.search(rf"(?:src|href)={other}|url\({other}|import [^;\n]*https?://", page)


# -- from a real shell ----------------------------------------------------------------------------
@pytest.mark.slow
def test_the_commands_work_from_a_shell(course: Course) -> None:
    fill(course, "aigul-s")
    env = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}

    def run(*command: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "nbgrader", *command],
            cwd=course.dir,
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stderr + done.stdout

    assert "4 of 4 answered" in run("submit", "mini")
    assert "1 collected" in run("collect", "mini")
    run("autograde", "mini")
    assert latest(course, "aigul-s", "mini") is not None
    assert marks(course, "aigul-s")["section-aim"] == (4.0, None, False)


# -- the configuration ----------------------------------------------------------------------------
def test_the_configuration_is_written_once_and_then_the_staffs(tmp_path: Path) -> None:
    course = make_course(tmp_path / "course")
    path = write_config(course)
    assert "'trial'" in path.read_text()
    assert "@" not in path.read_text().replace("@COURSE@", "")
    path.write_text("# ours now\n")
    assert write_config(course).read_text() == "# ours now\n"


def test_a_resubmission_by_the_buttons_is_marked_again(shell: Shell) -> None:
    course = shell.course
    fill(course, "aigul-s")
    shell("submit", "mini")
    shell("collect", "mini")
    shell("autograde", "mini")
    mark(course, "aigul-s", 8, "Good")
    resubmit(course, "aigul-s", title="Another name")
    assert nbgrader_api(course).autograde("mini", "aigul-s")["success"]
    assert marks(course, "aigul-s")["review"] == (None, None, True)


def test_lists_for_somebody_who_is_nobody_here_show_what_is_released(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("USTAZ_PERSON")
    monkeypatch.setenv("JUPYTERHUB_USER", "stranger")
    assert [one["status"] for one in listing(course)] == ["released"]
    assert listing(course, cached=True) == []


def test_lists_can_be_narrowed_to_one_person(course: Course) -> None:
    for person in ("aigul-s", "olga-p"):
        fill(course, person)
        submit(course, person, "mini", identity=me(person))
    api = nbgrader_api(course)
    api.coursedir.student_id = "olga-p"
    lister = api.exchange.List(coursedir=api.coursedir, authenticator=api.authenticator, parent=api)
    lister.inbound = True
    assert [one["student_id"] for one in lister.start()] == ["olga-p"]


def test_no_feedback_yet_is_said(shell: Shell) -> None:
    assert "There is no feedback for mini yet" in shell("fetch_feedback", "mini")


def test_a_due_date_that_nobody_entered_limits_nothing(shell: Shell) -> None:
    course = shell.course
    fill(course, "aigul-s")
    submit(course, "aigul-s", "mini", identity=me("aigul-s"))
    (course.dir / "gradebook.db").unlink()
    said = shell("collect", "mini", "--before-duedate")
    assert "1 collected" in said
