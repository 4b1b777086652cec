"""What is kept of an evidence file, how much there may be, and why one is refused."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from ustaz.base.errors import UstazError
from ustaz.base.evidence import MOST_OF_A_FILE, PICTURES
from ustaz.messages import N_

MEGABYTE: Final = 1024 * 1024
#: Bytes of all that a person keeps, previews of pages included.
MOST_OF_A_PERSON: Final = 60 * MEGABYTE
MOST_FILES: Final = 300
#: Pixels of the longer side of a picture that is kept.
LONGEST_SIDE: Final = 1600
#: Pixels of the longer side of the small picture that lists show.
SMALL_SIDE: Final = 320
#: Pixels of a picture that is sent: telephones make 12 to 50 million.
MOST_PIXELS: Final = 52_000_000
#: How many pages of a PDF are drawn for looking at.
PAGES_DRAWN: Final = 3
#: Bytes of one piece of an upload.
MOST_OF_A_PIECE: Final = 256 * 1024
#: Uploads of one person that have begun and are not finished.
MOST_UNFINISHED: Final = 12
#: Days after which an upload that nobody goes on with is removed.
UNFINISHED_DAYS: Final = 7
#: Days for which a file that no workbook names stays, so that removing can be undone.
UNNAMED_DAYS: Final = 30
LONGEST_NAME: Final = 120

Hash = Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{64}\Z")]
Count = Annotated[int, msgspec.Meta(ge=0)]


class FileRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``<sha256>.json``: what is known of a file that is kept.

    Attributes
    ----------
    sha256 : str
        Of the bytes as they are kept and served; also the file's name.
    size, width, height : int
        Bytes and pixels; no pixels where it is no picture.
    type : str
        A key of :data:`SUFFIXES`, by content.
    name : str
        What its owner calls it, made harmless; the ending is that of the type.
    original : str
        Hash of the bytes as they were sent; the same file is not sent twice.
    visible : str
        Who can be seen in it, as its owner said when it was sent.
    at : str
        When it was kept.
    pages : tuple of str
        Of a PDF: the hashes of its first pages as pictures.
    small : str
        Hash of a small picture of it; empty where there is none.
    of : str
        Of such pictures: the hash of the file that they show.
    """

    format: int = 1
    sha256: Hash
    size: Count
    type: str
    name: str
    original: str
    visible: str
    at: str
    width: Count = 0
    height: Count = 0
    pages: tuple[Hash, ...] = ()
    small: str = ""
    of: str = ""

    @property
    def is_picture(self) -> bool:
        """Tell whether a page may show it."""
        return self.type in PICTURES


#: Id -> what happened, and what to do.
REFUSALS: Final = {
    "file_empty": (
        N_("The file is empty."),
        N_("Choose it once more; if it is still empty, choose another one."),
    ),
    "file_too_large": (
        N_("The file is larger than {megabytes} MB."),
        N_("Nothing is lost. Send a smaller one: a photo of it, or a part of it."),
    ),
    "file_not_taken": (
        N_("Files of this kind cannot be taken."),
        N_(
            "Nothing is lost. What can be sent: pictures (JPEG, PNG, WebP), PDF, and documents"
            " (DOCX, XLSX, ODT)."
        ),
    ),
    "file_heic": (
        N_("Pictures in the format HEIC cannot be read here."),
        N_(
            "Nothing is lost. Set the telephone's camera to “most compatible”, or send a"
            " screenshot of the picture."
        ),
    ),
    "file_old_office": (
        N_("This is a document in an old format, or one with a password."),
        N_("Nothing is lost. Save it as DOCX, XLSX or PDF without a password and send that."),
    ),
    "file_damaged": (
        N_("The file is damaged, or it is not what its name says."),
        N_("Nothing is lost. Open it on your device and save it again, or choose another one."),
    ),
    "file_too_many_pixels": (
        N_("The picture has too many pixels."),
        N_("Nothing is lost. Make it smaller, or send a screenshot of it."),
    ),
    "file_too_heavy": (
        N_("Reading this file takes more work than one file may take."),
        N_("Nothing is lost. Make it simpler or smaller, or send a photo of it."),
    ),
    "file_locked": (
        N_("The file is locked with a password."),
        N_("Nothing is lost. Save it without a password and send that."),
    ),
    "file_active": (
        N_("The file holds a program, a macro or another file, so it cannot be taken."),
        N_("Nothing is lost. Save it as a plain PDF or take a photo of it, and send that."),
    ),
    "file_busy": (
        N_("Many files are being read just now."),
        N_("What was sent is kept. It goes on by itself in a moment."),
    ),
    "file_no_room": (
        N_("Your files already take {megabytes} MB, and there is no room for more."),
        N_("Nothing is lost. Remove files that you no longer need from your workbooks."),
    ),
    "file_too_many": (
        N_("You already have {count} files, and there is no room for more."),
        N_("Nothing is lost. Remove files that you no longer need from your workbooks."),
    ),
    "file_too_many_unfinished": (
        N_("Too many files are on their way at once."),
        N_("Nothing is lost. Wait until those before it have arrived, then choose it again."),
    ),
    "file_no_upload": (
        N_("The server no longer has the beginning of this file."),
        N_("Nothing is lost. Choose the file once more; it is sent from its beginning."),
    ),
    "file_wrong_offset": (
        N_("A piece of the file came out of its order."),
        N_("What was sent is kept. It goes on by itself from there."),
    ),
    "file_wrong_hash": (
        N_("What arrived is not the file that was chosen."),
        N_("Nothing is lost. Choose the file once more; it is sent from its beginning."),
    ),
    "file_bad_request": (
        N_("This file could not be sent like this."),
        N_("Load the page again and choose the file once more."),
    ),
    "file_not_stored": (
        N_("The file could not be stored just now."),
        N_("What was sent is kept. Try again in a few minutes, or tell the course staff."),
    ),
    "no_file": (
        N_("There is no such file."),
        N_("It may have been removed. What was written about it is still there."),
    ),
}
_FILLED: Final[dict[str, dict[str, object]]] = {
    "file_too_large": {"megabytes": MOST_OF_A_FILE // MEGABYTE},
    "file_no_room": {"megabytes": MOST_OF_A_PERSON // MEGABYTE},
    "file_too_many": {"count": MOST_FILES},
}


class FileRefused(UstazError):
    """A file is not taken, or not just now; nothing that was there has changed.

    Attributes
    ----------
    offset : int or None
        How many bytes of the upload are held, where that is the answer.
    """

    exit_code = 12

    def __init__(self, id: str, *, offset: int | None = None) -> None:
        super().__init__(id, *REFUSALS[id], params=_FILLED.get(id))
        self.offset = offset
