"""Programs that the tests of processes run: they write into a schema, from a process of their own.

``python -m tests.postgres.writer crowd URL SCHEMA DIR N``    N processes save at once
``python -m tests.postgres.writer write URL SCHEMA DIR ROW``  one counts up in a row until killed
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from tests.answers import writer
from tests.answers.helpers import AIGUL, ELSEWHERE, PLAN, add_row, batch, put, store_at
from ustaz.answers import StoreError
from ustaz.answers.postgres.backend import PgFs

W = "aigul-s"


def write(path: Path, row: str) -> None:
    """Count up in a row; send each batch again until it is acknowledged, and then say so."""
    store = store_at(path)
    number = 0
    while True:
        change = put(f"steps/{row}/action", str(number)) if number else add_row(row, action="0")
        made = batch(change, client=row, id=f"{row}-{number}", base=10**6)
        while True:
            try:
                saved = store.save(AIGUL, PLAN, made, W)
                break
            except StoreError as error:
                if error.id != "io":
                    raise
                time.sleep(0.01)  # as a page waits before it sends again
        assert saved.applied == 1, saved
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()
        number += 1


if __name__ == "__main__":
    command, url, schema, directory, more = sys.argv[1:]
    place = Path(directory)
    ELSEWHERE[place] = (lambda: PgFs(url, schema, place / "people"), dict)
    if command == "crowd":
        sys.stdout.write(json.dumps(writer.crowd(place, int(more))))
    else:
        write(place, more)
