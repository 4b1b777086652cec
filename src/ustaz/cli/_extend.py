"""``extend``: give a person, a group or a school more time, list it, take it back."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ustaz.cli import _exit
from ustaz.cli._help import DAY, Command, directory_argument, json_option, option
from ustaz.cli._output import Output
from ustaz.cli._roster import opened
from ustaz.messages import N_

if TYPE_CHECKING:
    from ustaz.deadlines.extensions import Shift


@click.command(
    cls=Command,
    help=N_(
        "Give a person, a group or a school more time for a workbook, for a reason.\n\n"
        "Without a day it lists the extensions; --undo takes one of them back."
    ),
    epilog="ustaz extend autumn --workbook focus --group g1 --until 2026-12-20 --reason Repairs",
)
@directory_argument
@option("--workbook", metavar="W", help=N_("The workbook's id, for example focus."))
@option("--person", metavar="P", help=N_("Time for one person, by their id in people.csv."))
@option("--group", metavar="G", help=N_("Time for everybody in a group."))
@option("--school", metavar="S", help=N_("Time for everybody of a school."))
@option("--until", type=DAY, metavar="DATE", help=N_("Last day, as 2026-12-04."))
@option("--reason", metavar="TEXT", default="", help=N_("Why, in a short sentence."))
@option("--undo", metavar="ID", help=N_("Take back the extension with this id from the list."))
@json_option
@click.pass_context
def extend(
    ctx: click.Context,
    directory: Path,
    workbook: str | None,
    person: str | None,
    group: str | None,
    school: str | None,
    until: dt.datetime | None,
    reason: str,
    undo: str | None,
    as_json: bool,
) -> int:
    """Give more time, list it, or take it back."""
    from ustaz.deadlines import extensions

    out = Output(ctx, as_json=as_json)
    named = {"person": person, "group": group, "school": school}
    chosen = [(scope, target) for scope, target in named.items() if target is not None]
    if undo is not None and (chosen or until or workbook):
        raise click.UsageError(out.gettext("--undo takes the id of an extension alone."), ctx)
    if undo is None and (chosen or until) and (len(chosen) != 1 or not until or not workbook):
        raise click.UsageError(
            out.gettext("Name --workbook, --until, and one of --person, --group, --school."), ctx
        )
    course, giver = opened(directory)
    by = giver.person
    if undo is not None:
        gone = extensions.undo(course, undo, by=by, how="command")
        out.line(out.gettext("Taken back: {id}", id=gone.key), strong=True)
    elif until is not None and workbook is not None:
        scope, target = chosen[0]
        extensions.extend(
            course, workbook, scope, target, until.date(), reason, by=by, how="command"
        )
        out.line(
            out.gettext(
                "{target}: {workbook} is expected by {day} now.",
                target=target,
                workbook=workbook,
                day=until.date(),
            ),
            strong=True,
        )
    if undo is not None or until is not None:
        from ustaz.grading.dates import refresh

        refresh(course)
    rows = extensions.every(course)
    if undo is None and until is None:
        _list(out, rows, workbook)
    out.result({"extensions": [row.to_json() for row in rows]})
    return _exit.OK


def _list(out: Output, rows: list[Shift], workbook: str | None) -> None:
    shown = [row for row in rows if workbook in (None, row.workbook)]
    for row in shown:
        line = out.gettext(
            "{id}  {target}: {workbook} until {day}, {reason}",
            id=row.key,
            target=row.target,
            workbook=row.workbook,
            day=row.until,
            reason=row.reason,
        )
        out.line(f"{line} ({out.gettext('taken back')})" if row.undone else line)
    if not shown:
        out.line(out.gettext("Nobody has been given more time yet."))
