"""``roster move`` and its like: one change of one person, with history."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ustaz.cli import _exit
from ustaz.cli._help import DAY, directory_argument, json_option, not_with, option
from ustaz.cli._output import Output
from ustaz.cli._roster import opened, person_argument, person_json
from ustaz.cli._roster_import import roster
from ustaz.messages import N_

if TYPE_CHECKING:
    from ustaz.course import Course

__all__ = ["roster"]


def _done(out: Output, course: Course, person: str, text: str) -> int:
    out.line(text, strong=True)
    out.result(person_json(course, course.person(person)))
    return _exit.OK


@roster.command(
    help=N_("Move a person to another group."), epilog="ustaz roster move autumn aigul-s g2"
)
@directory_argument
@person_argument
@click.argument("group", metavar="GROUP")
@json_option
@click.pass_context
def move(ctx: click.Context, directory: Path, person: str, group: str, as_json: bool) -> int:
    """Move a person."""
    from ustaz.enrolment import move as change

    out = Output(ctx, as_json=as_json)
    course, by = opened(directory)
    change(course, person, group, by=by)
    groups = ", ".join(course.person(person).groups)
    text = out.gettext("{person} is in the group {group} now.", person=person, group=groups)
    return _done(out, course, person, text)


def _status(ctx: click.Context, directory: Path, person: str, status: str, as_json: bool) -> int:
    from ustaz.enrolment import set_status

    out = Output(ctx, as_json=as_json)
    course, by = opened(directory)
    set_status(course, person, status, by=by)
    sentences = {
        "leave": N_("{person} is on leave now."),
        "active": N_("{person} takes part again."),
        "withdrawn": N_("{person} has left the course. What they wrote is kept."),
    }[status]
    return _done(out, course, person, out.gettext(sentences, person=person))


@roster.command(
    help=N_("Note that a person is on leave: not counted, and may go on writing."),
    epilog="ustaz roster leave autumn aigul-s",
)
@directory_argument
@person_argument
@json_option
@click.pass_context
def leave(ctx: click.Context, directory: Path, person: str, as_json: bool) -> int:
    """Set a person on leave."""
    return _status(ctx, directory, person, "leave", as_json)


@roster.command(
    "return",
    help=N_("Take a person back from leave or after leaving the course."),
    epilog="ustaz roster return autumn aigul-s",
)
@directory_argument
@person_argument
@json_option
@click.pass_context
def return_(ctx: click.Context, directory: Path, person: str, as_json: bool) -> int:
    """Take a person back."""
    return _status(ctx, directory, person, "active", as_json)


@roster.command(
    help=N_("Note that a person has left the course; what they wrote is kept."),
    epilog="ustaz roster withdraw autumn aigul-s",
)
@directory_argument
@person_argument
@json_option
@click.pass_context
def withdraw(ctx: click.Context, directory: Path, person: str, as_json: bool) -> int:
    """Withdraw a person."""
    return _status(ctx, directory, person, "withdrawn", as_json)


@roster.command(
    help=N_("Let a facilitator stand in for a group for a time, or end that."),
    epilog="ustaz roster substitute autumn dina-f g2 --until 2026-12-18",
)
@directory_argument
@person_argument
@click.argument("group", metavar="GROUP")
@option(
    "--from", "start", type=DAY, metavar="DATE",
    help=N_("First day, as 2026-11-23; else today."),
)  # fmt: skip
@option(
    "--until", "end", type=DAY, metavar="DATE",
    help=N_("Last day, as 2026-12-04."),
)  # fmt: skip
@option("--stop", is_flag=True, help=N_("End it now."))
@json_option
@click.pass_context
def substitute(
    ctx: click.Context,
    directory: Path,
    person: str,
    group: str,
    start: dt.datetime | None,
    end: dt.datetime | None,
    stop: bool,
    as_json: bool,
) -> int:
    """Begin or end a substitution."""
    from ustaz.enrolment import end_substitution
    from ustaz.enrolment import substitute as begin

    out = Output(ctx, as_json=as_json)
    if stop is (end is not None):
        raise click.UsageError(out.gettext("Name either --until or --stop."), ctx)
    not_with(ctx, "--stop", stop, "start")
    course, by = opened(directory)
    if end is None:
        end_substitution(course, group, person, by=by)
        text = out.gettext(
            "{person} no longer stands in for the group {group}.", person=person, group=group
        )
        return _done(out, course, person, text)
    first = start.date() if start else course.today()
    substitution = begin(course, group, person, first, end.date(), by=by)
    text = out.gettext(
        "{person} stands in for the group {group} from {start} until {end}.",
        person=person,
        group=substitution.group,
        start=substitution.start,
        end=substitution.end,
    )
    return _done(out, course, person, text)
