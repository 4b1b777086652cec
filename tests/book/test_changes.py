"""A build after another one makes what a build from nothing makes, and fails where that fails."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import polib
import pytest

from tests.book.conftest import Sample
from tests.book.test_languages import translate
from ustaz.book import BookError
from ustaz.book.build import build_all
from ustaz.catalogs.book import write_book
from ustaz.messages._catalogs import catalog_path

INDEX = "book/index.md"
MORE = "book/more.md"
FIGURE = "book/figures/two.svg"
PAGE = """---
id: {id}
title: {title}
minutes: 2
objectives: []
workbook: ""
prerequisites: []
status: draft
reviewed_on: 2026-11-23
lang: en
---

# {title}

{text}
"""
SOURCE = """
@misc{other2015,
  label = {Other 2015},
  title = {Another source},
  note = {A note},
  url = {https://example.org/},
}
"""


def entry(of: str) -> str:
    return f"      - file: book/{of}\n"


@pytest.fixture
def book(sample: Sample, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Sample:
    """A book in two languages, in which pages lead to each other, built once."""
    monkeypatch.setenv("USTAZ_CACHE", str(tmp_path / "cache"))
    (sample.root / FIGURE).parent.mkdir()
    (sample.root / FIGURE).write_text('<svg viewBox="0 0 9 9"><text>Two people</text></svg>')
    text = "See {doc}`modules/first`: a {term}`concern`, a {term}`runbook`.\n\n"
    text += "```{figure} figures/two.svg\n:alt: Two people\n\nTwo people talk.\n```"
    (sample.root / MORE).write_text(PAGE.format(id="more", title="More", text=text))
    sample.edit(INDEX, "Start with", "Then {doc}`more`. Start with")
    sample.edit("facilitator_notes/README.md", "`first`.", "`first` {cite}`other2015`.")
    bib = sample.root / "book/references.bib"
    bib.write_text(bib.read_text() + SOURCE)
    for toc in ("_toc.yml", "_toc.facilitator.yml"):
        sample.edit(toc, entry("glossary"), entry("more") + entry("glossary"))
    write_book(sample.root)
    for page in ("index", "more", "glossary", "modules/first", "references", "figures", "shared"):
        translate(sample.root, page)
    return sample


def sentence(book: Sample) -> None:
    """Change a sentence in a file that keeps its old time, as one that is put back has it."""
    status = (book.root / INDEX).stat()
    book.edit(INDEX, "Start with", "Begin with")
    os.utime(book.root / INDEX, ns=(status.st_atime_ns, status.st_mtime_ns))


def translation(book: Sample) -> None:
    path = catalog_path("kk", "book/glossary", book.root / "locale")
    catalogue = polib.pofile(str(path))
    catalogue.find("Glossary").msgstr = "Сөздік"
    catalogue.save(str(path))


def figure(book: Sample) -> None:
    book.edit(FIGURE, "Two people", "Two teachers")


def term(book: Sample) -> None:
    book.edit("book/glossary.md", "runbook\n", "plan\n")
    book.edit(MORE, "{term}`runbook`", "{term}`plan`")
    book.edit("facilitator_notes/first.md", "{term}`runbook`", "{term}`runbook <plan>`")


def citation(book: Sample) -> None:
    """Cite a source that the learners' edition has not listed before."""
    book.edit(MORE, "See {doc}", "As {cite}`other2015` says: {doc}")


def heading(book: Sample) -> None:
    book.edit("book/modules/first.md", "title: The first module", "title: A first module")
    book.edit("book/modules/first.md", "# The first module", "# A first module")


def new_page(book: Sample) -> None:
    (book.root / "book/new.md").write_text(PAGE.format(id="new", title="New", text="New."))
    for toc in ("_toc.yml", "_toc.facilitator.yml"):
        book.edit(toc, entry("more"), entry("more") + entry("new"))


def removed_page(book: Sample) -> None:
    (book.root / MORE).unlink()
    (book.root / FIGURE).unlink()
    book.edit(INDEX, "Then {doc}`more`. ", "A {term}`concern`. ")
    for toc in ("_toc.yml", "_toc.facilitator.yml"):
        book.edit(toc, entry("more"), "")


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".lock"
    }


def differing(book: Sample, monkeypatch: pytest.MonkeyPatch, editions: Sequence[str]) -> list[str]:
    """Build what has changed and all from nothing; return the files that differ."""
    everything = {"editions": editions, "langs": ("en", "kk"), "source": book.root}
    build_all(book.out, **everything)
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("USTAZ_CACHE", str(book.root.parent / "no-cache"))
        build_all(book.root.parent / "from-nothing", force=True, **everything)
    after, cold = files(book.out), files(book.root.parent / "from-nothing")
    return sorted(name for name in after.keys() | cold if after.get(name) != cold.get(name))


def together(*changes: Callable[[Sample], None]) -> Callable[[Sample], None]:
    def change(book: Sample) -> None:
        for change in changes:
            change(book)

    return change


#: What does not hide each other: a new title writes all pages again, a new page reads all again.
SHORT = {
    "a text as long as before, in a file of the same time": sentence,
    "a translation and a figure": together(translation, figure),
    "a term and a source": together(term, citation),
    "a title": heading,
    "a new page and one that is gone": together(new_page, removed_page),
}
LONG = {
    change.__name__: change
    for change in (
        sentence,
        translation,
        figure,
        term,
        citation,
        heading,
        new_page,
        removed_page,
    )
}


def test_a_build_after_another_is_that_from_nothing(
    book: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_all(book.out, editions=("learner",), langs=("en", "kk"), source=book.root)
    result = {}
    for name, change in SHORT.items():
        change(book)
        result[name] = differing(book, monkeypatch, ("learner",))
    assert result == {name: [] for name in SHORT}
    text = (book.out / "en/references.html").read_text(encoding="utf-8")
    assert "Frost" in text
    assert "A first module" in (book.out / "en/new.html").read_text(encoding="utf-8")


@pytest.mark.soak
@pytest.mark.parametrize("change", LONG.values(), ids=LONG)
def test_after_each_change_both_editions_are_those_from_nothing(
    book: Sample, monkeypatch: pytest.MonkeyPatch, change: Callable[[Sample], None]
) -> None:
    build_all(book.out, langs=("en", "kk"), source=book.root)
    change(book)
    assert differing(book, monkeypatch, ("learner", "facilitator")) == []


def test_a_page_that_leads_to_what_another_one_has_lost_fails_as_from_nothing(
    sample: Sample,
) -> None:
    """The page that is read again is not the one that has the fault."""
    sample.build("learner")
    sample.edit("book/glossary.md", "concern\n", "worry\n")
    with pytest.raises(BookError) as caught:
        sample.build("learner")
    assert "book/modules/first.md" in caught.value.message
    assert "concern" in caught.value.message
