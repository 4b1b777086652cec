"""``workbook check|build``: for those who write workbooks."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from ustaz.base.errors import UstazError
from ustaz.base.shipped import installed, shipped
from ustaz.cli import _exit
from ustaz.cli._help import PATH, Command, Group, json_option, not_with, option
from ustaz.cli._output import Output
from ustaz.messages import LANGUAGES, N_

if TYPE_CHECKING:
    from ustaz.workbook import Definition, Library

SCHEMAS: Final = Path("docs") / "schemas"
DATA_MAP: Final = "data-map.md"


@click.group(cls=Group, help=N_("Check workbook definitions and make what follows from them."))
def workbook() -> None:
    """Hold the commands for authors."""


directory_option = option(
    "--dir",
    "directories",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, file_okay=False, readable=False),
    help=N_("A folder with workbooks of your own, one folder each; may be repeated."),
)
ids_argument = click.argument("ids", metavar="[ID]…", nargs=-1)


def _library(directories: Iterable[Path], *, alone: bool = False) -> Library:
    from ustaz.course import shipped_workbooks
    from ustaz.workbook import Library

    own = [Path(directory) for directory in directories]
    shipped = shipped_workbooks()
    dirs = own if alone and own else [shipped, *(path for path in own if path.resolve() != shipped)]
    return Library.from_dirs(dirs)


def _chosen(library: Library, ids: tuple[str, ...]) -> list[Definition]:
    for id_ in ids:
        if id_ not in library:
            raise UstazError(
                "unknown_workbook",
                N_("There is no workbook {workbook}."),
                N_("Workbooks here: {workbooks}."),
                params={"workbook": id_, "workbooks": ", ".join(library.ids)},
            )
    return [library[id_] for id_ in (ids or library.ids)]


@workbook.command(
    cls=Command,
    help=N_("Say what is wrong in definitions, with file and line."),
    epilog="ustaz workbook check focus",
)
@ids_argument
@directory_option
@json_option
@click.pass_context
def check(
    ctx: click.Context, ids: tuple[str, ...], directories: tuple[Path, ...], as_json: bool
) -> int:
    """Check definitions."""
    from ustaz.workbook import DefinitionErrors

    out = Output(ctx, as_json=as_json)
    try:
        definitions = _chosen(_library(directories), ids)
    except DefinitionErrors as errors:
        problems = list(errors.problems)
        for problem in problems:
            out.line(str(problem))
        count = len(problems)
        out.line(
            out.ngettext("{count} thing to correct.", "{count} things to correct.", count),
            strong=True,
        )
        out.result(
            {
                "ok": False,
                "problems": [
                    {
                        "file": problem.file,
                        "line": problem.line,
                        "field": problem.place,
                        "message": problem.message,
                    }
                    for problem in problems
                ],
            }
        )
        return _exit.ATTENTION
    for definition in definitions:
        out.line(
            out.gettext(
                "{id} {version} is in order. Sections: {sections}. Minutes: {minutes}.",
                id=definition.id,
                version=definition.version,
                sections=len(definition.sections),
                minutes=definition.minutes,
            )
        )
    out.result(
        {"ok": True, "workbooks": [definition.id for definition in definitions], "problems": []}
    )
    return _exit.OK


@workbook.command(
    cls=Command,
    help=N_(
        "Make the notebook and the JSON Schema of workbooks again.\n\n"
        "Notebooks go beside the definitions, schemas to docs/schemas or --schemas. With --course "
        "the changed notebooks are released in that course instead."
    ),
    epilog="ustaz workbook build focus --course autumn",
)
@ids_argument
@directory_option
@option(
    "--schemas",
    type=click.Path(path_type=Path, file_okay=False, readable=False),
    help=N_("Folder for the schemas."),
)
@option(
    "--course",
    type=PATH,
    metavar="DIR",
    help=N_("Release changed notebooks in this course directory."),
)
@option("--check", "only_check", is_flag=True, help=N_("Write nothing; end with 4 if out of date."))
@json_option
@click.pass_context
def build(
    ctx: click.Context,
    ids: tuple[str, ...],
    directories: tuple[Path, ...],
    schemas: Path | None,
    course: Path | None,
    only_check: bool,
    as_json: bool,
) -> int:
    """Build what follows from definitions."""
    out = Output(ctx, as_json=as_json)
    not_with(ctx, "--course", course is not None, "directories", "schemas", "only_check")
    if course is not None:
        return _release(out, course, ids)
    stale = []
    for path, text in _files(_library(directories), ids, schemas):
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        if installed() and path.resolve().is_relative_to(shipped()):
            continue  # what comes with the package was built with it
        stale.append(path)
        if only_check:
            out.line(out.gettext("Out of date: {path}", path=path))
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        out.line(out.gettext("Written: {path}", path=path))
    if not stale:
        out.line(out.gettext("Everything is up to date."))
    out.result({"changed": [str(path) for path in stale], "written": not only_check})
    return _exit.ATTENTION if only_check and stale else _exit.OK


@workbook.command(
    cls=Command,
    help=N_(
        "Bring the translations of a course's own workbooks up to date.\n\n"
        "LIBRARY is the folder that holds them; the catalogues are made in `locale/` beside it. "
        "Ends with 4 while something is missing or wrong."
    ),
    epilog="ustaz workbook messages autumn/workbooks --language kk",
)
@click.argument(
    "library", metavar="LIBRARY", type=click.Path(path_type=Path, file_okay=False, readable=False)
)
@option(
    "--language",
    "languages",
    type=click.Choice(LANGUAGES),
    multiple=True,
    help=N_("Only this language; may be repeated."),
)
@option("--check", "only_check", is_flag=True, help=N_("Write nothing."))
@option("--prune", is_flag=True, help=N_("Forget translations of texts that are gone."))
@json_option
@click.pass_context
def messages(
    ctx: click.Context,
    library: Path,
    languages: tuple[str, ...],
    only_check: bool,
    prune: bool,
    as_json: bool,
) -> int:
    """Update and check a library's catalogues."""
    from ustaz.catalogs.library import check_library, known_languages, update_library

    out = Output(ctx, as_json=as_json)
    not_with(ctx, "--check", only_check, "prune")
    library = library.resolve()
    if not any(library.glob("*/workbook.yml")):
        raise UstazError(
            "no_workbooks",
            N_("There are no workbooks in {path}."),
            N_("Name the folder that holds a folder for each workbook."),
            params={"path": library},
        )
    chosen = languages or known_languages(library)
    changed = [] if only_check else update_library(library, chosen, prune=prune)
    for path in changed:
        out.line(out.gettext("Written: {path}", path=path))
    report = check_library(library, chosen)
    for complaint in report.complaints:
        out.line(str(complaint))
    for lang in chosen:
        out.line(
            out.gettext(
                "{lang}: {texts} texts, {drafts} drafts to be read, {open} to be put right.",
                lang=lang,
                texts=report.entries.get(lang, 0),
                drafts=report.drafts.get(lang, 0),
                open=sum(complaint.lang == lang for complaint in report.complaints),
            ),
            strong=True,
        )
    out.result(
        {
            "ok": not report.complaints,
            "changed": [str(path) for path in changed],
            "languages": {
                lang: {"texts": report.entries.get(lang, 0), "drafts": report.drafts.get(lang, 0)}
                for lang in chosen
            },
            "problems": [
                {
                    "kind": complaint.kind,
                    "lang": complaint.lang,
                    "text": complaint.message,
                    "why": complaint.why,
                }
                for complaint in report.complaints
            ],
        }
    )
    return _exit.ATTENTION if report.complaints else _exit.OK


def _release(out: Output, directory: Path, ids: tuple[str, ...]) -> int:
    """Bring a course's nbgrader side up to its definitions."""
    from ustaz.course import Course
    from ustaz.grading import release_assignments, write_config

    course = Course.open(directory)
    for id_ in ids:
        if id_ not in course.assignments:
            raise UstazError(
                "unknown_workbook",
                N_("{workbook} is not handed in in this course."),
                N_("Handed in are: {workbooks}."),
                params={"workbook": id_, "workbooks": ", ".join(course.assignments)},
            )
    config = write_config(course)
    fresh = release_assignments(course, ids or None)
    for text in fresh:
        out.line(out.gettext("Released: {workbook}", workbook=text))
    if not fresh:
        out.line(out.gettext("Everything is up to date."))
    out.result({"released": fresh, "config": str(config)})
    return _exit.OK


def _files(
    library: Library, ids: tuple[str, ...], schemas: Path | None
) -> Iterable[tuple[Path, str]]:
    """Yield every file that follows from the chosen definitions, with its text."""
    from ustaz.notebook import notebook_text
    from ustaz.workbook import schema_files, with_data_map

    chosen = _chosen(library, ids)
    for definition in chosen:
        if definition.companion:
            continue  # never handed in by itself, so nbgrader needs no notebook of it
        notebook = Path(definition.file).with_name(f"{definition.id}.ipynb")
        yield notebook, notebook_text(definition)
    folder = schemas or _schemas_beside(chosen[0])
    if folder is not None:
        wanted = {definition.id for definition in chosen}
        for name, text in schema_files(library).items():
            if name.split(".")[0] in wanted or not ids:
                yield folder / name, text
        page = folder.with_name(DATA_MAP)
        if not ids and page.is_file():
            yield page, with_data_map(page.read_text(encoding="utf-8"), library)


def _schemas_beside(definition: Definition) -> Path | None:
    """Return the checkout's folder of schemas, if the definitions lie in one."""
    folder = Path(definition.file).resolve().parents[2] / SCHEMAS
    return folder if folder.is_dir() else None
