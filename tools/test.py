"""`make test` after the linters: front-end tests, current generated files, then pytest.

Browser tests run where Chromium is found (`CHROMIUM`, or the usual names). Where it is not, they
are left out and one line says so, unless USTAZ_REQUIRE_BROWSER is set, as `.ci/run` does.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def chromium() -> str | None:
    """Return the browser to test with, if there is one."""
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        return shutil.which(chosen)
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def run(what: str, *command: str) -> None:
    print(f"== {what}", flush=True)
    if subprocess.run(command, cwd=ROOT, check=False).returncode:
        raise SystemExit(f"make test: {what}: failed")


def main() -> None:
    node = str(ROOT / ".venv" / "bin" / "node")
    browser = chromium()
    if browser is None and os.environ.get("USTAZ_REQUIRE_BROWSER"):
        raise SystemExit("make test: no Chromium found, and USTAZ_REQUIRE_BROWSER is set.")
    run("front-end tests", node, "widgets/ustaz_widgets/test.mjs")
    run("catalogues", sys.executable, "-m", "ustaz.messages", "check")
    run("book by Jupyter Book", sys.executable, "tools/book_check.py")
    run("nbgrader's own tests, a part", sys.executable, "tools/nbgrader_suite.py")
    extra = [] if browser else ["-m", "not browser and not soak"]
    if browser:
        os.environ["CHROMIUM"] = browser
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
        *extra,
    )
    if browser is None:
        print("Note: no Chromium found, so the browser tests were left out (set CHROMIUM).")


if __name__ == "__main__":
    main()
