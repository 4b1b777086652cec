"""The notebook of a workbook, generated from its definition.

It is a shell: it shows the workbook's component and carries the grade cells that nbgrader needs.
Answers never live in it, so it can be replaced at any time, and nothing in it has to be run.

One markdown cell on top says in every language where the page is; one code cell shows the
component; each section that counts has a markdown heading and one grade cell; the part that a
person marks is a *task* cell (nbgrader scores an untouched markdown *answer* 0 by itself, a task
never). A portfolio has a task for each criterion of its rubric, after a cell that shows what speaks
for it.

The link to the page starts with ``/``. JupyterLab resolves every other address without a host
against the folder of the notebook and would look for a file. Where the server has a base address
(``/user/<name>/`` on a hub), the component and Lab's own bar give the whole address; both know it.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any, Final

import nbformat

from ustaz.messages import LANGUAGES, N_, translator
from ustaz.workbook import Definition, Library, Section
from ustaz.workbook.rubrics import Criterion, rubric_of

__all__ = ["build_notebook", "notebook_text", "stale", "write_notebooks"]

NBGRADER_SCHEMA: Final = 3
#: Of a portfolio's criteria: the cell that shows what speaks for one, and the one that is marked.
EVIDENCE: Final = "evidence-"
CRITERION: Final = "criterion-"
_v4: Any = nbformat.v4  # has no types
_HIDDEN: Final = {"jupyter": {"source_hidden": True}, "tags": ["hide-input"], "editable": False}


def _cell_id(*parts: str) -> str:
    """Return an id that is the same on every machine and fits nbformat's pattern."""
    name = "-".join(parts)
    short = re.sub(r"[^a-zA-Z0-9_-]", "-", name)[:48]
    return f"{short}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def _nbgrader(grade_id: str, *, points: int | None = None, task: bool = False) -> dict[str, Any]:
    metadata: dict[str, Any] = {
        "schema_version": NBGRADER_SCHEMA,
        "grade_id": grade_id,
        "grade": points is not None and not task,
        "solution": False,
        "locked": True,  # a task without it is refused when nbgrader autogrades
        "task": task,
    }
    return metadata if points is None else {**metadata, "points": points}


def _escape(text: str) -> str:
    """Return course text as markdown that shows it literally."""
    return re.sub(r"([\\`*_{}\[\]<>#|~$])", r"\\\1", text)


def _in_every_language(text: str) -> list[str]:
    """Return `text` in all languages, escaped; once where a translation is missing."""
    return [
        _escape(fromkey)
        for fromkey in dict.fromkeys(translator(lang).gettext(text) for lang in LANGUAGES)
    ]


def _top(definition: Definition) -> str:
    title = " · ".join(_in_every_language(definition.title))
    sentences = "  \n".join(
        _in_every_language(N_("This is your workbook. It opens faster, and on a phone, as a page:"))
    )
    link = " · ".join(_in_every_language(N_("Open the page")))
    return f"# {title}\n\n{sentences}\n\n**[{link}](/ustaz/workbooks/{definition.id})**"


def _section(definition: Definition, section: Section) -> list[Any]:
    grade_id = f"section-{section.id}"
    heading = _v4.new_markdown_cell(
        "## " + " · ".join(_in_every_language(section.title)),
        id=_cell_id(definition.id, "heading", section.id),
        metadata={"editable": False, "nbgrader": _nbgrader(f"heading-{section.id}")},
    )
    grade = _v4.new_code_cell(
        f'from ustaz_widgets.notebook import checked\n\nchecked("{section.id}")',
        id=_cell_id(definition.id, "section", section.id),
        metadata={**_HIDDEN, "nbgrader": _nbgrader(grade_id, points=section.points)},
    )
    return [heading, grade]


def _for_the_reader(definition: Definition, hint: str) -> Any:  # noqa: ANN401
    text = "\n".join(_escape(line) for line in hint.splitlines())
    return _v4.new_markdown_cell(
        f"## For the reader\n\n{text}\n",
        id=_cell_id(definition.id, "for-the-reader"),
        metadata={"editable": False, "nbgrader": _nbgrader("for-the-reader")},
    )


def _criterion(definition: Definition, criterion: Criterion) -> list[Any]:
    """Return a criterion's two cells: what speaks for it, and the task that a person marks."""
    levels = "\n".join(
        f"- {level}: {_escape(text)}" for level, text in enumerate(criterion.descriptors)
    )
    most = len(criterion.descriptors) - 1
    return [
        _v4.new_code_cell(
            f'from ustaz_widgets.notebook import checked\n\nchecked("{criterion.id}")',
            id=_cell_id(definition.id, "evidence", criterion.id),
            metadata={**_HIDDEN, "nbgrader": _nbgrader(f"{EVIDENCE}{criterion.id}")},
        ),
        _v4.new_markdown_cell(
            f"## {criterion.code} {_escape(criterion.label)}\n\n{levels}\n",
            id=_cell_id(definition.id, "criterion", criterion.id),
            metadata={"nbgrader": _nbgrader(f"{CRITERION}{criterion.id}", points=most, task=True)},
        ),
    ]


def build_notebook(definition: Definition) -> Any:  # noqa: ANN401  (nbformat has no types)
    """Return the notebook of `definition` (nbformat 4.5), the same on every machine."""
    cells = [
        _v4.new_markdown_cell(
            _top(definition),
            id=_cell_id(definition.id, "top"),
            metadata={"editable": False, "nbgrader": _nbgrader("top")},
        ),
        _v4.new_code_cell(
            f'from ustaz_widgets.notebook import Workbook\n\nWorkbook("{definition.id}")',
            id=_cell_id(definition.id, "workbook"),
            metadata={**_HIDDEN, "nbgrader": _nbgrader("workbook")},
        ),
    ]
    for section in definition.sections:
        if section.points:
            cells.extend(_section(definition, section))
    if definition.portfolio is not None:
        if definition.manual is not None:
            cells.append(_for_the_reader(definition, definition.manual.hint))
        for criterion in rubric_of(definition).criteria:
            cells.extend(_criterion(definition, criterion))
    elif definition.manual is not None:
        hint = "\n".join(_escape(line) for line in definition.manual.hint.splitlines())
        cells.append(
            _v4.new_markdown_cell(
                f"## For the reader\n\n{hint}\n",
                id=_cell_id(definition.id, "review"),
                metadata={
                    "nbgrader": _nbgrader("review", points=definition.manual.points, task=True)
                },
            )
        )
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        "ustaz": {"workbook": definition.id, "version": definition.version},
    }
    notebook = _v4.new_notebook(cells=cells, metadata=metadata)
    nbformat.validate(notebook)
    return notebook


def notebook_text(definition: Definition) -> str:
    """Return the notebook as the text of its file."""
    return str(_v4.writes(build_notebook(definition))) + "\n"


def stale(library: Library, directory: Path) -> list[Path]:
    """Return the notebooks ``<directory>/<id>/<id>.ipynb`` that differ from their definition."""
    paths = []
    for workbook in library:
        path = directory / workbook / f"{workbook}.ipynb"
        if path.parent.is_dir() and not library[workbook].companion:
            text = notebook_text(library[workbook])
            if not path.is_file() or path.read_text(encoding="utf-8") != text:
                paths.append(path)
    return paths


def write_notebooks(library: Library, directory: Path) -> list[Path]:
    """Write the notebooks that are not current; return them."""
    changed = stale(library, directory)
    for path in changed:
        path.write_text(notebook_text(library[path.stem]), encoding="utf-8")
    return changed
