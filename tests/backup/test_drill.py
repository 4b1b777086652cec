"""The drill of every run: back up while people write, restore elsewhere, find all, serve it."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.backup import helpers
from tests.server.helpers import Server
from ustaz.answers import Subject
from ustaz.backup import make_backup, restore, verify
from ustaz.base.ledger import Ledger
from ustaz.course import Course
from ustaz.exchange import rounds, verify_code

ROOT = Path(__file__).parents[2]
WRITERS = ("olga-p", "yerlan-b", "nurgul-a")


class Writer:
    """Somebody who writes; what was acknowledged is read from their output."""

    def __init__(self, course: Path, person: str) -> None:
        self.person = person
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.backup.writer", str(course), person],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.told: dict[str, list[tuple[int, str]]] = defaultdict(list)

    def hear(self, kind: str, count: int) -> None:
        """Read on until so many of a kind were acknowledged."""
        assert self.process.stdout is not None
        while len(self.told[kind]) < count:
            word, number, more = self.process.stdout.readline().split()
            self.told[word].append((int(number), more))

    def stop(self) -> None:
        """Let the writer end, and read the rest."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        for line in self.process.stdout:
            word, number, more = line.split()
            self.told[word].append((int(number), more))
        self.process.stdout.close()
        assert self.process.wait() == 0


@pytest.fixture
def writers(course: Course) -> Iterator[list[Writer]]:
    started = [Writer(course.dir, one) for one in WRITERS]
    yield started
    for one in started:
        if one.process.poll() is None:
            one.process.kill()
            one.process.communicate()


def test_everything_acknowledged_before_a_backup_is_in_it(
    course: Course, writers: list[Writer], shelf: Path, tmp_path: Path
):
    for one in writers:
        one.hear("mark", 1)
    before = [{kind: list(told) for kind, told in one.told.items()} for one in writers]
    made = make_backup(course.dir, shelf)
    live = verify(course.dir)
    # People go on writing, and neither they nor the backup met an error.
    for one, seen in zip(writers, before, strict=True):
        one.hear("saved", len(seen["saved"]) + 1)
        one.stop()
    assert (made.findings, live.findings) == ([], [])

    restored = restore(made.path, tmp_path / "elsewhere")
    assert restored.verified.findings == []
    back = Course.open(restored.directory)
    for one, seen in zip(writers, before, strict=True):
        subject = Subject.person(one.person)
        document = back.store.read(subject, "focus")
        assert document.notices == ()
        assert document.revision >= seen["saved"][-1][0]
        history = {entry.revision for entry in back.store.history(subject, "focus")}
        for revision, number in seen["saved"]:
            assert revision in history
            answers = back.store.at(subject, "focus", revision)
            assert answers["focus_statement"] == f"{one.person} writes sentence {number}"
        codes = {found.receipt.code for found in rounds(back, one.person, "focus")}
        for _, code in seen["round"]:
            assert code in codes
            receipt = verify_code(back, code)
            assert receipt is not None
            assert receipt.person == one.person
        numbers = [
            line["number"] for line in Ledger(back.dir / "confirmations").entries(one.person)
        ]
        assert numbers[: len(seen["line"])] == [number for number, _ in seen["line"]]
    with closing(sqlite3.connect(back.dir / "gradebook.db")) as gradebook:
        assert gradebook.execute("pragma integrity_check").fetchone() == ("ok",)
        assert helpers.rows(back.dir / "gradebook.db") >= 1 + len(WRITERS)


def test_a_server_on_the_restored_directory_shows_and_saves(
    course: Course, shelf: Path, tmp_path: Path
):
    back = Course.open(restore(make_backup(course.dir, shelf).path, tmp_path / "back").directory)
    with Server(back, tmp_path) as server:
        aigul = server.browser("aigul-s", "kk")
        shown = aigul.get("ustaz/api/v1/workbooks/focus/answers").json()
        assert shown["answers"]["focus_statement"] == "Оқушылар жұппен сөйлеседі"
        assert aigul.get("ustaz/workbooks/focus/receipt/1").status_code == 200
        saved = aigul.request(
            "PATCH",
            "ustaz/api/v1/workbooks/focus/answers",
            json={
                "batch": "after-the-restore",
                "client": "tab-1",
                "base_revision": shown["revision"],
                "lang": "kk",
                "changes": [{"op": "set", "path": ["focus_statement"], "value": "Жаңа"}],
            },
        )
        assert saved.status_code == 200, saved.text
        # While it runs, all of it can be proved.
        assert verify(back.dir).findings == []
