"""What may lie in a drop box, and the same laid before nbgrader's own collector."""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange.default import ExchangeCollect
from traitlets.config import Config

from tests.exchange.helpers import make_course, me, tree
from ustaz.course import Course
from ustaz.exchange import Refused, collect, dropbox, submit
from ustaz.exchange import files as exchange_files
from ustaz.exchange.model import ANSWERS_CAP

ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
needs_root = pytest.mark.skipif(not ROOT, reason="only root makes device nodes and changes owners")


@pytest.fixture
def sent(course: Course) -> Course:
    submit(course, "aigul-s", "mini", identity=me("aigul-s"))
    return course


def place(course: Course) -> Path:
    return dropbox.submissions_dir(course, "aigul-s", "mini") / "0001"


# -- nodes --------------------------------------------------------------------------------------
def link(path: Path) -> None:
    path.symlink_to("/etc/hostname")


def dangling(path: Path) -> None:
    path.symlink_to("/nowhere")


def circle(path: Path) -> None:
    path.symlink_to(path.name)


def hard_link(path: Path) -> None:
    secret = path.parents[5] / "secret.txt"
    secret.write_text("staff only")
    os.link(secret, path)


def fifo(path: Path) -> None:
    os.mkfifo(path)


def folder(path: Path) -> None:
    path.mkdir()


def unix_socket(path: Path) -> None:
    with contextlib.chdir(path.parent), socket.socket(socket.AF_UNIX) as one:
        one.bind(path.name)


def sparse(path: Path) -> None:
    with path.open("wb") as handle:
        handle.truncate(500_000)


def huge_and_sparse(path: Path) -> None:
    with path.open("wb") as handle:
        handle.truncate(1 << 40)


def oversized(path: Path) -> None:
    path.write_bytes(b" " * (ANSWERS_CAP + 1))


def device(major: int, minor: int, kind: int) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        os.mknod(path, 0o666 | kind, os.makedev(major, minor))

    return make


NODES: list[Any] = [
    pytest.param(link, ("not_a_file", "link"), id="a link to a file of the system"),
    pytest.param(dangling, ("not_a_file", "link"), id="a link to nothing"),
    pytest.param(circle, ("not_a_file", "link"), id="a link to itself"),
    pytest.param(hard_link, ("linked_file", "2"), id="a second name of a staff file"),
    pytest.param(fifo, ("not_a_file", "fifo"), id="a FIFO that nobody writes to"),
    pytest.param(folder, ("not_a_file", "directory"), id="a folder"),
    pytest.param(unix_socket, ("not_a_file", "socket"), id="a socket"),
    pytest.param(sparse, ("sparse", ""), id="a hole"),
    pytest.param(huge_and_sparse, ("too_large", str(1 << 40)), id="a hole of a terabyte"),
    pytest.param(oversized, ("too_large", str(ANSWERS_CAP + 1)), id="too many bytes"),
    pytest.param(
        device(1, 5, stat.S_IFCHR), ("not_a_file", "device"), id="/dev/zero", marks=needs_root
    ),
    pytest.param(
        device(1, 3, stat.S_IFCHR), ("not_a_file", "device"), id="/dev/null", marks=needs_root
    ),
    pytest.param(
        device(7, 0, stat.S_IFBLK), ("not_a_file", "device"), id="a disk", marks=needs_root
    ),
]


@pytest.mark.parametrize(("make", "expected"), NODES)
@pytest.mark.parametrize("name", ["answers.json", "round.json"])
def test_a_node_that_is_not_one_plain_file_is_refused_at_once(
    sent: Course, name: str, make: Callable[[Path], None], expected: tuple[str, str]
) -> None:
    path = place(sent) / name
    path.unlink()
    try:
        make(path)
    except PermissionError:
        pytest.skip("this container does not allow device nodes")
    if name == "round.json" and expected[0] == "sparse":
        expected = ("too_large", "500000")
    before = time.monotonic()
    report = collect(sent)
    assert time.monotonic() - before < 5
    assert report.refused == [("aigul-s", "mini", *expected)]
    assert not (sent.dir / "submitted" / "aigul-s" / "mini").exists()
    assert stat.S_IFMT(path.lstat().st_mode) != 0  # it lies where it lay


@pytest.mark.parametrize("level", ["round", "workbook", "person"])
@pytest.mark.parametrize("kind", ["link", "file", "fifo"])
def test_a_folder_that_is_none_is_refused(sent: Course, level: str, kind: str) -> None:
    path = {
        "round": place(sent),
        "workbook": place(sent).parent,
        "person": place(sent).parents[1],
    }[level]
    away = sent.dir / "away"
    path.rename(away)
    if kind == "link":
        path.symlink_to(away)
    elif kind == "file":
        path.write_text("")
    else:
        os.mkfifo(path)
    report = collect(sent)
    assert report.taken == []
    assert [one[2] for one in report.refused] == ["not_a_folder"]


def test_the_inbound_folder_itself_may_not_be_a_link(sent: Course) -> None:
    inbound = dropbox.inbound(sent)
    inbound.rename(sent.dir / "away")
    inbound.symlink_to(sent.dir / "away")
    with pytest.raises(Refused) as refused:
        collect(sent)
    assert refused.value.id == "not_a_folder"


def test_evidence_that_is_a_link_or_a_fifo_is_refused(course: Course) -> None:
    import hashlib

    evidence = course.people_dir / "aigul-s" / "mini" / "evidence"
    evidence.mkdir()
    data = b"a picture"
    name = hashlib.sha256(data).hexdigest()
    (evidence / name).write_bytes(data)
    submit(course, "aigul-s", "mini", identity=me("aigul-s"))
    inner = place(course) / "evidence"
    (inner / name).unlink()
    (inner / name).symlink_to("/etc/hostname")
    assert collect(course).refused == [("aigul-s", "mini", "not_a_file", "link")]
    (inner / name).unlink()
    inner.rmdir()
    inner.symlink_to(evidence)
    assert collect(course).refused == [("aigul-s", "mini", "not_a_folder", "")]


def test_extra_files_are_refused(sent: Course) -> None:
    (place(sent) / "notebook.ipynb").write_text("{}")
    assert collect(sent).refused == [("aigul-s", "mini", "unexpected_file", "")]
    (place(sent) / "more").write_text("")
    assert collect(sent).refused == [("aigul-s", "mini", "too_many_files", "")]


def test_a_file_that_cannot_be_opened_is_refused(
    sent: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.open

    def denied(name: Any, *rest: Any, **more: Any) -> int:
        if name == "answers.json":
            raise PermissionError(13, "no")
        return real(name, *rest, **more)

    monkeypatch.setattr(os, "open", denied)
    assert collect(sent).refused == [("aigul-s", "mini", "unreadable", "EACCES")]


def test_a_folder_that_cannot_be_opened_is_refused(
    sent: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.open

    def denied(name: Any, *rest: Any, **more: Any) -> int:
        if name == "0001":
            raise PermissionError(13, "no")
        return real(name, *rest, **more)

    monkeypatch.setattr(os, "open", denied)
    assert collect(sent).refused == [("aigul-s", "mini", "unreadable", "EACCES")]


@pytest.mark.parametrize("moment", ["gone", "link"])
def test_what_changes_between_looking_and_opening_is_noticed(
    sent: Course, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    real = os.stat
    path = place(sent) / "answers.json"

    def late(name: Any, *rest: Any, **more: Any) -> os.stat_result:
        status = real(name, *rest, **more)
        if name == "answers.json" and not path.is_symlink() and path.exists():
            path.unlink()
            if moment == "link":
                path.symlink_to("/etc/hostname")
        return status

    monkeypatch.setattr(os, "stat", late)
    expected = {"gone": ("missing_file", ""), "link": ("not_a_file", "link")}[moment]
    assert collect(sent).refused == [("aigul-s", "mini", *expected)]


def test_a_file_that_grows_while_it_is_read_is_refused(
    sent: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = place(sent) / "answers.json"
    real = exchange_files._read_all

    def slow(descriptor: int, cap: int) -> bytes:
        if path.exists():
            with path.open("ab") as handle:
                handle.write(b" ")
        return real(descriptor, cap)

    monkeypatch.setattr(exchange_files, "_read_all", slow)
    report = collect(sent)
    assert [one[2] for one in report.refused] == ["changed_while_reading"]


def test_the_cap_is_on_bytes_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_bytes(b"x" * 200_000)
    with exchange_files.open_folder(str(tmp_path)) as folder:
        assert len(exchange_files.read_file(folder, "file", 200_000)[0]) == 200_000
        # As if the size had been small when it was looked at.
        monkeypatch.setattr(exchange_files, "check_node", lambda *_: None)
        with pytest.raises(Refused) as refused:
            exchange_files.read_file(folder, "file", 100_000)
    assert refused.value.id == "too_large"


def test_a_file_system_without_holes_is_read_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_such_thing(*_: object) -> int:
        raise OSError(22, "Invalid argument")

    (tmp_path / "file").write_bytes(b"whole")
    (tmp_path / "empty").write_bytes(b"")
    monkeypatch.setattr(os, "lseek", no_such_thing)
    with exchange_files.open_folder(str(tmp_path)) as folder:
        assert exchange_files.read_file(folder, "file", 10)[0] == b"whole"
        assert exchange_files.read_file(folder, "empty", 10)[0] == b""


# -- owners -------------------------------------------------------------------------------------
@needs_root
def test_a_round_of_another_account_is_refused_at_every_level(sent: Course) -> None:
    for path in (
        place(sent) / "answers.json",
        place(sent) / "round.json",
        place(sent),
        place(sent).parent,
        place(sent).parents[1],
    ):
        os.chown(path, 12345, -1)
        report = collect(sent)
        assert report.refused in (
            [("aigul-s", "mini", "wrong_owner", "12345")],
            [("aigul-s", "", "wrong_owner", "12345")],
        ), path
        os.chown(path, os.geteuid(), -1)
    assert collect(sent).taken == [("aigul-s", "mini", 1)]


@needs_root
def test_in_the_persons_own_account_the_inode_tells_the_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import datetime as dt
    import pwd

    somebody = pwd.getpwnam("nobody")
    course = make_course(
        tmp_path / "course",
        roster="person,name,role,group,school,lang,account\n"
        "aigul-s,Aigul S.,participant,,,kk,nobody\n",
    )
    from tests.exchange.helpers import write

    write(course, "aigul-s", "mini", {"title": "Begun"})
    monkeypatch.setenv("USTAZ_NOW", "2016-01-01T00:00:00+00:00")
    submit(course, "aigul-s", "mini", identity=me("aigul-s"))
    for path in (place(course), *place(course).iterdir()):
        os.chown(path, somebody.pw_uid, -1)
        os.utime(path, (1, 1))
    monkeypatch.delenv("USTAZ_NOW")
    with exchange_files.open_folder(str(place(course).parent)) as shelf:
        from ustaz.exchange.validate import judge, owners_for

        frozen = judge(
            course, "aigul-s", "mini", 1, shelf, owners_for(course, course.person("aigul-s"))
        )
    assert abs(frozen.received_at - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=2)
    assert frozen.notes == ("claim_differs",)
    assert frozen.record.received_at.startswith("2016-01-01")
    (course.dir / "release" / "mini").mkdir(parents=True)
    (course.dir / "release" / "mini" / "mini.ipynb").write_text("{}")
    assert collect(course).taken == [("aigul-s", "mini", 1)]
    assert (
        not (course.dir / "submitted" / "aigul-s" / "mini" / "timestamp.txt")
        .read_text()
        .startswith("2016")
    )


# -- names --------------------------------------------------------------------------------------
HOSTILE_NAMES = [
    "..x", "C:", "con", "aux.", "a b", "a\nb", "a\tb", "Aigul-S", "AIGUL-S", "aigul-s ", "aigul-s.",
    "-aigul", ".aigul", "a" * 33, "é", "e\u0301", "аigul-s", "*", "?", "~", "$HOME", "`id`",
    "%2e%2e",
    "aigul-s+mini+2026", "\u202egnp.exe", "\x1b[2J", "x" * 250,
]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    name=st.text(
        st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=60
    ).filter(lambda name: name not in {".", ".."} and len(name.encode()) < 255)
)
@example(name="aigul-s\n")
def test_no_name_in_the_drop_box_leads_anywhere_else(
    tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    root = tmp_path_factory.mktemp("names")
    course = make_course(root / "course")
    for path in (
        dropbox.inbound(course) / name / "mini" / "0001",
        dropbox.inbound(course) / "aigul-s" / name / "0001",
        dropbox.inbound(course) / "aigul-s" / "mini" / name,
    ):
        path.mkdir(parents=True, exist_ok=True)
    before = tree(root)
    report = collect(course)
    assert report.taken == []
    assert tree(root) == before
    for person, workbook, *_ in report.refused:
        assert (person + workbook).isprintable()


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_hostile_name_is_listed_and_passed_over(sent: Course, name: str) -> None:
    try:
        (dropbox.inbound(sent) / name / "mini" / "0001").mkdir(parents=True)
    except OSError:
        pytest.skip("this file system does not know the name")
    report = collect(sent)
    assert report.taken == [("aigul-s", "mini", 1)]
    assert len(report.refused) == 1
    assert report.refused[0][2] in {"bad_name", "unknown_person"}


def test_a_drop_box_with_too_many_entries_is_refused(
    sent: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ustaz.exchange import collecting

    for number in range(5):
        (dropbox.inbound(sent) / f"x{number}").mkdir()
    monkeypatch.setattr(collecting, "MOST_NAMES", 3)
    with pytest.raises(Refused) as refused:
        collect(sent)
    assert refused.value.id == "too_many_files"


# -- the same before nbgrader's own collector -----------------------------------------------------
class Stock:
    """nbgrader's file exchange with one submission in its inbound folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.inbound = root / "exchange" / "trial" / "inbound"
        self.inbound.mkdir(parents=True)
        (root / "course").mkdir()
        (root / "exchange").chmod(0o777)

    def submission(self, person: str = "aigul-s", when: str = "2026-11-23 09:00:00 UTC") -> Path:
        path = self.inbound / f"{person}+mini+{when}"
        path.mkdir()
        (path / "timestamp.txt").write_text(when)
        (path / "mini.ipynb").write_text("{}")
        (path / "answers.json").write_text("{}")
        return path

    def collect(self) -> Path:
        config = Config()
        config.CourseDirectory.root = str(self.root / "course")
        config.CourseDirectory.course_id = "trial"
        config.CourseDirectory.assignment_id = "mini"
        config.CourseDirectory.db_url = "sqlite:///:memory:"
        config.Exchange.root = str(self.root / "exchange")
        logging.getLogger("traitlets").setLevel(logging.CRITICAL)
        ExchangeCollect(coursedir=CourseDirectory(config=config), config=config).start()
        return self.root / "course" / "submitted"


@pytest.fixture
def stock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stock]:
    monkeypatch.setattr("nbgrader.api.get_alembic_version", lambda: "head")
    return Stock(tmp_path / "stock")


def test_the_stock_collector_follows_a_link_to_a_staff_file(stock: Stock) -> None:
    secret = stock.root / "secret.txt"
    secret.write_text("staff only")
    path = stock.submission()
    (path / "answers.json").unlink()
    (path / "answers.json").symlink_to(secret)
    taken = stock.collect()
    assert (taken / "aigul-s" / "mini" / "answers.json").read_text() == "staff only"


def test_the_stock_collector_takes_a_second_name_of_a_file(stock: Stock) -> None:
    secret = stock.root / "secret.txt"
    secret.write_text("staff only")
    path = stock.submission()
    (path / "answers.json").unlink()
    os.link(secret, path / "answers.json")
    assert (stock.collect() / "aigul-s" / "mini" / "answers.json").read_text() == "staff only"


@needs_root
def test_the_stock_collector_only_warns_of_a_wrong_owner(stock: Stock) -> None:
    path = stock.submission("olga-p")
    os.chown(path, 12345, -1)
    assert (stock.collect() / "olga-p" / "mini" / "answers.json").exists()


def test_the_stock_collector_believes_the_folders_name_and_its_time(stock: Stock) -> None:
    stock.submission("director", "1999-01-01 00:00:00 UTC")
    taken = stock.collect() / "director" / "mini"
    assert (taken / "timestamp.txt").read_text().startswith("1999")


def test_the_stock_collector_takes_damaged_answers_and_any_other_file(stock: Stock) -> None:
    path = stock.submission()
    (path / "answers.json").write_text('{"a":1,"a":NaN')
    (path / "evil.sh").write_text("rm -rf /")
    taken = stock.collect() / "aigul-s" / "mini"
    assert (taken / "evil.sh").exists()
    assert (taken / "answers.json").exists()


def test_the_stock_collector_takes_the_participants_own_notebook(stock: Stock) -> None:
    (stock.submission() / "mini.ipynb").write_text("import os")
    assert (stock.collect() / "aigul-s" / "mini" / "mini.ipynb").read_text() == "import os"


def test_the_stock_collector_takes_a_hole_for_content(stock: Stock) -> None:
    sparse(stock.submission() / "answers.json")
    assert (stock.collect() / "aigul-s" / "mini" / "answers.json").stat().st_size == 500_000


def test_the_stock_collector_stumbles_over_a_fifo(stock: Stock) -> None:
    import shutil

    path = stock.submission()
    os.mkfifo(path / "pipe")
    with pytest.raises(shutil.Error):
        stock.collect()
