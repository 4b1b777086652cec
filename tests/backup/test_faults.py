"""Backup and restore, failed and killed at every step: whole or not there at all."""

from __future__ import annotations

import errno
import os
import re
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.backup.helpers import Failing, in_a_child
from tests.server.helpers import make_course, put
from tests.support.needs import needs
from ustaz.backup import make_backup, restore, verify
from ustaz.backup.archives import ARCHIVE, TEMPORARY
from ustaz.base.errors import UstazError

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")

#: What a process killed here may leave: names that no program takes for the real thing.
LEFT = re.compile(r"(\.ustaz-[0-9a-f]{16}\.tmp|\..+\.restoring\.tmp)\Z")
ERRORS = {
    errno.ENOSPC: "full",
    errno.EDQUOT: "full",
    errno.EIO: "system",
    errno.EROFS: "not_allowed",
}


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A course with one document: few steps, so that each of them can fail."""
    course = make_course(tmp_path / "course")
    put(course, "aigul-s", "focus", focus_statement="words")
    return course.dir


def archives(shelf: Path) -> list[Path]:
    return [one for one in sorted(shelf.iterdir()) if ARCHIVE.match(one.name)]


def steps(work: Callable[[Failing], object]) -> int:
    """Return how many steps `work` has."""
    counting = Failing()
    work(counting)
    return counting.calls


# -- errors -------------------------------------------------------------------------------------
@pytest.mark.parametrize("stays", [False, True])
@pytest.mark.parametrize("code", ERRORS)
def test_a_step_of_a_backup_that_fails_leaves_nothing(
    small: Path, shelf: Path, code: int, stays: bool
):
    older = make_backup(small, shelf).path
    total = steps(lambda disk: make_backup(small, shelf, disk=disk))
    before = set(shelf.iterdir())
    for at in range(1, total + 1):
        with pytest.raises(UstazError) as told:
            make_backup(small, shelf, keep=1, disk=Failing(at, code, stays=stays))
        assert told.value.id == ERRORS[code]
        # The very last step (the folder's names) fails with the archive in place: it is whole.
        for extra in set(shelf.iterdir()) - before:
            assert at == total
            assert verify(extra).findings == []
        assert older.exists()


@pytest.mark.parametrize("stays", [False, True])
@pytest.mark.parametrize("code", ERRORS)
def test_a_step_of_a_restore_that_fails_leaves_nothing(
    small: Path, shelf: Path, tmp_path: Path, code: int, stays: bool
):
    archive = make_backup(small, shelf).path
    total = steps(lambda disk: restore(archive, tmp_path / "counted", disk=disk))
    before = {one.name for one in tmp_path.iterdir()}
    for at in range(1, total + 1):
        target = tmp_path / "back"
        with pytest.raises(UstazError) as told:
            restore(archive, target, disk=Failing(at, code, stays=stays))
        assert told.value.id == ERRORS[code]
        assert {one.name for one in tmp_path.iterdir()} - before <= (
            {"back"} if at == total else set()
        )
        if target.exists():
            assert verify(target).findings == []


# -- kills --------------------------------------------------------------------------------------
def test_a_backup_killed_at_any_step_leaves_no_half_archive(small: Path, shelf: Path):
    total = steps(lambda disk: make_backup(small, shelf, disk=disk))
    whole = len(archives(shelf))
    for at in range(1, total + 1):
        assert in_a_child(lambda at=at: make_backup(small, shelf, disk=Failing(at))) == 9
        # Killed at the very last step, the archive has its name already.
        whole += at == total
        assert len(archives(shelf)) == whole
        assert all(LEFT.match(one.name) for one in set(shelf.iterdir()) - set(archives(shelf)))
    for one in archives(shelf):
        assert verify(one).findings == []
    # The next one that succeeds clears what the killed ones left.
    make_backup(small, shelf)
    assert [one for one in shelf.iterdir() if TEMPORARY.match(one.name)] == []


def test_a_restore_killed_at_any_step_leaves_no_half_directory(
    small: Path, shelf: Path, tmp_path: Path
):
    archive = make_backup(small, shelf).path
    total = steps(lambda disk: restore(archive, tmp_path / "counted", disk=disk))
    before = {one.name for one in tmp_path.iterdir()}
    for at in range(1, total + 1):
        target = tmp_path / f"back-{at}"
        assert in_a_child(lambda at=at, to=target: restore(archive, to, disk=Failing(at))) == 9
        assert target.exists() is (at == total)
    left = {one.name for one in tmp_path.iterdir()} - before - {f"back-{total}"}
    assert all(LEFT.match(one) for one in left)
    assert verify(tmp_path / f"back-{total}").findings == []


def test_a_backup_that_is_being_written_is_not_swept_away(small: Path, shelf: Path):
    from ustaz.backup import archives as names

    path = shelf / ".ustaz-0123456789abcdef.tmp"
    with path.open("wb") as being_written:
        with suppress(OSError):
            names.hold(being_written.fileno())
        names.sweep(shelf)
        assert path.exists()
    names.sweep(shelf)
    assert not path.exists()


# -- the kernel ---------------------------------------------------------------------------------
def traced(call: str, when: int, what: str, *arguments: object) -> int:
    """Run a command under a tracer that fails or kills it at the n-th call; return its code."""
    done = subprocess.run(
        [
            "strace",
            "-f",
            "-qq",
            "-o",
            "/dev/null",
            "-e",
            f"trace={call}",
            "-e",
            f"inject={call}:{what}:when={when}",
            sys.executable,
            "-m",
            "ustaz.cli",
            *map(str, arguments),
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done.returncode


STRACE = needs("strace", "-o", "/dev/null", "true")


@STRACE
@pytest.mark.slow
@pytest.mark.parametrize("call", ["fsync", "rename", "write", "unlink"])
def test_the_kernel_kills_a_backup_in_its_calls(small: Path, shelf: Path, call: str):
    for when in (1, 2, 3):
        traced(call, when, "signal=KILL", "backup", small, shelf)
        for one in archives(shelf):
            assert verify(one).findings == []
    assert traced("getcpu", 1, "error=EIO", "backup", small, shelf) == 0  # nothing is in the way
    assert verify(archives(shelf)[-1]).findings == []


@STRACE
@pytest.mark.slow
@pytest.mark.parametrize(
    ("call", "points"), [("fsync", (1, 4, 9)), ("mkdir", (1, 3)), ("rename", (1,))]
)
def test_the_kernel_kills_a_restore_in_its_calls(
    small: Path, shelf: Path, tmp_path: Path, call: str, points: tuple[int, ...]
):
    archive = make_backup(small, shelf).path
    for when in points:
        target = tmp_path / f"back-{when}"
        code = traced(call, when, "signal=KILL", "restore", archive, target)
        assert not target.exists() or (code == 0 and not verify(target).findings)


@STRACE
@pytest.mark.slow
def test_a_disk_that_refuses_to_sync_is_told_in_a_line(small: Path, shelf: Path):
    assert traced("fsync", 1, "error=EIO", "backup", small, shelf) == 14
    assert list(shelf.iterdir()) == []


@needs("unshare", "-Urm", "true")
def test_a_full_disk_is_told_and_left_as_it_was(small: Path, shelf: Path):
    """A real tmpfs: short writes and ENOSPC as the kernel gives them."""
    (small / "source").mkdir(exist_ok=True)
    (small / "source" / "noise").write_bytes(os.urandom(200_000))
    script = 'mount -t tmpfs -o size=64k tmpfs "$0" && "$@"; code=$?; ls -A "$0"; exit $code'
    done = subprocess.run(
        [
            "unshare",
            "-Urm",
            "sh",
            "-c",
            script,
            str(shelf),
            sys.executable,
            "-m",
            "ustaz.cli",
            "--lang",
            "en",
            "backup",
            str(small),
            str(shelf),
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stdout) == (14, ""), done.stderr
    assert "no space left" in done.stderr
