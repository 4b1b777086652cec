"""Where a course's answers are: in files, or in PostgreSQL."""

from __future__ import annotations

from pathlib import Path

from ustaz import database
from ustaz.answers.filesystem import Fs, default_fs


def operations(url: str, course_id: str, people_dir: Path, *, moving: bool = False) -> Fs:
    """Return the file operations for a course's documents.

    Parameters
    ----------
    url : str
        The setting ``database``; empty for files.
    course_id : str
    people_dir : Path
    moving : bool
        Documents are being copied: some are still in files only.

    Raises
    ------
    DatabaseError
        ``no_driver``.
    """
    if not url:
        return default_fs()
    try:
        from ustaz.answers.postgres.backend import PgFs
    except ImportError:
        raise database.no_driver() from None
    return PgFs(url, database.course_schema(course_id), people_dir, moving=moving)
