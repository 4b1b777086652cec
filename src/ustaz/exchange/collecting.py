"""Take what lies in the drop box into ``submitted/``, where nbgrader grades.

What lands there is the **released** notebook with the validated ``answers.json``; a participant's
own notebook is never opened. The drop box itself is only read: every round stays in it.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from ustaz.base import desk
from ustaz.base.files import TEMP_SUFFIX, make_folder, rename, sync_folder, write_new
from ustaz.base.ids import PERSON_ID, WORKBOOK_ID
from ustaz.course import Course
from ustaz.exchange import dropbox, files
from ustaz.exchange.model import (
    ANSWERS_FILE,
    ROUND_FILE,
    ROUND_NAME,
    CollectReport,
    Refused,
    Submission,
)
from ustaz.exchange.receipts import collected_round
from ustaz.exchange.validate import judge, owners_for

log = logging.getLogger("ustaz.exchange")

Before = dt.datetime | Callable[[str], dt.datetime | None]

MOST_NAMES: Final = 100_000
SECRET_FILE: Final = "submission_secret.txt"  # noqa: S105  (nbgrader's name for it)
TIMESTAMP_FILE: Final = "timestamp.txt"


def collect(
    course: Course,
    workbook: str | None = None,
    *,
    person: str | None = None,
    before: Before | None = None,
) -> CollectReport:
    """Take the last round of everybody, where it is not taken already.

    Parameters
    ----------
    course : Course
    workbook, person : str, optional
        Only this one; default all.
    before : datetime or callable, optional
        By when a round must have come, or what says so for a person: the last one that did is
        taken, and the last one of all where none did, or where there is no such time.

    Returns
    -------
    CollectReport
        Running it again changes nothing. A refused round is left as it is and so is what had
        been collected before; the others are taken.
    """
    desk.refuse(course.dir)
    report = CollectReport()
    root = dropbox.inbound(course)
    if not root.is_dir():
        return report
    with files.open_folder(os.fspath(root)) as inbound:
        for name in files.names_in(inbound, MOST_NAMES):
            if person is not None and name != person:
                continue
            if not PERSON_ID.match(name):
                report.refused.append((_shown(name), "", "bad_name", ""))
            elif name not in course.people:
                report.refused.append((name, "", "unknown_person", ""))
            else:
                _collect_person(course, name, workbook, before, inbound, report)
    for who, what, why, detail in report.refused:
        log.warning("refused %s %s: %s %s", who, what, why, detail)
    return report


def _shown(name: str) -> str:
    """Return a name that somebody made up, in letters that no terminal obeys."""
    return ascii(name)[:80]


def _collect_person(
    course: Course,
    person: str,
    only: str | None,
    before: Before | None,
    inbound: int,
    report: CollectReport,
) -> None:
    owners = owners_for(course, course.person(person))
    until = before(person) if callable(before) else before
    try:
        with files.open_folder(person, inbound) as folder:
            _check_owner(folder, owners)
            names = files.names_in(folder, 1000)
            for name in names:
                if only is not None and name != only:
                    continue
                if not WORKBOOK_ID.match(name):
                    report.refused.append((person, _shown(name), "bad_name", ""))
                elif name not in course.library.ids or course.library[name].companion:
                    report.refused.append((person, name, "unknown_workbook", ""))
                else:
                    _collect_workbook(course, person, name, until, folder, owners, report)
    except Refused as refusal:
        report.refused.append((person, only or "", refusal.id, refusal.detail))


def _check_owner(folder: int, owners: set[int]) -> None:
    uid = os.fstat(folder).st_uid
    if uid not in owners:
        raise files.refuse("wrong_owner", "The folder belongs to somebody else.", str(uid))


def _collect_workbook(
    course: Course,
    person: str,
    workbook: str,
    before: dt.datetime | None,
    parent: int,
    owners: set[int],
    report: CollectReport,
) -> None:
    try:
        with files.open_folder(workbook, parent) as submissions:
            _check_owner(submissions, owners)
            frozen = _choose(course, person, workbook, submissions, owners, before)
        if frozen is None:
            return
        number = frozen.record.round
        if is_collected(course, person, workbook, frozen):
            report.unchanged.append((person, workbook, number))
            return
        place(course, person, workbook, frozen)
        log.info("collected %s %s round %d %s", person, workbook, number, " ".join(frozen.notes))
        report.taken.append((person, workbook, number))
    except Refused as refusal:
        report.refused.append((person, workbook, refusal.id, refusal.detail))


def _choose(
    course: Course,
    person: str,
    workbook: str,
    submissions: int,
    owners: set[int],
    before: dt.datetime | None,
) -> Submission | None:
    """Return the round to take. A damaged last round is refused, not passed over in silence."""
    names = files.names_in(submissions, MOST_NAMES)
    taken = [int(name) for name in names if ROUND_NAME.match(name)]
    if not taken:
        return None
    last = judge(course, person, workbook, taken[-1], submissions, owners)
    if before is None or last.received_at <= before:
        return last
    for number in reversed(taken[:-1]):
        earlier = judge(course, person, workbook, number, submissions, owners)
        if earlier.received_at <= before:
            return earlier
    return last


# -- what nbgrader sees -------------------------------------------------------------------------
def submitted_dir(course: Course, person: str, workbook: str) -> Path:
    """Return where nbgrader expects a submission."""
    return course.dir / "submitted" / person / workbook


def released_notebooks(course: Course, workbook: str) -> list[Path]:
    """Return the notebooks of the released assignment; refuse when there are none."""
    notebooks = sorted((course.dir / "release" / workbook).glob("*.ipynb"))
    if not notebooks:
        raise Refused(
            "not_released",
            f"The workbook {workbook} has no released notebook.",
            f"Run `nbgrader generate_assignment {workbook}` first.",
        )
    return notebooks


def is_collected(course: Course, person: str, workbook: str, frozen: Submission) -> bool:
    """Tell whether this very round lies in ``submitted/``, whole."""
    target = submitted_dir(course, person, workbook)
    if collected_round(course, person, workbook) != frozen.record.round:
        return False
    try:
        same = all((target / name).read_bytes() == data for name, data in frozen.raw.items())
        return same and all(
            (target / notebook.name).read_bytes() == notebook.read_bytes()
            for notebook in released_notebooks(course, workbook)
        )
    except OSError:
        return False


def timestamp_of(frozen: Submission) -> str:
    """Return the receipt's time as nbgrader writes times.

    The microseconds are the round's number: nbgrader takes a submission for a new one only when
    its time is later, and two rounds may come within a second.
    """
    moment = frozen.received_at.astimezone(dt.UTC)
    return f"{moment:%Y-%m-%d %H:%M:%S}.{frozen.record.round:06d} UTC"


def place(course: Course, person: str, workbook: str, frozen: Submission) -> None:
    """Put a round into ``submitted/``: the whole of it takes the place of the one before."""
    target = submitted_dir(course, person, workbook)
    notebooks = released_notebooks(course, workbook)
    make_folder(target.parent)
    _sweep(target.parent, workbook)
    fresh = target.parent / f".{workbook}.{secrets.token_hex(4)}.new{TEMP_SUFFIX}"
    try:
        fresh.mkdir(0o700)
        for name, data in _contents(frozen, notebooks):
            make_folder((fresh / name).parent)
            write_new(fresh / name, data)
        sync_folder(fresh)
        if target.exists():
            aside = target.parent / f".{workbook}.{secrets.token_hex(4)}.old{TEMP_SUFFIX}"
            rename(target, aside)
            rename(fresh, target)
            shutil.rmtree(aside)
        else:
            rename(fresh, target)
        sync_folder(target.parent)
    except OSError as error:
        shutil.rmtree(fresh, ignore_errors=True)
        raise Refused(
            "not_collected",
            "The round could not be written to submitted/.",
            "Look at free space and at who owns the folder, then collect again.",
            detail=os.strerror(error.errno or 0),
        ) from error


def _contents(frozen: Submission, notebooks: list[Path]) -> Iterator[tuple[str, bytes]]:
    yield ANSWERS_FILE, frozen.raw[ANSWERS_FILE]
    yield ROUND_FILE, frozen.raw[ROUND_FILE]
    yield from ((name, data) for name, data in frozen.raw.items() if name.startswith("evidence/"))
    yield TIMESTAMP_FILE, timestamp_of(frozen).encode("ascii")
    yield SECRET_FILE, secrets.token_hex(64).encode("ascii")
    for notebook in notebooks:
        yield notebook.name, notebook.read_bytes()


def _sweep(folder: Path, workbook: str) -> None:
    """Remove what a collection that was cut off left behind; what it took aside comes back."""
    target = folder / workbook
    for path in sorted(folder.glob(f".{workbook}.*{TEMP_SUFFIX}")):
        if path.name.endswith(f".old{TEMP_SUFFIX}") and not target.exists():
            rename(path, target)
        else:
            shutil.rmtree(path, ignore_errors=True)
