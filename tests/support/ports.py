"""Ports of the loopback interface that nobody uses just now."""

from __future__ import annotations

import contextlib
import socket


def free_port() -> int:
    """Return a port that nobody uses just now."""
    return free_ports(1)


def free_ports(count: int = 4) -> int:
    """Return the first of `count` ports in a row that nobody uses just now."""
    while True:
        with contextlib.ExitStack() as stack:
            first = stack.enter_context(socket.socket())
            first.bind(("127.0.0.1", 0))
            start = int(first.getsockname()[1])
            if start + count > 65535:
                continue
            try:
                for port in range(start + 1, start + count):
                    stack.enter_context(socket.socket()).bind(("127.0.0.1", port))
            except OSError:
                continue
            return start
