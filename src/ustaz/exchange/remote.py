"""nbgrader's exchange over HTTP, for people who work in JupyterLab on a hub.

``nbgrader submit``, ``list``, ``fetch_assignment`` and ``fetch_feedback``, and the Assignments page
of JupyterLab, ask the service instead of a folder that everybody can write. Only the workbooks of
the course are offered this way; other assignments are handed out and collected by the course staff.

The notebook lies in ``<home>/<course>/<workbook>/``. What is handed in are the answers that the
service keeps, never a file of this folder.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NoReturn

from nbgrader.exchange import abc

from ustaz.base import files
from ustaz.base.errors import UstazError
from ustaz.base.ids import WORKBOOK_ID
from ustaz.exchange.client import Calls, Service, courses
from ustaz.exchange.mixin import notebook_info, refuse

Info = dict[str, Any]
FILE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}\.(?:ipynb|html)\Z")
NOT_OFFERED: Final = (
    "only the workbooks of the course are offered here; other assignments are handed out and"
    " collected by the course staff."
)


class Remote:
    """What the plug-ins have in common."""

    coursedir: Any
    log: Any
    assignment_dir: str
    fail: Callable[[str], NoReturn]  # nbgrader's: logs, then raises

    def refuse(self, error: UstazError) -> NoReturn:
        """Say a refusal in one line."""
        refuse(self.fail, error)

    @property
    def wanted_course(self) -> str:
        """Return the course that was named, or the only one."""
        named: str = self.coursedir.course_id
        known = courses()
        return named or (known[0] if len(known) == 1 else "")

    def service(self, course: str) -> Calls:
        """Return the service's calls about a course."""
        return Service.from_environment(course)

    @property
    def workbook(self) -> str:
        """Return the workbook that was named; refuse what cannot be one."""
        named: str = self.coursedir.assignment_id
        if not WORKBOOK_ID.match(named):
            self.fail(f"{named or '(no name)'}: {NOT_OFFERED}")
        return named

    def folder(self, course: str, workbook: str) -> Path:
        """Return where a workbook's notebook lies in the person's home."""
        return Path(self.assignment_dir).resolve() / course / workbook

    def offered(self, calls: Calls) -> Info:
        """Return what the course offers of the workbook; refuse any other assignment."""
        infos: list[Info] = calls.get("assignments")["assignments"]
        matches = [info for info in infos if info["workbook"] == self.workbook]
        if not matches:
            self.fail(f"{self.workbook}: {NOT_OFFERED}")
        return matches[0]

    def start(self) -> Any:  # noqa: ANN401
        """Do it; whatever is refused is said in one line, and nothing was changed."""
        try:
            return self.run()
        except UstazError as error:
            self.refuse(error)

    def run(self) -> Any:  # noqa: ANN401
        """Do it."""
        raise NotImplementedError


class RemoteSubmit(Remote, abc.ExchangeSubmit):  # type: ignore[misc]
    """``nbgrader submit`` and the Submit button."""

    def run(self) -> None:
        """Hand in the answers as the service has them."""
        course = self.wanted_course
        calls = self.service(course)
        self.offered(calls)
        # nbgrader's button has no second question; rounds are kept anyway.
        receipt = calls.post(f"workbooks/{self.workbook}/submit", {"confirm": True})["receipt"]
        self.log.info(
            "%s: %s %s %s round %d at %s, %d of %d answered, code %s",
            "Already submitted" if receipt["repeated"] else "Submitted as",
            course,
            receipt["workbook"],
            receipt["person"],
            receipt["round"],
            receipt["received_at"][:16].replace("T", " "),
            receipt["answered"],
            receipt["of"],
            receipt["code"],
        )


class RemoteList(Remote, abc.ExchangeList):  # type: ignore[misc]
    """``nbgrader list`` and the lists of the Assignments page."""

    def run(self) -> list[Info]:
        """Return released workbooks, or the own rounds (``--inbound`` and ``--cached`` alike)."""
        if self.remove:
            self.log.info("Nothing is removed: workbooks and their rounds are kept.")
            return []
        rounds = self.inbound or self.cached
        named = self.coursedir.course_id
        infos: list[Info] = []
        for course in [named] if named not in {"", "*"} else courses():
            answer = self.service(course).get("assignments")
            for info in answer["assignments"]:
                if self.coursedir.assignment_id in {"", "*", info["workbook"]}:
                    infos += (
                        self._submitted(course, answer["person"], info)
                        if rounds
                        else [self._released(course, info)]
                    )
        self._say(infos, rounds=rounds)
        return infos

    def _say(self, infos: list[Info], *, rounds: bool) -> None:
        self.log.info("Submitted assignments:" if rounds else "Released assignments:")
        for info in infos:
            for line in info.get("submissions", [info]):
                when = f" {line['timestamp']}" if rounds else ""
                late = " (late)" if line.get("late") else ""
                self.log.info("%s %s%s%s", line["course_id"], line["assignment_id"], when, late)

    def _released(self, course: str, info: Info) -> Info:
        folder = self.folder(course, info["workbook"])
        paths = [folder / name for name in info["notebooks"] if FILE.match(name)]
        fetched = bool(paths) and all(path.is_file() for path in paths)
        return {
            "course_id": course,
            "assignment_id": info["workbook"],
            "status": "fetched" if fetched else "released",
            "path": os.fspath(folder),
            "notebooks": [notebook_info(path) for path in paths],
        }

    def _submitted(self, course: str, person: str, info: Info) -> list[Info]:
        submissions = [self._round(course, person, info, entry) for entry in info["rounds"]]
        if not submissions:
            return []
        return [
            {
                "course_id": course,
                "student_id": person,
                "assignment_id": info["workbook"],
                "status": "submitted",
                "submissions": submissions,
            }
        ]

    def _round(self, course: str, person: str, info: Info, entry: Info) -> Info:
        folder = self.folder(course, info["workbook"])
        local = feedback_folder(folder, entry["timestamp"])
        fetched = entry["feedback"] and local.is_dir()
        about = {
            "has_local_feedback": fetched,
            "has_exchange_feedback": entry["feedback"],
            "feedback_updated": False,
        }
        return {
            "course_id": course,
            "student_id": person,
            "assignment_id": info["workbook"],
            "timestamp": entry["timestamp"],
            "status": "submitted",
            "late": bool(entry.get("late")),
            "path": os.fspath(folder),
            "notebooks": [
                {
                    **notebook_info(folder / name),
                    **about,
                    "local_feedback_path": os.fspath(local / f"{Path(name).stem}.html")
                    if fetched
                    else None,
                }
                for name in info["notebooks"]
                if FILE.match(name)
            ],
            "local_feedback_path": os.fspath(local) if fetched else None,
            **about,
        }


class RemoteFetchAssignment(Remote, abc.ExchangeFetchAssignment):  # type: ignore[misc]
    """``nbgrader fetch_assignment`` and the Fetch button."""

    def run(self) -> None:
        """Put the released notebook into the person's home; it holds no answers."""
        course = self.wanted_course
        calls = self.service(course)
        self.offered(calls)
        write_notebooks(calls, self.folder(course, self.workbook), self.workbook)
        self.log.info("Fetched as: %s %s", course, self.workbook)


class RemoteFetchFeedback(Remote, abc.ExchangeFetchFeedback):  # type: ignore[misc]
    """``nbgrader fetch_feedback`` and the button of that name."""

    def run(self) -> None:
        """Put the feedback that was released into the person's home, a folder for each round."""
        course = self.wanted_course
        calls = self.service(course)
        ready = [entry for entry in self.offered(calls)["rounds"] if entry["feedback"]]
        for entry in ready:
            answer = calls.get(f"workbooks/{self.workbook}/rounds/{entry['round']}/feedback")
            target = feedback_folder(self.folder(course, self.workbook), entry["timestamp"])
            write(target, answer["files"])
            self.log.info("Feedback: %s", target)
        if not ready:
            self.log.warning("There is no feedback for %s yet.", self.workbook)


class _ForStaff(Remote):
    def run(self) -> NoReturn:
        """Refuse what is done in the course directory."""
        self.fail("This is for course staff, in the JupyterLab of the course.")


class RemoteCollect(_ForStaff, abc.ExchangeCollect):  # type: ignore[misc]
    """``nbgrader collect``."""


class RemoteReleaseAssignment(_ForStaff, abc.ExchangeReleaseAssignment):  # type: ignore[misc]
    """``nbgrader release_assignment``."""


class RemoteReleaseFeedback(_ForStaff, abc.ExchangeReleaseFeedback):  # type: ignore[misc]
    """``nbgrader release_feedback``."""


def write_notebooks(calls: Calls, folder: Path, workbook: str) -> list[Path]:
    """Write the released notebooks of a workbook where they are missing or older; return them."""
    return write(folder, calls.get(f"workbooks/{workbook}/notebook")["notebooks"])


def write(folder: Path, texts: list[dict[str, str]]) -> list[Path]:
    """Write files by plain names of known kinds; return those that changed."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    changed = []
    for file in texts:
        path = folder / file["name"]
        data = file["text"].encode()
        if not FILE.match(file["name"]) or path.is_symlink():
            continue
        if not path.is_file() or path.read_bytes() != data:
            files.replace(path, data)
            changed.append(path)
    return changed


def feedback_folder(folder: Path, timestamp: str) -> Path:
    """Return where nbgrader's pages look for feedback."""
    return folder / "feedback" / re.sub(r"[^0-9A-Za-z:. -]", "_", timestamp)
