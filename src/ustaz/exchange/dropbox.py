"""The drop box: one folder a round, complete from the moment that it has its number.

``exchange/inbound/<person>/<workbook>/<round>/`` holds ``answers.json``, ``round.json`` and
``evidence/``. A round is written under a temporary name and renamed: renaming a folder onto one
that has something in it fails, so a number is given once, whoever else is writing, without a lock.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import secrets
import shutil
import stat
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ustaz.answers import dumps_canonical
from ustaz.base.files import TEMP_SUFFIX, make_folder, rename, sync_folder, write_new
from ustaz.course import Course
from ustaz.exchange import files
from ustaz.exchange.model import (
    ANSWERS_CAP,
    ANSWERS_FILE,
    EVIDENCE_CAP,
    EVIDENCE_DIR,
    EVIDENCE_FILES,
    EVIDENCE_NAME,
    EVIDENCE_TOTAL,
    LAST_ROUND,
    ROUND_CAP,
    ROUND_FILE,
    ROUND_NAME,
    Refused,
)

STALE_SECONDS: Final = 3600


def inbound(course: Course) -> Path:
    """Return the folder that holds everybody's rounds."""
    return course.exchange_dir / "inbound"


def submissions_dir(course: Course, person: str, workbook: str) -> Path:
    """Return the folder of one person's rounds of one workbook."""
    return inbound(course) / person / workbook


def numbers(folder: Path) -> list[int]:
    """Return the numbers that are taken, in order. Whatever bears a number takes it."""
    try:
        names = os.listdir(folder)  # noqa: PTH208  (names only; the entries are judged elsewhere)
    except FileNotFoundError:
        return []
    return sorted(int(name) for name in names if ROUND_NAME.match(name))


def sealed(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return `record` with the hash of everything else in it."""
    rest = {key: value for key, value in record.items() if key != "sha256"}
    return {**rest, "sha256": hashlib.sha256(dumps_canonical(rest)).hexdigest()}


# -- writing ------------------------------------------------------------------------------------
class PendingSubmission:
    """One round on its way into the drop box.

    Parameters
    ----------
    folder : Path
        Of the person's submissions; created where it is missing.
    answers : bytes
        ``answers.json``.
    evidence : mapping
        Hash to bytes.

    Notes
    -----
    A person's folder that staff made with the set-group bit (several accounts on one machine) is
    readable by the course's group; otherwise only its owner reads it.
    """

    def __init__(self, folder: Path, answers: bytes, evidence: Mapping[str, bytes]) -> None:
        make_folder(folder)
        shared = bool(folder.parent.stat().st_mode & stat.S_ISGID)
        self._modes = (0o2750, 0o640) if shared else (0o700, 0o600)
        self._submissions = folder
        self._files = {
            ANSWERS_FILE: answers,
            **{f"{EVIDENCE_DIR}/{name}": data for name, data in evidence.items()},
        }
        self._place = folder / f".{secrets.token_hex(8)}{TEMP_SUFFIX}"

    def pack(self) -> None:
        """Write what does not depend on the round's number."""
        remove_stale(self._submissions)
        self._folder(self._place)
        if len(self._files) > 1:
            self._folder(self._place / EVIDENCE_DIR)
        for name, data in self._files.items():
            write_new(self._place / name, data, self._modes[1])
        if len(self._files) > 1:
            sync_folder(self._place / EVIDENCE_DIR)

    def _folder(self, path: Path) -> None:
        path.mkdir(self._modes[0])
        path.chmod(self._modes[0])

    def send(self, record: Mapping[str, Any]) -> bool:
        """Give the round its record and its number; False when somebody else took the number.

        Raises
        ------
        Refused
            ``not_stored`` when what is read back is not what was written.
        """
        data = dumps_canonical(record)
        path = self._place / ROUND_FILE
        path.unlink(missing_ok=True)
        write_new(path, data, self._modes[1])
        sync_folder(self._place)
        self._check({**self._files, ROUND_FILE: data})
        try:
            rename(self._place, self._submissions / f"{record['round']:04d}")
        except OSError as error:
            if error.errno in {errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR}:
                return False
            raise
        sync_folder(self._submissions)
        return True

    def _check(self, written: Mapping[str, bytes]) -> None:
        for name, data in written.items():
            back = (self._place / name).read_bytes()
            if hashlib.sha256(back).digest() != hashlib.sha256(data).digest():
                raise Refused(
                    "not_stored",
                    "What arrived is not what was sent.",
                    "Nothing is lost. Try again; if it happens again, tell the course staff.",
                )

    def discard(self) -> None:
        """Remove what was not sent."""
        shutil.rmtree(self._place, ignore_errors=True)


def remove_stale(folder: Path) -> None:
    """Remove pending submissions that a crash left behind, after an hour."""
    limit = time.time() - STALE_SECONDS
    for path in folder.glob(f".*{TEMP_SUFFIX}"):
        with contextlib.suppress(OSError):
            if path.lstat().st_mtime < limit:
                shutil.rmtree(path)


def take_evidence(folder: Path) -> dict[str, bytes]:
    """Return the evidence that lies beside a document: hash to bytes.

    Every file is named by the hash of its content; anything else is refused, because a round that
    leaves something out without a word would be worse.
    """
    try:
        with files.open_folder(os.fspath(folder)) as descriptor:
            return read_evidence(descriptor, None)
    except Refused as refusal:
        if refusal.id == "missing_file":
            return {}
        raise


def read_evidence(folder: int, owners: set[int] | None) -> dict[str, bytes]:
    """Read an open evidence folder; refuse what does not bear the hash of its content."""
    contents: dict[str, bytes] = {}
    total = 0
    for name in files.names_in(folder, EVIDENCE_FILES):
        if not EVIDENCE_NAME.match(name):
            raise files.refuse("unexpected_file", "The evidence holds a file of another name.")
        data, _ = files.read_file(folder, name, EVIDENCE_CAP, owners)
        total += len(data)
        if total > EVIDENCE_TOTAL:
            raise files.refuse("too_large", "The evidence is too large.", str(EVIDENCE_TOTAL))
        if hashlib.sha256(data).hexdigest() != name:
            raise files.refuse("wrong_hash", "A piece of evidence is not what its name says.")
        contents[name] = data
    return contents


# -- reading ------------------------------------------------------------------------------------
def read_raw(
    submissions: int, number: int, owners: set[int] | None
) -> tuple[dict[str, bytes], dict[str, bytes], os.stat_result]:
    """Read one round of an open folder of submissions.

    Returns
    -------
    files : dict
        ``answers.json`` and ``round.json``.
    evidence : dict
        Hash to bytes.
    status : os.stat_result
        Of ``round.json``: whose it is, and when its inode changed last.
    """
    with files.open_folder(f"{number:04d}", submissions) as folder:
        if owners is not None and os.fstat(folder).st_uid not in owners:
            raise files.refuse(
                "wrong_owner", "The round belongs to somebody else.", str(os.fstat(folder).st_uid)
            )
        names = files.names_in(folder, 3)
        extra = set(names) - {ANSWERS_FILE, ROUND_FILE, EVIDENCE_DIR}
        if extra:
            raise files.refuse("unexpected_file", "The round holds a file that does not belong.")
        record, status = files.read_file(folder, ROUND_FILE, ROUND_CAP, owners)
        answers, _ = files.read_file(folder, ANSWERS_FILE, ANSWERS_CAP, owners)
        evidence: dict[str, bytes] = {}
        if EVIDENCE_DIR in names:
            with files.open_folder(EVIDENCE_DIR, folder) as inner:
                evidence = read_evidence(inner, owners)
    return {ROUND_FILE: record, ANSWERS_FILE: answers}, evidence, status


def next_number(taken: list[int]) -> int:
    """Return the number of the next round."""
    number = (taken[-1] if taken else 0) + 1
    if number > LAST_ROUND:
        raise Refused(
            "too_many_rounds",
            "There are too many rounds of this workbook.",
            "Ask the course staff.",
        )
    return number
