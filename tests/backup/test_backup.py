"""A backup holds everything that cannot be made again, and says what it does not hold."""

from __future__ import annotations

import json
import os
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

import pytest
from filelock import FileLock

from tests.backup import helpers
from tests.server.helpers import put
from ustaz.answers import StoreError
from ustaz.backup import KeepingError, last_backup, make_backup, restore, verify
from ustaz.backup.archives import ARCHIVE
from ustaz.base.errors import UstazError
from ustaz.base.evidence import JPEG, PDF
from ustaz.course import Course
from ustaz.files import FileStore
from ustaz.files.content import Content

#: Left out on purpose.
MADE_AGAIN = {
    "book/en/index.html",
    "jupyter.log",
    "source/__pycache__/x.pyc",
    "people/olga-p/focus/answers.json.tmp",
}


def listed(archive: Path) -> dict[str, tarfile.TarInfo]:
    with tarfile.open(archive) as tar:
        return {one.name: one for one in tar}


def manifest(archive: Path) -> dict:
    with tarfile.open(archive) as tar:
        return json.load(tar.extractfile("manifest.json"))


def test_what_is_restored_is_what_was_there(course: Course, shelf: Path, tmp_path: Path):
    made = make_backup(course.dir, shelf)
    back = restore(made.path, tmp_path / "back")
    locks = (".answers.lock", "aigul-s.lock", "backup.lock", "backups.jsonl")
    expected = helpers.tree(course.dir, without=locks)
    assert helpers.tree(back.directory, without=locks) == {
        name: value for name, value in expected.items() if name not in MADE_AGAIN
    }
    assert back.verified.findings == []
    assert (made.whole, made.findings) == (True, [])


def test_the_archive_is_readable_by_its_account_only(course: Course, shelf: Path):
    assert make_backup(course.dir, shelf).path.stat().st_mode & 0o777 == 0o600


def test_the_name_tells_what_and_when(course: Course, shelf: Path):
    path = make_backup(course.dir, shelf).path
    assert path.name == "ustaz-server-trial-20261123T090500Z.tar.gz"
    assert ARCHIVE.match(path.name)
    assert make_backup(course.dir, shelf).path.name.endswith("Z-2.tar.gz")


def test_the_list_tells_what_is_not_in_it(course: Course, shelf: Path):
    left_out = manifest(make_backup(course.dir, shelf).path)["left_out"]
    assert set(left_out) == {"book", "cache", "environment", "lock", "log", "temporary"}


def test_the_list_comes_last_and_names_every_file(course: Course, shelf: Path):
    archive = make_backup(course.dir, shelf).path
    names = list(listed(archive))
    assert (names[0], names[-1]) == ("about.json", "manifest.json")
    files = {one["name"] for one in manifest(archive)["files"]}
    assert files == {
        name.removeprefix("data/")
        for name, info in listed(archive).items()
        if name.startswith("data/") and info.isreg()
    }


def test_no_account_or_group_of_this_machine_stands_in_it(course: Course, shelf: Path):
    for info in listed(make_backup(course.dir, shelf).path).values():
        assert (info.uid, info.gid, info.uname, info.gname) == (0, 0, "", "")


def test_a_hub_is_kept_with_its_courses_accounts_and_secrets(
    hub: Path, shelf: Path, tmp_path: Path
):
    made = make_backup(hub, shelf)
    assert made.path.name.startswith("ustaz-hub-")
    assert made.about.courses == ("autumn", "spring")
    back = restore(made.path, tmp_path / "back").directory
    secret = back / "state" / "cookie_secret"
    assert (secret.read_text("utf-8"), secret.stat().st_mode & 0o777) == (helpers.SECRET, 0o600)
    assert helpers.rows(back / "state" / "hub.sqlite") == 1
    assert helpers.rows(back / "courses" / "spring" / "gradebook.db") == 1
    assert not (back / "state" / "logs").exists()
    assert not (back / "state" / "proxy.pid").exists()
    assert len(Course.open(back / "courses" / "spring").people) == 7


def test_what_waits_in_a_write_ahead_log_is_in_the_copy(hub: Path, shelf: Path, tmp_path: Path):
    with closing(sqlite3.connect(hub / "state" / "hub.sqlite")) as connection:
        connection.execute("pragma wal_autocheckpoint=0")
        connection.execute("insert into marks (score) values (2)")
        connection.commit()
        made = make_backup(hub, shelf)
    back = restore(made.path, tmp_path / "back").directory
    assert helpers.rows(back / "state" / "hub.sqlite") == 2
    assert sorted(one.name for one in (back / "state").iterdir() if "hub" in one.name) == [
        "hub.sqlite"
    ]


def test_a_ledger_is_cut_at_its_last_whole_line(course: Course, shelf: Path, tmp_path: Path):
    ledger = course.dir / "confirmations" / "aigul-s.jsonl"
    whole = ledger.read_bytes()
    ledger.write_bytes(whole + b'{"half": ')
    back = restore(make_backup(course.dir, shelf).path, tmp_path / "back")
    assert (back.directory / "confirmations" / "aigul-s.jsonl").read_bytes() == whole
    assert back.verified.findings == []


def test_a_document_that_stays_locked_is_told_and_the_rest_is_kept(
    course: Course, shelf: Path, monkeypatch: pytest.MonkeyPatch
):
    def busy(people: Path, folder: Path) -> dict[str, bytes]:
        if folder.parent.name == "olga-p":
            raise StoreError("busy")
        return take(people, folder)

    from ustaz.backup import source

    take = source.take
    monkeypatch.setattr(source, "take", busy)
    made = make_backup(course.dir, shelf, keep=1)
    assert not made.whole
    assert [(one.id, one.place) for one in made.findings] == [("unreadable", "people/olga-p/focus")]
    assert "data/people/aigul-s/focus/answers.json" in listed(made.path)


def test_links_and_devices_are_never_followed(course: Course, shelf: Path, tmp_path: Path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text("elsewhere", encoding="utf-8")
    (course.dir / "people" / "aigul-s" / "link").symlink_to(outside)
    os.mkfifo(course.dir / "source" / "pipe")
    made = make_backup(course.dir, shelf)
    assert {one.place for one in made.findings} == {"people/aigul-s/link", "source/pipe"}
    assert made.whole
    assert not any("secret" in name for name in listed(made.path))


def test_a_name_that_could_not_be_restored_is_told(course: Course, shelf: Path):
    (course.dir / "source" / "bad\nname.txt").write_text("x", encoding="utf-8")
    made = make_backup(course.dir, shelf)
    assert [(one.id, one.place) for one in made.findings] == [("bad_name", "source/bad\nname.txt")]
    assert made.to_json()["findings"][0]["place"] == r"source/bad\nname.txt"


@pytest.mark.parametrize("inside", [".", "people", "source/deeper"])
def test_an_archive_is_never_put_into_what_it_is_a_copy_of(course: Course, inside: str):
    target = course.dir / inside
    target.mkdir(parents=True, exist_ok=True)
    with pytest.raises(KeepingError) as refused:
        make_backup(course.dir, target)
    assert (refused.value.id, refused.value.exit_code) == ("target_inside", 12)


def test_neither_a_course_nor_a_hub_is_refused(tmp_path: Path, shelf: Path):
    with pytest.raises(UstazError) as refused:
        make_backup(tmp_path, shelf)
    assert refused.value.exit_code == 10


def test_one_backup_runs_at_a_time(course: Course, shelf: Path):
    (course.dir / "state").mkdir(exist_ok=True)
    with FileLock(course.dir / "state" / "backup.lock"), pytest.raises(KeepingError) as refused:
        make_backup(course.dir, shelf)
    assert (refused.value.id, refused.value.exit_code) == ("busy", 11)


@pytest.mark.parametrize("alone", [True, False])
def test_a_wrong_word_in_the_settings_keeps_nobody_from_a_copy(
    hub: Path, shelf: Path, tmp_path: Path, alone: bool
):
    course = hub / "courses" / "spring"
    with (course / "ustaz.toml").open("a", encoding="utf-8") as settings:
        settings.write("name = = wrong\n")
    made = make_backup(course if alone else hub, shelf)
    prefix = "" if alone else "courses/spring/"
    assert [(one.id, one.place) for one in made.findings] == [
        ("settings_damaged", f"{prefix}ustaz.toml")
    ]
    back = restore(made.path, tmp_path / "back")
    assert helpers.tree(back.directory / prefix / "people") == {
        name: value
        for name, value in helpers.tree(course / "people").items()
        if not name.endswith((".lock", ".tmp"))
    }
    assert {one.id for one in back.verified.findings} == {"settings_damaged"}


# -- older ones ---------------------------------------------------------------------------------
def test_only_so_many_of_the_same_installation_are_kept(
    course: Course, hub: Path, shelf: Path, monkeypatch: pytest.MonkeyPatch
):
    other = make_backup(hub / "courses" / "autumn", shelf).path  # the same id, another place
    (shelf / "notes.txt").write_text("mine", encoding="utf-8")
    made = []
    for hour in range(1, 5):
        monkeypatch.setenv("USTAZ_NOW", f"2026-11-24T0{hour}:00:00+00:00")
        made.append(make_backup(course.dir, shelf, keep=2))
    assert [len(one.removed) for one in made] == [0, 0, 1, 1]
    assert {one.name for one in shelf.iterdir()} == {
        other.name,
        "notes.txt",
        made[2].path.name,
        made[3].path.name,
    }


def test_an_incomplete_backup_removes_no_older_one(
    course: Course, shelf: Path, monkeypatch: pytest.MonkeyPatch
):
    older = make_backup(course.dir, shelf).path
    (course.dir / "source" / "bad\nname.txt").write_text("x", encoding="utf-8")
    monkeypatch.setenv("USTAZ_NOW", "2026-11-24T01:00:00+00:00")
    assert make_backup(course.dir, shelf, keep=1).removed == []
    assert older.exists()


def test_incomplete_backups_fill_no_disk_and_take_no_place_of_whole_ones(
    course: Course, shelf: Path, monkeypatch: pytest.MonkeyPatch
):
    whole = make_backup(course.dir, shelf).path
    bad = course.dir / "source" / "bad\nname.txt"
    bad.write_text("x", encoding="utf-8")
    for hour in range(1, 5):
        monkeypatch.setenv("USTAZ_NOW", f"2026-11-24T0{hour}:00:00+00:00")
        last = make_backup(course.dir, shelf, keep=2)
    assert len(last.removed) == 1
    assert len(list(shelf.iterdir())) == 3
    assert whole.exists()
    bad.unlink()
    monkeypatch.setenv("USTAZ_NOW", "2026-11-24T06:00:00+00:00")
    made = make_backup(course.dir, shelf, keep=1)
    kept = {one.name for one in shelf.iterdir()}
    assert kept == {made.path.name, last.path.name}


def test_a_backup_is_noted_beside_the_course(course: Course, shelf: Path):
    assert last_backup(course.dir) is None
    made = make_backup(course.dir, shelf)
    note = last_backup(course.dir)
    assert note is not None
    assert (note.file, note.size) == (made.path.name, made.path.stat().st_size)


def test_a_note_that_cannot_be_written_loses_no_backup(
    course: Course, shelf: Path, monkeypatch: pytest.MonkeyPatch
):
    def full(*_: object) -> None:
        raise OSError(28, "full")

    monkeypatch.setattr("ustaz.backup.log.write", full)
    assert verify(make_backup(course.dir, shelf).path).findings == []


def test_what_is_saved_after_a_backup_is_in_the_next(course: Course, shelf: Path, tmp_path: Path):
    first = make_backup(course.dir, shelf).path
    put(course, "olga-p", "focus", focus_statement="Later words")
    second = make_backup(course.dir, shelf).path
    for archive, expected in ((first, False), (second, True)):
        back = restore(archive, tmp_path / archive.name.partition(".")[0]).directory
        document = (back / "people/olga-p/focus/answers.json").read_text("utf-8")
        assert ("Later words" in document) is expected


def test_evidence_files_are_kept_once_and_after_what_names_them(
    course: Course, shelf: Path, tmp_path: Path
):
    store = FileStore(course.people_dir)
    kept = store.keep(
        "aigul-s",
        Content(PDF, b"%PDF-", pages=(Content(JPEG, b"page", 1, 1),)),
        name="a.pdf",
        original="0" * 64,
        visible="none",
    )
    made = make_backup(course.dir, shelf)
    with tarfile.open(made.path) as archive:
        names = archive.getnames()
    places = [at for at, name in enumerate(names) if "/aigul-s/" in name]
    files = [at for at in places if "/files" in names[at]]
    assert len(files) == 5  # the folder, the file, its page, and their records
    assert min(files) > max(at for at in places if "/focus/" in names[at])
    assert not [name for name in names if name.endswith(".lock")]
    back = FileStore(restore(made.path, tmp_path / "back").directory / "people")
    assert back.record("aigul-s", kept.sha256) == kept
    assert back.data("aigul-s", kept) == b"%PDF-"
