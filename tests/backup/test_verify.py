"""What was acknowledged is there, or its place is named; never a text."""

from __future__ import annotations

import gzip
import io
import json
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.backup import helpers
from tests.server.helpers import FOCUS
from ustaz.backup import FINDINGS, make_backup, verify
from ustaz.backup.model import FORMAT
from ustaz.base.errors import UstazError
from ustaz.cli._app import run
from ustaz.course import Course

DOCUMENT = "people/aigul-s/focus/answers.json"
JOURNAL = "people/aigul-s/focus/journal.jsonl"
PREVIOUS = "people/aigul-s/focus/answers.prev.json"
ROUND = "exchange/inbound/aigul-s/focus/0001"


def found(path: Path, *, deep: bool = False) -> list[tuple[str, str, str]]:
    return [(one.id, one.place, one.detail) for one in verify(path, deep=deep).findings]


def change(path: Path, old: bytes, new: bytes) -> None:
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new))


@pytest.mark.parametrize("deep", [False, True])
def test_a_course_in_use_is_in_order(course: Course, deep: bool):
    seen = verify(course.dir, deep=deep)
    assert seen.findings == []
    assert dict(seen.counts) == {
        "courses": 1,
        "people": 7,
        "documents": 2,
        "saves": 3,
        "rounds": 1,
        "ledgers": 1,
        "databases": 1,
    }


def test_a_hub_is_looked_at_with_all_its_courses(hub: Path):
    seen = verify(hub, deep=True)
    assert (seen.findings, seen.counts["courses"], seen.counts["databases"]) == ([], 2, 2)


def test_verifying_changes_nothing(course: Course):
    (course.dir / DOCUMENT).write_bytes(b"{half")  # reading would mend it
    locks = (".answers.lock",)
    before = helpers.tree(course.dir, without=locks)
    assert found(course.dir, deep=True) == [
        ("document_mended", "people/aigul-s/focus", "file_damaged")
    ]
    assert helpers.tree(course.dir, without=locks) == before


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        (
            lambda root: (root / DOCUMENT).unlink(),
            ("document_mended", "people/aigul-s/focus", "file_missing"),
        ),
        (
            lambda root: (root / PREVIOUS).write_bytes(b"[]"),
            ("document_mended", "people/aigul-s/focus", "previous_damaged"),
        ),
        (
            lambda root: change(root / JOURNAL, b'"first":1', b'"first":9'),
            (
                "document_mended",
                "people/aigul-s/focus",
                "journal_damaged, journal_behind, save_unknown",
            ),
        ),
        (
            lambda root: [
                one.write_bytes(b"x") for one in (root / DOCUMENT).parent.glob("*.json*")
            ],
            ("document_damaged", "people/aigul-s/focus", "damaged"),
        ),
        (
            lambda root: shutil.copytree(
                root / "people/aigul-s/focus", root / "people/nurgul-a/focus"
            ),
            ("document_damaged", "people/nurgul-a/focus", "misplaced"),
        ),
        (
            lambda root: change(root / ROUND / "answers.json", b"\xd0\x9e", b"\xd0\x90"),
            ("round_damaged", ROUND, "wrong_hash"),
        ),
        (
            lambda root: change(root / ROUND / "round.json", b'"round":1', b'"round":2'),
            ("round_damaged", ROUND, "wrong_round"),
        ),
        (
            lambda root: (root / ROUND / "round.json").unlink(),
            ("round_damaged", ROUND, "missing_file"),
        ),
        (
            lambda root: (root / "confirmations/aigul-s.jsonl").write_bytes(b"words\n{}\n"),
            ("ledger_damaged", "confirmations/aigul-s.jsonl", "1"),
        ),
        (
            lambda root: (root / "confirmations/aigul-s.jsonl").write_bytes(b'{}\n{"ha'),
            ("ledger_torn", "confirmations/aigul-s.jsonl", ""),
        ),
        (
            lambda root: (root / "gradebook.db").write_bytes(b"SQLite format 3\0" + b"\1" * 5000),
            ("database_damaged", "gradebook.db", "DatabaseError"),
        ),
        (
            lambda root: (root / "people.csv").write_text("who\n", encoding="utf-8"),
            ("roster_damaged", "people.csv", "bad_roster"),
        ),
        (
            lambda root: (root / "ustaz.toml").write_text("[course", encoding="utf-8"),
            ("settings_damaged", "ustaz.toml", "bad_settings"),
        ),
    ],
)
def test_damage_is_named_by_place_and_reason(
    hub: Path, damage: Callable[[Path], Any], expected: tuple[str, str, str]
):
    damage(hub / "courses" / "spring")
    id_, place, detail = expected
    assert found(hub) == [(id_, f"courses/spring/{place}", detail)]


def test_marks_that_cannot_be_read_are_named(course: Course):
    path = course.dir / "exchange" / "marks" / "aigul-s" / "focus.json"
    path.parent.mkdir(parents=True)
    path.write_text('{"rounds": [', encoding="utf-8")
    assert found(course.dir) == [("marks_damaged", "exchange/marks/aigul-s/focus.json", "syntax")]


def test_a_piece_of_evidence_that_was_changed_is_named(course: Course):
    name = "a" * 64
    (course.dir / "people/aigul-s/focus/evidence").mkdir()
    (course.dir / "people/aigul-s/focus/evidence" / name).write_bytes(b"other")
    assert found(course.dir) == [("evidence_damaged", f"people/aigul-s/focus/evidence/{name}", "")]


def test_no_finding_holds_a_text_of_anybody(course: Course):
    for path in course.dir.rglob("*.json*"):
        change(path, path.read_bytes()[:40], b"x" * 40)
    said = json.dumps(verify(course.dir).to_json(), ensure_ascii=False)
    assert FOCUS["focus_statement"] not in said
    assert "жұппен" not in said


# -- archives -----------------------------------------------------------------------------------
def rewritten(archive: Path, edit: Callable[[dict[str, bytes]], None]) -> Path:
    """Write an archive again with other files in it, by the standard library's own means."""
    with tarfile.open(archive) as tar:
        members = {
            one.name: (one, tar.extractfile(one).read() if one.isreg() else b"") for one in tar
        }
    data = {name: content for name, (_, content) in members.items()}
    edit(data)
    target = archive.with_name("edited.tar.gz")
    with tarfile.open(target, "w:gz") as tar:
        for name, content in data.items():
            info = members[name][0] if name in members else tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content) if info.isreg() else None)
    return target


@pytest.fixture
def archive(course: Course, shelf: Path) -> Path:
    return make_backup(course.dir, shelf).path


def test_a_good_archive_is_in_order(archive: Path):
    seen = verify(archive, deep=True)
    assert (seen.kind, seen.findings, seen.counts["documents"]) == ("archive", [], 2)
    assert [one.name for one in archive.parent.iterdir()] == [archive.name]


def test_a_file_that_is_missing_changed_or_added_is_named(archive: Path):
    def edit(data: dict[str, bytes]) -> None:
        del data["data/people.csv"]
        data["data/confirmations/aigul-s.jsonl"] += b"{}\n"
        data["data/" + DOCUMENT] = data.pop("data/" + DOCUMENT) + b" "
        manifest = data.pop("manifest.json")
        data["data/people/extra.txt"] = b"x"
        data["manifest.json"] = manifest

    seen = found(rewritten(archive, edit))
    assert seen[:4] == [
        ("wrong_hash", "confirmations/aigul-s.jsonl", ""),
        ("missing_file", "people.csv", ""),
        ("wrong_hash", DOCUMENT, ""),
        ("not_listed", "people/extra.txt", ""),
    ]


def test_an_archive_with_older_damage_says_so(course: Course, shelf: Path):
    for path in (course.dir / DOCUMENT).parent.glob("*.json*"):
        path.write_bytes(b"x")
    made = make_backup(course.dir, shelf)
    assert found(made.path) == [("document_damaged", "people/aigul-s/focus", "damaged")]


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.999])
def test_an_archive_that_was_cut_off_is_refused(archive: Path, part: float):
    data = archive.read_bytes()
    archive.write_bytes(data[: int(len(data) * part)])
    with pytest.raises(UstazError) as refused:
        verify(archive)
    assert (refused.value.id, refused.value.exit_code) == ("archive_damaged", 15)


@pytest.mark.parametrize("place", [0.05, 0.3, 0.6, 0.95])
def test_a_flipped_bit_is_found(archive: Path, place: float):
    data = bytearray(archive.read_bytes())
    data[int(len(data) * place)] ^= 0x10
    archive.write_bytes(bytes(data))
    assert run(["verify", str(archive)]) in (15, 16)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04 something",
        gzip.compress(b"words"),
        gzip.compress(b"\0" * 4096),
    ],
    ids=["empty", "zip", "words", "zeros"],
)
def test_another_file_is_not_an_archive(tmp_path: Path, data: bytes):
    path = tmp_path / "other.tar.gz"
    path.write_bytes(data)
    with pytest.raises(UstazError) as refused:
        verify(path)
    assert refused.value.exit_code in (15, 16)


def test_an_archive_of_a_newer_format_is_refused_with_advice(archive: Path):
    def newer(data: dict[str, bytes]) -> None:
        data["about.json"] = data["about.json"].replace(
            f'"format": {FORMAT}'.encode(), f'"format": {FORMAT + 1}'.encode()
        )

    with pytest.raises(UstazError) as refused:
        verify(rewritten(archive, newer))
    assert (refused.value.id, refused.value.exit_code) == ("newer", 16)


def test_every_finding_has_words() -> None:
    for level, message in FINDINGS.values():
        assert level in {"note", "problem"}
        assert message
