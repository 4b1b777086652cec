"""Writers in processes of their own, for the tests that kill, cut off and crowd them.

``python -m tests.answers.writer save DIR``      one save; what it said
``python -m tests.answers.writer each DIR``      one save for each of the targets on stdin, under a
                                                 tracer that fails the n-th call of a process
``python -m tests.answers.writer fill DIR``      save until the disk is full, then make room
``python -m tests.answers.writer crowd DIR N``   N processes save different places at once
``python -m tests.answers.writer kills DIR N``   N times: a writer is killed somewhere

Each prints one line of JSON with what it found.
"""

from __future__ import annotations

import fcntl
import gc
import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.answers.helpers import AIGUL, PLAN, add_row, batch, put, store_at
from ustaz.answers import STORE_ERRORS, StoreError

W = "aigul-s"
SAVED = {"title": "a", "steps": [{"id": "row001", "action": "x"}]}


def save(path: Path) -> dict[str, Any]:
    """Save one batch on top of what a test prepared; ``saved``, or the error's id."""
    made = batch(put("title", "a"), add_row("row001", action="x"), base=1, id="the-batch")
    try:
        store_at(path).save(AIGUL, PLAN, made, W)
    except StoreError as error:
        return {"said": error.id}
    return {"said": "saved"}


DUMMY = "dummy"
#: What a writer says of each save that came back.
ACKNOWLEDGED = b"done"


def each(path: Path) -> list[str]:
    """Save once for each target ``[folder, call, times]`` of the JSON on stdin.

    A tracer fails the n-th call of every process, the same n for all. So each saves in a process
    of its own, which first makes `times` calls of that kind that do not matter.
    """
    targets = json.load(sys.stdin)
    folder = os.open(path / DUMMY, os.O_RDONLY)
    file = os.open(path / DUMMY / DUMMY, os.O_RDWR)
    burn: dict[str, Callable[[], object]] = {
        "openat": lambda: os.close(os.open(path / DUMMY / DUMMY, os.O_RDONLY)),
        "write": lambda: os.write(file, b"."),
        "fsync": lambda: os.fsync(file),
        "renameat": lambda: os.replace(DUMMY, DUMMY, src_dir_fd=folder, dst_dir_fd=folder),
        "unlinkat": lambda: _expected(FileNotFoundError, os.unlink, "nothing", dir_fd=folder),
        "mkdirat": lambda: _expected(FileExistsError, os.mkdir, DUMMY, dir_fd=folder),
        "flock": lambda: fcntl.flock(file, fcntl.LOCK_UN),
    }
    ids = ["saved", *STORE_ERRORS]
    said = []
    for name, call, times in targets:
        pid = os.fork()
        if pid == 0:
            for _ in range(times):
                burn[call]()
            os._exit(ids.index(save(path / name)["said"]))
        status = os.waitpid(pid, 0)[1]
        said.append("died" if os.WIFSIGNALED(status) else ids[os.waitstatus_to_exitcode(status)])
    return said


def _expected(error: type[OSError], call: Callable[..., None], *args: Any, **more: Any) -> None:
    with suppress(error):
        call(*args, **more)


def fill(path: Path) -> dict[str, Any]:
    """Write longer and longer text until there is no room; then see what stands."""
    store = store_at(path)
    acknowledged = attempted = refused = ""
    for length in range(200, 100_000, 700):
        attempted = "я" * min(length, 19_000)
        base = store.read(AIGUL, PLAN).revision
        try:
            store.save(AIGUL, PLAN, batch(put("aim", attempted), base=base), W)
            acknowledged = attempted
        except StoreError as error:
            refused = error.id
            break
    stands = store_at(path).read(AIGUL, PLAN).answers["aim"]
    left = [one.name for one in store.folder(AIGUL, PLAN).iterdir() if one.suffix == ".tmp"]
    # Room appears: what could not be saved can be now.
    (path / "ballast").unlink()
    base = store.read(AIGUL, PLAN).revision
    store.save(AIGUL, PLAN, batch(put("title", "after"), base=base), W)
    return {
        "refused": refused,
        # What was refused is not there, however far it had come.
        "kept": stands == acknowledged != attempted,
        "left": left,
        "after": store_at(path).read(AIGUL, PLAN).answers["title"],
        "notices": list(store_at(path).read(AIGUL, PLAN).notices),
    }


def crowd(path: Path, count: int) -> dict[str, Any]:
    """Let `count` processes save 5 times each, every one to a place of its own."""
    children = []
    for number in range(count):
        pid = os.fork()
        if pid == 0:
            failed = 1
            try:
                store = store_at(path, lock_seconds=60)
                for time_ in range(5):
                    made = batch(
                        add_row(f"row{number:03}", action=str(time_))
                        if time_ == 0
                        else put(f"steps/row{number:03}/action", str(time_)),
                        client=f"tab-{number}",
                        id=f"b-{number}-{time_}",
                    )
                    saved = store.save(AIGUL, PLAN, made, W)
                    assert not saved.conflicts
                failed = 0
            finally:
                os._exit(failed)
        children.append(pid)
    failed = sum(os.waitpid(pid, 0)[1] != 0 for pid in children)
    store = store_at(path)
    document = store.read(AIGUL, PLAN)
    return {
        "failed": failed,
        "rows": {row["id"]: row["action"] for row in document.answers["steps"]},
        "revision": document.revision,
        "history": len(store.history(AIGUL, PLAN)),
        "notices": list(document.notices),
    }


def kills(path: Path, count: int) -> dict[str, Any]:
    """Kill a writer `count` times at a random moment of its work.

    After each: the document is whole, everything that was acknowledged is there, and at most
    the one save that was under way besides. One folder is used for twenty kills in a row, so
    that wreckage meets wreckage.
    """
    gc.freeze()  # children share the memory, and forking is quick
    rng = random.Random(20261123)
    lost: list[str] = []
    acknowledged = completed = interrupted = 0
    for number in range(count):
        place = path / str(number // 20)
        before = store_at(place).read(AIGUL, PLAN)
        read_end, write_end = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(read_end)
            _write_until_killed(place, before.revision, write_end)
        os.close(write_end)
        # Wait for a sign of life and for some saves, however long a busy machine takes for them,
        # so that the kill falls into the work.
        told = os.read(read_end, 1)[1:]
        first = rng.randrange(3) * len(ACKNOWLEDGED)
        while len(told) < first:
            told += os.read(read_end, first - len(told))
        time.sleep(rng.random() * 0.01)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        while part := os.read(read_end, 1 << 16):
            told += part
        os.close(read_end)
        sure = before.revision + len(told) // len(ACKNOWLEDGED)
        acknowledged += len(told) // len(ACKNOWLEDGED)
        after = store_at(place).read(AIGUL, PLAN)
        completed += after.revision > sure
        interrupted += bool(after.notices)
        expected = f"{after.revision} " * 30 if after.revision else None
        if after.revision not in (sure, sure + 1) or after.answers.get("aim") != expected:
            lost.append(f"{number}: {sure} acknowledged, {after.revision} found")
    return {
        "lost": lost,
        "acknowledged": acknowledged,
        "completed": completed,
        "interrupted": interrupted,
    }


def _write_until_killed(path: Path, revision: int, tell: int) -> None:
    store = store_at(path)
    os.write(tell, b".")
    while True:
        revision += 1
        made = batch(
            put("aim", f"{revision} " * 30), base=revision - 1, id=f"{os.getpid()}-{revision}"
        )
        store.save(AIGUL, PLAN, made, W)
        os.write(tell, ACKNOWLEDGED)


if __name__ == "__main__":
    command, directory, *more = sys.argv[1:]
    run: Callable[..., object] = {
        "save": save,
        "each": each,
        "fill": fill,
        "crowd": crowd,
        "kills": kills,
    }[command]
    sys.stdout.write(json.dumps(run(Path(directory), *map(int, more))))
