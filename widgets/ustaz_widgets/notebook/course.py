"""The course as a kernel reaches it: by which address, with which token, and as whom.

Behind a hub the service of the course is asked with the token of the person's own server. On one
computer it is the Jupyter server that started this kernel, with the token of that server. Whoever
the server takes the token for is the person; this half of the widget decides nothing about that.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx

URL_ENV: Final = "USTAZ_SERVICE_URL"
COURSES_ENV: Final = "USTAZ_SERVICE_COURSES"
TOKEN_ENV: Final = "JUPYTERHUB_API_TOKEN"  # noqa: S105 - the variable's name
PREFIX_ENV: Final = "JUPYTERHUB_SERVICE_PREFIX"
BASE_ENV: Final = "USTAZ_BASE_URL"
PERSON_ENV: Final = "USTAZ_PERSON"
PARENT_ENV: Final = "JPY_PARENT_PID"
PATIENCE: Final = 20.0
#: What helps in a notebook, beside what the course says to everybody.
_HERE: Final = {
    "choose_person": "In a notebook also: import os; os.environ['USTAZ_PERSON'] = 'aigul-s'",
}
_PERSON: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,31}\Z")


class CourseError(RuntimeError):
    """The course could not be read; nothing was changed.

    Attributes
    ----------
    id : str
        ``no_service``, ``hub_away``, or what the course says: ``not_yours``, ``no_page``, ….
    message : str
        What is the matter.
    hint : str
        What to do.
    """

    def __init__(self, id: str, message: str, hint: str = "") -> None:
        super().__init__(f"{message} {hint}".strip())
        self.id = id
        self.message = message
        self.hint = hint

    def _render_traceback_(self) -> list[str]:
        """Show the words alone in a notebook: where they were raised is nobody's business."""
        return [f"CourseError ({self.id}): {self.message}", *filter(None, [self.hint])]


@dataclass(frozen=True, slots=True)
class Calls:
    """The calls of one course.

    Attributes
    ----------
    pages : str
        Address of the course's pages, with a slash at its end.
    token : str
        Sent to this address only, because no redirect is followed.
    acting : str
        Whom somebody tries out in a demo course; means nothing elsewhere.
    """

    pages: str
    token: str
    acting: str = ""

    def get(self, path: str, *, patience: float = PATIENCE) -> Any:  # noqa: ANN401
        """Return the answer of a reading call.

        Parameters
        ----------
        path : str
            Below ``api/v1/``.
        patience : float
            Seconds after which the course is away.

        Raises
        ------
        CourseError
        """
        headers = {
            "Accept": "application/json",
            "Content-Type": "application/json",
            "Authorization": f"token {self.token}",
            **({"X-Ustaz-Acting": self.acting} if self.acting else {}),
        }
        try:
            response = httpx.get(
                f"{self.pages}api/v1/{path}", headers=headers, timeout=patience, trust_env=False
            )
            data = response.json()
        except (httpx.HTTPError, httpx.InvalidURL, ValueError):
            raise _away() from None
        if response.is_success:
            return data
        if not isinstance(data, dict) or "error" not in data:
            raise _away()
        id, message, hint = (str(data.get(key, "")) for key in ("error", "message", "hint"))
        raise CourseError(id, message, f"{hint} {_HERE[id]}".strip() if id in _HERE else hint)


def _away() -> CourseError:
    return CourseError(
        "hub_away",
        "The course does not answer just now; nothing was changed.",
        "Wait a moment and try again.",
    )


def page_address(workbook: str, course: str = "") -> str:
    """Return the address of a workbook's page on the server that this kernel belongs to."""
    base = os.environ.get(PREFIX_ENV) or os.environ.get(BASE_ENV) or "/"
    return f"{base.rstrip('/')}/ustaz/{f'{course}/' if course else ''}workbooks/{workbook}"


def course_here() -> str:
    """Return which of a person's courses this notebook's folder is in; empty outside a hub."""
    known = os.environ.get(COURSES_ENV, "").split()
    return next((part for part in reversed(Path.cwd().parts) if part in known), "")


def owner_here() -> str:
    """Return the person in whose folder of a course this notebook lies; empty elsewhere."""
    parts = Path.cwd().parts
    at = len(parts) - 1 - parts[::-1].index("people") if "people" in parts else len(parts)
    owner = parts[at + 1] if at + 1 < len(parts) else ""
    return owner if _PERSON.match(owner) else ""


def service(course: str = "", *, acting: str = "") -> Calls:
    """Return the course's calls.

    Parameters
    ----------
    course : str
        Which of the person's courses; empty for the one that the server is for.
    acting : str
        Whom the page beside this kernel is used as; counts in a demo course alone, after
        ``USTAZ_PERSON`` and before the owner of the folder.

    Raises
    ------
    CourseError
        ``no_service``: this kernel was not started by a server that has Ustaz.
    """
    url, token = os.environ.get(URL_ENV, ""), os.environ.get(TOKEN_ENV, "")
    course = course or next(iter(os.environ.get(COURSES_ENV, "").split()), "")
    if url and token and course:
        return Calls(f"{url}{course}/", token)
    from jupyter_server.serverapp import list_running_servers

    parent = os.environ.get(PARENT_ENV, "")
    for server in list_running_servers():
        if parent and str(server.get("pid")) == parent:
            person = os.environ.get(PERSON_ENV, "") or acting or owner_here()
            address = f"{str(server['url']).rstrip('/')}/ustaz/"
            acting = person if _PERSON.match(person) else ""
            return Calls(address, str(server.get("token", "")), acting)
    raise CourseError(
        "no_service",
        "This notebook runs without a server of Ustaz, so nothing can be read of a course.",
        "Open it in JupyterLab on the hub, or start `ustaz serve COURSE` and open it there.",
    )
