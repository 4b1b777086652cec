"""The words for ids that pages show: roles, jobs, counts, reasons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, Final

from markupsafe import Markup

from ustaz.course import Course
from ustaz.messages import N_
from ustaz.roster import former
from ustaz.roster.labels import COLUMNS, FIELDS
from ustaz.roster.people import Person
from ustaz.server.i18n import Words

ROLES: Final = {
    "participant": (
        N_("Participant"),
        N_("A teacher who chooses a focus, plans a project and gets feedback."),
    ),
    "facilitator": (
        N_("Facilitator"),
        N_("Supports a group of about ten teachers and reads their workbooks."),
    ),
    "director": (
        N_("Director"),
        N_("Sees how many teachers of the own school take part and how far they are; no names."),
    ),
    "staff": (
        N_("Course staff"),
        N_("Collects and grades what was submitted, and releases the feedback."),
    ),
    "reviewer": (
        N_("Reviewer"),
        N_("Reads what was submitted, under pseudonyms; no names and no drafts."),
    ),
    "operator": (
        N_("Operator"),
        N_("Keeps the computer and the list of people in order; reads nobody's text."),
    ),
}
STATUSES: Final = {
    "active": (N_("Takes part"), N_("Works on the workbooks and is counted.")),
    "leave": (N_("On leave"), N_("Is not counted, and may go on writing.")),
    "withdrawn": (
        N_("Left the course"),
        N_("Reads the own pages, and changes nothing. Is in no group list and not counted."),
    ),
}
RUNS: Final = {
    "collect": N_("Collect"),
    "grade": N_("Grade"),
    "feedback": N_("Release feedback"),
}
EVENTS: Final = {
    "workshop": N_("Workshop"),
    "tutorial": N_("Tutorial"),
    "network_event": N_("Network event"),
    "deadline": N_("A day to keep in mind"),
    "other": N_("Meeting"),
    "due": N_("To hand in"),
    "step": N_("Step of my plan"),
}
COUNTS: Final = {
    "taken": N_("New, taken"),
    "unchanged": N_("Nothing new"),
    "refused": N_("Refused, left as they are"),
    "graded": N_("Graded"),
    "again": N_("Of these to be marked again"),
    "failed": N_("Not possible"),
    "returned": N_("Feedback released"),
    "waiting": N_("Waiting for marks"),
}
STATES: Final = {
    "received": N_("Waiting to be collected"),
    "collected": N_("Collected, not graded"),
    "to_mark": N_("Waiting for marks"),
    "marked": N_("Marked, feedback not released"),
    "returned": N_("Feedback released"),
}
REASONS: Final = {
    "wrong_person": N_("It says that it is from somebody else."),
    "wrong_owner": N_("The files belong to another account."),
    "unknown_person": N_("The roster does not have this person."),
    "unknown_workbook": N_("The course does not have this workbook."),
    "wrong_workbook": N_("It is of another workbook."),
    "wrong_course": N_("It is from another course."),
    "wrong_round": N_("It bears another number."),
    "wrong_hash": N_("It is not what was sent."),
    "damaged": N_("It cannot be read."),
    "bad_value": N_("An answer does not fit its question."),
    "newer_format": N_("It was written by a newer version of Ustaz."),
    "newer_definition": N_("It belongs to a newer version of the workbook."),
    "too_large": N_("It is too large."),
    "too_many_files": N_("It holds too many files."),
    "sparse": N_("It is not an ordinary file."),
    "linked_file": N_("It is not an ordinary file."),
    "not_a_file": N_("It is not an ordinary file."),
    "not_a_folder": N_("It is not an ordinary folder."),
    "unexpected_file": N_("It holds a file that does not belong there."),
    "missing_file": N_("A file is missing."),
    "changed_while_reading": N_("It changed while it was being read."),
    "unreadable": N_("It cannot be opened."),
    "bad_name": N_("The name of its folder is not one of ours."),
    "not_released": N_("The workbook's notebook is not released yet."),
    "other_notebook": N_("The released notebook does not fit the workbook."),
}
OTHER_REASON: Final = N_("The server's log says more.")


def bdi(name: object) -> Markup:
    """Return a name that keeps its own writing direction."""
    return Markup("<bdi>{}</bdi>").format(name)


def helpers(words: Words, course: Course) -> dict[str, Callable[..., Any]]:
    """Return the functions that templates call."""

    def named(table: dict[str, str]) -> Callable[[str], str]:
        return lambda key: words.plain(table[key]) if key in table else key

    def name_of(person: str) -> str:
        return former.name_of(course.people, person, words.plain)

    def value_of(person: Person, field: str) -> str:
        value = getattr(person, field)
        if field == "roles":
            return ", ".join(words.plain(ROLES[role][0]) for role in value)
        if field == "status":
            return words.plain(STATUSES[value][0])
        return ", ".join(value) if isinstance(value, tuple) else str(value)

    return {
        "bdi": bdi,
        "day": dt.date.fromisoformat,
        "name_of": name_of,
        "role_name": lambda role: words.plain(ROLES[role][0]),
        "role_about": lambda role: words.plain(ROLES[role][1]),
        "status_of": lambda status: words.plain(STATUSES[status][0]),
        "status_about": lambda status: words.plain(STATUSES[status][1]),
        "field_name": named(FIELDS),
        "value_of": value_of,
        "problem_text": lambda problem: words.gettext(
            problem.message, **problem.text(words.plain)[1]
        ),
        "gathered_text": lambda gathered: words.gettext(
            gathered.message, **gathered.note.text(words.plain)[1]
        ),
        "column_name": named(COLUMNS),
        "run_name": named(RUNS),
        "count_name": named(COUNTS),
        "event_name": named(EVENTS),
        "state_name": named(STATES),
        "reason": lambda error: words.plain(REASONS.get(error, OTHER_REASON)),
    }
