"""Writing an archive: a compressed tar that begins with what it is and ends with its list."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from typing import IO, Any, Final

from ustaz.backup.disk import Disk
from ustaz.backup.model import ABOUT_NAME, DATA, MANIFEST_NAME, About, Entry, Manifest
from ustaz.backup.source import ArchiveFile

CHUNK: Final = 1 << 20


class _Sink(io.RawIOBase):
    """What the compressor writes to: every byte goes through the disk of the tests' choice."""

    def __init__(self, disk: Disk, fd: int) -> None:
        self._disk, self._fd = disk, fd
        self.written = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:  # noqa: ANN401 - any buffer
        self._disk.write_all(self._fd, bytes(data))
        self.written += len(data)
        return len(data)


class Writer:
    """Packs items; closing writes the list."""

    def __init__(self, disk: Disk, fd: int, about: About) -> None:
        self._sink = _Sink(disk, fd)
        buffered = io.BufferedWriter(self._sink, CHUNK)
        self._zip = gzip.GzipFile(filename="", fileobj=buffered, mode="wb", compresslevel=6)
        self._tar = tarfile.open(fileobj=self._zip, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115
        self._buffered = buffered
        self.manifest = Manifest(about)
        self._json(ABOUT_NAME, about.to_json())

    @property
    def size(self) -> int:
        """Return how many bytes were written."""
        return self._sink.written

    def add(self, file: ArchiveFile) -> None:
        """Pack one file or folder."""
        info = tarfile.TarInfo(DATA + file.name)
        info.mode, info.mtime = file.mode, file.mtime
        if file.data is None:
            info.type = tarfile.DIRTYPE
            self._tar.addfile(info)
            self.manifest.folders[file.name] = file.mode
            return
        with file.data:
            info.size = file.size
            hashed = _Hashed(file.data)
            self._tar.addfile(info, hashed)
        self.manifest.files.append(
            Entry(file.name, file.size, hashed.hexdigest(), file.mode, file.mtime)
        )

    def finish(self) -> None:
        """Write the list and everything that waits."""
        self._json(MANIFEST_NAME, self.manifest.to_json())
        self._tar.close()
        self._zip.close()
        self._buffered.flush()

    def _json(self, name: str, value: object) -> None:
        # Escaped: a name that is not UTF-8 has signs that no encoding takes.
        data = json.dumps(value, indent=1).encode("ascii")
        info = tarfile.TarInfo(name)
        info.size, info.mode = len(data), 0o600
        self._tar.addfile(info, io.BytesIO(data))


class _Hashed(io.RawIOBase):
    """A file whose bytes are hashed as they are packed."""

    def __init__(self, inner: IO[bytes]) -> None:
        self._inner = inner
        self._hash = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._inner.read(size)
        self._hash.update(data)
        return data

    def hexdigest(self) -> str:
        return self._hash.hexdigest()
