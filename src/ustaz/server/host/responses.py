"""Replies behind Tornado: headers, packing, cookies, and refusals in the reader's language."""

from __future__ import annotations

import contextlib
import os
from typing import Any, Final

from tornado import web

from ustaz.base.errors import UstazError
from ustaz.course.identity import PERSON_ENV, Identity
from ustaz.server import problem_texts, templates
from ustaz.server.arguments import AnyBytes
from ustaz.server.host.headers import SafeHeaders
from ustaz.server.http import (
    API_CSP,
    PAGE_CSP,
    HTTPProblem,
    Response,
    json_response,
    wants_gzip,
)
from ustaz.server.i18n import Words
from ustaz.server.media import GZIP_FROM, pack
from ustaz.server.routes import Route
from ustaz.server.site import Site

YEAR: Final = 365
EMPTY: Final = frozenset({204, 304})


class Replying(AnyBytes, SafeHeaders, web.RequestHandler):
    """Sends a :class:`Response` by Tornado, and makes one of whatever was raised."""

    site: Site
    route: Route
    log: Any

    def identity(self) -> Identity | None:
        """Return who is asking."""
        raise NotImplementedError

    def words(self, identity: Identity | None = None) -> Words:
        """Return the reader's words."""
        raise NotImplementedError

    @property
    def acting_cookie(self) -> str:
        """Return the name of the cookie that keeps whom the demo is tried out as."""
        return f"ustaz-acting-{self.site.course.id}"

    @property
    def content_security_policy(self) -> str:
        """Return the policy for everything that no reply overrides."""
        route = getattr(self, "route", None)  # Tornado asks once before `initialize`
        return API_CSP if route is not None and route.api else PAGE_CSP

    # -- replies --------------------------------------------------------------------------
    def send(self, response: Response) -> None:
        """Send a reply, packed where the browser takes it."""
        self.set_status(response.status)
        self.set_header("Content-Security-Policy", response.csp)
        if response.body:
            self.set_header("Content-Type", response.content_type)
        for name, value in response.headers.items():
            self.set_header(name, value)
        self._remember(response)
        body = response.body
        packable = response.content_type != "application/zip"
        if packable and (len(body) >= GZIP_FROM or response.packed is not None):
            self.set_header("Vary", "Accept-Encoding, Accept-Language, Cookie")
            if wants_gzip(self.request.headers.get("Accept-Encoding", "")):
                body = response.packed if response.packed is not None else pack(body)
                self.set_header("Content-Encoding", "gzip")
        if response.status in EMPTY:
            self.clear_header("Content-Type")
            self.finish()
        else:
            self.finish(body)

    def _remember(self, response: Response) -> None:
        kept: dict[str, Any] = {
            "path": self.site.base,
            "samesite": "Lax",
            "secure": self.request.protocol == "https",
        }
        if response.lang is not None:
            everywhere = {**kept, "path": self.site.cookie_path}
            self.set_cookie("ustaz-lang", response.lang, expires_days=YEAR, **everywhere)
        if response.acting and self.site.acting:
            self.set_signed_cookie(
                self.acting_cookie, response.acting, expires_days=30, httponly=True, **kept
            )
            # nbgrader's pages in JupyterLab run in this process and know no cookie of ours.
            os.environ[PERSON_ENV] = response.acting
        elif response.acting == "":
            self.clear_cookie(self.acting_cookie, path=self.site.base)
            os.environ.pop(PERSON_ENV, None)

    # -- refusals -------------------------------------------------------------------------
    def write_error(self, status_code: int, **kwargs: Any) -> None:  # noqa: ANN401
        """Answer in the reader's language, without a trace of the machinery."""
        error = (kwargs.get("exc_info") or (None, None, None))[1]
        problem = self._refusal(status_code, error)
        identity = None
        if self.current_user:
            with contextlib.suppress(UstazError):
                identity = self.identity()
        words = self.words(identity)
        if self.route.api:
            response = json_response(problem_texts.as_json(words, problem), problem.status)
        else:
            lost = problem.id in {"xsrf", "signed_out", "other_account"}
            again = self._form_again() if lost else None
            if again and problem.id != "xsrf":
                problem = HTTPProblem(403, f"{problem.id}_form", extra=problem.extra)
            response = templates.refusal_page(
                self.site, words, problem, identity, self.request.path, again
            )
        if problem.status == 429:
            response.headers["Retry-After"] = str(problem.params.get("seconds", 1))
        self.send(response)

    def _form_again(self) -> templates.Again | None:
        """Return what a form of our own said that came without its token, to be sent once more.

        Not what another site sent here: nobody shall be led to press a button for it.
        """
        if self.request.headers.get("Sec-Fetch-Site") != "same-origin":
            return None
        fields = [
            (name, value.decode("utf-8", "replace"))
            for name, values in self.request.body_arguments.items()
            if name != "_xsrf"
            for value in values
        ]
        if not fields or self.request.files:
            return None
        return templates.Again(self.request.uri or "", self.xsrf_token.decode("ascii"), fields)

    def _refusal(self, status: int, error: BaseException | None) -> HTTPProblem:
        if isinstance(error, HTTPProblem):
            return error
        if status == 403 and getattr(self, "token_missing", False):
            return HTTPProblem(403, "xsrf")
        if status == 403 and not self.current_user:
            return HTTPProblem(403, "signed_out", extra={"login": self.login_address()})
        if status == 403 and "xsrf" in str(getattr(error, "log_message", "")).lower():
            return HTTPProblem(403, "xsrf")
        known = {400: "bad_request", 403: "not_yours", 404: "no_page", 405: "wrong_method"}
        return HTTPProblem(status, known.get(status, "internal"))

    def login_address(self) -> str:
        """Return where one signs in."""
        return str(self.settings.get("login_url", self.site.root))

    def get_login_url(self) -> str:
        """Send pages to the host's sign-in; calls get an answer that says so."""
        if self.route.api:
            raise web.HTTPError(403, "signed out")
        return super().get_login_url()

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:  # noqa: ANN401
        """Log refusals by id in one line, and faults without anybody's text."""
        method = self.request.method if self.request.method in self.SUPPORTED_METHODS else "?"
        if isinstance(value, HTTPProblem):
            self.log.info("ustaz: %s %s %s", value.status, value.id, method)
        elif isinstance(value, web.HTTPError):
            self.log.warning("ustaz: %s %s", value.status_code, method)
        else:
            self.log.error("ustaz: %s", templates.where(typ, tb))
