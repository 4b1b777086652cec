"""One test for each trap that a trial of the Jupyter stack fell into; see docs/grading.md."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import nbformat
import pytest
from nbgrader.utils import determine_grade

from tests.exchange.helpers import FULL, fill, me, tree, write
from tests.grading.support import (
    IGNORE,
    gradebook,
    mark,
    marks,
    nbgrader_autograde,
    resubmit,
)
from ustaz.answers import Batch, Subject
from ustaz.course import Course
from ustaz.exchange import collect, rounds, submit
from ustaz.exchange.validate import read_collected
from ustaz.grading import grade
from ustaz.grading.evaluating import clamped
from ustaz.grading.setup import nbgrader_api

pytestmark = pytest.mark.filterwarnings(IGNORE)


def autograded(course: Course, person: str = "aigul-s") -> Path:
    return course.dir / "autograded" / person / "mini"


@pytest.mark.parametrize("way", ["batch", "nbgrader"])
def test_trap_1_a_file_in_source_never_overwrites_what_a_person_answered(
    collected: Course, way: str
) -> None:
    seed = collected.dir / "source" / "mini" / "answers.json"
    seed.write_text('{"answers": {}}')
    (collected.dir / "source" / "mini" / "picture.txt").write_text("of the course")
    if way == "batch":
        assert grade(collected).failed == []
    else:
        assert nbgrader_autograde(collected)["success"]
    own = (collected.dir / "submitted" / "aigul-s" / "mini" / "answers.json").read_bytes()
    assert (autograded(collected) / "answers.json").read_bytes() == own
    assert (autograded(collected) / "picture.txt").read_text() == "of the course"
    assert marks(collected, "aigul-s")["section-aim"][0] == 4.0


def test_trap_2_a_client_that_read_long_ago_cannot_overwrite_what_was_saved_since(
    course: Course,
) -> None:
    subject = Subject("person", "aigul-s")
    write(course, "aigul-s", "mini", {"title": "First"})
    stale = course.store.read(subject, "mini").revision
    write(course, "aigul-s", "mini", {"title": "Second"})
    answer = course.store.save(
        subject,
        "mini",
        Batch.from_json(
            {
                "batch": "old",
                "client": "preheated",
                "base_revision": stale,
                "changes": [{"op": "set", "path": ["title"], "value": "From the old picture"}],
            }
        ),
        who="aigul-s",
    )
    assert [one["theirs"] for one in answer.conflicts] == ["Second"]
    assert course.store.read(subject, "mini").answers["title"] == "Second"


def test_trap_3_saving_and_handing_in_need_no_kernel() -> None:
    code = (
        "import sys, ustaz.answers, ustaz.exchange\n"
        "loaded = {'ipykernel', 'jupyter_client', 'IPython', 'nbclient'} & set(sys.modules)\n"
        "sys.exit(repr(loaded) if loaded else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("way", ["batch", "nbgrader"])
def test_trap_4_a_resubmission_waits_to_be_marked_again_and_keeps_the_old_marks(
    collected: Course, way: str
) -> None:
    grade(collected)
    mark(collected, "aigul-s", 9, "Well thought")
    assert marks(collected, "aigul-s")["review"] == (None, 9.0, False)
    resubmit(collected, "aigul-s", title="Another name")
    if way == "batch":
        assert grade(collected).again == [("aigul-s", "mini")]
    else:
        assert nbgrader_autograde(collected)["success"]
    now = marks(collected, "aigul-s")
    assert now["review"] == (None, None, True)
    assert now["comment"] == {"review": None}
    from ustaz.exchange import rounds

    first, second = rounds(collected, "aigul-s", "mini")
    assert first.marks is not None
    assert first.marks["score"] == 19.0
    assert [one["comment"] for one in first.marks["cells"] if one["comment"]] == ["Well thought"]
    assert second.marks is None
    page = (autograded(collected) / "mini.ipynb").read_text()
    assert "Round 1 was marked" in page


@pytest.mark.parametrize("way", ["batch", "nbgrader"])
def test_trap_4_the_same_content_graded_again_stays_marked(collected: Course, way: str) -> None:
    grade(collected)
    mark(collected, "aigul-s", 9, "Well thought")
    with gradebook(collected) as book:  # a section's points were corrected by hand, too
        cell = book.find_grade("section-aim", "mini", "mini", "aigul-s")
        cell.manual_score, cell.needs_manual_grade = 3.5, False
        book.db.commit()
    if way == "batch":
        assert grade(collected, force=True).again == []
    else:
        assert nbgrader_autograde(collected)["success"]
    now = marks(collected, "aigul-s")
    assert now["review"] == (None, 9.0, False)
    assert now["section-aim"] == (4.0, 3.5, False)
    assert now["comment"] == {"review": "Well thought"}


def test_trap_5_a_workbook_has_no_cell_that_is_answered_in_the_notebook(course: Course) -> None:
    node = nbformat.read(course.dir / "release" / "mini" / "mini.ipynb", as_version=4)
    info = [one.metadata["nbgrader"] for one in node.cells if "nbgrader" in one.metadata]
    assert not any(one["solution"] for one in info)
    assert [one["grade_id"] for one in info if one["task"]] == ["review"]


def test_trap_6_handing_in_a_folder_while_it_is_saved_meets_no_half_written_file(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(course, "aigul-s")
    monkeypatch.setenv("USTAZ_PERSON", "aigul-s")
    stop = threading.Event()

    def save() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            write(course, "aigul-s", "mini", {"title": f"Title {number}"})

    writer = threading.Thread(target=save)
    writer.start()
    try:
        api = nbgrader_api(course)
        api.coursedir.assignment_id = "mini"
        for _ in range(10):
            api.exchange.Submit(
                coursedir=api.coursedir, authenticator=api.authenticator, parent=api
            ).start()
    finally:
        stop.set()
        writer.join(timeout=30)
    # Nothing of the folder travels, so no setting has to leave half-written files out.
    inbound = course.exchange_dir / "inbound" / "aigul-s" / "mini"
    assert not list(inbound.rglob("*.tmp"))
    assert not list(course.exchange_dir.glob("nbgrader/*/inbound/*"))
    handed_in = rounds(course, "aigul-s", "mini")
    assert len(handed_in) == len(list(inbound.glob("[0-9]*"))) > 1
    for one in handed_in:
        json.loads((inbound / f"{one.round:04d}" / "answers.json").read_bytes())


def test_trap_7_nothing_is_dropped_without_a_word(course: Course) -> None:
    fill(course, "aigul-s", title="A long one")
    api = nbgrader_api(course)
    api.coursedir.max_file_size = 1  # nbgrader would leave answers.json out and say "Submitted"
    api.coursedir.max_dir_size = 1
    api.coursedir.student_id = "aigul-s"
    api.coursedir.assignment_id = "mini"
    api.exchange.Submit(
        coursedir=api.coursedir, authenticator=api.authenticator, parent=api
    ).start()
    assert collect(course).taken == [("aigul-s", "mini", 1)]
    answers = read_collected(course, "aigul-s", "mini").document["answers"]
    assert answers["title"] == "A long one"


def test_trap_8_collect_takes_a_resubmission_without_update(collected: Course) -> None:
    write(collected, "aigul-s", "mini", {"title": "Another name"})
    submit(collected, "aigul-s", "mini", identity=me("aigul-s"), confirm=True)
    assert nbgrader_api(collected).collect("mini", update=False)["success"]
    assert read_collected(collected, "aigul-s", "mini").record.round == 2


def test_trap_9_a_collection_that_may_not_remove_leaves_a_whole_submission(
    collected: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tree(collected.dir / "submitted" / "aigul-s" / "mini")
    write(collected, "aigul-s", "mini", {"title": "Another name"})
    submit(collected, "aigul-s", "mini", identity=me("aigul-s"), confirm=True)
    real = Path.rename

    def not_yours(self: Path, target: Path) -> Path:
        if "submitted" in self.parts and self.name == "mini":
            raise PermissionError(13, "somebody else owns it")
        return real(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", not_yours)
        assert [one[2] for one in collect(collected).refused] == ["not_collected"]
    assert tree(collected.dir / "submitted" / "aigul-s" / "mini") == before
    assert collect(collected).taken == [("aigul-s", "mini", 2)]


def test_trap_10_a_person_without_a_notebook_is_graded_like_everybody(collected: Course) -> None:
    assert not list(collected.people_dir.rglob("*.ipynb"))
    assert nbgrader_autograde(collected)["success"]
    assert marks(collected, "aigul-s")["section-steps"][0] == 6.0


@pytest.mark.parametrize(
    ("score", "expected"), [(99.0, 4.0), (-5.0, 0.0), (float("nan"), 0.0), (float("inf"), 0.0)]
)
def test_trap_11_points_never_leave_the_cells_range(score: float, expected: float) -> None:
    cell = nbformat.v4.new_code_cell(metadata={"nbgrader": {"grade": True, "points": 4}})
    text = repr(clamped(score, 4))
    cell.outputs = [nbformat.v4.new_output("execute_result", {"text/plain": text})]
    assert determine_grade(cell) == (expected, 4.0)


EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)> $x^2$ **bold** [a](javascript:1)"


def test_trap_12_a_hostile_notebook_and_hostile_answers_reach_no_staff_screen(
    course: Course,
) -> None:
    write(course, "aigul-s", "mini", {"title": EVIL, "signs": [EVIL]})
    own = course.people_dir / "aigul-s" / "mini" / "mini.ipynb"
    node = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell("<script>EVIL-CELL</script>")],
        metadata={"ustaz": {"workbook": "mini"}},
    )
    nbformat.write(node, own)
    submit(course, "aigul-s", "mini", identity=me("aigul-s"))
    collect(course)
    # Even one that somebody put into submitted/ by hand is not looked at.
    planted = course.dir / "submitted" / "aigul-s" / "mini" / "mini.ipynb"
    shutil.copyfile(own, planted)
    assert nbgrader_autograde(course)["success"]
    text = (autograded(course) / "mini.ipynb").read_text()
    assert "EVIL-CELL" not in text
    pages = [
        output.data["text/html"]
        for cell in nbformat.reads(text, as_version=4).cells
        for output in cell.get("outputs", [])
    ]
    for page in pages:
        assert "<script" not in page
        assert "<img" not in page
        assert "<a" not in page.replace("<aside", "")
    assert "&lt;script&gt;alert(1)" in "".join(pages)
    assert all("tex2jax_ignore" in page for page in pages)


def test_trap_13_no_cell_of_a_graded_workbook_raises(collected: Course) -> None:
    grade(collected)
    for person in ("aigul-s", "marat-t"):
        node = nbformat.read(autograded(collected, person) / "mini.ipynb", as_version=4)
        kinds = {output.output_type for cell in node.cells for output in cell.get("outputs", [])}
        assert kinds == {"execute_result"}


def test_trap_14_nothing_that_travels_is_called_feedback(collected: Course) -> None:
    grade(collected)
    for folder in ("exchange/inbound", "submitted", "people", "autograded"):
        for path in (collected.dir / folder).rglob("*"):
            assert "feedback" not in path.relative_to(collected.dir).parts


def test_the_answers_of_the_tests_hold_what_must_not_leave() -> None:
    assert "CANARY" in json.dumps(FULL)


def test_private_words_reach_no_graded_file(collected: Course) -> None:
    grade(collected)
    for folder in ("exchange", "submitted", "autograded"):
        for path in (collected.dir / folder).rglob("*"):
            if path.is_file():
                assert b"CANARY" not in path.read_bytes(), path
    assert os.path.exists(autograded(collected))  # noqa: PTH110
