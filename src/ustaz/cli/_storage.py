"""``storage move``: a course's documents and gradebook from files into PostgreSQL, or back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from ustaz.base.errors import UstazError
from ustaz.cli import _exit
from ustaz.cli._help import Command, Group, directory_argument, json_option, option
from ustaz.cli._output import Output
from ustaz.messages import N_

if TYPE_CHECKING:
    from ustaz.answers.postgres.migrate import Moved
    from ustaz.course import Course

DATABASE_ENV: Final = "USTAZ_DATABASE"
#: So many folders are listed; the rest is counted.
SHOWN: Final = 10


@click.group(cls=Group, help=N_("Say where answers and gradebook are kept."))
def storage() -> None:
    """Hold the commands about where things are kept."""


@storage.command(
    cls=Command,
    help=N_(
        "Copy answers and gradebook into PostgreSQL, or back into files.\n\n"
        "Stop the service first. Nothing is switched: the command says which line to write. "
        "What went on at both places is refused."
    ),
    epilog="ustaz storage move autumn --to postgresql --database postgresql:///ustaz",
)
@directory_argument
@option(
    "--to",
    "target",
    type=click.Choice(["postgresql", "files"]),
    required=True,
    help=N_("Where to."),
)
@option(
    "--database",
    "url",
    envvar=DATABASE_ENV,
    metavar="URL",
    help=N_("The database; else USTAZ_DATABASE, else what the settings name."),
)
@json_option
@click.pass_context
def move(ctx: click.Context, directory: Path, target: str, url: str | None, as_json: bool) -> int:
    """Copy a course's documents and gradebook."""
    from ustaz import database
    from ustaz.answers.postgres.migrate import Place
    from ustaz.answers.postgres.migrate import move as move_documents
    from ustaz.base.desk import gradebook_file
    from ustaz.course import Course

    out = Output(ctx, as_json=as_json)
    course = Course.open(directory)
    address = _address(course, url)
    database.prepare(address, database.course_schema(course.id))
    places = [
        Place(course.people_dir, course.id),
        Place(course.people_dir, course.id, address),
    ]
    books = [
        f"sqlite:///{gradebook_file(course.dir)}",
        database.with_schema(address, database.course_schema(course.id)),
    ]
    if target == "files":
        places.reverse()
        books.reverse()
    done = move_documents(*places)
    gradebook = "none"
    if not done.refused:
        from ustaz.grading.moving import move_gradebook

        gradebook = move_gradebook(*books)
    setting = _setting(target, address)
    _say(out, done, gradebook, setting)
    out.result(
        {
            "to": target,
            "copied": done.copied,
            "equal": done.equal,
            "differing": done.differing,
            "only_there": done.extra,
            "failed": [{"folder": folder, "error": error} for folder, error in done.failed],
            "gradebook": gradebook,
            "setting": setting,
        }
    )
    if done.refused or gradebook == "differing":
        return _exit.REFUSED
    return _exit.STORAGE if done.failed else _exit.OK


def _address(course: Course, url: str | None) -> str:
    from ustaz import database

    address = url or course.database
    if not address:
        raise UstazError(
            "no_setting",
            "Neither the command nor the settings name a database.",
            f"Name one with --database, as {database.EXAMPLE}.",
            exit_code=_exit.USAGE,
        )
    why = database.problem(address)
    if why:
        raise UstazError("bad_database", f"--database: {why}.", exit_code=_exit.USAGE)
    return address


def _setting(target: str, address: str) -> str:
    from ustaz import database

    value = database.FILES if target == "files" else database.shown(address)
    return f'[storage]\ndatabase = "{value}"'


def _say(out: Output, done: Moved, gradebook: str, setting: str) -> None:
    for folders, message in (
        (done.differing, N_("{folder}: went on at both places; nothing was copied.")),
        (done.extra, N_("{folder}: only at the destination; nothing was copied.")),
        ([folder for folder, _ in done.failed], N_("{folder}: could not be copied.")),
    ):
        for folder in folders[:SHOWN]:
            out.line("✗ " + out.gettext(message, folder=folder))
        if len(folders) > SHOWN:
            out.line("✗ " + out.gettext(N_("… and {count} more."), count=len(folders) - SHOWN))
    if done.refused:
        hint = N_("Decide which place counts, and remove the documents of the other one.")
        out.line(out.gettext(hint), strong=True)
        return
    out.line(
        out.gettext(
            N_("Documents: {copied} copied, {equal} there already, {failed} not copied."),
            copied=len(done.copied),
            equal=len(done.equal),
            failed=len(done.failed),
        )
    )
    out.line(
        out.gettext(
            {
                "none": N_("There is no gradebook yet."),
                "copied": N_("The gradebook was copied."),
                "equal": N_("The gradebook is there already."),
                "differing": N_("The gradebook went on at both places; it was not copied."),
            }[gradebook]
        )
    )
    if not done.failed and gradebook != "differing":
        out.line()
        out.line(out.gettext(N_("To use it, write into ustaz.toml:")), strong=True)
        out.line(setting)
