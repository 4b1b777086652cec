"""The map over a table: where rows stand, what is drawn for whom, and what a definition may say."""

from __future__ import annotations

import html
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from tests.workbook.test_language import EXAMPLE, complaints
from ustaz.grading import render_answers
from ustaz.workbook import Library, project
from ustaz.workbook.kinds.map import layout, line_html, map_html
from ustaz.workbook.serialize import localized

ROOT = Path(__file__).resolve().parents[2]
VECTORS = json.loads((ROOT / "tests" / "vectors" / "map.json").read_text(encoding="utf-8"))
PEOPLE_MAP = Library.from_dirs([ROOT / "workbooks"])["people-map"]
TABLE = localized(PEOPLE_MAP, "en")["sections"][0]["fields"][0]
HOSTILE = "<script>alert(1)</script>\u202e וليد " + "ұ" * 60
ROWS: list[dict[str, Any]] = [
    {"id": "r0000001", "alias": HOSTILE, "interest": 2, "influence": 5, "stance": "opposed"},
    {"id": "r0000002", "alias": "Ә.Қ.", "interest": None, "influence": 4},
]


@pytest.mark.parametrize("case", VECTORS["cases"], ids=[case["name"] for case in VECTORS["cases"]])
def test_rows_stand_where_the_vectors_say(case: dict) -> None:
    plan = asdict(layout(VECTORS["tables"][case["table"]], case["rows"]))
    assert json.loads(json.dumps(plan)) == case["expect"]


@pytest.mark.parametrize("case", VECTORS["lines"], ids=[case["name"] for case in VECTORS["lines"]])
def test_a_row_in_words_is_what_the_vectors_say(case: dict) -> None:
    line = line_html(
        VECTORS["tables"]["named"], case["row"], str, lambda column: column not in case["hidden"]
    )
    assert line == html.escape(case["line"])


def test_marks_never_cover_each_other_however_many_stand_in_one_cell() -> None:
    everywhere = [
        {"id": f"r{at:07}", "interest": 1 + at % 5, "influence": at % 7 or None}
        for at in range(100)
    ]
    for rows in (everywhere, [{**row, "interest": 5, "influence": 5} for row in everywhere]):
        places = [(mark.x, mark.y) for mark in layout(TABLE, rows).marks]
        for at, (x, y) in enumerate(places):
            near = [(x - a, y - b) for a, b in places[at + 1 :]]
            assert all(abs(a) >= 24 or abs(b) >= 24 for a, b in near)


def test_what_somebody_wrote_stands_in_the_picture_as_text_and_short() -> None:
    drawn = map_html(TABLE, ROWS, str, lambda row: f"#{row}")
    assert "<script" not in drawn
    assert drawn.count("ұ" * 60) == 1  # in the list of names, which clips it by its style
    assert '<a href="#r0000001"><b>1</b> <bdi>&lt;script' in drawn
    assert ">&lt;script&gt;a…</text>" in drawn
    assert "Not on the map yet" in drawn


def test_who_may_not_read_where_people_stand_gets_no_map() -> None:
    def read(audience: str) -> str:
        answers = project(PEOPLE_MAP, {"people": ROWS}, audience)["answers"]
        return render_answers(PEOPLE_MAP, answers, lang="kk")

    assert "uz-map" in read("self")
    assert "uz-map-form--5" in read("self")
    assert "uz-map" not in read("facilitator")
    placed_nobody = render_answers(PEOPLE_MAP, {"people": ROWS[1:]}, lang="kk")
    assert "uz-map" not in placed_nobody


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("x: interest ", "x: alias ", "map.x: expected a column that is a scale of at most 5"),
        ("x: interest ", "x: nothing ", "map.x: expected a column"),
        ("y: influence\n          mark", "mark", "map.y: missing"),
        ("mark: stance ", "mark: alias ", "map.mark: expected a column that is a choice of at mo"),
        ("x_name: Interest\n", "name_x: I\n", "map.name_x: unknown key"),
        ("corners: [win over, work with, ", "corners: [", "map.corners: expected 4"),
        ("from: 1, to: 5, low: hardly", "from: 1, to: 6, low: hardly", "scale of at most 5"),
        ("at_least: 4, at_most: 5}", "any: [a]}", "where: 'helpers.influence' is a scale"),
        ("any: [doubtful]}]", "any: [cross]}]", "where[1].any: no such option: cross"),
        ("any: [doubtful]}]", "any: []}]", "where[1].any: say `at_least`"),
        ("column: helpers.next\n", "column: helpers\n", "column: expected table.column"),
    ],
)
def test_a_mistake_in_a_map_or_a_follow_up_is_named(
    old: str, new: str, complaint: str, tmp_path: Path
) -> None:
    assert old in EXAMPLE
    found = complaints(tmp_path, EXAMPLE.replace(old, new, 1))
    assert any(complaint in line for line in found), found
