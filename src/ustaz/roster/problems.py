"""What can be wrong in a list that somebody brings, each said with row and column."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from ustaz.messages import N_
from ustaz.roster.labels import WORDS

if TYPE_CHECKING:
    from ustaz.roster.choosing import Offer

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
    "password": N_(
        "The file is protected with a password. Open it, take the password away, save it as XLSX"
        " and choose it again."
    ),
    "xlsb": N_("This is a binary Excel file (XLSB). Save it as XLSX and choose it again."),
    "open_document": N_("This is an ODS file. Save it as XLSX and choose it again."),
    "numbers": N_(
        "This is a file of Apple Numbers. Export it as Excel (XLSX) and choose that file."
    ),
    "xml_sheet": N_("This is a sheet in XML (Excel 2003). Save it as XLSX and choose it again."),
    "web_page": N_(
        "This is a web page, whatever its name says; some programs export lists so. Open it in a"
        " spreadsheet, save it as XLSX and choose it again."
    ),
    "pdf": N_("This is a PDF file. A list of people has to come as XLSX or CSV."),
    "document": N_(
        "This is a text document. Copy its table into a spreadsheet, save it as XLSX and choose"
        " it again."
    ),
    "archive": N_("This is an archive. Unpack it and choose the list itself."),
    "unclear_letters": N_(
        "It cannot be told for sure which letters this text is written in. Save it as XLSX or as"
        " “CSV UTF-8” and choose it again."
    ),
    "broken_letters": N_(
        "Some letters of the file were damaged when it was saved. Save it as XLSX or as “CSV"
        " UTF-8” and choose it again."
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
    "no_names": N_("No column is chosen for the names."),
    "other_list": N_(
        "The sheet “{sheet}” holds a list as well. Keep one of them in the file, and bring the"
        " other in a file of its own."
    ),
    "second_heading": N_(
        "A second row of headings begins here. Keep one list in the sheet, and bring the other in"
        " a file of its own."
    ),
    "hidden_column": N_("This column is hidden in the sheet. Show it, or delete it."),
    "hidden_row": N_("This row is hidden in the sheet. Show it, or delete it."),
    "struck": N_("The text is struck through. Delete the row, or take the line away."),
    "merged": N_("This cell is merged with its neighbours. Undo that and fill in each cell."),
    "date": N_(
        "The cell holds a date; spreadsheets make one of “1-2”. Give the column the format “Text”"
        " and type it again."
    ),
    "fraction": N_(
        "The cell holds a number with a decimal part; spreadsheets make 1.1 of “1.10”. Give the"
        " column the format “Text” and type it again."
    ),
    "escaped": N_(
        "The text holds signs of another program, such as “&amp;” or “_x000D_”. Type it as it"
        " should be read."
    ),
    "not_a_person": N_(
        "This does not look like a person’s name: a total, a signature or the title of a group?"
        " Delete the row if it is no person."
    ),
    "apart": N_(
        "This row stands apart below the list and holds nothing but a name: a signature? Delete it"
        " if it is no person of the course, or fill in its other cells."
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
    "alike": N_(
        "Found as {person}, whose name or school is spelled otherwise in the course. The spelling"
        " of the course stays."
    ),
    "maybe_same": N_("New, though the name looks like that of {person}. Is it somebody else?"),
    "maybe_row": N_("The name looks like the one in row {row_of}. Are these two people?"),
    "alike_school": N_("“{school}” and “{other}” look like the same school."),
    "alike_group": N_("“{group}” and “{other}” look like the same group."),
    "other_sheet": N_("The sheet “{sheet}” is not read."),
    "read_sheet": N_("The sheet “{sheet}” is read."),
    "left_out": N_("Nothing stands in the columns that are read: the row is left out."),
    "repeated_heading": N_("The headings stand here once more: the row is left out."),
    "maybe_date": N_("A number like this may be a date that a spreadsheet made of “1-2”."),
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

    def text(self, gettext: Callable[[str], str]) -> tuple[str, dict[str, Any]]:
        """Return what is said in the language of `gettext`, and what fills it.

        Ids among the parameters become the words of that language, which lists understand too.
        """
        filled = {
            key: ", ".join(gettext(str(WORDS.get(one, one))) for one in value)
            if isinstance(value, tuple)
            else value
            for key, value in self.params.items()
        }
        return gettext(self.message), filled

    def to_json(self) -> dict[str, Any]:
        """Return the complaint for programs."""
        return {
            "id": self.id,
            "row": self.place.row,
            "column": self.place.column,
            "heading": self.place.heading,
            **{
                key: list(value) if isinstance(value, tuple) else value
                for key, value in self.params.items()
            },
        }


GATHERED: Final[dict[str, str]] = {
    "alike": N_(
        "Found, though the name or the school is spelled otherwise in the course. The spellings of"
        " the course stay."
    ),
}
#: Notes about single rows that say the same of many people; they come last, and as one.
ROUTINE: Final = ("left_out", "repeated_heading", "alike", "by_account", "by_name", "new_id")


@dataclass(frozen=True, slots=True)
class Gathered:
    """Notes that say the same, as one.

    Attributes
    ----------
    note : Problem
        The first of them.
    rows : str
        All rows, such as “2–61, 64”; empty for a single note.
    """

    note: Problem
    rows: str = ""

    @property
    def message(self) -> str:
        """Return the English text, which names nobody where it is about several."""
        return GATHERED.get(self.note.id, self.note.message) if self.rows else self.note.message


def by_weight(notes: Iterable[Problem]) -> list[Problem]:
    """Return notes in the order in which they matter, those of one kind by row."""
    order = {id: index for index, id in enumerate(("", *ROUTINE))}
    return sorted(notes, key=lambda one: order.get(one.id, 0))


def gathered(notes: Iterable[Problem], few: int = 3) -> list[Gathered]:
    """Return notes for people: routine ones of more than a few rows as one line."""
    listed = by_weight(notes)
    found: list[Gathered] = []
    for one in listed:
        same = [each for each in listed if each.id == one.id]
        if one.id not in ROUTINE or len(same) <= few:
            found.append(Gathered(one))
        elif one is same[0]:
            found.append(Gathered(one, ranges(each.place.row for each in same)))
    return found


def ranges(numbers: Iterable[int]) -> str:
    """Return numbers as people write them.

    Examples
    --------
    >>> ranges([2, 3, 4, 7, 9, 10])
    '2–4, 7, 9–10'
    """
    spans: list[list[int]] = []
    for one in sorted(set(numbers)):
        if spans and one == spans[-1][1] + 1:
            spans[-1][1] = one
        else:
            spans.append([one, one])
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in spans)


class SheetError(Exception):
    """The file as a whole cannot be read.

    Parameters
    ----------
    id : str
    row : int
    offer : Offer, optional
        What can be chosen so that it can be read.
    **params : object
    """

    def __init__(
        self, id: str, row: int = 0, *, offer: Offer | None = None, **params: object
    ) -> None:
        super().__init__(id)
        self.problem = Problem(id, Place(row), params)
        self.offer = offer


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
