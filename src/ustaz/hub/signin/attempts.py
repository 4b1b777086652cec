"""Trying a password or a code: how often, for whom, and from where.

Failures are counted for an account at an address, for an address, and for an account from
anywhere. A browser in which an account has signed in before is known by a cookie, and what it tries
for that account is counted on its own; so is a place from which it signed in, but for what else
comes from there. Whoever guesses at somebody's password, from one address or from many, or at
everybody's from inside a school, locks out no teacher on their own phone or at home.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Mapping
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from ustaz.base.account import LONGEST
from ustaz.base.throttle import Limit
from ustaz.hub.pages import HubPage

DEVICE_COOKIE: Final = "ustaz-device"
DEVICE_DAYS: Final = 400
MOST_KEPT: Final = 12
"""Accounts that a browser is remembered for: a shared computer of a staff room."""

#: Failures at once, and seconds after which one is forgotten.
OWN: Final = (5, 60.0)
ADDRESS: Final = (60, 10.0)
#: An account from everywhere: what a person with many devices never reaches, and guesses from many
#: addresses do. It holds for strangers only.
ANYWHERE: Final = (30, 30.0)
MOST_PLACES: Final = 50_000


class Places:
    """From which addresses accounts have signed in since the hub started: as digests only."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(16)
        self._known: dict[bytes, None] = {}

    def _mark(self, account: str, address: str) -> bytes:
        text = f"{account} {address}".encode()
        return hashlib.blake2b(text, key=self._key, digest_size=12).digest()

    def knows(self, account: str, address: str) -> bool:
        """Tell whether an account has signed in from an address."""
        return self._mark(account, address) in self._known

    def remember(self, account: str, address: str) -> None:
        """Note that it did; the oldest is forgotten where there are too many."""
        mark = self._mark(account, address)
        self._known.pop(mark, None)
        self._known[mark] = None
        if len(self._known) > MOST_PLACES:
            del self._known[next(iter(self._known))]


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
    hops = [part.strip() for part in headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    address = peer
    for address in reversed(hops):
        if address.removeprefix("::ffff:") not in trusted:
            break
    return address[:64]


def place_of(address: str) -> str:
    """Return what tries from an address are counted for: of IPv6 the network that one house has.

    Examples
    --------
    >>> place_of("2001:db8:1:2:3:4:5:6"), place_of("::ffff:192.0.2.7"), place_of("192.0.2.7")
    ('2001:db8:1:2::/64', '192.0.2.7', '192.0.2.7')
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or ip_network((int(parsed), 64), strict=False))
    return str(parsed)


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
        self.marks = [*(known for known in self.marks if known != mark), mark][-MOST_KEPT:]

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

    def limits(self, account: str) -> list[Limit]:
        """Return what a try is counted for, the own limit first."""
        device, here = self.device, place_of(self.origin)
        if device.knows(account):
            return [Limit(f"{self.tried} {account} {device.name}", *OWN)]
        marks = [
            Limit(f"{self.tried} {account} at {here}", *OWN),
            Limit(f"{self.tried} at {here}", *ADDRESS),
        ]
        if not self.authenticator.places.knows(account, here):
            marks.append(Limit(f"{self.tried} {account}", *ANYWHERE))
        return marks

    def begin(self, account: str) -> int:
        """Count a try that is about to be judged, or return the seconds to wait before it is."""
        wait: int = self.authenticator.tries.begin(*self.limits(account))
        return wait

    def succeeded(self, account: str) -> None:
        """Take a try that was right off again, and remember browser and place."""
        self.authenticator.tries.succeeded(*self.limits(account))
        self.authenticator.places.remember(account, place_of(self.origin))
        self.remember(account)

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
