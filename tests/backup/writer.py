"""People who go on writing in processes of their own while a backup is made.

``python -m tests.backup.writer COURSE PERSON`` saves again and again, hands in at times, inserts
rows in the gradebook, and prints a line for everything that was acknowledged. It stops when its
standard input ends, and after a bounded number of saves in any case.
"""

from __future__ import annotations

import select
import sqlite3
import sys
from contextlib import closing

from tests.server.helpers import write
from ustaz.answers import Subject
from ustaz.base.ledger import Ledger
from ustaz.course import Course
from ustaz.course.identity import acting_as
from ustaz.exchange import submit

MOST = 2000
EVERY = 7


def tell(*words: object) -> None:
    """Say what was acknowledged, at once."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def main(directory: str, person: str) -> None:
    """Write until told to stop."""
    course = Course.open(directory)
    for number in range(MOST):
        text = f"{person} writes sentence {number}"
        change = {"op": "set", "path": ["focus_statement"], "value": text}
        write(course, person, "focus", [change])
        tell("saved", course.store.read(Subject.person(person), "focus").revision, number)
        if number % EVERY == 3:
            receipt = submit(
                course, person, "focus", identity=acting_as(course, person), confirm=True
            )
            tell("round", receipt.round, receipt.code)
            line = {"workbook": "focus", "number": number}
            Ledger(course.dir / "confirmations").append(person, line)
            tell("line", number, "-")
            with closing(sqlite3.connect(course.dir / "gradebook.db", timeout=60)) as gradebook:
                gradebook.execute("insert into marks (score) values (?)", (number,))
                gradebook.commit()
            tell("mark", number, "-")
        if select.select([sys.stdin], [], [], 0)[0]:
            return


if __name__ == "__main__":
    main(*sys.argv[1:])
