"""A file that came is read in a process of its own; what comes back is small and known.

See :mod:`ustaz.base.child_process`. A child that dies, says nonsense or takes too long is a file
that takes too much work, and is said so.
"""

from __future__ import annotations

import json
import sys
import threading
from dataclasses import replace
from typing import Any, Final

from ustaz.base.child_process import ask_child, limit_this_process
from ustaz.base.evidence import MOST_OF_A_FILE, SUFFIXES
from ustaz.files.content import Content, Unusable
from ustaz.files.judging import content_of
from ustaz.files.model import MEGABYTE, PAGES_DRAWN, FileRefused

MODULE: Final = "ustaz.files.conversion"
#: Of addresses. A picture of 50 million pixels takes about a third.
MEMORY: Final = 900 * MEGABYTE
#: Seconds of work. A picture of 50 million pixels takes about three.
WORK: Final = 12
#: Seconds by the clock, on a computer that does much else.
PATIENCE: Final = 40.0
AT_ONCE: Final = 2
#: Seconds that a third file waits for one of two to be read.
QUEUE: Final = 8.0
MOST_BACK: Final = (2 + PAGES_DRAWN) * MOST_OF_A_FILE + 4096

_PLACES: Final = threading.BoundedSemaphore(AT_ONCE)


def converted(data: bytes, *, patience: float = PATIENCE) -> Content:
    """Return what is kept of a file.

    Parameters
    ----------
    data : bytes
        As they were sent.
    patience : float
        Seconds after which it is given up.

    Raises
    ------
    FileRefused
    """
    if len(data) > MOST_OF_A_FILE:
        raise FileRefused("file_too_large")
    if not _PLACES.acquire(timeout=QUEUE):
        raise FileRefused("file_busy")
    try:
        back = ask_child(MODULE, data, patience=patience, most_back=MOST_BACK)
    finally:
        _PLACES.release()
    if not back:
        raise FileRefused("file_too_heavy")
    head, _, rest = back.partition(b"\n")
    report = json.loads(head)
    if report["refused"]:
        raise FileRefused(report["refused"])
    first, *others = _unpacked(report["parts"], rest)
    small = others.pop() if report["small"] else None
    content = replace(first, pages=tuple(others), small=small)
    if content.type not in SUFFIXES:
        raise FileRefused("file_not_taken")
    if len(content.data) > MOST_OF_A_FILE:
        raise FileRefused("file_too_large")
    return content


def _unpacked(parts: list[dict[str, Any]], data: bytes) -> list[Content]:
    contents, at = [], 0
    for part in parts:
        end = at + part["size"]
        contents.append(Content(part["type"], data[at:end], part["width"], part["height"]))
        at = end
    return contents


# -- in the child ---------------------------------------------------------------------------------
def answer(data: bytes) -> bytes:
    """Return what is kept of a file, or why nothing is, as one line of JSON and the bytes."""
    try:
        content = content_of(data)
    except Unusable as unusable:
        return json.dumps({"refused": unusable.id, "parts": []}).encode() + b"\n"
    except MemoryError:
        return json.dumps({"refused": "file_too_heavy", "parts": []}).encode() + b"\n"
    parts = (content, *content.parts)
    head = {
        "refused": "",
        "small": content.small is not None,
        "parts": [
            {
                "type": part.type,
                "size": len(part.data),
                "width": part.width,
                "height": part.height,
            }
            for part in parts
        ],
    }
    return json.dumps(head).encode() + b"\n" + b"".join(part.data for part in parts)


def main() -> None:
    """Read a file from standard input and write what is kept of it to standard output."""
    # Libraries take it in where it is there, and with it memory and half a second.
    sys.modules["numpy"] = None  # type: ignore[assignment]
    limit_this_process(MEMORY, WORK)
    sys.stdout.buffer.write(answer(sys.stdin.buffer.read()))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
