"""What the tests of answers share: a small workbook, file systems that fail, batches."""

from __future__ import annotations

import errno
import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ustaz.answers import Batch, Store, StoreError, Subject
from ustaz.answers.filesystem import Fs
from ustaz.base.files import CREATE, EXTEND
from ustaz.workbook import Definition
from ustaz.workbook.model import Field, Option, Section, Step, Upgrade

OPTIONS = (Option("a", "A"), Option("b", "B"))
FIELDS = (
    Field("title", "text", "Title", max=100),
    Field("aim", "text", "Aim", long=True),
    Field("kind", "choice", "Kind", options=OPTIONS),
    Field("influence", "scale", "Influence", low_value=1, high_value=5, cannot_say=True),
    Field("start", "date", "Start"),
    Field("values", "list", "Values"),
    Field("evidence", "reference", "Evidence", to="focus/evidence"),
    Field(
        "steps",
        "table",
        "Steps",
        columns=(
            Field("action", "text", "Action"),
            Field("state", "choice", "State", options=OPTIONS),
            Field("tags", "list", "Tags"),
        ),
    ),
)


def definition(
    version: str = "1.1.0", fields: tuple[Field, ...] = FIELDS, upgrades: tuple[Upgrade, ...] = ()
) -> Definition:
    """Return a small workbook with one field of each kind."""
    section = Section("all", "All", minutes=5, points=4, guidance="", fields=fields)
    return Definition(
        id="plan",
        code="W99",
        version=version,
        title="Plan",
        summary="A plan.",
        minutes=5,
        sections=(section,),
        upgrades=upgrades,
    )


RENAME = Upgrade(
    "1.0.0", "1.1.0", (Step("rename-title", "rename", {"from": "name", "to": "title"}),)
)
DEFINITION = definition(upgrades=(RENAME,))
OLDER = definition(
    "1.0.0", tuple(Field("name", "text", "Name") if one.id == "title" else one for one in FIELDS)
)
LIBRARY: Any = {"plan": DEFINITION}

#: A file system in memory where there is one; else wherever temporary files go.
IN_MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None

AIGUL = Subject.person("aigul-s")
PLAN = "plan"


def ticking() -> Callable[[], str]:
    """Return a clock that goes on by a minute each time it is asked."""
    minutes = itertools.count()

    def now() -> str:
        minute = next(minutes)
        return f"2026-11-{23 + minute // 1440:02}T{minute // 60 % 24:02}:{minute % 60:02}:00+00:00"

    return now


#: Places whose documents are not in files: their file operations, and what is in them
#: (see tests/postgres).
ELSEWHERE: dict[Path, tuple[Callable[[], Fs], Callable[[], dict[str, bytes]]]] = {}


def store_at(path: Path, fs: Fs | None = None, library: Any = LIBRARY, **more: Any) -> Store:
    if fs is None and path in ELSEWHERE:
        fs = ELSEWHERE[path][0]()
    return Store(path / "people", library, fs=fs, now=more.pop("now", ticking()), **more)


_ids = itertools.count(1)


def batch(
    *changes: dict[str, Any],
    base: int = 0,
    client: str = "tab-1",
    id: str = "",
    lang: str = "kk",
    **more: Any,
) -> Batch:
    return Batch.from_json(
        {
            **more,
            "batch": id or f"batch-{next(_ids)}",
            "client": client,
            "base_revision": base,
            "lang": lang,
            "changes": list(changes),
        }
    )


def put(path: str, value: Any) -> dict[str, Any]:
    return {"op": "set", "path": path.split("/"), "value": value}


def clear(path: str) -> dict[str, Any]:
    return {"op": "clear", "path": path.split("/")}


def add_row(row: str, after: str | None = None, **cells: Any) -> dict[str, Any]:
    return {"op": "add_row", "path": ["steps", row], "after": after, "value": cells}


def remove_row(row: str) -> dict[str, Any]:
    return {"op": "remove_row", "path": ["steps", row]}


def move_row(row: str, after: str | None) -> dict[str, Any]:
    return {"op": "move_row", "path": ["steps", row], "after": after}


# -- file systems that fail ------------------------------------------------------------------------
class Crash(BaseException):
    """The process dies here."""


#: Those that change something or may fail on a bad disk; the others only look.
COUNTED = (
    "make_root",
    "open_folder",
    "make_folder",
    "close_folder",
    "sync_folder",
    "open",
    "size",
    "seek",
    "read",
    "write",
    "truncate",
    "sync",
    "close",
    "replace",
    "remove",
    "names",
)


class FailingFs(Fs):
    """The real operations; the n-th one fails with an error, or dies.

    Parameters
    ----------
    at : int
        Which operation, counted from 1; 0 = none.
    error : int
        The errno; 0 = die.
    short : bool
        The failing write takes half of its bytes first.
    until : int
        From `at` on, this many operations fail (a disk that stays full).
    roomless : bool
        After the n-th, operations that need no room on the disk work: making a file shorter,
        renaming and removing one.
    """

    def __init__(
        self,
        at: int = 0,
        error: int = 0,
        *,
        short: bool = False,
        until: int = 1,
        roomless: bool = False,
    ) -> None:
        self.roomless = roomless
        self.at = at
        self.error = error
        self.short = short
        self.until = until
        self.calls: list[str] = []
        self.dead = False

    def _count(self, name: str, *args: Any) -> None:
        closing = name in ("close", "close_folder")
        if self.dead:
            raise Crash
        self.calls.append(name)
        if self.at <= len(self.calls) < self.at + self.until and self.at:
            if not self.error:
                self.dead = True
                raise Crash
            first = self.at == len(self.calls)
            spared = self.roomless and not first and not _needs_room(name, args)
            if not spared and (not closing or self.until == 1):
                raise OSError(self.error, os.strerror(self.error))

    def write(self, fd: int, data: bytes) -> int:
        half = data[: len(data) // 2]
        if self.short and half and len(self.calls) + 1 == self.at:
            super().write(fd, half)
        self._count("write")
        return super().write(fd, data)

    def close(self, fd: int) -> None:
        try:
            self._count("close")
        finally:
            super().close(fd)

    def close_folder(self, folder: Any) -> None:
        try:
            self._count("close_folder")
        finally:
            super().close_folder(folder)


def _needs_room(name: str, args: tuple[Any, ...]) -> bool:
    return name in ("make_root", "make_folder", "write") or (name == "open" and CREATE in args)


def _counted(name: str) -> Callable[..., Any]:
    original = getattr(Fs, name)

    def method(self: FailingFs, *args: Any) -> Any:
        self._count(name, *args)
        return original(self, *args)

    return method


for _name in COUNTED:
    if _name not in ("write", "close", "close_folder"):
        setattr(FailingFs, _name, _counted(_name))


# -- a disk that forgets ---------------------------------------------------------------------------
@dataclass
class Inode:
    data: bytes = b""
    durable: bytes = b""


@dataclass
class Folder:
    names: dict[str, Inode | Folder] = field(default_factory=dict)
    durable: dict[str, Inode | Folder] = field(default_factory=dict)
    waiting: list[tuple[str, Inode | Folder | None]] = field(default_factory=list)

    def point(self, name: str, to: Inode | Folder | None) -> None:
        """Let a name stand for something (None: nothing), in memory only."""
        if to is None:
            del self.names[name]
        else:
            self.names[name] = to
        self.waiting.append((name, to))


class MemoryFs(Fs):
    """A disk in memory on which only what was synced is sure to survive a power cut.

    ``cut_at`` is the operation at which the power goes; :meth:`after_power_cut` gives a disk as
    it may be found afterwards.
    """

    def __init__(self, root: Folder | None = None, cut_at: int = 0) -> None:
        self.root = root or Folder()
        self.cut_at = cut_at
        self.calls = 0
        self.files: dict[int, tuple[Inode, int]] = {}
        self.numbers = itertools.count(3)

    def _count(self) -> None:
        if self.cut_at and self.calls >= self.cut_at:
            raise Crash
        self.calls += 1
        if self.calls == self.cut_at:
            raise Crash

    def make_root(self, path: Path) -> None:
        pass

    def open_folder(self, name: str, parent: Any = None) -> Any:
        if parent is None:
            return self.root
        self._count()
        found = parent.names.get(name)
        if not isinstance(found, Folder):
            raise FileNotFoundError(errno.ENOENT, name)
        return found

    def make_folder(self, name: str, parent: Any) -> None:
        self._count()
        if name in parent.names:
            raise FileExistsError(errno.EEXIST, name)
        parent.point(name, Folder())

    def close_folder(self, folder: Any) -> None:
        pass

    def sync_folder(self, folder: Any) -> None:
        self._count()
        folder.durable = dict(folder.names)
        folder.waiting.clear()

    def open(self, folder: Any, name: str, flags: int) -> int:
        self._count()
        inode = folder.names.get(name)
        if inode is None and flags not in (CREATE, EXTEND):
            raise FileNotFoundError(errno.ENOENT, name)
        if inode is not None and flags == CREATE:
            raise FileExistsError(errno.EEXIST, name)
        if inode is None:
            inode = Inode()
            folder.point(name, inode)
        fd = next(self.numbers)
        self.files[fd] = (inode, 0)
        return fd

    def size(self, fd: int) -> int:
        return len(self.files[fd][0].data)

    def seek(self, fd: int, offset: int) -> None:
        self.files[fd] = (self.files[fd][0], offset)

    def read(self, fd: int, count: int) -> bytes:
        inode, at = self.files[fd]
        self.files[fd] = (inode, at + len(inode.data[at : at + count]))
        return inode.data[at : at + count]

    def write(self, fd: int, data: bytes) -> int:
        inode, at = self.files[fd]
        half = len(data) // 2
        inode.data = inode.data[:at] + data[:half]
        self._count()
        inode.data += data[half:]
        self.files[fd] = (inode, at + len(data))
        return len(data)

    def truncate(self, fd: int, size: int) -> None:
        self._count()
        inode = self.files[fd][0]
        inode.data = inode.data[:size]

    def sync(self, fd: int) -> None:
        self._count()
        inode = self.files[fd][0]
        inode.durable = inode.data

    def close(self, fd: int) -> None:
        del self.files[fd]

    def replace(self, folder: Any, source: str, target: str) -> None:
        self._count()
        inode = folder.names[source]
        folder.point(source, None)
        folder.point(target, inode)

    def remove(self, folder: Any, name: str) -> None:
        self._count()
        if name not in folder.names:
            raise FileNotFoundError(errno.ENOENT, name)
        folder.point(name, None)

    def names(self, folder: Any) -> list[str]:
        return list(folder.names)

    def lock(self, path: Path, timeout: float = 0) -> Any:
        return nullcontext()

    def after_power_cut(self, choose: Callable[[int], int]) -> MemoryFs:
        """Return what may be found when the power is back.

        Of each file: what was synced, what was written, something torn between, or its length
        in zeros. Of each folder's names: what was synced and then any of the later changes.
        ``choose(n)`` picks one of n.
        """
        seen: dict[int, Inode] = {}

        def survived(inode: Inode) -> Inode:
            if id(inode) not in seen:
                data, durable = inode.data, inode.durable
                torn = data[: len(durable) + max(0, len(data) - len(durable)) // 2]
                zeros = durable + bytes(max(0, len(data) - len(durable)))
                found = (durable, data, torn, zeros)[0 if data == durable else choose(4)]
                seen[id(inode)] = Inode(found, found)
            return seen[id(inode)]

        def folder(one: Folder) -> Folder:
            names = dict(one.durable)
            for name, to in one.waiting:
                if choose(2):
                    if to is None:
                        names.pop(name, None)
                    else:
                        names[name] = to
            kept = {
                name: folder(to) if isinstance(to, Folder) else survived(to)
                for name, to in names.items()
            }
            return Folder(kept, dict(kept))

        return MemoryFs(folder(self.root))


def outcome(store: Store, made: Batch) -> str:
    """Save; return ``saved``, ``died``, or the id of the error."""
    try:
        store.save(AIGUL, PLAN, made, "aigul-s")
    except StoreError as refused:
        return refused.id
    except Crash:
        return "died"
    return "saved"


def snapshot(path: Path) -> dict[str, bytes]:
    """Return every file below a folder, locks left out."""
    if path in ELSEWHERE:
        return ELSEWHERE[path][1]()
    return {
        str(one.relative_to(path)): one.read_bytes()
        for one in sorted(path.rglob("*"))
        if one.is_file() and one.name != ".answers.lock"
    }


@contextmanager
def changed_mode(path: Path, mode: int) -> Iterator[None]:
    before = path.stat().st_mode
    path.chmod(mode)
    try:
        yield
    finally:
        path.chmod(before)
