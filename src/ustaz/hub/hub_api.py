"""What the service asks the hub about accounts; only the service's token may.

``POST api/ustaz/accounts`` with a list → how far each is; ``POST api/ustaz/codes`` → a code;
``DELETE api/ustaz/codes/<account>``; ``DELETE api/ustaz/sessions/<account>`` signs out everywhere.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any, Final

from jupyterhub.apihandlers.base import APIHandler
from jupyterhub.scopes import define_custom_scopes, needs_scope
from tornado import web

from ustaz.base.account import account_key
from ustaz.hub.signin import codes, sessions
from ustaz.hub.signin.holders import CODE, PASSWORD

SCOPE: Final = "custom:ustaz:accounts"
#: As the hub's configuration repeats it: calls ask for their scope when they are defined.
SCOPES: Final = {SCOPE: {"description": "Hand out codes and end sessions for the course's people."}}
define_custom_scopes(SCOPES)
MOST: Final = 5000


class _Call(APIHandler):  # type: ignore[misc]
    def response(self, value: Any, status: int = 200) -> None:  # noqa: ANN401
        self.set_status(status)
        self.finish(json.dumps(value))

    def known(self, account: object) -> str:
        """Return an account of the rosters; 404 for any other."""
        if not isinstance(account, str) or not self.authenticator.check_allowed(account):
            raise web.HTTPError(404)
        return account_key(account)

    def state_of(self, account: str) -> dict[str, Any]:
        """Return what is known of an account: nothing secret."""
        theirs = self.authenticator.is_still_theirs
        # What somebody did who held the account before is nothing of whoever holds it now.
        before = not theirs(account, PASSWORD)
        user = None if before else self.find_user(account)
        until = codes.open_until(self.db, account) if theirs(account, CODE) else None
        seen = user.orm_user.last_activity if user else None
        return {
            "account": account,
            "exists": not before and self.authenticator.get_user(account) is not None,
            "seen": seen.replace(tzinfo=dt.UTC).isoformat(timespec="seconds") if seen else None,
            "code_until": until.isoformat(timespec="seconds") if until else None,
        }


class Accounts(_Call):
    """Several accounts at once."""

    @needs_scope(SCOPE)  # type: ignore[untyped-decorator]
    def post(self) -> None:
        """Return the state of each account named in the body."""
        names = (self.get_json_body() or {}).get("accounts")
        if not isinstance(names, list) or len(names) > MOST:
            raise web.HTTPError(400)
        self.response(
            {"accounts": [self.state_of(name) for name in names if isinstance(name, str)]}
        )


class Codes(_Call):
    """A code for an account."""

    @needs_scope(SCOPE)  # type: ignore[untyped-decorator]
    def post(self) -> None:
        """Make a code; an invitation lasts longer than a new password for an old account."""
        body = self.get_json_body() or {}
        account = self.known(body.get("account"))
        lasts = codes.RESET if self.state_of(account)["exists"] else codes.INVITATION
        by, people = str(body.get("by", ""))[:64], self.authenticator.present_holders(account)
        code, until = codes.make(self.db, account, by=by, lasts=lasts, people=people)
        self.log.info("ustaz: a code for %s was made by %s", account, by)
        self.response({"code": code, "until": until.isoformat(timespec="seconds")}, 201)


class CodeOf(_Call):
    """The open code of one account."""

    @needs_scope(SCOPE)  # type: ignore[untyped-decorator]
    def delete(self, account: str) -> None:
        """Make it worthless."""
        codes.discard(self.db, self.known(account))
        self.response({})


class SessionsOf(_Call):
    """The sessions of one account."""

    @needs_scope(SCOPE)  # type: ignore[untyped-decorator]
    async def delete(self, account: str) -> None:
        """Sign an account out everywhere."""
        user = self.find_user(self.known(account))
        if user is not None:
            await sessions.end_with_servers(self, user)
        self.response({})


ACCOUNT: Final = r"([^/]{1,400})"
HANDLERS: Final = [
    (r"/api/ustaz/accounts", Accounts),
    (r"/api/ustaz/codes", Codes),
    (rf"/api/ustaz/codes/{ACCOUNT}", CodeOf),
    (rf"/api/ustaz/sessions/{ACCOUNT}", SessionsOf),
]
