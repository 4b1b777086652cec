"""Which examinations a directory gets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from ustaz.backup.model import SETTINGS
from ustaz.base.errors import UstazError
from ustaz.course import Course
from ustaz.doctor import (
    backups,
    book,
    courses,
    database,
    edited,
    erasures,
    gradebook,
    hubs,
    machine,
    people,
)
from ustaz.doctor.model import Finding
from ustaz.messages import N_

COURSE: Final[tuple[Callable[[Course], Iterator[Finding]], ...]] = (
    edited.refused,
    edited.path,
    courses.roster,
    courses.files,
    courses.modes,
    courses.owners,
    courses.links,
    courses.strangers,
    database.findings,
    courses.documents,
    courses.retention,
    courses.clocks,
    courses.stray,
    gradebook.gradebook,
)
HUB: Final[tuple[Callable[[hubs.Hub], Iterator[Finding]], ...]] = (
    edited.hub,
    hubs.settings,
    hubs.modes,
    hubs.ports,
    hubs.walls,
    hubs.versions,
    hubs.database,
    hubs.desk_role,
    hubs.book,
    people.unopened,
    people.two_names,
    people.nobodys,
    people.without,
)


def examine(directory: Path) -> list[Finding]:
    """Return everything there is to say about a course or a hub, in the order of the work.

    Raises
    ------
    CourseError
        The directory is neither, or it is a course whose settings were never good.
    """
    if (directory / SETTINGS["hub"]).is_file():
        return [*_hub(hubs.Hub.open(directory))]
    return [*_course(Course.open(directory, going_on=True, keeping=False))]


def _whole(looks: Iterable[Callable[[Any], Iterator[Finding]]], at: Any) -> Iterator[Finding]:  # noqa: ANN401
    """Run every examination: one that stumbles does not cut off the others."""
    for look in looks:
        try:
            yield from look(at)
        except UstazError as error:
            yield Finding(
                "not_examined",
                "problem",
                "{error}",
                N_("Correct it, then look again; the other examinations are complete."),
                {"what": look.__name__, "error": str(error)},
                error,
            )
        except (OSError, ValueError, LookupError, RecursionError) as error:
            yield Finding(
                "not_examined",
                "problem",
                N_("One examination could not be finished: {what} ({error})."),
                N_("The others are complete. If this stays so, tell whoever supports you."),
                {"what": look.__name__, "error": type(error).__name__},
            )


def _course(course: Course) -> Iterator[Finding]:
    yield from erasures.unfinished(course.dir)
    yield from _whole(COURSE, course)
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
    yield from _whole(HUB, hub)
    for name, course in hub.courses.items():
        for erasure in erasures.unfinished(course.dir):
            yield hubs.of_course(name, erasure)
        for finding in _whole(COURSE, course):
            if finding.level != "ok":
                yield hubs.of_course(name, finding)
    yield from machine.account(hub.dir, hub=True)
    yield from machine.space(hub.dir)
    yield from machine.clock_and_zone(hub.timezone)
    yield from machine.versions({**machine.PACKAGES, **machine.HUB_PACKAGES})
    yield from machine.path()
    yield from backups.backups(hub.dir)
