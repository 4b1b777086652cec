"""Errors that a person reads: an id for programs, one sentence, and a hint.

Nothing of a participant's text ever goes into an error: ids and numbers only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar


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
        self.message, self.hint = self.translated(str)
        super().__init__(self.message)
        self.id = id
        if exit_code is not None:
            self.exit_code = exit_code

    def translated(self, translate: Callable[[str], str]) -> tuple[str, str]:
        """Return message and hint in the language of `translate`; values are never looked into."""
        message, hint = (self._filled(translate(text)) if text else "" for text in self._texts)
        return message, hint

    def _filled(self, text: str) -> str:
        return re.sub(
            r"\{([a-z_]+)\}",
            lambda match: str(self.params.get(match[1], match[0])),
            text,
        )

    def __reduce__(self) -> tuple[object, ...]:
        """Survive a process border (``--jobs``)."""
        return (_rebuild, (type(self), self.id, *self._texts, self.exit_code, self.params))


class KnownError(UstazError):
    """An error of one room, whose ids have their texts in a table of its class.

    Attributes
    ----------
    texts : mapping
        By id: message and hint, as message ids.
    """

    exit_code = 12
    texts: ClassVar[Mapping[str, tuple[str, str]]]

    def __init__(self, id: str, *, exit_code: int | None = None, **params: object) -> None:
        message, hint = self.texts[id]
        super().__init__(id, message, hint, exit_code=exit_code, params=params)


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


class FileFault(CourseError):
    """A file that a person edits cannot be used as it stands: which one, where, and why.

    Attributes
    ----------
    path : Path
    line : int
        Counted from 1; 0 where a line says nothing.
    field : str
        As the file calls it; may be empty.
    why : str
        What is wrong, as a message with placeholders.
    """

    def __init__(
        self,
        id: str,
        path: Path,
        line: int,
        field: str,
        why: str,
        hint: str = "",
        *,
        params: Mapping[str, object] | None = None,
    ) -> None:
        self.path, self.line, self.field, self.why = Path(path), line, field, why
        super().__init__(id, "{where}: {why}.", hint, params=params)

    @property
    def where(self) -> str:
        """Return file, line and field."""
        line = f":{self.line}" if self.line else ""
        field = f": {self.field}" if self.field else ""
        return f"{self.path}{line}{field}"

    def translated(self, translate: Callable[[str], str]) -> tuple[str, str]:
        """Return message and hint in the language of `translate`."""
        message = f"{self.where}: {self.reason(translate)}."
        hint = self._texts[1]
        return message, self._filled(translate(hint)) if hint else ""

    def reason(self, translate: Callable[[str], str]) -> str:
        """Return why the file cannot be used, without the place."""
        return self._filled(translate(self.why))

    def __reduce__(self) -> tuple[object, ...]:
        """Survive a process border."""
        arguments = (self.id, self.path, self.line, self.field, self.why, self._texts[1])
        return (_rebuild_fault, (type(self), arguments, self.params))


def _rebuild_fault(
    kind: type[FileFault], arguments: tuple[Any, ...], params: Mapping[str, object]
) -> FileFault:
    return kind(*arguments, params=params)


def bad_setting(path: Path, where: str, why: str, line: int = 0, **params: object) -> FileFault:
    """Return what to say of settings that cannot be used: the file, the line, the field, why."""
    return FileFault(
        "bad_settings", path, line, where, why, "docs/course.md shows every setting.", params=params
    )
