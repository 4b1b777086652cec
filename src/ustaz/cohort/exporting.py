"""A course's tables as files in a folder: what ``ustaz export`` writes."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ustaz.base import files
from ustaz.base.errors import UstazError
from ustaz.cohort import dictionary
from ustaz.cohort.schema import DICTIONARY
from ustaz.cohort.sources import Answer, FromFolder
from ustaz.cohort.spreadsheets import csv_of, xlsx_of
from ustaz.course import Course
from ustaz.messages import N_, translator
from ustaz.workbook import PlainTable, frame_of

FORMATS: Final = ("xlsx", "csv", "parquet")
#: How the file with the tables of the course is called beside those of the workbooks.
COURSE_FILE: Final = "course"
DICTIONARY_NAME: Final = "dictionary"
SHEET: Final = N_("Sheet")
DICTIONARY_SHEET: Final = N_("What is what")


def headings(translate: Callable[[str], str]) -> dict[str, str]:
    """Return what the dictionary and its columns are called in a spreadsheet."""
    named = {"sheet": SHEET, "dictionary": DICTIONARY_SHEET, **DICTIONARY}
    return {key: translate(text) for key, text in named.items()}


def as_xlsx(answer: Answer, course: Course, translate: Callable[[str], str]) -> bytes:
    """Return tables that belong together as a workbook of Excel."""
    meaning = dictionary.as_table(answer.meaning)
    return xlsx_of(answer.tables.values(), meaning, headings(translate), course.timezone)


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written.

    Attributes
    ----------
    folder : Path
    files : list of str
    tables, rows : int
    """

    folder: Path
    files: list[str]
    tables: int
    rows: int


def export(course: Course, to: Path, form: str, *, lang: str = "en") -> Exported:
    """Write every table of a course into a new folder, with what each column means.

    Nothing appears under the folder's name before all of it is there. It is what course staff
    read: private answers are in none of it.

    Parameters
    ----------
    course : Course
    to : Path
        A folder that does not exist yet, outside of the course.
    form : str
        One of :data:`FORMATS`.
    lang : str
        Of titles and of the dictionary.

    Raises
    ------
    UstazError
        ``occupied``, ``inside``, ``no_folder``, or ``no_parquet`` where its library is missing.
    """
    if form not in FORMATS:
        raise ValueError(form)
    if form == "parquet":
        _require_parquet()
    target = to.absolute()
    _check_place(course, target, to)
    source = FromFolder(course, lang)
    overview = source.course()
    answers = {COURSE_FILE: overview}
    answers |= {workbook: source.fields(workbook) for workbook in overview.workbooks}
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
    beside.mkdir(0o700)
    try:
        names = []
        for name, data in _written(course, answers, form, translator(lang).gettext):
            files.write_new(beside / name, data)
            names.append(name)
        files.rename(beside, target)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    files.sync_folder(target.parent)
    tables = [table for answer in answers.values() for table in answer.tables.values()]
    return Exported(target, names, len(tables), sum(len(table.rows) for table in tables))


def _written(
    course: Course, answers: dict[str, Answer], form: str, translate: Callable[[str], str]
) -> Iterator[tuple[str, bytes]]:
    if form == "xlsx":
        for name, answer in answers.items():
            yield f"{name}.xlsx", as_xlsx(answer, course, translate)
        return
    meaning = [line for answer in answers.values() for line in answer.meaning]
    tables = [table for answer in answers.values() for table in answer.tables.values()]
    for table in (*tables, dictionary.as_table(meaning, DICTIONARY_NAME)):
        data = csv_of(table, course.timezone) if form == "csv" else _parquet_of(table)
        yield f"{table.name}.{form}", data


def _parquet_of(table: PlainTable) -> bytes:
    data = frame_of(table).to_parquet(None, engine="pyarrow", index=False)
    return bytes(data)


def _require_parquet() -> None:
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError:
        raise UstazError(
            "no_parquet",
            N_("The library that writes Parquet is not installed; nothing was written."),
            N_("Install it with: pip install 'ustaz[parquet]'"),
        ) from None


def _check_place(course: Course, target: Path, named: Path) -> None:
    if target.exists() or target.is_symlink():
        raise UstazError(
            "occupied",
            N_("{path} is there already; nothing was changed."),
            N_("Name a folder that does not exist yet."),
            exit_code=12,
            params={"path": named},
        )
    if target.resolve().is_relative_to(course.dir.resolve()):
        raise UstazError(
            "inside",
            N_("The folder would lie in the course directory; nothing was written."),
            N_("Name one elsewhere, where only those who may read it can open it."),
            exit_code=12,
        )
    if not target.parent.is_dir():
        raise UstazError(
            "no_folder",
            N_("There is no folder {path}."),
            N_("Make it first, or name another one."),
            exit_code=12,
            params={"path": target.parent},
        )
