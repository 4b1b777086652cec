"""The actions behind Tornado: one mixin, whatever the host's own handler class is.

The Jupyter Server extension mixes it into ``JupyterHandler``; a hub service into its own
authenticated handler. What the mixin needs of the host: ``current_user``, a cookie secret,
XSRF protection and a sign-in page, all of which Tornado's handler names already.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
from collections.abc import Callable
from typing import Any, Final

from tornado import web

from ustaz.errors import UstazError
from ustaz.identity import PERSON_ENV, Identity
from ustaz.server import refusals, templates
from ustaz.server.http import (
    API_CSP,
    COMMON_HEADERS,
    GZIP_FROM,
    PAGE_CSP,
    Refusal,
    Reply,
    Upload,
    Visit,
    json_reply,
    pack,
    wants_gzip,
)
from ustaz.server.limits import MAX_BODY, MAX_FORM
from ustaz.server.routes import ROUTES, Route
from ustaz.server.site import API, Site
from ustaz.server.words import Words, choose_language

YEAR: Final = 365
EMPTY: Final = frozenset({204, 304})


class Answering(web.RequestHandler):
    """Turns a request into a :class:`Visit`, and a :class:`Reply` into a response."""

    auth_resource = "ustaz"
    unguarded = False
    site: Site
    route: Route
    log: Any

    def initialize(self, site: Site, route: Route) -> None:
        """Take the site and the route of this address."""
        self.site = site
        self.route = route

    @property
    def content_security_policy(self) -> str:
        """Return the policy for everything that no reply overrides."""
        route = getattr(self, "route", None)  # Tornado asks once before `initialize`
        return API_CSP if route is not None and route.api else PAGE_CSP

    def set_default_headers(self) -> None:
        """Send the same safe headers with everything, refusals included."""
        super().set_default_headers()
        for name, value in COMMON_HEADERS.items():
            self.set_header(name, value)
        self.set_header("Content-Security-Policy", self.content_security_policy)
        self.set_header("Cache-Control", "no-store")

    # -- who and how ----------------------------------------------------------------------
    def account(self) -> str | None:
        """Return the host's name for who signed in."""
        user = self.current_user
        name = user.get("name") if isinstance(user, dict) else getattr(user, "username", None)
        return str(name) if name else None

    @property
    def _acting_cookie(self) -> str:
        return f"ustaz-acting-{self.site.course.id}"

    def identity(self) -> Identity | None:
        """Ask the port who this is; an unknown account is refused."""
        course = self.site.course
        acting = None
        if self.site.acting:
            raw = self.get_signed_cookie(self._acting_cookie, max_age_days=30)
            acting = raw.decode("ascii", "replace") if raw else None
        return self.site.identify(course, self.account(), acting)

    def words(self, identity: Identity | None = None) -> Words:
        """Return the reader's words: address, then cookie, then roster, then browser."""
        course = self.site.course
        roster = course.people.get(identity.person) if identity else None
        lang = choose_language(
            course.languages,
            self.get_query_argument("lang", None),
            self.get_cookie("ustaz-lang"),
            roster.lang if roster else None,
            accept=self.request.headers.get("Accept-Language", ""),
        )
        return self.site.words(lang)

    # -- answering ------------------------------------------------------------------------
    def check_xsrf_cookie(self) -> None:
        """Ask for the token of forms, but not of what is refused anyway and was not read."""
        if not self._too_large():
            super().check_xsrf_cookie()

    async def prepare(self) -> None:
        """Find out who is asking, and refuse what is too large before anything looks at it."""
        await _awaited(super().prepare())
        if self._too_large():
            raise Refusal(413, "too_large")

    def _too_large(self) -> bool:
        limit = self.route.limit or (MAX_BODY if self.route.api else MAX_FORM)
        length = self.request.headers.get("Content-Length", "0")
        return not length.isdigit() or max(int(length), len(self.request.body)) > limit

    async def answer(self, **params: str) -> None:
        """Run the route's action in a thread and send its reply."""
        method = "GET" if self.request.method == "HEAD" else str(self.request.method)
        action = self.route.actions.get(method)
        loop = asyncio.get_running_loop()
        identity = None
        if not self.unguarded:
            identity = await loop.run_in_executor(self.site.pool, self._identity_or_refusal)
        words = self.words(identity)
        made_for = self.request.headers.get("X-Ustaz-Person", "")
        if made_for and identity is not None and made_for != identity.person:
            raise Refusal(403, "other_account")
        if action is None:
            raise Refusal(405, "wrong_method")
        visit = Visit(
            site=self.site,
            method=method,
            path=self.request.path,
            params=params,
            query=_first(self.request.query_arguments),
            form=_first(self.request.body_arguments),
            body=self._body(),
            headers=self.request.headers,
            identity=identity,
            words=words,
            xsrf=self.xsrf_token.decode("ascii"),
            api=self.route.api,
            files={
                name: Upload(str(sent[-1].filename), bytes(sent[-1].body))
                for name, sent in self.request.files.items()
            },
        )
        reply = await loop.run_in_executor(self.site.pool, _run, action, visit)
        asked = visit.query.get("lang")
        if reply.lang is None and asked == words.lang and not self.route.api:
            reply.lang = asked
        self.send(reply)

    def _identity_or_refusal(self) -> Identity | None:
        try:
            return self.identity()
        except UstazError as error:
            raise refusals.from_error(error) from None

    def _body(self) -> bytes:
        return self.request.body if isinstance(self.request.body, bytes) else b""

    def send(self, reply: Reply) -> None:
        """Send a reply, packed where the browser takes it."""
        self.set_status(reply.status)
        self.set_header("Content-Security-Policy", reply.csp)
        if reply.body:
            self.set_header("Content-Type", reply.content_type)
        for name, value in reply.headers.items():
            self.set_header(name, value)
        self._remember(reply)
        body = reply.body
        if len(body) >= GZIP_FROM or reply.packed is not None:
            self.set_header("Vary", "Accept-Encoding, Accept-Language, Cookie")
            if wants_gzip(self.request.headers.get("Accept-Encoding", "")):
                body = reply.packed if reply.packed is not None else pack(body)
                self.set_header("Content-Encoding", "gzip")
        if reply.status in EMPTY:
            self.clear_header("Content-Type")
            self.finish()
        else:
            self.finish(body)

    def _remember(self, reply: Reply) -> None:
        kept: dict[str, Any] = {
            "path": self.site.base,
            "samesite": "Lax",
            "secure": self.request.protocol == "https",
        }
        if reply.lang is not None:
            everywhere = {**kept, "path": self.site.cookie_path}
            self.set_cookie("ustaz-lang", reply.lang, expires_days=YEAR, **everywhere)
        if reply.acting and self.site.acting:
            self.set_signed_cookie(
                self._acting_cookie, reply.acting, expires_days=30, httponly=True, **kept
            )
            # nbgrader's pages in JupyterLab run in this process and know no cookie of ours.
            os.environ[PERSON_ENV] = reply.acting
        elif reply.acting == "":
            self.clear_cookie(self._acting_cookie, path=self.site.base)
            os.environ.pop(PERSON_ENV, None)

    # -- refusals -------------------------------------------------------------------------
    def write_error(self, status_code: int, **kwargs: Any) -> None:  # noqa: ANN401
        """Answer in the reader's language, without a trace of the machinery."""
        error = (kwargs.get("exc_info") or (None, None, None))[1]
        refusal = self._refusal(status_code, error)
        identity = None
        if self.current_user:
            with contextlib.suppress(UstazError):
                identity = self.identity()
        words = self.words(identity)
        if self.route.api:
            reply = json_reply(refusals.as_json(words, refusal), refusal.status)
        else:
            reply = templates.refusal_page(self.site, words, refusal, identity, self.request.path)
        if refusal.status == 429:
            reply.headers["Retry-After"] = str(refusal.params.get("seconds", 1))
        self.send(reply)

    def _refusal(self, status: int, error: BaseException | None) -> Refusal:
        if isinstance(error, Refusal):
            return error
        if status == 403 and not self.current_user:
            return Refusal(403, "signed_out", extra={"login": self.login_address()})
        if status == 403 and "xsrf" in str(getattr(error, "log_message", "")).lower():
            return Refusal(403, "xsrf")
        known = {400: "bad_request", 403: "not_yours", 404: "no_page", 405: "wrong_method"}
        return Refusal(status, known.get(status, "internal"))

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
        if isinstance(value, Refusal):
            self.log.info("ustaz: %s %s %s", value.status, value.id, method)
        elif isinstance(value, web.HTTPError):
            self.log.warning("ustaz: %s %s", value.status_code, method)
        else:
            self.log.error("ustaz: %s", templates.where(typ, tb))


def _run(action: Callable[[Visit], Reply], visit: Visit) -> Reply:
    try:
        return action(visit)
    except UstazError as error:
        raise refusals.from_error(error) from None


async def _awaited(value: Any) -> None:  # noqa: ANN401
    if value is not None:
        await value


def _first(arguments: dict[str, list[bytes]]) -> dict[str, str]:
    return {name: values[-1].decode("utf-8", "replace") for name, values in arguments.items()}


def handlers(
    site: Site,
    base: type[web.RequestHandler],
    guard: Callable[[Any], Any],
    *,
    open_files: bool = False,
) -> list[tuple[str, type[web.RequestHandler], dict[str, Any]]]:
    """Return Tornado's handler list for a host.

    Parameters
    ----------
    site : Site
    base : type
        The host's authenticated handler.
    guard : callable
        Decorates each method, for instance with ``@authenticated``.
    open_files : bool
        Static files without a sign-in, for a host that asks more of a script's request than a
        script can give (a hub wants its token in a header). They are the same for everybody.
    """

    async def respond(self: Answering, **params: str) -> None:
        await self.answer(**params)

    verbs = ("get", "head", "post", "patch", "put", "delete")
    kind = type("UstazHandler", (Answering, base), {verb: guard(respond) for verb in verbs})
    free_of_guard = {**dict.fromkeys(verbs, respond), "unguarded": True}
    unguarded = type("UstazOpenHandler", (Answering, base), free_of_guard)
    start = re.escape(site.base)
    listed: list[tuple[str, type[web.RequestHandler], dict[str, Any]]] = [
        (re.escape(site.base.rstrip("/")), web.RedirectHandler, {"url": site.base})
    ]
    for route in ROUTES:
        prefix = f"{start}{API}/" if route.api else start
        free = route.open or (open_files and route.files)
        handler = unguarded if free else kind
        listed.append((f"{prefix}{route.pattern}", handler, {"site": site, "route": route}))
    return listed
