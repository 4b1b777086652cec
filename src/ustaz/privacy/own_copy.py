"""A person's own copy of their data as one file, made for them without an operator.

Home starts this as a process of its own (``python -m ustaz.privacy.own_copy``): the room of the
server lies below this one, and a copy that takes too long is ended without harm. Left out is what
staff are still working on, so that nobody reads a mark before it is released.
"""

from __future__ import annotations

import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Final

from ustaz.base.errors import UstazError
from ustaz.privacy.erasing import counted
from ustaz.privacy.exporting import export
from ustaz.privacy.file_trees import walk
from ustaz.privacy.subject import subject_of

#: Places of what staff collect, mark and write before they release it.
WITH_STAFF: Final = ("graded", "marks", "gradebook", "published")
#: Exit codes, for whoever started the process.
TOO_MUCH: Final = 3
REFUSED: Final = 4


def write_copy(course: Path, person: str, archive: Path, most: int) -> int:
    """Write the copy of a person's data in a course as a ZIP file; return an exit code.

    Parameters
    ----------
    course : Path
    person : str
    archive : Path
        A new file.
    most : int
        Bytes, before they are packed.
    """
    subject = subject_of(course, person)
    amounts = counted(subject)
    if sum(amount.size for name, amount in amounts.items() if name not in WITH_STAFF) > most:
        return TOO_MUCH
    with tempfile.TemporaryDirectory(dir=archive.parent) as above:
        folder = Path(above) / person
        if export(subject, folder, without=WITH_STAFF).size.size > most:
            return TOO_MUCH
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
            for path in walk(folder):
                packed.write(path, Path(person) / path.relative_to(folder))
    return 0


def main(arguments: list[str]) -> int:
    """Run :func:`write_copy`; say nothing, for everything that could be said is somebody's."""
    course, person, archive, most = arguments
    try:
        return write_copy(Path(course), person, Path(archive), int(most))
    except (UstazError, OSError):
        return REFUSED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
