"""Exit codes: one meaning each, for scripts. A test keeps docs/cli.md and this table equal."""

from __future__ import annotations

from typing import Final

OK: Final = 0
ERROR: Final = 1
USAGE: Final = 2
INCOMPLETE: Final = 3
ATTENTION: Final = 4
PARTLY: Final = 5
NO_COURSE: Final = 10
BUSY: Final = 11
REFUSED: Final = 12
UNKNOWN_PERSON: Final = 13
STORAGE: Final = 14
DAMAGED: Final = 15
NOT_ARCHIVE: Final = 16
STOPPED: Final = 130

EXIT_CODES: Final[dict[int, str]] = {
    OK: "done",
    ERROR: "something went wrong; the message says what",
    USAGE: "the command was not understood: an option or an argument is wrong",
    INCOMPLETE: "`check`: an answer is missing or does not fit yet",
    ATTENTION: (
        "`doctor`, `verify`, `restore`, `workbook check`, `build --check`, `messages`:"
        " something needs attention"
    ),
    PARTLY: "`collect`, `grade`, `feedback`, `backup`: done, but not for everything",
    NO_COURSE: "the directory is not a course, or its settings cannot be read",
    BUSY: "somebody else is writing at this moment; try again",
    REFUSED: "refused; nothing was changed",
    UNKNOWN_PERSON: "the person or the account is not in the course's roster",
    STORAGE: "answers or an archive could not be read or saved; what was saved before is safe",
    DAMAGED: "`verify`, `restore`: something that was saved is damaged or missing",
    NOT_ARCHIVE: "`verify`, `restore`: not an archive of Ustaz, or one of a newer version",
    STOPPED: "stopped by the user",
}
