"""A workbook in the output of a notebook cell.

The widget is a view: the browser half talks to the server's HTTP API, and this half reads. It
holds no answers in traits, because anything a trait holds could be overwritten by the page and
would be lost with the kernel.
"""

from __future__ import annotations

import html
import json
import os
import re
from pathlib import Path
from typing import Any, Final

import anywidget
import traitlets

__all__ = ["Workbook", "checked", "page_address"]

BUNDLE: Final = Path(__file__).resolve().parent.parent / "static" / "widget.mjs"
_ID: Final = re.compile(r"[a-z][a-z0-9-]{0,31}\Z")
_SECTION: Final = re.compile(r"[a-z][a-z0-9_-]{0,31}\Z")
_LARGEST: Final = 4 * 1024 * 1024


def page_address(workbook: str, course: str = "") -> str:
    """Return the address of a workbook's page on the server that this kernel belongs to."""
    base = os.environ.get("JUPYTERHUB_SERVICE_PREFIX") or os.environ.get("USTAZ_BASE_URL") or "/"
    return f"{base.rstrip('/')}/ustaz/{f'{course}/' if course else ''}workbooks/{workbook}"


def course_here() -> str:
    """Return which of a person's courses this notebook's folder is in; empty outside a hub."""
    here = Path.cwd().parent.name
    return here if here in os.environ.get("USTAZ_SERVICE_COURSES", "").split() else ""


class Workbook(anywidget.AnyWidget):
    """Show one workbook of the person who is signed in.

    Parameters
    ----------
    workbook : str
        Its id, as ``"focus"``.

    Raises
    ------
    ValueError
        If `workbook` is not an id.
    """

    _esm = BUNDLE if BUNDLE.is_file() else "export default { render() {} };"
    workbook = traitlets.Unicode(read_only=True).tag(sync=True)
    course = traitlets.Unicode(read_only=True).tag(sync=True)

    def __init__(self, workbook: str) -> None:
        if not _ID.match(workbook):
            raise ValueError("a workbook's id holds small letters, digits and hyphens")
        super().__init__()
        self.set_trait("workbook", workbook)
        self.set_trait("course", course_here())

    @property
    def answers(self) -> dict[str, Any]:
        """Return the answers that lie beside this notebook; empty when there are none.

        A copy to look at: changing it changes nothing.
        """
        path = Path("answers.json")
        try:
            if path.stat().st_size > _LARGEST:
                return {}
            document = json.loads(path.read_bytes())
        except (OSError, ValueError, RecursionError):
            return {}
        answers = document.get("answers") if isinstance(document, dict) else None
        return answers if isinstance(answers, dict) else {}

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:  # noqa: ANN401
        """Add a plain link for readers without widgets; stay silent while nbgrader runs cells."""
        if os.environ.get("NBGRADER_EXECUTION"):
            return {"text/plain": ""}, {}
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        address = html.escape(page_address(self.workbook, self.course), quote=True)
        link = f'<p><a href="{address}">{html.escape(self.workbook)}</a></p>'
        return {**(data or {}), "text/html": link}, metadata


def checked(section: str) -> None:
    """Stand in a grade cell: a section is checked from the answers, never by running this.

    Silent on purpose. Whoever runs the cell sees nothing, and a grader that executes notebooks
    gets nothing to believe; the score comes from the definition and ``answers.json``.
    """
    if not _SECTION.match(section):
        raise ValueError("a section's id holds small letters, digits, _ and -")
