"""`ustaz book build`, and the offer of the commands that make a directory."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.courses import course_at
from ustaz.base.shipped import shipped
from ustaz.book import Built


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Build nothing; note where and which edition."""
    calls: list[tuple[str, str]] = []

    def build_all(out: Path, *, editions: tuple[str, ...], force: bool = False) -> list[Built]:
        calls.extend((str(out), edition) for edition in editions)
        seconds = 2.0 if force else 0.0
        pages = {"learner": 1, "facilitator": 12}
        return [
            Built(edition, "en", Path(out, "en"), pages[edition], seconds) for edition in editions
        ]

    monkeypatch.setattr("ustaz.book.build_all", build_all)
    return calls


@pytest.fixture
def hub(ustaz: Callable[..., Any], tmp_path: Path) -> Path:
    assert ustaz("hub", "init", tmp_path / "hub").code == 0
    return tmp_path / "hub"


def test_the_book_of_a_hub_lies_where_its_pages_look(
    ustaz: Callable[..., Any], hub: Path, built: list[tuple[str, str]]
) -> None:
    result = ustaz("book", "build", hub)
    assert result.code == 0
    assert built == [(str(hub / "book"), "learner"), (str(hub / "book"), "facilitator")]
    assert "Edition for learners (en): nothing has changed" in result.out
    assert f"The book is in {hub / 'book'}." in result.out
    result = ustaz("book", "build", hub, "--edition", "learner", "--force")
    assert "Edition for learners (en): 1 page\n" in result.out
    assert len(built) == 3


def test_a_course_has_a_book_of_its_own_unless_it_is_a_hubs(
    ustaz: Callable[..., Any], hub: Path, tmp_path: Path, built: list[tuple[str, str]]
) -> None:
    for folder in (hub / "courses" / "one", tmp_path / "two"):
        course_at(folder, folder.name, "A course", "person,name,role,group,school,lang,account\n")
    assert json.loads(ustaz("book", "build", hub / "courses" / "one", "--json").out) == {
        "directory": str(hub),
        "book": str(hub / "book"),
        "editions": [
            {"edition": "learner", "lang": "en", "pages": 1, "built": False},
            {"edition": "facilitator", "lang": "en", "pages": 12, "built": False},
        ],
    }
    ustaz("book", "build", tmp_path / "two")
    assert built[-1] == (str(tmp_path / "two" / "book"), "facilitator")


def test_what_is_neither_course_nor_hub_is_refused(
    ustaz: Callable[..., Any], tmp_path: Path, built: list[tuple[str, str]]
) -> None:
    result = ustaz("book", "build", tmp_path)
    assert (result.code, built) == (10, [])
    assert "is not a course directory" in result.err


def test_a_new_directory_offers_the_book(
    ustaz: Callable[..., Any], tmp_path: Path, built: list[tuple[str, str]]
) -> None:
    hub, course = tmp_path / "hub", tmp_path / "hub" / "courses" / "c"
    assert f"ustaz book build {hub}\n" in ustaz("hub", "init", hub).out
    assert "ustaz book" not in ustaz("hub", "init", tmp_path / "one", "--no-book").out
    # The one of the hub, and only as long as it has none.
    assert f"ustaz book build {hub}\n" in ustaz("new", course).out
    assert built == []
    result = ustaz("hub", "init", tmp_path / "two", "--book")
    assert (result.code, len(built)) == (0, 2)
    assert "ustaz book build" not in result.out
    assert json.loads(ustaz("hub", "init", tmp_path / "three", "--json").out)["courses"] == []


def test_a_book_that_is_there_is_not_offered(
    ustaz: Callable[..., Any], hub: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ustaz.book.place.state", lambda _: "ok")
    assert "ustaz book build" not in ustaz("new", hub / "courses" / "one").out


@pytest.mark.parametrize(("answer", "editions"), [(True, 2), (False, 0)])
def test_on_a_terminal_it_is_asked(
    ustaz: Callable[..., Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    built: list[tuple[str, str]],
    answer: bool,
    editions: int,
) -> None:
    asked: list[str] = []
    monkeypatch.setattr("ustaz.cli._book.on_a_terminal", lambda: True)
    monkeypatch.setattr("click.confirm", lambda text, **_: asked.append(text) or answer)
    result = ustaz("--lang", "ru", "hub", "init", tmp_path / "hub")
    assert asked == ["Собрать книгу сейчас? Это займёт полминуты."]
    assert len(built) == editions
    assert ("ustaz book build" in result.out) is not answer  # for later


def test_what_was_installed_is_never_written(
    ustaz: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An account that may, such as root, would change the package behind everybody's back."""
    packed = tmp_path / "_data"
    shutil.copytree(shipped("workbooks"), packed / "workbooks")
    (packed / "docs" / "schemas").mkdir(parents=True)
    notebook = packed / "workbooks" / "focus" / "focus.ipynb"
    notebook.write_text("of another nbformat", encoding="utf-8")
    monkeypatch.setattr("ustaz.base.shipped.PACKED", packed)
    assert shipped() == packed
    assert "Everything is up to date." in ustaz("workbook", "build").out
    assert notebook.read_text(encoding="utf-8") == "of another nbformat"
    assert list((packed / "docs" / "schemas").iterdir()) == []
