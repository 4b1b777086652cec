"""300,000 tidy rows to a table of the cohort, beside plain pandas reading the same Parquet."""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from tools.parquet import folder

ROWS = 300_000
PEOPLE = 10_000
SECONDS = 2.0


def tables(rows: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return people, and steps of their plans with texts as long as people's."""
    chance = np.random.default_rng(7)
    ids = pd.Series([f"person-{number:05d}" for number in range(PEOPLE)], dtype="string")
    at = np.arange(PEOPLE)
    people = pd.DataFrame(
        {
            "person": ids,
            "group": pd.Series(at // 10, dtype="string"),
            "school": pd.Series(at // 25, dtype="string"),
            "region": pd.Series(at % 20, dtype="string"),
        }
    )
    steps = pd.DataFrame(
        {
            "person": ids.iloc[chance.integers(0, PEOPLE, rows)].reset_index(drop=True),
            "row": pd.Series(np.arange(rows), dtype="string"),
            "position": pd.Series(chance.integers(1, 30, rows), dtype="Int64"),
            "action": pd.Series(
                np.char.add(
                    "Екі әріптеспен сабаққа қатысу және талқылау ", np.arange(rows).astype(str)
                ),
                dtype="string",
            ),
            "status": pd.Series(
                chance.choice(["planned", "doing", "done", "changed"], rows), dtype="string"
            ),
            "due": pd.Series(
                np.datetime64("2026-09-01") + chance.integers(0, 270, rows), dtype="datetime64[s]"
            ),
        }
    )
    return people, steps


def measure(where: Path) -> None:
    """Print the seconds of both, in this process, which has pyarrow."""
    from ustaz.cohort.counting import counts_by

    def read() -> tuple[pd.DataFrame, pd.DataFrame]:
        return pd.read_parquet(where / "people.parquet"), pd.read_parquet(where / "steps.parquet")

    def plain() -> pd.DataFrame:
        people, steps = read()
        joined = steps.merge(people, on="person")
        return joined.groupby(["region", "group", "status"]).size().unstack(fill_value=0)

    def ours() -> pd.DataFrame:
        people, steps = read()
        return counts_by(steps, "status", people, ["region", "group"])

    read()  # what is loaded once
    times: dict[str, list[float]] = {"reading alone": [], "plain pandas": [], "ours": []}
    for _ in range(5):
        for name, work in (("reading alone", read), ("plain pandas", plain), ("ours", ours)):
            began = time.perf_counter()
            work()
            times[name].append(time.perf_counter() - began)
    assert (plain().to_numpy() == ours().to_numpy()).all()
    for name, seconds in times.items():
        median = statistics.median(seconds)
        print(f"{name:15} {median:6.2f} s   (best {min(seconds):.2f}, worst {max(seconds):.2f})")
    if statistics.median(times["ours"]) > SECONDS:
        raise SystemExit(f"slower than {SECONDS} s")


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--write", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.write:
        for name, frame in zip(("people", "steps"), tables(asked.rows), strict=True):
            frame.to_parquet(asked.write / f"{name}.parquet", engine="pyarrow", index=False)
        return
    if asked.measure:
        measure(asked.measure)
        return
    # pyarrow is not in the environment that everybody prepares (decision 56).
    path = os.pathsep.join([str(folder()), str(Path.cwd()), *filter(None, sys.path)])
    with tempfile.TemporaryDirectory() as where:
        for step in ("--write", "--measure"):
            subprocess.run(
                [sys.executable, "-m", __spec__.name, step, where, "--rows", str(asked.rows)],
                env={**os.environ, "PYTHONPATH": path},
                check=True,
            )


if __name__ == "__main__":
    main()
