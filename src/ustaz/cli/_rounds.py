"""``submit``, ``collect``, ``grade``, ``feedback``: the way of a round, from the shell."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ustaz.base.errors import UstazError
from ustaz.cli import _exit
from ustaz.cli._help import Command, directory_argument, json_option, option
from ustaz.cli._output import Output, Progress
from ustaz.messages import N_

if TYPE_CHECKING:
    from ustaz.course import Course

workbook_option = option("--workbook", metavar="W", help=N_("Only this workbook, by its id."))


@click.command(
    cls=Command,
    help=N_("Hand in one person's answers and print the receipt."),
    epilog="ustaz submit autumn --workbook focus --person aigul-s",
)
@directory_argument
@option("--workbook", metavar="W", required=True, help=N_("The workbook's id, for example focus."))
@option("--person", metavar="P", required=True, help=N_("The person's id in people.csv."))
@option("--confirm", is_flag=True, help=N_("Hand in although a newer round is there already."))
@json_option
@click.pass_context
def submit(
    ctx: click.Context, directory: Path, workbook: str, person: str, confirm: bool, as_json: bool
) -> int:
    """Hand in one person's answers."""
    from ustaz.course import Course
    from ustaz.course.identity import acting_as, from_environment
    from ustaz.exchange import submit as hand_in

    out = Output(ctx, as_json=as_json)
    course = Course.open(directory)
    course.person(person)
    identity = acting_as(course, person) if course.demo else from_environment(course)
    receipt = hand_in(course, person, workbook, identity=identity, confirm=confirm)
    if receipt.repeated:
        out.line(out.gettext("These answers were handed in before; this is their receipt."))
    else:
        out.line(out.gettext("Handed in."), strong=True)
    received = f"{receipt.received_at.astimezone(course.timezone):%Y-%m-%d %H:%M}"
    out.line(out.gettext("Round {round}, received {time}", round=receipt.round, time=received))
    if receipt.late:
        out.line(out.gettext("It came after the date; this costs nothing."))
    out.line(out.gettext("{answered} of {of} answered", answered=receipt.answered, of=receipt.of))
    out.line(out.gettext("Code: {code}", code=receipt.code))
    out.result(receipt.to_dict(course.timezone))
    return _exit.OK


@click.command(
    cls=Command,
    help=N_("Take the rounds that were handed in into nbgrader."),
    epilog="ustaz collect autumn --workbook focus",
)
@directory_argument
@workbook_option
@json_option
@click.pass_context
def collect(ctx: click.Context, directory: Path, workbook: str | None, as_json: bool) -> int:
    """Collect rounds."""
    from ustaz.course import Course
    from ustaz.exchange import collect as take

    out = Output(ctx, as_json=as_json)
    course = Course.open(directory)
    _known(course, workbook)
    report = take(course, workbook)
    out.line(
        out.ngettext("{count} submission taken.", "{count} submissions taken.", len(report.taken))
    )
    if report.unchanged:
        out.line(
            out.ngettext(
                "{count} was there already.", "{count} were there already.", len(report.unchanged)
            )
        )
    for person, which, error, detail in report.refused:
        shown = out.gettext(
            "Refused: {person}, {workbook}: {error}", person=person, workbook=which, error=error
        )
        out.line(f"{shown} ({detail})" if detail else shown)
    out.result(report.to_dict())
    return _exit.PARTLY if report.refused else _exit.OK


@click.command(
    cls=Command,
    help=N_("Check the collected answers and fill in the gradebook."),
    epilog="ustaz grade autumn --workbook focus",
)
@directory_argument
@workbook_option
@option(
    "--jobs",
    type=click.IntRange(1, 64),
    default=1,
    metavar="N",
    help=N_("How many processes evaluate at the same time."),
)
@json_option
@click.pass_context
def grade(
    ctx: click.Context, directory: Path, workbook: str | None, jobs: int, as_json: bool
) -> int:
    """Grade in batches."""
    os.environ.setdefault("JUPYTER_PLATFORM_DIRS", "1")
    from ustaz.course import Course
    from ustaz.grading import grade as run

    out = Output(ctx, as_json=as_json)
    course = Course.open(directory)
    _known(course, workbook)
    report = run(course, workbook, jobs=jobs, progress=Progress(out, out.gettext("Checking")))
    return _summary(
        out,
        report,
        out.ngettext(
            "{count} submission checked.", "{count} submissions checked.", len(report.graded)
        ),
        *(
            [
                out.ngettext(
                    "{count} was checked already.",
                    "{count} were checked already.",
                    len(report.unchanged),
                )
            ]
            if report.unchanged
            else []
        ),
        *(
            [
                out.ngettext(
                    "{count} came again after it was marked and waits for new marks.",
                    "{count} came again after they were marked and wait for new marks.",
                    len(report.again),
                )
            ]
            if report.again
            else []
        ),
    )


@click.command(
    cls=Command,
    help=N_("Make the feedback pages and give them back to people."),
    epilog="ustaz feedback autumn --workbook focus",
)
@directory_argument
@workbook_option
@json_option
@click.pass_context
def feedback(ctx: click.Context, directory: Path, workbook: str | None, as_json: bool) -> int:
    """Release feedback."""
    os.environ.setdefault("JUPYTER_PLATFORM_DIRS", "1")
    from ustaz.course import Course
    from ustaz.grading import feedback as run

    out = Output(ctx, as_json=as_json)
    course = Course.open(directory)
    _known(course, workbook)
    report = run(course, workbook)
    return _summary(
        out,
        report,
        out.ngettext(
            "Feedback on {count} submission was given back.",
            "Feedback on {count} submissions was given back.",
            len(report.returned),
        ),
        *(
            [
                out.ngettext(
                    "{count} still waits to be marked by a person.",
                    "{count} still wait to be marked by a person.",
                    len(report.waiting),
                )
            ]
            if report.waiting
            else []
        ),
    )


def _known(course: Course, workbook: str | None) -> None:
    """Refuse a workbook that is not handed in here: a mistyped name must not look like success."""
    if workbook is not None and workbook not in course.assignments:
        raise UstazError(
            "unknown_workbook",
            N_("{workbook} is not handed in in this course."),
            N_("Handed in are: {workbooks}."),
            exit_code=_exit.REFUSED,
            params={"workbook": workbook, "workbooks": ", ".join(course.assignments)},
        )


def _summary(out: Output, report: Any, *lines: str) -> int:  # noqa: ANN401 - two report classes
    """Say what was done and what was not; both reports list what ``failed``."""
    value = report.to_dict()
    for line in lines:
        out.line(line)
    for failure in value["failed"]:
        shown = out.gettext(
            "Not done: {person}, {workbook}: {error}",
            person=failure["person"],
            workbook=failure["workbook"],
            error=failure["error"],
        )
        out.line(f"{shown} ({failure['detail']})" if failure["detail"] else shown)
    out.result(value)
    return _exit.PARTLY if value["failed"] else _exit.OK
