"""Reading an archive, by a reader that trusts nothing in it.

Nothing but plain files and folders, under names that :func:`ustaz.backup.names.safe` allows, each
compared with the list at the end.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from ustaz.backup import names
from ustaz.backup.disk import Disk
from ustaz.backup.model import (
    ABOUT_NAME,
    DATA,
    MANIFEST_NAME,
    NOT_OURS,
    About,
    Entry,
    Finding,
    KeepingError,
    Manifest,
    damaged,
    not_ours,
)
from ustaz.messages import N_

CHUNK: Final = 1 << 20
MAX_FILE: Final = 1 << 33
MAX_FILES: Final = 2_000_000
MAX_MANIFEST: Final = 1 << 30
_BROKEN: Final = (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile, UnicodeDecodeError)


@contextmanager
def archive_members(path: Path) -> Iterator[Iterator[tuple[tarfile.TarInfo, IO[bytes] | None]]]:
    """Yield the members of an archive in their order, up to the checksum at its end.

    Raises
    ------
    KeepingError
        ``no_archive``, ``not_an_archive`` or ``archive_damaged``.
    """
    if not path.is_file():
        raise KeepingError(
            "no_archive",
            N_("There is no archive {path}."),
            N_("Look at how it is written; `ustaz backup` names what it makes."),
            exit_code=NOT_OURS,
            params={"path": path},
        )
    with path.open("rb") as raw:
        if raw.read(2) != b"\x1f\x8b":
            raise not_ours("gzip")
        raw.seek(0)
        try:
            with (
                gzip.GzipFile(fileobj=raw, mode="rb") as unzipped,
                tarfile.open(fileobj=unzipped, mode="r|") as tar,
            ):

                def members() -> Iterator[tuple[tarfile.TarInfo, IO[bytes] | None]]:
                    for info in tar:
                        yield info, tar.extractfile(info) if info.isreg() else None
                    while unzipped.read(CHUNK):  # up to the checksum at the very end
                        pass

                yield members()
        except _BROKEN as error:
            raise damaged(type(error).__name__) from None


def about(path: Path) -> About:
    """Return what an archive says of itself, without reading the rest."""
    with archive_members(path) as members:
        for info, data in members:
            if info.name != ABOUT_NAME or data is None or info.size > CHUNK:
                break
            return About.from_json(_parsed(data.read()))
    raise not_ours("about")


def unpack(
    path: Path,
    target: Path | None,
    disk: Disk,
    *,
    progress: Callable[[int], None] = lambda _: None,
    sync: bool = True,
) -> tuple[Manifest, list[Finding]]:
    """Read a whole archive, compare it with its list, and write what is in it below `target`.

    Parameters
    ----------
    target : Path or None
        An empty folder; None only compares.
    progress : callable
        Called with the number of files so far.

    Returns
    -------
    Manifest, list of Finding
        The list, and every file that is not what it says.

    Raises
    ------
    KeepingError
        ``not_an_archive``, ``newer`` or ``archive_damaged`` (cut off, unpackable, or with
        something in it that never is in ours: a link, a device, a hostile name).
    """
    first: About | None = None
    manifest: Manifest | None = None
    seen: dict[str, Entry] = {}
    folders: dict[str, int] = {}
    with archive_members(path) as members:
        for info, data in members:
            if manifest is not None or len(seen) + len(folders) > MAX_FILES:
                raise damaged("order")
            if first is None:
                if info.name != ABOUT_NAME or data is None or info.size > CHUNK:
                    raise not_ours("about")
                first = About.from_json(_parsed(data.read()))
            elif info.name == MANIFEST_NAME and data is not None:
                if info.size > MAX_MANIFEST:
                    raise damaged("manifest")
                manifest = Manifest.from_json(_parsed(data.read()))
            else:
                name = _name(info, seen, folders)
                if data is None:
                    folders[name] = info.mode & 0o777
                    if target is not None:
                        disk.make_folder(target / name)
                else:
                    seen[name] = _file(info, name, data, target, disk, sync=sync)
                    progress(len(seen))
    if manifest is None or first != manifest.about:
        raise damaged("manifest")
    if target is not None:
        _settle(target, folders, disk, sync=sync)
    return manifest, _compared(manifest, seen, folders)


def _name(info: tarfile.TarInfo, seen: dict[str, Entry], folders: dict[str, int]) -> str:
    """Return a member's name below the data, or refuse the archive."""
    name = info.name.removeprefix(DATA)
    above = name.rpartition("/")[0]
    if (
        not info.name.startswith(DATA)
        or not names.safe(name)
        or not (info.isreg() or info.isdir())
        or info.size > MAX_FILE
        or name in seen
        or name in folders
        or (above and above not in folders)
    ):
        raise damaged("name")
    return name


def _file(
    info: tarfile.TarInfo,
    name: str,
    data: IO[bytes],
    target: Path | None,
    disk: Disk,
    *,
    sync: bool,
) -> Entry:
    hashed = hashlib.sha256()
    size = 0
    fd = disk.create(target / name) if target is not None else -1
    try:
        while part := data.read(CHUNK):
            hashed.update(part)
            size += len(part)
            if fd >= 0:
                disk.write_all(fd, part)
        if fd >= 0 and sync:
            disk.sync(fd)
    finally:
        if fd >= 0:
            os.close(fd)
    if target is not None:
        disk.set_mode(target / name, info.mode & 0o777)
        os.utime(target / name, (info.mtime, info.mtime))
    return Entry(name, size, hashed.hexdigest(), info.mode & 0o777, int(info.mtime))


def _settle(target: Path, folders: dict[str, int], disk: Disk, *, sync: bool) -> None:
    """Bring the folders' names to the disk and give each its mode, the innermost first."""
    for name in sorted(folders, key=lambda folder: folder.count("/"), reverse=True):
        if sync:
            disk.sync_folder(target / name)
        disk.set_mode(target / name, folders[name])


def _compared(manifest: Manifest, seen: dict[str, Entry], folders: dict[str, int]) -> list[Finding]:
    files = {file.name: file for file in manifest.files}
    findings = [Finding("missing_file", name) for name in files.keys() - seen.keys()]
    findings += [Finding("missing_file", name) for name in manifest.folders.keys() - folders.keys()]
    findings += [Finding("not_listed", name) for name in seen.keys() - files.keys()]
    findings += [
        Finding("wrong_hash", name)
        for name in files.keys() & seen.keys()
        if (files[name].size, files[name].sha256) != (seen[name].size, seen[name].sha256)
    ]
    return sorted(findings, key=lambda finding: finding.place)


def _parsed(data: bytes) -> object:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        raise damaged("json") from None
