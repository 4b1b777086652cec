"""Errors that a person reads: an id for programs, one sentence, and a hint.

Nothing of a participant's text ever goes into an error: ids and numbers only.
"""

from __future__ import annotations


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
    """

    exit_code = 1

    def __init__(
        self,
        id: str,
        message: str,
        hint: str = "",
        *,
        exit_code: int | None = None,
    ) -> None:
        super().__init__(message)
        self.id = id
        self.message = message
        self.hint = hint
        if exit_code is not None:
            self.exit_code = exit_code

    def __reduce__(self) -> tuple[object, ...]:
        """Survive a process border (``--jobs``)."""
        return (_rebuild, (type(self), self.id, self.message, self.hint, self.exit_code))


def _rebuild(kind: type[UstazError], id: str, message: str, hint: str, code: int) -> UstazError:
    error = kind.__new__(kind)
    UstazError.__init__(error, id, message, hint, exit_code=code)
    return error


class CourseError(UstazError):
    """The course directory is missing, damaged, or not one of ours."""

    exit_code = 10
