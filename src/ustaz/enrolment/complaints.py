"""What is said of a list that somebody brings: its mistakes, and what is worth knowing."""

from __future__ import annotations

from typing import Final

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
    "piece": N_(
        "This column may hold a piece of the name, and it is not known which. Say below what it"
        " is, or give it another heading: Surname, First name, Patronymic."
    ),
    "two_names": N_("Two people in one cell? Give each of them a row."),
    "ditto": N_("Write in full in each row what belongs here, or leave the cell empty."),
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

#: Notes that are about several rows at once.
GATHERED: Final[dict[str, str]] = {
    "alike": N_(
        "Found, though the name or the school is spelled otherwise in the course. The spellings of"
        " the course stay."
    ),
}
