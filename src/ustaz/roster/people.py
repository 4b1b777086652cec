"""One line of ``people.csv``, and the reading of the whole file.

The file is the present state and the only place of names. It is read whole or refused whole,
with file and line: half of a list of people would quietly lock the other half out.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from ustaz.account import account_key
from ustaz.errors import CourseError
from ustaz.former import NAMES
from ustaz.identity import PERSON_ID, ROLES
from ustaz.messages import LANGUAGES

ROSTER_FILE: Final = "people.csv"
ROSTER_COLUMNS: Final = ("person", "name", "role", "group", "school", "lang", "account")
STATUS_COLUMN: Final = "status"
STATUSES: Final = ("active", "leave", "withdrawn")


@dataclass(frozen=True, slots=True)
class Person:
    """One line of the roster. Names stand here and nowhere else.

    Attributes
    ----------
    group : str
        The first of the person's groups. Given alone, it may name several, separated by spaces.
    groups : tuple of str
        All of them; a participant has one, a facilitator may have several.
    status : str
        ``active``, ``leave`` or ``withdrawn``.
    """

    person: str
    name: str
    roles: tuple[str, ...]
    group: str = ""
    school: str = ""
    lang: str = "en"
    account: str = ""
    status: str = "active"
    groups: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        groups = self.groups
        if not groups and self.group:
            groups = (self.group,)
            if "facilitator" in self.roles:
                groups = split_groups(self.group)
        if "facilitator" not in self.roles:
            groups = groups[:1]
        object.__setattr__(self, "groups", groups)
        object.__setattr__(self, "group", groups[0] if groups else "")

    @property
    def signs_in_as(self) -> str:
        """Return the account, in its one form: of its own column, or else the person's id."""
        return account_key(self.account) or self.person

    @property
    def held(self) -> frozenset[str]:
        """Return the roles that are in force.

        Who has withdrawn keeps their own pages, and no other right.
        """
        roles = frozenset(self.roles)
        return roles & {"participant"} if self.status == "withdrawn" else roles

    def having(self, **changes: Any) -> Person:  # noqa: ANN401
        """Return the same person with other fields; ``groups`` decides over ``group``."""
        if "groups" in changes:
            changes["group"] = ""
        return replace(self, **changes)


def split_groups(text: str, known: Collection[str] = ()) -> tuple[str, ...]:
    """Return the groups that a facilitator's cell names.

    They are separated by spaces. A name that holds a space itself is understood where a
    participant bears it (`known`), or where the cell separates with semicolons or commas.

    Examples
    --------
    >>> split_groups("g1 g2")
    ('g1', 'g2')
    >>> split_groups("1 топ; 2 топ")
    ('1 топ', '2 топ')
    """
    whole = " ".join(text.split())
    if ";" in whole or "," in whole:
        parts = [" ".join(one.split()) for one in whole.replace(",", ";").split(";")]
    else:
        parts = [whole] if whole in known else whole.split(" ")
    return tuple(dict.fromkeys(one for one in parts if one))


def join_groups(groups: Iterable[str], known: Collection[str] = ()) -> str:
    """Return a facilitator's groups as :func:`split_groups` reads them."""
    listed = list(groups)
    if not any(" " in one for one in listed) and (len(listed) < 2 or " ".join(listed) not in known):
        return " ".join(listed)
    if len(listed) == 1:
        return listed[0] if listed[0] in known else listed[0] + ";"
    return "; ".join(listed)


@dataclass(frozen=True, slots=True)
class Table:
    """A roster file as it was read, with what other programs wrote beside our columns.

    Attributes
    ----------
    columns : tuple of str
        The heading.
    rows : dict
        The raw cells by person.
    people : dict of str to Person
    bom : bool
        Whether the file begins with a byte order mark, as spreadsheets write it.
    """

    columns: tuple[str, ...]
    rows: dict[str, dict[str, str]]
    people: dict[str, Person]
    bom: bool = False

    @property
    def known(self) -> frozenset[str]:
        """Return the groups that participants are in."""
        return _participants_groups(self.people.values())

    def text(self, people: Iterable[Person]) -> str:
        """Return the file for these people; cells of unknown columns stay with their person."""
        listed = list(people)
        columns = list(self.columns) + [one for one in ROSTER_COLUMNS if one not in self.columns]
        if STATUS_COLUMN not in columns and any(one.status != "active" for one in listed):
            columns.append(STATUS_COLUMN)
        known = _participants_groups(listed)
        buffer = io.StringIO()
        writer = csv.DictWriter(buffer, columns, lineterminator="\n")
        writer.writeheader()
        for one in listed:
            writer.writerow({**self.rows.get(one.person, {}), **cells(one, known, columns)})
        return ("\ufeff" if self.bom else "") + buffer.getvalue()


def cells(one: Person, known: Collection[str] = (), columns: Iterable[str] = ()) -> dict[str, str]:
    """Return a person as the file's cells."""
    group = one.group
    if "facilitator" in one.roles:
        group = join_groups(one.groups, known)
    found = {
        "person": one.person,
        "name": one.name,
        "role": " ".join(one.roles),
        "group": group,
        "school": one.school,
        "lang": one.lang,
        "account": one.account,
    }
    if STATUS_COLUMN in columns:
        found[STATUS_COLUMN] = one.status
    return found


def _participants_groups(people: Iterable[Person]) -> frozenset[str]:
    return frozenset(
        one.group
        for one in people
        if one.group and "participant" in one.roles and "facilitator" not in one.roles
    )


def read_roster(path: Path) -> Iterator[Person]:
    """Read ``people.csv``; every complaint names the file and the line."""
    yield from read_table(path).people.values()


def read_table(path: Path) -> Table:
    """Read ``people.csv`` with everything that stands in it."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise _refuse(path, line, "the text is not UTF-8; save it as “CSV UTF-8”") from None
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        columns = tuple(reader.fieldnames or ())
        missing = set(ROSTER_COLUMNS[:3]) - set(columns)
        if missing:
            raise CourseError(
                "bad_roster",
                f"{path}:1: the columns {', '.join(sorted(missing))} are missing.",
                f"The columns are {', '.join(ROSTER_COLUMNS)}.",
            )
        whole = text.endswith(("\n", "\r"))
        found, lines = _rows(path, reader, columns, whole=whole)
    except csv.Error as error:
        raise _refuse(path, reader.reader.line_num, f"not readable as CSV ({error})") from None
    groups = _participants_groups(found.values())
    for person, one in found.items():
        if "facilitator" in one.roles:
            cell = lines[person].get("group") or ""
            found[person] = one.having(groups=split_groups(cell, groups))
    return Table(columns, lines, found, data.startswith(b"\xef\xbb\xbf"))


def _rows(
    path: Path, reader: csv.DictReader[str], columns: tuple[str, ...], *, whole: bool
) -> tuple[dict[str, Person], dict[str, dict[str, str]]]:
    found: dict[str, Person] = {}
    lines: dict[str, dict[str, str]] = {}
    seen: dict[str, int] = {}
    short = 0
    for row in reader:
        line = reader.line_num
        if short:
            short = 0  # a short line in the middle is a line without its last cells
        if None in row:
            raise _refuse(path, line, f"more cells than the {len(columns)} of the heading")
        if any(value is None for value in row.values()):
            short = line
        kept = {key: value or "" for key, value in row.items()}
        one = _person(path, line, kept, seen)
        seen[one.person] = line
        found[one.person] = one
        lines[one.person] = kept
    if short and not whole:
        raise _refuse(path, short, "the line breaks off; the file was not written to its end")
    return found, lines


def _person(path: Path, line: int, row: dict[str, str], seen: dict[str, int]) -> Person:
    person = row["person"].strip()
    roles = tuple(row["role"].split())
    status = row.get(STATUS_COLUMN, "").strip() or "active"
    if not PERSON_ID.match(person):
        why = "person: use small letters, digits and hyphens, 32 at most"
    elif person in NAMES:
        why = f"person: {person} stands for people who were erased; choose another id"
    elif person in seen:
        why = f"person: {person} stands in line {seen[person]} already"
    elif not roles or any(one not in ROLES for one in roles):
        why = f"role: use some of {', '.join(ROLES)}"
    elif (row.get("lang") or "en") not in LANGUAGES:
        why = f"lang: use one of {', '.join(LANGUAGES)}"
    elif status not in STATUSES:
        why = f"status: use one of {', '.join(STATUSES)}"
    else:
        return Person(
            person=person,
            name=row["name"].strip() or person,
            roles=roles,
            group=row.get("group", "").strip(),
            school=row.get("school", "").strip(),
            lang=row.get("lang") or "en",
            account=row.get("account", "").strip(),
            status=status,
        )
    raise _refuse(path, line, why)


def _refuse(path: Path, line: int, why: str) -> CourseError:
    return CourseError("bad_roster", f"{path}:{line}: {why}.", "Correct the line and try again.")
