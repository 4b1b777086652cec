"""A save and a read of one document: in files and in PostgreSQL, in one run on one disk.

The server is one of our own, on a socket, with its data beside the files; both wait for the disk.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.answers.helpers import LIBRARY, PLAN, batch, put
from tests.postgres.server import programs, serving
from ustaz.answers import Store, Subject
from ustaz.answers.postgres import pool
from ustaz.answers.postgres.backend import PgFs

#: As long as what a person types in a minute.
TEXT = "Мұғалім көшбасшылығы басқалармен бірге өзгерту деген сөз. " * 4


def timed(step: Callable[[], object]) -> float:
    """Return how many milliseconds a step takes."""
    began = time.perf_counter()
    step()
    return (time.perf_counter() - began) * 1000


def session(store: Store, person: str, saves: int) -> tuple[list[float], list[float]]:
    """Let one person save and read; return the milliseconds of each."""
    subject = Subject.person(person)
    saving, reading = [], []
    for number in range(saves):
        made = batch(put("aim", f"{number} {TEXT}"), base=number, client=person)
        saving.append(timed(lambda made=made: store.save(subject, PLAN, made, person)))
        reading.append(timed(lambda: store.read(subject, PLAN)))
    return saving, reading


def crowd(store: Store, people: int, saves: int) -> tuple[list[float], list[float], float]:
    """Let many people write at once; return all their milliseconds, and the saves a second."""
    saving: list[float] = []
    reading: list[float] = []

    def one(number: int) -> None:
        mine = session(store, f"crowd-{number}", saves)
        saving.extend(mine[0])
        reading.extend(mine[1])

    threads = [threading.Thread(target=one, args=(number,)) for number in range(people)]
    seconds = timed(lambda: [one.start() for one in threads] and [one.join() for one in threads])
    return saving, reading, people * saves / seconds * 1000


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def line(what: str, values: list[float], more: str = "") -> str:
    middle, high = statistics.median(values), percentile(values, 0.95)
    return f"{what:<44} {middle:8.2f} {high:8.2f}   {more}"


@contextmanager
def places() -> Iterator[dict[str, Store]]:
    """Give a store for each kind of place; all on the disk of the temporary files."""
    bin = programs()
    if bin is None:
        raise SystemExit("PostgreSQL is not installed: nothing to compare with")
    folder = Path(tempfile.mkdtemp(prefix="ustaz-bench-"))
    try:
        with serving(bin) as server:
            people = folder / "elsewhere" / "people"
            database = PgFs(server.url(), "course_bench", people)
            yield {
                "files": Store(folder / "people", LIBRARY, lock_seconds=60),
                "PostgreSQL": Store(people, LIBRARY, fs=database, lock_seconds=60),
            }
            pool.close_all()
    finally:
        shutil.rmtree(folder)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--saves", type=int, default=200)
    parser.add_argument("--people", type=int, default=30, help="who write at once")
    chosen = parser.parse_args(arguments)
    with places() as stores:
        for store in stores.values():  # the first save makes folders, tables, connections
            session(store, "warm-up", 3)
        print(f"{'milliseconds':<44} {'median':>8} {'p95':>8}")
        for name, store in stores.items():
            saving, reading = session(store, "alone", chosen.saves)
            print(line(f"{name}: a save, one person", saving))
            print(line(f"{name}: a read, one person", reading))
        for name, store in stores.items():
            saving, reading, rate = crowd(store, chosen.people, max(1, chosen.saves // 10))
            more = f"{rate:.0f} saves a second"
            print(line(f"{name}: a save, {chosen.people} people at once", saving, more))
            print(line(f"{name}: a read, {chosen.people} people at once", reading))


if __name__ == "__main__":
    main()
