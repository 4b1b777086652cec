"""The catalogues as they stand in the repository, and what reading them promises."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from ustaz import messages
from ustaz.catalogs.check import Report, check
from ustaz.catalogs.extract import sources
from ustaz.messages._catalogs import on_pages
from ustaz.workbook import definition_json, load
from ustaz.workbook.kinds.entries import READERS

ROOT = Path(__file__).parents[2]
TRANSLATED = [one for one in messages.LANGUAGES if one != "en"]


@pytest.fixture(scope="module")
def report() -> Report:
    return check(ROOT)


def test_nothing_is_missing_stale_or_wrong(report: Report) -> None:
    assert [str(one) for one in report.complaints] == []


@pytest.mark.parametrize("lang", TRANSLATED)
def test_each_language_has_every_text(report: Report, lang: str) -> None:
    assert report.entries["ru"] == report.entries[lang] > 0


@pytest.mark.parametrize("lang", TRANSLATED)
def test_no_line_of_a_translation_can_begin_with_a_dash(lang: str) -> None:
    translator = messages.translator(lang)
    texts = [*translator.singular.values(), *sum(translator.plural.values(), ())]
    texts += [one for one in messages.frontend(lang).values() if isinstance(one, str)]
    assert [one for one in texts if re.search(r"\S [—–] ", one)] == []
    assert any(re.search(r"\S\N{NO-BREAK SPACE}[—–] ", one) for one in texts)


def test_english_needs_no_catalogue() -> None:
    english = messages.translator("en")
    assert english.gettext("What concerns me") == "What concerns me"
    assert english.ngettext("{n} day", "{n} days", 1) == "{n} day"
    assert english.ngettext("{n} day", "{n} days", 21) == "{n} days"


@pytest.mark.parametrize("lang", TRANSLATED)
def test_a_text_without_translation_falls_back_to_english(lang: str) -> None:
    assert messages.translator(lang).gettext("No such sentence.") == "No such sentence."


def test_an_unknown_language_is_english() -> None:
    assert messages.translator("fr").lang == "en"


@pytest.mark.parametrize(
    ("value", "lang"),
    [
        ("kk_KZ.UTF-8", "kk"),
        ("ru-RU", "ru"),
        ("RU", "ru"),
        ("C.UTF-8", "en"),
        ("de_DE", "en"),
        ("", "en"),
        (None, "en"),
    ],
)
def test_a_locale_name_means_a_language(value: str | None, lang: str) -> None:
    assert lang == messages.language_of(value)


@pytest.mark.parametrize("lang", messages.LANGUAGES)
def test_numbers_are_counted_as_the_vectors_say(lang: str) -> None:
    vectors = json.loads((ROOT / "tests" / "vectors" / "plurals.json").read_text(encoding="utf-8"))
    assert {0, 1, 2, 5, 11, 21, 22, 112} <= {count for count, _ in vectors[lang]}
    for count, index in vectors[lang]:
        assert index == messages.plural_index(lang, count)


@pytest.mark.parametrize("lang", TRANSLATED)
def test_the_header_of_a_catalogue_names_the_rule_of_its_language(lang: str) -> None:
    for domain in messages.DOMAINS:
        catalog = messages.catalog(lang, domain)
        assert messages.PLURALS[lang].forms == catalog.num_plurals


@pytest.mark.parametrize("lang", messages.LANGUAGES)
def test_every_sample_number_has_a_form_of_its_own(lang: str) -> None:
    rule = messages.PLURALS[lang]
    assert list(range(rule.forms)) == [rule.index(one) for one in rule.samples]


@pytest.mark.parametrize("lang", messages.LANGUAGES)
def test_the_front_end_gets_its_texts_in_all_their_forms(lang: str) -> None:
    found = messages.frontend(lang)
    assert "" not in found
    if lang == "en":
        assert not found
        return
    assert "Saving…" in found
    assert "Course staff" not in found  # a text of the server's pages only
    forms = found["{count} step added."]
    assert isinstance(forms, list)
    assert messages.PLURALS[lang].forms == len(forms)


@pytest.mark.parametrize("lang", TRANSLATED)
def test_the_first_words_of_a_page_travel_before_the_others_and_none_twice(lang: str) -> None:
    parts = {part: messages.frontend(lang, parts=frozenset({part})) for part in messages.PARTS}
    together = [text for part in parts.values() for text in part]
    assert len(together) == len(set(together))
    assert set(together) == set(messages.frontend(lang))
    assert "Saving…" in parts["first"]
    assert "Choose a file" in parts["kinds"]
    assert "{count} step added." in parts["later"]
    assert len(parts["first"]) < len(together) / 2
    assert messages.first_parts(["text", "table"]) == ("first",)
    assert messages.first_parts(["text", "entries"]) == ("first", "kinds")
    assert messages.first_parts(["entries"], typing=True) == ("first", "kinds", "typist")


@pytest.mark.parametrize("lang", TRANSLATED)
@pytest.mark.parametrize("before", ["Confirmed by", "Written down by"])
def test_a_confirmation_has_the_same_words_in_a_component_and_on_a_page(
    lang: str, before: str
) -> None:
    on_page = messages.translator(lang)(f"{before} {{name}} on {{when}}")
    assert on_page == messages.translator(lang)(before) + " {name}, {when}"


@pytest.mark.parametrize("lang", TRANSLATED)
def test_the_workbooks_own_texts_do_not_travel_twice(lang: str) -> None:
    """The definition arrives translated; its texts are no part of the front end's catalogue."""
    assert "What concerns me" not in messages.frontend(lang)


def test_values_are_put_in_as_text_and_not_looked_into() -> None:
    shown = messages.format("{name}: {text}", name="{text}", text="{0.__class__}")
    assert shown == "{text}: {0.__class__}"


def test_a_placeholder_without_value_stays() -> None:
    assert messages.format("{a} {b}", a=1) == "1 {b}"


def test_an_option_belongs_to_one_question_so_that_a_translation_can_decline_it() -> None:
    """“Who feels it? parents” and “Who is it? parents” are other words in Kazakh and in Russian."""
    asked: dict[str, set[str]] = {}
    for folder in sorted((ROOT / "workbooks").iterdir()):
        if not (folder / "workbook.yml").is_file():
            continue
        compiled = definition_json(load(folder / "workbook.yml"), str)
        for section in compiled["sections"]:
            for field in section.get("fields", []):
                for one in [field, *field.get("columns", [])]:
                    # Who reads an entry is asked by the kind, in the same words in each workbook.
                    whole = field["kind"] if one["id"] == READERS else folder.name
                    for option in one.get("options", []):
                        asked.setdefault(option["label"], set()).add(f"{whole}/{one['id']}")
    assert asked
    assert {label: where for label, where in asked.items() if len(where) > 1} == {}


@pytest.mark.parametrize("lang", TRANSLATED)
def test_the_note_on_drafts_waits_for_no_text_of_the_command_line(
    report: Report, lang: str
) -> None:
    assert messages.translator(lang).drafts == report.shown[lang] <= report.drafts[lang]
    shell = ("src/ustaz/cli/_app.py", 1)
    page = ("src/ustaz/server/templates/home.html", 1)
    assert not on_pages(Message("One", locations=[shell]))
    assert on_pages(Message("One", locations=[shell, page]))
    assert on_pages(Message("One"))


@pytest.mark.parametrize("lang", TRANSLATED)
def test_no_block_of_the_book_stays_english(lang: str) -> None:
    fixed = {one.singular for one in sources(ROOT)["ustaz"] if "/book/directives/" in one.file}
    assert {"Key points", "Say", "How sure are we?"} <= fixed
    gettext = messages.translator(lang).gettext
    assert [one for one in fixed if gettext(one) == one] == []


@pytest.mark.parametrize("lang", TRANSLATED)
def test_the_people_of_worked_examples_have_names_in_the_language_around_them(lang: str) -> None:
    people = {
        one.singular for one in sources(ROOT)["workbooks"] if one.comment.endswith(": person")
    }
    assert len(people) >= 6
    gettext = messages.translator(lang).gettext
    assert [one for one in people if re.search("[A-Za-z]", gettext(one))] == []


def test_a_row_is_called_by_its_number_as_the_language_counts() -> None:
    calls = {lang: messages.translator(lang).gettext for lang in messages.LANGUAGES}
    assert messages.numbered("Step", 3, calls["en"]) == "Step 3"
    assert messages.numbered("Шаг", 3, calls["ru"]) == "Шаг 3"
    assert messages.numbered("Қадам", 3, calls["kk"]) == "3‑қадам"
