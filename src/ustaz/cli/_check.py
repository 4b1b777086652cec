"""``check``: how complete answers are, per section and rule, from the files themselves."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ustaz.base.errors import UstazError
from ustaz.cli import _exit
from ustaz.cli._help import PATH, Command, json_option, language, option
from ustaz.cli._output import Output
from ustaz.messages import N_

if TYPE_CHECKING:
    from ustaz.course import Course


@click.command(
    cls=Command,
    help=N_(
        "Say how complete answers are, per section and rule.\n\n"
        "PATH is an answers.json, a person's folder or a whole course directory. Ends with 3 "
        "where anything is missing or does not fit yet."
    ),
    epilog="ustaz check autumn/people/aigul-s/focus",
)
@click.argument("path", metavar="PATH", type=PATH)
@option(
    "--jobs",
    type=click.IntRange(1, 64),
    metavar="N",
    help=N_("How many processes check at the same time; where there is much, one a processor."),
)
@json_option
@click.pass_context
def check(ctx: click.Context, path: Path, jobs: int | None, as_json: bool) -> int:
    """Check answers."""
    from ustaz.cli._checking import checked
    from ustaz.cli._documents import FILE, documents, in_database
    from ustaz.course import shipped_workbooks
    from ustaz.workbook import Library

    out = Output(ctx, as_json=as_json)
    course = _course_around(path)
    in_files = course is None or not course.database
    if in_files and not path.exists():
        raise UstazError(
            "not_found",
            N_("There is nothing at {path}."),
            exit_code=_exit.USAGE,
            params={"path": path},
        )
    library = course.library if course else Library.from_dirs([shipped_workbooks()])
    if course is None or in_files:
        places = list(documents(path, library))
    else:
        places = list(in_database(course, path))
    if not places:
        raise UstazError(
            "no_answers",
            N_("There is no {file} in {path}."),
            N_("Name a folder with one."),
            params={"file": FILE, "path": path},
        )
    complete = True
    results: list[bytes] = []
    for batch in checked(course, places, lang=language(ctx), as_json=as_json, jobs=jobs):
        if batch.text:
            out.line(batch.text)
        if batch.error:
            raise batch.error
        complete = complete and batch.complete
        results += batch.documents
    out.result_of_json(complete=complete, documents=results)
    return _exit.OK if complete else _exit.INCOMPLETE


def _course_around(path: Path) -> Course | None:
    from ustaz.course import Course
    from ustaz.course.settings import SETTINGS_FILE

    for folder in (path.resolve(), *path.resolve().parents):
        if (folder / SETTINGS_FILE).is_file():
            return Course.open(folder)
    return None
