"""``ustaz export``: a course as tables, for whoever may open its directory."""

from __future__ import annotations

from pathlib import Path

import click

from ustaz.cli import _exit
from ustaz.cli._help import PATH, Command, directory_argument, json_option, language, option
from ustaz.cli._output import Output
from ustaz.messages import N_


@click.command(
    cls=Command,
    help=N_(
        "Write the tables of a course into a new folder, as course staff read them.\n\n"
        "Names and answers are in them, private answers are not. Titles and the meaning of the"
        " columns are in the language of the command."
    ),
    epilog="ustaz export /srv/ustaz/hub/courses/spring spring-tables --format csv",
)
@directory_argument
@click.argument("to", metavar="TO", type=PATH)
@option(
    "--format",
    "form",
    type=click.Choice(["xlsx", "csv", "parquet"]),
    default="xlsx",
    help=N_("xlsx (as it is by itself), csv, or parquet, which needs ustaz[parquet]."),
)
@json_option
@click.pass_context
def export(ctx: click.Context, directory: Path, to: Path, form: str, as_json: bool) -> int:
    """Write the tables."""
    from ustaz.cohort.exporting import export as write
    from ustaz.course import Course

    out = Output(ctx, as_json=as_json)
    course = Course.open(directory, keeping=False)
    written = write(course, to, form, lang=language(ctx))
    out.line(
        out.ngettext(
            "{count} file was written to {dir}.",
            "{count} files were written to {dir}.",
            len(written.files),
            dir=written.folder,
        ),
        strong=True,
    )
    out.line(out.gettext("Names and answers are in them: keep the folder closed to others."))
    out.result(
        {
            "directory": str(written.folder),
            "files": written.files,
            "tables": written.tables,
            "rows": written.rows,
        }
    )
    return _exit.OK
