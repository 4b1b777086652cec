"""A page in another language: whole or announced, with the same anchors as the English one."""

from __future__ import annotations

import json
import re
from pathlib import Path

import polib
import pytest

from tests.book.conftest import Sample
from ustaz.book.build import build_all
from ustaz.catalogs.book import write_book
from ustaz.messages._catalogs import catalog_path

FIRST = "modules/first.html"


@pytest.fixture
def book(sample: Sample, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Sample:
    monkeypatch.setenv("USTAZ_CACHE", str(tmp_path / "cache"))
    write_book(sample.root)
    return sample


def translate(root: Path, page: str, *, leave: str = "") -> None:
    """Translate a page by a word before each text; leave one text open."""
    path = catalog_path("kk", f"book/{page}", root / "locale")
    catalogue = polib.pofile(str(path))
    for entry in catalogue:
        if entry.msgid != leave:
            entry.msgstr = f"Қ {entry.msgid}"
    catalogue.save(str(path))


def kazakh(book: Sample) -> str:
    build_all(book.out, editions=("learner",), langs=("en", "kk"), source=book.root)
    return (book.out / "kk" / FIRST).read_text(encoding="utf-8")


def anchors(text: str) -> list[str]:
    article = text.partition("<article>")[2].partition("</article>")[0]
    return re.findall(r' id="([^"]*)"', article)


def test_a_page_is_translated_whole_or_announced(book: Sample) -> None:
    translate(book.root, "modules/first", leave="Do not hurry.")
    announced = kazakh(book)
    assert '<h1><span lang="en">The first module</span></h1>' in announced
    assert 'href="../../en/modules/first.html"' in announced
    assert "Қ " not in announced.partition("<article>")[2]
    assert '"lang": "en"' in (book.out / "kk/book.json").read_text(encoding="utf-8")

    translate(book.root, "modules/first")
    translate(book.root, "references")
    whole = kazakh(book)
    # The notes of the sources are ours, and the rest of an entry is the source's own.
    sources = (book.out / "kk/references.html").read_text(encoding="utf-8")
    assert "Қ Online 2012" in sources
    assert "From professional development to system change" in sources
    assert "<h1>Қ The first module</h1>" in whole
    assert "<p>Қ a bell</p>" in whole  # in a table inside of {rst-class}
    assert "uz-draft" in whole
    english = (book.out / "en" / FIRST).read_text(encoding="utf-8")
    assert anchors(whole) == anchors(english)
    assert len(anchors(english)) > 5
    for language in ("en", "kk"):
        text = (book.out / language / FIRST).read_text(encoding="utf-8")
        links = re.findall(r'<li><a href="([^"]*)" lang="(\w+)" hreflang', text)
        assert links == [
            ("../../en/modules/first.html", "en"),
            ("../../kk/modules/first.html", "kk"),
        ]

    # A sentence that changes takes the page back, whatever the catalogues say.
    book.edit("book/modules/first.md", "Do not hurry.", "Do not hurry at all.")
    assert '<span lang="en">The first module' in kazakh(book)


@pytest.mark.soak
def test_every_place_of_the_book_is_there_in_every_language(tmp_path: Path) -> None:
    built = build_all(tmp_path, editions=("learner",))
    english = built[0].folder
    places = json.loads((english / "book.json").read_text(encoding="utf-8"))["workbooks"]
    for other in built[1:]:
        theirs = json.loads((other.folder / "book.json").read_text(encoding="utf-8"))["workbooks"]
        for place, translated in zip(places, theirs, strict=True):
            assert translated["url"] == place["url"]
            assert translated["lang"] == other.lang, translated
        for page in english.rglob("*.html"):
            name = page.relative_to(english)
            there = (other.folder / name).read_text(encoding="utf-8")
            if "uz-in-english" not in there:
                # Terms stand in the order of each language's alphabet.
                order = sorted if name == Path("glossary.html") else list
                here = page.read_text(encoding="utf-8")
                assert order(anchors(there)) == order(anchors(here)), (other, name)
