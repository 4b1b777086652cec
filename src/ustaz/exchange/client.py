"""Calling the service from a server that a hub spawned: one course, in the owner's name.

The server's own token says who asks. Nothing is kept here, and every refusal is one line.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any, Final, Protocol

from ustaz.base import http_client
from ustaz.base.errors import UstazError

URL_ENV: Final = "USTAZ_SERVICE_URL"
"""Where the service listens on this computer, with a slash at its end."""

COURSES_ENV: Final = "USTAZ_SERVICE_COURSES"
"""Ids of the account's courses with spaces between them; the first one is this server's own."""

TOKEN_ENV: Final = "JUPYTERHUB_API_TOKEN"  # noqa: S105 - the variable's name
PATIENCE: Final = 20.0
API: Final = "api/v1"
COURSE_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,31}\Z")


class Calls(Protocol):
    """What the plug-ins ask of a service."""

    def get(self, path: str) -> Any:  # noqa: ANN401
        """Return the answer of a reading call."""

    def post(self, path: str, body: object) -> Any:  # noqa: ANN401
        """Return the answer of a writing call."""


def away() -> UstazError:
    """Return what is said when no answer came."""
    return UstazError(
        "hub_away",
        "The course does not answer just now; nothing was changed.",
        "Wait a moment and try again.",
    )


def courses(environ: Mapping[str, str] | None = None) -> list[str]:
    """Return the ids of the account's courses, this server's own first."""
    words = (os.environ if environ is None else environ).get(COURSES_ENV, "").split()
    return [fromkey for fromkey in dict.fromkeys(words) if COURSE_ID.match(fromkey)]


class Service:
    """The service's calls about one course.

    Parameters
    ----------
    url : str
        The service's address, with a slash at its end.
    token : str
    course : str
    """

    def __init__(self, url: str, token: str, course: str) -> None:
        self._base = f"{url}{course}/{API}/"
        self._token = token

    @classmethod
    def from_environment(cls, course: str) -> Service:
        """Return the service of a spawned server; refuse where none is named."""
        url, token = os.environ.get(URL_ENV, ""), os.environ.get(TOKEN_ENV, "")
        if not (url.startswith(("http://", "https://")) and token and COURSE_ID.match(course)):
            raise UstazError(
                "no_service",
                "This is not a server of a hub, or the course is not named.",
                "Run this in JupyterLab on the hub, with --course in the list of your courses.",
            )
        return cls(url, token, course)

    def get(self, path: str) -> Any:  # noqa: ANN401
        """Return the answer of a reading call."""
        return self._ask("GET", path)

    def post(self, path: str, body: object) -> Any:  # noqa: ANN401
        """Return the answer of a writing call."""
        return self._ask("POST", path, body)

    def _ask(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401
        try:
            response = http_client.call(
                method, self._base + path, token=self._token, body=body, seconds=PATIENCE
            )
            if response.ok:
                return response.json()
        except (OSError, ValueError):
            raise away() from None
        raise _refused(response)


def _refused(response: http_client.Response) -> UstazError:
    try:
        problem = response.json()
        return UstazError(
            str(problem["error"]), str(problem["message"]), str(problem.get("hint", ""))
        )
    except (ValueError, KeyError, TypeError):
        return away()
