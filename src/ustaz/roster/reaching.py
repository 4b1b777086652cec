"""How a facilitator is reached: telephone, messenger, when. Written by themselves, all optional.

One small file a person, replaced at each change: a number that somebody took away is not kept. The
own group and the course staff read it, and nobody else.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Final

from ustaz.base import files
from ustaz.base.ids import PERSON_ID

FOLDER: Final = "reach"
#: Characters of each.
BOUNDS: Final = {"telephone": 40, "messenger": 80, "hours": 160}
#: What a telephone can dial.
_NUMBER: Final = re.compile(r"\+?[0-9][0-9 ()\u2010-\u2013.-]{4,}\Z")


@dataclass(frozen=True, slots=True)
class Reach:
    """How somebody is reached.

    Attributes
    ----------
    telephone, messenger, hours : str
        One line each; empty where nothing is said.
    """

    telephone: str = ""
    messenger: str = ""
    hours: str = ""

    def __bool__(self) -> bool:
        """Tell whether anything is said."""
        return any((self.telephone, self.messenger, self.hours))

    @property
    def dial(self) -> str:
        """Return the number as a telephone dials it; empty where it is none."""
        if not _NUMBER.match(self.telephone):
            return ""
        return "".join(sign for sign in self.telephone if sign.isdigit() or sign == "+")


class ReachError(ValueError):
    """A text is longer than its bound; `field` says which."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def path_of(course_dir: Path, person: str) -> Path:
    """Return the file of a person."""
    if not PERSON_ID.match(person):
        raise ValueError("not a person id")
    return course_dir / FOLDER / f"{person}.json"


def parsed(form: Mapping[str, str]) -> Reach:
    """Return what a form says, each text in one line.

    Raises
    ------
    ReachError
    """
    texts = {}
    for name, most in BOUNDS.items():
        text = unicodedata.normalize("NFC", " ".join(form.get(name, "").split()))
        texts[name] = "".join(sign for sign in text if sign.isprintable())
        if len(texts[name]) > most:
            raise ReachError(name)
    return Reach(**texts)


def write(course_dir: Path, person: str, reach: Reach) -> None:
    """Put what somebody says of themselves in the place of what stood there; nothing removes it."""
    path = path_of(course_dir, person)
    if not reach:
        path.unlink(missing_ok=True)
        return
    files.make_folder(path.parent)
    files.replace(path, (json.dumps(asdict(reach), ensure_ascii=False) + "\n").encode())


def read(course_dir: Path, person: str) -> Reach:
    """Return how a person is reached; empty where they say nothing, or it cannot be read."""
    try:
        data = json.loads(path_of(course_dir, person).read_bytes())
    except (OSError, ValueError, RecursionError):
        return Reach()
    if not isinstance(data, dict):
        return Reach()
    return Reach(**{field.name: str(data.get(field.name, "")) for field in fields(Reach)})
