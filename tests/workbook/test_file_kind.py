"""The kind `file`: what a document may say of a file, who is shown it, and what a table holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ustaz.base.evidence import MOST_OF_A_FILE
from ustaz.workbook import Library, ValueProblem, attachments, check_value, project, tidy
from ustaz.workbook.kinds.file import FILES_CAP
from ustaz.workbook.reader import load

KITCHEN = Library.from_dirs([Path(__file__).parent / "fixtures"])["kitchen"]
PHOTO = {
    "hash": "a1" * 32,
    "name": "тақта.jpg",
    "size": 120_000,
    "type": "image/jpeg",
    "caption": "Тақтадағы сурет",
    "visible": "none",
}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"hash": "../../x"}, "wrong_type"),
        ({"hash": "A1" * 32}, "wrong_type"),
        ({"hash": None}, "wrong_type"),
        ({"size": 0}, "out_of_range"),
        ({"size": MOST_OF_A_FILE + 1}, "out_of_range"),
        ({"size": True}, "wrong_type"),
        ({"size": "1"}, "wrong_type"),
        ({"type": "text/html"}, "unknown_option"),
        ({"type": "image/svg+xml"}, "unknown_option"),
        ({"type": ["image/jpeg"]}, "wrong_type"),
        ({"visible": "everybody"}, "unknown_option"),
        ({"name": "x" * 161}, "too_long"),
        ({"caption": "x" * 501}, "too_long"),
        ({"caption": None}, "wrong_type"),
        ({"more": "x"}, "unknown_column"),
    ],
)
def test_an_entry_that_is_not_built_as_ours_is_refused(change: dict[str, Any], problem: str):
    check_value(KITCHEN, ["evidence"], [PHOTO])
    with pytest.raises(ValueProblem) as refused:
        check_value(KITCHEN, ["evidence"], [PHOTO | change])
    assert refused.value.id == problem


def test_a_list_that_is_too_long_or_names_a_file_twice_is_refused():
    many = [PHOTO | {"hash": f"{number:064x}"} for number in range(FILES_CAP + 1)]
    wrong = {
        "too_many": [many],
        "twice": [[PHOTO, PHOTO]],
        "wrong_type": ["x", ["x"]],
        "unknown_column": [[{"hash": PHOTO["hash"]}]],
    }
    for problem, value in [(id, value) for id, values in wrong.items() for value in values]:
        with pytest.raises(ValueProblem) as refused:
            check_value(KITCHEN, ["evidence"], value)
        assert refused.value.id == problem


def test_a_file_is_shown_to_whoever_may_read_its_answer():
    answers = {"evidence": [PHOTO]}
    shown = project(KITCHEN, answers, "staff")["answers"]
    assert [entry.sha256 for entry in attachments(KITCHEN, shown)] == [PHOTO["hash"]]
    assert list(attachments(KITCHEN, project(KITCHEN, answers, "public")["answers"])) == []


def test_files_have_a_table_of_their_own_with_the_hash_under_which_each_is_kept():
    frames = tidy(KITCHEN, [("aigul-s", {"evidence": [PHOTO]}), ("olga-p", {})])
    table = frames["kitchen.evidence"]
    assert table["hash"].tolist() == [PHOTO["hash"]]
    assert table["size"].tolist() == [120_000]
    assert frames["kitchen"]["evidence_count"].tolist()[0] == 1


@pytest.mark.parametrize("accept", ["[films]", "[]"])
def test_only_pictures_and_documents_can_be_asked_for(tmp_path: Path, accept: str):
    source = Path(__file__).parent / "fixtures" / "kitchen" / "workbook.yml"
    text = source.read_text(encoding="utf-8").replace("accept: [pictures]", f"accept: {accept}")
    path = tmp_path / "kitchen" / "workbook.yml"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Exception, match="accept"):
        load(path)
