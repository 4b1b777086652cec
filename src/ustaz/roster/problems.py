"""What can be wrong in a list that somebody brings, each said with row and column."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from ustaz.messages import N_

#: Complaints; ``{…}`` are filled with numbers, our own words, or pieces of the sheet's heading.
PROBLEMS: Final[dict[str, str]] = {
    "too_large": N_("The file is larger than 2 MB. Remove pictures and other sheets from it."),
    "empty": N_("There are no rows in the file."),
    "not_a_sheet": N_("The file is neither XLSX nor a text file with columns (CSV)."),
    "old_excel": N_("This is an old XLS file. Save it as XLSX and choose it again."),
    "damaged": N_("The file cannot be read: it is damaged or not what its name says."),
    "bomb": N_("The file unpacks to far more than a list of people needs, so it is refused."),
    "too_heavy": N_(
        "The file would take more time or memory to read than a list of people needs. Copy the"
        " list alone into a new sheet, save it, and choose that file."
    ),
    "reading_busy": N_(
        "Other lists are being read just now. Nothing was changed: choose the file again in a"
        " moment."
    ),
    "bad_csv": N_("The text cannot be divided into cells here: a quotation mark is not closed."),
    "no_heading": N_(
        "No row of headings was found. The first row needs at least a column for names, such as"
        " “Name”."
    ),
    "twice_heading": N_("This heading stands twice. Keep one of the two columns."),
    "too_many_rows": N_("There are more than {most} rows. Divide the list."),
    "too_long": N_("The text is longer than {most} characters."),
    "too_many_cells": N_("The row has more cells than the row of headings."),
    "formula": N_(
        "This cell holds a formula. Copy the column and paste it as values, then save again."
    ),
    "control": N_("The text holds characters that cannot be seen. Type it again."),
    "lost_letters": N_(
        "Letters were lost when the file was saved (“?”). Save it as XLSX or as “CSV UTF-8”."
    ),
    "formula_like": N_("The text must not begin with “=”, “+”, “-” or “@”."),
    "no_name": N_("The name is missing."),
    "bad_person": N_("Use small Latin letters, digits and hyphens, 32 at most, or leave it empty."),
    "bad_role": N_("This role is not known. Use: {known}."),
    "bad_lang": N_("This language is not known. Use: {known}."),
    "bad_status": N_("This status is not known. Use: {known}."),
    "bad_group": N_("A group's name has 1 to 40 letters, digits, spaces and hyphens."),
    "one_group": N_("Only a facilitator can have several groups."),
    "bad_account": N_(
        "An account has letters, digits, hyphens, points, “_”, “@” and “+”, no spaces, and 64"
        " characters at most; it begins with a letter or a digit."
    ),
    "mixed_account": N_(
        "The account has letters of two alphabets that look alike. Type it again, all in one."
    ),
    "may_not_give": N_(
        "This would give the role “{value}”, which you do not hold yourself. Ask an operator."
    ),
    "own_role": N_(
        "Nobody gives themselves a role. Ask another one of the course staff, or an operator."
    ),
    "may_not_take": N_(
        "This would take away the role “{value}”, which you do not hold yourself. Ask an operator."
    ),
    "account_elsewhere": N_(
        "The account {value} stands in another course, too, so only an operator can enter it here."
        " Give another account, or ask an operator."
    ),
    "may_not_change": N_("The list of people is changed by course staff and operators."),
    "personal_number": N_(
        "This looks like a personal identity number (12 digits). Ustaz keeps none: leave it out."
    ),
    "phone": N_("This looks like a telephone number. Ustaz keeps none here: leave it out."),
    "email": N_("This looks like an e-mail address. Ustaz keeps none here: leave it out."),
    "same_person": N_("This is the same person as in row {row}."),
    "same_account": N_("The account {account} belongs to {person} already."),
    "several": N_(
        "Several people of the course have this name and school. Fill in the column with the id."
    ),
    "other_account": N_(
        "The id belongs to {person}, and the account to {other}. Correct one of the two."
    ),
}

NOTES: Final[dict[str, str]] = {
    "by_account": N_("Found by the account."),
    "by_name": N_("Found by name and school."),
    "account_shared": N_(
        "The account {account} stands in another course, too: both are one and the same person."
    ),
    "new_id": N_("New id, made from the name."),
    "new_group": N_("The group “{group}” is new in this course."),
    "unused": N_("This column is not used."),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands, as the sheet names it.

    Attributes
    ----------
    row : int
        Counted from 1, as spreadsheets do; 0 for the whole file.
    column : str
        The column's letter, or empty.
    heading : str
        What the sheet calls the column, or empty.
    """

    row: int = 0
    column: str = ""
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One complaint, or one note.

    Attributes
    ----------
    id : str
        A key of :data:`PROBLEMS` or :data:`NOTES`.
    place : Place
    params : dict
    """

    id: str
    place: Place = field(default_factory=Place)
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """Return the English text, with placeholders."""
        return PROBLEMS.get(self.id) or NOTES[self.id]

    def to_json(self) -> dict[str, Any]:
        """Return the complaint for programs."""
        return {
            "id": self.id,
            "row": self.place.row,
            "column": self.place.column,
            "heading": self.place.heading,
            **self.params,
        }


class SheetError(Exception):
    """The file as a whole cannot be read."""

    def __init__(self, id: str, row: int = 0, **params: object) -> None:
        super().__init__(id)
        self.problem = Problem(id, Place(row), params)


def letter(index: int) -> str:
    """Return a column's letter.

    Examples
    --------
    >>> letter(0), letter(25), letter(26)
    ('A', 'Z', 'AA')
    """
    found = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        found = chr(65 + rest) + found
    return found
