"""The PDF and the zip that pages offer to take home."""

from __future__ import annotations

import zipfile
from pathlib import Path
from posixpath import normpath

import pytest

from tests.book.conftest import Sample
from tests.support.browser import chromium
from ustaz.book import bodies, downloads
from ustaz.book.build import build_all
from ustaz.book.offering import make_downloads
from ustaz.book.settings import EDITIONS


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Print without a browser; hold what was printed."""
    folders: list[Path] = []

    def print_folder(folder: Path, path: Path) -> None:
        folders.append(folder)
        path.write_bytes(b"%PDF-" + b"x" * 1_250_000)

    monkeypatch.setattr("ustaz.book.offering.find_browser", lambda: "browser")
    monkeypatch.setattr("ustaz.book.offering.print_folder", print_folder)
    return folders


def offered(page: Path) -> dict[str, str]:
    """Return the files that a page offers, with their words."""
    section = page.read_text(encoding="utf-8").partition('class="uz-downloads"')[2]
    links = section.partition("</section>")[0].split('<a href="')[1:]
    return {link.partition('"')[0]: link.partition(">")[2] for link in links}


def test_pages_offer_the_files_of_their_edition_until_the_sources_are_others(
    sample: Sample, printed: list[Path]
) -> None:
    make_downloads(sample.out, langs=("en",), source=sample.root)
    build_all(sample.out, langs=("en",), source=sample.root)
    for edition, folder in zip(EDITIONS, ("en", "facilitator/en"), strict=True):
        files = offered(sample.out / folder / "index.html")
        assert len(files) == 2
        for address in files:
            path = sample.out / normpath(f"{folder}/{address}")
            assert path.name.startswith(f"ustaz-book-{edition}-en.")
            assert path.parent == downloads.folder_of(sample.out, edition)
            assert path.is_file()
        assert any("(1.3 MB)" in words or "(1.2 MB)" in words for words in files.values())
        archive = downloads.folder_of(sample.out, edition) / f"ustaz-book-{edition}-en.zip"
        with zipfile.ZipFile(archive) as packed:
            pages = [name for name in packed.namelist() if name.endswith(".html")]
            texts = b"".join(packed.read(name) for name in pages)
        assert b"uz-downloads" not in texts
        assert (b"canary" in texts) == (edition == "facilitator")
    assert not offered(sample.out / "en/modules/first.html")

    # Nothing is made twice, and a build that is not asked for files still offers those of now.
    make_downloads(sample.out, langs=("en",), source=sample.root)
    assert len(printed) == len(EDITIONS)
    build_all(sample.out, langs=("en",), source=sample.root, force=True)
    assert len(offered(sample.out / "en/index.html")) == 2

    sample.edit("book/index.md", "# Welcome", "# Be welcome")
    sample.edit("book/index.md", "title: Welcome", "title: Be welcome")
    build_all(sample.out, langs=("en",), source=sample.root, editions=("learner",))
    assert offered(sample.out / "en/index.html") == {}
    assert len(offered(sample.out / "facilitator/en/index.html")) == 2


def test_a_text_is_drawn_again_when_it_or_what_it_speaks_of_has_changed(tmp_path: Path) -> None:
    kept = bodies.Bodies(tmp_path)
    body = '<p><a href="../glossary.html#term">a</a> <a href="https://example.org/focus.html">b</a>'
    kept.keep("book/modules/why", 7, body, "<meta>")

    def read(state: int, *changed: str) -> tuple[str, str] | None:
        return kept.read("book/modules/why", state, "modules/why.html", changed)

    assert read(7, "modules/focus.html") == (body, "<meta>")
    assert read(8) is None
    assert read(7, "glossary.html") is None
    assert read(7, "modules/why.html") is None
    (tmp_path / "book/modules/why.json").write_text("[7, ")
    assert read(7) is None


@pytest.mark.soak
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("lang", ["ru", "kk"])
def test_the_pdf_of_a_language_has_all_its_letters_in_order(
    whole: Path, tmp_path: Path, lang: str
) -> None:
    import pypdfium2

    from ustaz.book.pdf import print_folder, whole_book

    if chromium() is None:
        pytest.skip("no Chromium found (set CHROMIUM)")
    path = tmp_path / "book.pdf"
    print_folder(whole / lang, path)
    document = pypdfium2.PdfDocument(path)
    text = "\n".join(page.get_textpage().get_text_range() for page in document)
    assert len(document) > 100
    assert "\ufffd" not in text
    page = whole_book(whole / lang)
    # Words with the rarest letter of Kazakh («жиһаз») may not occur in the book at all.
    letters = {"ru": "абвгдежзийклмнопрстуфхцчшщъыьэюяё", "kk": "әғқңөұүі"}[lang]
    letters += "".join(letter for letter in "һ" if letter in page.lower())
    assert [letter for letter in letters if letter not in text.lower()] == []
    assert f'lang="{lang}"' in page[:200]
    assert len(list(document.get_toc())) > 100
