"""Whatever a person or nbgrader called a file is in the archive; what is not in it is named."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.backup import helpers
from ustaz.admin.edited_files import LEDGERS
from ustaz.backup import make_backup, restore, verify
from ustaz.backup.names import MAX_DEPTH, is_ledger, is_our_database, reason, safe, shown
from ustaz.cli._app import run
from ustaz.course import Course

#: Names as people, systems and nbgrader make them.
EVERYDAY = [
    "Тапсырма №1.ipynb",
    "Урок – 2.ipynb",
    "Урок «3» — копия.ipynb",
    "а…б.txt",
    "Screenshot at 10.12.33\u202fPM.png",
    "No\u00a05.txt",
    "20°.csv",
    "price 5€.csv",
    "2×3.md",
    "📗 👩\u200d🏫.md",
    "“q” ‘r’.txt",
    "a:b.txt",
    "a\\b.txt",
    '50% * ? | < > ".txt',
    "`x`.txt",
    "Ө" * 105 + ".md",
    "ә" * 127,
    " leading and trailing ",
    "ends with a dot.",
    "cafe\u0301.txt",
    "café.txt",
    "CON",
    "-rf",
    "bidi\u200e\u200f.txt",
    "data.log",
    "notes.tmp",
    ".tmp-notes",
    "plan.md~",
    ".plan.md.swp",
    "uv.lock",
    "server.pid",
    "answers.json.tmp",
    "x.db-journal",
    "journal.jsonl",
    "log",
    "venv",
    os.fsdecode("Урок.txt".encode("cp866")),
]
#: Folders in which people, staff and nbgrader keep what they like.
FOLDERS = [
    "source/lesson",
    "source/venv",
    "logs",
    ".git/objects",
    "people/aigul-s/focus/evidence",
    "people/aigul-s/My notes",
    "submitted/aigul-s/ps1",
    "exchange/nbgrader/server-trial/inbound/aigul-s+ps1+2026-11-23 09:05:00.123456 UTC+x",
    "exchange/cache/server-trial/aigul-s+ps1+2026-11-23 09:05:00.123456 UTC",
]


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_name_that_is_no_trick_comes_back(
    course: Course, shelf: Path, tmp_path: Path, folder: str
):
    (course.dir / folder).mkdir(parents=True)
    for number, name in enumerate(EVERYDAY):
        (course.dir / folder / name).write_text(str(number), encoding="utf-8")
    made = make_backup(course.dir, shelf)
    assert made.findings == []
    back = restore(made.path, tmp_path / "back")
    assert back.verified.findings == []
    expected = {name: str(number) for number, name in enumerate(EVERYDAY)}
    # The store's own half-written copy of a document is known by its place.
    if folder.startswith("people/"):
        del expected["answers.json.tmp"]
    restored = (back.directory / folder).iterdir()
    assert {one.name: one.read_text("utf-8") for one in restored} == expected


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(
        st.text(
            st.characters(exclude_characters="/", exclude_categories=["Cc", "Cs"]), min_size=1
        ).filter(lambda name: name not in {".", ".."} and len(name.encode()) <= 255),
        min_size=1,
        max_size=3,
    ).map("/".join)
)
def test_no_name_of_a_person_is_taken_for_ours_or_a_trick(tmp_path: Path, name: str):
    inner = f"source/lesson/{name}"
    assert safe(inner)
    known = {"__pycache__", ".ipynb_checkpoints", ".cache", "node_modules", ".venv"}
    if name.rpartition("/")[2] not in known:
        assert reason(tmp_path / "x", inner, folder=False, course=True) == ""


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "/etc/passwd",
        "a//b",
        "a/../b",
        "a/.",
        "a/",
        "a\0b",
        "a\nb",
        "a\x1b[31m",
        "a\x85b",
        "ә" * 128,
        "/".join("x" * (MAX_DEPTH + 1)),
        "/".join(["x" * 200] * 18),
        "a\ud800b",
    ],
)
def test_a_trick_is_never_unpacked(name: str):
    assert not safe(name)


def test_what_our_programs_leave_is_left_out_by_name_and_named(
    course: Course, shelf: Path, capsys: pytest.CaptureFixture[str]
):
    (course.dir / "state").mkdir(exist_ok=True)
    ours = {
        "state/serve.pid": "lock",
        "exchange/inbound/.0001.ab12cd34.tmp": "temporary",
        "confirmations/aigul-s.lock": "lock",
        "gradebook.db-wal": "temporary",
        ".nbgrader.log": "log",
        ".nfs000000000012ab3400000001": "temporary",
    }
    for name in ours:
        (course.dir / name).touch()
    made = make_backup(course.dir, shelf)
    named = {place: why for why, places in made.left_out.items() for place in places}
    assert ours.items() <= named.items()
    assert made.whole
    assert run(["backup", str(course.dir), str(shelf)]) == 0
    said = capsys.readouterr().out
    assert all(name in said for name, why in ours.items() if why != "lock")
    assert ".venv" in said


@pytest.mark.parametrize("command", ["verify", "restore"])
def test_an_incomplete_archive_is_never_in_order(
    course: Course, shelf: Path, tmp_path: Path, command: str, capsys: pytest.CaptureFixture[str]
):
    (course.dir / "source" / "bad\x1bname.txt").write_text("x", encoding="utf-8")
    assert run(["backup", str(course.dir), str(shelf)]) == 5
    archive = next(iter(shelf.iterdir()))
    target = [str(tmp_path / "back")] if command == "restore" else []
    assert run([command, str(archive), *target]) == 15
    assert r"source/bad\x1bname.txt" in capsys.readouterr().out


def test_a_link_that_was_left_out_is_named_by_whoever_looks_at_the_archive(
    course: Course, shelf: Path
):
    (course.dir / "source" / "link").symlink_to("/etc")
    archive = make_backup(course.dir, shelf).path
    assert [(one.id, one.place) for one in verify(archive).findings] == [
        ("not_a_file", "source/link")
    ]
    assert run(["verify", str(archive)]) == 4


def test_what_lies_beside_a_hubs_courses_is_kept_too(hub: Path, shelf: Path, tmp_path: Path):
    half = hub / "courses" / "half-made"
    half.mkdir()
    (half / "people.csv").write_text("id\n", encoding="utf-8")
    (hub / "courses" / "notes.txt").write_text("mine", encoding="utf-8")
    back = restore(make_backup(hub, shelf).path, tmp_path / "back").directory
    assert (back / "courses" / "half-made" / "people.csv").read_text("utf-8") == "id\n"
    assert (back / "courses" / "notes.txt").read_text("utf-8") == "mine"


def test_what_a_list_would_obey_is_shown_escaped():
    assert shown("а/b\u202egpj.exe") == r"а/b\u202egpj.exe"
    assert shown("Урок «1» №2") == "Урок «1» №2"
    assert shown(os.fsdecode(b"\x91")).isascii()


@pytest.mark.parametrize("shared", [False, True])
def test_the_book_of_a_hub_is_built_again_and_not_kept(
    hub: Path, shelf: Path, tmp_path: Path, shared: bool
):
    book = tmp_path / "site" if shared else hub / "book"
    (book / "en").mkdir(parents=True)
    (book / "en" / "index.html").write_text("<p>Book", encoding="utf-8")
    if shared:
        (hub / "book").symlink_to(book)
    made = make_backup(hub, shelf)
    assert "book" in made.left_out["book"]
    assert not made.findings
    assert not (restore(made.path, tmp_path / "back").directory / "book").exists()


def test_the_whole_course_of_the_tests_is_kept_but_for_what_is_made_again(
    course: Course, shelf: Path
):
    made = make_backup(course.dir, shelf)
    assert set(made.left_out) == {"book", "cache", "environment", "lock", "log", "temporary"}
    assert helpers.tree(course.dir)


def test_every_ledger_and_the_gradebook_at_either_place_are_looked_at():
    for folder in (*LEDGERS, "state"):
        assert is_ledger(f"{folder}/aigul-s.jsonl", course=True), folder
    assert not is_ledger("source/lesson/words.jsonl", course=True)
    for name in ("gradebook.db", "gradebook/gradebook.db"):
        assert is_our_database(name, course=True)
    assert not is_our_database("source/lesson/words.db", course=True)
