"""Pack an edition into a zip that is read without any server, from a USB stick for instance.

The same edition gives the same bytes: names in order, one fixed time, plain permissions. So two
people can compare what they were given, and a stick need not be copied again without reason.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from ustaz.base.files import move
from ustaz.book.build import LOCK, OFFERS, STAMP, build_all
from ustaz.book.errors import BookError
from ustaz.book.settings import LEARNER

#: The earliest time that a zip can hold: what was packed matters, not when.
TIME: Final = (1980, 1, 1, 0, 0, 0)
FILE_MODE: Final = 0o100644


def pack(
    out: str | os.PathLike[str],
    *,
    edition: str = LEARNER,
    langs: Sequence[str] = ("en",),
    source: Path | None = None,
) -> Path:
    """Build an edition for reading without a server, and pack it.

    Parameters
    ----------
    out : path
        The zip to write, or a folder that gets ``ustaz-book-learner.zip``.
    edition : str
        ``learner`` or ``facilitator``; a zip never holds both, because the learners' is given away.
    langs : sequence of str
        Languages of the edition that go into the one zip.
    source : Path, optional
        The folder of its sources; default: those that come with this package.

    Returns
    -------
    Path
        The zip.
    """
    name = f"ustaz-book-{edition}"
    path = Path(out)
    path = path if path.suffix == ".zip" else path / f"{name}.zip"
    with tempfile.TemporaryDirectory(prefix="ustaz-book-") as work:
        build_all(work, editions=(edition,), langs=langs, source=source, workbooks="")
        return pack_folder(Path(work), path, name)


def pack_folder(folder: Path, path: Path, top: str) -> Path:
    """Write the files of `folder` into a zip under one top folder, all or nothing."""
    files = sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and path.name not in {STAMP, OFFERS, LOCK}
    )
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(fresh, files, folder, top)
        move(fresh, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise BookError(
            "not_written",
            f"{path} could not be written: {error.strerror or error}.",
            "Choose another place, or make room there.",
        ) from error
    return path


def _write(path: Path, files: list[Path], folder: Path, top: str) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file in files:
            name = f"{top}/{file.relative_to(folder).as_posix()}"
            entry = zipfile.ZipInfo(name, TIME)
            entry.create_system = 3  # as on Unix, wherever it is packed
            entry.external_attr = FILE_MODE << 16
            archive.writestr(entry, file.read_bytes(), zipfile.ZIP_DEFLATED, 9)
