"""``check``: how complete answers are, per section and rule, from the files themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from ustaz.base.errors import UstazError
from ustaz.cli import _exit
from ustaz.cli._help import PATH, Command, json_option
from ustaz.cli._output import Output
from ustaz.messages import N_

if TYPE_CHECKING:
    from ustaz.course import Course
    from ustaz.workbook import Definition, Evaluation, Finding, Library

FILE: Final = "answers.json"

#: Takes a document's file and its workbook's id; gives its JSON, None where there is none.
Reader = Callable[[Path, str], "dict[str, Any] | None"]
MARKS: Final = {"missing": "○", "problem": "✗", "advice": "•"}


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
@json_option
@click.pass_context
def check(ctx: click.Context, path: Path, as_json: bool) -> int:
    """Check answers."""
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
    library = course.library if course else _shipped()
    read: Reader = _read
    if course is None or in_files:
        documents = list(_documents(path, library))
    else:
        documents = list(_in_database(course, path))
        read = _reader(course)
    if not documents:
        raise UstazError(
            "no_answers",
            N_("There is no {file} in {path}."),
            N_("Name a folder with one."),
            params={"file": FILE, "path": path},
        )
    results = []
    for file, definition in documents:
        evaluation, status = _evaluate(file, definition, library, course, read)
        _say(out, file, definition, evaluation)
        results.append(
            {
                "file": str(file),
                "workbook": definition.id,
                "status": status,
                **evaluation.to_json(),
            }
        )
    complete = all(result["level"] == "complete" for result in results)
    out.result({"complete": complete, "documents": results})
    return _exit.OK if complete else _exit.INCOMPLETE


def _course_around(path: Path) -> Course | None:
    from ustaz.course import Course
    from ustaz.course.settings import SETTINGS_FILE

    for folder in (path.resolve(), *path.resolve().parents):
        if (folder / SETTINGS_FILE).is_file():
            return Course.open(folder)
    return None


def _shipped() -> Library:
    from ustaz.course import shipped_workbooks
    from ustaz.workbook import Library

    return Library.from_dirs([shipped_workbooks()])


def _documents(path: Path, library: Library) -> Iterator[tuple[Path, Definition]]:
    """Yield the documents at or below `path`, in order; rounds and copies are left out."""
    files = [path] if path.is_file() else sorted(_below(path))
    for file in files:
        workbook = file.resolve().parent.name
        if workbook in library:
            yield file, library[workbook]
        elif path.is_file():
            raise UstazError(
                "unknown_workbook",
                N_("{file}: the folder is not called like a workbook."),
                N_("Workbooks here: {workbooks}."),
                params={"file": file, "workbooks": ", ".join(library.ids)},
            )


def _below(folder: Path) -> Iterator[Path]:
    top = folder / "people" if (folder / "people").is_dir() else folder
    yield from (path for path in top.rglob(FILE) if path.is_file() and not path.is_symlink())


def _in_database(course: Course, path: Path) -> Iterator[tuple[Path, Definition]]:
    """Yield the documents that would be files at or below `path`, in order."""
    from ustaz.answers import Subject

    wanted = path.resolve()
    for person in sorted(course.people):
        for workbook in course.library.ids:
            file = course.people_dir / person / workbook / FILE
            if wanted not in (file, *file.parents):
                continue
            if course.store.read(Subject.person(person), workbook).revision:
                yield file, course.library[workbook]


def _reader(course: Course) -> Reader:
    from ustaz.answers import Subject

    def read(file: Path, workbook: str) -> dict[str, Any] | None:
        document = course.store.read(Subject.person(file.parent.parent.name), workbook)
        return document.to_json() if document.revision else None

    return read


def _read(file: Path, workbook: str) -> dict[str, Any] | None:
    """Return a document's JSON; its answers are read by the strict reader, never trusted."""
    from ustaz.answers import StrictError, loads_strict
    from ustaz.answers.document import MAX_FILE_BYTES

    if not file.is_file():
        return None
    with file.open("rb") as handle:
        data = handle.read(MAX_FILE_BYTES + 1)
    try:
        value = loads_strict(data)
    except StrictError as error:
        raise UstazError(
            "damaged",
            N_("{file} is not a whole answers file ({error})."),
            N_("Nothing was changed. `ustaz doctor` looks for earlier copies."),
            exit_code=_exit.STORAGE,
            params={"file": file, "error": error.id},
        ) from None
    if not isinstance(value, dict) or not isinstance(value.get("answers"), dict):
        raise UstazError(
            "damaged",
            N_("{file} holds no answers."),
            exit_code=_exit.STORAGE,
            params={"file": file},
        )
    if value.get("workbook", workbook) != workbook:
        raise UstazError(
            "wrong_workbook",
            N_("{file} belongs to another workbook than its folder."),
            params={"file": file},
        )
    return value


def _evaluate(
    file: Path, definition: Definition, library: Library, course: Course | None, read: Reader
) -> tuple[Evaluation, str]:
    from ustaz.base import clock
    from ustaz.workbook import Context, apply_upgrades, evaluate

    document = read(file, definition.id) or {"answers": {}}
    answers = document["answers"]
    version = str(document.get("definition", definition.version))
    if version != definition.version:
        answers = apply_upgrades(definition, answers, version)
    linked = {}
    for other in library.linked(definition.id):
        beside = read(file.parent.parent / other / FILE, other)
        if beside is not None:
            linked[other] = beside["answers"]
    context = course.context(linked) if course else Context(today=clock.today(), linked=linked)
    return evaluate(definition, answers, context), str(document.get("status", "draft"))


LEVELS: Final = {
    "draft": N_("draft"),
    "ready": N_("ready for a tutorial"),
    "complete": N_("complete"),
}


def _say(out: Output, file: Path, definition: Definition, evaluation: Evaluation) -> None:
    title = out.gettext(definition.title)
    level = out.gettext(LEVELS[evaluation.level])
    out.line(f"{file}", strong=True)
    counts = out.gettext(
        "{answered} of {of} answered", answered=evaluation.answered, of=evaluation.of
    )
    out.line(f"{title}: {counts} ({level})")
    for section in evaluation.sections:
        name = next(
            candidate.title for candidate in definition.sections if candidate.id == section.id
        )
        if not section.checks and not section.of:
            continue
        line = out.gettext(
            "{section}: {answered} of {of} answered, {passed} of {checks} checks",
            section=out.gettext(name),
            answered=section.answered,
            of=section.of,
            passed=section.passed,
            checks=section.checks,
        )
        out.line(f"  {line}")
        for finding in section.findings:
            out.line(f"    {MARKS[finding.kind]} {_sentence(out, definition, finding)}")


def _sentence(out: Output, definition: Definition, finding: Finding) -> str:
    from ustaz.workbook import finding_text

    place = out.gettext(definition.field(finding.field).label)
    if finding.column:
        column = definition.field(f"{finding.field}.{finding.column}")
        place = f"{place}, {out.gettext(column.label)}"
    rule = finding.id or finding.rule
    text = finding_text(finding, definition, out.words)
    return f"{place}: {text} [{rule}]"
