"""One process that runs Sphinx for several editions: it loads the programs once, then forks.

Loading Sphinx with the theme takes longer than to build again where one page has changed. The
process reads the jobs as JSON from its standard input and writes a line of JSON for each that is
done. Where a system cannot fork, each job gets a process of its own.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

from ustaz.book.settings import LANG_ENV
from ustaz.book.translations import SOURCE
from ustaz.book.words import words

#: Loaded before the first fork: what each build would load for itself.
LOADED: Final = (
    "sphinx.cmd.build",
    "sphinx.builders.html",
    "myst_parser.sphinx_ext.main",
    "sphinx_external_toc",
    "sphinxcontrib.bibtex",
    "pybtex.plugin",
    "furo",
    "babel.messages.pofile",
    "ustaz.book.extension",
    "ustaz.book.settings",
    "ustaz.messages",
    "ustaz.workbook",
)
#: Pages are trees whose parts know each other, and all of them are kept: collecting finds nothing.
SELDOM: Final = (200_000, 20, 20)


@dataclass(frozen=True, slots=True)
class Job:
    """One run of Sphinx.

    Attributes
    ----------
    arguments : tuple of str
        Those of ``sphinx-build``.
    environment : dict
        What it has of its own.
    folder : str
        Where it runs.
    """

    arguments: tuple[str, ...]
    environment: dict[str, str]
    folder: str


@dataclass(frozen=True, slots=True)
class Done:
    """How a job ended: its number, the exit code, what it said, and the seconds that it took."""

    number: int
    code: int
    output: str
    seconds: float


def run(jobs: Sequence[Job], *, at_once: int) -> Iterator[Done]:
    """Run jobs in another process, the first ones first; yield each as soon as it is done."""
    asked = [
        {"arguments": job.arguments, "environment": job.environment, "folder": job.folder}
        for job in jobs
    ]
    # The very package that runs, also when it is not installed.
    path = [str(Path(__file__).parents[2]), *filter(None, [os.environ.get("PYTHONPATH")])]
    with subprocess.Popen(
        [sys.executable, "-c", f"from {__name__} import main; main()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(path)},
        text=True,
        encoding="utf-8",
    ) as worker:
        if worker.stdin is None or worker.stdout is None:
            raise RuntimeError("pipes were asked for")
        json.dump({"jobs": asked, "at_once": at_once}, worker.stdin)
        worker.stdin.close()
        done = set()
        for line in worker.stdout:
            ended = Done(**json.loads(line))
            done.add(ended.number)
            yield ended
    for number in set(range(len(jobs))) - done:
        yield Done(number, worker.returncode or 1, "Sphinx was ended from outside.", 0.0)


def main() -> None:
    """Do the jobs of the standard input."""
    asked = json.load(sys.stdin)
    jobs = [Job(tuple(job.pop("arguments")), **job) for job in asked["jobs"]]
    forks = hasattr(os, "fork")
    if forks:
        load_programs()
        _begin()
    running: dict[int, tuple[int, float, Path, subprocess.Popen[bytes] | None]] = {}
    waiting = list(enumerate(jobs))
    with tempfile.TemporaryDirectory(prefix="ustaz-book-") as folder:
        while waiting or running:
            while waiting and len(running) < asked["at_once"]:
                number, job = waiting.pop(0)
                output = Path(folder, str(number))
                child = None if forks else _started(job, output)
                pid = child.pid if child else _forked(job, output)
                running[pid] = (number, time.monotonic(), output, child)
                if forks and number == 0 and waiting:  # while the first one is at work
                    _load_sources(jobs[1:])
            pid, code = _ended({pid: process for pid, (*_, process) in running.items()})
            number, began, output, _ = running.pop(pid)
            text = output.read_text(encoding="utf-8", errors="replace")
            _say(Done(number, code, text, time.monotonic() - began))


def load_programs() -> None:
    """Load what each build would load for itself; it is there in all children."""
    gc.set_threshold(*SELDOM)
    for name in LOADED:
        with contextlib.suppress(ImportError):  # it is loaded where it is needed, and named
            importlib.import_module(name)
    application = sys.modules.get("sphinx.application")
    for name in getattr(application, "builtin_extensions", ()):
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    from ustaz.book import shortcuts

    shortcuts.install()
    shortcuts.entry_points(group="sphinx.html_themes")
    gc.freeze()


def _begin() -> None:
    from ustaz.book import changes

    changes.begin()


def _load_sources(jobs: Sequence[Job]) -> None:
    """Read what all builds read of the sources."""
    from ustaz.book.directives import workbook

    for lang in {job.environment.get(LANG_ENV, SOURCE) for job in jobs}:
        words(lang)  # its catalogues are read once
    for folder in {job.folder for job in jobs}:
        with contextlib.suppress(Exception):  # the page that shows a workbook names its faults
            workbook.load(Path(folder, workbook.FOLDER))
    gc.freeze()


def _forked(job: Job, output: Path) -> int:
    """Do a job in a child of this process; return the child."""
    pid = os.fork()
    if not pid:
        _build(job, output, os._exit)  # never back into the loop of the parent
    return pid


def _build(job: Job, output: Path, leave: Callable[[int], NoReturn]) -> NoReturn:
    code = 2
    try:
        with output.open("wb", buffering=0) as file:
            os.dup2(file.fileno(), 2)
        with open(os.devnull, "wb", buffering=0) as nowhere:  # noqa: PTH123
            os.dup2(nowhere.fileno(), 1)
        os.environ.update(job.environment)
        os.chdir(job.folder)
        gc.set_threshold(*SELDOM)
        from sphinx.cmd.build import build_main

        code = build_main(job.arguments)
    except BaseException as error:  # noqa: BLE001  # whatever it is, the parent is told
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
    finally:
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.flush()
        leave(code)


def _started(job: Job, output: Path) -> subprocess.Popen[bytes]:
    """Do a job in a process that begins from nothing."""
    with output.open("wb") as file:
        return subprocess.Popen(
            [sys.executable, "-m", "sphinx", *job.arguments],
            cwd=job.folder,
            env=os.environ | job.environment,
            stdout=subprocess.DEVNULL,
            stderr=file,
        )


def _ended(children: dict[int, subprocess.Popen[bytes] | None]) -> tuple[int, int]:
    """Wait for a child; return it with its exit code."""
    for pid, child in children.items():
        if child is not None:
            return pid, child.wait()
    pid, status = os.wait()
    return pid, os.waitstatus_to_exitcode(status)


def _say(done: Done) -> None:
    line = {
        "number": done.number,
        "code": done.code,
        "output": done.output,
        "seconds": done.seconds,
    }
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()
