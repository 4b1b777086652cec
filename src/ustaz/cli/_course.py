"""``new``, ``serve``, ``doctor``: a course directory from the shell."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from ustaz.cli import _exit
from ustaz.cli._book import book_option, offer
from ustaz.cli._help import (
    DAY,
    Command,
    directory_argument,
    json_option,
    only_with,
    option,
    words,
)
from ustaz.cli._output import Output, Progress, report_error
from ustaz.database import hub_around
from ustaz.messages import N_
from ustaz.messages import format as fill

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ustaz.config_files.last_good import Fault
    from ustaz.course import Course

GOES_ON: Final = N_("What it said on {since} goes on.")
DEMO_ID: Final = "ustaz-demo"
DEMO_NAME: Final = "Teacher leadership: demo"


@click.command(
    cls=Command, help=N_("Create a course directory."), epilog="ustaz new autumn --demo --people 12"
)
@directory_argument
@option("--demo", is_flag=True, help=N_("Fill it with invented people at different stages."))
@option(
    "--people",
    type=click.IntRange(1, 2000),
    default=30,
    metavar="N",
    help=N_("With --demo: how many invented teachers (30)."),
)
@option(
    "--seed",
    type=int,
    default=1,
    metavar="S",
    help=N_("With --demo: the same number makes the same people (1)."),
)
@option("--id", "course_id", metavar="ID", help=N_("Short id; else the directory's name."))
@option("--name", metavar="TEXT", help=N_("The course's name, as people read it."))
@option("--start", type=DAY, help=N_("First day, as 2026-09-01."))
@option("--end", type=DAY, help=N_("Last day, as 2027-05-31."))
@book_option
@json_option
@click.pass_context
def new(
    ctx: click.Context,
    directory: Path,
    demo: bool,
    people: int,
    seed: int,
    course_id: str | None,
    name: str | None,
    start: datetime | None,
    end: datetime | None,
    with_book: bool | None,
    as_json: bool,
) -> int:
    """Create a course."""
    out = Output(ctx, as_json=as_json)
    only_with(ctx, "--demo", demo, "people", "seed")
    if name is not None and not (name.strip() and name.isprintable()):
        raise click.UsageError(out.gettext("--name must be a text of one line."), ctx)
    if demo:
        from ustaz.demo import create

        progress = Progress(out, out.gettext("Writing the demo"))
        course = create(
            directory,
            people=people,
            seed=seed,
            progress=progress,
            id=course_id or DEMO_ID,
            name=name or DEMO_NAME,
            start=start.date() if start else None,
            end=end.date() if end else None,
        )
        out.line(
            out.ngettext(
                "{count} invented teacher takes part.",
                "{count} invented teachers take part.",
                len(course.with_role("participant")),
            )
        )
    else:
        from ustaz.admin.create import (
            COMPANIONS,
            HANDED_IN,
            Plan,
            create_course,
            create_whole,
            school_year,
        )
        from ustaz.base import clock

        first, last = school_year(clock.today())
        plan = Plan(
            id=course_id or _short(directory.resolve().name),
            name=name or directory.resolve().name,
            start=start.date() if start else first,
            end=end.date() if end else last,
            assignments=HANDED_IN,
            companions=COMPANIONS,
        )
        if not plan.start < plan.end:
            raise click.UsageError(out.gettext("--end must come after --start."), ctx)
        make = create_course if hub_around(directory) is None else create_whole
        course = make(directory, plan)
    out.line(out.gettext("Created the course directory {dir}.", dir=course.dir), strong=True)
    if not demo:
        out.line(out.gettext("Enter the people in {file}.", file=course.dir / "people.csv"))
    hub = hub_around(course.dir)
    offer(out, hub or course.dir, with_book=with_book)
    if hub is not None:
        # What a hub serves is not opened beside it: two would write the same answers.
        out.line(out.gettext("The hub shows it by itself, within seconds if it is running."))
        out.line(
            out.gettext("Then invite the first person: ustaz hub invite {dir} ACCOUNT", dir=hub)
        )
    else:
        out.line(out.gettext("Open it with: ustaz serve {dir}", dir=directory))
    out.result(
        {
            "directory": str(course.dir),
            "id": course.id,
            "name": course.name,
            "demo": course.demo,
            "people": len(course.people),
            "participants": len(course.with_role("participant")),
        }
    )
    return _exit.OK


def _short(name: str) -> str:
    """Return a course id made of a directory's name."""
    letters = "".join(char if char.isascii() and char.isalnum() else "-" for char in name.lower())
    return letters.strip("-")[:32].strip("-") or "course"


def say_faults(ctx: click.Context, course: Course) -> None:
    """Say which files of a course are not used as they stand."""
    from ustaz.admin.edited_files import faults_of

    say_each(ctx, faults_of(course))


def say_each(ctx: click.Context, faults: Iterable[Fault]) -> None:
    """Say what is wrong with files, and that the state before goes on."""
    for fault in faults:
        report_error(ctx, fault.error, as_json=False)
        if fault.since:
            click.echo(fill(words(ctx).gettext(GOES_ON), since=fault.since), err=True)


@click.command(
    cls=Command,
    help=N_("Start the course on this computer and print its address."),
    epilog="ustaz serve autumn",
)
@directory_argument
@option("--port", type=click.IntRange(1, 65535), default=8888, metavar="P", help=N_("Port (8888)."))
@option("--no-browser", is_flag=True, help=N_("Do not open a browser."))
@click.pass_context
def serve(ctx: click.Context, directory: Path, port: int, no_browser: bool) -> int:
    """Serve a course."""
    from ustaz.course import Course

    course = Course.open(directory, going_on=True)
    out = Output(ctx)
    say_faults(ctx, course)
    out.line(out.gettext("Starting {name} …", name=course.name))
    from ustaz.server import serve as run

    run(str(course.dir), port, open_browser=not no_browser)
    return _exit.OK


@click.command(
    cls=Command,
    help=N_("Look whether a course or hub directory is in order, and explain."),
    epilog="ustaz doctor /srv/ustaz/hub",
)
@directory_argument
@json_option
@click.pass_context
def doctor(ctx: click.Context, directory: Path, as_json: bool) -> int:
    """Examine a course's or a hub's directory."""
    from ustaz.doctor import MARKS, examine

    out = Output(ctx, as_json=as_json)
    findings = examine(directory)
    for finding in findings:
        text, hint = finding.sentences(out.gettext)
        if "course" in finding.params and "{course}" not in finding.message:
            text = f"{finding.params['course']}: {text}"
        out.line(f"{MARKS[finding.level]} {text}", strong=finding.level == "problem")
        if hint:
            out.line(f"    {hint}")
    bad = [finding for finding in findings if finding.level != "ok"]
    if not bad:
        out.line(out.gettext("All is well."), strong=True)
    out.result(
        {
            "ok": not bad,
            "findings": [
                {
                    "id": finding.id,
                    "level": finding.level,
                    "message": finding.sentences(out.gettext)[0],
                    "hint": finding.sentences(out.gettext)[1],
                    "params": finding.params,
                }
                for finding in findings
            ],
        }
    )
    return _exit.ATTENTION if any(problem.level == "problem" for problem in bad) else _exit.OK
