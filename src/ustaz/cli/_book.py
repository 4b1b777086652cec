"""``ustaz book``: the book of a course or a hub, and the offer to build it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Final

import click

from ustaz.cli import _exit
from ustaz.cli._help import Command, Group, directory_argument, json_option, option
from ustaz.cli._output import Output
from ustaz.messages import N_

#: As `ustaz.book` calls its editions; a command's help loads nothing of it.
EDITIONS: Final = ("learner", "facilitator")
BOTH: Final = "both"


@click.group(cls=Group, help=N_("The book that people of a course read on its pages."))
def book() -> None:
    """Hold the commands of the book."""


@book.command(
    cls=Command,
    help=N_(
        "Build the book of a hub or a course, all editions, where its pages look for it.\n\n"
        "Takes a minute or two, and nothing where nothing has changed. The book that is there stays"
        " readable until the new one is whole. Of a course in a hub it is the hub's."
    ),
    epilog="ustaz book build /srv/ustaz/hub",
)
@directory_argument
@option(
    "--edition",
    type=click.Choice([*EDITIONS, BOTH]),
    default=BOTH,
    help=N_("Only the edition for learners, or for facilitators; else both."),
)
@option(
    "--downloads",
    is_flag=True,
    help=N_(
        "Also make a PDF and a zip of each edition in each language, which its pages then offer."
        " Needs Chromium and some minutes."
    ),
)
@option("--force", is_flag=True, help=N_("Build even when nothing has changed."))
@json_option
@click.pass_context
def build(
    ctx: click.Context,
    directory: Path,
    edition: str,
    downloads: bool,
    force: bool,
    as_json: bool,
) -> int:
    """Build the editions."""
    from ustaz.book.place import home_of
    from ustaz.course import Course
    from ustaz.database import HUB_FILE

    out = Output(ctx, as_json=as_json)
    path = directory.resolve()
    home = path if (path / HUB_FILE).is_file() else home_of(Course.open(path).dir)
    editions = EDITIONS if edition == BOTH else (edition,)
    out.result(build_into(out, home, editions=editions, downloads=downloads, force=force))
    return _exit.OK


def build_into(
    out: Output,
    home: Path,
    *,
    editions: tuple[str, ...] = EDITIONS,
    downloads: bool = False,
    force: bool = False,
) -> dict[str, Any]:
    """Build the book of a directory, say what was built, and return it for programs."""
    from ustaz.book import build_all
    from ustaz.book.place import book_folder

    folder = book_folder(home)
    if downloads:
        from ustaz.book.offering import make_downloads

        make_downloads(folder, editions=editions)
    editions_built = []
    for built in build_all(folder, editions=editions, force=force):
        lang, name = built.lang, _name(out, built.edition)
        editions_built.append({"edition": built.edition, "lang": lang, "pages": built.pages,
                     "built": built.seconds > 0})  # fmt: skip
        out.line(
            out.ngettext(
                "{edition} ({lang}): {count} page",
                "{edition} ({lang}): {count} pages",
                built.pages,
                edition=name,
                lang=lang,
            )
            if built.seconds
            else out.gettext("{edition} ({lang}): nothing has changed", edition=name, lang=lang)
        )
    out.line(out.gettext("The book is in {dir}.", dir=folder), strong=True)
    return {"directory": str(home), "book": str(folder), "editions": editions_built}


def _name(out: Output, edition: str) -> str:
    return out.gettext(NAMES[edition])


NAMES: Final = {
    "learner": N_("Edition for learners"),
    "facilitator": N_("Edition for facilitators"),
}

book_option = option(
    "--book/--no-book",
    "with_book",
    default=None,
    help=N_("Build the book as well, or not; else the command asks on a terminal."),
)


def on_a_terminal() -> bool:
    """Tell whether somebody can be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def offer(out: Output, home: Path, *, with_book: bool | None) -> None:
    """Build the book of a new directory, or say how that is done.

    Parameters
    ----------
    out : Output
    home : Path
        The directory whose book it is: a hub, or a course that is in none.
    with_book : bool, optional
        What the caller decided; None asks, where somebody can answer.
    """
    from ustaz.book.place import book_folder, build_command, state

    folder = book_folder(home)
    if with_book is False or state(folder) == "ok":
        return
    if with_book is None and not out.as_json and on_a_terminal():
        with_book = click.confirm(
            out.gettext("Build the book now? It takes half a minute."), default=True
        )
    if with_book:
        build_into(out, home)
    else:
        command = build_command(home, folder)
        out.line(out.gettext("People read the book once it is built: {command}", command=command))
