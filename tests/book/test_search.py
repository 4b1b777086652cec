"""Search in English, Russian and Kazakh, on a small book with words of each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.book.conftest import Sample
from tests.book.serve import serve
from tests.support.browser import PHONE, Watch
from ustaz.book.interface import WORDS
from ustaz.book.kazakh import ENDINGS, SearchKazakh, stem

#: What the page says, and what people may type to find it.
KAZAKH = {
    "Мұғалім": ["мұғалімге", "мұғалімдерге", "мұғалімдеріміздің"],
    "сыныптар": ["сынып", "сыныбыңызбен", "сыныптарымызда", "сыныбы"],
    "жобасы": ["жоба", "жобаларыңыздан", "жобамның"],
    "мектеп": ["мектебіміз", "мектептегі"],
    "тәжірибесінде": ["тәжірибемізді", "тәжірибем"],
    "әріптестерімен": ["әріптесі", "әріптес"],
    "дәлелдер": ["дәлелің", "дәлелге"],
}
RUSSIAN = {
    "учителя": ["учитель", "учителям", "учителями"],
    "школьный": ["школьного", "школьным"],
    "наблюдение": ["наблюдения", "наблюдениями"],
    "доказательства": ["доказательств", "доказательствам"],
}
#: A word of the page that nobody finds by these.
OTHERS = ["мәселе", "құндылықтар", "погода"]
FORMS = {
    *(word for group in KAZAKH.items() for word in (group[0], *group[1])),
    *("кітабы", "кітаптарды", "өзгерісі", "өзгеріс", "мақсат", "мақсатымыздың"),
    *("топ", "тобымызға", "іс", "үй", "ана", "ұстаз"),
    *OTHERS,
}

PAGE = """---
id: words
title: Words
minutes: 1
objectives: []
workbook: ""
prerequisites: []
status: draft
reviewed_on: 2026-11-23
lang: {lang}
---

# Words

{words}.
"""


def book(folder: Path, lang: str, words: list[str]) -> Path:
    """Build the sample book in a language with a page of these words."""
    one = Sample(folder)
    (one.root / "book/words.md").write_text(PAGE.format(lang=lang, words=" ".join(words)))
    one.edit(
        "_toc.yml", "  - file: book/glossary", "  - file: book/words\n      - file: book/glossary"
    )
    one.build("learner", lang)
    return one.out


@pytest.fixture(scope="module")
def kazakh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return book(tmp_path_factory.mktemp("kk"), "kk", list(KAZAKH))


@pytest.fixture(scope="module")
def russian(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return book(tmp_path_factory.mktemp("ru"), "ru", list(RUSSIAN))


@pytest.mark.parametrize(
    "forms",
    [
        *([word, *others] for word, others in KAZAKH.items()),
        ["кітап", "кітабы", "кітаптарды"],
        ["өзгеріс", "өзгерісі", "өзгерістерді"],
        ["мақсат", "мақсаты", "мақсатымыздың"],
        ["топ", "тобы", "тобымызға"],
        ["сабақ", "сабағында", "сабақтарымыз"],
    ],
    ids=lambda forms: forms[0],
)
def test_all_forms_of_a_kazakh_word_have_one_stem(forms):
    assert len({stem(word.lower()) for word in forms}) == 1


def test_different_kazakh_words_keep_different_stems():
    words = [
        "мұғалім",
        "сынып",
        "жоба",
        "мектеп",
        "тәжірибе",
        "әріптес",
        "дәлел",
        "мәселе",
        "құндылық",
        "топ",
        "кітап",
    ]
    assert len({stem(word) for word in words}) == len(words)


def test_a_stem_keeps_three_letters_and_short_words_stay():
    assert [stem(word) for word in ("іс", "үй", "", "дан")] == ["іс", "үй", "", "дан"]
    endings = {one for row in ENDINGS.values() for one in row.split()}
    assert all(len(stem("ана" + one)) >= 3 for one in endings)


def stemmed_in(page: Any, words: list[str]) -> list[str]:
    page.evaluate(SearchKazakh.js_stemmer_code.replace("var Stemmer", "window.Stemmer"))
    return page.evaluate(
        "words => { const s = new Stemmer(); return words.map(w => s.stemWord(w)) }", words
    )


@pytest.mark.browser
def test_the_search_page_makes_the_same_stems_as_the_index(chromium):
    endings = [one for row in ENDINGS.values() for one in row.split()]
    words = sorted(FORMS | {word + one for word in FORMS for one in endings})
    page = chromium.new_page()
    found = stemmed_in(page, words)
    page.close()
    assert dict(zip(words, found, strict=True)) == {word: stem(word) for word in words}


def titles_found(page: Any, address: str, lang: str, word: str) -> list[str]:
    page.goto(f"{address}{lang}/search.html?q={word}")
    # The last thing that the search does is to say how many pages it has found. (Its moving dots
    # are no sign of the end: a timer that is still waiting starts them again.)
    page.locator("#search-results .search-summary:not(:empty)").wait_for()
    return page.locator("#search-results li a").all_inner_texts()


def missing(chromium: Any, site: Path, lang: str, words: list[str]) -> tuple[set[str], str]:
    """Return the words by which the page is not found, and what the search said last."""
    context = chromium.new_context(viewport=PHONE)
    watch = Watch(context)
    page = context.new_page()
    page.set_default_timeout(60_000)
    with serve(site) as address:
        lost = {word for word in words if "Words" not in titles_found(page, address, lang, word)}
    said = page.locator(".search-summary").inner_text()
    context.close()
    assert watch.errors == []
    return lost, said


@pytest.mark.browser
def test_a_kazakh_page_is_found_by_any_form_of_its_words(chromium, kazakh):
    forms = [form for forms in KAZAKH.values() for form in forms]
    assert len(forms) == 18
    assert missing(chromium, kazakh, "kk", [*OTHERS, *forms]) == (
        set(OTHERS),
        "Іздеу аяқталды: 1 бет табылды.",
    )


@pytest.mark.browser
def test_a_russian_page_is_found_by_any_form_of_its_words(chromium, russian):
    forms = [form for forms in RUSSIAN.values() for form in forms]
    assert missing(chromium, russian, "ru", [*OTHERS, *forms]) == (
        set(OTHERS),
        "Поиск окончен: найдена 1 страница.",
    )


@pytest.mark.browser
def test_a_search_without_a_hit_says_so_in_kazakh(chromium, kazakh):
    assert missing(chromium, kazakh, "kk", ["құндылықтар"])[1].startswith("Ештеңе табылмады")


def test_the_frame_of_a_kazakh_page_speaks_kazakh(kazakh):
    text = (kazakh / "kk/modules/first.html").read_text()
    assert '<html class="no-js" lang="kk"' in text
    assert WORDS["kk"]["Next"] in text
    assert WORDS["kk"]["Search"] in text
    for english in (">Next<", ">Previous<", ">Search<", "translations.js"):
        assert english not in text


def test_the_index_keeps_stems(kazakh):
    text = (kazakh / "kk/searchindex.js").read_text()
    terms = json.loads(text.removeprefix("Search.setIndex(").removesuffix(")"))["terms"]
    assert {"мұғал", "сынып", "жоба", "мектеп"} <= set(terms)
