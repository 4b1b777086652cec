"""Whose data it is about, what a place holds of them, and what goes wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ustaz.base.errors import UstazError
from ustaz.base.ids import former_id
from ustaz.course import Course

if TYPE_CHECKING:
    from ustaz.hub.settings import HubDir

T = TypeVar("T")


class PersonalError(UstazError):
    """Refused, or not done to the end; the message says which."""

    exit_code = 12


@dataclass(frozen=True, slots=True)
class Member:
    """A person in one course.

    Attributes
    ----------
    course : Course
    person, name, account, lang : str
        As the roster had them, also where their line is gone already.
    roles : tuple of str
    """

    course: Course = field(compare=False)
    person: str
    name: str
    account: str
    lang: str
    roles: tuple[str, ...]

    @property
    def former(self) -> str:
        """Return the id that stands for them where their word in others' records goes on."""
        return former_id(self.roles)


@dataclass(frozen=True, slots=True)
class DataSubject:
    """A person in a course's or a hub's directory.

    Attributes
    ----------
    root : Path
        The directory.
    asked : str
        The id or the account that was asked for.
    account : str
        Under which they sign in.
    members : tuple of Member
        One for each course; several only in a hub.
    hub : HubDir or None
    started : str
        Since when an erasure of theirs is not finished; empty where there is none.
    counts : dict
        What that erasure found when it began.
    number : int
        Of the note that it will leave; 0 before it begins.
    """

    root: Path
    asked: str
    account: str
    members: tuple[Member, ...]
    hub: HubDir | None = None
    started: str = ""
    counts: dict[str, list[int]] = field(default_factory=dict)
    number: int = 0

    @property
    def lang(self) -> str:
        """Return the person's language."""
        return next((member.lang for member in self.members), "en")


@dataclass(frozen=True, slots=True)
class Amount:
    """How much there is: files, lines or rows, and their bytes where these can be told."""

    count: int = 0
    size: int = 0

    def __add__(self, other: Amount) -> Amount:
        """Return both together."""
        return Amount(self.count + other.count, self.size + other.size)


@dataclass(frozen=True, slots=True)
class Place(Generic[T]):
    """Somewhere that may hold something of a person.

    Attributes
    ----------
    id : str
        As ``docs/data-map.md`` names it.
    title : str
        What it is, for people.
    amount : callable
        Says how much there is.
    copy : callable
        Copies it into a folder, for the person.
    erase : callable
        Removes it; does nothing where nothing is there.
    """

    id: str
    title: str
    amount: Callable[[T], Amount]
    copy: Callable[[T, Path], None]
    erase: Callable[[T], None]


@dataclass(frozen=True, slots=True)
class Retained:
    """Something that an erasure leaves, and why.

    Attributes
    ----------
    id : str
        For programs.
    message : str
        With placeholders.
    params : dict
        Their values.
    """

    id: str
    message: str
    params: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return it for programs."""
        return {"id": self.id, **self.params}
