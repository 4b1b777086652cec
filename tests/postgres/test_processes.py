"""Real processes write, and the server is killed under them."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.answers.helpers import AIGUL, ELSEWHERE, PLAN, store_at
from tests.postgres.conftest import make_place
from tests.postgres.server import REQUIRED, programs, serving
from tests.support.forms import kept
from ustaz.answers.postgres import pool

ROOT = Path(__file__).parents[2]
#: More for a longer look: USTAZ_KILLS=1000.
KILLS = int(os.environ.get("USTAZ_KILLS", "30"))
#: So many kills stay in `make test`.
FEW = 8


def command(path: Path, name: str, more: object) -> list[str]:
    fs = ELSEWHERE[path][0]()
    program = [sys.executable, "-X", "faulthandler", "-m", "tests.postgres.writer"]
    return [*program, name, fs._table.url, fs._table.schema, str(path), str(more)]


ENVIRONMENT = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}


def test_twenty_processes_saving_different_places_lose_nothing(tmp_path):
    store_at(tmp_path).read(AIGUL, PLAN)  # the children of a fork leave our connections alone
    done = subprocess.run(
        command(tmp_path, "crowd", 20),
        cwd=ROOT,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "failed": 0,
        "rows": {f"row{number:03}": "4" for number in range(20)},
        "revision": 100,
        "history": 100,
        "notices": [],
    }


class Writer:
    """A process that counts up in a row, and what it was told."""

    def __init__(self, path: Path, row: str) -> None:
        self.row = row
        self.acknowledged = -1
        self.changed = threading.Condition()
        self.process = subprocess.Popen(
            command(path, "write", row),
            cwd=ROOT,
            env=ENVIRONMENT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.thread = threading.Thread(target=self._listen)
        self.thread.start()

    def _listen(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            with self.changed:
                self.acknowledged = int(line)
                self.changed.notify_all()

    def wait_for_more(self, count: int) -> None:
        with self.changed:
            wanted = self.acknowledged + count
            assert self.changed.wait_for(lambda: self.acknowledged >= wanted, timeout=120), (
                self.process.poll()
            )

    def end(self) -> None:
        self.process.kill()
        self.thread.join()
        self.process.communicate()


@pytest.fixture(scope="module")
def doomed():
    bin = programs()
    if bin is None:
        assert not REQUIRED, "no PostgreSQL server is installed"
        pytest.skip("no PostgreSQL server is installed")
    with serving(bin) as running:
        yield running
        pool.close_all()


@pytest.mark.slow
@pytest.mark.timeout(300 + 10 * KILLS)
@pytest.mark.parametrize("kills", kept([FEW], [KILLS]))
def test_a_server_killed_under_three_writers_loses_nothing_acknowledged(doomed, kills):
    """At random moments of their work; afterwards all that was acknowledged is there, in order."""
    rng = random.Random(20261123)
    path = make_place(doomed)
    writers = [Writer(path, f"row{number:03}") for number in range(3)]
    try:
        for _ in range(kills):
            # So many saves by whoever it is, then somewhere in the next one.
            rng.choice(writers).wait_for_more(rng.randrange(1, 8))
            doomed.stop("immediate")
            sure = {one.row: one.acknowledged for one in writers}
            doomed.start()
            document = store_at(path).read(AIGUL, PLAN)
            found = {row["id"]: int(row["action"]) for row in document.answers["steps"]}
            assert {row: found.get(row, -1) >= sure[row] for row in sure} == dict.fromkeys(
                sure, True
            )
            assert document.notices == ()
        for one in writers:
            one.wait_for_more(1)  # all of them have come through the last kill
    finally:
        for one in writers:
            one.end()
    # The server may still be keeping what a writer sent before its end; after this it is not.
    doomed.stop()
    doomed.start()
    document = store_at(path).read(AIGUL, PLAN)
    store = store_at(path)
    for row in document.answers["steps"]:
        acknowledged = next(one.acknowledged for one in writers if one.row == row["id"])
        assert int(row["action"]) in (acknowledged, acknowledged + 1)
    # A batch that came twice, because its acknowledgement was lost, stands once.
    assert document.revision == sum(int(row["action"]) + 1 for row in document.answers["steps"])
    assert [one.revision for one in store.history(AIGUL, PLAN)][-1] == document.revision
    assert document.revision > 3 * kills
