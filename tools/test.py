"""`make test`: linters, front-end tests, current generated files, then pytest.

With arguments, which are pytest's, those tests alone: `make test ARGS="tests/roster -k joining"`.

Browser tests run where Chromium is found (`CHROMIUM`, or the usual names). Where it is not, they
are left out and one line says so, unless USTAZ_REQUIRE_BROWSER is set, as `.ci/run` does.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).resolve().parent.parent
REPORT = ROOT / "var" / "tests.xml"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
#: Bytes that a worker's hub, JupyterLab and browser may take together.
MEMORY_A_WORKER = 1_500_000_000


def workers() -> int:
    """Return how many processes run tests at once.

    A test of a hub or a browser mostly waits for programs that start: three at once on two
    processors leave more than half of them idle. Each has programs of its own in memory.
    """
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    processors = os.cpu_count() or 2
    return max(1, min(2 * processors + 1, memory // MEMORY_A_WORKER))


#: A file stays whole in one process, and the order of `tests/conftest.py` is kept.
PYTEST = ("-m", "pytest", "-q", f"-n{workers()}", "--dist=loadfile", "--no-loadscope-reorder")


def chromium() -> str | None:
    """Return the browser to test with, if there is one."""
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        return shutil.which(chosen)
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def run(what: str, *command: str) -> None:
    print(f"== {what}", flush=True)
    began = time.monotonic()
    code = subprocess.run(command, cwd=ROOT, check=False).returncode
    print(f"== {what}: {(time.monotonic() - began) / 60:.1f} min", flush=True)
    if code:
        raise SystemExit(f"make test: {what}: failed")


class Beside:
    """A command that runs beside the others; what it prints is kept until they are done."""

    def __init__(self, what: str, *command: str) -> None:
        self.what = what
        self.began = time.monotonic()
        self.output = tempfile.TemporaryFile()  # noqa: SIM115
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdout=self.output, stderr=subprocess.STDOUT
        )

    def finish(self) -> None:
        """Wait for it, and fail as it failed."""
        code = self.process.wait()
        minutes = (time.monotonic() - self.began) / 60
        self.output.seek(0)
        print(self.output.read().decode("utf-8", "replace"), end="")
        print(f"== {self.what}, beside the above: {minutes:.1f} min", flush=True)
        if code:
            raise SystemExit(f"make test: {self.what}: failed")

    def __enter__(self) -> Beside:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            if kind is None:
                self.finish()
        finally:
            self.process.kill()
            self.process.wait()
            self.output.close()


def minutes_a_room(report: Path) -> str:
    """Return one line: how long the tests of each room took, the longest first."""
    if not report.is_file():
        return ""
    rooms: Counter[str] = Counter()
    for case in ET.parse(report).iter("testcase"):
        parts = case.get("classname", "").split(".")
        rooms[parts[1] if parts[0] == "tests" and len(parts) > 2 else parts[-1]] += float(
            case.get("time", 0)
        )
    return ", ".join(f"{room} {seconds / 60:.1f}" for room, seconds in rooms.most_common())


def main(chosen: list[str]) -> None:
    """Run what was chosen, or all that must hold."""
    node = str(ROOT / ".venv" / "bin" / "node")
    browser = chromium()
    if browser is None and os.environ.get("USTAZ_REQUIRE_BROWSER"):
        raise SystemExit("make test: no Chromium found, and USTAZ_REQUIRE_BROWSER is set.")
    if browser:
        os.environ["CHROMIUM"] = browser
    if chosen:
        command = [sys.executable, *PYTEST, *chosen]
        raise SystemExit(subprocess.run(command, cwd=ROOT, check=False).returncode)
    # What has no processes of its own to wait for goes beside what has: both processors work.
    with (
        Beside("book by Jupyter Book", sys.executable, "tools/book_check.py"),
        Beside("nbgrader's own tests, a part", sys.executable, "tools/nbgrader_suite.py"),
    ):
        run("linters", "make", "--no-print-directory", "lint")
        run("front-end tests", node, "widgets/ustaz_widgets/test.mjs")
        run("catalogues", sys.executable, "-m", "ustaz.catalogs", "check")
    extra = [] if browser else ["-m", "not browser and not soak"]
    try:
        run("Python and browser tests", sys.executable, *PYTEST, f"--junitxml={REPORT}", *extra)
    finally:
        print(f"Minutes a room: {minutes_a_room(REPORT)}", flush=True)
    if browser is None:
        print("Note: no Chromium found, so the browser tests were left out (set CHROMIUM).")


if __name__ == "__main__":
    main(sys.argv[1:])
