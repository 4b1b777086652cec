"""`ustaz check` on generated answers of every workbook, beside orjson reading the same files.

Both are whole commands on both cores, start-up and the search for the files included, one after
the other in turn: ours reads strictly, evaluates every rule and writes a report; the peer parses
and forgets. The peer is installed in an environment of its own.

    python -m benchmarks.checking --files 100000
"""

from __future__ import annotations

import argparse
import concurrent.futures
import datetime as dt
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.generated_answers import Writer
from ustaz.admin.create import Plan, create_course
from ustaz.course import Course, shipped_workbooks
from ustaz.roster.people import Person
from ustaz.workbook import Library

PEER = "orjson"
READ = """\
import os, sys
from concurrent.futures import ProcessPoolExecutor
import orjson

def read(files):
    for file in files:
        with open(file, "rb") as handle:
            orjson.loads(handle.read())
    return len(files)

if __name__ == "__main__":
    files = [
        os.path.join(folder, "answers.json")
        for folder, _, names in os.walk(sys.argv[1])
        if "answers.json" in names
    ]
    batches = [files[start : start + 200] for start in range(0, len(files), 200)]
    with ProcessPoolExecutor(int(sys.argv[2])) as pool:
        print(sum(pool.map(read, batches)))
"""


def write(people: Path, numbers: range) -> tuple[int, int]:
    """Write everything of some people; return how many files and bytes."""
    library = Library.from_dirs([shipped_workbooks()])
    files = size = 0
    for number in numbers:
        person = f"person-{number:05d}"
        for document in Writer(person, library, number).documents():
            file = people / person / document.workbook / "answers.json"
            file.parent.mkdir(parents=True)
            size += file.write_bytes(document.encode())
            files += 1
    return files, size


def make(folder: Path, files: int, cores: int) -> tuple[Course, int, int]:
    """Make a course with generated answers of every workbook."""
    start, end = dt.date(2026, 9, 1), dt.date(2027, 5, 31)
    nobody = Person("person-00000", "Person", ("participant",), lang="en")
    plan = Plan(id="bench", name="Bench", start=start, end=end, people=(nobody,), demo=True)
    course = create_course(folder, plan)
    people = -(-files // len(course.library))
    parts = [range(first, min(first + 100, people)) for first in range(0, people, 100)]
    with concurrent.futures.ProcessPoolExecutor(cores) as pool:
        written = list(pool.map(write, [course.people_dir] * len(parts), parts))
    return course, sum(count for count, _ in written), sum(size for _, size in written)


def peer_python(folder: Path) -> Path | None:
    """Return the interpreter of an environment with the peer, or None where there is none."""
    python = folder / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    install = [str(python), "-m", "pip", "install", "--quiet", "--no-deps", PEER]
    done = subprocess.run(install, check=False, capture_output=True, text=True)
    if done.returncode:
        print(f"{PEER} cannot be installed here:\n{done.stderr.strip()[-300:]}\n")
        return None
    return python


def seconds(command: list[str], folder: Path) -> tuple[float, float]:
    """Return how long a command takes, by the clock and of processors.

    It may end with 3, since answers are missing.
    """
    began, busy = time.perf_counter(), processor_seconds()
    with (folder / "printed").open("wb") as printed:
        code = subprocess.run(command, check=False, stdout=printed).returncode
    if code not in {0, 3}:
        raise SystemExit(f"{' '.join(command)} ended with {code}")
    return time.perf_counter() - began, processor_seconds() - busy


def processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=3)
    chosen = parser.parse_args(arguments)
    cores = os.cpu_count() or 1
    with tempfile.TemporaryDirectory(prefix="ustaz-bench-") as name:
        folder = Path(name)
        course, files, size = make(folder / "course", chosen.files, cores)
        print(f"{files:,} files of {size / files / 1000:.1f} kB on average, {cores} processors")
        check = [sys.executable, "-m", "ustaz.cli", "check", str(course.dir)]
        ways = {"ustaz check": check, "ustaz check --json": [*check, "--json"]}
        if python := peer_python(folder / "peer"):
            (folder / "read.py").write_text(READ)
            read = [str(python), str(folder / "read.py"), str(course.people_dir), str(cores)]
            ways = {PEER: read, **ways}
        took: dict[str, list[tuple[float, float]]] = {way: [] for way in ways}
        for _ in range(chosen.times):
            for way, command in ways.items():
                took[way].append(seconds(command, folder))
        print(f"{'':<20}{'files a second':>16}{'seconds':>9}{'processor':>11}{'times each':>14}")
        peer = took.get(PEER)
        for way, runs in took.items():
            clock, busy = (statistics.median(column) for column in zip(*runs, strict=True))
            print(f"{way:<20}{files / clock:16,.0f}{clock:9.1f}{busy:9.1f} s{ratios(runs, peer)}")


def ratios(runs: list[tuple[float, float]], peer: list[tuple[float, float]] | None) -> str:
    """Return how many times longer than the peer's each run took: median by clock, processor."""
    if peer is None:
        return ""
    pairs = [(ours[0] / its[0], ours[1] / its[1]) for ours, its in zip(runs, peer, strict=True)]
    return "".join(f"{statistics.median(column):7.2f}" for column in zip(*pairs, strict=True))


if __name__ == "__main__":
    main()
