"""What the tests of keeping share: a course and a hub with everything in them, and faults."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.server.helpers import FOCUS, make_course, put
from ustaz.backup.disk import Disk
from ustaz.base.ledger import Ledger
from ustaz.course import Course
from ustaz.course.identity import acting_as
from ustaz.exchange import submit

SECRET = "the-cookie-secret-of-the-tests"


def database(path: Path, *, wal: bool = False) -> None:
    """Make a small database."""
    with closing(sqlite3.connect(path)) as connection:
        if wal:
            connection.execute("pragma journal_mode=wal")
        connection.execute("create table marks (id integer primary key, score real)")
        connection.execute("insert into marks (score) values (1.5)")
        connection.commit()
    path.chmod(0o600)


def rows(path: Path) -> int:
    """Return how many rows there are."""
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("select count(*) from marks").fetchone()[0])


def filled(folder: Path) -> Course:
    """Make a course in which people wrote, handed in and were confirmed."""
    course = make_course(folder)
    put(course, "aigul-s", "focus", **FOCUS)
    put(course, "aigul-s", "focus", focus_statement="Оқушылар жұппен сөйлеседі")
    put(course, "olga-p", "focus", **FOCUS)
    submit(course, "aigul-s", "focus", identity=acting_as(course, "aigul-s"))
    Ledger(course.dir / "confirmations").append("aigul-s", {"workbook": "focus", "value": True})
    database(course.dir / "gradebook.db")
    # What is made again, and what only programs need.
    for name in ("book/en", ".venv/bin", "source/__pycache__"):
        (course.dir / name).mkdir(parents=True)
    (course.dir / "book/en/index.html").write_text("a page", encoding="utf-8")
    (course.dir / ".venv/bin/python").symlink_to("/usr/bin/python3")
    (course.dir / "jupyter.log").write_text("a log", encoding="utf-8")
    (course.dir / "source/__pycache__/x.pyc").write_bytes(b"x")
    half = course.dir / "people/olga-p/focus/answers.json.tmp"
    half.write_text("half", encoding="utf-8")
    half.chmod(0o600)
    return course


def hub(folder: Path) -> Path:
    """Make a hub's directory with two courses."""
    folder.mkdir()
    (folder / "state").mkdir(mode=0o700)
    (folder / "state" / "logs").mkdir()
    folder.joinpath("ustaz-hub.toml").write_text('name = "District 7"\n', encoding="utf-8")
    folder.joinpath("jupyterhub_config.py").write_text("c = get_config()\n", encoding="utf-8")
    secret = folder / "state" / "cookie_secret"
    secret.write_text(SECRET, encoding="utf-8")
    secret.chmod(0o600)
    (folder / "state" / "logs" / "hub.log").write_text("a log", encoding="utf-8")
    (folder / "state" / "proxy.pid").write_text("17", encoding="utf-8")
    database(folder / "state" / "hub.sqlite", wal=True)
    (folder / "courses").mkdir()
    filled(folder / "courses" / "spring")
    other = make_course(folder / "courses" / "autumn").dir / "ustaz.toml"
    text = other.read_text(encoding="utf-8").replace('id = "server-trial"', 'id = "autumn"')
    other.write_text(text, encoding="utf-8")
    return folder


def tree(root: Path, *, without: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return every file's bytes and mode; databases by what is in them."""
    found: dict[str, Any] = {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.is_file() and not path.is_symlink() and path.name not in without:
            content = rows(path) if path.suffix in {".db", ".sqlite"} else path.read_bytes()
            found[name] = (content, oct(path.stat().st_mode & 0o777))
    return found


class Died(BaseException):
    """The process ends here."""


OPERATIONS = (
    "create",
    "write",
    "sync",
    "make_folder",
    "set_mode",
    "sync_folder",
    "replace",
)


class Failing(Disk):
    """The n-th operation fails with an error; or the process is killed there.

    Parameters
    ----------
    at : int
        Which one, from 1; 0 = none.
    error : int
        The errno; 0 = kill this very process.
    stays : bool
        All later ones but removing fail, too: a disk that stays full.
    """

    def __init__(self, at: int = 0, error: int = 0, *, stays: bool = False) -> None:
        self.at, self.error, self.stays = at, error, stays
        self.calls = 0

    def count(self) -> None:
        self.calls += 1
        if self.at and (self.calls == self.at or (self.stays and self.calls > self.at)):
            if not self.error:
                os.kill(os.getpid(), signal.SIGKILL)
            raise OSError(self.error, os.strerror(self.error))

    def write(self, fd: int, data: bytes) -> int:
        if self.at == self.calls + 1:
            super().write(fd, data[: len(data) // 2])  # a full disk takes a part
        self.count()
        return super().write(fd, data)


def _counted(name: str) -> Callable[..., Any]:
    original = getattr(Disk, name)

    def method(self: Failing, *args: Any) -> Any:
        self.count()
        return original(self, *args)

    return method


for _name in OPERATIONS:
    if _name != "write":
        setattr(Failing, _name, _counted(_name))


def in_a_child(work: Callable[[], object]) -> int:
    """Do `work` in a process of its own; return 0, or the signal that ended it."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    status = os.waitpid(pid, 0)[1]
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else -os.waitstatus_to_exitcode(status)
