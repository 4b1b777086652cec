"""Every shipped notebook runs in a real kernel, and what it shows asks for nothing outside."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import nbformat
import pytest
from bs4 import BeautifulSoup
from nbclient import NotebookClient
from nbconvert import HTMLExporter

from tests.support.demos import demo_course
from tests.support.forms import kept
from tests.support.live import ROOT, TOKEN, Live
from ustaz.notebook.ready import READY, ready_notebook
from ustaz.notebook.settings import EXPORT, EXPORTS
from ustaz.preview import Preview

pytestmark = pytest.mark.slow
#: Who opens a ready notebook.
READERS = {"my-group": "saule-n", "the-course": "irina-m"}
SHIPPED = sorted(path.stem for path in (ROOT / "workbooks").glob("*/*.ipynb"))


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    course = tmp_path_factory.mktemp("executed") / "course"
    with Live(demo_course(tmp_path_factory, course)) as server:
        yield server


def executed(live: Live, notebook: Any, person: str, home: Path) -> Any:
    """Run a notebook as a kernel of the server would, in the folder of a person."""
    assert live.process is not None
    # Whoever starts a kernel is its parent; to the kernel it is the server.
    startup = home / "profile_default" / "startup" / "parent.py"
    startup.parent.mkdir(parents=True, exist_ok=True)
    startup.write_text(f"import os\nos.environ['JPY_PARENT_PID'] = '{live.process.pid}'\n")
    folder = live.course / "people" / person
    folder.mkdir(exist_ok=True)
    resources = {"metadata": {"path": str(folder)}}
    NotebookClient(notebook, timeout=120, resources=resources).execute()
    return notebook


def outside(notebook: Any) -> list[str]:
    """Return what the exported page would fetch."""
    exporter = HTMLExporter(extra_template_basedirs=[str(EXPORTS)], template_name=EXPORT)
    html, _ = exporter.from_notebook_node(notebook)
    return fetched_by(html)


def fetched_by(html: str) -> list[str]:
    """Return what a browser would fetch for a page."""
    page = BeautifulSoup(html, "html.parser")
    assert page.title
    assert not re.search(r"url\(\s*['\"]?(https?:)?//|@import|import\(|fetch\(", html)
    names = ("src", "srcset", "data", "poster", "background")
    fetched = [tag[name] for tag in page.find_all() for name in names if tag.has_attr(name)]
    return fetched + [str(tag) for tag in page.find_all(["link", "iframe", "object", "base"])]


def test_what_is_run_is_all_that_is_shipped() -> None:
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"][
        "build"
    ]["targets"]["wheel"]
    folders = [ROOT / name for name in (*wheel["packages"], *wheel["force-include"])]
    carried = {path for folder in folders for path in folder.glob("**/*.ipynb")}
    assert carried == {ROOT / "workbooks" / name / f"{name}.ipynb" for name in SHIPPED}
    assert READERS.keys() == READY.keys()
    # One of them run stands for the others: they differ in nothing but the ids that they name.
    for name in SHIPPED:
        cells = nbformat.read(ROOT / "workbooks" / name / f"{name}.ipynb", 4).cells
        code = {
            re.sub(r'"[a-z0-9-]+"', '"…"', cell.source)
            for cell in cells
            if cell.cell_type == "code"
        }
        assert code == {
            'from ustaz_widgets.notebook import Workbook\n\nWorkbook("…")',
            'from ustaz_widgets.notebook import checked\n\nchecked("…")',
        }


def documented() -> Any:
    """Return a notebook of the examples in docs/jupyter.md, as somebody pastes them."""
    text = (ROOT / "docs" / "jupyter.md").read_text(encoding="utf-8")
    cells = re.findall(r"^```(?:python)?\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    magic = next(cell for cell in cells if cell.startswith("%%workbook"))
    assert Preview(magic.partition("\n")[2]).complaints == []
    # The tables of a group are a facilitator's.
    acting = "import os\nos.environ['USTAZ_PERSON'] = 'saule-n'"
    tables = next(number for number, cell in enumerate(cells) if "Cohort(" in cell)
    sources = ["%load_ext ustaz.preview", *cells[:tables], acting, *cells[tables:]]
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code) for code in sources])


@pytest.mark.parametrize("workbooks", kept([["action-plan"]], [SHIPPED]), ids=["one", "all"])
def test_every_notebook_runs_and_its_export_asks_for_nothing(
    live: Live, workbooks: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    ready = [(name, ready_notebook(name, "kk"), READERS[name]) for name in READY]
    shipped = [
        (name, nbformat.read(ROOT / "workbooks" / name / f"{name}.ipynb", 4), "aigul-s")
        for name in workbooks
    ]
    pasted = ("docs/jupyter.md", documented(), "aigul-s")
    for name, notebook, person in [pasted, *ready, *shipped]:
        done = executed(live, notebook, person, tmp_path / "ipython")
        outputs = [part for cell in done.cells for part in cell.get("outputs", ())]
        assert outputs, name
        assert not [part for part in outputs if part.output_type == "error"], name
        assert outside(done) == [], name
        text = "".join(str(part) for part in outputs)
        if name in READY:
            assert "<svg" in text
            assert "Aigul S." in text
            # States of workbooks and steps stand in the reader's words, not as codes.
            assert not re.search(r">(none|draft|submitted|returned|not_started|doing)<", text)


def test_what_jupyterlab_saves_as_a_page_asks_for_nothing(live: Live) -> None:
    path = "people/saule-n/to-export.ipynb"
    (live.course / path).parent.mkdir(exist_ok=True)
    nbformat.write(ready_notebook("my-group", "en"), live.course / path)
    reply = httpx.get(
        f"{live.url}nbconvert/html/{path}",
        headers={"Authorization": f"token {TOKEN}"},
        timeout=60,
    )
    assert reply.status_code == 200
    assert "jp-Notebook" in reply.text
    assert fetched_by(reply.text) == []
