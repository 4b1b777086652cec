"""What is changed for workbooks changes nothing for ordinary assignments of the same course."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import nbformat
import pytest

from tests.exchange.helpers import fill, make_course
from tests.grading.support import IGNORE, gradebook
from tests.grading.test_nbgrader import Shell, listing
from ustaz.course import Course
from ustaz.course.nbgrader_config import nbgrader_config
from ustaz.exchange import rounds
from ustaz.exchange.ordinary import is_workbook
from ustaz.grading import release_assignments, write_config
from ustaz.grading.earlier_config import REPLACED, is_earlier
from ustaz.grading.setup import SetupError, kept_of_submissions, nbgrader_api

pytestmark = pytest.mark.filterwarnings(
    IGNORE, "ignore::DeprecationWarning", "ignore::ResourceWarning"
)


@pytest.fixture(autouse=True)
def _as_aigul(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USTAZ_PERSON", "aigul-s")


@pytest.fixture
def shell(course: Course, caplog: pytest.LogCaptureFixture) -> Shell:
    return Shell(course, caplog)


def ordinary(course: Course, name: str, notebook: str, test: str = "assert x == 2") -> Path:
    """Put an ordinary assignment into ``source/``; return its folder."""
    from nbgrader.tests import create_grade_cell, create_solution_cell

    folder = course.dir / "source" / name
    folder.mkdir(parents=True, exist_ok=True)
    node = nbformat.v4.new_notebook(
        cells=[
            create_solution_cell("x = 1\n### BEGIN SOLUTION\nx = 2\n### END SOLUTION", "code", "a"),
            create_grade_cell(test, "code", "b", 5),
        ],
        metadata={"kernelspec": {"name": "python3", "display_name": "x", "language": "python"}},
    )
    nbformat.write(node, folder / f"{notebook}.ipynb")
    return folder


EVERYDAY_NAMES = [
    "journal.csv",
    "journal/week 1.txt",
    "run.lock",
    "half.tmp",
    ".hidden.tmp",
    "plan.previous",
    "answers.json",
    "round.json",
]


def test_every_file_of_an_ordinary_assignment_is_released_fetched_and_handed_in(
    shell: Shell,
) -> None:
    course = shell.course
    folder = ordinary(course, "diary", "journal")
    for name in EVERYDAY_NAMES:
        (folder / "data" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "data" / name).write_text("kept")
    expected = {f"data/{name}" for name in EVERYDAY_NAMES} | {"journal.ipynb"}

    def files(where: Path) -> set[str]:
        return {one.relative_to(where).as_posix() for one in where.rglob("*") if one.is_file()}

    shell("generate_assignment", "diary")
    shell("release_assignment", "diary")
    assert files(course.dir / "release" / "diary") == expected
    shell("fetch_assignment", "diary")
    assert files(course.dir / "diary") == expected
    shell("submit", "diary")
    shell("collect", "diary")
    (submitted,) = (course.dir / "submitted").glob("*/diary")
    assert files(submitted) - {"timestamp.txt", "submission_secret.txt"} == expected


@pytest.mark.slow
def test_a_file_of_a_submission_never_takes_the_place_of_the_teachers(shell: Shell) -> None:
    course = shell.course
    test = "import json\nassert x == json.load(open('answers.json'))['x']"
    folder = ordinary(course, "sums", "sums", test)
    (folder / "answers.json").write_text('{"x": 2}')
    shell("generate_assignment", "sums")
    handed_in = course.dir / "submitted" / "aigul-s" / "sums"
    handed_in.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(course.dir / "release" / "sums", handed_in)
    node = nbformat.read(handed_in / "sums.ipynb", as_version=4)
    node.cells[0].source = "x = 0"
    nbformat.write(node, handed_in / "sums.ipynb")
    (handed_in / "answers.json").write_text('{"x": 0}')
    shell("autograde", "sums")
    with gradebook(course) as book:
        assert book.find_submission("sums", "aigul-s").score == 0


def test_only_of_workbooks_the_persons_files_stay(course: Course) -> None:
    ordinary(course, "sums", "sums")
    kept = kept_of_submissions(course.dir)
    assert "answers.json" in kept["mini"]
    assert "sums" not in kept
    assert "mini-people" not in kept


def test_an_ordinary_assignment_may_bear_the_name_of_a_workbook_of_the_library(
    shell: Shell,
) -> None:
    course = shell.course
    ordinary(course, "mini-focus", "anything")
    assert not is_workbook(course, "mini-focus")
    assert "mini-focus" not in kept_of_submissions(course.dir)
    shell("generate_assignment", "mini-focus")
    shell("release_assignment", "mini-focus")
    shell("fetch_assignment", "mini-focus")
    shell("submit", "mini-focus")
    shell("collect", "mini-focus")
    assert list((course.dir / "submitted").glob("*/mini-focus/anything.ipynb"))
    assert not rounds(course, "aigul-s", "mini-focus")
    with pytest.raises(SetupError, match="ordinary assignment; nothing was changed"):
        release_assignments(course, ["mini-focus"])


def test_a_notebook_that_a_participant_hands_in_makes_no_workbook_of_an_assignment(
    course: Course,
) -> None:
    ordinary(course, "mini-focus", "anything")
    handed_in = course.dir / "submitted" / "aigul-s" / "mini-focus"
    handed_in.mkdir(parents=True)
    claims = nbformat.v4.new_notebook(metadata={"ustaz": {"workbook": "mini-focus"}})
    nbformat.write(claims, handed_in / "anything.ipynb")
    assert not is_workbook(course, "mini-focus")


def test_another_courses_assignment_with_a_workbooks_name_is_nbgraders(shell: Shell) -> None:
    course = shell.course
    fill(course, "aigul-s")
    outbound = course.dir / "exchange" / "nbgrader" / "other" / "outbound" / "mini"
    outbound.mkdir(parents=True)
    nbformat.write(nbformat.v4.new_notebook(), outbound / "mini.ipynb")
    (outbound.parents[1] / "inbound").mkdir()
    shell("fetch_assignment", "mini", "--course", "other")
    assert (course.dir / "mini" / "mini.ipynb").is_file()
    assert not (course.people_dir / "aigul-s" / "mini" / "mini.ipynb").exists()
    shell("submit", "mini", "--course", "other")
    assert rounds(course, "aigul-s", "mini") == []
    shell("fetch_assignment", "mini")  # the course's own: beside the answers
    (course.dir / "mini" / "mini.ipynb").unlink()
    shell("list", "--course", "*")
    listed = {one["course_id"]: one["status"] for one in listing(course)}
    assert listed == {"trial": "fetched"}


def test_archives_of_a_workbook_are_refused_in_words_and_of_anything_else_taken(
    shell: Shell,
) -> None:
    course = shell.course
    ordinary(course, "sums", "sums")
    shell("generate_assignment", "sums")
    for name in ("mini", "sums"):
        folder = course.dir / "downloaded" / name / "archive"
        folder.mkdir(parents=True)
        with zipfile.ZipFile(folder / "all.zip", "w") as archive:
            archive.writestr(f"aigul-s_{name}.ipynb", "{}")
    rule = r"--FileNameCollectorPlugin.named_regexp=.*/(?P<student_id>[a-z-]+)_(?P<file_id>\w+)"
    said = shell("zip_collect", "mini", rule, fails=True)
    assert "mini is a workbook" in said
    assert "nbgrader collect mini" in said
    assert not (course.dir / "downloaded" / "mini" / "extracted").exists()
    assert not (course.dir / "submitted").exists()
    shell("zip_collect", "sums", rule)
    assert (course.dir / "submitted" / "aigul-s" / "sums" / "sums.ipynb").is_file()


# -- on a hub --------------------------------------------------------------------------------------
def in_a_hub(course: Course) -> Course:
    hub = course.dir.parent / "hub"
    (hub / "courses").mkdir(parents=True)
    (hub / "ustaz-hub.toml").touch()
    return Course.open(course.dir.rename(hub / "courses" / "trial"))


def test_where_nobody_can_fetch_it_staff_read_so_when_they_release_it(
    course: Course, caplog: pytest.LogCaptureFixture
) -> None:
    ordinary(course, "sums", "sums")
    shell = Shell(course, caplog)
    shell("generate_assignment", "sums")
    assert "nobody can fetch it" not in shell("release_assignment", "sums")
    hub = in_a_hub(course)
    shutil.rmtree(hub.exchange_dir / "nbgrader" / "trial" / "outbound")
    said = nbgrader_api(hub).release_assignment("sums")
    assert said["success"]
    assert "nobody can fetch it on this hub" in said["log"]
    assert "release/sums/" in said["log"]
    assert "nbgrader zip_collect sums" in said["log"]
    said = nbgrader_api(hub).release_assignment("mini")
    assert said["success"]
    assert "nobody can fetch it" not in said.get("log", "")
    assert "nobody can fetch it" in nbgrader_api(hub).release_feedback("sums")["log"]


# -- courses that were made before ----------------------------------------------------------------
def test_what_an_earlier_version_wrote_is_exchanged_and_what_staff_wrote_stays(
    tmp_path: Path,
) -> None:
    course = make_course(tmp_path / "course")
    path = write_config(course)
    assert not is_earlier(path)
    mine = "\nc.Execute.timeout = 7  # ours\n"
    fresh = path.read_text()
    old = fresh
    for before, now in reversed(REPLACED):
        old = old.replace(now, before) if now and now in old else f"{old}{before}"
    assert "release_assignment" not in old
    path.write_text(old + mine)
    path.chmod(0o640)
    assert is_earlier(path)
    write_config(course)
    assert not is_earlier(path)
    assert mine in path.read_text()
    assert path.stat().st_mode & 0o777 == 0o640
    config = nbgrader_config(course)
    assert "ignore" not in config.CourseDirectory
    assert set(config.Autograde.exclude_overwriting) == {
        one for one in course.library.ids if is_workbook(course, one)
    }


def test_lines_that_staff_changed_are_named_by_doctor_and_left(tmp_path: Path) -> None:
    from ustaz.doctor.courses import files

    course = make_course(tmp_path / "course")
    path = write_config(course)
    path.write_text(path.read_text() + 'c.CourseDirectory.ignore = ["journal*", "mine"]\n')
    before = path.read_bytes()
    write_config(course)
    assert path.read_bytes() == before
    assert "earlier_nbgrader_config" in [one.id for one in files(course)]
