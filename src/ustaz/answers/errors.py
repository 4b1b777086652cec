"""What can go wrong with a document, as ids and as sentences for a participant.

The sentences are English message ids of the gettext catalogue; a page translates them. Each
says what happened, that nothing is lost, and what to do.
"""

from __future__ import annotations

import errno
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from ustaz.base.errors import UstazError
from ustaz.messages import N_

log = logging.getLogger("ustaz.answers")


#: id -> (what happened, what to do).
STORE_ERRORS: Final[dict[str, tuple[str, str]]] = {
    "full": (
        N_("There is no space left to save your answers. What was saved before is safe."),
        N_("Keep this page open and tell the course staff; saving is tried again by itself."),
    ),
    "readonly": (
        N_("Your answers cannot be saved here at the moment. What was saved before is safe."),
        N_("Keep this page open and tell the course staff; saving is tried again by itself."),
    ),
    "io": (
        N_("The disk did not take your answers. What was saved before is safe."),
        N_("Keep this page open; saving is tried again by itself."),
    ),
    "busy": (
        N_("Your answers are being saved from another place at this moment."),
        N_("Keep this page open; saving is tried again by itself."),
    ),
    "damaged": (
        N_("The file with your answers is damaged and could not be restored by itself."),
        N_("Nothing was deleted. Tell the course staff; they can look at the copies."),
    ),
    "newer": (
        N_("Your answers were saved by a newer version of this course."),
        N_("Nothing was changed. Ask the course staff to update this installation."),
    ),
    "no_upgrade": (
        N_("Your answers could not be brought over to the new version of this workbook."),
        N_("Nothing was changed. Tell the course staff: the workbook's definition needs a step."),
    ),
    "unsafe": (
        N_("The folder with your answers holds something that does not belong there."),
        N_("Nothing was changed. Tell the course staff; `ustaz doctor` explains what is wrong."),
    ),
    "too_large": (
        N_("Your answers to this workbook have become too long to save."),
        N_("Shorten the longest answers; what was saved before is safe."),
    ),
    "bad_change": (
        N_("This page sent something that does not fit the workbook."),
        N_("Copy your last words, then reload the page; what was saved before is safe."),
    ),
    "bad_name": (
        N_("There is no such person or workbook here."),
        N_("Open the workbook from the home page."),
    ),
    "no_revision": (
        N_("This earlier version of your answers is not kept any more."),
        N_("Choose another one from the list."),
    ),
}

#: The disk takes no more; nothing may be written there.
FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
READ_ONLY: Final = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
#: O_NOFOLLOW meets a link (ELOOP; EMLINK on some systems), a folder is a file or the reverse,
#: a FIFO without a reader (ENXIO).
_UNSAFE: Final = frozenset({errno.ELOOP, errno.EMLINK, errno.ENOTDIR, errno.EISDIR, errno.ENXIO})

EXIT_CODES: Final = {"busy": 11, "bad_change": 12, "bad_name": 13}


class StoreError(UstazError):
    """A document could not be read or saved; nothing that was saved before is lost.

    Attributes
    ----------
    id : str
        A key of :data:`STORE_ERRORS`.
    detail : str
        For logs and authors: ids, places and numbers, never a participant's text.
    """

    exit_code = 14

    def __init__(self, id: str, detail: str = "") -> None:
        message, hint = STORE_ERRORS[id]
        super().__init__(id, message, hint, exit_code=EXIT_CODES.get(id))
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.id}: {self.detail}" if self.detail else self.id

    def __reduce__(self) -> tuple[object, ...]:
        """Survive a process border with the detail."""
        return (type(self), (self.id, self.detail))


def store_error(error: OSError) -> StoreError:
    """Return what an operating system's error means for a document."""
    code = error.errno or 0
    name = errno.errorcode.get(code, str(code))
    if code in FULL:
        return StoreError("full", name)
    if code in READ_ONLY:
        return StoreError("readonly", name)
    if code in _UNSAFE:
        return StoreError("unsafe", name)
    return StoreError("io", name)


@contextmanager
def as_store_errors() -> Iterator[None]:
    """Turn errors of the operating system into :class:`StoreError`."""
    try:
        yield
    except OSError as error:
        raise store_error(error) from error
