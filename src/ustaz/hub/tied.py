"""Start a program that ends when the hub ends, however the hub ends.

JupyterHub stops its proxy and its service when it is told to stop and has finished starting.
Killed, or stopped within its first seconds, it leaves them behind, and they hold ports and old
tokens. The kernel of Linux ends them instead: the wish stays when a process becomes another one.

Run as a file, not as a module, since it is on the way of every start:
``python -I tied.py PARENT COMMAND …``.
"""

from __future__ import annotations

import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def tie(parent: int) -> None:
    """Ask the kernel for a SIGTERM when the parent dies; end where it died already.

    Parameters
    ----------
    parent : int
        The process that must live.
    """
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:
        raise SystemExit(0)


def main() -> None:
    """Tie this process, then become the program."""
    tie(int(sys.argv[1]))
    os.execvp(sys.argv[2], sys.argv[2:])  # noqa: S606 - the arguments are the hub's own


if __name__ == "__main__":
    main()
