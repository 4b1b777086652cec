"""A hub or a course whose accounts, gradebooks and answers are in PostgreSQL, to and from files.

An archive is the same whatever the database: databases as SQLite files, answers as folders.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from ustaz import database
from ustaz.backup import databases, rows
from ustaz.backup.installation import Place
from ustaz.backup.model import REFUSED, SETTINGS, KeepingError
from ustaz.backup.source import ArchiveFile, SourceReport
from ustaz.base import clock, files
from ustaz.base.errors import UstazError
from ustaz.course import Course

HUB_FILE: Final = "state/hub.sqlite"
BOOK_FILE: Final = "gradebook.db"


def courses_in_databases(place: Place) -> tuple[dict[str, Course], list[str]]:
    """Return prefix -> course of those that are not kept in files, and who cannot be asked.

    Returns
    -------
    dict
        Prefix -> course.
    list of str
        Prefixes of courses whose settings cannot be read: where their answers are, nobody knows.
    """
    known, unknown = {}, []
    for prefix, root in place.course_dirs().items():
        try:
            course = Course.open(root, going_on=True, keeping=False)
            if course.database:
                known[prefix] = course
            if course.settings_file is not None and course.settings_file.fault:
                unknown.append(prefix)  # what they said before is a guess, if a good one
        except (UstazError, OSError):
            unknown.append(prefix)
    return known, unknown


class Databases:
    """The hub's tables and the gradebooks, all of one moment."""

    def __init__(self, place: Place, courses: dict[str, Course]) -> None:
        self._hub = place.database if place.kind == "hub" else ""
        self._courses = courses

    def count(self) -> int:
        """Return about how many items there will be."""
        return len(self._courses) + bool(self._hub)

    def items(self, report: SourceReport, near: Path) -> Iterator[ArchiveFile]:  # noqa: ARG002 - as all sources
        """Yield an SQLite file for each."""
        wanted: dict[str, list[tuple[str, str, str]]] = {}
        for prefix, course in self._courses.items():
            schema = database.course_schema(course.id)
            wanted.setdefault(course.database, []).append((schema, "book", prefix + BOOK_FILE))
        if self._hub:
            wanted.setdefault(self._hub, []).append((database.HUB_SCHEMA, "hub", HUB_FILE))
        for url, schemas in wanted.items():
            with _answering(url), rows.snapshot(url) as connection:
                for schema, kind, name in schemas:
                    if rows.tables(connection, schema) - rows.NOT_ROWS:
                        yield _file(connection, schema, kind, name, near)


def _file(connection: Any, schema: str, kind: str, name: str, near: Path) -> ArchiveFile:  # noqa: ANN401
    data, size = databases.copied(
        lambda target: rows.to_file(connection, schema, kind, target), near
    )
    return ArchiveFile(name, 0o600, int(clock.now().timestamp()), data, size)


class Answers:
    """The documents of a course, by its store, as the folders they would be."""

    def __init__(self, prefix: str, course: Course) -> None:
        self._prefix = prefix
        self._course = course

    def count(self) -> int:
        """Return about how many items there will be."""
        return 3 * sum(1 for _ in self._course.store.places())

    def items(self, report: SourceReport, near: Path) -> Iterator[ArchiveFile]:  # noqa: ARG002 - as all sources
        """Yield the files of each document, all of one moment."""
        now = int(clock.now().timestamp())
        for subject, workbook in self._course.store.places():
            folder = self._course.store.folder(subject, workbook).relative_to(self._course.dir)
            try:
                files = self._course.store.files(subject, workbook)
            except UstazError as error:
                report.add("unreadable", self._prefix + folder.as_posix(), error.id)
                continue
            for parent in (*reversed(folder.parents[:-1]), folder):
                yield ArchiveFile(self._prefix + parent.as_posix(), 0o700, now)
            for name, data in files.items():
                at = f"{self._prefix}{folder.as_posix()}/{name}"
                yield ArchiveFile(at, 0o600, now, BytesIO(data), len(data))


# -- restoring ----------------------------------------------------------------------------------
def use_files(root: Path, place: Place) -> bool:
    """Let restored settings name no database: it may be the one that is in use. Tell if one did."""
    changed = False
    if place.kind == "hub":
        changed = _set(root / SETTINGS["hub"], "", "")
    for prefix in place.course_dirs():
        changed |= _set(root / prefix / SETTINGS["course"], "storage", database.FILES)
    return changed


def _set(path: Path, table: str, value: str) -> bool:
    """Write another database into settings that name one."""
    try:
        text = path.read_text(encoding="utf-8")
        data = tomllib.loads(text)
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError):
        return False  # the verification says so
    inner = data.get(table) if table else data
    if not isinstance(inner, dict) or inner.get("database") in (None, value):
        return False
    start = text.index(f"[{table}]") if table else 0
    line = re.compile(r"^[ \t]*database[ \t]*=.*$", re.MULTILINE)
    new = text[:start] + line.sub(lambda _: f'database = "{value}"', text[start:], count=1)
    mode = path.stat().st_mode & 0o777
    files.replace(path, new.encode(), 0o600 if database.has_password(value) else mode)
    return True


def load(root: Path, place: Place, url: str) -> None:
    """Bring an unpacked archive's accounts, gradebooks and answers into an empty database.

    All rows in one transaction; what went into the database before a failure is taken out again.

    Raises
    ------
    UstazError
        ``database_not_empty``, or the database cannot be used; it is as it was before.
    """
    why = database.problem(url)
    if why:
        raise UstazError("bad_database", f"--database: {why}.", exit_code=2)
    courses = {prefix: Course.open(root / prefix) for prefix in place.course_dirs()}
    schemas = [database.course_schema(course.id) for course in courses.values()]
    if place.kind == "hub":
        schemas.append(database.HUB_SCHEMA)
    from sqlalchemy import create_engine

    for schema in schemas:
        database.prepare(url, schema)
    engine = create_engine(rows.address(url))
    try:
        with _answering(url), engine.connect() as connection:
            if any(rows.tables(connection, schema) for schema in schemas):
                raise KeepingError("database_not_empty", *rows.NOT_EMPTY, exit_code=REFUSED)
        try:
            for course in courses.values():
                _answers(course, url)
            with _answering(url), engine.begin() as connection:
                for prefix, course in courses.items():
                    book = root / prefix / BOOK_FILE
                    if book.is_file():
                        schema = database.course_schema(course.id)
                        rows.from_file(book, connection, schema, "book")
                accounts = root / HUB_FILE
                if place.kind == "hub" and accounts.is_file():
                    rows.from_file(accounts, connection, database.HUB_SCHEMA, "hub")
        except BaseException:
            _empty(url, schemas)
            raise
    finally:
        engine.dispose()
    settings = SETTINGS[place.kind]
    _name(root / settings, url, hub=place.kind == "hub")


def _answers(course: Course, url: str) -> None:
    from ustaz.answers.postgres.migrate import Place as Documents
    from ustaz.answers.postgres.migrate import move

    done = move(
        Documents(course.people_dir, course.id), Documents(course.people_dir, course.id, url)
    )
    if done.failed or done.refused:
        raise KeepingError("database_not_empty", *rows.NOT_EMPTY, exit_code=REFUSED)


def _empty(url: str, schemas: list[str]) -> None:
    """Take out everything: the schemas were empty before."""
    from psycopg import Error, sql

    with suppress(Error, UstazError), database.connect(url) as connection:
        for schema in schemas:
            row = connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema]
            ).fetchall()
            for (name,) in row:
                table = sql.Identifier(schema, name)
                connection.execute(sql.SQL("DROP TABLE {} CASCADE").format(table))


def _name(path: Path, url: str, *, hub: bool) -> None:
    """Write the database into the settings, after it holds everything."""
    text = path.read_text(encoding="utf-8")
    line = f'database = "{url}"\n'
    data = tomllib.loads(text)
    inner = data if hub else data.get("storage", {})
    if "database" in inner:
        _set(path, "" if hub else "storage", url)
    else:
        text = line + text if hub else f"{text.rstrip()}\n\n[storage]\n{line}"
        mode = path.stat().st_mode & 0o777
        files.replace(path, text.encode(), 0o600 if database.has_password(url) else mode)


class _answering:  # noqa: N801 - read as a word of the sentence it stands in
    """Says what failed at the database as an error that a technician can act on."""

    def __init__(self, url: str) -> None:
        self._url = url

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, _: object) -> None:
        from sqlalchemy.exc import SQLAlchemyError

        if isinstance(error, SQLAlchemyError):
            cause = getattr(error, "orig", None)
            # Statements and values stand in the whole text.
            raise database.unreachable(
                self._url, type(cause or error)(str(cause).splitlines()[0] if cause else "")
            ) from None
