"""Grading action plans: nbgrader executing an equivalent notebook, and ours, side by side.

Both grade the same answers of the same invented people in the same run, from the shell, start-up
included. The notebook that stock nbgrader executes reads the same ``answers.json``, applies the
same rules with the same code, shows the same page and returns the same points; the scores are
compared cell by cell before anything is printed.

    python -m benchmarks.grading --n 200
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat

from benchmarks.cohort import WORKBOOK, make_course
from ustaz.course import Course
from ustaz.exchange import Submission, collect
from ustaz.exchange.validate import read_collected

ENVIRONMENT = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}

# What each grade cell of the stock notebook runs. The first one loads; all return their points.
LOAD = """\
import datetime, json
from pathlib import Path
from IPython.display import HTML, display
from ustaz.grading.render import render_answers
from ustaz.workbook import Context, Library, evaluate
library = Library.from_dirs([Path({workbooks!r})])
document = json.loads(Path("answers.json").read_text(encoding="utf-8"))
linked = {{name: part["answers"] for name, part in document["linked"].items()}}
context = Context(
    today=datetime.date.fromisoformat({today!r}),
    programme_start=datetime.date.fromisoformat({start!r}),
    programme_end=datetime.date.fromisoformat({end!r}),
    linked=linked,
    withheld=frozenset(document["withheld"]),
)
evaluation = evaluate(library[{workbook!r}], document["answers"], context)
def section(name):
    display(HTML(render_answers(library[{workbook!r}], document["answers"], lang=document["lang"],
                                section=name, linked=linked, definitions=library)))
    return next(one.score for one in evaluation.sections if one.id == name)
"""


@dataclass
class Timing:
    """One way of grading: seconds that passed, and seconds that processors were busy."""

    name: str
    seconds: float
    processor: float
    submissions: int

    @property
    def each(self) -> float:
        return self.seconds / self.submissions


# -- the two ways ---------------------------------------------------------------------------------
def make_stock(course: Course, folder: Path) -> None:
    """Lay out the same submissions for nbgrader as it comes, with an equivalent notebook."""
    node = nbformat.read(course.dir / "source" / WORKBOOK / f"{WORKBOOK}.ipynb", as_version=4)
    node.metadata.pop("ustaz", None)
    frozen = first(course)
    load = LOAD.format(
        workbooks=str(Path(course.library[WORKBOOK].file).parents[1]),
        today=frozen.received_at.astimezone(course.timezone).date().isoformat(),
        start=course.start.isoformat(),
        end=course.end.isoformat(),
        workbook=WORKBOOK,
    )
    for cell in node.cells:
        info = cell.metadata.get("nbgrader", {})
        if info.get("grade"):
            cell.source = f'{load}section("{info["grade_id"].removeprefix("section-")}")'
            load = ""
        elif cell.cell_type == "code":
            cell.source = "pass"  # the widget; silent when it is executed
    source = folder / "source" / WORKBOOK
    source.mkdir(parents=True)
    nbformat.write(node, source / f"{WORKBOOK}.ipynb")
    (folder / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.course_id = 'bench'\n"
    )
    run([sys.executable, "-m", "nbgrader", "generate_assignment", WORKBOOK], folder)
    for place in sorted((course.dir / "submitted").glob(f"*/{WORKBOOK}")):
        target = folder / "submitted" / place.parent.name / WORKBOOK
        shutil.copytree(place, target)
        released = folder / "release" / WORKBOOK / f"{WORKBOOK}.ipynb"
        shutil.copyfile(released, target / released.name)


def first(course: Course) -> Submission:
    person = next(iter(course.people))
    return read_collected(course, person, WORKBOOK)


def run(command: list[str], folder: Path) -> tuple[float, float]:
    """Run a command; return seconds by the clock and of processors, kernels included."""
    began, busy = time.monotonic(), _busy()
    done = subprocess.run(
        command, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    return time.monotonic() - began, _busy() - busy


def _busy() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def scores(folder: Path) -> dict[tuple[str, str], float | None]:
    """Return the automatic score of every cell of everybody."""
    with sqlite3.connect(folder / "gradebook.db") as base:
        found = base.execute(
            "SELECT s.student_id, c.name, g.auto_score FROM grade g"
            " JOIN base_cell c ON c.id = g.cell_id"
            " JOIN submitted_notebook n ON n.id = g.notebook_id"
            " JOIN submitted_assignment s ON s.id = n.assignment_id"
            " JOIN notebook b ON b.id = n.notebook_id WHERE b.name = ?",
            (WORKBOOK,),
        ).fetchall()
    base.close()
    return {(person, cell): score for person, cell, score in found}


def evaluation_alone(course: Course, times: int = 20) -> float:
    """Return the seconds that one evaluation takes, nothing else counted."""
    from ustaz.grading.evaluating import judge_round

    rounds = [read_collected(course, person, WORKBOOK) for person in list(course.people)[:50]]
    judge_round(course, rounds[0])
    began = time.perf_counter()
    for _ in range(times):
        for one in rounds:
            judge_round(course, one)
    return (time.perf_counter() - began) / (times * len(rounds))


def measure(people: int, jobs: int) -> list[str]:
    """Run everything and return the table's lines."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        began = time.monotonic()
        course = make_course(root / "ours", people)
        handed_in = time.monotonic() - began
        began = time.monotonic()
        report = collect(course, WORKBOOK)
        collected = time.monotonic() - began
        assert len(report.taken) == people, report
        shutil.copytree(course.dir, root / "plugin")
        make_stock(course, root / "stock")
        grade = [sys.executable, "-m", "ustaz.cli", "grade", str(course.dir)]
        autograde = [sys.executable, "-m", "nbgrader", "autograde", WORKBOOK]
        results = [
            Timing("ustaz grade", *run(grade, root), people),
            Timing("nbgrader autograde, EvaluateAnswers", *run(autograde, root / "plugin"), people),
            Timing("nbgrader autograde, stock Execute", *run(autograde, root / "stock"), people),
        ]
        if jobs > 1:
            again = shutil.copytree(root / "plugin", root / "jobs")
            shutil.rmtree(again / "autograded")
            command = [*grade[:4], str(again), "--jobs", str(jobs)]
            results.insert(1, Timing(f"ustaz grade --jobs {jobs}", *run(command, root), people))
        ours, plugin, stock = (scores(root / one) for one in ("ours", "plugin", "stock"))
        assert ours == plugin == stock, "the scores differ"
        assert len(ours) >= people * 6
        each = evaluation_alone(course)
    slow = results[-1]
    lines = [
        f"{people} action plans, {os.cpu_count()} processors; every command with its start-up",
        "",
        f"{'':38}{'seconds':>9}{'each':>11}{'times faster':>14}{'processor':>11}{'times less':>12}",
    ]
    lines += [
        f"{one.name:38}{one.seconds:9.1f}{one.each * 1000:8.1f} ms{slow.each / one.each:14.1f}"
        f"{one.processor:9.1f} s{slow.processor / one.processor:12.1f}"
        for one in results
    ]
    lines += [
        f"{'evaluation alone':38}{each * people:9.3f}{each * 1000:8.3f} ms{slow.each / each:14.0f}",
        "",
        f"same scores in {len(ours)} cells",
        f"handed in: {handed_in:.1f} s, collected: {collected:.1f} s",
    ]
    return lines


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=200, help="how many submissions (200)")
    parser.add_argument("--jobs", type=int, default=1, help="also measure this many processes")
    parser.add_argument("--json", action="store_true", help="the table as a list of lines")
    chosen = parser.parse_args(arguments)
    lines = measure(chosen.n, chosen.jobs)
    sys.stdout.write(json.dumps(lines) + "\n" if chosen.json else "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
