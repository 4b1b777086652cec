"""An archive becomes a directory whole or not at all, and nothing else comes with it."""

from __future__ import annotations

import io
import json
import os
import tarfile
from pathlib import Path

import pytest

from ustaz.backup import make_backup, restore
from ustaz.base.errors import UstazError
from ustaz.cli._app import run
from ustaz.course import Course


@pytest.fixture
def archive(course: Course, shelf: Path) -> Path:
    return make_backup(course.dir, shelf).path


def refused(archive: Path, target: Path) -> UstazError:
    before = {one.name for one in target.parent.iterdir()}
    with pytest.raises(UstazError) as error:
        restore(archive, target)
    assert {one.name for one in target.parent.iterdir()} == before
    return error.value


def test_an_empty_directory_is_taken(archive: Path, tmp_path: Path):
    (tmp_path / "back").mkdir()
    assert restore(archive, tmp_path / "back").verified.findings == []


def test_a_directory_with_anything_in_it_is_refused(archive: Path, tmp_path: Path):
    (tmp_path / "back").mkdir()
    (tmp_path / "back" / "mine.txt").write_text("x", encoding="utf-8")
    assert refused(archive, tmp_path / "back").id == "not_empty"
    assert (tmp_path / "back" / "mine.txt").read_text("utf-8") == "x"


@pytest.mark.parametrize("kind", ["file", "link", "dangling"])
def test_what_is_no_directory_is_refused(archive: Path, tmp_path: Path, kind: str):
    target = tmp_path / "back"
    (tmp_path / "elsewhere").mkdir()
    if kind == "file":
        target.write_text("x", encoding="utf-8")
    else:
        target.symlink_to(tmp_path / ("elsewhere" if kind == "link" else "nowhere"))
    assert refused(archive, target).exit_code == 12
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_missing_parent_is_told(archive: Path, tmp_path: Path):
    with pytest.raises(UstazError) as error:
        restore(archive, tmp_path / "no" / "back")
    assert error.value.id == "no_target"


def test_no_room_is_told_before_anything_is_written(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    from collections import namedtuple

    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage(10**9, 10**9, 100))
    assert refused(archive, tmp_path / "back").id == "full"


def test_a_damaged_archive_costs_nothing(archive: Path, tmp_path: Path):
    archive.write_bytes(archive.read_bytes()[:-200])
    assert refused(archive, tmp_path / "back").exit_code == 15


# -- hostile archives ---------------------------------------------------------------------------
def hostile(archive: Path, member: tarfile.TarInfo, data: bytes = b"x") -> Path:
    """Put one more member among the others, and into the list."""
    target = archive.with_name("hostile.tar.gz")
    with tarfile.open(archive) as old, tarfile.open(target, "w:gz") as new:
        for info in old:
            content = old.extractfile(info).read() if info.isreg() else None
            if info.name == "manifest.json":
                if member.isreg():
                    member.size = len(data)
                new.addfile(member, io.BytesIO(data) if member.isreg() else None)
                listed = json.loads(content)
                listed["files"].append(
                    {
                        "name": member.name.removeprefix("data/"),
                        "size": len(data),
                        "sha256": "0" * 64,
                        "mode": 0o600,
                        "mtime": 0,
                    }
                )
                content = json.dumps(listed).encode()
                info.size = len(content)
            new.addfile(info, io.BytesIO(content) if content is not None else None)
    return target


def member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "", mode: int = 0o600):
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.mode = kind, link, mode
    return info


@pytest.mark.parametrize(
    "info",
    [
        member("data/../../escaped.txt"),
        member("data//escaped.txt"),
        member("/tmp/escaped.txt"),
        member("escaped.txt"),
        member("data/people/./x"),
        member("data/people/a\\b"),
        member("data/people/C:x"),
        member("data/people/a\nb"),
        member("data/people/a\u202eb"),
        member("data/people/" + "n" * 300),
        member("data/" + "/".join("a" * 30)),
        member("data/nowhere/x"),
        member("data/people.csv"),
        member("data/link", tarfile.SYMTYPE, "/etc/passwd"),
        member("data/link", tarfile.LNKTYPE, "data/people.csv"),
        member("data/pipe", tarfile.FIFOTYPE),
        member("data/device", tarfile.CHRTYPE),
    ],
    ids=lambda info: repr(info.name[:30]) + info.type.decode(),
)
def test_hostile_members_are_refused_whole(archive: Path, tmp_path: Path, info: tarfile.TarInfo):
    error = refused(hostile(archive, info), tmp_path / "back")
    assert error.exit_code == 15
    assert not (tmp_path / "escaped.txt").exists()


def test_a_link_under_a_folders_name_is_never_written_through(archive: Path, tmp_path: Path):
    info = member("data/exchange2", tarfile.SYMTYPE, os.fspath(tmp_path))
    assert refused(hostile(archive, info), tmp_path / "back").exit_code == 15


def test_no_special_mode_is_brought_back(course: Course, shelf: Path, tmp_path: Path):
    tool = course.dir / "source" / "tool"
    tool.write_bytes(b"x")
    tool.chmod(0o6755)
    back = restore(make_backup(course.dir, shelf).path, tmp_path / "back").directory
    assert oct((back / "source" / "tool").stat().st_mode & 0o7777) == "0o755"


def test_special_modes_in_an_archive_are_dropped(archive: Path, tmp_path: Path):
    info = member("data/tool", mode=0o7777)
    path = hostile(archive, info)
    # The list's hash is wrong as well: not even then is anything left behind.
    assert refused(path, tmp_path / "back").exit_code == 15


def test_names_in_three_languages_come_back(course: Course, shelf: Path, tmp_path: Path):
    names = ["Іс-әрекет жоспары (1).ipynb", "Заметки, ноябрь.txt", "café.txt"]
    for name in names:
        (course.dir / "source" / name).write_text(name, encoding="utf-8")
    back = restore(make_backup(course.dir, shelf).path, tmp_path / "back").directory
    assert {one: (back / "source" / one).read_text("utf-8") for one in names} == {
        one: one for one in names
    }


def test_the_hub_is_told_apart_from_a_course(
    hub: Path, shelf: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    archive = make_backup(hub, shelf).path
    code = run(["--lang", "en", "restore", str(archive), str(tmp_path / "back")])
    said = capsys.readouterr().out
    assert code == 0, said
    assert "ustaz hub serve" in said
    assert "signs in anew" in said


def test_an_archive_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(UstazError) as refused:
        restore(tmp_path / "typo.tar.gz", tmp_path / "course")
    assert refused.value.id == "no_archive"
    assert "typo.tar.gz" in refused.value.message
    assert not (tmp_path / "course").exists()
