"""A process of its own for a file that somebody sent, with limits on memory, work and time.

A few kilobytes can cost gigabytes or minutes in the reader of any library, and memory that a
long-lived service once took it keeps. So the service hands such a file to a child that ends
afterwards; one that would take too much is ended early. The child knows no secret of its parent,
writes no file, and what it says on the way is thrown away: a traceback could hold a name.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from contextlib import suppress
from typing import Final

#: What the child needs of its parent's environment: never a token.
KEPT: Final = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "COVERAGE_PROCESS_START")


def ask_child(module: str, data: bytes, *, patience: float, most_back: int) -> bytes | None:
    """Return what a module says to `data`; None where it was ended or says too much.

    Parameters
    ----------
    module : str
        Run as ``python -I -m``: reads its standard input and writes its standard output.
    data : bytes
    patience : float
        Seconds by the clock after which it is ended.
    most_back : int
        Bytes of what comes back.
    """
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    with subprocess.Popen(
        [sys.executable, "-I", "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    ) as child:
        send, receive = child.stdin, child.stdout
        if send is None or receive is None:
            return None
        clock = threading.Timer(patience, child.kill)
        clock.daemon = True
        clock.start()
        try:
            with suppress(BrokenPipeError):
                send.write(data)
                send.close()
            back = receive.read(most_back + 1)
            if len(back) > most_back:
                child.kill()
        finally:
            clock.cancel()
    return back if child.returncode == 0 and len(back) <= most_back else None


def limit_this_process(memory: int, work: int) -> None:
    """Bound the child that calls it; where the system has no such limits, its parent's clock does.

    Parameters
    ----------
    memory : int
        Bytes of addresses.
    work : int
        Seconds of the processor.
    """
    try:
        import resource
    except ImportError:  # Windows
        return
    bounds = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_CPU: work,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    for what, most in bounds.items():
        with suppress(ValueError, OSError):  # the system's own bound is lower, or it has none
            resource.setrlimit(what, (most, most))
