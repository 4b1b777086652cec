"""Which examinations a directory gets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from ustaz.course import Course
from ustaz.doctor import (
    backups,
    book,
    courses,
    database,
    erasures,
    gradebook,
    hubs,
    machine,
    people,
)
from ustaz.doctor.model import Finding
from ustaz.keeping.model import SETTINGS

COURSE: Final[tuple[Callable[[Course], Iterator[Finding]], ...]] = (
    courses.roster,
    courses.files,
    courses.modes,
    courses.owners,
    courses.links,
    courses.strangers,
    database.findings,
    courses.documents,
    courses.stray,
    gradebook.gradebook,
)
HUB: Final[tuple[Callable[[hubs.Hub], Iterator[Finding]], ...]] = (
    hubs.settings,
    hubs.modes,
    hubs.ports,
    hubs.versions,
    hubs.database,
    hubs.book,
    people.unopened,
    people.two_names,
    people.without,
)


def examine(directory: Path) -> list[Finding]:
    """Return everything there is to say about a course or a hub, in the order of the work.

    Raises
    ------
    CourseError
        The directory is neither, or its settings cannot be read.
    """
    if (directory / SETTINGS["hub"]).is_file():
        return [*_hub(hubs.Hub.open(directory))]
    return [*_course(Course.open(directory))]


def _course(course: Course) -> Iterator[Finding]:
    yield from erasures.unfinished(course.dir)
    for look in COURSE:
        yield from look(course)
    yield from machine.account(course.dir, hub=False)
    yield from machine.space(course.dir)
    yield from machine.clock_and_zone(course.timezone)
    yield from machine.versions(machine.PACKAGES)
    yield from machine.path()
    if not hubs.inside(course.dir):
        yield from book.book(course.dir, missing="note")
        if not course.demo:
            yield from backups.backups(course.dir)


def _hub(hub: hubs.Hub) -> Iterator[Finding]:
    yield from erasures.unfinished(hub.dir)
    for look in HUB:
        yield from look(hub)
    for name, course in hub.courses.items():
        for one in erasures.unfinished(course.dir):
            yield hubs.of_course(name, one)
        for examination in COURSE:
            for one in examination(course):
                if one.level != "ok":
                    yield hubs.of_course(name, one)
    yield from machine.account(hub.dir, hub=True)
    yield from machine.space(hub.dir)
    yield from machine.clock_and_zone(hub.timezone)
    yield from machine.versions({**machine.PACKAGES, **machine.HUB_PACKAGES})
    yield from machine.path()
    yield from backups.backups(hub.dir)
