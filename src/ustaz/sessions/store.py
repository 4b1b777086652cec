"""Where plans are kept: one small file a plan, with its earlier versions.

The whole document is replaced under a lock, so that a reader finds the old plan or the new one. A
save names the revision that it began from; where another facilitator saved in between, nothing is
written, and the caller is told which revision counts. What a page saves in a row within ten
minutes is one version; at most :data:`VERSIONS` are kept.

A page that saves by itself names itself: where its answer was lost on the way, what it sends next
begins from a revision that it replaced itself, and is no conflict.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from filelock import FileLock

from ustaz.base import clock, files
from ustaz.config_files.last_good import Key, visible_key
from ustaz.course import Course
from ustaz.deadlines.due import name_today
from ustaz.sessions.done import Done, parsed_done
from ustaz.sessions.plan import Plan, PlanError, parsed
from ustaz.sessions.run import Run, later_of, parsed_run

FOLDER: Final = "sessions"
PLAN_ID: Final = re.compile(r"[0-9a-f]{12}\Z")
VERSIONS: Final = 30
ONE_SITTING: Final = dt.timedelta(minutes=10)


class ConflictError(Exception):
    """Somebody else has saved the plan since; nothing was written."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A plan as it is kept.

    Attributes
    ----------
    id, group : str
        The group by the name that it has today.
    plan : Plan
    revision : int
        Grows with each save.
    by, at : str
        Who saved last, and when (ISO 8601).
    hidden : bool
        Whether it was put away.
    versions : tuple of (int, str, str)
        Revision, by whom and when, of what stood before; newest first.
    run : Run or None
        How far the meeting is, once it was begun.
    done : tuple of Done
        What members say of what they took on.
    """

    id: str
    group: str
    plan: Plan
    revision: int
    by: str
    at: str
    hidden: bool
    versions: tuple[tuple[int, str, str], ...]
    run: Run | None = None
    done: tuple[Done, ...] = ()


def path_of(course_dir: Path, plan_id: str) -> Path:
    """Return the file of a plan."""
    if not PLAN_ID.match(plan_id):
        raise ValueError("not an id of a plan")
    return course_dir / FOLDER / f"{plan_id}.json"


def read(course: Course, plan_id: str) -> Kept | None:
    """Return a plan; None where there is none, or its file is damaged."""
    if not PLAN_ID.match(plan_id):
        return None
    path = path_of(course.dir, plan_id)
    key = visible_key(path)
    kept = _kept(path, key) if key is not None else None
    if kept is None:
        return None
    return replace(kept, group=name_today(course, "group", kept.group))


def plans(course: Course) -> list[Kept]:
    """Return every plan of a course, the newest day first; those without a day before them."""
    paths = sorted((course.dir / FOLDER).glob("*.json"))
    known = [kept for path in paths if (kept := read(course, path.stem)) is not None]
    return sorted(known, key=lambda kept: (kept.plan.day or "9999", kept.at, kept.id), reverse=True)


def create(course: Course, group: str, plan: Plan, *, by: str) -> str:
    """Keep a new plan of a group and return its id."""
    plan_id = secrets.token_hex(6)
    path = path_of(course.dir, plan_id)
    files.make_folder(path.parent)
    record = {"format": 1, "group": group, "made_by": by, **_stamp(1, by, plan), "versions": []}
    _write(path, record)
    return plan_id


def save(course: Course, plan_id: str, plan: Plan, *, base: int, by: str, page: str = "") -> int:
    """Put a plan in the place of the one before, which becomes a version; return the revision.

    Parameters
    ----------
    page : str, optional
        Id of the open page that saves, where it does so by itself.

    Raises
    ------
    ConflictError
        `base` is not the revision that counts, and others than `page` have saved since.
    """

    def change(record: dict[str, Any]) -> dict[str, Any]:
        last = record.get("page") or {}
        own = bool(page) and last.get("id") == page and last.get("by") == by
        if record["revision"] != base and not (own and last["since"] <= base):
            raise ConflictError
        if record["plan"] == json.loads(json.dumps(plan.to_json())):
            return record
        before = {key: record[key] for key in ("revision", "by", "at", "plan")}
        versions = list(record["versions"])
        if not (record["by"] == by and versions and _same_sitting(versions[0], record)):
            versions = [before, *versions][:VERSIONS]
        since = last["since"] if own else record["revision"]
        stamp = _stamp(record["revision"] + 1, by, plan)
        saver = {"id": page, "by": by, "since": since}
        return {**record, **stamp, "page": saver, "versions": versions}

    return int(_changed(course, plan_id, change)["revision"])


def save_run(course: Course, plan_id: str, run: Run) -> Run:
    """Keep how far a meeting is, unless what is kept is further; return what counts.

    The plan and its revision stay as they are.
    """

    def change(record: dict[str, Any]) -> dict[str, Any]:
        known = parsed_run(record["run"]) if record.get("run") else None
        return {**record, "run": later_of(known, run).to_json()}

    return parsed_run(_changed(course, plan_id, change)["run"])


def save_done(
    course: Course, plan_id: str, change: Callable[[tuple[Done, ...]], list[Done]]
) -> None:
    """Keep what members say of what they took on; the plan and its revision stay as they are."""

    def changed(record: dict[str, Any]) -> dict[str, Any]:
        return {**record, "done": [word.to_json() for word in change(_words(record))]}

    _changed(course, plan_id, changed)


def _words(record: Mapping[str, Any]) -> tuple[Done, ...]:
    return tuple(parsed_done(word) for word in record.get("done", ()))


def version(course: Course, plan_id: str, revision: int) -> Plan | None:
    """Return an earlier version of a plan."""
    record = _record(path_of(course.dir, plan_id))
    for earlier in (record or {}).get("versions", ()):
        if earlier["revision"] == revision:
            return parsed(earlier["plan"])
    return None


def hide(course: Course, plan_id: str, *, hidden: bool) -> None:
    """Put a plan away, or bring it back; nothing of it is lost."""
    _changed(course, plan_id, lambda record: {**record, "hidden": hidden})


def rewrite(course: Course, plan_id: str, change: Callable[[Any], Any]) -> bool:
    """Put another record in the place of one, versions too; tell whether it differs. To erase."""
    before = _record(path_of(course.dir, plan_id))
    return before is not None and _changed(course, plan_id, change) != before


def records(course: Course) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield id and record of each plan."""
    for path in sorted((course.dir / FOLDER).glob("*.json")):
        record = _record(path)
        if record is not None and PLAN_ID.match(path.stem):
            yield path.stem, record


def _same_sitting(latest: dict[str, Any], record: dict[str, Any]) -> bool:
    """Tell whether what stands now was saved shortly after the latest version."""
    try:
        since = dt.datetime.fromisoformat(latest["at"])
        return clock.now() - since < ONE_SITTING and latest["by"] == record["by"]
    except (ValueError, TypeError):
        return False


def _stamp(revision: int, by: str, plan: Plan) -> dict[str, Any]:
    return {"revision": revision, "by": by, "at": clock.stamp(), "plan": plan.to_json()}


def _changed(
    course: Course, plan_id: str, change: Callable[[dict[str, Any]], dict[str, Any]]
) -> dict[str, Any]:
    path = path_of(course.dir, plan_id)
    with FileLock(path.with_suffix(".lock"), timeout=10, mode=0o600):
        record = _record(path)
        if record is None:
            raise KeyError(plan_id)
        fresh = change(record)
        if fresh != record:
            _write(path, fresh)
    return fresh


def _write(path: Path, record: dict[str, Any]) -> None:
    files.replace(path, (json.dumps(record, ensure_ascii=False) + "\n").encode())


def _record(path: Path) -> dict[str, Any] | None:
    try:
        record = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) and record.get("format") == 1 else None


@lru_cache(maxsize=4096)
def _kept(path: Path, key: Key) -> Kept | None:  # noqa: ARG001 - a changed file is read anew
    """Return what a file holds, its group by the name of then; versions make it long to read."""
    record = _record(path)
    if record is None:
        return None
    try:
        return Kept(
            id=path.stem,
            group=str(record["group"]),
            plan=parsed(record["plan"]),
            revision=int(record["revision"]),
            by=str(record["by"]),
            at=str(record["at"]),
            hidden=bool(record.get("hidden")),
            versions=tuple(
                (int(line["revision"]), str(line["by"]), str(line["at"]))
                for line in record.get("versions", ())
            ),
            run=parsed_run(record["run"]) if record.get("run") else None,
            done=_words(record),
        )
    except (KeyError, TypeError, ValueError, PlanError):
        return None
