"""What nbgrader keeps of a person: rows of the gradebook, and what lies in its exchange."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from ustaz import database
from ustaz.backup.databases import shrink
from ustaz.course import Course
from ustaz.messages import N_
from ustaz.privacy.file_trees import as_json, copied, measured, put, removed, walk
from ustaz.privacy.model import Amount, Member, Place


# -- the gradebook ------------------------------------------------------------------------------
def _url(course: Course) -> str:
    """Return where the gradebook is; empty where there is none yet."""
    from sqlalchemy import create_engine, inspect

    from ustaz.course.nbgrader_config import db_url, nbgrader_config

    url = db_url(course, nbgrader_config(course))
    file = _file(url)
    if file is not None and not file.is_file():
        return ""
    if url == database.course_url(course):
        database.prepare(course.database, database.course_schema(course.id))
    engine = create_engine(url)
    try:
        return url if inspect(engine).has_table("student") else ""
    finally:
        engine.dispose()


def _file(url: str) -> Path | None:
    _, is_sqlite, path = url.partition("sqlite:///")
    return Path(path) if is_sqlite else None


def _rows(member: Member) -> dict[str, list[dict[str, Any]]]:
    """Return the rows about a person by table, the person's own first."""
    from nbgrader.api import Base
    from sqlalchemy import create_engine, select

    url = _url(member.course)
    if not url:
        return {}
    tables = Base.metadata.tables
    by_table: dict[str, list[dict[str, Any]]] = {}
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            keys: list[Any] = [member.person]
            for name, column in CHAIN:
                table = tables[name]
                rows = connection.execute(select(table).where(table.c[column].in_(keys)))
                by_table[name] = [dict(row) for row in rows.mappings()]
                if name not in LEAVES:
                    keys = [row["id"] for row in by_table[name]]
    finally:
        engine.dispose()
    return {name: rows for name, rows in by_table.items() if rows}


#: Each table with the column that leads to the one before: from a student to every cell.
CHAIN: Final = (
    ("student", "id"),
    ("submitted_assignment", "student_id"),
    ("submitted_notebook", "assignment_id"),
    ("grade", "notebook_id"),
    ("comment", "notebook_id"),
)
LEAVES: Final = frozenset({"grade", "comment"})


def _gradebook_amount(member: Member) -> Amount:
    rows = [row for some in _rows(member).values() for row in some]
    return Amount(len(rows), sum(len(repr(row)) for row in rows))


def _gradebook_copied(member: Member, to: Path) -> None:
    rows = _rows(member)
    if rows:
        plain = {
            name: [{key: _plain(value) for key, value in row.items()} for row in some]
            for name, some in rows.items()
        }
        put(to.with_suffix(".json"), as_json(plain))


def _plain(value: Any) -> Any:  # noqa: ANN401 - a cell
    return value if isinstance(value, str | int | float | None) else str(value)


def _gradebook_erased(member: Member) -> None:
    from nbgrader.api import Base
    from sqlalchemy import create_engine, delete

    url, rows = _url(member.course), _rows(member)
    if not url:
        return
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            for name, _ in reversed(CHAIN):
                ids = [row["id"] for row in rows.get(name, ())]
                table = Base.metadata.tables[name]
                if ids:
                    connection.execute(delete(table).where(table.c.id.in_(ids)))
    finally:
        engine.dispose()
    file = _file(url)
    if file is not None:
        shrink(file)
    else:
        database.vacuum(
            member.course.database, database.course_schema(member.course.id), *dict(CHAIN)
        )


# -- nbgrader's own exchange ----------------------------------------------------------------------
def published(member: Member) -> Iterator[Path]:
    """Yield what lies of a person in nbgrader's exchange: feedback, and what they handed in there.

    Feedback is named by a secret. It lies beside what was collected last; what was given back
    before is known by its content.
    """
    from nbgrader.utils import notebook_hash

    from ustaz.exchange.collecting import SECRET_FILE

    course, names, pages = member.course, set(), set()
    for top in ("submitted", "autograded", "feedback"):
        for path in (course.dir / top / member.person).glob(f"*/{SECRET_FILE}"):
            secret = path.read_text(encoding="ascii", errors="replace")
            notebooks = {path.parent.name, *(path.stem for path in path.parent.glob("*.ipynb"))}
            hashes = (notebook_hash(secret=secret, notebook_id=notebook) for notebook in notebooks)
            names |= {f"{hash_}.html" for hash_ in hashes}
    for folder in (course.people_dir / member.person, course.dir / "feedback" / member.person):
        pages |= {_digest(path) for path in walk(folder) if path.suffix == ".html"}
    root = course.exchange_dir / "nbgrader" / course.id
    for path in sorted((root / "feedback").glob("*.html")):
        if path.name in names or _digest(path) in pages:
            yield path
    yield from handed_in(member)


def handed_in(member: Member) -> Iterator[Path]:
    """Yield submissions of ordinary assignments: nbgrader puts the account before the rest."""
    root, cache = course_exchange(member.course)
    for folder in (root / "inbound", cache):
        for path in sorted(folder.glob("*+*")):
            if path.name.split("+")[0] in (member.person, member.account):
                yield path


def course_exchange(course: Course) -> tuple[Path, Path]:
    """Return where nbgrader's exchange and its cache of a course lie."""
    return course.exchange_dir / "nbgrader" / course.id, course.exchange_dir / "cache" / course.id


def _digest(path: Path) -> bytes:
    return hashlib.sha256(path.read_bytes()).digest()


def _published_copied(member: Member, to: Path) -> None:
    """Copy what was handed in; the feedback is among what was given back."""
    for path in handed_in(member):
        copied(path, to / path.name)


def _published_erased(member: Member) -> None:
    for path in list(published(member)):
        removed(path)


#: The second before the folders that hold the secrets.
GRADEBOOK: Final[Place[Member]] = Place(
    "gradebook",
    N_("rows of the gradebook: submissions, scores, comments"),
    _gradebook_amount,
    _gradebook_copied,
    _gradebook_erased,
)
PUBLISHED: Final[Place[Member]] = Place(
    "published",
    N_("what lies in nbgrader's own exchange"),
    lambda member: measured(*published(member)),
    _published_copied,
    _published_erased,
)
