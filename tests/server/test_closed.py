"""What a page says of who may read what, before somebody sends it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.server.helpers import visit
from ustaz.server.site import Site
from ustaz.server.views.closed import closed_questions
from ustaz.server.views.records import record
from ustaz.server.views.serialize import page_data
from ustaz.workbook import Library

VECTORS = json.loads(
    (Path(__file__).parents[1] / "vectors" / "private_questions.json").read_text(encoding="utf-8")
)
OPEN = "audiences: [self, facilitator, staff]"
BOOK = """\
format: 1
id: {id}
code: X01
version: 1.0.0
title: T
summary: S
minutes: 3
purpose: For tests.
visibility: [self, facilitator, staff]
retention: 12
sections:
  - id: one
    title: One
    minutes: 3
    points: 1
    guidance: G
    fields:
      - {{id: text, kind: text, label: Text, {text}}}
      - id: rows
        kind: table
        label: Rows
        row_name: Row
        {rows}
        columns:
          - {{id: cell, kind: text, label: Cell, {cell}}}
{more}
"""


def closed(folder: Path, text: str = OPEN, rows: str = OPEN, cell: str = OPEN) -> list[object]:
    """Return what is closed in a workbook that shows a section of another one like it."""
    for name, more in (("a", "  - {id: two, title: Two, minutes: 1, guidance: G, embed: b/one}\n"),
                       ("b", "")):  # fmt: skip
        path = folder / name / "workbook.yml"
        path.parent.mkdir(exist_ok=True)
        kinds = {"text": text, "rows": rows, "cell": cell} if name == "b" else dict.fromkeys(
            ("text", "rows", "cell"), OPEN)  # fmt: skip
        path.write_text(BOOK.format(id=name, more=more, **kinds), encoding="utf-8")
    library = Library.from_dirs([folder])
    own = closed_questions(library, library["b"], str.upper)
    assert closed_questions(library, library["a"], str.upper) == own
    return [(one["label"], one["facilitator"], one["staff"]) for one in own]


@pytest.mark.parametrize(
    ("kind", "label"), [("text", "TEXT"), ("rows", "ROWS"), ("cell", "ROWS, CELL")]
)
@pytest.mark.parametrize(
    ("audiences", "reads"),
    [
        ("self", (False, False)),
        ("self, facilitator", (True, False)),
        ("self, staff", (False, True)),
    ],
)
def test_a_question_that_somebody_may_not_read_is_named(
    tmp_path: Path, kind: str, label: str, audiences: str, reads: tuple[bool, bool]
):
    found = closed(tmp_path, **{kind: f"audiences: [{audiences}]"})
    assert found == [(label, *reads)]


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_the_page_says_what_is_closed_by_the_same_vectors(tmp_path: Path, case: dict[str, Any]):
    expected = [
        (question["label"].upper(), question["facilitator"], question["staff"])
        for question in case["closed"]
    ]
    assert closed(tmp_path, text=f"audiences: [{', '.join(case['audiences'])}]") == expected


def test_where_everybody_may_read_everything_nothing_is_named(tmp_path: Path):
    assert closed(tmp_path) == []
    assert closed(tmp_path, text="audiences: [self, facilitator, group, staff]") == []


@pytest.mark.parametrize("lang", ["en", "ru", "kk"])
def test_a_page_knows_its_private_questions_before_anything_is_answered(site: Site, lang: str):
    one = visit(site, "olga-p", lang=lang)
    data = page_data(one, record(site, "olga-p", "focus"), "edit")
    (why,) = data["definition"]["closed"]
    assert why == {"label": one.words.plain("Why me?"), "facilitator": False, "staff": False}
    plan = page_data(one, record(site, "olga-p", "action-plan"), "edit")
    # Where the people of the embedded map stand is for its owner alone.
    own = ["interest", "influence", "stance", "next_step", "next_by"]
    people = site.course.library["people-map"].field("people")
    table = one.words.plain(people.label)
    labels = [f"{table}, {one.words.plain(people.column(column).label)}" for column in own]
    assert [question["label"] for question in plan["definition"]["closed"]] == labels
