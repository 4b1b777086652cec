"""Trying a password or a code: how often, for whom, and from where.

Failures are counted by account and by address. A browser in which an account has signed in before
is known by a cookie, and what it tries for that account is counted on its own: whoever guesses at
somebody's password, or at everybody's from inside a school, locks out no teacher on their own
phone.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Mapping
from typing import Final

from ustaz.account import LONGEST
from ustaz.hub.pages import HubPage

DEVICE_COOKIE: Final = "ustaz-device"
DEVICE_DAYS: Final = 400
MOST_KEPT: Final = 12
"""Accounts that a browser is remembered for: a shared computer of a staff room."""


def origin(headers: Mapping[str, str], trusted: Collection[str], peer: str) -> str:
    """Return the address from which a request came to the first machine that we trust.

    Each proxy adds the address that it was asked from to the end of ``X-Forwarded-For``; what
    stands before the last untrusted one was written by the visitor and may be anything. Other
    headers with an address (``X-Real-Ip``) are never looked at: no proxy of ours writes them over.

    Parameters
    ----------
    headers : mapping
        The request's.
    trusted : collection of str
        Addresses of web servers that stand before the hub.
    peer : str
        Who asked, where no proxy says anything.
    """
    listed = [one.strip() for one in headers.get("X-Forwarded-For", "").split(",") if one.strip()]
    found = peer
    for found in reversed(listed):
        if found.removeprefix("::ffff:") not in trusted:
            break
    return found[:64]


class Device:
    """What a browser's cookie says: a random name, and for whom somebody signed in in it.

    Parameters
    ----------
    name : str
    marks : list of str
        One for each account, the last one used at the end. They name nobody by themselves.
    """

    def __init__(self, name: str = "", marks: list[str] | None = None) -> None:
        self.name = name or secrets.token_hex(8)
        self.marks = marks or []

    @classmethod
    def read(cls, value: bytes | None) -> Device:
        """Return the device of a cookie whose signature is good; a new one for none."""
        name, *marks = (value or b"").decode("ascii", "replace").split()[: MOST_KEPT + 1] or [""]
        return cls(name, marks)

    def _mark(self, account: str) -> str:
        return hashlib.sha256(f"{self.name} {account}".encode()).hexdigest()[:12]

    def knows(self, account: str) -> bool:
        """Tell whether somebody signed in as `account` here."""
        return self._mark(account) in self.marks

    def remember(self, account: str) -> None:
        """Note that somebody did just now."""
        mark = self._mark(account)
        self.marks = [*(one for one in self.marks if one != mark), mark][-MOST_KEPT:]

    def __str__(self) -> str:
        return " ".join([self.name, *self.marks])


class Trying(HubPage):
    """A page where a password or a code is tried.

    Attributes
    ----------
    tried : str
        What it is; each kind is counted on its own, so that a code opens an account at whose
        password somebody guesses.
    """

    tried = "password"

    @property
    def origin(self) -> str:
        """Return the visitor's address."""
        trusted = self.authenticator.parent.trusted_downstream_ips
        return origin(self.request.headers, trusted, self.request.remote_ip or "")

    @property
    def device(self) -> Device:
        """Return what is known of this browser."""
        return Device.read(self.get_secure_cookie(DEVICE_COOKIE, max_age_days=DEVICE_DAYS))

    def _keys(self, account: str) -> tuple[str, str]:
        """Return under which names a try is counted; no address where the browser is known."""
        device = self.device
        if device.knows(account):
            return f"{self.tried} {account} {device.name}", ""
        return f"{self.tried} {account}", f"{self.tried} {self.origin}"

    def waiting(self, account: str) -> int:
        """Return how many seconds to wait before the next try."""
        mine, theirs = self._keys(account)
        wait: int = self.authenticator.tries.wait(mine)
        return max(wait, self.authenticator.tries_from.wait(theirs)) if theirs else wait

    def note(self, account: str, *, success: bool) -> None:
        """Count a try; remember the browser after a good one."""
        mine, theirs = self._keys(account)
        if success:
            self.authenticator.tries.succeeded(mine)
            self.remember(account)
            return
        self.authenticator.tries.failed(mine)
        if theirs:
            self.authenticator.tries_from.failed(theirs)

    def remember(self, account: str) -> None:
        """Let this browser be known for an account."""
        device = self.device
        device.remember(account)
        self._set_cookie(
            DEVICE_COOKIE, str(device), path=self.hub.base_url, expires_days=DEVICE_DAYS
        )

    def field(self, name: str) -> str:
        """Return a field of the form, as it was typed."""
        return str(self.get_body_argument(name, "", strip=False))[:1000]

    def account_field(self) -> str:
        """Return the account that was typed, as accounts are written."""
        return str(self.authenticator.normalize_username(self.field("username")))[:LONGEST]
