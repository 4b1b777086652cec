"""The real book as it is published: every page, every link, every request."""

from __future__ import annotations

import gzip
import html
import json
import os
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.book.conftest import ROOT
from tests.support.shared import shared
from ustaz.book.build import build_all
from ustaz.book.settings import LANGUAGES
from ustaz.workbook import Library
from ustaz.workbook.rubrics import load_rubric

EDITIONS = ("en", "facilitator/en")


class Page(HTMLParser):
    """What the tests want to know of a page."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.styles: list[str] = []
        self.inline: list[str] = []
        self.images: list[str | None] = []
        self._script = False
        self.feed(path.read_text())

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if "id" in found:
            self.ids.append(found["id"])
        if "style" in found:
            self.styles.append(f"{tag}: {found['style']}")
        if tag == "a" and found.get("href"):
            self.links.append(found["href"])
        if tag in {"script", "img", "iframe"} and found.get("src"):
            self.loads.append(found["src"])
        if tag == "link" and found.get("rel") in {"stylesheet", "icon", "preload"}:
            self.loads.append(found["href"])
        if tag == "img":
            self.images.append(found.get("alt"))
        self._script = tag == "script" and found.get("type") != "application/json"
        if tag == "style":
            self.inline.append("style")

    def handle_data(self, data):
        if self._script and data.strip():
            self.inline.append(data[:40])

    def handle_endtag(self, tag):
        self._script = False


@pytest.fixture(scope="module")
def pages(site) -> dict[Path, Page]:
    return {path: Page(path) for path in sorted(site.rglob("*.html")) if path.parent != site}


def test_every_page_of_the_sources_is_published(site):
    learner = len(list((ROOT / "book").rglob("[!_]*.md")))
    notes = len(list((ROOT / "facilitator_notes").rglob("[!_]*.md")))
    readme = len(list((ROOT / "book").rglob("README.md")))
    assert len(list((site / "en").rglob("*.html"))) == learner - readme + 1  # and the search page
    assert len(list((site / "facilitator/en").rglob("*.html"))) == learner - readme + notes + 1


def home_of(page: Path) -> str:
    """Return the way from a page to what is beside ``book/`` on a server of the course."""
    return "../" * len(page.parts)


def test_every_page_leads_home(site, pages):
    assert [
        str(path)
        for path, page in pages.items()
        if home_of(path.relative_to(site)) not in page.links
    ] == []


def in_other_languages(path: Path) -> set[str]:
    """Return where the same page is in the languages that are not built here."""
    edition, page = path.parts[: path.parts.index("en")], path.parts[path.parts.index("en") + 1 :]
    return {
        os.path.relpath(Path(*edition, lang, *page), path.parent)
        for lang in LANGUAGES
        if lang != "en"
    }


def test_every_internal_link_leads_somewhere(site, pages):
    broken = []
    for path, page in pages.items():
        for link in [*page.links, *page.loads]:
            parts = urlsplit(link)
            if parts.scheme or "workbooks/" in parts.path:
                continue
            if link == home_of(path.relative_to(site)):
                continue
            if link in in_other_languages(path.relative_to(site)):
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            known = pages[target].ids if target in pages else []
            if not target.is_file() or (known and parts.fragment not in {"", *known}):
                broken.append(f"{path.relative_to(site)} -> {link}")
    assert broken == []


def test_no_page_loads_anything_from_another_place(pages):
    assert {
        load for page in pages.values() for load in page.loads if urlsplit(load).netloc
    } == set()


def test_no_page_has_an_inline_script_or_style(pages):
    assert {path: page.inline for path, page in pages.items() if page.inline} == {}
    assert {path: page.styles for path, page in pages.items() if page.styles} == {}


def test_no_page_uses_an_id_twice(pages):
    twice = {
        str(path): sorted({one for one in page.ids if page.ids.count(one) > 1})
        for path, page in pages.items()
    }
    assert {path: ids for path, ids in twice.items() if ids} == {}


def test_every_image_has_an_alternative_text(pages):
    assert all(alt for page in pages.values() for alt in page.images)


def test_links_to_other_sites_are_web_addresses(pages):
    schemes = {urlsplit(link).scheme for page in pages.values() for link in page.links}
    assert schemes <= {"", "http", "https"}


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_list_of_modules_fits_the_pages(site, edition):
    listed = json.loads((site / edition / "book.json").read_text())["modules"]
    assert {one["id"] for one in listed} >= {"m4", "m6"}
    for one in listed:
        page = Page(site / edition / one["url"])
        assert set(one["steps"]) <= set(page.ids)
        assert 25 <= one["minutes"] <= 40
        assert len(one["quizzes"]) >= 3
        assert (ROOT / "workbooks" / one["workbook"]).is_dir() or not one["workbook"]


def test_the_course_of_the_invented_people_names_nobody_else():
    """Names with an initial are those of the six people, or plain initials of colleagues."""
    known = {"Aigul S.", "Marat T.", "Olga P.", "Dina K.", "Yerlan B.", "Nurgul A."}
    folders = ("book", "facilitator_notes")
    text = "\n".join(path.read_text() for one in folders for path in (ROOT / one).rglob("*.md"))
    found = set(re.findall(r"\b[A-Z][a-z]{2,} [A-Z]\.(?=\W)", text))
    assert found <= known


def test_figures_are_black_and_white_and_large_enough_for_a_telephone():
    for path in sorted((ROOT / "book/figures").glob("*.svg")):
        text = path.read_text()
        colours = set(re.findall(r'(?:fill|stroke)="(#?\w+)"', text))
        assert colours <= {"#000", "#fff", "none"}, path.name
        sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)"', text)]
        assert min(sizes) >= 14, path.name
        width = float(re.findall(r'viewBox="0 0 ([\d.]+) ', text)[0])
        assert width <= 400, path.name
        assert "<title>" in text


def test_every_module_has_a_figure():
    modules = [one for one in (ROOT / "book/modules").glob("*.md") if one.stem != "README"]
    assert len(modules) == 9
    assert [one.name for one in modules if "```{figure}" not in one.read_text()] == []


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_page_on_the_certificate_names_every_requirement_and_promises_nothing(site, edition):
    text = " ".join((site / edition / "certificate.html").read_text().split())
    for code in "ABCDEFGH":
        assert f"F-{code}. " in text
    assert "within 90 days" in text.lower()
    assert "our own design" in text
    assert "We do not know, and nobody who works with this course may promise it." in text


@pytest.mark.parametrize("edition", ["en", "facilitator/en"])
def test_a_step_of_the_book_and_a_section_of_a_workbook_lead_to_each_other(site, edition):
    manifest = json.loads((site / edition / "book.json").read_text(encoding="utf-8"))
    library = Library.from_dirs([ROOT / "workbooks"])
    places = manifest["workbooks"]
    assert {place["workbook"] for place in places} == {"focus", "action-plan", "people-map"}
    for place in places:
        known = [section.id for section in library[place["workbook"]].sections]
        assert place["section"] in known
        page, _, anchor = place["url"].partition("#")
        text = (site / edition / page).read_text(encoding="utf-8")
        assert f'id="{anchor}"' in text, place
        assert re.search(rf"workbooks/{place['workbook']}#uz-{place['workbook']}-section-", text)


def test_the_book_shows_the_criteria_that_marks_are_given_by(site):
    one = load_rubric(ROOT / "workbooks/rubrics/teacher-leadership.yml")
    texts = [text for criterion in one.criteria for text in criterion.descriptors[1:]]
    for name in ("en/modules/reviewing", "en/teachers", "facilitator/en/notes/handouts/criteria"):
        page = html.unescape((site / f"{name}.html").read_text(encoding="utf-8"))
        page = page.replace("’", "'")
        assert [text for text in texts if text not in page] == [], name


@pytest.fixture(scope="module")
def translated(tmp_path_factory) -> Path:
    """The learners' edition in the other languages."""

    def make(out: Path) -> None:
        langs = [lang for lang in LANGUAGES if lang != "en"]
        build_all(out, editions=("learner",), langs=langs, languages=LANGUAGES)

    return shared(tmp_path_factory, "book-of-learners-translated", make)


@pytest.mark.parametrize("lang", [lang for lang in LANGUAGES if lang != "en"])
def test_a_first_load_is_light_in_each_other_language(translated, lang):
    """What a page loads is compressed as a server does it; in English a browser counts it."""
    weights = {}
    for path in sorted((translated / lang).rglob("*.html")):
        loads = {
            (path.parent / unquote(urlsplit(load).path)).resolve() for load in Page(path).loads
        }
        files = [path, *loads]
        weights[path.name] = sum(len(gzip.compress(file.read_bytes(), 6)) for file in files)
    weights.pop("search.html")
    assert len(weights) >= 19
    assert {name: weight for name, weight in weights.items() if weight > 50_000} == {}
