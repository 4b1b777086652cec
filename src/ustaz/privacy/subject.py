"""Who is meant, in which courses; and the mark of an erasure that is not finished.

The mark ``state/erasing.json`` is written before anything is erased and removed after everything
is: while it stands, the person's line may be gone from the roster already, so it says what the
line said.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ustaz.backup.installation import STATE, find
from ustaz.base import files
from ustaz.base.account import account_key
from ustaz.course import Course
from ustaz.messages import N_
from ustaz.privacy.model import DataSubject, Member, PersonalError
from ustaz.roster.people import Person

if TYPE_CHECKING:
    from ustaz.hub.settings import HubDir

MARK: Final = "erasing.json"
UNKNOWN: Final = 13


def subject_of(directory: Path, asked: str) -> DataSubject:
    """Return whom an id or an account means.

    Parameters
    ----------
    directory : Path
        Of a course or a hub.
    asked : str
        In a course a person's id; in a hub an account, or an id that means one account only.

    Raises
    ------
    PersonalError
        ``unknown_person``, ``several_people``.
    """
    place = find(directory)
    begun = unfinished(place.root)
    hub = _hub(place.root) if place.kind == "hub" else None
    courses = list(hub.courses().values()) if hub else [Course.open(place.root)]
    if begun and {asked, account_key(asked)} & {begun["asked"], begun["account"]}:
        return _from_mark(place.root, begun, hub, courses)
    if hub is None:
        people = [person for person in courses[0].people.values() if person.person == asked]
        account = people[0].signs_in_as if people else ""
    else:
        account = _account(courses, asked)
        people = []
    members = tuple(
        member(course, person)
        for course in courses
        for person in course.people.values()
        if (person in people if hub is None else person.signs_in_as == account)
    )
    if not members:
        raise PersonalError(
            "unknown_person",
            N_("“{person}” is in no roster here."),
            N_("People are listed in people.csv of the course; a hub knows accounts, too."),
            exit_code=UNKNOWN,
            params={"person": asked},
        )
    return DataSubject(place.root, asked, account, members, hub)


def member(course: Course, person: Person) -> Member:
    """Return a line of the roster."""
    return Member(course, person.person, person.name, person.signs_in_as, person.lang, person.roles)


def _account(courses: list[Course], asked: str) -> str:
    """Return the account that is meant in a hub; one id may be two people in two courses."""
    people = [person for course in courses for person in course.people.values()]
    if any(person.signs_in_as == account_key(asked) for person in people):
        return account_key(asked)
    accounts = sorted({person.signs_in_as for person in people if person.person == asked})
    if len(accounts) > 1:
        raise PersonalError(
            "several_people",
            N_("“{person}” is the id of several people, with the accounts {accounts}."),
            N_("Name the account instead."),
            params={"person": asked, "accounts": ", ".join(accounts)},
        )
    return accounts[0] if accounts else ""


def _hub(root: Path) -> HubDir:
    from ustaz.hub.settings import HubDir

    return HubDir.open(root)


# -- the mark -----------------------------------------------------------------------------------
def unfinished(root: Path) -> dict[str, Any] | None:
    """Return what the mark of an unfinished erasure says; None where there is none."""
    try:
        mark: dict[str, Any] = json.loads((root / STATE / MARK).read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None
    return mark


def begin(subject: DataSubject, started: str, number: int, counts: dict[str, list[int]]) -> None:
    """Write the mark."""
    folder = subject.root / STATE
    files.make_folder(folder)
    mark = {
        "asked": subject.asked,
        "account": subject.account,
        "started": started,
        "number": number,
        "counts": counts,
        "members": [
            {
                "course": member.course.id,
                "person": member.person,
                "name": member.name,
                "account": member.account,
                "lang": member.lang,
                "roles": list(member.roles),
            }
            for member in subject.members
        ],
    }
    files.replace(folder / MARK, json.dumps(mark, ensure_ascii=False).encode())


def end(root: Path) -> None:
    """Remove the mark."""
    (root / STATE / MARK).unlink(missing_ok=True)
    files.sync_folder(root / STATE)


def _from_mark(
    root: Path, begun: dict[str, Any], hub: HubDir | None, courses: list[Course]
) -> DataSubject:
    known = {course.id: course for course in courses}
    members = tuple(
        Member(
            known[entry["course"]],
            entry["person"],
            entry["name"],
            entry["account"],
            entry["lang"],
            tuple(entry["roles"]),
        )
        for entry in begun["members"]
        if entry["course"] in known
    )
    return DataSubject(
        root,
        begun["asked"],
        begun["account"],
        members,
        hub,
        begun["started"],
        begun["counts"],
        begun["number"],
    )
