"""`make soak`: what takes too long for `make test`, and must hold all the same.

The whole of nbgrader's own tests with a course's configuration, then our tests that are marked
`soak`. Both run to their end; the exit code says whether all held.
"""

from __future__ import annotations

import os
import subprocess
import sys

from test import PYTEST, ROOT, chromium

NOTHING_MARKED = 5


def main() -> int:
    browser = chromium()
    if browser is None and os.environ.get("USTAZ_REQUIRE_BROWSER"):
        raise SystemExit("make soak: no Chromium found, and USTAZ_REQUIRE_BROWSER is set.")
    if browser:
        os.environ["CHROMIUM"] = browser
    marks = "soak" if browser else "soak and not browser"
    failed = []
    for what, command in (
        ("nbgrader's own tests, all of them", ["tools/nbgrader_suite.py", "--all"]),
        ("long tests of our own", [*PYTEST, "-m", marks]),
    ):
        print(f"== {what}", flush=True)
        code = subprocess.run([sys.executable, *command], cwd=ROOT, check=False).returncode
        if code not in (0, NOTHING_MARKED if "pytest" in command else 0):
            failed.append(what)
    for what in failed:
        print(f"make soak: {what}: failed")
    return int(bool(failed))


if __name__ == "__main__":
    raise SystemExit(main())
