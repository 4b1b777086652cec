"""nbgrader's own tests, which its wheel brings, with the configuration that `ustaz new` writes.

What is changed for workbooks must change nothing for any other assignment, and nobody knows what
"nothing" is better than nbgrader's own tests. They run in a process, a home and a Jupyter
configuration of their own, inside a new course: every class of `nbgrader_config.py` is at work, and
finds the course around each test's folder.

A failure is allowed only where `tools/nbgrader_suite.toml` lists it with its reason; one that is
listed and passes fails the run as much as one that fails and is not listed.

    python tools/nbgrader_suite.py          the part that `make test` runs
    python tools/nbgrader_suite.py --all    all of it, as `make soak` does
"""

from __future__ import annotations

import argparse
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import tomllib
import xml.etree.ElementTree as ET
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "tools" / "nbgrader_suite.toml"

#: Two kernels that start at once may choose the same port; a test that met it runs again.
AGAIN = (
    "--reruns=2",
    "--only-rerun=Kernel died",
    "--only-rerun=unexpected return code",
)
SETTINGS = """\
[pytest]
addopts = -p no:cacheprovider -q -ra --import-mode=importlib
"""

#: nbgrader starts alembic for each new gradebook, to read the version of its own schema: always the
#: same answer. It is asked once; every other call goes to alembic itself.
ALEMBIC = """\
#!/bin/sh
case "$*" in
  *" heads") exec cat {heads!r} ;;
esac
exec {alembic!r} "$@"
"""

#: Each test has a course directory, a database and an exchange of its own; all else stays.
CONFIGURATION = """\
c = get_config()
load_subconfig("nbgrader_config.py", path={course!r})
for section, names in (("CourseDirectory", ("root", "db_url")), ("Exchange", ("root", "cache"))):
    for name in names:
        c[section].pop(name)
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--all", action="store_true", help="all tests, not the part only")
    parser.add_argument("--only", nargs="*", help="these files or tests instead")
    parser.add_argument("--report", help="keep pytest's report under this name, too")
    parser.add_argument("-n", default="2", help="processes")
    chosen = parser.parse_args()
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    package = tests_of_nbgrader()
    part = chosen.only or (None if chosen.all else table["part"])
    files = [str(package / one) for one in part] if part else [str(package)]
    with tempfile.TemporaryDirectory(prefix="nbg-") as folder:
        report = Path(folder) / "report.xml"
        environment = surroundings(Path(folder))
        command = [
            sys.executable,
            "-P",
            "-m",
            "pytest",
            "-c",
            f"{folder}/pytest.ini",
            "-n",
            chosen.n,
        ]
        command += ["--dist", "worksteal", f"--junitxml={report}", f"--rootdir={package}"]
        subprocess.run([*command, *AGAIN, *files], cwd=folder, env=environment, check=False)
        if not report.is_file():
            print("nbgrader's tests did not run.")
            return 1
        if chosen.report:
            shutil.copyfile(report, chosen.report)
        outcome = outcomes(report)
    return judge(outcome, table)


def tests_of_nbgrader() -> Path:
    """Return the folder of nbgrader's tests."""
    import nbgrader

    return Path(nbgrader.__file__).resolve().parent / "tests"


def surroundings(folder: Path) -> dict[str, str]:
    """Make a course and return the environment in which the tests run inside of it."""
    course = folder / "course"
    here = Path(sys.executable).parent
    kept = ("LANG", "LC_ALL", "TZ", "VIRTUAL_ENV")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    # nbgrader asks the system for the account's name, and its tests ask the environment.
    account = pwd.getpwuid(os.getuid()).pw_name
    environment |= {
        "PATH": f"{here}:{os.environ.get('PATH', '')}",
        "HOME": str(folder / "home"),
        "USER": account,
        "LOGNAME": account,
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
    }
    for name in ("home", "config", "data", "runtime"):
        (folder / name).mkdir()
    # Some tests read files of nbgrader's documentation, from where its sources would lie.
    (folder / "nbgrader").symlink_to(tests_of_nbgrader().parent)
    subprocess.run(
        [sys.executable, "-m", "ustaz.cli", "new", str(course), "--id", "ours", "--json"],
        check=True,
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    (folder / "config" / "nbgrader_config.py").write_text(CONFIGURATION.format(course=str(course)))
    (folder / "pytest.ini").write_text(SETTINGS)
    (course / "tmp").mkdir()
    quicker = alembic_of_its_own(folder, here / "alembic", environment)
    path = f"{quicker}:{environment['PATH']}"
    return environment | {"TMPDIR": str(course / "tmp"), "PATH": path}


def alembic_of_its_own(folder: Path, alembic: Path, environment: dict[str, str]) -> Path:
    """Return a folder with an `alembic` that knows the version of nbgrader's schema."""
    code = "from nbgrader.api import get_alembic_version as version; print(version(), '(head)')"
    heads = folder / "heads.txt"
    asked = subprocess.run(
        [sys.executable, "-c", code], check=True, env=environment, capture_output=True, text=True
    )
    heads.write_text(asked.stdout)
    (folder / "bin").mkdir()
    program = folder / "bin" / "alembic"
    program.write_text(ALEMBIC.format(heads=str(heads), alembic=str(alembic)))
    program.chmod(0o755)
    return folder / "bin"


def outcomes(report: Path) -> dict[str, str]:
    """Return what became of each test: ``passed``, ``failed`` or ``skipped``."""
    found: dict[str, str] = {}
    for case in ET.parse(report).getroot().iter("testcase"):
        kinds = {child.tag for child in case}
        state = "failed" if kinds & {"failure", "error"} else "passed"
        name = f"{where(case.get('classname', ''))}::{case.get('name', '')}"
        if found.get(name) != "failed":
            found[name] = "skipped" if "skipped" in kinds else state
    return found


def where(classname: str) -> str:
    """Return a test's module and class as the table writes them."""
    return classname.partition("nbgrader.tests.")[2] or classname


def judge(outcome: dict[str, str], table: dict) -> int:  # type: ignore[type-arg]
    """Hold the outcome against the table; say what is wrong."""
    reasons: dict[str, str] = table["failures"]
    failed = {name for name, state in outcome.items() if state == "failed"}
    unlisted = sorted(failed - reasons.keys())
    passing = sorted(name for name in reasons if outcome.get(name) in {"passed", "skipped"})
    for name in unlisted:
        print(f"nbgrader: fails and is not listed: {name}")
    for name in passing:
        print(f"nbgrader: is listed as failing and does not fail: {name} ({reasons[name]})")
    passed = sum(state == "passed" for state in outcome.values())
    print(f"nbgrader: {passed} passed, {len(failed)} failed, {len(failed) - len(unlisted)} meant")
    return int(bool(unlisted or passing or not passed))


if __name__ == "__main__":
    raise SystemExit(main())
