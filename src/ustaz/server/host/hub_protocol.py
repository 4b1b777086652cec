"""The port to a hub that signs people in; :mod:`ustaz.hub` is what stands behind it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ustaz.course import Course
from ustaz.course.identity import Identity
from ustaz.roster import Giver
from ustaz.roster.people import Person


@dataclass(frozen=True, slots=True)
class Account:
    """How far an account is.

    Attributes
    ----------
    name : str
    exists : bool
        A password was chosen.
    seen : str or None
        When it was used last, ISO 8601.
    code_until : str or None
        Until when an open code can be used, ISO 8601.
    """

    name: str
    exists: bool = False
    seen: str | None = None
    code_until: str | None = None


@dataclass(frozen=True, slots=True)
class NewCode:
    """A code just made, shown once.

    Attributes
    ----------
    account, code : str
    until : str
        ISO 8601.
    link : str
        The invitation link: name and code are filled in.
    address : str
        Where one signs in.
    """

    account: str
    code: str
    until: str
    link: str
    address: str


class Hub(Protocol):
    """What a hub offers besides saying who asks."""

    @property
    def home(self) -> str:
        """Return the address of the list of one's courses."""

    @property
    def sign_out(self) -> str:
        """Return the address that ends the session."""

    @property
    def password(self) -> str:
        """Return the address where one changes the password."""

    def lab(self, who: Identity, course: Course) -> str:
        """Return the address under which one's own JupyterLab runs; empty for who may not."""

    def courses_of(self, account: str) -> list[tuple[str, str]]:
        """Return id and name of the courses whose roster has an account."""

    def may_hand_out(self, course: Course, giver: Person, person: Person) -> bool:
        """Tell whether `giver` may hand out a code for `person`."""

    def giver(self, course: Course, who: Identity) -> Giver:
        """Return what `who` may give to others by changing a course's list of people."""

    def courses_folder(self, who: Identity) -> Path | None:
        """Return where `who` may make courses; None without that right."""

    def accounts(self, names: list[str]) -> dict[str, Account]:
        """Return how far accounts are, by name."""

    def make_code(self, account: str, by: str) -> NewCode:
        """Make a code for an account; one that was open becomes worthless."""

    def take_back(self, account: str) -> None:
        """Make an open code worthless."""

    def sign_out_everywhere(self, account: str) -> None:
        """End every session of an account."""
