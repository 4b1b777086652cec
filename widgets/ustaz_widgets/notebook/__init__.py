"""A workbook in the output of a notebook cell.

The widget is a view: the browser half talks to the server's HTTP API, and this half reads. It
holds no answers in traits, because anything a trait holds could be overwritten by the page and
would be lost with the kernel. What the page says of itself (that something was saved, and as whom
it is used) is a signal: answers are asked of the server, with the server's own token.
"""

from __future__ import annotations

import copy
import html
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import anywidget
import traitlets
from ipywidgets import CallbackDispatcher

from ustaz_widgets.arguments import refuse_unknown
from ustaz_widgets.fallback import with_fallback
from ustaz_widgets.notebook.course import CourseError, course_here, page_address, service
from ustaz_widgets.notebook.progress import Progress

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CourseError", "Progress", "Workbook", "checked", "page_address"]

BUNDLE: Final = Path(__file__).resolve().parent.parent / "static" / "widget.mjs"
_ID: Final = re.compile(r"[a-z][a-z0-9-]{0,31}\Z")
_PERSON: Final = re.compile(r"([a-z0-9][a-z0-9-]{0,31})?\Z")
_SECTION: Final = re.compile(r"[a-z][a-z0-9_-]{0,31}\Z")
_LANGUAGE: Final = re.compile(r"([a-z]{2})?\Z")
#: Set to ``none`` by whoever runs a server on which no notebook is to hold answers.
IN_FILES_ENV: Final = "USTAZ_ANSWERS_IN_FILES"
#: Seconds that a cell waits for the part of its output that only a saved file shows.
PATIENCE: Final = 5.0
_STATIC: Final = ("title", "lang", "html", "text")


class Workbook(anywidget.AnyWidget):
    """Show one workbook, to be filled in or to be read, and tell Python what stands in it.

    Parameters
    ----------
    workbook : str
        Its id, as ``"focus"``.
    person : str, optional
        Read somebody else's: a member of the own group, for whoever may. Default: the own one.
    section : str, optional
        Show one section alone, without what stands around it.
    read_only : bool
        Show the answers, with nothing to write in.
    lang : str, optional
        ``en``, ``ru`` or ``kk``; default is the language of the person.
    answers_in_file : bool, optional
        Whether the output, and so a notebook that is saved with it, holds the answers as plain
        HTML for readers without widgets. Default: of one's own workbook what a facilitator reads
        of it, of somebody else's nothing; and nothing at all where the environment has
        ``USTAZ_ANSWERS_IN_FILES=none``.
    **kwargs
        What every ipywidget takes, such as ``layout``.

    Attributes
    ----------
    revision : int
        Of the answers, as the page beside this kernel saw it saved last; 0 before the page has
        loaded. A signal to observe, not the source: ask `answers` what stands there.

    Raises
    ------
    ValueError
        If an argument is no id, or no language.
    TypeError
        If there is no such argument.

    Examples
    --------
    >>> from ustaz_widgets import Workbook
    >>> plan = Workbook("action-plan", read_only=True)  # doctest: +SKIP
    >>> plan.table("steps").due.min()  # doctest: +SKIP
    """

    _esm = BUNDLE if BUNDLE.is_file() else "export default { render() {} };"
    workbook = traitlets.Unicode(read_only=True).tag(sync=True)
    course = traitlets.Unicode(read_only=True).tag(sync=True)
    person = traitlets.Unicode(read_only=True).tag(sync=True)
    section = traitlets.Unicode(read_only=True).tag(sync=True)
    lang = traitlets.Unicode(read_only=True).tag(sync=True)
    read_only = traitlets.Bool(read_only=True).tag(sync=True)
    revision = traitlets.Int(0, read_only=True).tag(sync=True)

    def __init__(
        self,
        workbook: str,
        *,
        person: str | None = None,
        section: str | None = None,
        read_only: bool = False,
        lang: str | None = None,
        answers_in_file: bool | None = None,
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        refuse_unknown(type(self), kwargs)
        if not _ID.match(workbook):
            raise ValueError(
                f"a workbook's id holds small letters, digits and hyphens, not {workbook!r}"
            )
        if not _PERSON.match(person or ""):
            raise ValueError("a person's id holds small letters, digits and hyphens")
        if section is not None and not _SECTION.match(section):
            raise ValueError("a section's id holds small letters, digits, _ and -")
        if not _LANGUAGE.match(lang or ""):
            raise ValueError("a language is named by two small letters, as kk")
        super().__init__(**kwargs)
        self._saved = CallbackDispatcher()
        self._reader = ""
        self._answers_in_file = answers_in_file
        for name, value in {
            "workbook": workbook,
            "course": course_here(),
            "person": person or "",
            "section": section or "",
            "lang": lang or "",
            "read_only": read_only,
        }.items():
            self.set_trait(name, value)
        self.on_msg(self._heard)

    def __repr__(self) -> str:
        named = ("person", "section", "lang")
        further = [f", {name}={value!r}" for name in named if (value := getattr(self, name))]
        read = ", read_only=True" if self.read_only else ""
        return f"Workbook({self.workbook!r}{''.join(further)}{read})"

    # -- what the page says -------------------------------------------------------------------
    def on_saved(self, callback: Callable[[Workbook], object], *, remove: bool = False) -> None:
        """Call `callback` with this widget each time the page's words are on the server's disk.

        Parameters
        ----------
        callback : callable
            Takes the widget. It is called once for each acknowledged save of this page; what is
            saved elsewhere, on a telephone for instance, is not heard of.
        remove : bool
            Call it no more.
        """
        self._saved.register_callback(callback, remove=remove)

    def _heard(self, _widget: object, content: object, _buffers: object) -> None:
        """Take a message of the page: ``{event, revision, reader}``."""
        if not isinstance(content, dict):
            return
        revision, reader = content.get("revision"), content.get("reader")
        if isinstance(reader, str) and _PERSON.match(reader):
            self._reader = reader
        if not isinstance(revision, int) or isinstance(revision, bool) or revision < 0:
            return
        self.set_trait("revision", revision)
        if content.get("event") == "saved":
            self._saved(self)

    # -- what stands on the server --------------------------------------------------------------
    def _ask(self, what: str = "") -> Any:  # noqa: ANN401
        query = f"?person={self.person}" if self.person else ""
        calls = service(self.course, acting=self._reader)
        return calls.get(f"workbooks/{self.workbook}{what}{query}")

    @property
    def answers(self) -> dict[str, Any]:
        """The answers as they stand on the server, by field: a copy to look at.

        Raises
        ------
        CourseError
            When the server does not answer, or this person may not read them.
        """
        return copy.deepcopy(dict(self._ask("/answers")["answers"]))

    @property
    def evaluation(self) -> Progress:
        """How far the workbook is, and what is open.

        Raises
        ------
        CourseError
            As for `answers`.
        """
        data = self._ask()
        return Progress.from_page(data["evaluation"], data["definition"])

    def table(self, field: str = "") -> pd.DataFrame:
        """Return answers as a tidy table.

        Parameters
        ----------
        field : str
            A table, a list or several choices of the workbook, as ``"steps"``: one row an entry.
            Without one, the workbook itself: one row, a column a field.

        Raises
        ------
        KeyError
            If the workbook has no such table; the message names those that it has.
        CourseError
            As for `answers`.
        """
        import pandas as pd

        tables = self._ask("/tables")["tables"]
        name = f"{self.workbook}.{field}" if field else self.workbook
        if name not in tables:
            known = [key.partition(".")[2] for key in tables if "." in key]
            raise KeyError(f"{self.workbook} has no table {field!r}; it has {', '.join(known)}")
        data = tables[name]
        columns = {
            str(column): pd.Series([row[at] for row in data["rows"]], dtype="object").astype(dtype)
            for at, (column, dtype) in enumerate(data["columns"])
        }
        return pd.DataFrame(columns)

    # -- what is kept in a file -----------------------------------------------------------------
    @property
    def _keeps_answers(self) -> bool:
        """Whether the output may hold answers, since whoever saves it keeps it for good."""
        if os.environ.get(IN_FILES_ENV, "") == "none":
            return False
        return not self.person if self._answers_in_file is None else self._answers_in_file

    def _static(self) -> tuple[str, str]:
        """Return what readers without widgets see, as HTML and as text; never an error."""
        query = {
            **({"person": self.person} if self.person else {}),
            **({"section": self.section} if self.section else {}),
            **({"lang": self.lang} if self.lang else {}),
            **({} if self._keeps_answers else {"answers": "no"}),
        }
        address = html.escape(page_address(self.workbook, self.course), quote=True)
        title, lang, body, text = self.workbook, "", "", ""
        try:
            calls = service(self.course, acting=self._reader)
            path = f"workbooks/{self.workbook}/reading?{urlencode(query)}"
            answer = calls.get(path, patience=PATIENCE)
            title, lang, body, text = (str(answer[key]) for key in _STATIC)
        except (CourseError, KeyError, TypeError):
            pass  # the view in the page says what is the matter, and to a file it does not
        spoken = f' lang="{html.escape(lang, quote=True)}"' if lang else ""
        link = f'<p><a href="{address}">{html.escape(title)}</a></p>'
        return f"<div{spoken}>{link}{body}</div>", "\n".join(filter(None, (title, text)))

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:  # noqa: ANN401
        """Add what readers without widgets see; stay silent while nbgrader runs cells."""
        if os.environ.get("NBGRADER_EXECUTION"):
            return {"text/plain": ""}, {}
        return with_fallback(super()._repr_mimebundle_(**kwargs), *self._static())


def checked(section: str) -> None:
    """Stand in a grade cell: a section is checked from the answers, never by running this.

    Silent on purpose. Whoever runs the cell sees nothing, and a grader that executes notebooks
    gets nothing to believe; the score comes from the definition and ``answers.json``.
    """
    if not _SECTION.match(section):
        raise ValueError("a section's id holds small letters, digits, _ and -")
