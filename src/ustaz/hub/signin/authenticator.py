"""Who may sign in: accounts with a password, of people who stand in a roster.

NativeAuthenticator's table of accounts, without its sign-up: here one gets an account by an
invitation (:mod:`.codes`). Its own pages are not used; they need scripts and styles of
JupyterHub's, and in 1.3.0 its sign-in fails on JupyterHub 6 (docs/decisions/0009).
"""

from __future__ import annotations

import asyncio
from functools import cached_property
from typing import Any, Final

from nativeauthenticator import NativeAuthenticator
from nativeauthenticator.orm import UserInfo
from traitlets import Unicode

from ustaz.base.account import account_key
from ustaz.base.throttle import Throttle
from ustaz.hub import permissions, upgrading
from ustaz.hub.settings import HubDir
from ustaz.hub.signin import codes, holders, open_sign_ins, passwords
from ustaz.hub.signin.attempts import Places

AT_ONCE: Final = 16
"""Passwords and codes that are judged at the same time."""


class UstazAuthenticator(NativeAuthenticator):  # type: ignore[misc]
    """Accounts of a hub directory."""

    hub_directory = Unicode("", help="The hub directory.").tag(config=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self.enable_signup = False
        self.manage_groups = True
        self.allow_all = False
        codes.make_table(self.db.bind)
        open_sign_ins.make_table(self.db.bind)
        open_sign_ins.install()
        holders.make_table(self.db.bind)
        upgrading.one_form(self.db)
        upgrading.holders_of_before(self.db, self.hub_dir)
        self.tries = Throttle()
        self.places = Places()
        # A school that comes in at once waits here for a moment, and counts as no guessing.
        self.judging = asyncio.Semaphore(AT_ONCE)
        passwords.nobody()  # made now, or the first stranger's try would take twice as long

    @cached_property
    def hub_dir(self) -> HubDir:
        """Return the hub directory."""
        return HubDir.open(self.hub_directory)

    async def in_thread(self, what: Any, *args: Any) -> Any:  # noqa: ANN401
        """Run what takes a quarter of a second beside the hub's only loop."""
        return await asyncio.get_running_loop().run_in_executor(None, what, *args)

    def normalize_username(self, username: str) -> str:
        """Return the one form of an account, and what the hub's settings make of it."""
        key = account_key(username)
        return str(self.username_map.get(key, key))

    async def authenticate(self, handler: Any, data: dict[str, str]) -> dict[str, Any] | None:  # noqa: ANN401, ARG002
        """Return who signs in, or None; a stranger's try takes as long as anybody's."""
        account = self.normalize_username(data.get("username", ""))
        user = self.get_user(account)
        kept = user.password if user else await self.in_thread(passwords.nobody)
        fits = await self.in_thread(passwords.fits, data.get("password", ""), kept)
        if not (user and fits and user.is_authorized):
            return None
        return self.model(account) if self.is_still_theirs(account, holders.PASSWORD) else None

    def model(self, account: str) -> dict[str, Any]:
        """Return what the hub is told about an account."""
        return {"name": account, "groups": permissions.groups(self.hub_dir, account)}

    def check_allowed(self, username: str, authentication: Any = None) -> bool:  # noqa: ANN401, ARG002
        """Let in whoever stands in a roster."""
        return bool(self.hub_dir.memberships(username))

    async def shut_out(self, account: str, password: str) -> bool:
        """Tell whether somebody with the right password has no course because of a faulty file.

        Asked after a sign-in that failed. Who does not know the password learns nothing by it.
        """
        if not self.hub_dir.troubled:
            return False
        user = self.get_user(self.normalize_username(account))
        kept = user.password if user else await self.in_thread(passwords.nobody)
        fits = await self.in_thread(passwords.fits, password, kept)
        account = self.normalize_username(account)
        out = not (self.check_allowed(account) and self.is_still_theirs(account, holders.PASSWORD))
        return bool(user and fits and user.is_authorized and out)

    async def refresh_user(self, user: Any, handler: Any = None, **_: Any) -> Any:  # noqa: ANN401, ARG002
        """Return the groups anew; False for somebody who left every roster."""
        if not self.check_allowed(user.name):
            return False
        return self.model(user.name)

    # -- whose an account is ----------------------------------------------------------------------
    def present_holders(self, account: str) -> holders.People:
        """Return who holds an account now."""
        return holders.present(self.hub_dir, account)

    def is_still_theirs(self, account: str, kind: str) -> bool:
        """Tell whether password (with every session) or code were made for who holds it now."""
        return holders.same(self.db, account, kind, self.present_holders(account))

    def former_holders(self, account: str) -> holders.People:
        """Return who held an account before it was given to others; nobody where it was not."""
        if self.is_still_theirs(account, holders.PASSWORD):
            return frozenset()
        return holders.noted(self.db, account, holders.PASSWORD) or frozenset()

    # -- passwords ------------------------------------------------------------------------------
    async def set_password(self, account: str, password: str) -> None:
        """Keep a new password; the account is made where there is none."""
        kept = await self.in_thread(passwords.hashed, password)
        info = self.get_user(account)
        if info is None:
            info = UserInfo(username=account, password=kept)
            self.db.add(info)
        info.password = kept
        info.is_authorized = True
        holders.note(self.db, account, holders.PASSWORD, self.present_holders(account))
        self.db.commit()

    def get_handlers(self, app: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401, ARG002
        """Return our pages and calls; NativeAuthenticator's own stay closed."""
        from ustaz.hub import hub_api
        from ustaz.hub.signin import handlers

        return [*handlers.HANDLERS, *hub_api.HANDLERS]

    def get_custom_html(self, base_url: str) -> str:  # noqa: ARG002
        """Return nothing: the page is ours."""
        return ""
