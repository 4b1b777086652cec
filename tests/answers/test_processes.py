"""Real processes: killed, crowded, on a full disk, and failed by the kernel's own tracer."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.answers.helpers import AIGUL, PLAN, batch, put, store_at
from tests.answers.writer import SAVED

ROOT = Path(__file__).parents[2]
W = "aigul-s"
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")


def run(*arguments: str, before: tuple[str, ...] = (), timeout: float = 120) -> str:
    done = subprocess.run(
        [*before, sys.executable, "-X", "faulthandler", "-m", "tests.answers.writer", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    if done.returncode:
        raise subprocess.CalledProcessError(done.returncode, arguments, done.stdout, done.stderr)
    return done.stdout


def needs(*command: str) -> pytest.MarkDecorator:
    """Skip where `command` does not work; ``.ci/run`` installs what it needs."""
    reason = ""
    if shutil.which(command[0]) is None:
        reason = f"{command[0]} is not installed"
    else:
        tried = subprocess.run(command, capture_output=True, text=True, check=False)
        if tried.returncode:
            lines = tried.stderr.strip().splitlines() or ["no reason given"]
            reason = f"`{' '.join(command)}` does not work here: {lines[-1]}"
    in_ci = "USTAZ_CI" in os.environ
    return pytest.mark.skipif(bool(reason) and not in_ci, reason=reason or "works here")


@pytest.mark.slow
def test_a_thousand_kills_lose_nothing_acknowledged(tmp_path):
    found = json.loads(run("kills", str(tmp_path), "1000", timeout=280))
    assert found["lost"] == []
    # The kills fell where it matters: many saves were acknowledged, some were cut in two.
    assert found["acknowledged"] > 300
    assert found["interrupted"] > 10


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
        ' && head -c 12288 /dev/zero > "$0/ballast" && exec "$@"'
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
NAMES = (
    "answers.json",
    "answers.json.tmp",
    "answers.prev.json",
    "answers.prev.json.tmp",
    "journal.jsonl",
    ".answers.lock",
)
CALL = re.compile(r"^(?:\d+ +)?(\w+)\(", re.MULTILINE)
#: What a failing close or a failing look cannot harm is left out: the failing ones of these are
#: tried in test_faults.py, without a process for each.
CALLS = ("openat", "write", "fsync", "rename", "renameat", "renameat2", "unlinkat", "flock")


def strace(path: Path, *expressions: str) -> tuple[str, ...]:
    folder = path / "people" / "aigul-s" / "plan"
    places = [folder, *(folder / name for name in NAMES)]
    paths = [part for place in places for part in ("-P", str(place))]
    wanted = [part for expression in expressions for part in ("-e", expression)]
    return ("strace", "-f", "-qq", "-o", str(path / "trace"), *paths, *wanted)


def prepared(path: Path) -> Path:
    path.mkdir()
    store_at(path).save(AIGUL, PLAN, batch(put("title", "0")), W)
    return path


@pytest.fixture(scope="module")
def calls(tmp_path_factory):
    """The system calls of one save, in order."""
    path = prepared(tmp_path_factory.mktemp("count") / "it")
    before = strace(path, f"trace={','.join(CALLS)},ftruncate,lseek,read,mkdirat,close,fstat")
    assert json.loads(run("save", str(path), before=before)) == {"said": "saved"}
    return CALL.findall((path / "trace").read_text())


@STRACE
def test_a_save_reaches_the_disk_in_the_right_order(calls):
    """The journal is written and synced before the document; a name changes after its bytes."""
    order = [one for one in calls if one in ("write", "fsync", "rename", "renameat", "renameat2")]
    order = ["rename" if one.startswith("rename") else one for one in order]
    journal, previous, document = (
        ["write", "fsync"],
        ["write", "fsync", "rename"],
        ["write", "fsync", "rename"],
    )
    assert order == [*journal, *previous, *document, "fsync"]


def _each(calls: list[str]) -> list[tuple[str, int]]:
    seen: dict[str, int] = {}
    each = []
    for call in calls:
        if call in CALLS:
            seen[call] = seen.get(call, 0) + 1
            each.append((call, seen[call]))
    return each


@STRACE
@pytest.mark.slow
@pytest.mark.parametrize("injection", ["error=ENOSPC", "error=EIO", "error=EDQUOT", "signal=KILL"])
def test_every_system_call_of_a_save_fails_once_and_nothing_is_lost(tmp_path, calls, injection):
    said = []
    for number, (call, when) in enumerate(_each(calls)):
        path = prepared(tmp_path / str(number))
        expression = f"inject={call}:{injection}:when={when}"
        try:
            out = run("save", str(path), before=strace(path, f"trace={call}", expression))
            said.append(json.loads(out)["said"])
        except subprocess.CalledProcessError:
            said.append("died")
        store = store_at(path)
        answers = store.read(AIGUL, PLAN).answers
        assert answers in ({"title": "0"}, SAVED), (call, when)
        assert answers == SAVED or said[-1] != "saved", (call, when)
        # The page tries again, with the same batch; then it is there, once.
        assert json.loads(run("save", str(path))) == {"said": "saved"}
        assert store.read(AIGUL, PLAN).answers == SAVED
        assert store.read(AIGUL, PLAN).revision == 2
    refusals = {"error=ENOSPC": "full", "error=EDQUOT": "full", "error=EIO": "io"}
    assert set(said) <= {"saved", refusals.get(injection, "died")}
    assert said.count(refusals.get(injection, "died")) > len(said) // 2
