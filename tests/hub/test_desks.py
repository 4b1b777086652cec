"""What a desk is made of: its home, its number, its settings, the folders that a course shares."""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from tests.hub.helpers import ROSTER, make_course
from ustaz.backup import make_backup, restore
from ustaz.base import desk
from ustaz.base.errors import UstazError
from ustaz.course import Course
from ustaz.course.nbgrader_config import db_url, nbgrader_config
from ustaz.exchange import collect
from ustaz.hub import desks
from ustaz.hub.server import create
from ustaz.hub.walls import View


def test_a_number_is_given_once_and_kept(tmp_path: Path) -> None:
    hub = create(tmp_path / "hub")
    first = desks.number(hub, "desk a/")
    assert desk.is_desk(first)
    assert desks.number(hub, "desk b/") == first + 1
    assert desks.number(hub, "desk a/") == first
    assert not desk.is_desk(0)


@pytest.mark.parametrize("account", ["..", "a/b", ".", "", "a\0b", "x" * 201])
def test_an_account_that_is_no_name_of_a_folder_has_no_home(tmp_path: Path, account: str) -> None:
    hub = create(tmp_path / "hub")
    with pytest.raises(UstazError):
        desks.home(hub, account, "")


def test_a_home_of_former_days_moves_to_its_new_place(tmp_path: Path) -> None:
    hub = create(tmp_path / "hub")
    former = hub.state / "homes" / "dina-f"
    former.mkdir(parents=True)
    (former / "mine.txt").write_text("kept")
    home = desks.make_home(hub, "dina-f", "", None)
    assert (home / "mine.txt").read_text() == "kept"
    assert not former.exists()
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "text",
    [
        '[course]\nid = "a"\n[storage]\ndatabase = "postgresql://u:secret@h/d"\n[x]\ny = 1\n',
        '[storage] # where\ndatabase = "postgresql://u:secret@h/d"\n\n[course]\nid = "a"\n',
        '[ storage ]\ndatabase = "postgresql://u:secret@h/d"\n[storage.more]\na = "secret"\n',
    ],
)
def test_settings_at_a_desk_do_not_say_where_the_course_is_stored(text: str) -> None:
    assert "secret" not in desks.without_storage(text)


@pytest.mark.parametrize(
    "text", ['storage = { database = "secret" }\n', 'storage.database = "secret"\n[course]\n']
)
def test_settings_that_cannot_be_told_apart_are_refused(text: str) -> None:
    with pytest.raises(UstazError) as refused:
        desks.without_storage(text)
    assert refused.value.id == "desk_settings"


@pytest.mark.parametrize("mistake", ["[course\n", "[course]\nid = 1\n", "\0\xff"])
def test_a_new_desk_starts_with_the_last_good_settings(course: Course, mistake: str) -> None:
    hub = create(course.dir.parent / "hub")
    good = (course.dir / "ustaz.toml").read_text()
    Course.open(course.dir, going_on=True)  # keeps them
    (course.dir / "ustaz.toml").write_text(mistake, encoding="latin-1")
    running = Course.open(course.dir, going_on=True)
    own = desks.make_home(hub, "saule-m", "trial", None)
    seen = desks.view(hub, "saule-m", "trial", own, running)
    assert seen.read[course.dir / "ustaz.toml"].read_text() == desks.without_storage(good)
    desks.make_folders(running, None)
    desks.open_the_way(hub, running, os.getgid())


@pytest.mark.parametrize("mistake", ["c = get_config(\n", "if True:\nc = 1\n", "\xff"])
def test_a_new_desk_has_the_last_good_configuration_of_nbgrader(
    course: Course, mistake: str
) -> None:
    hub = create(course.dir.parent / "hub")
    path = course.dir / "nbgrader_config.py"
    good = "c = get_config()\nc.CourseDirectory.course_id = 'kept'\n"
    path.write_text(good)
    nbgrader_config(course)  # keeps it
    path.write_text(mistake, encoding="latin-1")
    own = desks.make_home(hub, "saule-m", "trial", None)
    seen = desks.view(hub, "saule-m", "trial", own, course)
    assert seen.read[path].read_text().startswith(good)


def test_a_desk_without_walls_reads_no_broken_settings_that_may_hold_the_database(
    course: Course,
) -> None:
    hub = create(course.dir.parent / "hub")
    (course.dir / "ustaz.toml").write_text('[storage\ndatabase = "postgresql://u:secret@h/d"\n')
    desks.make_folders(course, None)
    with pytest.raises(UstazError) as refused:
        desks.open_the_way(hub, course, os.getgid())
    assert refused.value.id == "desk_settings"
    assert stat.S_IMODE((course.dir / "ustaz.toml").stat().st_mode) & 0o077 == 0


@pytest.fixture
def course(tmp_path: Path) -> Course:
    made = make_course(tmp_path / "course", "trial", ROSTER)
    with closing(sqlite3.connect(made.dir / "gradebook.db")) as book:
        book.execute("create table marks (n)")
        book.execute("insert into marks values (7)")
        book.commit()
    return made


def marks(path: Path) -> list[tuple[int]]:
    with closing(sqlite3.connect(path)) as book:
        return book.execute("select n from marks").fetchall()


def test_the_gradebook_moves_once_and_is_found_at_either_place(course: Course) -> None:
    config = nbgrader_config(course)
    assert db_url(course, config).endswith("/course/gradebook.db")
    for _ in range(2):
        desk.enclose(course.dir)
        assert marks(course.dir / "gradebook" / "gradebook.db") == [(7,)]
        assert not (course.dir / "gradebook.db").exists()
    assert db_url(course, config).endswith("/course/gradebook/gradebook.db")


def test_a_backup_has_the_gradebook_where_every_version_looks_for_it(
    course: Course, tmp_path: Path
) -> None:
    desk.enclose(course.dir)
    shelf = tmp_path / "backups"
    shelf.mkdir()
    made = make_backup(course.dir, shelf)
    restore(made.path, tmp_path / "back")
    assert marks(tmp_path / "back" / "gradebook.db") == [(7,)]
    assert not (tmp_path / "back" / "gradebook").exists()


def test_a_gradebook_that_became_a_link_is_not_opened(course: Course, tmp_path: Path) -> None:
    desk.enclose(course.dir)
    book = course.dir / "gradebook" / "gradebook.db"
    book.rename(tmp_path / "elsewhere.db")
    book.symlink_to(tmp_path / "elsewhere.db")
    with pytest.raises(UstazError) as refused:
        db_url(course, nbgrader_config(course))
    assert refused.value.id == "link"


@pytest.mark.parametrize("place", ["autograded/a", "submitted/a/focus", "feedback/a/focus/x.html"])
def test_links_in_nbgraders_folders_are_refused(course: Course, place: str, tmp_path: Path) -> None:
    desk.refuse_links(course.dir, "focus")
    link = course.dir / place
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(tmp_path)
    with pytest.raises(UstazError) as refused:
        desk.refuse_links(course.dir, "focus")
    assert refused.value.id == "link"


def test_sharing_follows_no_link_and_opens_to_nobody_else(course: Course, tmp_path: Path) -> None:
    kept = tmp_path / "secret"
    kept.write_text("x")
    kept.chmod(0o600)
    folder = course.dir / "submitted" / "a"
    folder.mkdir(mode=0o700, parents=True)
    (folder / "link").symlink_to(kept)
    (folder / "file").write_text("x")
    (folder / "file").chmod(0o600)
    desk.share(course.dir, os.getgid())
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o2770
    assert stat.S_IMODE((folder / "file").stat().st_mode) == 0o660


def test_at_a_desk_what_needs_answers_is_refused(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(desk.DESK_ENV, str(course.dir))
    with pytest.raises(UstazError) as refused:
        collect(course)
    assert refused.value.id == "at_desk"


def test_a_program_is_never_shown_out_of_a_private_place(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("ustaz.hub.walls.programs", lambda: [tmp_path, tmp_path.parent])
    words = View(private=[tmp_path]).command(Path("/"))
    bound = [words[at + 1] for at, word in enumerate(words) if word == "--ro-bind"]
    assert str(tmp_path) not in bound
    assert str(tmp_path.parent) in bound
