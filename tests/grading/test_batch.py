from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Base
from sqlalchemy import select

from tests.exchange.helpers import fill, make_course, me, write
from tests.grading.support import IGNORE, gradebook, mark, marks, nbgrader_autograde, resubmit
from ustaz.course import Course
from ustaz.exchange import Refused, collect, submit
from ustaz.grading import grade

pytestmark = pytest.mark.filterwarnings(IGNORE)


def rows(course: Course) -> dict[str, list[dict[str, Any]]]:
    """Return every row of the gradebook with ids replaced by what they stand for."""
    with gradebook(course) as book:
        content = {
            table.name: [dict(row) for row in book.db.execute(select(table)).mappings()]
            for table in Base.metadata.sorted_tables
        }
    tables = list(content)
    names: dict[str, str] = {}
    for table in ("assignment", "notebook", "base_cell", "source_cell"):
        names |= {row["id"]: f"{table}:{row['name']}" for row in content[table]}
    for row in content["submitted_assignment"]:
        names[row["id"]] = f"submission:{names[row['assignment_id']]}:{row['student_id']}"
    for row in content["submitted_notebook"]:
        names[row["id"]] = f"of:{names[row['assignment_id']]}"
    return {
        table: sorted(
            (
                {
                    key: names.get(value, value) if isinstance(value, str) else value
                    for key, value in row.items()
                    if not (key == "id" and table in {"grade", "comment"})
                }
                for row in content[table]
            ),
            key=str,
        )
        for table in tables
    }


def notebooks(course: Course) -> dict[str, Any]:
    folder = course.dir / "autograded"
    return {
        str(path.relative_to(folder)): (
            json.loads(path.read_text()) if path.suffix == ".ipynb" else path.read_bytes(),
            oct(path.stat().st_mode & 0o777),
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def both_ways(course: Course, tmp_path: Path) -> tuple[Course, Course]:
    shutil.copytree(course.dir, tmp_path / "stock")
    return course, Course.open(tmp_path / "stock")


def test_batch_and_nbgrader_write_the_same_rows_and_notebooks(
    collected: Course, tmp_path: Path
) -> None:
    ours, theirs = both_ways(collected, tmp_path)
    report = grade(ours)
    assert report.graded == [("aigul-s", "mini"), ("marat-t", "mini")]
    assert nbgrader_autograde(theirs)["success"]
    assert rows(ours) == rows(theirs)
    assert notebooks(ours) == notebooks(theirs)
    for path in sorted((ours.dir / "autograded").rglob("*.ipynb")):
        other = theirs.dir / "autograded" / path.relative_to(ours.dir / "autograded")
        assert path.read_bytes() == other.read_bytes()


def test_they_are_the_same_after_marks_and_a_second_round_too(
    collected: Course, tmp_path: Path
) -> None:
    grade(collected)
    mark(collected, "aigul-s", 8, "Well thought")
    mark(collected, "marat-t", 3, "Go on")
    resubmit(collected, "aigul-s", title="Another name")
    ours, theirs = both_ways(collected, tmp_path)
    report = grade(ours, force=True)
    assert report.again == [("aigul-s", "mini")]
    assert nbgrader_autograde(theirs)["success"]
    assert rows(ours) == rows(theirs)
    assert notebooks(ours) == notebooks(theirs)
    assert marks(ours, "marat-t")["review"] == (None, 3.0, False)


def test_several_processes_write_the_same_as_one(
    collected: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ustaz.grading import preparing

    one, several = both_ways(collected, tmp_path)
    grade(one)
    monkeypatch.setattr(preparing, "WORTH_A_PROCESS", 1)
    report = grade(several, jobs=2)
    assert report.graded == [("aigul-s", "mini"), ("marat-t", "mini")]
    assert rows(one) == rows(several)
    assert notebooks(one) == notebooks(several)


def test_scores_are_those_of_the_rules(collected: Course) -> None:
    grade(collected)
    full, begun = marks(collected, "aigul-s"), marks(collected, "marat-t")
    assert full["section-aim"] == (4.0, None, False)
    assert full["section-steps"] == (6.0, None, False)
    assert full["review"] == (None, None, True)
    assert begun["section-aim"] == (1.33, None, False)
    assert begun["section-steps"] == (0.0, None, False)


def test_what_is_graded_already_is_left_alone(collected: Course) -> None:
    grade(collected)
    before = notebooks(collected)
    report = grade(collected)
    assert (report.graded, report.failed) == ([], [])
    assert report.unchanged == [("aigul-s", "mini"), ("marat-t", "mini")]
    assert notebooks(collected) == before


def test_progress_counts_up_to_all(collected: Course) -> None:
    seen: list[tuple[int, int, str]] = []
    grade(collected, progress=lambda *told: seen.append(told))
    assert seen == [(1, 2, "aigul-s"), (2, 2, "marat-t")]


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("answers.json", b'{"a": 1, "a": 2}', "damaged"),
        ("round.json", b"NaN", "damaged"),
        ("answers.json", None, "missing_file"),
        ("timestamp.txt", b"yesterday", "ParserError"),
    ],
)
def test_one_bad_submission_does_not_stop_the_others(
    collected: Course, name: str, data: bytes | None, why: str
) -> None:
    path = collected.dir / "submitted" / "aigul-s" / "mini" / name
    path.unlink()
    if data is not None:
        path.write_bytes(data)
    report = grade(collected)
    assert [(one[0], one[2]) for one in report.failed] == [("aigul-s", why)]
    assert report.graded == [("marat-t", "mini")]
    assert not (collected.dir / "autograded" / "aigul-s" / "mini").exists()
    assert list((collected.dir / "autograded").glob("*/.*")) == []


def test_a_disk_that_fails_leaves_no_half_graded_folder(
    collected: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ustaz.grading.folder import GradedFolder

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(GradedFolder, "write", full)
    report = grade(collected)
    assert [one[2] for one in report.failed] == ["OSError", "OSError"]
    assert list((collected.dir / "autograded").glob("*/*")) == []
    monkeypatch.undo()
    assert len(grade(collected).graded) == 2


def test_a_workbook_that_was_never_released_says_what_to_do(tmp_path: Path) -> None:
    course = make_course(tmp_path / "course")
    write(course, "aigul-s", "mini", {"title": "Begun"})
    submit(course, "aigul-s", "mini", identity=me("aigul-s"))
    report = collect(course)
    assert [one[2] for one in report.refused] == ["not_released"]
    (course.dir / "submitted" / "aigul-s" / "mini").mkdir(parents=True)
    with pytest.raises(Refused) as refused:
        grade(course)
    assert refused.value.id == "not_released"
    assert "generate_assignment mini" in refused.value.hint


def test_a_round_of_an_older_definition_is_graded_by_todays(
    collected: Course,
) -> None:
    path = collected.dir / "library" / "mini" / "workbook.yml"
    text = (
        path.read_text()
        .replace("version: 1.0.0", "version: 1.1.0")
        .replace("id: signs", "id: marks")
    )
    path.write_text(
        text
        + "upgrades:\n  - {from: 1.0.0, to: 1.1.0, steps: ["
        + "{name: drop-mood, drop: signs}]}\n"
    )
    report = grade(Course.open(collected.dir))
    assert report.failed == []
    assert marks(collected, "aigul-s")["section-steps"][0] == 6.0


def test_the_report_can_be_read_by_a_program(collected: Course) -> None:
    report = grade(collected)
    assert json.loads(json.dumps(report.to_dict())) == {
        "graded": [
            {"person": "aigul-s", "workbook": "mini"},
            {"person": "marat-t", "workbook": "mini"},
        ],
        "unchanged": [],
        "again": [],
        "failed": [],
    }


def test_students_are_in_the_gradebook_with_their_names(course: Course) -> None:
    with gradebook(course) as book:
        names = {one.id: (one.first_name, one.last_name) for one in book.students}
    assert names["aigul-s"] == ("Aigul", "S.")
    assert "saule-m" not in names


def test_a_late_round_is_late_by_the_receipt(collected: Course, tmp_path: Path) -> None:
    with gradebook(collected) as book:
        book.update_or_create_assignment("mini", duedate="2020-01-01 00:00:00 UTC")
    ours, theirs = both_ways(collected, tmp_path)
    grade(ours)
    nbgrader_autograde(theirs)
    assert rows(ours) == rows(theirs)
    with gradebook(ours) as book:
        assert book.find_submission("mini", "aigul-s").total_seconds_late > 0


def test_only_one_person_can_be_graded(collected: Course) -> None:
    fill(collected, "olga-p")
    submit(collected, "olga-p", "mini", identity=me("olga-p"))
    collect(collected)
    assert grade(collected, "mini", person="olga-p").graded == [("olga-p", "mini")]
