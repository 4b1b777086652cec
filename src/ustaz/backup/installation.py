"""What kind of directory it is, and which installation it belongs to."""

from __future__ import annotations

import os
import re
import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ustaz.backup.model import SETTINGS, About
from ustaz.base import clock
from ustaz.base.errors import CourseError, FileFault
from ustaz.base.version import __version__
from ustaz.course import Course
from ustaz.database.address import hub_values
from ustaz.messages import N_

STATE: Final = "state"
INSTALLATION: Final = "installation"
_UUID: Final = re.compile(r"[0-9a-f]{32}\Z")


@dataclass(frozen=True, slots=True)
class Place:
    """A course's or a hub's directory.

    Attributes
    ----------
    kind : str
        ``course`` or ``hub``.
    id : str
        For file names.
    courses : tuple of str
        Names of a hub's courses; of a course, none.
    database : str
        The address of a PostgreSQL, where the settings name one; else empty.
    """

    root: Path
    kind: str
    id: str
    courses: tuple[str, ...] = ()
    database: str = ""

    @property
    def state(self) -> Path:
        """Return the folder of what the programs note."""
        return self.root / STATE

    def course_dirs(self) -> dict[str, Path]:
        """Return prefix -> directory of every course."""
        if self.kind == "course":
            return {"": self.root}
        return {f"courses/{course}/": self.root / "courses" / course for course in self.courses}

    def about(self) -> About:
        """Return what an archive of now says of itself."""
        return About(
            kind=self.kind,
            id=self.id,
            installation=installation(self.root),
            created=clock.stamp(),
            ustaz=__version__,
            courses=self.courses,
            database="postgresql" if self.database else "files",
        )


def find(directory: Path) -> Place:
    """Return what a directory is; refuse what is neither a course nor a hub."""
    root = directory.resolve()
    if (root / SETTINGS["hub"]).is_file():
        database = _settings(root).get("database")
        return Place(
            root,
            "hub",
            _short(root.name),
            tuple(sorted(_courses(root / "courses"))),
            database if isinstance(database, str) else "",
        )
    if (root / SETTINGS["course"]).is_file():
        try:
            course = Course.open(root, going_on=True, keeping=False)
        except CourseError:
            # A wrong word in the settings keeps nobody from a copy of what people wrote.
            return Place(root, "course", _short(root.name))
        database = getattr(course.settings, "database", "") or ""
        return Place(root, "course", course.id, (), str(database))
    raise CourseError(
        "no_course",
        N_("The directory is neither a course nor a hub."),
        N_("A course has ustaz.toml, a hub has ustaz-hub.toml."),
    )


def place_of(root: Path, about: About) -> Place:
    """Return what an unpacked archive is, whatever its settings are worth."""
    return Place(root, about.kind, about.id, about.courses)


def _courses(folder: Path) -> list[str]:
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        return [
            entry.name
            for entry in entries
            if entry.is_dir(follow_symlinks=False) and (Path(entry.path) / "ustaz.toml").is_file()
        ]
    return []


def _short(name: str) -> str:
    """Return an id made of a directory's name."""
    letters = "".join(char if char.isascii() and char.isalnum() else "-" for char in name.lower())
    return letters.strip("-")[:32].strip("-") or "hub"


def _settings(root: Path) -> Mapping[str, Any]:
    try:
        return hub_values(root)
    except FileFault:
        raise CourseError(
            "bad_settings",
            N_("ustaz-hub.toml cannot be read."),
            N_("Correct it; docs/operating.md tells what stands in it."),
        ) from None


def installation(root: Path) -> str:
    """Return the installation's own mark, made at the first backup; empty where none can be kept.

    Two directories may bear one name; archives of the other one are never removed for it.
    """
    path = root / STATE / INSTALLATION
    with suppress(OSError):
        if not path.exists():
            path.parent.mkdir(0o700, exist_ok=True)
            path.write_text(f"{uuid.uuid4().hex}\n", encoding="ascii")
            path.chmod(0o600)
        mark = path.read_text(encoding="ascii", errors="replace").strip()
        return mark if _UUID.match(mark) else ""
    return ""
