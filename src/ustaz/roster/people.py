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

from ustaz.base.account import account_key
from ustaz.base.errors import FileFault
from ustaz.base.ids import FORMER, PERSON_ID, ROLES
from ustaz.config_files.last_good import Watched, read_bytes
from ustaz.messages import LANGUAGES, N_

ROSTER_FILE: Final = "people.csv"
ROSTER_COLUMNS: Final = ("person", "name", "role", "group", "school", "lang", "account")
STATUS_COLUMN: Final = "status"
STATUSES: Final = ("active", "leave", "withdrawn")
USE_SOME: Final = N_("use some of {choices}")
USE_ONE: Final = N_("use one of {choices}")


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
        parts = [" ".join(part.split()) for part in whole.replace(",", ";").split(";")]
    else:
        parts = [whole] if whole in known else whole.split(" ")
    return tuple(dict.fromkeys(part for part in parts if part))


def join_groups(groups: Iterable[str], known: Collection[str] = ()) -> str:
    """Return a facilitator's groups as :func:`split_groups` reads them."""
    words = list(groups)
    if not any(" " in word for word in words) and (len(words) < 2 or " ".join(words) not in known):
        return " ".join(words)
    if len(words) == 1:
        return words[0] if words[0] in known else words[0] + ";"
    return "; ".join(words)


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
        rows = list(people)
        columns = list(self.columns) + [name for name in ROSTER_COLUMNS if name not in self.columns]
        if STATUS_COLUMN not in columns and any(row.status != "active" for row in rows):
            columns.append(STATUS_COLUMN)
        known = _participants_groups(rows)
        buffer = io.StringIO()
        writer = csv.DictWriter(buffer, columns, lineterminator="\n")
        writer.writeheader()
        for row in rows:
            writer.writerow({**self.rows.get(row.person, {}), **cells(row, known, columns)})
        return ("\ufeff" if self.bom else "") + buffer.getvalue()


def cells(
    person: Person, known: Collection[str] = (), columns: Iterable[str] = ()
) -> dict[str, str]:
    """Return a person as the file's cells."""
    group = person.group
    if "facilitator" in person.roles:
        group = join_groups(person.groups, known)
    line = {
        "person": person.person,
        "name": person.name,
        "role": " ".join(person.roles),
        "group": group,
        "school": person.school,
        "lang": person.lang,
        "account": person.account,
    }
    if STATUS_COLUMN in columns:
        line[STATUS_COLUMN] = person.status
    return line


def _participants_groups(people: Iterable[Person]) -> frozenset[str]:
    return frozenset(
        person.group
        for person in people
        if person.group and "participant" in person.roles and "facilitator" not in person.roles
    )


def read_roster(path: Path) -> Iterator[Person]:
    """Read ``people.csv``; every complaint names the file and the line."""
    yield from read_table(path).people.values()


def watched_roster(root: Path, *, going_on: bool, keeping: bool) -> Watched[dict[str, Person]]:
    """Return a course's ``people.csv`` with its last good state."""
    return Watched(
        root,
        ROSTER_FILE,
        lambda data, path: parse_table(data, path).people,
        kind="roster",
        id="bad_roster",
        going_on=going_on,
        keeping=keeping,
    )


def read_table(path: Path) -> Table:
    """Read ``people.csv`` with everything that stands in it."""
    return parse_table(read_bytes(path, "bad_roster"), path)


def parse_table(data: bytes, path: Path) -> Table:
    """Return what the bytes of ``people.csv`` say; `path` is where they stand or stood."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise _refuse(path, line, "", N_("the text is not UTF-8; save it as “CSV UTF-8”")) from None
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        columns = tuple(reader.fieldnames or ())
        missing = set(ROSTER_COLUMNS[:3]) - set(columns)
        if missing:
            names = ", ".join(sorted(missing))
            raise _refuse(path, 1, names, N_("the columns {columns} are missing"), columns=names)
        whole = text.endswith(("\n", "\r"))
        people, lines = _rows(path, reader, columns, whole=whole)
    except csv.Error as error:
        why = N_("not readable as CSV ({error})")
        raise _refuse(path, reader.reader.line_num, "", why, error=error) from None
    groups = _participants_groups(people.values())
    for person, member in people.items():
        if "facilitator" in member.roles:
            cell = lines[person].get("group") or ""
            people[person] = member.having(groups=split_groups(cell, groups))
    return Table(columns, lines, people, data.startswith(b"\xef\xbb\xbf"))


def _rows(
    path: Path, reader: csv.DictReader[str], columns: tuple[str, ...], *, whole: bool
) -> tuple[dict[str, Person], dict[str, dict[str, str]]]:
    people: dict[str, Person] = {}
    lines: dict[str, dict[str, str]] = {}
    seen: dict[str, int] = {}
    short = 0
    for row in reader:
        line = reader.line_num
        if short:
            short = 0  # a short line in the middle is a line without its last cells
        if None in row:
            why = N_("more cells than the {count} of the heading")
            raise _refuse(path, line, "", why, count=len(columns))
        if any(value is None for value in row.values()):
            short = line
        kept = {key: value or "" for key, value in row.items()}
        member = _person(path, line, kept, seen)
        seen[member.person] = line
        people[member.person] = member
        lines[member.person] = kept
    if short and not whole:
        why = N_("the line breaks off; the file was not written to its end")
        raise _refuse(path, short, "", why)
    return people, lines


def _person(path: Path, line: int, row: dict[str, str], seen: dict[str, int]) -> Person:
    person = row["person"].strip()
    roles = tuple(row["role"].split())
    status = row.get(STATUS_COLUMN, "").strip() or "active"
    params: dict[str, object] = {}
    if not PERSON_ID.match(person):
        field, why = "person", N_("use small letters, digits and hyphens, 32 at most")
    elif person in FORMER:
        field = "person"
        why = N_("{person} stands for people who were erased; choose another id")
        params = {"person": person}
    elif person in seen:
        field, why = "person", N_("{person} stands in line {other} already")
        params = {"person": person, "other": seen[person]}
    elif not roles or any(role not in ROLES for role in roles):
        field, why, params = "role", USE_SOME, {"choices": ", ".join(ROLES)}
    elif (row.get("lang") or "en") not in LANGUAGES:
        field, why, params = "lang", USE_ONE, {"choices": ", ".join(LANGUAGES)}
    elif status not in STATUSES:
        field, why, params = STATUS_COLUMN, USE_ONE, {"choices": ", ".join(STATUSES)}
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
    raise _refuse(path, line, field, why, **params)


def _refuse(path: Path, line: int, field: str, why: str, **params: object) -> FileFault:
    hint = N_("Correct the line and try again.")
    return FileFault("bad_roster", path, line, field, why, hint, params=params)


def owners(people: Iterable[Person]) -> dict[str, Person | None]:
    """Return who of a roster signs in with which account; None where two people would.

    Whose line names the account comes before whose id is like it.
    """
    by_account: dict[str, Person | None] = {}
    for person in sorted(people, key=lambda person: bool(person.account)):
        account = person.signs_in_as
        twin = by_account.get(account)
        alone = account not in by_account or (
            twin is not None and bool(person.account) != bool(twin.account)
        )
        by_account[account] = person if alone else None
    return by_account
