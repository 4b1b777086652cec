"""The hub's pages that people see: sign in, use a code, change the password, sign out.

Plain forms, no script, in three languages, a few kilobytes. A password and a code are read from
the body only, and nothing of a form is written to a log.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode

from jupyterhub.handlers.base import BaseHandler
from jupyterhub.handlers.login import LoginHandler, LogoutHandler
from tornado import web

from ustaz.hub import desks
from ustaz.hub.pages import HubPage
from ustaz.hub.settings import PREFIX
from ustaz.hub.signin import codes, holders, passwords, sessions
from ustaz.hub.signin.attempts import Trying
from ustaz.messages import N_
from ustaz.roster.people import Person
from ustaz.server.arguments import AnyBytes
from ustaz.server.assets import Assets
from ustaz.server.http import wants_gzip
from ustaz.server.media import MEDIA_TYPES
from ustaz.server.pages.static import FOR_EVER

#: What may stand in a path as it is.
SAFE: Final = "/:@!$&'()*+,;=~"
WRONG: Final = N_("The name or the password is not right.")
WRONG_CODE: Final = N_("The name or the code is not right, or the code was used or is too old.")
FAULT: Final = N_(
    "Your course cannot be opened just now: there is a mistake in its files. Your password is right"
    " and nothing is lost. Please tell the course team."
)
WEAK: Final = {
    "short": N_("The password is too short: take at least ten letters, three or four words do."),
    "long": N_("The password is too long."),
    "common": N_("This password is too easy to guess. Three or four words together are good."),
    "name": N_("The password must be more than your name."),
}
DIFFERENT: Final = N_("The two passwords are not the same.")
OLD_WRONG: Final = N_("The present password is not right.")


def some_of_each_role(people: Iterable[Person], most: int = 3) -> dict[str, dict[str, str]]:
    """Return a few accounts of each role with their names; each account once for a role."""
    names: dict[str, dict[str, str]] = {}
    for person in people:
        role_names = names.setdefault(person.roles[0], {})
        if len(role_names) < most:
            role_names.setdefault(person.signs_in_as, person.name)
    return names


class SignIn(Trying, LoginHandler):  # type: ignore[misc]
    """``/hub/login``."""

    def _form(
        self, *, status: int = 200, error: str = "", account: str = "", wait: int = 0
    ) -> None:
        target = self.get_argument("next", "")
        query = f"?{urlencode({'next': target})}" if target else ""
        self.page(
            "sign_in.html",
            status=status,
            error=error,
            wait=wait,
            account=account,
            action=self.settings["login_url"] + query,
            code_url=self.code_url(),
            demo=self.demo_accounts(),
        )

    def code_url(self) -> str:
        """Return where a code is used."""
        return f"{self.hub.base_url}code"

    def demo_accounts(self) -> dict[str, Any] | None:
        """Return the invented accounts of a demo, by role, with their password."""
        hub = self.authenticator.hub_dir
        if not hub.settings.demo_password or not hub.demo:
            return None
        people = [person for course in hub.courses().values() for person in course.people.values()]
        return {"password": hub.settings.demo_password, "roles": some_of_each_role(people)}

    async def get(self) -> None:
        """Show the form, or go on for somebody who is signed in."""
        user = self.current_user
        if user:
            self.set_login_cookie(user)
            self.redirect(self.get_next_url(user), permanent=False)
            return
        self._form(account=self.get_argument("username", ""), error=self.expired)

    async def post(self) -> None:
        """Try a name and a password."""
        account = self.account_field()
        async with self.authenticator.judging:
            wait = self.begin(account)
            if wait:
                self._form(status=429, account=account, wait=wait)
                return
            # Not the hub's `login_user`: it logs what was typed as a name, sometimes a password.
            typed = {"username": account, "password": self.field("password")}
            user = await self.authenticate(typed)
            if user:
                self.succeeded(account)
            shut_out = not user and await self.authenticator.shut_out(account, typed["password"])
        if shut_out:
            self.log.warning("ustaz: nobody of a course with a fault in its files can sign in")
            self._form(status=503, error=FAULT, account=account)
            return
        if not user:
            self.log.info("ustaz: a sign-in failed")
            self._form(status=403, error=WRONG, account=account)
            return
        user = await self.auth_to_user(user)
        self.set_login_cookie(user)
        self.redirect(self.get_next_url(user))


class UseCode(Trying, BaseHandler):  # type: ignore[misc]
    """``/hub/code``: an invitation, or a forgotten password. Looking at it uses nothing up."""

    tried = "code"

    def _form(self, *, status: int = 200, error: str = "", wait: int = 0) -> None:
        typed = self.request.method == "POST"
        take = self.field if typed else lambda name: self.get_query_argument(name, "")[:64]
        self.page(
            "use_code.html",
            status=status,
            error=error,
            wait=wait,
            account=take("username"),
            code=take("code"),
            invited=bool(self.get_query_argument("code", "")),  # after a slip of the pen, too
            login_url=self.settings["login_url"],
            shortest=passwords.SHORTEST,
        )

    async def get(self) -> None:
        """Show the form."""
        self._form(error=self.expired)

    async def post(self) -> None:
        """Set the password, end every other session, and sign in."""
        account, typed, password = self.account_field(), self.field("code"), self.field("password")
        if password != self.field("again"):
            self._form(status=400, error=DIFFERENT)
            return
        weak = passwords.weakness(password, account)
        if weak:
            self._form(status=400, error=WEAK[weak])
            return
        async with self.authenticator.judging:
            wait = self.begin(account)
            if wait:
                self._form(status=429, wait=wait)
                return
            # As much work for a stranger as for whoever is invited: its time tells nothing.
            proof = await self.authenticator.in_thread(codes.proof, account, typed)
            theirs = self.authenticator.is_still_theirs(account, holders.CODE)
            allowed = theirs and self.authenticator.check_allowed(account)
            right = codes.use(self.db, account, proof, good=allowed)
            if right:
                self.succeeded(account)
            waits = not allowed and codes.holds(self.db, account, proof)
        if waits and self.authenticator.hub_dir.troubled:
            self._form(status=503, error=FAULT)  # the code stays good
            return
        if not right:
            self._form(status=403, error=WRONG_CODE)
            return
        former = self.authenticator.former_holders(account)
        await self.authenticator.set_password(account, password)
        user = await self.auth_to_user(self.authenticator.model(account))
        await self.end_sessions(user)
        if former:
            await self.authenticator.in_thread(
                desks.set_aside, self.authenticator.hub_dir, account, former
            )
        self.set_login_cookie(user)
        self.log.info("ustaz: a code was used by %s", account)
        self.redirect(PREFIX)


class ChangePassword(Trying, BaseHandler):  # type: ignore[misc]
    """``/hub/password``: by knowing the present one."""

    tried = "present password"

    def _form(
        self, *, status: int = 200, error: str = "", wait: int = 0, done: bool = False
    ) -> None:
        self.page(
            "password.html",
            status=status,
            error=error,
            wait=wait,
            done=done,
            account=self.current_user.name,
            home=PREFIX,
            shortest=passwords.SHORTEST,
        )

    @web.authenticated
    async def get(self) -> None:
        """Show the form."""
        self._form(done=self.get_query_argument("done", "") == "1", error=self.expired)

    @web.authenticated
    async def post(self) -> None:
        """Set a new password and end every other session."""
        user = self.current_user
        password = self.field("password")
        async with self.authenticator.judging:
            wait = self.begin(user.name)
            if wait:
                self._form(status=429, wait=wait)
                return
            data = {"username": user.name, "password": self.field("old")}
            right = await self.authenticator.authenticate(self, data) is not None
            if right:
                self.succeeded(user.name)
        weak = passwords.weakness(password, user.name)
        if not right:
            self._form(status=403, error=OLD_WRONG)
        elif password != self.field("again"):
            self._form(status=400, error=DIFFERENT)
        elif weak:
            self._form(status=400, error=WEAK[weak])
        else:
            await self.authenticator.set_password(user.name, password)
            await self.end_sessions(user)
            self.set_login_cookie(user)
            self.redirect(f"{self.hub.base_url}password?done=1")


class SignOut(HubPage, LogoutHandler):  # type: ignore[misc]
    """``/hub/logout``."""

    async def handle_logout(self) -> None:
        """End the session here, not only in this browser, and let the service know at once."""
        sessions.end_one(self)

    async def render_logout_page(self) -> None:
        """Say that the session has ended: on a shared computer one wants to be sure."""
        self.page("signed_out.html", login_url=self.settings["login_url"])


class Static(AnyBytes, BaseHandler):  # type: ignore[misc]
    """``/hub/ustaz-static/<name>``: the style and the icon, the same for everybody."""

    assets = Assets.shipped()

    def get(self, name: str) -> None:
        """Send a file."""
        asset = self.assets.find(name)
        if asset is None or Path(name).suffix not in {".css", ".svg"}:
            raise web.HTTPError(404)
        known = self.get_query_argument("v", "") == asset.version
        self.set_header("Cache-Control", FOR_EVER if known else "no-cache")
        self.set_header("Content-Type", MEDIA_TYPES[Path(name).suffix])
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Vary", "Accept-Encoding")
        if asset.packed and wants_gzip(self.request.headers.get("Accept-Encoding", "")):
            self.set_header("Content-Encoding", "gzip")
            self.finish(asset.packed)
        else:
            self.finish(asset.body)


class ToTheService(AnyBytes, BaseHandler):  # type: ignore[misc]
    """A page of the service, asked for under the name of somebody's own server.

    The hub gets every request for which a name has no server of its own, and leads it here.
    """

    def get(self, path: str) -> None:
        """Send the reader to where the pages are."""
        address = self.authenticator.hub_dir.settings.address
        query = f"?{self.request.query}" if self.request.query else ""
        self.redirect(f"{address}{PREFIX}{quote(path, safe=SAFE)}{query}")


HANDLERS: Final = [
    (r"/login", SignIn),
    (r"/logout", SignOut),
    (r"/code", UseCode),
    (r"/password", ChangePassword),
    (r"/ustaz-static/([^/]+)", Static),
    (rf"{PREFIX}(.*)", ToTheService),
]
