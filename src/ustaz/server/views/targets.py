"""People, groups and schools as the lists of a form offer them, and as a page names them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ustaz.course import Course
from ustaz.roster import by_name
from ustaz.roster.people import Person
from ustaz.server.i18n import Words

#: Between a scope and a target, in a value of the form.
SEPARATOR: Final = ":"

Choices = list[tuple[str, list[tuple[str, str]]]]


def choices(
    words: Words, groups: Iterable[str], schools: Iterable[str], people: Iterable[Person]
) -> Choices:
    """Return three lists with their headings: values of the form, and what is read."""
    return [
        (words.gettext("Groups"), [(f"group{SEPARATOR}{name}", name) for name in groups]),
        (words.gettext("Schools"), [(f"school{SEPARATOR}{name}", name) for name in schools]),
        (
            words.gettext("People"),
            [(f"person{SEPARATOR}{person.person}", person.name) for person in by_name(people)],
        ),
    ]


def chosen(text: str) -> tuple[str, str]:
    """Return the scope and the target of a value of the form."""
    scope, _, target = text.partition(SEPARATOR)
    return scope, target


def name_of(course: Course, scope: str, target: str) -> str:
    """Return what a target is called."""
    known = scope == "person" and target in course.people
    return course.people[target].name if known else target
