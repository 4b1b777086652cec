"""What the processes of one run make once and all of them read."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest


def shared(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return a folder that the first process of a run that asks for it has filled.

    Parameters
    ----------
    name : str
        The folder's name, which stands for what lies in it.
    make : callable
        What fills it; nothing changes it afterwards.
    """
    own = factory.getbasetemp()
    top = own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own
    folder, done = top / f"shared-{name}", top / f"shared-{name}.done"
    with (top / f"shared-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            folder.mkdir()
            make(folder)
            done.touch()
    return folder
