"""The addresses of Ustaz on a Jupyter Server that has no course: what is the matter, what to do."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

from tornado import web

from ustaz.base.errors import CourseError
from ustaz.messages import LANGUAGES, N_, translator
from ustaz.server.http import COMMON_HEADERS
from ustaz.server.i18n import choose_language
from ustaz.server.site import API
from ustaz.server.templates import HTML, environment

CSP: Final = "default-src 'none'; frame-ancestors 'self'; base-uri 'none'"
MESSAGE: Final = N_("There is no course here.")
HINT: Final = N_(
    "Start Jupyter in a course's directory, or name the directory in USTAZ_COURSE. "
    "`ustaz new DIR` makes a course, `ustaz serve DIR` opens it."
)


def handlers(
    root: str,
    host: type[web.RequestHandler],
    guard: Callable[[Any], Any],
    error: CourseError,
) -> list[Any]:
    """Return what answers below ``ustaz/``.

    Parameters
    ----------
    root : str
        The host's base address, with slashes at both ends.
    host : type
        The host's own handler class.
    guard : callable
        Lets in whoever the host signed in.
    error : CourseError
        Why there is no course.
    """

    class Nowhere(host):  # type: ignore[misc, valid-type]
        """Says it in the reader's language, or to a program."""

        auth_resource = "ustaz"

        @guard
        def get(self, path: str = "") -> None:
            """Answer 404."""
            wished = self.get_query_argument("lang", None)
            accept = self.request.headers.get("Accept-Language", "")
            lang = choose_language(LANGUAGES, wished, accept=accept)
            say = translator(lang).gettext
            self.set_status(404)
            for name, value in COMMON_HEADERS.items():
                self.set_header(name, value)
            self.set_header("Content-Security-Policy", CSP)
            if path.startswith(API):
                self.set_header("Content-Type", "application/json")
                body = {"error": error.id, "message": say(MESSAGE), "hint": say(HINT)}
                self.finish(json.dumps(body, ensure_ascii=False))
                return
            self.set_header("Content-Type", HTML)
            self.finish(
                environment()
                .get_template("nowhere.html")
                .render(lang=lang, message=say(MESSAGE), hint=say(HINT), error=error.message)
            )

    return [(f"{root}ustaz", Nowhere), (f"{root}ustaz/(.*)", Nowhere)]
