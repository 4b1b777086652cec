"""What translators get: every text of the book, in the order of its page, with what it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.book.conftest import Sample
from ustaz.book.figures import translated, words_of
from ustaz.book.messages import Text, texts
from ustaz.catalogs.book import check_book, write_book
from ustaz.catalogs.markup import markup_faults, visible
from ustaz.messages._catalogs import catalog_path

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def book(sample: Sample, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("USTAZ_CACHE", str(tmp_path / "cache"))
    return sample.root


def test_every_text_of_a_page_is_found_with_what_it_is(book: Path) -> None:
    by_page = texts(book)
    first = {part.text: part.note for part in by_page["book/modules/first"]}
    assert list(first)[:4] == [
        "The first module",
        "name a concern",
        "tell a large concern from a small one",
        "What is this about?",
    ]
    assert first["Begin"] == "heading"
    assert first["Write one line"] == "title, {activity}"
    assert first["My quiet pupils never ask."] == "right choice, {quiz} one"
    assert first["It is near, and it is yours."] == "remark on a choice, {quiz} one"
    assert first["Nurgul, first"] == "title, {weak}, {example}"
    assert first["a bell"] == "table cell"  # inside of {rst-class}
    assert first["canary-in-the-module: wait for a whole minute."] == "{facilitator}"
    assert "A {term}`concern` is a beginning {cite}`frost2012`." in first
    assert Text("A sample book", "title of the book") in by_page["book/shared"]
    # Every word of the source is in some text, headings to feedback.
    source = (book / "book/modules/first.md").read_text()
    source = re.sub(r"(?s)\A---.*?\n---|^:::.*$|^:[a-z]+:.*$", "", source, flags=re.MULTILINE)
    found = " ".join(first)
    assert [word for word in re.findall(r"[A-Za-z]{4,}", source) if word not in found] == []


def test_catalogues_are_made_kept_and_pruned(book: Path) -> None:
    write_book(book)
    path = catalog_path("kk", "book/modules/first", book / "locale")
    text = path.read_text(encoding="utf-8")
    assert "POT-Creation-Date" not in text
    assert "#:" not in text
    assert '#. heading\nmsgid "Begin"' in text
    path.write_text(text.replace('msgid "Begin"\nmsgstr ""', 'msgid "Begin"\nmsgstr "Бастау"'))
    assert write_book(book) == []
    page = book / "book/modules/first.md"
    page.write_text(page.read_text().replace("Do not hurry.", "Do not hurry, ever."))
    write_book(book, prune=True)
    assert 'msgstr "Бастау"' in path.read_text(encoding="utf-8")
    assert "Do not hurry, ever." in path.read_text(encoding="utf-8")
    complaints, reports = check_book(book)
    assert complaints == []
    assert reports["kk"].translated == 1
    assert reports["kk"].open["modules/first"] == reports["ru"].open["modules/first"] - 1


@pytest.mark.parametrize(
    ("english", "translation", "fault"),
    [
        ("{term}`concern` {cite}`a2020`", "{term}`мәселе <concern>` {cite}`a2020`", ""),
        ("{term}`concern`", "{term}`мәселе`", "links and terms"),
        ("Read {doc}`the year <year>`.", "Читайте.", "has lost links and terms: {doc}`year`"),
        ("[the page](https://a.kz/)", "[страница](https://b.kz/)", "links and terms"),
        ("**Here:** where", "**Здесь:** где", ""),
        ("**Here:** where", "Здесь: где", "bold"),
        ("*My concern:* it", "Моя мысль: это", "slanted"),
        ("9 of 1,000 and 3.5", "9 из 1 000 и 3,5", ""),
        ("7 days", "неделя", "has lost numbers: 7"),
        ("☐ your focus", "ваш фокус", "signs"),
        ("Write `a.md`.", "Напишите `b.md`.", "back quotes"),
        ("First, look.", "1. Посмотрите.", "begins like a list"),
    ],
)
def test_a_translation_keeps_the_markup(english: str, translation: str, fault: str) -> None:
    faults = [why for _, why in markup_faults(english, translation)]
    assert any(fault in why for why in faults) if fault else faults == []


@pytest.mark.parametrize(("named", "kinds"), [("«Бастау»", []), ("«Басы»", ["name"])])
def test_an_activity_has_the_name_of_the_page_where_it_stands(
    tmp_path: Path, named: str, kinds: list[str]
) -> None:
    texts = {
        "modules/first": ("#. heading\n", "Begin", "Бастау"),
        "second": (
            "",
            'See \\"Begin\\" ({doc}`the first <modules/first>`).',
            f"{named} ({{doc}}`біріншіні <modules/first>`) қараңыз.",
        ),
    }
    for page, (note, english, kazakh) in texts.items():
        for folder, form in (("book", None), ("kk", kazakh), ("ru", "")):
            path = tmp_path / "locale" / folder
            path /= f"{page}.pot" if form is None else f"LC_MESSAGES/book/{page}.po"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f'{note}msgid "{english}"\nmsgstr "{form or ""}"\n', encoding="utf-8")
    complaints, _ = check_book(tmp_path)
    assert [complaint.kind for complaint in complaints] == kinds


def test_the_glossary_is_held_to_the_words_that_a_reader_sees() -> None:
    assert visible("**A {term}`focus <f>`** {cite}`x` in [here](y)") == "A focus in here"


def test_words_of_a_figure_are_found_and_put_back() -> None:
    svg = '<svg viewBox="0 0 1 1"><title>A &amp; B</title>'
    svg += '<text x="1"><tspan>One:</tspan> two 3</text><text>7</text></svg>'
    assert list(words_of(svg)) == [("A & B", "title"), ("One:", "text"), ("two 3", "text")]
    words = {"A & B": "А & Б", "One:": "Бір:", "two 3": "екі 3"}
    assert translated(svg, words.__getitem__, "kk") == (
        '<svg xml:lang="kk" viewBox="0 0 1 1"><title>А &amp; Б</title>'
        '<text x="1"><tspan>Бір:</tspan> екі 3</text><text>7</text></svg>'
    )


def test_the_templates_are_those_of_the_pages() -> None:
    """`make messages` was run after the last change of a page."""
    from ustaz.catalogs.book import rendered_book

    old = [
        path.relative_to(ROOT).as_posix()
        for path, content in rendered_book(ROOT).items()
        if (path.read_bytes() if path.is_file() else None) != content
    ]
    assert old == []


def test_the_translations_keep_to_the_rules() -> None:
    complaints, _ = check_book(ROOT)
    assert [str(complaint) for complaint in complaints] == []
