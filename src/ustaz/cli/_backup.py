"""``backup``, ``verify``, ``restore``: what people wrote, kept elsewhere and brought back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ustaz.cli import _exit
from ustaz.cli._help import PATH, Command, directory_argument, json_option, option
from ustaz.cli._output import Output, Progress
from ustaz.messages import N_

if TYPE_CHECKING:
    from ustaz.backup import Finding, Verified

MARKS = {"note": "•", "problem": "✗"}
#: How many of the paths that a backup leaves out on purpose are named in its line.
NAMED = 5


@click.command(
    cls=Command,
    help=N_(
        "Make an archive of a course or a hub, while people write.\n\n"
        "DIR is a course or a hub directory; the archive goes to the directory TO."
    ),
    epilog="ustaz backup /srv/ustaz/hub /mnt/backups --keep 14",
)
@directory_argument
@click.argument("target", metavar="TO", type=PATH)
@option(
    "--keep",
    type=click.IntRange(1, 10000),
    metavar="N",
    help=N_("Keep the newest N archives of this installation in TO; remove older ones."),
)
@json_option
@click.pass_context
def backup(
    ctx: click.Context, directory: Path, target: Path, keep: int | None, as_json: bool
) -> int:
    """Make a backup."""
    from ustaz.backup import make_backup

    out = Output(ctx, as_json=as_json)
    progress = Progress(out, out.gettext(N_("Copying")))
    backup = make_backup(directory, target, keep=keep, progress=progress)
    _say(out, backup.findings)
    _say_left_out(out, backup.left_out)
    out.line(
        out.gettext(
            N_("Backed up {files} files to {path} ({size} MB), and read them back."),
            files=backup.files,
            path=backup.path,
            size=_megabytes(backup.size),
        ),
        strong=True,
    )
    if backup.removed:
        out.line(
            out.ngettext(
                "{count} older archive was removed.",
                "{count} older archives were removed.",
                len(backup.removed),
            )
        )
    if not backup.whole:
        out.line(
            out.gettext(N_("Something is missing in this archive; older whole ones were kept."))
        )
    out.result(backup.to_json())
    return _exit.OK if backup.whole else _exit.PARTLY


@click.command(
    cls=Command,
    help=N_(
        "Look whether everything that was saved is there.\n\n"
        "PATH is an archive, or a course or hub directory; its server may go on running."
    ),
    epilog="ustaz verify /srv/ustaz/hub",
)
@click.argument("path", metavar="PATH", type=PATH)
@option("--deep", is_flag=True, help=N_("Also every earlier version, and every cell of databases."))
@json_option
@click.pass_context
def verify(ctx: click.Context, path: Path, deep: bool, as_json: bool) -> int:
    """Verify an archive or a directory."""
    from ustaz.backup import verify as look

    out = Output(ctx, as_json=as_json)
    verified = look(path, deep=deep)
    code = _verdict(out, verified)
    out.result(verified.to_json())
    return code


@click.command(
    cls=Command,
    help=N_(
        "Bring an archive back into a new directory.\n\n"
        "DIR must be absent or empty. Nothing appears under its name before all of it is there."
    ),
    epilog="ustaz restore /mnt/backups/hub-20261123-140500.tar.gz /srv/ustaz/again",
)
@click.argument("archive", metavar="ARCHIVE", type=PATH)
@directory_argument
@option(
    "--database",
    default="",
    envvar="USTAZ_DATABASE",
    metavar="URL",
    help=N_("An empty PostgreSQL database for answers, accounts and gradebooks; else files."),
)
@json_option
@click.pass_context
def restore(
    ctx: click.Context, archive: Path, directory: Path, database: str, as_json: bool
) -> int:
    """Restore a backup."""
    from ustaz.backup import restore as bring_back

    out = Output(ctx, as_json=as_json)
    progress = Progress(out, out.gettext(N_("Restoring")))
    restored = bring_back(archive, directory, database=database, progress=progress)
    out.line(
        out.gettext(
            N_("Restored {files} files of {time} into {dir}."),
            files=restored.files,
            time=restored.about.created,
            dir=restored.directory,
        ),
        strong=True,
    )
    code = _verdict(out, restored.verified)
    if restored.switched:
        out.line(
            out.gettext(
                N_("The settings named a database; this copy uses files. For one: --database URL")
            )
        )
    if restored.about.kind == "hub":
        start = N_("Next: `ustaz doctor {dir}`, then `ustaz hub serve {dir}`.")
        out.line(out.gettext(start, dir=directory))
        out.line(
            out.gettext(
                N_("If you replace the secrets in state/, everybody signs in anew; that is all.")
            )
        )
    else:
        start = N_("Next: `ustaz doctor {dir}`, then `ustaz serve {dir}`.")
        out.line(out.gettext(start, dir=directory))
    out.result(restored.to_json())
    return code


def _say(out: Output, findings: list[Finding]) -> None:
    from ustaz.backup.names import shown

    for finding in findings:
        message = out.gettext(finding.message, detail=finding.detail)
        line = f"{MARKS[finding.level]} {shown(finding.place)}: {message}"
        out.line(line, strong=finding.level == "problem")


def _say_left_out(out: Output, left_out: dict[str, list[str]]) -> None:
    """Name what is not in the archive on purpose; what is many is named in its list.

    Locks of ours hold nothing, so they stand in the list only.
    """
    from ustaz.backup.names import LEFT_OUT, shown

    for why, places in sorted(left_out.items()):
        if why == "lock":
            continue
        what = f"• {out.gettext(LEFT_OUT[why])}: {', '.join(map(shown, places[:NAMED]))}"
        more = len(places) - NAMED
        if more > 0:
            what += " " + out.ngettext("and {count} more", "and {count} more", more)
        out.line(what)


def _verdict(out: Output, verified: Verified) -> int:
    """Say what was found; return the exit code."""
    _say(out, verified.findings)
    counts = verified.counts
    out.line(
        out.gettext(
            N_("Read: {documents} documents with {saves} saves, {rounds} rounds."),
            documents=counts["documents"],
            saves=counts["saves"],
            rounds=counts["rounds"],
        )
    )
    if verified.problems:
        out.line(
            out.ngettext(
                "{count} thing is damaged or missing.",
                "{count} things are damaged or missing.",
                verified.problems,
            ),
            strong=True,
        )
        return _exit.DAMAGED
    if verified.findings:
        out.line(out.gettext(N_("Nothing is lost; something is worth a look.")), strong=True)
        return _exit.ATTENTION
    out.line(out.gettext(N_("Everything that was saved is there.")), strong=True)
    return _exit.OK


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f}"
