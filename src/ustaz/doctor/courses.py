"""Examinations of one course: its roster, its files, its documents."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from typing import Final

from ustaz.admin.create import PRIVATE
from ustaz.base.desk import FOLDERS, is_desk
from ustaz.course import Course
from ustaz.doctor.model import SHOWN, Finding, open_to_others, walk
from ustaz.grading.earlier_config import is_earlier
from ustaz.messages import N_

STRAY_AGE: Final = 3600
KEPT_PRIVATE: Final = (
    *PRIVATE,
    "people.csv",
    "gradebook.db",
    *FOLDERS[-2:],
    "confirmations",
    "shifts",
    "calendars",
    "shares",
    "asks",
    "schools",
    "threads",
    "projects",
    "reach",
    "seen",
    "roster",
    "state",
)


def roster(course: Course) -> Iterator[Finding]:
    """Look at groups and who leads them."""
    count = len(course.people)
    if not count:
        yield Finding(
            "no_people",
            "note",
            N_("Nobody is in the roster yet."),
            N_("Enter the people in people.csv: person, name and role are needed."),
        )
        return
    yield Finding("roster", "ok", N_("The roster holds {count} people."), "", {"count": count})
    groups = {person.group for person in course.taking_part() if person.group}
    led = {group for person in course.taking_part("facilitator") for group in person.groups}
    for group in sorted(groups - led):
        yield Finding(
            "group_without_facilitator",
            "note",
            N_("The group {group} has no facilitator."),
            N_("Give a facilitator this group in people.csv: somebody has to confirm a focus."),
            {"group": group},
        )


def files(course: Course) -> Iterator[Finding]:
    """Look whether nbgrader finds our settings, and every workbook its definition."""
    config = course.dir / "nbgrader_config.py"
    if is_earlier(config):
        yield Finding(
            "earlier_nbgrader_config",
            "problem",
            N_(
                "nbgrader_config.py holds settings of an earlier version: ordinary assignments "
                "lose files, and a file of a submission can take the place of the teacher's."
            ),
            N_(
                "Run: ustaz workbook build --course {dir}. If this is still said, take out the "
                "lines with CourseDirectory.ignore and Autograde.exclude_overwriting."
            ),
            {"dir": str(course.dir)},
        )
    if not config.is_file():
        yield Finding(
            "no_nbgrader_config",
            "problem",
            N_("nbgrader_config.py is missing: nbgrader would use its own collector."),
            N_("Write it again with: ustaz workbook build --course {dir}"),
            {"dir": str(course.dir)},
        )
    for workbook in (*course.assignments, *course.companions):
        if workbook not in course.library.ids:
            yield Finding(
                "unknown_workbook",
                "problem",
                N_("ustaz.toml names the workbook {workbook}, which is in no library."),
                N_("Correct the names under [workbooks], or add its folder to workbooks.library."),
                {"workbook": workbook},
            )


def modes(course: Course) -> Iterator[Finding]:
    """Look for what other accounts of the computer can open."""
    findings = []
    for name in KEPT_PRIVATE:
        path = course.dir / name
        if path.exists() and open_to_others(path):
            findings.append(name)
    findings += [
        path.relative_to(course.dir).as_posix()
        for path in walk(course.people_dir)
        if open_to_others(path)
    ]
    for name in findings[:SHOWN]:
        yield Finding(
            "unsafe_mode",
            "problem",
            N_("Other accounts of this computer can open {path}."),
            N_("Close it: chmod go-rwx {path}"),
            {"path": name},
        )
    if len(findings) > SHOWN:
        yield Finding(
            "unsafe_modes",
            "problem",
            N_("… and {count} more files or folders."),
            N_("Close them all: chmod -R go-rwx people exchange submitted autograded feedback"),
            {"count": len(findings) - SHOWN},
        )
    if not findings:
        yield Finding("modes", "ok", N_("Only this account can open people's answers."))


def owners(course: Course) -> Iterator[Finding]:
    """Look for files that another account made: one of root stops the next save half-way."""
    own = course.dir.stat().st_uid
    handed_in = course.exchange_dir / "inbound"  # people's own accounts may own what lies there
    foreign = [
        path.relative_to(course.dir).as_posix()
        for path in walk(course.dir)
        if not path.is_relative_to(handed_in) and not _expected(path.lstat().st_uid, own)
    ]
    for name in foreign[:1]:
        yield Finding(
            "foreign_owner",
            "problem",
            N_("{count} files or folders belong to another account; the first is {path}."),
            N_("Give them to the account of the course: chown -R ACCOUNT {dir}"),
            {"count": len(foreign), "path": name, "dir": str(course.dir)},
        )


def _expected(uid: int, own: int) -> bool:
    return uid == own or (own == 0 and is_desk(uid))


def links(course: Course) -> Iterator[Finding]:
    """Look for what is no file among the answers."""
    for path in walk(course.people_dir):
        kind = path.lstat().st_mode
        if not (stat.S_ISREG(kind) or stat.S_ISDIR(kind)):
            yield Finding(
                "not_a_file",
                "problem",
                N_("{path} is a link or a device, not a file."),
                N_("Ustaz never follows it. Look at it and remove it."),
                {"path": path.relative_to(course.dir).as_posix()},
            )


def documents(course: Course) -> Iterator[Finding]:
    """Read every document of everybody in the roster."""
    from ustaz.answers import StoreError, StrictError, Subject

    whole = 0
    for person in sorted(course.people):
        for workbook in course.library.ids:
            try:
                document = course.store.read(Subject("person", person), workbook)
            except (StoreError, StrictError) as error:
                yield Finding(
                    "damaged" if error.id != "newer" else "newer",
                    "problem",
                    N_("{person}/{workbook}: the answers cannot be read ({error})."),
                    N_("Earlier copies lie beside the file; see docs/cli.md, damaged documents."),
                    {"person": person, "workbook": workbook, "error": error.id},
                )
            else:
                whole += document.revision > 0
    yield Finding("documents", "ok", N_("{count} documents can be read."), "", {"count": whole})


def retention(course: Course) -> Iterator[Finding]:
    """Name the workbooks whose answers are kept longer than their definition says."""
    from ustaz.workbook import keep_until

    for workbook in course.library.ids:
        until = keep_until(course.library[workbook], course.end)
        if course.today() <= until:
            continue
        count = sum(_written(course, person, workbook) for person in course.people)
        if count:
            yield Finding(
                "kept_too_long",
                "note",
                N_("{workbook}: answers of {count} people were to be kept until {until}."),
                N_("Erase who no longer needs them: ustaz person erase; see docs/data-map.md."),
                {"workbook": workbook, "count": count, "until": until.isoformat()},
            )


def _written(course: Course, person: str, workbook: str) -> bool:
    """Tell whether somebody has answers in a workbook; a damaged document holds some."""
    from ustaz.answers import StoreError, StrictError, Subject

    try:
        return course.store.read(Subject("person", person), workbook).revision > 0
    except (StoreError, StrictError):
        return True


def clocks(course: Course) -> Iterator[Finding]:
    """Look for rounds that a clock dated which was far ahead."""
    from ustaz.base import clock
    from ustaz.exchange import rounds
    from ustaz.exchange.submitting import ahead

    now = clock.now()
    for person in sorted(course.people):
        for workbook in course.library.ids:
            for round_ in rounds(course, person, workbook):
                if ahead(round_.receipt.received_at, now):
                    yield Finding(
                        "round_ahead",
                        "problem",
                        N_("{person}/{workbook}, round {round} is dated {time}, which is to come."),
                        N_("A clock was ahead when it came, or is behind now: look at both."),
                        {
                            "person": person,
                            "workbook": workbook,
                            "round": round_.round,
                            "time": clock.stamp(round_.receipt.received_at, course.timezone),
                        },
                    )


def strangers(course: Course) -> Iterator[Finding]:
    """Look for folders of people whom the roster does not know."""
    if not course.people_dir.is_dir():
        yield Finding(
            "no_people_dir",
            "problem",
            N_("The folder people/ is missing."),
            N_("Create it with: mkdir -m 700 people"),
        )
        return
    for folder in sorted(course.people_dir.iterdir()):
        if folder.is_dir() and folder.name not in course.people and folder.name[0] != ".":
            yield Finding(
                "not_in_roster",
                "note",
                N_("people/{person} belongs to nobody in the roster."),
                N_("Enter the person in people.csv, or keep the folder elsewhere."),
                {"person": folder.name},
            )


def stray(course: Course) -> Iterator[Finding]:
    """Look for what interrupted saves left."""
    from ustaz.base import clock

    now = clock.now().timestamp()
    for folder in (course.people_dir, course.exchange_dir):
        for path in walk(folder):
            name = path.name
            temporary = name.endswith(".tmp") or ".tmp." in name or name.startswith(".tmp")
            if temporary and now - path.lstat().st_mtime > STRAY_AGE:
                yield Finding(
                    "stray",
                    "note",
                    N_("{path} was left by a save that was interrupted."),
                    N_("The answers are safe without it; it can be removed."),
                    {"path": path.relative_to(course.dir).as_posix()},
                )
