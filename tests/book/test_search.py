"""Search in English, Russian and Kazakh: stems, questions that teachers ask, the page itself."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tests.book.conftest import ROOT, Sample
from tests.book.serve import serve
from tests.support.book_search import ask, found
from tests.support.browser import PHONE, Watch, axe
from ustaz.book import translations
from ustaz.book.build import build_all, edition_folder
from ustaz.book.interface import WORDS
from ustaz.book.messages import texts
from ustaz.book.search import files, index
from ustaz.book.search.kazakh import ENDINGS, stem
from ustaz.book.search.pagetext import PageText, Section, dumped
from ustaz.book.search.stems import stemmer, words_of
from ustaz.book.settings import LANGUAGES
from ustaz.book.translating import plain

QUESTIONS = Path(__file__).with_name("questions")
VECTORS: dict[str, list[list[str]]] = json.loads(
    (ROOT / "tests/vectors/search_stems.json").read_text(encoding="utf-8")
)
#: Of ten questions, how many have the right page among the first three.
BOUND = 0.9


def made(folder: Path, pages: dict[str, PageText], lang: str, source: Path = ROOT) -> Path:
    """Make what the search needs of an edition, from the texts of its pages."""
    for address, page in pages.items():
        path = folder / files.TEXTS / f"{address}.js"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dumped(page, address), encoding="utf-8")
    files.write_index(folder, pages, lang, source)
    script = ROOT / "src/ustaz/book/static/ustaz-search.js"
    (folder / "_static" / script.name).write_text(script.read_text(encoding="utf-8"))
    return folder


def small(folder: Path, lang: str, **words: str) -> Path:
    """Make an edition of a few pages, each with a title and a text."""
    pages = {name: PageText(name, "", (Section("", "", text),)) for name, text in words.items()}
    return made(folder, pages, lang, folder)


# -- stems ------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_all_forms_of_a_word_have_one_stem_and_other_words_another(lang: str) -> None:
    stems = [{stemmer(lang)(form) for form in forms} for forms in VECTORS[lang]]
    assert [len(of_word) for of_word in stems] == [1] * len(stems)
    assert len(set.union(*stems)) == len(stems)


def test_a_stem_keeps_three_letters_and_short_words_stay() -> None:
    assert [stem(word) for word in ("іс", "үй", "", "дан")] == ["ис", "уй", "", "дан"]
    endings = {ending for row in ENDINGS.values() for ending in row.split()}
    assert all(len(stem("ана" + ending)) >= 3 for ending in endings)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_search_page_makes_the_words_and_stems_of_the_index(tmp_path: Path, lang: str) -> None:
    forms = {form for forms in VECTORS[lang] for form in forms}
    if lang == "kk":
        endings = {ending for row in ENDINGS.values() for ending in row.split()}
        forms |= {form + ending for form in forms for ending in endings}
    text = "Сабақ-семинар, “Teachers’ work” в 2026 г., ұстаздың 7-беті: а б." + " ".join(forms)
    edition = small(tmp_path, lang, page=text)
    words = sorted(forms | set(words_of(text)))
    stems, read = ask(edition, [("stems", words), ("words", text)])
    assert dict(zip(words, stems, strict=True)) == {word: stemmer(lang)(word) for word in words}
    assert read == list(words_of(text))


# -- what is found ----------------------------------------------------------------------------


def test_a_page_is_found_whatever_letters_its_words_are_typed_with(tmp_path: Path) -> None:
    others = {f"other{number}": "мәселе құндылық сабақ жоба" for number in range(5)}
    edition = small(tmp_path, "kk", page="мұғалімдердің көшбасшылығы, хат һәм үй", **others)
    typed = [
        "мугалимге",
        "мугалим",
        "koshbasshylyq",
        "mugalim",
        "муғалім",
        "көшбасшлық",
        "ҮЙ",
        "уй",
    ]
    assert {word: of[:1] for word, of in zip(typed, found(edition, typed), strict=True)} == {
        word: ["page"] for word in typed
    }
    assert found(edition, ["автобус", "zzz", "…", "а"]) == [[], [], [], []]


def test_a_typing_error_is_forgiven_and_said_to_be_one(tmp_path: Path) -> None:
    edition = small(tmp_path, "en", page="assessment of portfolios", other="weather and buses")
    answers = ask(
        edition,
        [("find", word) for word in ("assessment", "asessment", "assessmnet", "prtfolio", "buses")],
    )
    assert [(answer["pages"][0][0], answer["near"]) for answer in answers] == [
        ("page", False),
        ("page", True),
        ("page", True),
        ("page", True),
        ("other", False),
    ]


def test_names_and_synonyms_of_the_authors_find_a_page_without_its_words(tmp_path: Path) -> None:
    vocabulary = tmp_path / "book/_search.toml"
    vocabulary.parent.mkdir()
    vocabulary.write_text(
        '[en]\nwords = ["quarrel conflict"]\n[en.pages]\n"page" = "wind"\n', encoding="utf-8"
    )
    edition = small(tmp_path, "en", page="conflicts", other="peace")
    assert found(edition, ["quarrels", "wind"]) == [["page"], ["page"]]


@pytest.fixture(scope="module")
def editions(site: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the facilitators' edition by language: the built one, and two of catalogues alone.

    The index of a whole build in each language is asked in the long form of these tests.
    """
    made_of = {
        lang: made(tmp_path_factory.mktemp(lang), of_catalogues(lang), lang)
        for lang in LANGUAGES
        if lang != translations.SOURCE
    }
    return {translations.SOURCE: site / edition_folder("facilitator", "en"), **made_of}


def of_catalogues(lang: str) -> dict[str, PageText]:
    """Return the pages of the book as their catalogues have them."""
    read = translations.read(ROOT, lang)
    pages = {}
    for catalogue, entries in texts(ROOT).items():
        address = catalogue.removeprefix(translations.PREFIX)
        if address in {translations.FIGURES, translations.SHARED}:
            continue
        words = [(entry.note, plain(read.of(address)(entry.text))) for entry in entries]
        title = next(text for note, text in words if "heading" in note.split(", ")[0])
        headings = [text for note, text in words if note in {"heading", "title", "term"}]
        sections = [Section("", heading, "") for heading in headings if heading != title]
        body = Section("", "", " ".join(text for _, text in words if text not in headings))
        pages[address] = PageText(title, "", (body, *sections))
    return pages


def share(edition: Path, lang: str, half: str) -> tuple[float, list[str]]:
    """Return the share of a half's questions that find their page, and the others."""
    with (QUESTIONS / f"{lang}.tsv").open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines, delimiter="\t") if row["half"] == half]
    assert len(rows) == 30
    pages = found(edition, [row["question"] for row in rows])
    lost = [
        row["question"]
        for row, first in zip(rows, pages, strict=True)
        if not set(first[:3]) & set(row["pages"].split())
    ]
    return 1 - len(lost) / len(rows), lost


@pytest.mark.parametrize("half", ["tuning", "held"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_nine_of_ten_questions_of_teachers_find_their_page_among_three(
    editions: dict[str, Path], lang: str, half: str
) -> None:
    hit, lost = share(editions[lang], lang, half)
    assert hit >= BOUND, lost


@pytest.mark.soak
@pytest.mark.parametrize("half", ["tuning", "held"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_nine_of_ten_questions_find_their_page_in_the_built_book(
    whole: Path, lang: str, half: str
) -> None:
    hit, lost = share(whole / edition_folder("facilitator", lang), lang, half)
    assert hit >= BOUND, lost


def test_a_question_names_pages_that_there_are() -> None:
    pages = {name.removeprefix(translations.PREFIX) for name in texts(ROOT)}
    for lang in LANGUAGES:
        with (QUESTIONS / f"{lang}.tsv").open(encoding="utf-8", newline="") as lines:
            named = {
                page
                for row in csv.DictReader(lines, delimiter="\t")
                for page in row["pages"].split()
            }
        assert named <= pages
        assert set(index.Vocabulary(ROOT, lang).names) <= pages


# -- the page ---------------------------------------------------------------------------------

PAGE = """---
id: words-{lang}
title: {title}
minutes: 1
objectives: []
workbook: ""
prerequisites: []
status: draft
reviewed_on: 2026-11-23
lang: {lang}
---

# {title}

{words}.

(part-{lang})=
## {heading}

{words}, {words}.
"""
#: By language: title, heading and words of a page; what is typed, marked and said.
WALK = {
    "en": ("Our school", "Meetings", "a curriculum for all", "Curriculums", "curriculum",
           "Pages found: 1", "Nothing found for “qqqq”.", "Your browser runs no scripts"),
    "ru": ("Наша школа", "Встречи", "расписание наблюдений", "наблюдение", "наблюдений",
           "Найдено страниц: 1", "По запросу «qqqq» ничего не найдено.", "отключены скрипты"),
    "kk": ("Біздің мектеп", "Кездесулер", "тәжірибесінде ұстаздар", "тажирибе", "тәжірибесінде",
           "Табылған беттер: 1", "«qqqq» бойынша ештеңе табылмады.", "скрипттер өшірулі"),
}  # fmt: skip


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the sample book with a page of each language, as it is read from a USB stick."""
    book = Sample(tmp_path_factory.mktemp("languages"))
    for lang, (title, heading, words, *_) in WALK.items():
        text = PAGE.format(lang=lang, title=title, heading=heading, words=words)
        (book.root / f"book/words-{lang}.md").write_text(text, encoding="utf-8")
    entries = "".join(f"- file: book/words-{lang}\n      " for lang in WALK)
    book.edit("_toc.yml", "- file: book/glossary", f"{entries}- file: book/glossary")
    build_all(book.out, editions=("learner",), source=book.root, workbooks="")
    return book.out


@pytest.mark.browser
@pytest.mark.parametrize("lang", WALK)
def test_the_search_page_by_keyboard_and_ear_from_a_stick_and_without_scripts(
    chromium: Any, walked: Path, lang: str
) -> None:
    title, heading, _, typed, marked, said, nothing, without = WALK[lang]
    context = chromium.new_context(viewport=PHONE)
    watch = Watch(context)
    page = context.new_page()
    page.set_default_timeout(60_000)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    with serve(walked) as address:
        page.goto(f"{address}{lang}/search.html")
        assert "searchindex.js" not in asked  # nothing is loaded before somebody searches
        assert page.evaluate("document.activeElement.id") == "uz-search-words"
        assert " kB" in page.locator("#uz-search-hint").inner_text().replace("кБ", "kB")
        page.keyboard.type(typed)
        page.keyboard.press("Enter")
        status = page.get_by_role("status")
        status.filter(has_text=said).wait_for()
        assert "searchindex.js" in asked
        result = page.get_by_role("heading", level=2, name=title).get_by_role("link")
        places = page.locator("#search-results .uz-place a")
        places.first.wait_for()
        assert places.first.inner_text() == heading
        assert set(page.locator("#search-results .uz-snippet mark").all_inner_texts()) == {marked}
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        result.focus()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/words-{lang}.html#*")
        page.get_by_role("heading", level=2, name=heading).wait_for()

        page.goto(f"{address}{lang}/search.html?q=qqqq")
        status.filter(has_text=nothing).wait_for()
        assert page.locator("#uz-search-nothing li").count() >= 3
        page.locator("#uz-search-nothing summary").click()
        contents = page.locator("#uz-search-nothing details")
        assert contents.get_by_role("link", name=title).is_visible()
        assert page.locator("#uz-search-nothing a[href='glossary.html']").first.is_visible()
        assert axe(page) == []
    page.goto((walked / lang / "search.html").as_uri() + f"?q={typed}")
    page.locator("#search-results .uz-snippet mark").first.wait_for()
    assert page.locator("#search-results mark").first.inner_text() == marked
    assert watch.errors == []
    assert watch.outside == []
    context.close()

    context = chromium.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto((walked / lang / "search.html").as_uri())
    assert without in page.locator("main").inner_text()
    assert not page.locator("#uz-search-words").is_visible()
    assert page.locator("#uz-search-nothing a[href='glossary.html']").first.is_visible()
    context.close()


def test_the_frame_of_a_kazakh_page_speaks_kazakh(walked: Path) -> None:
    text = (walked / "kk/words-kk.html").read_text()
    assert '<html class="no-js" lang="kk"' in text
    assert WORDS["kk"]["Next"] in text
    assert WORDS["kk"]["Search"] in text
    for english in (">Next<", ">Previous<", ">Search<"):
        assert english not in text


def test_the_index_keeps_stems_and_knows_the_size_that_the_page_names(walked: Path) -> None:
    text = (walked / "kk/searchindex.js").read_text()
    content = json.loads(text.strip().removeprefix("ustazSearch.setIndex(").removesuffix(");"))
    assert stem("тәжірибесінде") in content["terms"].split()
    size = max(1, round(len(gzip.compress(text.encode())) / 1000))
    assert f" {size} кБ" in (walked / "kk/search.html").read_text()
