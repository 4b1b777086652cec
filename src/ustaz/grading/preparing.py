"""What can be worked out about submissions without the database, in one process or several."""

from __future__ import annotations

import concurrent.futures
import copy
import multiprocessing
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from ustaz.base.errors import UstazError
from ustaz.course import Course
from ustaz.exchange import Refused
from ustaz.exchange.validate import read_collected
from ustaz.grading.evaluating import judge_round
from ustaz.grading.gradebook import Marking
from ustaz.grading.preprocessors import fill, released_notebook

WORTH_A_PROCESS: Final = 400


@dataclass(frozen=True, slots=True)
class Prepared:
    """What can be worked out about a submission without the database."""

    marking: Marking
    notebooks: dict[str, Any]


def prepare(
    course: Course, workbook: str, reader: str, people: list[str], jobs: int
) -> Iterator[tuple[str, Prepared | UstazError]]:
    """Give each person's evaluated notebooks, or why there are none.

    Parameters
    ----------
    course : Course
    workbook : str
    reader : str
        Language of the page around the answers.
    people : list of str
    jobs : int
        Processes, where there is enough to do for several.
    """
    workers = min(jobs, 1 + len(people) // WORTH_A_PROCESS)
    if workers <= 1:
        maker = _Maker(course, workbook, reader)
        yield from ((person, maker(person)) for person in people)
        return
    with concurrent.futures.ProcessPoolExecutor(
        workers,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_start_worker,
        initargs=(os.fspath(course.dir), workbook, reader),
    ) as pool:
        results = pool.map(_work, people, chunksize=16)
        yield from zip(people, results, strict=True)


class _Maker:
    """Evaluates and renders one person's answers into a copy of the released notebooks."""

    def __init__(self, course: Course, workbook: str, reader: str) -> None:
        self.course = course
        self.workbook = workbook
        self.reader = reader
        self.released: dict[str, Any] = {}
        for path in sorted((course.dir / "release" / workbook).glob("*.ipynb")):
            node = released_notebook(course, workbook, path.stem)
            if node is not None:
                self.released[path.stem] = node

    def __call__(self, person: str) -> Prepared | UstazError:
        try:
            if not self.released:
                raise not_generated(self.workbook)
            frozen = read_collected(self.course, person, self.workbook)
            judged = judge_round(self.course, frozen)
            nodes = {}
            for name, released in self.released.items():
                nodes[name] = copy.deepcopy(released)
                fill(self.course, nodes[name], judged, reader=self.reader)
        except UstazError as error:
            return error
        return Prepared(Marking(self.course, person, self.workbook, frozen), nodes)


_MAKER: list[_Maker] = []


def _start_worker(course: str, workbook: str, reader: str) -> None:
    _MAKER[:] = [_Maker(Course.open(course, going_on=True), workbook, reader)]


def _work(person: str) -> Prepared | UstazError:
    prepared = _MAKER[0](person)
    if isinstance(prepared, Prepared):
        prepared.marking.course = None  # type: ignore[assignment]  # the parent has its own
    return prepared


def not_generated(workbook: str) -> Refused:
    """Return what to say when an assignment is not in the gradebook or not released."""
    return Refused(
        "not_released",
        f"The workbook {workbook} is not an assignment of this course yet.",
        f"Run `nbgrader generate_assignment {workbook}` and `nbgrader release_assignment "
        f"{workbook}` first.",
    )
