"""Staff read which answers of a round were typed in, by whom, and whether they were confirmed."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.grading.test_render import read
from tests.server import helpers
from ustaz.answers import Batch, Subject
from ustaz.base.ledger import Ledger
from ustaz.course import Course
from ustaz.course.identity import acting_as
from ustaz.exchange import Refused, Submission, dropbox, read_round, submit
from ustaz.grading.entered import entered_html
from ustaz.grading.evaluating import judge_round, staff_html
from ustaz.transcription import marks, writing

OLGA = "olga-p"


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    monkeypatch.setenv("USTAZ_NOW", helpers.NOW)
    return helpers.make_course(tmp_path / "course")


def type_in(course: Course, workbook: str, *changes: dict[str, Any]) -> None:
    """Type in for Olga as Dina does."""
    revision = course.store.read(Subject.person(OLGA), workbook).revision
    body = {"batch": f"b{revision}", "client": "page", "base_revision": revision}
    writing.save(
        course,
        Ledger(course.dir / marks.FOLDER),
        acting_as(course, "dina-f"),
        course.library[workbook],
        OLGA,
        Batch.from_json({**body, "changes": list(changes)}),
    )


def put(field: str, value: str) -> dict[str, Any]:
    return {"op": "set", "path": [field], "value": value}


def confirm(course: Course, workbook: str, **seen: int) -> None:
    writing.confirm(
        Ledger(course.dir / marks.FOLDER),
        acting_as(course, OLGA),
        course.library[workbook],
        course.store.read(Subject.person(OLGA), workbook),
        seen,
    )


def round_of(course: Course, workbook: str) -> Submission:
    receipt = submit(course, OLGA, workbook, identity=acting_as(course, OLGA))
    return read_round(course, OLGA, workbook, receipt.round)


def said(course: Course, frozen: Submission, section: str, reader: str = "en") -> str:
    definition = course.library[frozen.record.workbook]
    return read(entered_html(course, definition, frozen, section, reader))


def test_the_sentence_names_who_typed_when_and_whether_it_was_confirmed(course: Course):
    type_in(course, "focus", put("focus_statement", "In pairs"), put("link_note", "One"))
    confirm(course, "focus", link_note=1)
    frozen = round_of(course, "focus")
    assert said(course, frozen, "focus") == (
        "Typed in from paper by Dina F. on 23 November 2026; the writer had not confirmed it yet: "
        "Мой фокус одним предложением"
    )
    assert "confirmed by the writer on 23 November 2026" in said(course, frozen, "reach")
    assert said(course, frozen, "concern") == ""
    assert "Dina F. , 23 ноября 2026" in said(course, frozen, "focus", "ru")
    assert "In pairs" not in said(course, frozen, "focus")


def test_what_was_confirmed_later_was_not_confirmed_then(
    course: Course, monkeypatch: pytest.MonkeyPatch
):
    type_in(course, "focus", put("focus_statement", "In pairs"))
    frozen = round_of(course, "focus")
    monkeypatch.setenv("USTAZ_NOW", "2026-11-24T09:00:00+05:00")
    confirm(course, "focus", focus_statement=1)
    assert "had not confirmed" in said(course, frozen, "focus")


def test_a_grade_cell_says_it_beside_the_answers(course: Course):
    type_in(course, "focus", put("focus_statement", "In pairs"))
    judged = judge_round(course, round_of(course, "focus"))
    cells = {
        one.id: staff_html(course, judged, f"section-{one.id}", reader="en")
        for one in judged.evaluation.sections
    }
    assert [name for name, cell in cells.items() if "Dina F." in cell] == ["focus"]


def test_an_embedded_section_is_told_with_the_workbook_that_shows_it(course: Course):
    helpers.put(course, OLGA, "action-plan", title="Talk")
    row = {"op": "add_row", "path": ["people", "row001"], "after": None, "value": {"alias": "A."}}
    type_in(course, "people-map", row)
    step = {"op": "add_row", "path": ["steps", "row001"], "after": None}
    helpers.write(
        course, OLGA, "action-plan", [{**step, "value": {"action": "Ask", "who": ["row001"]}}]
    )
    frozen = round_of(course, "action-plan")
    (section,) = [one.id for one in course.library["action-plan"].sections if one.embed]
    assert "Dina F." in said(course, frozen, section)


def test_a_round_without_anything_typed_in_says_nothing_and_looks_as_before(course: Course):
    helpers.put(course, OLGA, "focus", **helpers.FOCUS)
    frozen = round_of(course, "focus")
    assert "entered" not in frozen.document
    assert said(course, frozen, "focus") == ""


def test_a_mark_that_the_course_does_not_know_is_not_repeated(course: Course):
    type_in(course, "focus", put("focus_statement", "In pairs"))
    frozen = round_of(course, "focus")
    forged = json.loads(json.dumps(frozen.document))
    forged["entered"]["focus"]["link_note"] = {
        "by": "dina-f", "revision": 1, "at": None, "confirmed_at": "2026-11-23T14:05:00+05:00",
    }  # fmt: skip
    forged["entered"]["focus"]["focus_statement"]["confirmed_at"] = "2026-11-23T14:05:00+05:00"
    told = dataclasses.replace(frozen, document=forged)
    assert said(course, told, "reach") == ""
    assert "had not confirmed" in said(course, told, "focus")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda kept: kept.update(nowhere={}),
        lambda kept: kept["focus"].update({"<b>": kept["focus"]["focus_statement"]}),
        lambda kept: kept["focus"].update(focus_statement=[]),
        lambda kept: kept["focus"]["focus_statement"].update(by="../x"),
        lambda kept: kept["focus"]["focus_statement"].update(revision=True),
        lambda kept: kept["focus"]["focus_statement"].update(note="more"),
        lambda kept: kept["focus"]["focus_statement"].pop("at"),
    ],
)
def test_marks_that_are_not_built_as_ours_are_refused(
    course: Course, spoil: Callable[[dict[str, Any]], Any]
):
    type_in(course, "focus", put("focus_statement", "In pairs"))
    round_of(course, "focus")
    folder = dropbox.submissions_dir(course, OLGA, "focus") / "0001"
    document = json.loads((folder / "answers.json").read_bytes())
    spoil(document["entered"])
    answers = json.dumps(document).encode()
    record = json.loads((folder / "round.json").read_bytes())
    record["answers_sha256"] = hashlib.sha256(answers).hexdigest()
    (folder / "answers.json").write_bytes(answers)
    (folder / "round.json").write_bytes(json.dumps(dropbox.sealed(record)).encode())
    with pytest.raises(Refused, match="not built as they should be"):
        read_round(course, OLGA, "focus", 1)
