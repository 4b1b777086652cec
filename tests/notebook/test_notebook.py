"""The generated notebook is a shell that nbgrader accepts and nobody has to run."""

import dataclasses
from pathlib import Path

import nbformat
import pytest
from nbgrader.nbgraderformat import ValidationError
from nbgrader.nbgraderformat import read as nbgrader_read
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearSolutions,
    ComputeChecksums,
    LockCells,
)

from ustaz.messages import LANGUAGES, translator
from ustaz.notebook import build_notebook, notebook_text, stale, write_notebooks
from ustaz.workbook import Library

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "tests" / "workbook" / "fixtures"


@pytest.fixture(scope="module")
def shipped() -> Library:
    return Library.from_dirs([ROOT / "workbooks"])


def test_the_committed_notebooks_are_what_the_definitions_say(shipped: Library) -> None:
    assert stale(shipped, ROOT / "workbooks") == [], "write them again: ustaz workbook build"


@pytest.mark.parametrize("workbook", ["focus", "action-plan"])
def test_nbgrader_accepts_the_notebook(workbook: str, shipped: Library, tmp_path: Path) -> None:
    path = tmp_path / "n.ipynb"
    path.write_text(notebook_text(shipped[workbook]), encoding="utf-8")
    try:
        notebook = nbgrader_read(path, as_version=nbformat.NO_CONVERT)
    except ValidationError as error:  # pragma: no cover - says which key
        pytest.fail(str(error))
    ids = [cell.metadata.nbgrader.grade_id for cell in notebook.cells]
    assert len(ids) == len(set(ids))
    assert "review" in ids


def test_the_points_of_the_notebook_are_those_of_the_definition(shipped: Library) -> None:
    for definition in shipped.values():
        cells = build_notebook(definition).cells
        graded = [one.metadata.nbgrader for one in cells if one.metadata.nbgrader.grade]
        assert definition.points == sum(one.points for one in graded)


def test_a_notebook_is_the_same_every_time(shipped: Library) -> None:
    assert notebook_text(shipped["focus"]) == notebook_text(shipped["focus"])


def test_participants_see_no_code(shipped: Library) -> None:
    for cell in build_notebook(shipped["action-plan"]).cells:
        if cell.cell_type == "code":
            assert cell.metadata.jupyter.source_hidden
            assert cell.outputs == []


def test_course_text_is_shown_literally() -> None:
    tiny = Library.from_dirs([FIXTURES])["tiny"]
    odd = dataclasses.replace(tiny, title="<b>One</b> *good* [moment](x) & $y$")
    assert (
        build_notebook(odd)
        .cells[0]
        .source.startswith(r"# \<b\>One\</b\> \*good\* \[moment\](x) & \$y\$" + "\n")
    )


def test_whoever_lands_in_the_notebook_finds_one_link_in_every_language(shipped: Library) -> None:
    top = build_notebook(shipped["focus"]).cells[0].source
    assert top.count("](") == 1
    assert top.endswith("](/ustaz/workbooks/focus)**")
    for lang in LANGUAGES:
        assert translator(lang).gettext("Open the page") in top
        assert translator(lang).gettext(shipped["focus"].title) in top


def test_a_workbook_without_translations_says_its_title_once() -> None:
    top = build_notebook(Library.from_dirs([FIXTURES])["tiny"]).cells[0].source
    assert top.count("One good moment") == 1


@pytest.mark.parametrize("workbook", ["focus", "action-plan", "kitchen", "tiny"])
def test_nbgrader_finds_nothing_to_refuse_when_it_generates_the_assignment(workbook: str) -> None:
    library = Library.from_dirs([ROOT / "workbooks", FIXTURES])
    notebook = build_notebook(library[workbook])
    for step in (ClearSolutions, LockCells, ComputeChecksums, CheckCellMetadata):
        notebook, _ = step().preprocess(notebook, {})
    graded = [one for one in notebook.cells if one.metadata.nbgrader.grade]
    assert {one.metadata.nbgrader.grade_id for one in graded} == {
        f"section-{one.id}" for one in library[workbook].sections if one.points
    }
    assert all("checksum" in one.metadata.nbgrader for one in graded)


def test_writing_touches_only_what_is_stale(shipped: Library, tmp_path: Path) -> None:
    (tmp_path / "focus").mkdir()
    (tmp_path / "people-map").mkdir()
    assert [tmp_path / "focus" / "focus.ipynb"] == write_notebooks(shipped, tmp_path)
    assert write_notebooks(shipped, tmp_path) == []
