"""Ports of the loopback interface that nobody uses just now, nor takes before a test does."""

from __future__ import annotations

import contextlib
import fcntl
import os
import socket
from functools import cache
from itertools import cycle
from pathlib import Path
from typing import Any

#: Below what systems give to outgoing connections (from 32768 on Linux): a port that was free when
#: a hub was made would else be some browser's by the time the hub starts.
FIRST, LAST, BLOCK = 12_000, 32_000, 500


@cache
def _own() -> tuple[Any, cycle[int]]:
    """Return this process's block of ports, with the lock that keeps it from other processes."""
    folder = Path("/tmp", f"ustaz-ports-{os.getuid()}")
    folder.mkdir(exist_ok=True)
    for first in range(FIRST, LAST, BLOCK):
        lock = (folder / str(first)).open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            continue
        return lock, cycle(range(first, first + BLOCK))
    raise RuntimeError("every block of ports belongs to a running process of tests")


def free_port() -> int:
    """Return a port that nobody uses just now."""
    return free_ports(1)


def free_ports(count: int = 4) -> int:
    """Return the first of `count` ports in a row that nobody uses just now."""
    _, ports = _own()
    row: list[int] = []
    for _ in range(2 * BLOCK):
        port = next(ports)
        row = [*row, port] if row and port == row[-1] + 1 else [port]
        with contextlib.closing(socket.socket()) as tried:
            try:
                tried.bind(("127.0.0.1", port))
            except OSError:
                row = []
        if len(row) == count:
            return row[0]
    raise RuntimeError(f"no {count} free ports in a row")
