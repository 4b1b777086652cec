"""``roster``: the people of a course from the shell, with a dry run for lists."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ustaz.base.errors import UstazError
from ustaz.cli import _exit
from ustaz.cli._help import Group, directory_argument, json_option, option
from ustaz.cli._output import Output
from ustaz.database import HUB_FILE
from ustaz.messages import N_

if TYPE_CHECKING:
    from ustaz.course import Course
    from ustaz.roster import Entry, Giver, Person

person_argument = click.argument("person", metavar="PERSON")


@click.group(cls=Group, help=N_("The people of a course: lists, groups, leave, substitutes."))
def roster() -> None:
    """Hold the commands about people."""


def opened(directory: Path) -> tuple[Course, Giver]:
    """Open a course; return it with who is asking, and what they may give to others.

    Whom a hub signed in, and the course's own staff, may no more than on the page. Anybody else
    here owns the directory, and so may write into its roster whatever they want.
    """
    from ustaz.course import Course
    from ustaz.course.identity import from_environment
    from ustaz.course.listing import COURSES
    from ustaz.hub import permissions
    from ustaz.hub.settings import HubDir
    from ustaz.roster import Giver
    from ustaz.roster.granting import GIVES

    course = Course.open(directory)
    top = course.dir.parent.parent
    inside = course.dir.parent.name == COURSES and (top / HUB_FILE).is_file()
    hub = HubDir.open(top) if inside else None
    try:
        who = from_environment(course)
    except UstazError:
        who = None
    if who is not None and ("JUPYTERHUB_USER" in os.environ or who.has(*GIVES)):
        known = Giver(who.person, who.roles)
        return course, permissions.giver(hub, course, who) if hub else known
    name = who.person if who else ""
    if hub is None:
        return course, Giver(name, owner=True)
    return course, Giver(name, owner=True, elsewhere=permissions.others(hub, course))


# -- looking --------------------------------------------------------------------------------------
def called(person: Person) -> str:
    return f"{person.person} ({person.name})"


def person_json(course: Course, person: Person) -> dict[str, Any]:
    return {
        "person": person.person,
        "name": person.name,
        "roles": list(person.roles),
        "groups": list(person.groups),
        "groups_today": list(course.groups_of(person.person)),
        "school": person.school,
        "lang": person.lang,
        "status": person.status,
    }


def _show(out: Output, course: Course, people: Iterable[Person]) -> int:
    from ustaz.roster.labels import WORDS

    rows = list(people)
    for person in rows:
        roles = ", ".join(out.gettext(WORDS[role]) for role in person.roles)
        parts = [called(person), roles, ", ".join(person.groups), person.school]
        if person.status != "active":
            parts.append(out.gettext(WORDS[person.status]))
        out.line(" · ".join(part for part in parts if part))
    out.line(out.ngettext("{count} person.", "{count} people.", len(rows)), strong=True)
    out.result({"people": [person_json(course, person) for person in rows]})
    return _exit.OK


@roster.command(
    "list",
    help=N_("List the people by group and name."),
    epilog="ustaz roster list autumn --group g1",
)
@directory_argument
@option("--group", metavar="G", help=N_("Only this group."))
@option("--status", metavar="S", help=N_("Only this status: active, leave or withdrawn."))
@json_option
@click.pass_context
def list_(
    ctx: click.Context, directory: Path, group: str | None, status: str | None, as_json: bool
) -> int:
    """List people."""
    from ustaz.roster import STATUSES, RosterError, by_name

    if status is not None and status not in STATUSES:
        raise RosterError("bad_status")
    out = Output(ctx, as_json=as_json)
    course, _ = opened(directory)
    chosen = [
        person
        for person in by_name(course.people.values())
        if (group is None or group in person.groups) and status in (None, person.status)
    ]
    return _show(out, course, sorted(chosen, key=lambda person: person.group))


@roster.command(
    help=N_("Find people by a piece of a name, typed in any alphabet."),
    epilog="ustaz roster find autumn айгул",
)
@directory_argument
@click.argument("text", metavar="TEXT")
@json_option
@click.pass_context
def find(ctx: click.Context, directory: Path, text: str, as_json: bool) -> int:
    """Find people."""
    from ustaz.roster import find as search

    course, _ = opened(directory)
    return _show(Output(ctx, as_json=as_json), course, search(course.people.values(), text))


@roster.command(
    help=N_("Say what happened to a person: when and by whom."),
    epilog="ustaz roster history autumn aigul-s",
)
@directory_argument
@person_argument
@json_option
@click.pass_context
def history(ctx: click.Context, directory: Path, person: str, as_json: bool) -> int:
    """Show a person's history."""
    from ustaz.base.clock import zoned
    from ustaz.enrolment import history as read

    out = Output(ctx, as_json=as_json)
    course, _ = opened(directory)
    entries = read(course, person)
    for entry in entries:
        out.line(f"{zoned(entry.at, course.timezone)}  {_entry(out, entry)}")
    if not entries:
        out.line(out.gettext("Nothing has been changed since the list of people was written."))
    out.result({"person": person, "history": [entry.to_json() for entry in entries]})
    return _exit.OK


def _entry(out: Output, entry: Entry) -> str:
    from ustaz.roster.labels import FIELDS
    from ustaz.roster.telling import tell

    message, params = tell(entry)
    if "fields" in params:
        keys = [*entry.set, *entry.also]
        params["fields"] = ", ".join(out.gettext(FIELDS[key]) for key in keys)
    text = out.gettext(message, **params)
    by_hand = entry.how == "file" and entry.kind != "first"
    who = out.gettext("changed in the file") if by_hand else entry.by
    return f"{text} ({who})" if who else text
