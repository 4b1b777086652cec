"""The book of a directory: which one it is, how it stands, and that it is never away."""

from __future__ import annotations

import os
import threading
from importlib import import_module
from pathlib import Path

import pytest

from tests.book.conftest import ROOT, Sample
from tests.support.books import published
from ustaz.book import BookError, build
from ustaz.book.build import LOCK, STAMP, source_root
from ustaz.book.exchange import put_in_place
from ustaz.book.place import BOOK_ENV, book_folder, build_command, home_of, state
from ustaz.book.settings import LANGUAGES
from ustaz.book.sphinx_run import Edition

#: The module; the package exports the function of the same name.
BUILDING = import_module("ustaz.book.build")


def test_a_book_is_missing_or_whole_or_of_another_version(tmp_path: Path) -> None:
    assert state(tmp_path) == "missing"
    published(tmp_path)
    assert state(tmp_path) == "ok"
    (tmp_path / "en" / STAMP).write_text("of yesterday")
    assert state(tmp_path) == "old"
    (tmp_path / "en" / STAMP).unlink()  # by a version that wrote none
    assert state(tmp_path) == "old"
    (tmp_path / "facilitator" / "en" / "index.html").unlink()
    assert state(tmp_path) == "missing"


def test_a_changed_source_makes_a_book_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sample = Sample(tmp_path)
    monkeypatch.setattr(BUILDING, "shipped", lambda: sample.root)
    assert source_root() == sample.root
    published(sample.out)
    assert state(sample.out) == "ok"
    sample.edit("book/modules/first.md", "Do not hurry.", "Do not hurry so.")
    assert state(sample.out) == "old"


def test_the_book_of_a_course_in_a_hub_is_the_hubs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = tmp_path / "my hub"
    course = hub / "courses" / "one"
    course.mkdir(parents=True)
    assert home_of(course) == course
    (hub / "ustaz-hub.toml").write_text("", encoding="utf-8")
    assert home_of(course) == hub
    assert home_of(hub / "drill" / "courses" / "one") != hub  # a restored copy elsewhere
    assert build_command(hub, book_folder(hub)) == f"ustaz book build '{hub}'"
    monkeypatch.setenv(BOOK_ENV, str(tmp_path / "site"))
    assert book_folder(hub) == tmp_path / "site"
    said = build_command(hub, book_folder(hub))
    assert said == f"{BOOK_ENV}={tmp_path / 'site'} ustaz book build '{hub}'"


@pytest.mark.parametrize("at_once", [True, False])
def test_a_new_edition_takes_the_place_of_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: bool
) -> None:
    if not at_once:  # a file system that cannot exchange names
        monkeypatch.setattr("ustaz.book.exchange._exchange", lambda *_: False)
    place = tmp_path / "en"
    for number in range(3):
        fresh = tmp_path / "fresh"
        fresh.mkdir()
        (fresh / "index.html").write_text(str(number))
        put_in_place(fresh, place, tmp_path / f"old{number}")
        assert (place / "index.html").read_text() == str(number)
        assert not fresh.exists()
    assert (tmp_path / "old2" / "index.html").read_text() == "1"


def test_at_no_moment_is_there_no_edition(tmp_path: Path) -> None:
    place, page = tmp_path / "en", tmp_path / "en" / "index.html"
    published(tmp_path)
    seen, stop = [], threading.Event()

    def read() -> None:
        while not stop.is_set():
            seen.append(page.exists())

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(300):
        fresh = tmp_path / "fresh"
        fresh.mkdir()
        (fresh / "index.html").write_text(str(number))
        put_in_place(fresh, place, tmp_path / f"old{number}")
    stop.set()
    reader.join()
    assert seen
    assert all(seen)


def test_what_cannot_be_put_in_place_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ustaz.book.exchange._exchange", lambda *_: False)
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "index.html").write_text("old")
    with pytest.raises(OSError, match="No such file"):
        put_in_place(tmp_path / "gone", tmp_path / "en", tmp_path / "old")
    assert (tmp_path / "en" / "index.html").read_text() == "old"


def test_two_builds_of_one_site_do_not_meet(sample: Sample) -> None:
    from filelock import FileLock

    sample.out.mkdir()
    with FileLock(sample.out / LOCK), pytest.raises(BookError) as caught:
        sample.build("learner")
    assert (caught.value.id, caught.value.exit_code) == ("busy", 11)


def test_what_a_killed_build_left_goes_with_the_next_one(sample: Sample) -> None:
    left = sample.out / ".book-killed"
    left.mkdir(parents=True)
    (left / "half.html").write_text("half")
    sample.build("learner")
    assert not left.exists()


def test_without_the_programs_it_is_said_which_are_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BUILDING, "NEEDED", ("sphinx", "sphinxcontrib.no_such"))
    with pytest.raises(BookError) as caught:
        build(tmp_path)
    assert caught.value.id == "no_book_tools"
    assert "pip install 'ustaz[book]'" in caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_everything_that_pages_are_made_of_is_watched() -> None:
    from ustaz.book.build import _inputs

    edition = Edition("facilitator", "kk", "", LANGUAGES)
    names = {name for name, _ in _inputs(ROOT, edition)}
    assert {"_config.yml", "_toc.facilitator.yml", "book/index.md", "package/build.py"} <= names
    assert "locale/kk/LC_MESSAGES/ustaz.po" in names
    assert os.fspath(ROOT) not in "".join(names)  # the same in a wheel
