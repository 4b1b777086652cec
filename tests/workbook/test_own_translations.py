"""A workbook that only one course has speaks the course's languages: a file, and no Python."""

from __future__ import annotations

import datetime as dt
import json
import pickle
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.server import helpers
from tests.support.browser import PHONE, Watch, axe, browser
from tests.support.language import EXAMPLE
from ustaz import builder as W  # noqa: N812 - as docs/workbooks.md shows it
from ustaz.catalogs.update import read_catalog
from ustaz.cli._app import run
from ustaz.course import Course
from ustaz.grading.render import render_answers
from ustaz.grading.wording import sentences
from ustaz.messages import LANGUAGES, OwnText, translator
from ustaz.server.pages import participant
from ustaz.server.site import Site
from ustaz.workbook import Context, evaluate, load
from ustaz.workbook import messages as offered
from ustaz.workbook.course_translations import with_own_texts
from ustaz.workbook.serialize import localized

TINY = Path(__file__).parent / "fixtures" / "tiny"
KAZAKH = {
    "One good moment": "Бір жақсы сәт",
    "Keep one moment of this week.": "Осы аптаның бір сәтін сақтаңыз.",
    "A moment": "Сәт",
    "What went well this week?": "Осы аптада не жақсы болды?",
    "What happened?": "Не болды?",
}
CONTEXT = Context(today=dt.date(2026, 11, 23))
RULE = """\
rules:
  - {id: short, kind: advise, field: what, at_most: 3, message: Was that all?}
"""


def course_with_tiny(folder: Path) -> Course:
    """A course whose staff put a workbook of their own beside its settings."""
    helpers.make_course(folder)
    shutil.copytree(TINY, folder / "library" / "tiny")
    settings = (folder / "ustaz.toml").read_text(encoding="utf-8")
    settings, changed = re.subn(
        r"^assignments = \[.*\]$", 'assignments = ["focus", "tiny"]', settings, flags=re.MULTILINE
    )
    assert changed == 1
    (folder / "ustaz.toml").write_text(settings + 'library = ["library"]\n', encoding="utf-8")
    return Course.open(folder)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("USTAZ_NOW", helpers.NOW)
    for name in ("USTAZ_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    return course_with_tiny(tmp_path / "course").dir


def messages(folder: Path, *options: str) -> int:
    return run(["workbook", "messages", str(folder / "library"), *options])


def catalogue(folder: Path, lang: str = "kk") -> Path:
    return folder / "locale" / lang / "LC_MESSAGES" / "workbooks.po"


def translate(folder: Path, texts: dict[str, str] = KAZAKH, lang: str = "kk") -> None:
    """Type translations into the catalogue, as in any editor."""
    path = catalogue(folder, lang)
    text = path.read_text(encoding="utf-8")
    for english, kazakh in texts.items():
        empty = f'msgid "{english}"\nmsgstr ""'
        assert empty in text
        text = text.replace(empty, f'msgid "{english}"\nmsgstr "{kazakh}"')
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def translated(folder: Path) -> Course:
    messages(folder, "--language", "kk")
    translate(folder)
    return Course.open(folder)


# -- an author who writes Kazakh ------------------------------------------------------------------
MOMENT = W.workbook(
    "tiny",
    language="kk",
    title="Бір жақсы сәт",
    sections=[W.section(W.entries("days", W.text("what", "Не болды?", required="ready")))],
)
ENGLISH = {"Бір жақсы сәт": "One good moment", "Не болды?": "What happened?"}


def test_a_workbook_in_kazakh_is_read_as_written_or_as_translated(folder: Path) -> None:
    MOMENT.write(folder / "library")
    assert messages(folder) == 4
    english = read_catalog(catalogue(folder, "en"), "en", "workbooks")
    texts = [str(message.id) for message in english]
    # Words of Ustaz itself, as the label of a day, are English already.
    assert set(ENGLISH) < set(texts)
    assert "Day" not in texts
    assert not catalogue(folder).exists()
    translate(folder, ENGLISH, "en")
    definition = Course.open(folder).library["tiny"]
    titles = {lang: localized(definition, lang)["title"] for lang in LANGUAGES}
    kazakh = "Бір жақсы сәт"
    assert titles == {"kk": kazakh, "ru": kazakh, "en": "One good moment"}
    (days,) = localized(definition, "kk")["sections"][0]["fields"]
    assert [column["label"] for column in days["columns"]][:2] == ["Күні", "Не болды?"]


def test_every_text_that_translators_are_offered_is_shown_translated(tmp_path: Path) -> None:
    path = tmp_path / "workbook.yml"
    path.write_text(EXAMPLE, encoding="utf-8")
    definition = load(path)
    words = {text: {"kk": f"«{text}»"} for _, text in offered(definition)}
    translated = json.dumps(localized(with_own_texts(definition, words), "kk"))
    assert [text for text in words if json.dumps(f"«{text}»")[1:-1] not in translated] == []


# -- the command ----------------------------------------------------------------------------------
def test_the_command_makes_catalogues_and_says_what_is_missing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert messages(folder) == 4
    said = capsys.readouterr().out
    assert "kk/workbooks: missing: “One good moment” is not translated" in said
    assert "ru: 5 texts, 5 drafts to be read, 5 to be put right." in said
    text = catalogue(folder).read_text(encoding="utf-8")
    assert "#. tiny: moment / what: label\n#: library/tiny/workbook.yml\n" in text
    assert (folder / "locale" / "workbooks.pot").is_file()


def test_it_ends_well_when_all_is_translated_and_changes_nothing_then(folder: Path) -> None:
    messages(folder, "--language", "kk")
    translate(folder)
    before = helpers_tree(folder / "locale")
    assert messages(folder) == 0  # the language that there is, and no other
    assert messages(folder, "--check") == 0
    assert helpers_tree(folder / "locale") == before
    assert not catalogue(folder, "ru").exists()


def helpers_tree(folder: Path) -> dict[str, bytes]:
    return {str(one): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


@pytest.mark.parametrize(
    ("broken", "kind"),
    [
        ("Нe болды?", "letters"),
        ('Не болды «\\"?»', "quotes"),
        (" Не болды?", "shape"),
        ("Не {болды}?{x}", "placeholder"),
    ],
)
def test_it_checks_as_strictly_as_our_own(
    translated: Course, capsys: pytest.CaptureFixture[str], broken: str, kind: str
) -> None:
    path = catalogue(translated.dir)
    path.write_text(path.read_text(encoding="utf-8").replace("Не болды?", broken), "utf-8")
    capsys.readouterr()
    assert messages(translated.dir, "--check", "--json") == 4
    assert [one["kind"] for one in json.loads(capsys.readouterr().out)["problems"]] == [kind]


def test_a_changed_text_takes_its_translation_along_to_be_read_again(translated: Course) -> None:
    path = translated.dir / "library" / "tiny" / "workbook.yml"
    path.write_text(path.read_text().replace("went well this week", "went very well this week"))
    assert messages(translated.dir) == 4
    text = catalogue(translated.dir).read_text(encoding="utf-8")
    assert '#, fuzzy\nmsgid "What went very well this week?"\nmsgstr "Осы аптада' in text
    assert "went very well" in page_text(Course.open(translated.dir))  # English until it was read


def test_a_text_that_ustaz_knows_comes_with_its_translation(folder: Path) -> None:
    path = folder / "library" / "tiny" / "workbook.yml"
    path.write_text(path.read_text().replace("title: A moment", "title: What concerns me"))
    messages(folder)
    text = catalogue(folder).read_text(encoding="utf-8")
    known = translator("kk").gettext("What concerns me")
    assert f'msgid "What concerns me"\nmsgstr "{known}"' in text


def test_a_folder_without_workbooks_is_an_error_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--lang", "kk", "workbook", "messages", str(tmp_path)]) == 1
    assert "жұмыс дәптері жоқ" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


# -- what people see ------------------------------------------------------------------------------
def page_text(course: Course, lang: str = "kk") -> str:
    site = Site(course)
    try:
        visit = helpers.visit(site, "aigul-s", "workbooks/tiny", lang=lang, workbook="tiny")
        return helpers.html(participant.workbook(visit))
    finally:
        site.pool.shutdown()


def test_page_advice_and_answers_are_in_the_readers_language(translated: Course) -> None:
    page = page_text(translated)
    for kazakh in KAZAKH.values():
        assert kazakh in page
    assert "What happened?" in page_text(translated, "en")
    assert "What happened?" in page_text(translated, "ru")  # nobody has translated it yet
    tiny = translated.library["tiny"]
    shown = render_answers(tiny, {"what": "Сұрақ қойды."}, lang="kk")
    assert "Не болды?" in shown
    assert "Сәт" in shown
    found = evaluate(tiny, {}, CONTEXT).sections[0].findings[0]
    assert sentences(tiny, {}, [found], "kk")[0].startswith("Не болды?: ")


def test_a_rules_own_sentence_is_translated_too(folder: Path) -> None:
    path = folder / "library" / "tiny" / "workbook.yml"
    text = path.read_text().replace("kind: text", "kind: scale\n        from: 1\n        to: 5")
    text = re.sub(r"        m(in|ax): .*\n", "", text.replace("required: ready", "low: l\n"
                  "        high: h\n        cannot_say: no"))  # fmt: skip
    path.write_text(text + RULE)
    messages(folder, "--language", "kk")
    translate(folder, {"Was that all?": "Осымен бітті ме?"})
    tiny = Course.open(folder).library["tiny"]
    found = [
        one for section in evaluate(tiny, {"what": 2}, CONTEXT).sections for one in section.findings
    ]
    assert sentences(tiny, {}, found, "kk") == ["What happened?: Осымен бітті ме?"]


def test_two_courses_of_one_server_keep_their_own_words(translated: Course, tmp_path: Path) -> None:
    other = course_with_tiny(tmp_path / "other")
    messages(other.dir, "--language", "kk")
    translate(other.dir, {**KAZAKH, "What happened?": "Қалай болды?"})
    other = Course.open(other.dir)
    assert "Қалай болды?" in page_text(other)
    assert "Қалай болды?" not in page_text(translated)
    third = course_with_tiny(tmp_path / "third")
    assert "What happened?" in page_text(third)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"<<<<"])
def test_a_damaged_catalogue_stops_no_course(
    translated: Course, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    catalogue(translated.dir).write_bytes(content)
    assert "What happened?" in page_text(Course.open(translated.dir))
    assert "not read" in caplog.text


def test_a_text_stays_a_text() -> None:
    text = OwnText("One", {"kk": "Бір"})
    assert (text, {text: 1}, json.dumps(text)) == ("One", {"One": 1}, '"One"')
    again = pickle.loads(pickle.dumps(text))
    assert translator("kk").gettext(again) == "Бір"
    assert translator("ru").gettext(again) == "One"
    assert translator("en").gettext(again) == "One"


@pytest.fixture
def opened(translated: Course, tmp_path: Path) -> Iterator[Callable[[], Any]]:
    with helpers.Server(translated, tmp_path) as server, browser() as chromium:
        context = chromium.new_context(viewport=PHONE)
        watch = Watch(context)
        page = context.new_page()
        page.goto(f"{server.root}ustaz/?token={helpers.TOKEN}&lang=kk")
        token = next(one["value"] for one in context.cookies() if one["name"] == "_xsrf")
        answer = context.request.post(
            f"{server.root}ustaz/api/v1/act-as",
            data={"person": "aigul-s"},
            headers={"X-XSRFToken": token},
        )
        assert answer.ok
        page.goto(f"{server.root}ustaz/workbooks/tiny")
        yield page
        context.close()
        assert watch.errors == []
        assert watch.outside == []


@pytest.mark.browser
def test_in_a_browser_it_is_filled_in_in_kazakh(opened: Any) -> None:
    page = opened
    page.get_by_role("heading", name="Бір жақсы сәт").wait_for()
    box = page.get_by_label(re.compile("^Не болды"))
    box.fill("Тыныш оқушы өзі сұрақ қойды.")
    page.locator(".uz-state--saved").wait_for()
    assert axe(page) == []
    page.get_by_role("button", name="English").click()
    page.get_by_role("heading", name="One good moment").wait_for()
    assert page.get_by_label(re.compile("^What happened")).input_value().startswith("Тыныш")
