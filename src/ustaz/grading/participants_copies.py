"""Put each participant's copy of the released notebooks beside their answers.

nbgrader fetches into, and submits from, the folder that the page writes. The notebook is a shell
without answers, so a copy that is older than the release is replaced without loss.
"""

from __future__ import annotations

from pathlib import Path

from ustaz.answers import Subject
from ustaz.base import files
from ustaz.course import Course


def hand_out(course: Course) -> list[Path]:
    """Copy released notebooks to participants who have none or an older one; return the copies."""
    written = []
    for workbook in course.assignments:
        released = course.dir / "release" / workbook / f"{workbook}.ipynb"
        if workbook not in course.library or not released.is_file():
            continue
        data = released.read_bytes()
        for person in course.taking_part():
            folder = course.store.folder(Subject.person(person.person), workbook)
            copy = folder / released.name
            if copy.is_symlink() or (copy.is_file() and copy.read_bytes() == data):
                continue
            # With the answers in a database nothing has made the person's folder yet.
            course.people_dir.mkdir(mode=0o700, exist_ok=True)
            folder.parent.mkdir(mode=0o700, exist_ok=True)
            folder.mkdir(mode=0o700, exist_ok=True)
            # Not synced, for hundreds of copies: one that a power cut took is made again.
            files.replace(copy, data, durable=False)
            written.append(copy)
    return written
