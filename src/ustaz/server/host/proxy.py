"""Ustaz in a server that a hub spawned: nothing is kept here, everything is asked of the service.

Calls and static files are forwarded with the server's own token, so the service knows whose server
asks; pages lead to the service's pages. Which course is meant stands in the address::

    {base_url}ustaz/<course>/api/v1/…     a course of the account
    {base_url}ustaz/api/v1/…              this server's own course

All of it lies behind Jupyter Server's own sign-in and XSRF protection.
"""

from __future__ import annotations

import datetime as dt
import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tornado import web
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest
from tornado.httputil import HTTPHeaders

from ustaz.exchange.client import TOKEN_ENV, URL_ENV, courses
from ustaz.messages import LANGUAGES, N_, translator
from ustaz.server import problem_texts
from ustaz.server.arguments import AnyBytes
from ustaz.server.host.headers import SafeHeaders
from ustaz.server.host.limits import MAX_BODY
from ustaz.server.http import API_CSP, HTTPProblem, json_response
from ustaz.server.i18n import Words, choose_language
from ustaz.server.site import API

log = logging.getLogger("ustaz.server")

PREFIX_ENV: Final = "USTAZ_SERVICE_PREFIX"
CONNECT: Final = 5.0
PATIENCE: Final = 20.0
LARGEST: Final = 16 * 1024 * 1024
AT_ONCE: Final = 32

#: What of a request the service needs to know, and what of its answer the browser.
ASKED: Final = (
    "Accept", "Accept-Encoding", "Accept-Language", "Content-Type", "If-None-Match",
    "X-Ustaz-Person",
)  # fmt: skip
ANSWERED: Final = (
    "Content-Type", "Content-Encoding", "ETag", "Cache-Control", "Vary", "Retry-After",
    "Content-Security-Policy", "Content-Disposition",
)  # fmt: skip
#: Names in our addresses need no other letters, and no step upwards.
PATH: Final = re.compile(r"(?!.*\.\.)[A-Za-z0-9._/-]*\Z")


@dataclass(frozen=True)
class Target:
    """The service, as a spawned server reaches it.

    Attributes
    ----------
    url : str
        Where it listens on this computer, with a slash at its end.
    prefix : str
        Under which address people reach it.
    token : str
        This server's own.
    courses : tuple of str
        The account's courses, this server's own first.
    client : AsyncHTTPClient
    """

    url: str
    prefix: str
    token: str
    courses: tuple[str, ...]
    client: AsyncHTTPClient = field(
        default_factory=lambda: AsyncHTTPClient(
            force_instance=True,
            max_clients=AT_ONCE,
            max_body_size=LARGEST,
            max_buffer_size=LARGEST,
        )
    )

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Target | None:
        """Return the service of a spawned server; None where no hub spawned this one."""
        url, token = environ.get(URL_ENV, ""), environ.get(TOKEN_ENV, "")
        known = tuple(courses(environ))
        if not (url and token and known):
            return None
        return cls(url, environ.get(PREFIX_ENV, "/services/ustaz/"), token, known)


class _Ours(AnyBytes, SafeHeaders, web.RequestHandler):
    """Safe headers, and refusals in the reader's language, as JSON."""

    auth_resource = "ustaz"
    target: Target

    def initialize(self, target: Target) -> None:
        """Take the service's address."""
        self.target = target

    @property
    def content_security_policy(self) -> str:
        """Return the policy for what is not forwarded."""
        return API_CSP

    def course(self, named: str | None) -> str:
        """Return the course of an address; refuse one that is not the account's."""
        if named is None:
            return self.target.courses[0]
        if named not in self.target.courses:
            raise HTTPProblem(404, "no_page")
        return named

    def write_error(self, status_code: int, **kwargs: Any) -> None:  # noqa: ANN401
        """Answer with an id, a message and a hint."""
        error = (kwargs.get("exc_info") or (None, None, None))[1]
        problem = self._refusal(status_code, error)
        lang = choose_language(
            LANGUAGES,
            self.get_query_argument("lang", None),
            self.get_cookie("ustaz-lang"),
            accept=self.request.headers.get("Accept-Language", ""),
        )
        response = json_response(problem_texts.as_json(_words(lang), problem), problem.status)
        self.set_status(response.status)
        self.set_header("Content-Type", response.content_type)
        self.finish(response.body)

    def _refusal(self, status: int, error: BaseException | None) -> HTTPProblem:
        if isinstance(error, HTTPProblem):
            return error
        if status == 403 and not self.current_user:
            return HTTPProblem(403, "signed_out")
        if status == 403 and "xsrf" in str(getattr(error, "log_message", "")).lower():
            return HTTPProblem(403, "xsrf")
        known = {400: "bad_request", 403: "not_yours", 404: "no_page", 405: "wrong_method"}
        return HTTPProblem(status, known.get(status, "internal"))

    def get_login_url(self) -> str:
        """Answer calls instead of sending them to a page."""
        raise web.HTTPError(403, "signed out")

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:  # noqa: ANN401
        """Log refusals by id, and faults by their kind: never what was sent."""
        known = isinstance(value, HTTPProblem)
        what = value.id if known else getattr(value, "status_code", typ.__name__)
        level = logging.INFO if known else logging.WARNING
        log.log(level, "ustaz: %s %s", what, self.request.method)
        del tb


class Forwarded(_Ours):
    """A call or a static file."""

    async def prepare(self) -> None:
        """Refuse what is too large before anything else looks at it."""
        prepared: Any = super().prepare()
        if prepared is not None:
            await prepared
        length = self.request.headers.get("Content-Length", "0")
        if not length.isdigit() or max(int(length), len(self.request.body)) > MAX_BODY:
            raise HTTPProblem(413, "too_large")

    async def forward(self, path: str, course: str | None = None) -> None:
        """Ask the service in the name of this server's owner, and pass its answer on."""
        course = self.course(course)
        if not PATH.match(path):
            raise HTTPProblem(404, "no_page")
        # Who writes is at work, though nothing of it happens in a kernel.
        self.settings["api_last_activity"] = dt.datetime.now(dt.UTC)
        query = f"?{self.request.query}" if self.request.query else ""
        body = self.request.body
        request = HTTPRequest(
            f"{self.target.url}{course}/{path}{query}",
            method=str(self.request.method),
            headers=self._asked(),
            body=body if body or self.request.method in {"POST", "PATCH", "PUT"} else None,
            connect_timeout=CONNECT,
            request_timeout=PATIENCE,
            follow_redirects=False,
            decompress_response=False,
            allow_nonstandard_methods=True,
        )
        try:
            answer = await self.target.client.fetch(request, raise_error=False)
        except (HTTPClientError, OSError):
            raise away() from None
        if answer.code == 599:
            raise away()
        kind = answer.headers.get("Content-Type", "")
        if 300 <= answer.code < 304 or 304 < answer.code < 400:
            raise HTTPProblem(404, "no_page")  # a sign-in, or a course that is no longer there
        if answer.code >= 500 and not kind.startswith("application/json"):
            raise away()
        self.set_status(answer.code)
        self.clear_header("Content-Type")
        for name in ANSWERED:
            if name in answer.headers:
                self.set_header(name, answer.headers[name])
        if answer.code in {204, 304}:
            self.finish()
        else:
            self.finish(answer.body or b"")

    def _asked(self) -> HTTPHeaders:
        headers = HTTPHeaders({"Authorization": f"token {self.target.token}"})
        for name in ASKED:
            if name in self.request.headers:
                headers[name] = self.request.headers[name]
        lang = self.get_cookie("ustaz-lang")
        if lang in LANGUAGES:
            headers["Cookie"] = f"ustaz-lang={lang}"
        return headers


class ToThePage(_Ours):
    """Every other address: the page of the same name at the service."""

    def see(self, path: str, course: str | None = None) -> None:
        """Send the reader on, whatever the address means: the service says what it is."""
        first, _, rest = path.partition("/")
        if course is None and first in self.target.courses:
            course, path = first, rest
        where = f"{self.target.prefix}{self.course(course)}/"
        query = f"?{self.request.query}" if self.request.query else ""
        self.redirect(f"{where}{path if PATH.match(path) else ''}{query}", status=303)

    def get_login_url(self) -> str:
        """Sign in as for every page of this server."""
        return web.RequestHandler.get_login_url(self)


def away() -> HTTPProblem:
    """Return the refusal that a page waits after: its words are kept, and are sent again."""
    return HTTPProblem(
        503,
        "hub_away",
        texts=(
            N_("The course does not answer just now."),
            N_("What you wrote is kept. It goes on by itself in a moment."),
        ),
    )


AWAY: Final = N_(
    "The course does not answer just now. The workbook opens by itself as soon as it does; nothing"
    " is lost."
)


def away_in_every_language() -> str:
    """Return what a notebook says as long as no catalogue can be had from the service."""
    return " · ".join(dict.fromkeys(translator(lang).gettext(AWAY) for lang in LANGUAGES))


def _words(lang: str) -> Words:
    from zoneinfo import ZoneInfo

    return Words(lang, ZoneInfo("UTC"))


def handlers(
    target: Target,
    root: str,
    base: type[web.RequestHandler],
    guard: Callable[[Any], Any],
) -> list[tuple[str, type[web.RequestHandler], dict[str, Any]]]:
    """Return Tornado's handler list.

    Parameters
    ----------
    target : Target
    root : str
        The server's base address, with slashes at both ends.
    base : type
        Jupyter Server's authenticated handler.
    guard : callable
        Decorates each method.
    """

    async def forward(self: Forwarded, path: str, course: str | None = None) -> None:
        await self.forward(path, course)

    def see(self: ToThePage, path: str = "") -> None:
        self.see(path)

    verbs = ("get", "head", "post", "patch", "put", "delete")
    calls = type("UstazForwarded", (Forwarded, base), {verb: guard(forward) for verb in verbs})
    pages = type("UstazToThePage", (ToThePage, base), {verb: guard(see) for verb in verbs[:2]})
    start = re.escape(f"{root}ustaz/")
    named = r"(?:(?P<course>[a-z0-9][a-z0-9-]{0,31})/)?"
    settings = {"target": target}
    return [
        (re.escape(f"{root}ustaz"), pages, settings),
        (rf"{start}{named}(?P<path>(?:{API}|static)/.*)", calls, settings),
        (rf"{start}(?P<path>.*)", pages, settings),
    ]
