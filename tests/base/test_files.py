"""Durable files by path: whole or not at all, whatever fails."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from ustaz.base import files


def full(*_: object) -> int:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o444])
@pytest.mark.parametrize("write", [files.write_new, files.replace, files.write_once])
def test_a_file_has_the_mode_that_was_asked_for_under_any_umask(
    tmp_path: Path, write: object, mode: int
) -> None:
    before = os.umask(0o077)
    try:
        write(tmp_path / "file", b"data", mode)  # type: ignore[operator]
    finally:
        os.umask(before)
    assert mode_of(tmp_path / "file") == mode
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("call", ["write", "fsync", "replace", "fchmod"])
@pytest.mark.parametrize("temporary", ["", ".file.fixed.tmp"])
def test_a_replacement_that_fails_leaves_the_old_file_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, temporary: str
) -> None:
    path = tmp_path / "file"
    files.replace(path, b"old")

    def broken(*_: object, **__: object) -> None:
        full()

    with monkeypatch.context() as patch:
        patch.setattr(os, call, broken)
        with pytest.raises(OSError, match="No space"):
            files.replace(path, b"new", temporary=temporary)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_under_the_temporary_name_is_never_written_through(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_bytes(b"theirs")
    os.link(other, tmp_path / ".file.tmp")
    files.replace(tmp_path / "file", b"ours", temporary=".file.tmp")
    assert other.read_bytes() == b"theirs"


@pytest.mark.parametrize(("durable", "syncs"), [(True, 2), (False, 0)])
def test_the_bytes_and_the_name_are_synced_unless_they_can_be_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, durable: bool, syncs: int
) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    files.replace(tmp_path / "file", b"data", durable=durable)
    assert len(synced) == syncs


def test_the_first_file_written_once_stays(tmp_path: Path) -> None:
    files.write_once(tmp_path / "key", b"first")
    files.write_once(tmp_path / "key", b"second")
    assert (tmp_path / "key").read_bytes() == b"first"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_new_file_never_takes_the_place_of_another(tmp_path: Path) -> None:
    files.write_new(tmp_path / "file", b"first")
    with pytest.raises(FileExistsError):
        files.write_new(tmp_path / "file", b"second")
    assert (tmp_path / "file").read_bytes() == b"first"


def test_lines_are_appended_after_a_torn_one(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    files.append(path, b"1\n")
    with path.open("ab") as file:
        file.write(b"tor")
    files.append(path, b"2\n")
    assert path.read_bytes() == b"1\ntor\n2\n"
    assert mode_of(path) == 0o600


def test_lines_of_which_a_full_disk_took_a_part_are_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "lines.jsonl"
    files.append(path, b"1\n")
    real, left = os.write, [3]

    def write(fd: int, data: bytes) -> int:
        return real(fd, data[: left.pop()]) if left else full()

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", write)
        with pytest.raises(OSError, match="No space"):
            files.append(path, b"22222\n")
    assert path.read_bytes() == b"1\n"


def test_a_draft_that_is_not_put_in_place_is_gone(tmp_path: Path) -> None:
    with files.draft(files.DISK, tmp_path, "file", b"data") as fresh:
        assert fresh.path.read_bytes() == b"data"
    assert list(tmp_path.iterdir()) == []
