"""What ``GET cohort`` takes: the tables of a course, for a facilitator or the course staff."""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.cohort import hand_in
from ustaz.cohort.reading import Tables, everything
from ustaz.cohort.sources import course_answer
from ustaz.course import Course

SETTINGS = """\
[course]
id = "bench"
name = "Benchmark"
languages = ["en", "ru", "kk"]

[calendar]
start = 2026-09-01
end = 2027-05-31
timezone = "Asia/Almaty"

[calendar.due]
focus = 2026-10-15
action-plan = 2026-12-10

[workbooks]
assignments = ["focus", "action-plan", "half-way-review", "vignette", "portfolio"]
companions = ["starting-point", "culture", "people-map", "consultations", "participation",
              "evidence", "network-notes", "project-review"]
"""


def main(arguments: list[str]) -> None:
    """Print the processor's time of one answer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=30)
    parser.add_argument("--times", type=int, default=5)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        people = [f"person-{number:04d}" for number in range(options.people)]
        lines = [f"{person},{person},participant,g{at // 10}" for at, person in enumerate(people)]
        Path(folder, "ustaz.toml").write_text(SETTINGS, encoding="utf-8")
        roster = "\n".join(["person,name,role,group", *lines, ""])
        Path(folder, "people.csv").write_text(roster, encoding="utf-8")
        course, chance = Course.open(folder), random.Random(7)
        for person in people:
            hand_in(course, person, chance)
        seconds = []
        for _ in range(options.times):
            before = time.process_time()
            course_answer(Tables(course, everything(course))).to_json()
            seconds.append(time.process_time() - before)
    print(
        f"GET cohort, {options.people} people, 13 workbooks: "
        f"{statistics.median(seconds):.2f} s of the processor"
    )


if __name__ == "__main__":
    main([])
