"""A fresh environment with the wheel and what its metadata asks for, and nothing of the checkout.

The locked packages are linked into it, those only that the wheel requires; pip itself then looks
whether they are enough. So it is made in seconds, without a network.
"""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
import venv
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PIP = next((ROOT / "tools").glob("pip-*.whl"))
SCRIPT = "#!{python}\nimport sys\nfrom {module} import {name}\nsys.exit({call}())\n"
#: Notes whatever Python opens of the checkout; the locked packages lie in it and do not count.
WATCH = """\
import sys
def _watch(event, args, top={root!r} + "/", packages={prefix!r} + "/", log={log!r}):
    if event == "open" and isinstance(args[0], str) and args[0] != log:
        if args[0].startswith(top) and not args[0].startswith(packages):
            with open(log, "a") as file:
                file.write(args[0] + "\\n")
sys.addaudithook(_watch)
"""


@dataclass
class Fresh:
    """The environment.

    Attributes
    ----------
    folder : Path
    home : Path
        An empty folder, in which everything is run.
    """

    folder: Path
    home: Path

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def opened(self) -> Path:
        """Return the list of what was opened in the checkout; nothing, where it is not there."""
        return self.folder / "opened.txt"

    @property
    def environment(self) -> dict[str, str]:
        """Return what a process of a technician's account would have."""
        return {
            "PATH": f"{self.folder / 'bin'}:/usr/bin:/bin",
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "PYTHONUNBUFFERED": "1",
        }

    def run(self, *command: str, expect: int = 0) -> str:
        """Run a program of the environment; return what it printed."""
        done = subprocess.run(
            [str(self.folder / "bin" / command[0]), *command[1:]],
            cwd=self.home, env=self.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == expect, f"{command}: {done.stdout}{done.stderr}"
        return done.stdout


def build_wheel(folder: Path) -> Path:
    """Build the wheel of this tree in a copy of it: a build makes the bundles anew, in place."""
    listed = subprocess.run(
        ["git", "ls-files", "-coz", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True
    )
    tree = folder / "tree"
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, tree / name)
    (tree / "node_modules").symlink_to(ROOT / "node_modules")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=tree, check=True, capture_output=True)
    shutil.rmtree(tree)
    return next(folder.glob("*.whl"))


def fresh_environment(folder: Path, wheel: Path, extras: Iterable[str]) -> Fresh:
    """Make the environment and install the wheel with some of its extras."""
    made = Fresh(folder / "env", folder / "home")
    made.home.mkdir()
    venv.EnvBuilder(symlinks=True).create(made.folder)
    wanted = f"ustaz[{','.join(extras)}]"
    needed = closure(wheel, Requirement(wanted).extras)
    link(made.folder, needed)
    for name in needed:
        for one in metadata.distribution(name).entry_points.select(group="console_scripts"):
            script = made.folder / "bin" / one.name
            first = one.attr.split(".")[0]
            script.write_text(
                SCRIPT.format(python=made.python, module=one.module, name=first, call=one.attr)
            )
            script.chmod(0o755)
    install = ["-m", "pip", "install", "--no-index", "--no-cache-dir", "--quiet"]
    subprocess.run(
        [made.python, *install, f"{wanted} @ {wheel.as_uri()}"],
        cwd=made.home, env={**made.environment, "PYTHONPATH": str(PIP)}, check=True,
    )  # fmt: skip
    watch = WATCH.format(root=str(ROOT), prefix=sys.prefix, log=str(made.opened))
    packages = site_packages(made.folder)
    (packages / "_watch.py").write_text(watch)
    (packages / "_watch.pth").write_text("import _watch\n")
    return made


def site_packages(prefix: Path) -> Path:
    """Return where an environment keeps its packages."""
    return prefix / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"


def closure(wheel: Path, extras: set[str]) -> set[str]:
    """Return the names of the locked packages that the wheel asks for, directly or not."""
    [own] = metadata.distributions(path=[str(wheel)])
    waiting = [(one, extras) for one in own.requires or ()]
    found: set[tuple[str, str]] = set()
    while waiting:
        text, chosen = waiting.pop()
        asked = Requirement(text)
        if asked.marker and not any(asked.marker.evaluate({"extra": one}) for one in {"", *chosen}):
            continue
        name = canonicalize_name(asked.name)
        for extra in {"", *asked.extras}:
            if (name, extra) not in found:
                found.add((name, extra))
                inner = metadata.distribution(name).requires or ()
                waiting += [(one, {extra}) for one in inner]
    return {name for name, _ in found}


def link(prefix: Path, needed: set[str]) -> None:
    """Link the files of packages into an environment, folders where these are theirs alone."""
    here = Path(sys.prefix)
    packages = site_packages(here).relative_to(here).as_posix()
    owners: dict[str, set[str]] = defaultdict(set)
    files: set[str] = set()
    for one in metadata.distributions(path=[str(here / packages)]):
        name = canonicalize_name(one.metadata["Name"])
        for row in csv.reader((one.read_text("RECORD") or "").splitlines()):
            path = f"{packages}/{row[0]}"
            if "../" in path:
                path = os.path.normpath(path)
            if path.startswith(("bin/", "../")):
                continue
            owners[path].add(name)
            folder = path.rpartition("/")[0]
            while folder and name not in owners[folder]:
                owners[folder].add(name)
                folder = folder.rpartition("/")[0]
            if name in needed:
                files.add(path)
    done: set[str] = set()
    for path in files:
        parts = path.split("/")
        for depth in range(1, len(parts) + 1):
            place = "/".join(parts[:depth])
            if place in done:
                break
            if owners[place] <= needed and (here / place).exists():
                (prefix / place).symlink_to(here / place)
                done.add(place)
                break
            if depth < len(parts):
                (prefix / place).mkdir(exist_ok=True)
