"""`make test` after the linters: front-end tests, current generated files, then pytest.

Browser tests run where Chromium is found (`CHROMIUM`, or the usual names). Where it is not, they
are left out and one line says so, unless USTAZ_REQUIRE_BROWSER is set, as `.ci/run` does.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).resolve().parent.parent
REPORT = ROOT / "var" / "tests.xml"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


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


def main() -> None:
    node = str(ROOT / ".venv" / "bin" / "node")
    browser = chromium()
    if browser is None and os.environ.get("USTAZ_REQUIRE_BROWSER"):
        raise SystemExit("make test: no Chromium found, and USTAZ_REQUIRE_BROWSER is set.")
    run("front-end tests", node, "widgets/ustaz_widgets/test.mjs")
    run("catalogues", sys.executable, "-m", "ustaz.catalogs", "check")
    run("book by Jupyter Book", sys.executable, "tools/book_check.py")
    run("nbgrader's own tests, a part", sys.executable, "tools/nbgrader_suite.py")
    extra = [] if browser else ["-m", "not browser and not soak"]
    if browser:
        os.environ["CHROMIUM"] = browser
    try:
        run(
            "Python and browser tests",
            sys.executable,
            "-m",
            "pytest",
            "-n",
            "2",
            "--dist",
            "loadfile",
            "-q",
            f"--junitxml={REPORT}",
            *extra,
        )
    finally:
        print(f"Minutes a room: {minutes_a_room(REPORT)}", flush=True)
    if browser is None:
        print("Note: no Chromium found, so the browser tests were left out (set CHROMIUM).")


if __name__ == "__main__":
    main()
