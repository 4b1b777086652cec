"""The hub's service: every course of a hub directory behind JupyterHub's sign-in.

The same actions as in the Jupyter Server extension, under ``/services/ustaz/<course>/``. The hub
starts this process and starts it again when it dies; what it acknowledged is on the disk.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import sys
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from jupyterhub.services.auth import HubOAuthCallbackHandler, HubOAuthenticated
from jupyterhub.utils import get_browser_protocol
from tornado import web
from tornado.httpserver import HTTPServer

from ustaz.book.place import book_folder
from ustaz.config_files.last_good import Key, stat_key
from ustaz.hub import config_file
from ustaz.hub.accounts import HubPort
from ustaz.hub.body_limit import LARGEST, Application
from ustaz.hub.logs import log_request, quieten
from ustaz.hub.pages import CSP, render
from ustaz.hub.secrets import secret
from ustaz.hub.settings import PREFIX, HubDir, hub_fault
from ustaz.hub.signin.sessions import Epoch
from ustaz.roster.people import ROSTER_FILE
from ustaz.server import templates
from ustaz.server.api import health
from ustaz.server.arguments import AnyBytes
from ustaz.server.host.tornado import handlers
from ustaz.server.http import COMMON_HEADERS, HTTPProblem
from ustaz.server.i18n import Words, choose_language
from ustaz.server.site import Site, by_account

log = logging.getLogger("ustaz.hub")

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
LOOK_AGAIN: Final = 15.0
"""Seconds after which a new course directory is noticed at the latest."""


class SignedIn(AnyBytes, HubOAuthenticated, web.RequestHandler):  # type: ignore[misc]
    """Asks the hub who this is, without holding up everybody else meanwhile."""

    log = log

    async def prepare(self) -> None:
        """Find out who is asking before anything else."""
        self.asking = True
        # Of several proxies the outermost one is what a browser sees, and what cookies depend on.
        self.request.protocol = get_browser_protocol(self.request)
        service: Service = self.settings["ustaz_service"]
        if service.epoch.moved() or service.lists_changed():
            self.hub_auth.cache.clear()
        try:
            await self.hub_auth.get_user(self, sync=False)
        except web.HTTPError as error:
            if error.status_code < 500:
                raise
            raise HTTPProblem(503, "hub_away") from None
        if self.names_a_token and not getattr(self, "_token_authenticated", False):
            self._cached_hub_user = None
        if not getattr(self, "_cached_hub_user", None):
            self.token_missing = await self._only_the_token_is_missing()
        elif self.request.method not in SAFE:
            self.check_xsrf_cookie()  # nobody is signed in without it; here it is seen once more

    asking = False
    #: The session is good, and the request was refused for want of the token of forms.
    token_missing = False

    async def _only_the_token_is_missing(self) -> bool:
        """Tell a form without its token from one that comes after the session has ended.

        The hub's own code says of both that nobody is signed in; what people can do differs.
        """
        kept = None if self.names_a_token else self.hub_auth.get_token(self)
        if not kept:
            return False
        session = self.hub_auth.get_session_id(self)
        try:
            model = await self.hub_auth.user_for_token(kept, session_id=session, sync=False)
        except web.HTTPError:
            return False
        return bool(model and self.hub_auth.check_scopes(self.hub_scopes, model))

    @property
    def names_a_token(self) -> bool:
        """Tell whether a token signs this request in: that token, or nothing at all."""
        return self.hub_auth.auth_header_name in self.request.headers

    def check_xsrf_cookie(self) -> None:
        """Ask for the token of forms, but not of a server that sends its own token.

        Tornado asks before anybody is signed in; that is left to :meth:`prepare`, which asks while
        it finds out who this is, so that a form without its token is told from one that comes after
        the session has ended. No browser sends the header of a server for another site's page, and
        :meth:`prepare` lets no cookie take the place of a token that is not good.
        """
        if self.asking and not self.names_a_token:
            super().check_xsrf_cookie()

    def get_current_user(self) -> Any:  # noqa: ANN401
        """Return what :meth:`prepare` found, where its scopes open this service."""
        model = getattr(self, "_cached_hub_user", None)
        if not model or not self.hub_auth.check_scopes(self.hub_scopes, model):
            return None
        return model


def guard(method: Any) -> Any:  # noqa: ANN401
    """Let in whoever the hub signed in."""
    return web.authenticated(method)


class Landing(SignedIn):
    """My courses; the only one opens by itself."""

    @web.authenticated
    def get(self) -> None:
        """Show them."""
        service: Service = self.settings["ustaz_service"]
        account = str(self.current_user["name"])
        memberships = service.hub.memberships(account)
        if len(memberships) == 1:
            self.redirect(service.address(memberships[0][0].id))
            return
        settings = service.hub.settings
        lang = choose_language(
            settings.languages,
            self.get_query_argument("lang", None),
            self.get_cookie("ustaz-lang"),
            accept=self.request.headers.get("Accept-Language", ""),
        )
        if self.get_query_argument("lang", None) == lang:
            secure = self.request.protocol == "https"
            self.set_cookie(
                "ustaz-lang", lang, expires_days=365, path="/", samesite="Lax", secure=secure
            )
        for name, value in COMMON_HEADERS.items():
            self.set_header(name, value)
        self.set_header("Content-Security-Policy", CSP)
        self.set_header("Cache-Control", "no-store")
        self.finish(
            render(
                "courses.html",
                Words(lang, settings.timezone),
                name=settings.name,
                languages=settings.languages,
                static="/hub/ustaz-static/",
                same=lambda code: f"?lang={code}",
                courses=[
                    {
                        "name": course.name,
                        "person": person.name,
                        "roles": person.roles,
                        "url": service.address(course.id),
                        "archived": course.standing == "archived",
                    }
                    for course, person in memberships
                ],
                password=service.port.password,
                sign_out=service.port.sign_out,
            )
        )


class Health(web.RequestHandler):
    """Whether the service can do its work; says nothing about anybody."""

    def get(self) -> None:
        """Answer 200 or 503."""
        service: Service = self.settings["ustaz_service"]
        broken, old = service.broken()
        self.set_status(503 if broken else 200)
        self.set_header("Cache-Control", "no-store")
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.finish(
            json.dumps({"status": "degraded" if broken or old else "ok",
                        "courses": len(service.known), "not_open": broken, "old_state": old,
                        "book": health.book(service.book)})
        )  # fmt: skip


class Missing(SignedIn):
    """An address of no course: perhaps one that was made since."""

    async def prepare(self) -> None:
        """Look for new courses, then send the reader on or refuse."""
        await super().prepare()
        service: Service = self.settings["ustaz_service"]
        if not self.current_user:
            self.redirect(self.get_login_url())
        elif service.find_courses():
            self.redirect(self.request.uri or PREFIX)
        else:
            self.redirect(PREFIX)

    def write_error(self, status_code: int, **kwargs: Any) -> None:  # noqa: ANN401, ARG002
        """Say in a line that the hub is away; the page comes back by itself."""
        self.set_header("Refresh", "5")
        self.finish("…")


class Service:
    """The courses, and the web application that serves them.

    Parameters
    ----------
    hub : HubDir
    port : HubPort
    book : Path
        Where the built book lies.
    """

    def __init__(self, hub: HubDir, port: HubPort, book: Path) -> None:
        self.hub = hub
        self.port = port
        self.book = book
        self.epoch = Epoch(hub.state)
        self.known: dict[str, Site] = {}
        self._lists: list[Key | None] = []
        self._behind: set[str] = set()
        self.app = Application(
            [
                (PREFIX, Landing),
                (PREFIX.rstrip("/"), web.RedirectHandler, {"url": PREFIX}),
                (f"{PREFIX}oauth_callback", HubOAuthCallbackHandler),
                (f"{PREFIX}_health", Health),
            ],
            default_handler_class=Missing,
            cookie_secret=secret(hub.state, "service_cookie_secret").read_bytes(),
            xsrf_cookies=True,
            xsrf_cookie_kwargs={"samesite": "Lax", "secure": hub.settings.https},
            log_function=log_request,
            ustaz_service=self,
        )
        self.find_courses()

    @staticmethod
    def address(course: str) -> str:
        """Return where a course's pages lie."""
        return f"{PREFIX}{course}/"

    def find_courses(self) -> bool:
        """Serve courses that are not served yet; tell whether there were any."""
        new = False
        for course in self.hub.courses().values():
            known = self.known.get(course.id)
            if known is not None:
                if known.course is not course:  # opened again after its settings changed
                    known.course = course
                    self._behind.add(course.id)
                continue
            site = Site(
                course,
                root="/services/",
                at=f"ustaz/{course.id}/",
                identify=by_account,
                book_dir=self.book,
                hub=self.port,
            )
            self.app.add_handlers(".*$", handlers(site, SignedIn, guard, open_files=True))
            self.known[course.id] = site
            self._behind.add(course.id)
            new = True
        return new

    def bring_dates(self) -> list[Future[None]]:
        """Bring days that were changed in settings to gradebooks, beside what people ask for."""
        from ustaz.grading.dates import follow

        def bring(site: Site) -> None:
            if not follow(site.course):
                self._behind.add(site.course.id)  # once more when courses are looked at again

        behind = sorted(self._behind)
        self._behind.clear()
        return [self.known[name].pool.submit(bring, self.known[name]) for name in behind]

    def lists_changed(self) -> bool:
        """Tell whether a list of people changed since the last question.

        An account may be somebody else's now, so what the hub said of its sessions is old.
        """
        lists = [stat_key(site.course.dir / ROSTER_FILE) for site in self.known.values()]
        changed, self._lists = lists != self._lists, lists
        return changed

    def broken(self) -> tuple[list[str], list[str]]:
        """Return the courses that cannot be opened, and those where an older state goes on.

        Courses by id, and by folder where an id cannot be told. The hub itself is ``.``.
        """
        self.hub.courses()
        listing = self.hub.listing
        broken, old = set(listing.unopened), set(listing.twice)
        if self.hub.fault or hub_fault(self.hub.dir) or config_file.old(self.hub.dir):
            old.add(".")
        for name, site in self.known.items():
            checks = health.kept_checks(site.course)
            if checks["roster"] == "failed":
                broken.add(name)
            elif checks["roster"] == "old" or checks["files"] != "ok":
                old.add(name)
        return sorted(broken), sorted(old)


async def run(directory: str) -> None:
    """Serve until the hub says that it is enough."""
    hub = HubDir.open(directory)
    os.environ.setdefault("USTAZ_HUB", str(hub.dir))
    service = Service(hub, HubPort.from_environment(hub), book_folder(hub.dir))
    templates.environment()
    url = urlsplit(os.environ["JUPYTERHUB_SERVICE_URL"])
    server = HTTPServer(service.app, xheaders=True, max_body_size=LARGEST)
    server.listen(int(url.port or 0), url.hostname or "127.0.0.1")
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    while not stop.is_set():
        try:
            await asyncio.wait_for(stop.wait(), LOOK_AGAIN)
        except TimeoutError:  # not at the start, when people wait for the first page
            service.find_courses()
            service.bring_dates()
    server.stop()
    await server.close_all_connections()
    for site in service.known.values():
        site.pool.shutdown(wait=True)


def main() -> None:
    """Start from the command line: ``python -m ustaz.hub.service DIR``."""
    line = "[%(levelname).1s %(asctime)s ustaz] %(message)s"
    level = logging.WARNING if os.environ.get("USTAZ_QUIET") else logging.INFO
    logging.basicConfig(level=level, format=line)
    quieten()
    asyncio.run(run(sys.argv[1]))


if __name__ == "__main__":
    main()
