"""What the tables of a course are: each column's type, unit, meaning, and who may read it.

The tables of answers are not here: they follow from the workbooks' definitions
(:mod:`ustaz.workbook.tidy`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from ustaz.messages import N_
from ustaz.workbook import PlainTable

#: pandas' types. A moment is in UTC there, and by the course's clocks in a spreadsheet.
TEXT: Final = "string"
COUNT: Final = "Int64"
NUMBER: Final = "Float64"
YES_NO: Final = "boolean"
DAY: Final = "datetime64[s]"
MOMENT: Final = "datetime64[s, UTC]"

#: Who asks for tables at all.
READERS: Final = ("facilitator", "staff")
PERSON: Final = N_("Id of the person in the course's roster; often it is a name")
WORKBOOK: Final = N_("Id of the workbook")

PEOPLE: Final = N_("one row a person")
DAYS: Final = N_("days")


#: How a workbook's state is called; one that nobody has begun has none of these.
STATUS_NAMES: Final = MappingProxyType(
    {
        "draft": N_("In work"),
        "ready": N_("Ready to submit"),
        "submitted": N_("Submitted"),
        "returned": N_("Feedback has come"),
        "accepted": N_("Accepted"),
    }
)
NOT_STARTED: Final = N_("Not started yet")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: name, pandas type, meaning, unit, and the roles that may read it.

    Attributes
    ----------
    labels : mapping
        What its values are called, in their own order; empty where they speak for themselves.
    """

    name: str
    type: str
    meaning: str
    unit: str = ""
    readers: tuple[str, ...] = READERS
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Frame:
    """A table of a course: what a row is, and its columns."""

    name: str
    row: str
    columns: tuple[Column, ...]

    def for_role(self, role: str) -> tuple[Column, ...]:
        """Return the columns that a role may read."""
        return tuple(column for column in self.columns if role in column.readers)


_ALL: Final = (
    Frame(
        "people",
        PEOPLE,
        (
            Column("person", TEXT, PERSON),
            Column("name", TEXT, N_("Name as the roster has it")),
            Column("group", TEXT, N_("Group of the course")),
            Column("school", TEXT, N_("School as the roster names it")),
            Column("region", TEXT, N_("Region, where people.csv has a column of that name")),
            Column("lang", TEXT, N_("Language that the person reads: en, ru or kk")),
            Column(
                "status",
                TEXT,
                N_("active, leave (nothing is due) or withdrawn (has left the course)"),
            ),
        ),
    ),
    Frame(
        "workbooks",
        N_("one row a person and workbook"),
        (
            Column("person", TEXT, PERSON),
            Column("workbook", TEXT, WORKBOOK),
            Column("title", TEXT, N_("Title of the workbook, in the language of the table")),
            Column(
                "status",
                TEXT,
                N_(
                    "none (not begun), draft, ready, submitted, returned (feedback has come),"
                    " accepted, or unreadable (ask whoever runs the course)"
                ),
                labels={"none": NOT_STARTED, **STATUS_NAMES, "unreadable": N_("Cannot be read")},
            ),
            Column("answered", COUNT, N_("Required questions that are answered"), N_("questions")),
            Column("of", COUNT, N_("Required questions that there are"), N_("questions")),
            Column("revision", COUNT, N_("How often something was saved")),
            Column("lang", TEXT, N_("Language of the answers; empty where there are none")),
            Column("updated_at", MOMENT, N_("When something was saved last")),
            Column("due", DAY, N_("Last day for this person, extensions included")),
            Column("extended", YES_NO, N_("Whether an extension counts")),
            Column(
                "overdue",
                YES_NO,
                N_("Whether the day has passed, nothing is submitted, and the person is active"),
            ),
            Column("late_steps", COUNT, N_("Steps of the plan that are past their day")),
            Column("rounds", COUNT, N_("How often it was submitted in the present project")),
            Column("submitted_at", MOMENT, N_("When it was submitted last")),
            Column("returned_at", MOMENT, N_("When feedback on it was released last")),
        ),
    ),
    Frame(
        "rounds",
        N_("one row a submission; those of earlier projects too"),
        (
            Column("person", TEXT, PERSON),
            Column("workbook", TEXT, WORKBOOK),
            Column("round", COUNT, N_("Number of the submission, from 1")),
            Column("present", YES_NO, N_("Whether it belongs to the present project")),
            Column("received_at", MOMENT, N_("When it was received, by the server's clock")),
            Column("late", YES_NO, N_("Whether it came after its day")),
            Column("answered", COUNT, N_("Required questions that were answered"), N_("questions")),
            Column("of", COUNT, N_("Required questions that there were"), N_("questions")),
            Column("lang", TEXT, N_("Language of the answers")),
            Column("definition", TEXT, N_("Version of the workbook")),
            Column(
                "status",
                TEXT,
                N_("received, collected, marking, marked or returned"),
                readers=("staff",),
            ),
            Column("returned_at", MOMENT, N_("When feedback was released")),
            Column(
                "days_to_feedback", NUMBER, N_("From receiving to releasing the feedback"), DAYS
            ),
        ),
    ),
    Frame(
        "sessions",
        N_("one row a meeting and group"),
        (
            Column("event", TEXT, N_("Id of the meeting in ustaz.toml")),
            Column("kind", TEXT, N_("workshop, tutorial, network_event, deadline or other")),
            Column("title", TEXT, N_("Title, in the language of the table")),
            Column("group", TEXT, N_("Group; empty where the course has none")),
            Column("day", DAY, N_("Day, as it was moved for the group")),
            Column("start", MOMENT, N_("Beginning; empty for a whole day")),
            Column("end", MOMENT, N_("End; empty where none is named")),
            Column("minutes", COUNT, N_("Length by the calendar"), N_("minutes")),
            Column("place", TEXT, N_("Where it is")),
            Column("moved", YES_NO, N_("Whether it was moved for the group")),
            Column("cancelled", YES_NO, N_("Whether it does not take place")),
        ),
    ),
    Frame(
        "attendance",
        N_("one row a person and meeting that was logged"),
        (
            Column("person", TEXT, PERSON),
            Column("group", TEXT, N_("Group")),
            Column("event", TEXT, N_("Id of the meeting in ustaz.toml; empty where it has none")),
            Column("title", TEXT, N_("Title of the plan")),
            Column("day", DAY, N_("Day of the meeting")),
            Column("present", YES_NO, N_("Whether the person came")),
        ),
    ),
    Frame(
        "calendar",
        N_("one row a person and meeting or due day"),
        (
            Column("person", TEXT, PERSON),
            Column("kind", TEXT, N_("Kind of the meeting, or due for a workbook")),
            Column("what", TEXT, N_("Id of the meeting or of the workbook")),
            Column("title", TEXT, N_("Title, in the language of the table")),
            Column("day", DAY, N_("Day for this person")),
            Column("start", MOMENT, N_("Beginning; empty for a whole day")),
            Column("moved", YES_NO, N_("Whether it is another day than the calendar names")),
            Column("cancelled", YES_NO, N_("Whether it does not take place")),
        ),
    ),
)
FRAMES: Final[Mapping[str, Frame]] = MappingProxyType({frame.name: frame for frame in _ALL})

#: Columns of the dictionary, and what each holds.
DICTIONARY: Final[Mapping[str, str]] = MappingProxyType(
    {
        "table": N_("Table"),
        "row": N_("What a row is"),
        "column": N_("Column"),
        "type": N_("Type, as pandas calls it"),
        "unit": N_("Unit"),
        "label": N_("Meaning"),
        "help": N_("Hint"),
        "values": N_("Values"),
        "bounds": N_("Bounds"),
        "required": N_("Required at"),
        "readers": N_("Who may read it"),
    }
)


def empty(name: str, role: str = "staff") -> PlainTable:
    """Return a table of a course without rows."""
    columns = FRAMES[name].for_role(role)
    return PlainTable(name, tuple((column.name, column.type) for column in columns), [])
