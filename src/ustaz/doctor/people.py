"""Examinations of who comes to a hub: accounts, names, groups."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Final

from ustaz import database
from ustaz.base.account import is_usable
from ustaz.doctor.model import SHOWN, Finding
from ustaz.messages import N_

if TYPE_CHECKING:
    from ustaz.doctor.hubs import Hub


def unopened(hub: Hub) -> Iterator[Finding]:
    """Name the courses that the hub leaves out."""
    count = len(hub.courses)
    for name, why in sorted(hub.unopened.items()):
        yield Finding(
            "unopened_course",
            "problem",
            N_("The course {course} cannot be opened ({error}); nobody sees it."),
            N_("Run: ustaz doctor {dir}"),
            {"course": name, "error": why.id, "dir": str(hub.dir / "courses" / name)},
            why,
        )
    for name, (id, first) in sorted(hub.twice.items()):
        yield Finding(
            "same_id",
            "problem",
            N_("courses/{folder} has the id “{id}” of courses/{first}, so nobody sees it."),
            N_("Write another course.id into its ustaz.toml, or move the folder elsewhere."),
            {"folder": name, "id": id, "first": first},
        )
    if not count and not hub.unopened:
        yield Finding(
            "no_courses",
            "note",
            N_("There is no course yet."),
            N_("Make one: ustaz new {dir}/courses/NAME"),
            {"dir": str(hub.dir)},
        )
    elif count:
        message = N_("Courses that can be opened: {count}.")
        yield Finding("courses", "ok", message, "", {"count": count})


def two_names(hub: Hub) -> Iterator[Finding]:
    """Look for one account that is two people."""
    names = defaultdict(set)
    for course in hub.courses.values():
        for person in course.people.values():
            names[person.signs_in_as].add(person.name)
    for account in sorted(account for account, known in names.items() if len(known) > 1)[:SHOWN]:
        yield Finding(
            "two_names",
            "note",
            N_("The account {account} stands in the courses under different names."),
            N_("If these are two people, give one of them another account in people.csv."),
            {"account": account},
        )


def nobodys(hub: Hub) -> Iterator[Finding]:
    """Look for accounts that were written by hand and with which nobody can sign in."""
    for name, course in hub.courses.items():
        wrong = sorted(
            {
                person.signs_in_as
                for person in course.people.values()
                if course.owner(person.signs_in_as) != person or not is_usable(person.signs_in_as)
            }
        )
        for account in wrong[:SHOWN]:
            yield Finding(
                "nobodys_account",
                "problem",
                N_("{course}: nobody, or not everybody, can sign in as {account}."),
                N_("Give each person an account of their own, of letters, digits, hyphens and"
                   " points, in people.csv. Capital and small letters make no difference."),
                {"course": name, "account": account},
            )  # fmt: skip


def without(hub: Hub) -> Iterator[Finding]:
    """Count the people who cannot sign in yet, and the participants whom nobody looks after."""
    accounts = known_accounts(hub)
    present: defaultdict[str, set[str]] = defaultdict(set)
    for course in hub.courses.values():
        for person in course.people.values():
            present[person.signs_in_as].add(f"{course.id}/{person.person}")

    def is_open(account: str) -> bool:
        """Tell whether an account has a password that is not of somebody who had it before."""
        holders = accounts.get(account, frozenset()) if accounts else frozenset()
        return holders is None or not holders.isdisjoint(present[account])

    for name, course in hub.courses.items():
        people = [person for person in course.people.values() if _takes_part(person)]
        if accounts is not None:
            waiting = [person.person for person in people if not is_open(person.signs_in_as)]
            if waiting:
                yield Finding(
                    "without_account",
                    "note",
                    N_("{course}: {count} people have no account yet."),
                    N_("Give them their links: ustaz hub invite {dir} PERSON"),
                    {"course": name, "count": len(waiting), "dir": str(hub.dir)},
                )
        alone = [person for person in people if "participant" in person.roles and not person.group]
        if alone:
            yield Finding(
                "without_group",
                "note",
                N_("{course}: {count} participants are in no group."),
                N_("Enter their group in people.csv: a facilitator sees the own group only."),
                {"course": name, "count": len(alone)},
            )


def _takes_part(person: object) -> bool:
    return getattr(person, "status", "active") != "withdrawn"


Accounts = dict[str, frozenset[str] | None]
_HOLDERS: Final = "select account, people from {} where kind = 'password'"


def known_accounts(hub: Hub) -> Accounts | None:
    """Return the accounts with a password, and whose it is; None where that cannot be read.

    People are named as ``course/person``; None where an earlier version did not note them.
    """
    if hub.text("database"):
        return _in_postgresql(hub.text("database"))
    path = hub.dir / "state" / "hub.sqlite"
    if not path.is_file():
        return None
    with (
        suppress(sqlite3.DatabaseError),
        closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=1)) as connection,
    ):
        names: Accounts = {
            row[0]: None for row in connection.execute("select username from users_info")
        }
        with suppress(sqlite3.OperationalError):  # a hub that has not started since an update
            names |= _held(connection.execute(_HOLDERS.format("ustaz_holders")), names)
        return names
    return None


def _held(rows: Iterable[tuple[str, str]], names: Accounts) -> Accounts:
    return {name: frozenset(json.loads(people)) for name, people in rows if name in names}


def _in_postgresql(url: str) -> Accounts | None:
    try:
        import psycopg
        from psycopg import sql
    except ImportError:
        return None  # which another examination says
    table = sql.Identifier(database.HUB_SCHEMA, "users_info")
    holders = sql.Identifier(database.HUB_SCHEMA, "ustaz_holders")
    # So it does of a server that does not answer; before the hub's first start there is no table.
    with suppress(psycopg.Error, database.DatabaseError), database.connect(url) as connection:
        rows = connection.execute(sql.SQL("SELECT username FROM {}").format(table))
        names: Accounts = {str(name): None for (name,) in rows}
        with suppress(psycopg.Error), connection.transaction():
            names |= _held(connection.execute(sql.SQL(_HOLDERS).format(holders)), names)
        return names
    return None
