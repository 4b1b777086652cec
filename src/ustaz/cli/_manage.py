"""``ustaz course``: copy a course for the next cohort, close it, archive it, open it again."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Final

import click

from ustaz.cli import _exit
from ustaz.cli._help import DAY, PATH, Command, Group, directory_argument, json_option, option
from ustaz.cli._output import Output
from ustaz.messages import N_

STANDING_TEXTS: Final = {
    "closed": N_("The course is closed."),
    "archived": N_("The course is archived."),
    "open": N_("The course is open again."),
}


@click.group(cls=Group, help=N_("The end of a course, and the next cohort."))
def course() -> None:
    """Hold the commands about a course as a whole."""


@course.command(
    cls=Command,
    help=N_(
        "Copy a course for the next cohort: workbooks, languages, meetings and days, moved by whole"
        " weeks.\n\nNobody's answers come along; who leads the course does with --along."
    ),
    epilog="ustaz course copy hub/courses/spring hub/courses/autumn --id autumn --start 2027-09-01",
)
@directory_argument
@click.argument("to", metavar="TO", type=PATH)
@option("--id", "course_id", metavar="ID", required=True, help=N_("Short id of the new course."))
@option("--name", metavar="TEXT", help=N_("The course's name; else as it is."))
@option("--start", type=DAY, required=True, help=N_("First day, as 2026-09-01."))
@option("--along", is_flag=True, help=N_("Take along facilitators, staff, reviewers, operators."))
@json_option
@click.pass_context
def copy(
    ctx: click.Context,
    directory: Path,
    to: Path,
    course_id: str,
    name: str | None,
    start: dt.datetime,
    along: bool,
    as_json: bool,
) -> int:
    """Copy a course."""
    from ustaz.admin.copying import copy_course, leaders
    from ustaz.course import Course

    out = Output(ctx, as_json=as_json)
    if name is not None and not (name.strip() and name.isprintable()):
        raise click.UsageError(out.gettext("--name must be a text of one line."), ctx)
    source = Course.open(directory)
    copied = copy_course(
        source,
        to,
        id=course_id,
        name=name or source.name,
        start=start.date(),
        people=tuple(leaders(source)) if along else (),
    )
    out.line(out.gettext("Created the course directory {dir}.", dir=copied.dir), strong=True)
    out.result({"directory": str(copied.dir), "id": copied.id, "people": len(copied.people)})
    return _exit.OK


def _set(ctx: click.Context, directory: Path, standing: str, as_json: bool) -> int:
    from ustaz.admin.course_settings import set_standing
    from ustaz.course import Course

    out = Output(ctx, as_json=as_json)
    opened = Course.open(directory)
    set_standing(opened, standing)
    out.line(out.gettext(STANDING_TEXTS[standing]), strong=True)
    out.result({"directory": str(opened.dir), "standing": standing})
    return _exit.OK


@course.command(
    cls=Command,
    help=N_("Close a course: everything is read, and course staff alone change something."),
    epilog="ustaz course close autumn",
)
@directory_argument
@json_option
@click.pass_context
def close(ctx: click.Context, directory: Path, as_json: bool) -> int:
    """Close a course."""
    return _set(ctx, directory, "closed", as_json)


@course.command(
    cls=Command,
    help=N_("Archive a course: it is closed, and stands among the earlier courses."),
    epilog="ustaz course archive autumn",
)
@directory_argument
@json_option
@click.pass_context
def archive(ctx: click.Context, directory: Path, as_json: bool) -> int:
    """Archive a course."""
    return _set(ctx, directory, "archived", as_json)


@course.command(
    cls=Command,
    help=N_("Open a course again that was closed or archived."),
    epilog="ustaz course reopen autumn",
)
@directory_argument
@json_option
@click.pass_context
def reopen(ctx: click.Context, directory: Path, as_json: bool) -> int:
    """Open a course again."""
    return _set(ctx, directory, "open", as_json)
