"""The courses of a hub: which directory has which id, and what cannot be opened.

An id belongs to the directory that had it first: a copy beside it, whatever it is called, takes
nobody's place, for what people save would go there. ``state/courses.json`` remembers it.
"""

from __future__ import annotations

import json
import logging
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ustaz.base import files
from ustaz.base.errors import UstazError
from ustaz.config_files.last_good import Key, stat_key
from ustaz.course import Course
from ustaz.course.settings import SETTINGS_FILE

log = logging.getLogger("ustaz.hub")

COURSES: Final = "courses"
MEMORY: Final = "state/courses.json"


@dataclass(frozen=True, slots=True)
class Opened:
    """A course directory as it was when its settings last changed."""

    key: Key | None
    course: Course | None
    error: UstazError | None = None


class Listing:
    """The courses below a hub's directory.

    Parameters
    ----------
    directory : Path
        The hub's.
    keeping : bool
        Whether it may remember something; who only looks on writes nothing.
    """

    def __init__(self, directory: Path, *, keeping: bool = True) -> None:
        self.dir, self.keeping = directory, keeping
        self._opened: dict[str, Opened] = {}
        self.unopened: dict[str, UstazError] = {}
        self.twice: dict[str, tuple[str, str]] = {}

    def look(self) -> dict[str, Course]:
        """Return the courses by id, in the order of their ids.

        A course is opened again when its settings change. What is left out stands in
        :attr:`unopened` (folder to error) and in :attr:`twice` (folder to id and to the folder
        that has it).
        """
        opened = {
            path.parent.name: self._open(path)
            for path in sorted((self.dir / COURSES).glob(f"*/{SETTINGS_FILE}"))
            if not path.parent.name.startswith(".")  # one that is just being made
        }
        self._opened = opened
        places = self._memory()
        courses: dict[str, Course] = {}
        unopened: dict[str, UstazError] = {}
        twice: dict[str, tuple[str, str]] = {}
        ours: dict[str, str] = {}
        for name, state in opened.items():
            if state.course is None:
                if state.error is not None:
                    unopened[name] = state.error
                continue
            id = state.course.id
            first = self._first(id, name, opened, places)
            if first != name:
                twice[name] = (id, first)
                continue
            courses[id], ours[id] = state.course, name
        for name in twice.keys() - self.twice.keys():
            log.error("course %s: its id stands in two directories", name)
        self.unopened, self.twice = unopened, twice
        self._remember(places, ours, opened)
        return dict(sorted(courses.items()))

    def _open(self, path: Path) -> Opened:
        key = stat_key(path)
        known = self._opened.get(path.parent.name)
        if known is not None and known.key == key:
            return known
        try:
            return Opened(key, Course.open(path.parent, going_on=True, keeping=self.keeping))
        except UstazError as error:
            log.error("course %s cannot be opened: %s", path.parent.name, error.id)
            return Opened(key, None, error)

    @staticmethod
    def _first(id: str, name: str, opened: dict[str, Opened], places: dict[str, str]) -> str:
        """Return the folder that has an id: the remembered one, else the first by name."""
        remembered = opened.get(places.get(id, ""))
        # One that cannot be opened at all may still be it: nobody takes its place meanwhile.
        if remembered and (remembered.course is None or remembered.course.id == id):
            return places[id]
        return next(
            (other for other, state in opened.items() if state.course and state.course.id == id),
            name,
        )

    def _memory(self) -> dict[str, str]:
        try:
            value = json.loads((self.dir / MEMORY).read_bytes())
        except (OSError, ValueError, RecursionError):
            return {}
        if not isinstance(value, dict):
            return {}
        return {id: name for id, name in value.items() if isinstance(name, str)}

    def _remember(
        self, places: dict[str, str], ours: dict[str, str], opened: dict[str, Opened]
    ) -> None:
        kept = {
            id: name
            for id, name in places.items()
            if id not in ours and name in opened and opened[name].course is None
        }
        fresh = {**kept, **ours}
        if fresh == places or not self.keeping:
            return
        target = self.dir / MEMORY
        with suppress(OSError):
            if hasattr(os, "geteuid") and os.geteuid() != self.dir.stat().st_uid:
                return
            files.replace(target, json.dumps(dict(sorted(fresh.items())), indent=2).encode())
