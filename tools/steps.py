"""What `make start` and `make hub` do alike, one of them at a time."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def alone(beside: Path) -> Iterator[None]:
    """Let one command make `beside` at a time; the other waits, then finds it made."""
    beside.parent.mkdir(parents=True, exist_ok=True)
    with beside.with_name(f".{beside.name}.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another command is making the same; waiting for it …", flush=True)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def build_book(directory: Path, site: Path) -> None:
    """Build what changed of the book, and let it be the directory's: both demos share one."""
    book = directory / "book"
    site.mkdir(parents=True, exist_ok=True)
    if book.is_symlink() or not book.exists():  # a book of its own stays one
        book.unlink(missing_ok=True)
        book.symlink_to(site.resolve(), target_is_directory=True)
    with alone(site):
        print("Building the book (only what changed) …", flush=True)
        run("ustaz.book", "build", str(book), "--quiet")


def run(module: str, *arguments: str, **environment: str) -> None:
    """Run one of our commands; what it prints is seen, and how it fails is how this fails."""
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, env={**os.environ, **environment}, check=False)
    if done.returncode:
        raise SystemExit(done.returncode)
