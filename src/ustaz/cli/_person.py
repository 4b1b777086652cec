"""``person``: what is kept of one person, copied out for them or erased."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ustaz.cli import _exit
from ustaz.cli._help import PATH, Group, directory_argument, json_option, only_with, option
from ustaz.cli._output import Output
from ustaz.messages import N_

if TYPE_CHECKING:
    from ustaz.privacy import Amount, Erasure

person_argument = click.argument("person", metavar="PERSON")


@click.group(cls=Group, help=N_("One person's data: copy it out for them, or erase it."))
def person() -> None:
    """Hold the commands about one person's data."""


@person.command(
    help=N_(
        "Copy everything that is kept of a person into a new folder.\n\n"
        "DIR is a course or a hub directory, PERSON an id or an account. The folder TO can be"
        " read in a browser, in the person's language; it must not exist yet."
    ),
    epilog="ustaz person export autumn aigul-s /tmp/aigul-s",
)
@directory_argument
@person_argument
@click.argument("target", metavar="TO", type=PATH)
@json_option
@click.pass_context
def export(ctx: click.Context, directory: Path, person: str, target: Path, as_json: bool) -> int:
    """Copy a person's data out."""
    from ustaz.privacy import export as copy_out
    from ustaz.privacy import subject_of

    out = Output(ctx, as_json=as_json)
    copy = copy_out(subject_of(directory, person), target)
    _list(out, copy.places)
    out.line(
        out.ngettext(
            "{count} file ({size}) in {path}; begin with README.html.",
            "{count} files ({size}) in {path}; begin with README.html.",
            copy.size.count,
            size=_size(copy.size.size),
            path=copy.folder,
        ),
        strong=True,
    )
    out.line(out.gettext(N_("It holds private texts: hand it to the person, and to nobody else.")))
    out.result(copy.to_json())
    return _exit.OK


@person.command(
    help=N_(
        "Erase everything that is kept of a person.\n\n"
        "Without --yes nothing is changed: the command says what would go and what would stay,"
        " and why. DIR is a course or a hub directory, PERSON an id or an account."
    ),
    epilog="ustaz person erase autumn aigul-s --backups /mnt/backups",
)
@directory_argument
@person_argument
@option("--yes", is_flag=True, help=N_("Do it; without this nothing is changed."))
@option(
    "--confirm",
    metavar="PERSON",
    help=N_("The id or account once more, instead of typing it at the question."),
)
@option(
    "--backups",
    type=PATH,
    metavar="DIR",
    help=N_("Where archives lie: the ones that still hold the person are named."),
)
@json_option
@click.pass_context
def erase(
    ctx: click.Context,
    directory: Path,
    person: str,
    yes: bool,
    confirm: str | None,
    backups: Path | None,
    as_json: bool,
) -> int:
    """Erase a person's data, or say what that would do."""
    from ustaz.privacy import PersonalError, look, subject_of
    from ustaz.privacy import erase as remove

    out = Output(ctx, as_json=as_json)
    only_with(ctx, "--yes", yes, "confirm")
    if backups is not None and not backups.is_dir():
        raise click.UsageError(out.gettext("--backups: there is no such folder."), ctx)
    meant = subject_of(directory, person)
    if not yes:
        seen = look(meant, backups=backups)
        _say(out, seen)
        out.line(out.gettext(N_("Nothing was changed. To do it: --yes")), strong=True)
        out.result(seen.to_json())
        return _exit.OK
    if confirm is None and sys.stdin.isatty() and not as_json:
        _say(out, look(meant, backups=backups))
        confirm = str(click.prompt(out.gettext(N_("To erase all of this, type the id once more"))))
    if confirm != person:
        raise PersonalError(
            "not_confirmed",
            N_("The id was not confirmed; nothing was changed."),
            N_("Type it at the question, or give it once more: --confirm {person}"),
            params={"person": person},
        )
    done = remove(meant, by=account(), backups=backups)
    _say(out, done)
    out.line(
        out.gettext(N_("Erased. A note without a name is in state/erasures.jsonl.")), strong=True
    )
    out.result(done.to_json())
    return _exit.OK


def account() -> str:
    """Return the account of the operating system that runs this."""
    from ustaz.course.identity import account_of

    getuid = getattr(os, "getuid", None)
    return account_of(getuid()) if getuid else os.environ.get("USERNAME", "")


def _say(out: Output, erasure: Erasure) -> None:
    if erasure.subject.started:
        out.line(
            out.gettext(
                N_("It was begun on {when} and not finished."), when=erasure.subject.started
            )
        )
    courses = ", ".join(member.course.id for member in erasure.subject.members)
    what = N_("What there was:") if erasure.done else N_("What would go:")
    out.line(
        out.gettext(
            N_("{person}, account “{account}”, in: {courses}"),
            person=", ".join(dict.fromkeys(member.person for member in erasure.subject.members)),
            account=erasure.subject.account,
            courses=courses,
        )
    )
    out.line(out.gettext(what), strong=True)
    _list(out, erasure.places)
    out.line(out.gettext(N_("What stays, and why:")), strong=True)
    for stay in erasure.stays:
        out.line(f"• {out.gettext(stay.message, **stay.params)}")


def _list(out: Output, places: dict[str, Amount]) -> None:
    from ustaz.privacy.erasing import titles

    named = titles()
    for name, place in places.items():
        if place.count:
            counted = f"{place.count}, {_size(place.size)}" if place.size else f"{place.count}"
            out.line(f"  {out.gettext(named[name])}: {counted}")


def _size(size: int) -> str:
    if size < 1000:
        return f"{size} B"
    return f"{size / 1e3:.1f} kB" if size < 1e6 else f"{size / 1e6:.1f} MB"
