"""``ustaz gallery``: stories that their authors and schools publish, as static pages."""

from __future__ import annotations

from pathlib import Path

import click

from ustaz.cli import _exit
from ustaz.cli._help import PATH, Command, Group, directory_argument, json_option, option
from ustaz.cli._output import Output
from ustaz.messages import N_


@click.group(cls=Group, help=N_("Stories that teachers publish with their school's permission."))
def gallery() -> None:
    """Hold the commands of the gallery."""


@gallery.command(
    cls=Command,
    help=N_(
        "Write the pages of the stories beside the book, or into a folder for another site.\n\n"
        "A story is there while its author shows it to everybody and the school agrees to the very"
        " words that stand there. What was taken back since the last time is removed, so let it run"
        " every night."
    ),
    epilog="ustaz gallery build /srv/ustaz/hub/courses/spring",
)
@directory_argument
@option(
    "--to",
    "target",
    type=PATH,
    default=None,
    help=N_("Another folder, for a site elsewhere; else beside the course's book."),
)
@json_option
@click.pass_context
def build(ctx: click.Context, directory: Path, target: Path | None, as_json: bool) -> int:
    """Build the gallery."""
    from ustaz import gallery as stories
    from ustaz.course import Course

    out = Output(ctx, as_json=as_json)
    built = stories.build(Course.open(directory), target)
    out.line(
        out.ngettext(
            "{count} story is published in {dir}.",
            "{count} stories are published in {dir}.",
            built.stories,
            dir=built.folder,
        ),
        strong=True,
    )
    if built.removed:
        out.line(
            out.ngettext("{count} page was removed.", "{count} pages were removed.", built.removed)
        )
    out.result(
        {
            "folder": str(built.folder),
            "stories": built.stories,
            "written": built.written,
            "removed": built.removed,
        }
    )
    return _exit.OK
