"""The book in three languages and two editions, beside Jupyter Book's own build of the English one.

Processor seconds are what counts: seconds by the clock depend on what else the machine does. On two
processors a build can end no sooner than after half of them.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
SOURCES: Final = (
    "book",
    "facilitator_notes",
    "workbooks",
    "locale",
    "_config.yml",
    "_toc.yml",
    "_toc.facilitator.yml",
)
#: What one changes of one page: a sentence, so that other pages stay as they are.
PAGE: Final = "book/modules/focus.md"
#: What one changes of one translation.
CATALOGUE: Final = "locale/kk/LC_MESSAGES/book/modules/focus.po"
PROCESSORS: Final = 2


@dataclass(frozen=True)
class Took:
    """Seconds of a command and everything that it started."""

    clock: float
    processor: float


def measure(command: Sequence[object], environment: dict[str, str], cwd: Path) -> Took:
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(
        [*map(str, command)],
        cwd=cwd,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Took(time.monotonic() - began, processor)


def ours(work: Path) -> dict[str, Took]:
    """Build everything from nothing, again without a change, and with one page changed."""
    source = work / "source"
    source.mkdir()
    for name in SOURCES:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
        copy(ROOT / name, source / name)
    environment = {"USTAZ_CACHE": str(work / "cache"), "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-m", "ustaz.book", "build", work / "site", "--source", source]
    took = {"three languages, both editions, from nothing": measure(command, environment, work)}
    took["the same, nothing changed"] = measure(command, environment, work)
    page = source / PAGE
    text = page.read_text(encoding="utf-8")
    page.write_text(text + "\nA sentence more.\n", encoding="utf-8")
    took["the same, one page changed"] = measure(command, environment, work)
    page.write_text(text, encoding="utf-8")
    measure(command, environment, work)
    catalogue = source / CATALOGUE
    header, words = catalogue.read_text(encoding="utf-8").split("\n\n", 1)
    changed = re.sub(r'^msgstr "(?=[^"])', 'msgstr "Иә. ', words, count=2, flags=re.MULTILINE)
    catalogue.write_text(f"{header}\n\n{changed}", encoding="utf-8")
    took["the same, one translation changed"] = measure(command, environment, work)
    command += ["--edition", "learner", "--lang", "en", "--force"]
    took["the English edition for learners alone"] = measure(command, environment, work)
    return took


def theirs(work: Path) -> Took:
    """Build the English edition by Jupyter Book, in the environment of `make book-check`."""
    from tools.book_check import VENV

    program = VENV / "bin" / "jupyter-book"
    if not program.is_file():
        raise SystemExit("Run `make book-check` first: it makes the environment of Jupyter Book.")
    command = [program, "build", ".", "-q", "--all", "--path-output", work / "theirs"]
    return measure(command, {"PYTHONPATH": str(ROOT / "src")}, ROOT)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--alone", action="store_true", help="leave Jupyter Book out")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        took = ours(Path(folder))
        if not options.alone:
            took["Jupyter Book, the English edition for learners alone"] = theirs(Path(folder))
    print("| build | processor seconds | seconds | no less than, on two processors |")
    print("|---|---|---|---|")
    for name, one in took.items():
        least = one.processor / PROCESSORS
        print(f"| {name} | {one.processor:.1f} | {one.clock:.1f} | {least:.1f} |")
    print(f"\nload {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")


if __name__ == "__main__":
    main()
