"""What somebody says of what they took on at a meeting: that it is done.

It stands beside the plan and never in it: a log that is open at the facilitator's meanwhile saves
as if nothing had happened. It holds for the line as it stood; with another text, name or day it is
another task, which nobody has called done.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from ustaz.sessions.plan import FollowUp

#: So many words are kept of a meeting; the oldest go.
MOST: Final = 100


@dataclass(frozen=True, slots=True)
class Done:
    """Somebody's word that what they took on is done.

    Attributes
    ----------
    who : str
        Who took it on, and says so; empty once they were erased.
    what, by : str
        The line as it stood.
    at : str
        When they said so, ISO 8601.
    """

    who: str
    what: str
    by: str
    at: str

    def is_about(self, line: FollowUp) -> bool:
        """Tell whether it is the word on a line as it stands now."""
        return (self.who, self.what, self.by) == (line.who, line.what, line.by)

    def to_json(self) -> dict[str, str]:
        """Return it as the store keeps it."""
        return asdict(self)


def parsed_done(value: Mapping[str, Any]) -> Done:
    """Read a word as it is kept."""
    return Done(*(str(value[name]) for name in ("who", "what", "by", "at")))


def with_word(words: Iterable[Done], line: FollowUp, at: str) -> list[Done]:
    """Return what is kept once the word on a line was given; given twice, the first one counts."""
    known = list(words)
    if any(word.is_about(line) for word in known):
        return known
    return [*known, Done(line.who, line.what, line.by, at)][-MOST:]


def without_word(words: Iterable[Done], line: FollowUp) -> list[Done]:
    """Return what is kept once the word on a line was taken back."""
    return [word for word in words if not word.is_about(line)]


def mark_of(line: FollowUp) -> str:
    """Return by which short name a page means a line as it stands."""
    text = json.dumps([line.who, line.what, line.by], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:12]
