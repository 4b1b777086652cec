"""The actions behind Tornado: one mixin, whatever the host's own handler class is.

The Jupyter Server extension mixes it into ``JupyterHandler``; a hub service into its own
authenticated handler. What the mixin needs of the host: ``current_user``, a cookie secret,
XSRF protection and a sign-in page, all of which Tornado's handler names already.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import Any, Final

from tornado import web

from ustaz.base.errors import UstazError
from ustaz.course.identity import Identity
from ustaz.server import problem_texts
from ustaz.server.access import refuse_in_closed
from ustaz.server.host.limits import MAX_BODY, MAX_FORM
from ustaz.server.host.responses import Replying
from ustaz.server.http import (
    HTTPProblem,
    Request,
    Response,
    Upload,
)
from ustaz.server.i18n import Words, choose_language
from ustaz.server.routes import ROUTES, Route
from ustaz.server.site import API, Site

#: Whom a program tries out in a demo course, as a page's cookie says it.
ACTING_HEADER: Final = "X-Ustaz-Acting"


class Answering(Replying):
    """Turns Tornado's request into a :class:`Request`, and a :class:`Response` into its reply."""

    auth_resource = "ustaz"
    unguarded = False

    def initialize(self, site: Site, route: Route) -> None:
        """Take the site and the route of this address."""
        self.site = site
        self.route = route

    # -- who and how ----------------------------------------------------------------------
    def account(self) -> str | None:
        """Return the host's name for who signed in."""
        user = self.current_user
        name = user.get("name") if isinstance(user, dict) else getattr(user, "username", None)
        return str(name) if name else None

    def identity(self) -> Identity | None:
        """Ask the port who this is; an unknown account is refused."""
        course = self.site.course
        acting = None
        if self.site.acting:
            raw = self.get_signed_cookie(self.acting_cookie, max_age_days=30)
            # A program has no cookie; no other site can make a browser send this header.
            header = self.request.headers.get(ACTING_HEADER)
            acting = raw.decode("ascii", "replace") if raw else header
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
            raise HTTPProblem(413, "too_large")

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
            raise HTTPProblem(403, "other_account")
        if action is None:
            raise HTTPProblem(405, "wrong_method")
        request = Request(
            site=self.site,
            method=method,
            path=self.request.path,
            params=params,
            query=_first(self.request.query_arguments),
            form=_first(self.request.body_arguments),
            fields={
                name: [value.decode("utf-8", "replace") for value in values]
                for name, values in self.request.body_arguments.items()
            },
            body=self._body(),
            headers=self.request.headers,
            identity=identity,
            words=words,
            xsrf=self.xsrf_token.decode("ascii"),
            api=self.route.api,
            origin=f"{self.request.protocol}://{self.request.host}",
            files={
                name: Upload(str(sent[-1].filename), bytes(sent[-1].body))
                for name, sent in self.request.files.items()
            },
        )
        response = await loop.run_in_executor(
            self.site.pool, _run, action, request, self.route.pattern
        )
        asked = request.query.get("lang")
        if response.lang is None and asked == words.lang and not self.route.api:
            response.lang = asked
        self.send(response)

    def _identity_or_refusal(self) -> Identity | None:
        try:
            return self.identity()
        except UstazError as error:
            raise problem_texts.from_error(error) from None

    def _body(self) -> bytes:
        return self.request.body if isinstance(self.request.body, bytes) else b""


def _run(action: Callable[[Request], Response], request: Request, pattern: str) -> Response:
    try:
        refuse_in_closed(request, pattern)
        return action(request)
    except UstazError as error:
        raise problem_texts.from_error(error) from None


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
    table: list[tuple[str, type[web.RequestHandler], dict[str, Any]]] = [
        (re.escape(site.base.rstrip("/")), web.RedirectHandler, {"url": site.base})
    ]
    for route in ROUTES:
        prefix = f"{start}{API}/" if route.api else start
        free = route.open or (open_files and route.files)
        handler = unguarded if free else kind
        table.append((f"{prefix}{route.pattern}", handler, {"site": site, "route": route}))
    return table
