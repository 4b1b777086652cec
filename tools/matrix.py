"""`make matrix`: the wheel in fresh environments, with the oldest and the newest JupyterLab 4.

It makes an environment for each end of the bounds in `pyproject.toml`, installs the wheel of this
checkout there with what its metadata asks for, and lets the browser tests of `tests/notebook` run
against it: the real JupyterLab and Notebook of that environment, its extension, its kernels. The
packages come from the index that pip or uv is set to use on this machine.

`python tools/matrix.py newest` tries that end alone. Environments and reports lie in
`var/matrix`; what the servers said is in the reports.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as ET

sys.path.append(str(Path(__file__).resolve().parent.parent))

from bootstrap import uv_settings
from packaging.requirements import Requirement
from test import chromium

from tests.support.fresh import build_wheel

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "matrix"
UV = ROOT / ".venv" / "bin" / "uv"
TESTS = "tests/notebook/test_lab_browser.py"
#: Whose versions make an end of the bounds.
PROGRAMS = ("jupyterlab", "notebook")
#: What else decides whether ours works there.
BESIDE = ("jupyter-server", "ipywidgets", "anywidget", "nbgrader")
#: Which tests show what, by a part of their names.
CLAIMS = {
    "workbook in Lab": "opens_as_the_workbook_without_code[lab/tree]",
    "in Notebook": "opens_as_the_workbook_without_code[notebooks]",
    "widget": "callback_counts_acknowledged_saves",
    "My group in Lab": "beside_its_chart[lab]",
    "in Notebook, by menu": "beside_its_chart[notebook]",
    "cards and preview": "author_begins_a_workbook_from_a_card",
    "author to participant": "author_mends_a_preview",
}


@dataclass
class Environment:
    """A fresh environment, and what was seen in it.

    Attributes
    ----------
    end : str
        ``oldest`` or ``newest``.
    pins : tuple of str
        Requirements that make it so.
    seen : dict of str
        What was looked at, and how it was.
    """

    end: str
    pins: tuple[str, ...]
    seen: dict[str, str] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return FOLDER / self.end

    @property
    def bin(self) -> Path:
        return self.folder / "bin"

    def output(self, *command: str) -> str:
        """Return what a program of the environment prints, on either of its ways."""
        done = subprocess.run(
            [self.bin / command[0], *command[1:]],
            cwd=FOLDER, capture_output=True, text=True, check=False,
            env={**os.environ, "PATH": f"{self.bin}{os.pathsep}{os.environ.get('PATH', '')}"},
        )  # fmt: skip
        return done.stdout + done.stderr


def lowest(name: str) -> str:
    """Return the requirement of the lowest version that the wheel allows of a package."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for requirement in map(Requirement, project["dependencies"]):
        if requirement.name == name:
            [bound] = [part.version for part in requirement.specifier if part.operator == ">="]
            return f"{name}=={bound}"
    raise SystemExit(f"make matrix: pyproject.toml asks for no {name}")


def install(environment: Environment, wheel: Path) -> None:
    """Make the environment with the wheel and what it asks for."""
    uv = [str(UV), "--quiet"]
    create = [*uv, "venv", "--clear", "--python", sys.executable, str(environment.folder)]
    python = str(environment.bin / "python")
    packages = [f"ustaz @ {wheel.as_uri()}", *environment.pins]
    for command in (
        create,
        [*uv, "pip", "install", "--compile-bytecode", "--python", python, *packages],
    ):
        subprocess.run(command, cwd=FOLDER, check=True, env={**os.environ, **uv_settings()})


def versions(environment: Environment) -> None:
    """Note which versions were taken."""
    names = (*PROGRAMS, *BESIDE)
    code = f"from importlib.metadata import version\nfor n in {names!r}: print(version(n))"
    environment.seen |= zip(names, environment.output("python", "-c", code).split(), strict=True)


def extensions(environment: Environment) -> None:
    """Look whether Jupyter's own commands list ours as working."""
    for what, command, sign in (
        ("extension of Lab", ("jupyter", "labextension", "list"), r"ustaz v\S+ .*enabled.*OK"),
        (
            "extension of the server",
            ("jupyter", "server", "extension", "list"),
            r"ustaz\S* .*enabled[\s\S]*?ustaz\S* \S+ .*OK",
        ),
    ):
        listed = re.sub(r"\x1b\[[0-9;]*m", "", environment.output(*command))
        environment.seen[what] = "yes" if re.search(sign, listed) else "NO"


def browse(environment: Environment) -> None:
    """Run the browser tests against the environment's own server."""
    report = FOLDER / f"{environment.end}.xml"
    report.unlink(missing_ok=True)
    names = " or ".join(claim.partition("[")[0] for claim in CLAIMS.values())
    command = [sys.executable, "-m", "pytest", "-q", TESTS, "-k", names, "-m", "browser"]
    subprocess.run(
        [*command, "-p", "no:cacheprovider", "--timeout=1200", f"--junitxml={report}"],
        cwd=ROOT, check=False,
        env={**os.environ, "USTAZ_PROGRAM": str(environment.bin / "ustaz")},
    )  # fmt: skip
    passed = set(passing(report))
    for what, claim in CLAIMS.items():
        environment.seen[what] = "yes" if any(claim in name for name in passed) else "NO"


def passing(report: Path) -> Iterator[str]:
    """Yield the names of the tests that passed."""
    if report.is_file():
        for case in ET.parse(report).iter("testcase"):
            if not any(case.findall(kind) for kind in ("failure", "error", "skipped")):
                yield case.get("name", "")


def table(environments: list[Environment]) -> str:
    """Return what was seen as a table in Markdown: a line a thing, a column an environment."""
    head = ["", *(environment.end for environment in environments)]
    lines = [
        [what, *(environment.seen.get(what, "NO") for environment in environments)]
        for what in environments[0].seen
    ]
    widths = [max(len(line[at]) for line in [head, *lines]) for at in range(len(head))]
    rule = ["-" * width for width in widths]
    return "\n".join(
        "| "
        + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        + " |"
        for line in [head, rule, *lines]
    )


def main(chosen: list[str]) -> int:
    browser = chromium()
    if browser is None:
        raise SystemExit("make matrix: no Chromium found (set CHROMIUM).")
    os.environ["CHROMIUM"] = browser
    # What a checkout's environment says of itself is not said in a fresh one.
    for name in ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME"):
        os.environ.pop(name, None)
    FOLDER.mkdir(parents=True, exist_ok=True)
    for former in FOLDER.glob("*.whl"):
        former.unlink()
    print("== wheel", flush=True)
    wheel = build_wheel(FOLDER)
    environments = [
        Environment("oldest", tuple(map(lowest, PROGRAMS))),
        Environment("newest", ()),
    ]
    if chosen:
        environments = [environment for environment in environments if environment.end in chosen]
    for environment in environments:
        print(f"== {environment.end}: environment", flush=True)
        install(environment, wheel)
        versions(environment)
        extensions(environment)
        print(f"== {environment.end}: in the browser", flush=True)
        browse(environment)
    print(table(environments))
    return int(any("NO" in environment.seen.values() for environment in environments))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
