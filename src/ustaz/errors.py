"""Errors that a person reads: an id for programs, one sentence, and a hint.

Nothing of a participant's text ever goes into an error: ids and numbers only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path


class UstazError(Exception):
    """Something that the command line and the pages can say in one line.

    Attributes
    ----------
    id : str
        Stable identifier, documented, for scripts and for translated messages.
    message : str
        One sentence: what happened.
    hint : str
        What to do next; may be empty.
    exit_code : int
        What the command line ends with.
    params : mapping
        What fills the placeholders ``{name}`` of both, so that they can be translated: paths and
        ids.
    """

    exit_code = 1

    def __init__(
        self,
        id: str,
        message: str,
        hint: str = "",
        *,
        exit_code: int | None = None,
        params: Mapping[str, object] | None = None,
    ) -> None:
        self.params = dict(params or {})
        self._texts = (message, hint)
        self.message, self.hint = self.said(str)
        super().__init__(self.message)
        self.id = id
        if exit_code is not None:
            self.exit_code = exit_code

    def said(self, translate: Callable[[str], str]) -> tuple[str, str]:
        """Return message and hint in the language of `translate`; values are never looked into."""
        message, hint = (self._filled(translate(one)) if one else "" for one in self._texts)
        return message, hint

    def _filled(self, text: str) -> str:
        return re.sub(
            r"\{([a-z_]+)\}",
            lambda found: str(self.params.get(found[1], found[0])),
            text,
        )

    def __reduce__(self) -> tuple[object, ...]:
        """Survive a process border (``--jobs``)."""
        return (_rebuild, (type(self), self.id, *self._texts, self.exit_code, self.params))


def _rebuild(
    kind: type[UstazError],
    id: str,
    message: str,
    hint: str,
    code: int,
    params: Mapping[str, object],
) -> UstazError:
    error = kind.__new__(kind)
    UstazError.__init__(error, id, message, hint, exit_code=code, params=params)
    return error


class CourseError(UstazError):
    """The course directory is missing, damaged, or not one of ours."""

    exit_code = 10


def bad_setting(path: Path, where: str, why: str) -> CourseError:
    """Return what to say of a course's settings that cannot be used: the file, the field, why."""
    return CourseError("bad_settings", f"{path}: {where}: {why}.", "See docs/course.md.")
