"""A page has the same parts in each language: blocks, links, figures, self-checks, citations."""

from __future__ import annotations

import contextlib
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest

from tests.book.conftest import ROOT
from ustaz.book import translations
from ustaz.book.build import edition_folder
from ustaz.book.messages import texts
from ustaz.book.settings import EDITIONS, LANGUAGES
from ustaz.messages._catalogs import catalog_path

OTHERS = [lang for lang in LANGUAGES if lang != translations.SOURCE]

#: What a text holds that leads somewhere or shows something.
MARKS = {
    "terms": re.compile(r"\{term\}`(?:[^`<]*<)?([^`<>]+?)>?`"),
    "sources": re.compile(r"\{cite[a-z:]*\}`([^`]+)`"),
    "pages": re.compile(r"\{(?:doc|ref)\}`(?:[^`<]*<)?([^`<>]+?)>?`"),
    "links": re.compile(r"\]\(([^)\s]+)\)"),
    "addresses": re.compile(r"<(https?://[^>]+)>"),
}


def marks(text: str) -> Counter[tuple[str, str]]:
    """Return the marks of a text; a term of a translation keeps its English target."""
    return Counter(
        (kind, target.strip().lower())
        for kind, pattern in MARKS.items()
        for target in pattern.findall(text)
    )


def gaps(root: Path, lang: str) -> tuple[list[str], dict[str, str]]:
    """Return the texts that have no translation below `root`, and those that lead elsewhere."""
    read = translations.read(root, lang)
    missing: list[str] = []
    other: dict[str, str] = {}
    for catalogue, entries in texts(ROOT).items():
        words = read.of(catalogue.removeprefix(translations.PREFIX))
        for entry in entries:
            if entry.text not in words.texts:
                missing.append(f"{catalogue}: {entry.text}")
            elif marks(entry.text) != marks(words(entry.text)):
                other[entry.text] = words(entry.text)
    return missing, other


@pytest.mark.parametrize("lang", OTHERS)
def test_every_text_of_every_page_is_there_and_leads_where_the_english_one_leads(
    lang: str,
) -> None:
    """The blocks come from the one source; whatever else could differ stands in the texts."""
    assert gaps(ROOT, lang) == ([], {})


#: A page that has everything; what the note of a text is that belongs to a part of it.
PAGE = "modules/planning"
PARTS = {
    "a figure": "alternative text of",
    "a label of a figure": ", label",
    "a self-check": "{quiz}",
    "a block": "{activity}",
}


def test_a_part_that_a_catalogue_has_lost_is_found(tmp_path: Path) -> None:
    """Without one of its texts a page is announced and not shown: nothing is left out of it."""
    folder = tmp_path / "locale/kk/LC_MESSAGES/book"
    shutil.copytree(catalog_path("kk", "book/index", ROOT / "locale").parent, folder)
    assert gaps(tmp_path, "kk") == ([], {})
    of_catalogue = texts(ROOT)
    lost = []
    for part, note in PARTS.items():
        name = "figures" if "label" in part else PAGE
        entry = next(entry for entry in of_catalogue[f"book/{name}"] if note in entry.note)
        with changed(folder / f"{name}.po", entry.text) as message:
            message.msgstr = ""
        lost.append(f"book/{name}: {entry.text}")
    missing, other = gaps(tmp_path, "kk")
    assert sorted(missing) == sorted(lost)
    assert other == {}


@pytest.mark.parametrize("kind", ["terms", "sources", "pages"])
def test_a_link_or_a_source_that_a_translation_has_lost_is_found(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "locale/kk/LC_MESSAGES/book"
    shutil.copytree(catalog_path("kk", "book/index", ROOT / "locale").parent, folder)
    catalogue, text = next(
        (catalogue, entry.text)
        for catalogue, entries in texts(ROOT).items()
        for entry in entries
        if MARKS[kind].search(entry.text)
    )
    path = folder / f"{catalogue.removeprefix(translations.PREFIX)}.po"
    with changed(path, text) as message:
        message.msgstr = MARKS[kind].sub("", message.msgstr, count=1)
    missing, other = gaps(tmp_path, "kk")
    assert missing == []
    assert [*other] == [text]


@contextlib.contextmanager
def changed(path: Path, text: str) -> Iterator[polib.POEntry]:
    """Change an entry of a catalogue."""
    catalogue = polib.pofile(str(path))
    yield catalogue.find(text)
    catalogue.save(str(path))


#: Parts of a built page. What is a word (a title of a link, a label) is left out.
TAG = re.compile(r"<(\w+)((?:\s[^<>]*)?)>")
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
KEPT = ("class", "id", "href", "src", "data-quiz", "data-several", "role", "type")
#: Where the order of what stands there is that of the language.
SORTED = "glossary"


def parts(page: Path, lang: str) -> list[tuple[str, ...]]:
    """Return the elements of a page's article in their order, with what they lead to."""
    article = page.read_text(encoding="utf-8").partition("<article>")[2].partition("</article>")[0]
    found = []
    for tag, attributes in TAG.findall(article):
        values = dict(ATTRIBUTE.findall(attributes))
        kept = [f"{name}={values[name]}" for name in KEPT if name in values]
        own = (part if "://" in part else part.replace(f"/{lang}/", "/") for part in kept)
        found.append((tag, *own))
    return sorted(found) if page.stem in {SORTED, "references"} else found


def differences(site: Path, edition: str, lang: str) -> dict[str, list[tuple[str, ...]]]:
    """Return what a page of an edition has more or less than the English one."""
    english = site / edition_folder(edition, translations.SOURCE)
    other = site / edition_folder(edition, lang)
    pages = {path.relative_to(english) for path in english.rglob("*.html")}
    assert pages == {path.relative_to(other) for path in other.rglob("*.html")}
    result = {}
    for name in sorted(pages - {Path("search.html")}):
        here = Counter(parts(english / name, translations.SOURCE))
        there = Counter(parts(other / name, lang))
        if here != there:
            result[name.as_posix()] = [*(here - there), *(there - here)]
    return result


@pytest.mark.soak
@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("lang", OTHERS)
def test_every_built_page_has_the_parts_of_the_english_one(
    whole: Path, edition: str, lang: str
) -> None:
    assert differences(whole, edition, lang) == {}


@pytest.mark.parametrize(
    ("part", "pattern"),
    [
        ("a figure", r"<img [^>]*>"),
        ("a self-check", r'<div [^>]*"uz-block uz-quiz"[^>]*>'),
        ("a citation", r'<a class="[^"]*" href="../references.html#[^>]*>'),
        ("a link", r'<a class="reference internal" href="[^"]*glossary.html[^>]*>'),
        ("a block", r'<div [^>]*"uz-block uz-activity"[^>]*>'),
        ("a way to the workbook", r'<a class="uz-workbook-link"[^>]*>'),
    ],
)
def test_a_part_that_a_built_page_has_lost_is_found(
    site: Path, tmp_path: Path, part: str, pattern: str
) -> None:
    name = Path(f"{PAGE}.html")
    text = (site / "en" / name).read_text(encoding="utf-8")
    for lang in ("en", "kk"):
        (tmp_path / lang / name).parent.mkdir(parents=True)
        (tmp_path / lang / name).write_text(text.replace("/en/", f"/{lang}/"), encoding="utf-8")
    assert differences(tmp_path, "learner", "kk") == {}
    before, article = text.split("<article>")
    less, removed = re.subn(pattern, "", article, count=1)
    assert removed == 1, part
    (tmp_path / "kk" / name).write_text(f"{before}<article>{less}", encoding="utf-8")
    assert len(differences(tmp_path, "learner", "kk")[name.as_posix()]) == 1


def test_a_lost_link_a_lost_source_and_another_term_are_found() -> None:
    text = "See {doc}`the year <year>`, {term}`concerns <concern>` {cite}`frost2012`, [a](b.html)."
    translated = "{doc}`Жыл <year>`, {term}`мәселе <concern>` {cite}`frost2012`, [ә](b.html)."
    assert marks(text) == marks(translated)
    for lost in ("{doc}`Жыл <year>`, ", " {cite}`frost2012`", "[ә](b.html)"):
        assert marks(text) != marks(translated.replace(lost, ""))
    assert marks(text) != marks(translated.replace("<concern>", "<focus>"))
