"""A home of one's own in JupyterLab: what lies in it before anybody writes.

::

    <home>/
      README.md               what this is, in the person's language
      nbgrader_config.py      nbgrader's exchange through the service
      <course>/<workbook>/    the released notebook, which opens as the workbook

Nothing of it holds answers: those are kept by the service, so everything here can be made anew.
"""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path
from typing import Final

from ustaz.base import files
from ustaz.base.errors import UstazError
from ustaz.exchange.client import Calls, Service, courses
from ustaz.exchange.remote import write_notebooks
from ustaz.messages import LANGUAGES, N_, translator

log = logging.getLogger("ustaz.hub")

CONFIG: Final = """\
# nbgrader's exchange through the course's service. Written anew at each start.
c = get_config()  # noqa: F821  (nbgrader gives it)

c.CourseDirectory.course_id = {course!r}
c.CourseDirectory.root = {home!r}
c.Exchange.assignment_dir = {home!r}
c.ExchangeFactory.submit = "ustaz.exchange.remote.RemoteSubmit"
c.ExchangeFactory.list = "ustaz.exchange.remote.RemoteList"
c.ExchangeFactory.fetch_assignment = "ustaz.exchange.remote.RemoteFetchAssignment"
c.ExchangeFactory.fetch_feedback = "ustaz.exchange.remote.RemoteFetchFeedback"
c.ExchangeFactory.collect = "ustaz.exchange.remote.RemoteCollect"
c.ExchangeFactory.release_assignment = "ustaz.exchange.remote.RemoteReleaseAssignment"
c.ExchangeFactory.release_feedback = "ustaz.exchange.remote.RemoteReleaseFeedback"
"""

TITLE: Final = N_("Your workbooks in JupyterLab")
LINES: Final = (
    N_("Each folder is a course, and each folder in it is a workbook. Open the notebook in it:"
       " it shows the workbook itself. There is nothing to run."),
    N_("What you write is kept by the course, not in these files. It is the same workbook as on"
       " your home page, and you can go on there at any time."),
    N_("If JupyterLab stops, nothing is lost. Open it again, or go to your home page."),
    N_("To submit, use the button in the workbook, or the Assignments page of JupyterLab."),
)  # fmt: skip

#: What course staff have in JupyterLab and nobody else needs.
LEFT_OUT: Final = ("formgrader", "course-list", "create-assignment", "validate-assignment")
NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,31}\Z")


def prepare(home: Path) -> None:
    """Lay everything out; a course that does not answer is left for the next start."""
    known = courses()
    lang = ""
    for course in known:
        try:
            calls = Service.from_environment(course)
            lang = lang or str(calls.get("me")["lang"])
            lay_out(home / course, calls)
        except (UstazError, KeyError, TypeError) as error:
            log.warning("ustaz: %s was not laid out: %s", course, type(error).__name__)
    only = known[0] if len(known) == 1 else ""
    put(home / "nbgrader_config.py", CONFIG.format(course=only, home=str(home)))
    put(home / "README.md", readme(lang if lang in LANGUAGES else LANGUAGES[0]))
    leave_out(home / ".jupyter" / "labconfig" / "page_config.json")


def lay_out(folder: Path, calls: Calls) -> None:
    """Put the released notebooks of a course into its folder."""
    for assignment in calls.get("assignments")["assignments"]:
        if assignment["notebooks"] and NAME.match(assignment["workbook"]):
            write_notebooks(calls, folder / assignment["workbook"], assignment["workbook"])


def readme(lang: str) -> str:
    """Return the words of the README."""
    say = translator(lang).gettext
    return "\n\n".join([f"# {say(TITLE)}", *map(say, LINES)]) + "\n"


def leave_out(path: Path) -> None:
    """Hide the pages of course staff in JupyterLab."""
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    hidden = {f"@jupyter/nbgrader:{name}": True for name in LEFT_OUT}
    put(path, json.dumps({"disabledExtensions": hidden}, indent=2) + "\n")


def put(path: Path, text: str) -> None:
    """Write a file of ours where it differs; never through a link."""
    data = text.encode()
    if path.is_symlink() or (path.is_file() and path.read_bytes() == data):
        return
    files.replace(path, data)
