"""The zip that people carry home on a stick."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from tests.book.conftest import Sample
from ustaz.book import BookError
from ustaz.book.__main__ import main
from ustaz.book.pack import pack, pack_folder

TOP = "ustaz-book-learner"


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    one = Sample(tmp_path_factory.mktemp("pack"))
    return pack(one.out, source=one.root)


@pytest.fixture(scope="module")
def stick(packed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stick")
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(folder)
    return folder / TOP


def test_everything_lies_under_one_folder_and_the_entrance_on_top(packed):
    with zipfile.ZipFile(packed) as archive:
        names = archive.namelist()
        assert archive.testzip() is None
    assert packed.name == f"{TOP}.zip"
    assert {name.split("/")[0] for name in names} == {TOP}
    assert f"{TOP}/index.html" in names
    assert f"{TOP}/en/modules/first.html" in names
    assert names == sorted(names)
    assert not [name for name in names if name.endswith(".built")]


def test_nothing_in_it_leads_to_the_top_of_a_server_or_out_of_the_folder(stick):
    for page in stick.rglob("*.html"):
        for link in re.findall(r'(?:href|src|action|content)="([^"]*)"', page.read_text()):
            assert not link.startswith("/"), (page.name, link)
            if link.startswith("../"):
                target = (page.parent / link.split("#")[0]).resolve()
                assert target.is_relative_to(stick.resolve()), (page.name, link)


def test_the_learners_zip_holds_no_word_for_facilitators(stick):
    text = "".join(path.read_bytes().decode("utf-8", "replace") for path in stick.rglob("*.*"))
    assert "canary" not in text


def test_the_same_sources_give_the_same_bytes(packed, tmp_path):
    again = Sample(tmp_path)
    assert pack(again.out / "other.zip", source=again.root).read_bytes() == packed.read_bytes()


def test_a_place_that_cannot_be_written_is_named_in_one_line(tmp_path, capsys):
    (tmp_path / "site").mkdir()
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(BookError) as caught:
        pack_folder(tmp_path / "site", tmp_path / "file" / "book.zip", TOP)
    assert caught.value.id == "not_written"
    assert "book.zip" in caught.value.message


def test_the_command_says_where_the_zip_is_and_how_large(monkeypatch, tmp_path, capsys):
    made = tmp_path / "book.zip"
    made.write_bytes(b"x" * 2000)
    monkeypatch.setattr("ustaz.book.__main__.pack", lambda *_, **__: made)
    assert main(["pack", str(tmp_path)]) == 0
    assert capsys.readouterr().out == f"{made}: 2 kB\n"


@pytest.mark.browser
def test_from_the_stick_pages_questions_and_search_work(stick):
    from tests.support.browser import PHONE, Watch, browser

    with browser() as chromium:
        context = chromium.new_context(viewport=PHONE)
        watch = Watch(context)
        page = context.new_page()
        page.goto((stick / "index.html").as_uri())
        page.wait_for_url("**/en/index.html")
        page.goto((stick / "en/modules/first.html").as_uri())
        page.locator(".uz-quiz input").first.check()
        page.get_by_role("button", name="Check", exact=True).first.click()
        assert page.locator(".uz-status").first.inner_text() != ""
        page.goto((stick / "en/search.html").as_uri() + "?q=timetable")
        page.locator("#search-results a").first.click()
        page.get_by_role("heading", name="The first module", level=1).wait_for()
        assert watch.errors == []
        assert watch.outside == []
        context.close()
