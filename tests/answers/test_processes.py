"""Real processes: killed, crowded, on a full disk, and failed by the kernel's own tracer."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.answers import writer
from tests.answers.helpers import AIGUL, PLAN, batch, put, store_at
from tests.answers.writer import DUMMY, SAVED
from tests.support.forms import kept
from tests.support.needs import needs

ROOT = Path(__file__).parents[2]
W = "aigul-s"
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")


def run(
    *arguments: str, before: tuple[str, ...] = (), stdin: str = "", timeout: float = 120
) -> str:
    done = subprocess.run(
        [*before, sys.executable, "-X", "faulthandler", "-m", "tests.answers.writer", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
        input=stdin,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("kills", kept([200], [1000]))
def test_kills_lose_nothing_acknowledged(tmp_path, kills):
    found = json.loads(run("kills", str(tmp_path), str(kills), timeout=280))
    assert found["lost"] == []
    # The kills fell where it matters: many saves were acknowledged, some were cut in two.
    assert found["acknowledged"] > 0.3 * kills
    assert found["interrupted"] > 0.01 * kills


def test_twenty_processes_saving_different_places_lose_nothing(tmp_path):
    found = json.loads(run("crowd", str(tmp_path), "20"))
    assert found == {
        "failed": 0,
        "rows": {f"row{number:03}": "4" for number in range(20)},
        "revision": 100,
        "history": 100,
        "notices": [],
    }


@needs("unshare", "-Urm", "true")
def test_a_file_system_of_64_kilobytes_fills_up_and_loses_nothing(tmp_path):
    """A real tmpfs: short writes and ENOSPC as the kernel gives them."""
    script = (
        'mount -t tmpfs -o size=64k tmpfs "$1" && shift'
        ' && head -c 24576 /dev/zero > "$0/ballast" && exec "$@"'
    )
    shell = ("unshare", "-Urm", "sh", "-c", script, str(tmp_path), str(tmp_path))
    found = json.loads(run("fill", str(tmp_path), before=shell))
    assert found == {"refused": "full", "kept": True, "left": [], "after": "after", "notices": []}


@needs("unshare", "-Urm", "true")
def test_a_read_only_file_system_is_read_and_says_so(tmp_path):
    store_at(tmp_path).save(AIGUL, PLAN, batch(put("title", "0")), W)
    script = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'
    shell = ("unshare", "-Urm", "sh", "-c", script, str(tmp_path))
    assert json.loads(run("save", str(tmp_path), before=shell)) == {"said": "readonly"}
    assert store_at(tmp_path).read(AIGUL, PLAN).answers == {"title": "0"}


# -- the kernel's tracer -----------------------------------------------------------------------
STRACE = needs("strace", "-o", "/dev/null", "true")
FOLDERS = ("people", "people/aigul-s", "people/aigul-s/plan")
FILES = (
    "answers.json",
    "answers.json.tmp",
    "answers.prev.json",
    "answers.prev.json.tmp",
    "journal.jsonl",
    ".answers.lock",
)
#: Calls that only look (read, lseek, fstat) and close fail in test_faults.py, without a tracer.
CALLS = ("openat", "mkdirat", "flock", "write", "fsync", "unlinkat", "renameat")
CALL = re.compile(r"^(?:\d+ +)?(\w+)\(", re.MULTILINE)


def strace(path: Path, folders: list[Path], *expressions: str) -> tuple[str, ...]:
    """Return the command that traces the calls to what is in some folders."""
    places = [path / DUMMY, path / DUMMY / DUMMY]
    for folder in folders:
        places += [folder / name for name in FOLDERS]
        places += [folder / FOLDERS[-1] / name for name in FILES]
    paths = [part for place in places for part in ("-P", str(place))]
    wanted = [part for one in (f"trace={','.join(CALLS)}", *expressions) for part in ("-e", one)]
    return ("strace", "-f", "-qq", "-o", str(path / "trace"), *paths, *wanted)


def prepared(path: Path) -> Path:
    path.mkdir(parents=True)
    store_at(path).save(AIGUL, PLAN, batch(put("title", "0")), W)
    return path


@pytest.fixture
def calls(tmp_path):
    """The system calls of one save, in order."""
    path = prepared(tmp_path / "count")
    assert json.loads(run("save", str(path), before=strace(tmp_path, [path]))) == {"said": "saved"}
    return CALL.findall((tmp_path / "trace").read_text())


@STRACE
def test_a_save_reaches_the_disk_in_the_right_order(calls):
    """The journal is written and synced before the document; a name changes after its bytes."""
    order = [one for one in calls if one in ("write", "fsync", "renameat")]
    journal, replaced = ["write", "fsync"], ["write", "fsync", "renameat"]
    assert order == [*journal, *replaced, *replaced, "fsync"]


@STRACE
@pytest.mark.parametrize("injection", ["error=ENOSPC", "error=EIO", "error=EDQUOT", "signal=KILL"])
def test_every_system_call_of_a_save_fails_once_and_nothing_is_lost(tmp_path, calls, injection):
    counts = Counter(calls)
    assert set(counts) == set(CALLS)
    # The tracer fails call number `count + room`; a process that makes `room` such calls before
    # the save has its last one failed, and so on. The other kinds never come so far, what is
    # called to take a failed save back included.
    room = 20
    targets = [
        (f"{call}-{when}", call, counts[call] + room - when)
        for call in CALLS
        for when in range(1, counts[call] + 1)
    ]
    folders = [prepared(tmp_path / name) for name, _, _ in targets]
    (tmp_path / DUMMY).mkdir()
    (tmp_path / DUMMY / DUMMY).touch()
    inject = [f"inject={call}:{injection}:when={counts[call] + room}" for call in CALLS]
    before = strace(tmp_path, folders, *inject)
    said = json.loads(run("each", str(tmp_path), before=before, stdin=json.dumps(targets)))
    for (name, _, _), word in zip(targets, said, strict=True):
        store = store_at(tmp_path / name)
        answers = store.read(AIGUL, PLAN).answers
        assert answers == SAVED or (answers == {"title": "0"} and word != "saved"), name
        # The page tries again, with the same batch; then it is there, once.
        assert writer.save(tmp_path / name) == {"said": "saved"}
        assert (store.read(AIGUL, PLAN).answers, store.read(AIGUL, PLAN).revision) == (SAVED, 2)
    refusal = {"error=ENOSPC": "full", "error=EDQUOT": "full", "error=EIO": "io"}.get(injection)
    assert set(said) == {refusal or "died"}
