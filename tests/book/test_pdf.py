"""The whole book on paper."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.book.conftest import Sample
from tests.support.browser import chromium
from ustaz.book.__main__ import main
from ustaz.book.pdf import whole_book


@pytest.fixture(scope="module")
def whole(sample_site: Path) -> str:
    return whole_book(sample_site / "facilitator/en")


def test_all_pages_follow_each_other_in_the_order_of_reading(whole):
    found = re.findall(r'<section class="uz-page" id="([^"]*)"', whole)
    assert found == [
        "index",
        "modules-first",
        "notes-index",
        "notes-first",
        "glossary",
        "references",
    ]


def test_links_inside_the_book_lead_to_places_of_the_one_page(whole):
    ids = re.findall(r'\sid="([^"]*)"', whole)
    links = re.findall(r'<a[^>]*href="([^"]*)"', whole)
    assert len(ids) == len(set(ids))
    inside = [link for link in links if not link.startswith("http")]
    assert "#modules-first" in inside
    assert [link for link in inside if link[:1] != "#" or link[1:] not in ids] == []


def test_every_remark_is_open_and_there_is_no_script(whole):
    assert "<details open" in whole
    assert not re.search(r"<details(?! open)", whole)
    assert "<script" not in whole


def test_a_hint_keeps_its_word_on_paper(whole):
    assert '<details open class="uz-fold uz-fold-hint"><summary>Hint 1 of 2</summary>' in whole
    assert ".uz-page .uz-feedback > summary { display: none; }" in whole


def test_pictures_are_where_the_page_looks_for_them(site):
    text = whole_book(site / "en")
    pictures = re.findall(r'<img[^>]*src="([^"]*)"', text)
    assert pictures
    assert [one for one in pictures if not (site / "en" / one).is_file()] == []


def test_without_chromium_one_line_says_what_to_do(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("CHROMIUM", "no-such-browser")
    assert main(["pdf", str(tmp_path)]) == 1
    said = capsys.readouterr().err.strip()
    assert said.startswith("Printing the book needs Chromium")
    assert "\n" not in said
    assert list(tmp_path.iterdir()) == []


def test_a_browser_that_fails_leaves_no_pdf_and_says_why(monkeypatch, tmp_path, capsys):
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\necho out of paper >&2\nexit 3\n")
    broken.chmod(0o755)
    monkeypatch.setenv("CHROMIUM", str(broken))
    one = Sample(tmp_path)
    assert main(["pdf", str(tmp_path / "a.pdf"), "--source", str(one.root)]) == 1
    assert "out of paper" in capsys.readouterr().err
    assert not (tmp_path / "a.pdf").exists()


@pytest.mark.browser
def test_the_pdf_is_tagged_has_an_outline_and_a_language(tmp_path, capsys):
    if chromium() is None:
        pytest.skip("no Chromium found (set CHROMIUM)")
    one = Sample(tmp_path)
    assert main(["pdf", str(tmp_path / "out"), "--source", str(one.root)]) == 0
    path = tmp_path / "out" / "ustaz-book-learner-en.pdf"
    assert capsys.readouterr().out.startswith(f"{path}: ")
    data = path.read_bytes()
    assert data.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in data
    assert b"/Marked true" in data
    assert b"/Lang (en)" in data
    assert b"/Outlines" in data
    assert b"/Title (The first module" in data
    assert len(re.findall(rb"/Type /Page\b", data)) >= 4
