"""Reading an uploaded list in a process of its own, with limits on memory and time.

A list is read once, by a child (:mod:`ustaz.base.child_process`); one that would take too much is
refused in words.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, Final

from ustaz.base.child_process import ask_child, limit_this_process
from ustaz.enrolment import sheets
from ustaz.enrolment.problems import Place, Problem, SheetError

MEGABYTE: Final = 1024 * 1024
#: Of addresses; a list of 5,000 people takes about a third.
MEMORY: Final = 512 * MEGABYTE
#: Seconds of work. A list of 5,000 people takes about one.
WORK: Final = 6
#: Seconds by the clock, on a computer that does much else.
PATIENCE: Final = 30.0
#: Bytes of what comes back. A list of 5,000 people has about one megabyte.
MOST_BACK: Final = 6 * MEGABYTE
AT_ONCE: Final = 2
#: Seconds that a third list waits for one of two to be read.
QUEUE: Final = 3.0
MODULE: Final = "ustaz.enrolment.parsing_process"

_PLACES: Final = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, slots=True)
class Parsed:
    """An uploaded list that was read: small, however large the file unpacks.

    Attributes
    ----------
    packed : bytes
        Its rows as JSON.
    problem : Problem or None
        Why it cannot be used as a whole.
    """

    packed: bytes = b"[]"
    problem: Problem | None = None

    def rows(self) -> list[sheets.Row]:
        """Return the rows.

        Raises
        ------
        SheetError
            When the file as a whole cannot be used.
        """
        if self.problem is not None:
            raise _again(self.problem)
        return [_row(load) for load in json.loads(self.packed)]


def _again(problem: Problem) -> SheetError:
    error = SheetError(problem.id)
    error.problem = problem
    return error


def parse(data: bytes, *, patience: float = PATIENCE) -> Parsed:
    """Read an uploaded list apart from this process.

    Parameters
    ----------
    data : bytes
        CSV or XLSX.
    patience : float
        Seconds after which it is given up.
    """
    if len(data) > sheets.MAX_FILE:
        return Parsed(problem=Problem("too_large"))
    if not _PLACES.acquire(timeout=QUEUE):
        return Parsed(problem=Problem("reading_busy"))
    try:
        back = ask_child(MODULE, data, patience=patience, most_back=MOST_BACK)
    finally:
        _PLACES.release()
    try:
        answer = json.loads(back or b"")
        problem = answer["problem"]
        if problem is None:
            return Parsed(json.dumps(answer["rows"], ensure_ascii=False).encode())
        return Parsed(problem=Problem(problem["id"], Place(problem["row"]), problem["params"]))
    except (ValueError, KeyError, TypeError):
        return Parsed(problem=Problem("too_heavy"))


# -- in the child ---------------------------------------------------------------------------------
def answer(data: bytes) -> dict[str, Any]:
    """Return what a list holds, as plain values."""
    try:
        rows = sheets.read_sheet(data)
    except SheetError as error:
        problem = error.problem
        return {
            "problem": {"id": problem.id, "row": problem.place.row, "params": problem.params},
            "rows": [],
        }
    return {"problem": None, "rows": [_plain(row) for row in rows]}


def _plain(row: sheets.Row) -> dict[str, Any]:
    return {
        field.name: [_cell(cell) for cell in value] if isinstance(value, tuple) else value
        for field in fields(row)
        for value in [getattr(row, field.name)]
    }


def _cell(cell: Any) -> Any:  # noqa: ANN401
    """Return a cell, cut where it is refused as too long; a kind of text keeps its kind."""
    if not isinstance(cell, str):
        return cell
    text = str(cell)[: sheets.MAX_CELL + 1]
    return text if type(cell) is str else {type(cell).__name__: text}


def _row(plain: dict[str, Any]) -> sheets.Row:
    values: dict[str, Any] = {
        name: tuple(_back(cell) for cell in value) if isinstance(value, list) else value
        for name, value in plain.items()
    }
    return sheets.Row(**values)


def _back(cell: Any) -> Any:  # noqa: ANN401
    if not isinstance(cell, dict):
        return cell
    ((name, text),) = cell.items()
    kind: Callable[[str], str] = getattr(sheets, name)
    return kind(text)


def main() -> None:
    """Read a list from standard input and write what it holds to standard output."""
    # The reader takes numbers of this library in, and with it memory and half a second.
    sys.modules["numpy"] = None  # type: ignore[assignment]
    limit_this_process(MEMORY, WORK)
    back = json.dumps(answer(sys.stdin.buffer.read()), ensure_ascii=False).encode()
    sys.stdout.buffer.write(back)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
