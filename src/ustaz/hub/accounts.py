"""What the service asks the hub about accounts, over HTTP with its own token."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from ustaz.base import http_client
from ustaz.base.account import account_key
from ustaz.course import Course
from ustaz.course.identity import Identity
from ustaz.course.listing import COURSES
from ustaz.hub import permissions
from ustaz.hub.makers import makers
from ustaz.hub.settings import PREFIX, HubDir
from ustaz.roster import Giver
from ustaz.roster.people import Person
from ustaz.server.host.hub_protocol import Account, NewCode
from ustaz.server.http import HTTPProblem

PATIENCE: Final = 15.0


class HubPort:
    """The hub, as the pages of a course see it.

    Parameters
    ----------
    hub : HubDir
    api : str
        The hub's API, with a slash at the end.
    token : str
        The service's.
    """

    def __init__(self, hub: HubDir, api: str, token: str) -> None:
        self.dir = hub
        self._api = api.rstrip("/") + "/"
        self._token = token

    @classmethod
    def from_environment(cls, hub: HubDir) -> HubPort:
        """Return the port of a service that JupyterHub started."""
        return cls(hub, os.environ["JUPYTERHUB_API_URL"], os.environ["JUPYTERHUB_API_TOKEN"])

    # -- addresses --------------------------------------------------------------------------------
    @property
    def home(self) -> str:
        """Return the address of the list of one's courses."""
        return PREFIX

    @property
    def sign_out(self) -> str:
        """Return the address that ends the session."""
        return "/hub/logout"

    @property
    def password(self) -> str:
        """Return the address where one changes the password."""
        return "/hub/password"

    def lab(self, who: Identity, course: Course) -> str:
        """Return the address of one's own server; the hub starts it where it does not run.

        On the pages of a course whose staff one is, it is the server in that course's directory.
        """
        if not who.account or not permissions.may_lab(self.dir, who.account):
            return ""
        desks = permissions.desks(self.dir, who.account)
        name = next((name for name, desk in desks.items() if desk.id == course.id), "")
        if not name:
            return "/hub/user-redirect/"
        account = quote(who.account, safe="")
        return f"/hub/spawn/{account}/{name}?next=/user/{account}/{name}/"

    def courses_of(self, account: str) -> list[tuple[str, str]]:
        """Return id and name of the courses whose roster has an account."""
        return [(course.id, course.name) for course, _ in self.dir.memberships(account)]

    def may_hand_out(self, course: Course, giver: Person, person: Person) -> bool:
        """Tell whether `giver` may hand out a code for `person`."""
        return permissions.may_hand_out(self.dir, course, giver, person)

    def giver(self, course: Course, who: Identity) -> Giver:
        """Return what `who` may give to others by changing a course's list of people."""
        return permissions.giver(self.dir, course, who)

    def courses_folder(self, who: Identity) -> Path | None:
        """Return where `who` may make courses; None without that right."""
        allowed = bool(who.account) and account_key(who.account) in makers(self.dir)
        return self.dir.dir / COURSES if allowed else None

    # -- accounts ---------------------------------------------------------------------------------
    def accounts(self, names: list[str]) -> dict[str, Account]:
        """Return how far accounts are, by name."""
        answer = self._call("POST", "ustaz/accounts", {"accounts": names})
        return {
            row["account"]: Account(row["account"], row["exists"], row["seen"], row["code_until"])
            for row in answer["accounts"]
        }

    def make_code(self, account: str, by: str) -> NewCode:
        """Make a code for an account; one that was open becomes worthless."""
        answer = self._call("POST", "ustaz/codes", {"account": account, "by": by})
        link = self.dir.settings.code_link(account, answer["code"])
        address = f"{self.dir.settings.address}/"
        return NewCode(account, answer["code"], answer["until"], link, address)

    def take_back(self, account: str) -> None:
        """Make an open code worthless."""
        self._call("DELETE", f"ustaz/codes/{quote(account, safe='')}")

    def sign_out_everywhere(self, account: str) -> None:
        """End every session of an account."""
        self._call("DELETE", f"ustaz/sessions/{quote(account, safe='')}")

    def _call(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401
        try:
            response = http_client.call(
                method, self._api + path, token=self._token, body=body, seconds=PATIENCE
            )
            if response.ok:
                return response.json() if response.body else {}
        except (OSError, ValueError):
            raise HTTPProblem(503, "hub_away") from None
        if response.status == 404:
            raise HTTPProblem(404, "unknown_person")
        raise HTTPProblem(503, "hub_away")
