"""The course as a kernel reaches it: by which address, with which token, and as whom.

Behind a hub the service of the course is asked with the token of the person's own server. On one
computer it is the Jupyter server that started this kernel, with the token of that server. Whoever
the server takes the token for is the person; this half of the widget decides nothing about that.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

from ustaz.base.errors import UstazError
from ustaz.exchange.client import COURSES_ENV, URL_ENV, Service, courses

PREFIX_ENV: Final = "JUPYTERHUB_SERVICE_PREFIX"
BASE_ENV: Final = "USTAZ_BASE_URL"
PERSON_ENV: Final = "USTAZ_PERSON"
PARENT_ENV: Final = "JPY_PARENT_PID"
_PERSON: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,31}\Z")


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


def service(course: str = "", *, acting: str = "") -> Service:
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
    UstazError
        ``no_service``: this kernel was not started by a server that has Ustaz.
    """
    if os.environ.get(URL_ENV):
        return Service.from_environment(course or next(iter(courses()), ""))
    from jupyter_server.serverapp import list_running_servers

    parent = os.environ.get(PARENT_ENV, "")
    for server in list_running_servers():
        if parent and str(server.get("pid")) == parent:
            person = os.environ.get(PERSON_ENV, "") or acting or owner_here()
            address = f"{str(server['url']).rstrip('/')}/ustaz/"
            return Service(
                address,
                str(server.get("token", "")),
                acting=person if _PERSON.match(person) else "",
            )
    raise UstazError(
        "no_service",
        "This notebook runs without a server of Ustaz, so nothing can be read of a course.",
        "Open it in JupyterLab on the hub, or start `ustaz serve COURSE` and open it there.",
    )
