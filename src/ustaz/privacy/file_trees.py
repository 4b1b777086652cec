"""Files and folders of a person: counted, copied, removed. No link is ever followed."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from ustaz.base.files import make_folder
from ustaz.privacy.model import Amount


def walk(folder: Path) -> Iterator[Path]:
    """Yield every plain file below a folder, or the file itself."""
    if folder.is_symlink():
        return
    if folder.is_file():
        yield folder
        return
    for top, _, names in os.walk(folder, followlinks=False):
        for name in sorted(names):
            path = Path(top) / name
            if path.is_file() and not path.is_symlink():
                yield path


def measured(*paths: Path) -> Amount:
    """Return how many files there are and how large they are."""
    sizes = [node.stat().st_size for path in paths for node in walk(path)]
    return Amount(len(sizes), sum(sizes))


def copied(source: Path, target: Path) -> None:
    """Copy a file or a folder; what is a link, a device or a lock stays behind."""
    for path in walk(source):
        if path.suffix in {".lock", ".tmp"}:
            continue
        inner = target / path.relative_to(source) if source.is_dir() else target
        put(inner, path.read_bytes())


def as_json(value: object) -> bytes:
    """Return a value as people can read it, too."""
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def put(path: Path, data: bytes) -> None:
    """Write a file that only this account opens, and the folders above it."""
    make_folder(path.parent)
    path.touch(0o600)
    path.write_bytes(data)


def removed(path: Path) -> None:
    """Remove a file, a link or a folder with all that is in it; what is gone is gone."""
    if path.is_symlink() or path.is_file():
        path.unlink(missing_ok=True)
    elif path.exists():
        shutil.rmtree(path)
