"""Lines about one person, a group or a school, and which of them were taken back.

They are only ever added: for a person in ``shifts/<person>.jsonl``, for groups and schools in
``shifts/shared/``. Extensions and moved meetings are such lines, under the same numbers; a line
that takes another back names its number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, TypeVar

from ustaz.base.errors import KnownError
from ustaz.base.ids import PERSON_ID
from ustaz.base.ledger import Ledger
from ustaz.config_files.last_good import stat_key
from ustaz.course import Course

FOLDER: Final = "shifts"
SHARED: Final = "shared"
ALL: Final = "groups-and-schools"
SCOPES: Final = ("person", "group", "school")
MOST_REASON: Final = 300

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ScopedLine:
    """One line.

    Attributes
    ----------
    number : int
        Its place in the file, from 1; never changes.
    scope : str
        One of :data:`SCOPES`.
    target : str
        A person's id, or the name of a group or school as the roster had it.
    values : mapping
        What it says.
    back : mapping
        The line that took it back; empty where none did.
    """

    number: int
    scope: str
    target: str
    values: Mapping[str, Any]
    back: Mapping[str, Any] = field(default_factory=dict)

    def text(self, key: str) -> str:
        """Return what stands under a key; empty where nothing does."""
        return str(self.values.get(key, ""))


class ScopedError(KnownError):
    """Nothing was changed, and the id says why."""

    def __init__(self, id: str) -> None:
        super().__init__(id, exit_code=13 if id == "nobody" else None)


def key_of(scope: str, target: str, number: int) -> str:
    """Return what names a line among all: ``aigul-s.3``, or ``.3`` for a group or school."""
    return f"{target if scope == 'person' else ''}.{number}"


def place_of(key: str) -> tuple[str, int]:
    """Return whose file a line is in (empty for groups and schools), and its number; 0 for none."""
    person, _, text = key.rpartition(".")
    plain = text.isascii() and text.isdecimal() and len(text) < 10
    return person, int(text) if plain else 0


def ledger(directory: Path, person: str = "") -> tuple[Ledger, str]:
    """Return the ledger and the name of the file with a person's lines, or the shared ones."""
    if person:
        return Ledger(directory / FOLDER), person
    return Ledger(directory / FOLDER / SHARED), ALL


def append(course: Course, scope: str, target: str, **values: Any) -> None:  # noqa: ANN401
    """Add a line."""
    book, about = ledger(course.dir, target if scope == "person" else "")
    book.append(about, {"scope": scope, "target": target, **values})


def take_back(course: Course, key: str, **values: Any) -> None:  # noqa: ANN401
    """Take a line back by one more."""
    person, number = place_of(key)
    book, about = ledger(course.dir, person)
    book.append(about, {"undo": number, **values})


def people_with_lines(course: Course) -> list[str]:
    """Return the people about whom there are lines."""
    return [path.stem for path in sorted((course.dir / FOLDER).glob("*.jsonl"))]


def read(course: Course, person: str, parse: Callable[[tuple[ScopedLine, ...]], T]) -> T:
    """Return what `parse` makes of a person's lines, or of the shared ones; kept while they stay.

    Parameters
    ----------
    person : str
        Empty for the lines about groups and schools.
    parse : callable
        A function of a module: what it makes is kept by it.
    """
    if person and not PERSON_ID.match(person):
        return parse(())
    book, about = ledger(course.dir, person)
    try:
        key = stat_key(book.path(about))
    except PermissionError:  # a person's own account: only the course's may read it
        key = None
    return parse(()) if key is None else _parsed(parse, course.dir, person, key)


@lru_cache(maxsize=2048)
def _parsed(
    parse: Callable[[tuple[ScopedLine, ...]], T],
    directory: Path,
    person: str,
    _key: tuple[int, int, int, int],
) -> T:
    book, about = ledger(directory, person)
    lines = list(book.entries(about))
    back = {line["undo"]: line for line in lines if isinstance(line.get("undo"), int)}
    known = []
    for number, line in enumerate(lines, 1):
        scope, target = line.get("scope"), line.get("target")
        if scope not in SCOPES or not isinstance(target, str) or "undo" in line:
            continue
        if (scope == "person") != bool(person) or (person and target != person):
            continue
        known.append(ScopedLine(number, scope, target, line, back.get(number, {})))
    return parse(tuple(known))


def one_line(text: str, most: int = MOST_REASON) -> str:
    """Return a text of one line, without what cannot be printed."""
    words = "".join(letter if letter.isprintable() else " " for letter in text).split()
    return " ".join(words)[:most]


def whole_line(text: str, most: int) -> str:
    """Return a text of one line; empty where it is longer than `most`, so that nothing is cut."""
    words = one_line(text, most + 1)
    return words if len(words) <= most else ""
