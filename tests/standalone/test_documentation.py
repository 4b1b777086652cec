"""docs/widgets.md does what it says: each example runs as it stands, and can be read anywhere."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "widgets.md"
WIDGETS = ("plan", "ratings", "people-map", "story-line", "levels")


def examples() -> list[str]:
    return re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.slow
def test_every_example_runs_in_a_notebook_whose_page_asks_for_nothing_outside() -> None:
    cells = [nbformat.v4.new_code_cell(example) for example in examples()]
    # A hostile text on its way into the page that GitHub or a colleague opens.
    hostile = 'Plan([{"action": "<script src=//example.org/x.js></script>", "due": "2026-10-16"}])'
    notebook = nbformat.v4.new_notebook(cells=[*cells, nbformat.v4.new_code_cell(hostile)])
    NotebookClient(notebook, kernel_name="python3", timeout=120).execute()
    shown = [
        output["data"]["text/html"]
        for cell in notebook.cells
        for output in cell["outputs"]
        if "text/html" in output.get("data", {})
    ]
    assert len(shown) == len(notebook.cells)
    # As a reader gets it who has no widgets: the state left out, and the views with it.
    for cell in notebook.cells:
        for output in cell["outputs"]:
            output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)
    page, _ = HTMLExporter(template_name="basic").from_notebook_node(notebook)
    assert "Ask two parents" in page
    assert "&lt;script src=//example.org/x.js&gt;" in page
    assert "<script src=//example.org" not in page


def test_every_widget_has_a_picture_that_is_there_and_small() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for name in WIDGETS:
        picture = ROOT / "docs" / "pictures" / f"widget-{name}.png"
        assert f"](pictures/{picture.name})" in text
        assert picture.stat().st_size < 60_000
        with Image.open(picture) as drawn:
            assert drawn.width >= 600
