"""`make messages`: finding texts, keeping translations, saying what is wrong."""

from __future__ import annotations

import json
import re
from pathlib import Path

import polib
import pytest
from babel.messages.catalog import Catalog, Message
from hypothesis import given
from hypothesis import strategies as st

from ustaz.catalogs.__main__ import main
from ustaz.catalogs.check import check, faults, read_terms, strange
from ustaz.catalogs.extract import (
    Source,
    python_messages,
    sources,
    template_sources,
    typescript_messages,
)
from ustaz.catalogs.update import merge, read_catalog, render, template_of, update
from ustaz.messages._catalogs import catalog_path, entry

ROOT = Path(__file__).parents[2]


def texts(found: object) -> list[tuple[str, str | None]]:
    return [(one.singular, one.plural) for one in found]  # type: ignore[attr-defined]


# -- finding ------------------------------------------------------------------------------------
def test_python_texts_are_plain_literals_in_marked_calls() -> None:
    code = """
_("One")
words.gettext("Two " "halves")
N_("Three")
ngettext("{n} day", "{n} days", n)
gettext(name)
print("not marked")
out.ngettext("{count} step", "{count} steps", len(found), extra=1)
self.words("Key points")
self.words(definition.title)
cursor.words("is")
"""
    assert texts(python_messages(code, "a.py")) == [
        ("One", None),
        ("Two halves", None),
        ("Three", None),
        ("{n} day", "{n} days"),
        ("{count} step", "{count} steps"),
        ("Key points", None),
    ]


def test_typescript_texts_are_found_and_comments_are_not() -> None:
    code = """
// t("in a comment")
/* n("also", "comment", 1) */
const url = "https://example.org"; // t("again")
const a = t("Saved at {time}", { time });
const b = ctx.t('Single \\'quoted\\'');
const c = n("{count} step", "{count} steps", rows.length);
const d = t("one " +
  "joined");
const e = format("not marked") + at("neither");
return <p title={t("In JSX")}>{t(`Plain template`)} it's</p>;
const f = t(name);
const h = `${t("inside")} · ${format(t("of a template"))}`;
const g = N_("Later");
"""
    assert texts(typescript_messages(code, "a.tsx")) == [
        ("Saved at {time}", None),
        ("Single 'quoted'", None),
        ("{count} step", "{count} steps"),
        ("one joined", None),
        ("In JSX", None),
        ("Plain template", None),
        ("inside", None),
        ("of a template", None),
        ("Later", None),
    ]


def test_no_text_of_the_front_end_is_missed() -> None:
    """What is plainly marked in the code is found, whatever stands around it.

    Babel finds no call inside of the arguments of another one, and inside of a template string none
    with an object: give such a text a name first.
    """
    marked = re.compile(r'(?<![\w$])(?:t|n|N_)\(\s*"((?:[^"\\\n]|\\.)*)"\s*[,)]')
    for path in (ROOT / "widgets" / "ustaz_widgets").rglob("*.ts*"):
        if "static" not in path.parts and ".test." not in path.name:
            code = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
            texts = {source.singular for source in typescript_messages(code, path.name)}
            assert {json.loads(f'"{text}"') for text in marked.findall(code)} <= texts, path


def test_template_texts_are_found(tmp_path: Path) -> None:
    folder = tmp_path / "src" / "ustaz" / "server" / "templates"
    folder.mkdir(parents=True)
    (folder / "a.html").write_text(
        "<p>{{ _('Hello, {name}!', name=x) }}</p>{{ other }}"
        "{{ ngettext('{n} day', '{n} days', n) }}",
        encoding="utf-8",
    )
    assert texts(template_sources(tmp_path)) == [
        ("Hello, {name}!", None),
        ("{n} day", "{n} days"),
    ]


def test_every_text_of_the_workbooks_and_findings_is_found() -> None:
    found = sources(ROOT)
    workbooks = {one.singular for one in found["workbooks"]}
    assert {"What concerns me", "My steps", "Short form"} <= workbooks
    pages = {one.singular for one in found["ustaz"]}
    findings = json.loads((ROOT / "shared" / "findings.json").read_text(encoding="utf-8"))
    for template in findings.values():
        assert (template if isinstance(template, str) else template["one"]) in pages


# -- keeping ------------------------------------------------------------------------------------
def russian(*entries: tuple[str, str], draft: bool = False) -> Catalog:
    catalog = Catalog(locale="ru", domain="ustaz")
    for key, text in entries:
        catalog.add(key, text, user_comments=["draft"] if draft else [])
    return catalog


def template(*keys: str) -> Catalog:
    return template_of([Source(one, None, "a.py") for one in keys], "ustaz")


def test_a_translation_is_kept_and_stays_signed_off() -> None:
    merged = merge(russian(("Saved", "Сохранено")), template("Saved", "Lost"))
    kept = merged.get("Saved")
    assert kept is not None
    assert (kept.string, kept.user_comments, kept.fuzzy) == ("Сохранено", [], False)


def test_a_new_text_waits_as_a_draft() -> None:
    merged = merge(russian(), template("Saved"))
    new = merged.get("Saved")
    assert new is not None
    assert (new.string, new.user_comments) == ("", ["draft"])


def test_a_text_that_changed_a_little_is_marked_and_not_shown() -> None:
    old = "Nothing is lost. Try again."
    merged = merge(russian((old, "Ничего не потеряно.")), template("Nothing is lost. Try again!"))
    changed = merged.get("Nothing is lost. Try again!")
    assert changed is not None
    assert (changed.string, changed.fuzzy) == ("Ничего не потеряно.", True)
    assert [old] == list(changed.previous_id)


def test_the_text_of_before_is_kept_until_somebody_has_read_the_new_one(tmp_path: Path) -> None:
    old = 'The line of the leader says "agreed", and what that means stands on the page of ' * 3
    new = template(f"{old}plans.\nSave it.")
    merged = merge(russian((f"{old}plans.\nSave.", "Сохранено")), new, prune=True)
    content = render(merged, "ustaz", "ru")
    # As other programs read it: what Babel wraps without a sign, none of them can.
    (read,) = polib.pofile(content.decode())
    assert (read.previous_msgid, read.msgstr) == (f"{old}plans.\nSave.", "Сохранено")
    (tmp_path / "ustaz.po").write_bytes(content)
    again = merge(read_catalog(tmp_path / "ustaz.po", "ru", "ustaz"), new)
    assert render(again, "ustaz", "ru") == content

    (tmp_path / "ustaz.po").write_bytes(content.replace(b"#, fuzzy\n", b""))
    signed = merge(read_catalog(tmp_path / "ustaz.po", "ru", "ustaz"), new)
    assert b"#|" not in render(signed, "ustaz", "ru")


def test_a_text_of_before_that_cannot_be_read_is_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "ustaz.po"
    path.write_text(
        '# draft\n# | msgid "Save it\n# and\n# | go"\n#, fuzzy\nmsgid "Saved"\nmsgstr "С"\n',
        encoding="utf-8",
    )
    message = read_catalog(path, "ru", "ustaz").get("Saved")
    assert message is not None
    assert (message.user_comments, list(message.previous_id)) == (["draft"], [])


def test_a_text_that_went_is_kept_until_it_is_pruned_and_comes_back() -> None:
    gone = merge(russian(("Saved", "Сохранено")), template())
    assert [entry(one)[0] for one in gone.obsolete.values()] == ["Saved"]
    back = merge(gone, template("Saved")).get("Saved")
    assert back is not None
    assert back.string == "Сохранено"
    assert not merge(russian(("Saved", "Сохранено")), template(), prune=True).obsolete


def test_the_same_texts_give_the_same_bytes(tmp_path: Path) -> None:
    path = tmp_path / "ustaz.po"
    path.write_bytes(
        render(merge(russian(("Saved", "Сохранено")), template("Saved")), "ustaz", "ru")
    )
    again = merge(read_catalog(path, "ru", "ustaz"), template("Saved"))
    assert path.read_bytes() == render(again, "ustaz", "ru")
    assert b"POT-Creation-Date" not in path.read_bytes()


def test_an_update_of_what_is_current_changes_nothing(checkout: Path) -> None:
    update(checkout)
    assert update(checkout) == []


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=200))
def test_any_translation_survives_a_round_trip(text: str) -> None:
    import io

    from babel.messages.pofile import read_po

    catalog = russian(("Key", text))
    data = render(catalog, "ustaz", "ru")
    found = read_po(io.BytesIO(data), locale="ru").get("Key")
    assert found is not None
    assert text == found.string


# -- complaining --------------------------------------------------------------------------------
def complaints(key: str | tuple[str, str], text: object, lang: str = "ru", **more: object) -> set:
    message = Message(key, text, **more)  # type: ignore[arg-type]
    return {kind for kind, _ in faults(message, lang)}


@pytest.mark.parametrize(
    ("key", "text", "kind"),
    [
        ("Saved", "", "missing"),
        (("{n} day", "{n} days"), ("{n} день", "{n} дня"), "plural"),
        ("Saved at {time}", "Сохранено", "placeholder"),
        ("Saved", "Сохранено {time}", "placeholder"),
        ("One.\n\nTwo.", "Одно. Два.", "shape"),
        ("- a\n- b", "- а\nб", "shape"),
        ("Saved ", "Сохранено", "shape"),
        ("Saved", "Cохранено", "letters"),  # the first letter is Latin
        ("Saved", "Сақталды", "letters"),
        ("Saved", 'Это "так"', "quotes"),
        ("Saved", "Это - так", "quotes"),
        ("He said “no”.", "Он сказал: “нет”.", "quotes"),
        ("One two", "Один  два", "spaces"),
        ("“Yes”, he said", "« Да», — сказал он", "spaces"),
        ("Yes, he said", "Да , сказал он", "spaces"),
    ],
)
def test_a_wrong_translation_is_named(key: object, text: object, kind: str) -> None:
    assert kind in complaints(key, text)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("Saved at {time}", "Сохранено в {time}"),
        (("{count} day", "{count} days"), ("один день", "{count} дня", "{count} дней")),
        ("for example A.K.", "например Ә.Қ."),
        ("Run `make start`", "Запустите `make start`"),
        ("- a\n- b", "- а\n- б"),
        ("{start} to {end}", "с {start} по {end} — срок"),
        ("He said “no”.", "Он сказал: «„Нет“ — тоже ответ»."),
        ("School ……  Day ……", "Школа ……  День …… , год"),
    ],
)
def test_a_right_translation_is_left_alone(key: object, text: object) -> None:
    assert set() == complaints(key, text)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("key", "text", "kind"),
    [
        ("It is so", "Это – так", "dash"),
        ("{start} to {end}", "с {start} по {end} – срок", "dash"),
        ("–", "–", "dash"),
        ("It is so", "Это—так", "dash"),
        ("What I did", "Что я сделал(а)", "ending"),
        ("What I learned", "Чему я научился (научилась)", "ending"),
        ("Full of energy", "полон (полна) сил", "ending"),
        ("You alone read it", "Это читаете только Вы", "letters"),
    ],
)
def test_russian_has_its_dash_small_letters_and_no_two_forms_of_a_word(
    key: str, text: str, kind: str
) -> None:
    assert kind in complaints(key, text)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("1 to 4 – or more", "1–4 — или больше"),
        ("September to May: so", "Сентябрь–май: так"),
        ("“Yes” – he said", "«Да», — говорит он"),
        ("card (a)", "карточка (а)"),
        ("All is well. You alone read it: “You too?”", "Хорошо. Вы одни это читаете: «Вы тоже?»"),
        ("negotiate (negotiation)", "согласовать (согласование)"),
    ],
)
def test_russian_ranges_and_brackets_are_left_alone(key: str, text: str) -> None:
    assert complaints(key, text) == set()


@pytest.mark.parametrize(
    ("key", "text", "kind"),
    [
        ("It is so", "Бұл — солай", "dash"),
        ("Submitted on {when}", "Тапсырылды {when} күні", "ending"),
        ("Not saved since {when}", "{when} бері сақталмаған", "ending"),
        ("Sent to {name}", "{name}-ға жіберілді", "ending"),
        ("The answers of {name}", "{name}‑ның жауаптары", "ending"),
        ("{one} and {other}", "{one} пен {other}", "ending"),
        ("You alone read it", "Мұны тек Сіз оқисыз", "letters"),
        ("by 15", "15-ге дейін", "ending"),
        ("2 of them", "олардың 2-ін", "ending"),
        ("70 % of it", "оның 70 %-іне", "ending"),
        ("on 28 of 1,000", "1 000-дан 28–і", "ending"),
        ("Row {row}", "{row}-жол", "ending"),  # on pages the hyphen after a number does not break
    ],
)
def test_kazakh_keeps_its_dash_and_lets_nothing_lean_on_a_placeholder(
    key: str, text: str, kind: str
) -> None:
    assert kind in complaints(key, text, "kk")


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("It is so", "Бұл – солай"),
        ("Submitted on {when}", "Тапсырылған күні: {when}"),
        ("Sent to {name}", "Кімге жіберілді: {name}"),
        ("{first} and {last}", "{first}–{last} аралығында"),
        ("Row {row}", "{row}‑жол"),
        ("Round {n}", "{n}‑тапсырылым, алынды"),
        ("{place} of {of} is free", "{place}/{of} орын бос"),
        ("by 15, of 10, 29 of 50", "15-ке дейін, 10-нан, 50-дің 29-ы"),
        ("2 of them, 70 % of it", "олардың 2-уі, 2-ні, оның 70 %-ына"),
        ("module 2, 8-9 in 5B", "2-модуль, 8–9-сынып, 5Б-да, E3-тің 6-сы"),
    ],
)
def test_a_right_kazakh_text_is_left_alone(key: str, text: str) -> None:
    assert set() == complaints(key, text, "kk")


@pytest.mark.parametrize(
    "forms",
    [
        ("Изменён {n} ответ. Какой верный?", "Изменено {n} ответа. Какие верные?", "…"),
        ("Приглашение для {n} человека", "Приглашения для {n} человек", "…"),
        ("Изменён {n} ответ. Это всё.", "Изменено {n} ответа.", "…"),
    ],
)
def test_the_first_russian_form_is_also_that_of_21(forms: tuple[str, ...]) -> None:
    assert complaints(("{n} day", "{n} days"), (*forms[:2], forms[1])) == {"number"}


@pytest.mark.parametrize(
    "forms",
    [
        ("Изменён {n} ответ. Выберите.", "Изменено {n} ответа. Выберите."),
        ("В группе остался {n} человек", "В группе осталось {n} человека"),
        ("Показан только {n} самый новый", "Показаны только {n} самых новых"),
        ("Добавлено: {n}", "Добавлено: {n}"),
    ],
)
def test_the_verb_and_the_noun_of_a_number_change_with_it(forms: tuple[str, str]) -> None:
    assert complaints(("{n} day", "{n} days"), (*forms, forms[1])) == set()


def test_a_fuzzy_entry_is_named_once() -> None:
    assert complaints("Saved", "Что-то", flags={"fuzzy"}) == {"fuzzy"}


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tiny checkout with one page and no workbooks."""
    folder = tmp_path / "src" / "ustaz"
    folder.mkdir(parents=True)
    (folder / "page.py").write_text('_("Saved")\n_("Nothing is lost.")\n', encoding="utf-8")
    return tmp_path


def test_the_command_updates_checks_and_counts(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--root", str(checkout), "check"]) == 1
    assert main(["--root", str(checkout), "update"]) == 0
    capsys.readouterr()
    assert main(["--root", str(checkout), "check"]) == 1
    out, err = capsys.readouterr()
    assert "ru/ustaz: missing: “Saved” is not translated" in err
    assert "ru: 2 texts, 2 drafts to be read, 2 to be put right" in out


def test_a_changed_source_is_noticed_before_anybody_updates(checkout: Path) -> None:
    update(checkout)
    (checkout / "src" / "ustaz" / "page.py").write_text('_("Kept")\n', encoding="utf-8")
    kinds = {one.kind for one in check(checkout).complaints if one.lang == "ru"}
    assert {"missing", "stale"} <= kinds


def test_one_text_has_one_translation_in_both_domains(checkout: Path) -> None:
    update(checkout)
    for domain, text in (("ustaz", "Сохранено"), ("workbooks", "Записано")):
        path = catalog_path("ru", domain, checkout / "locale")
        path.write_bytes(render(russian(("Saved", text)), domain, "ru"))
    assert "differs" in {one.kind for one in check(checkout).complaints}


def test_a_term_of_the_glossary_has_one_translation(checkout: Path) -> None:
    (checkout / "src" / "ustaz" / "page.py").write_text('_("My workbook")\n', encoding="utf-8")
    update(checkout)
    (checkout / "locale" / "terms.csv").write_text(
        "term,ru,kk\n\\bworkbooks?\\b,тетрад,дәптер\n", encoding="utf-8"
    )
    path = catalog_path("ru", "ustaz", checkout / "locale")
    for text, kinds in (("Мой воркбук", {"term"}), ("Моя рабочая тетрадь", set())):
        path.write_bytes(render(russian(("My workbook", text)), "ustaz", "ru"))
        assert {one.kind for one in check(checkout).complaints if one.lang == "ru"} == kinds


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Қабылданды: {when}", True),  # accepted: another state of a workbook
        ("Алынды, қабылданды: {when}", True),
        ("Алынды: {when}", False),
    ],
)
def test_a_word_that_means_something_else_is_never_taken_for_a_term(text: str, wrong: bool) -> None:
    terms = [
        {
            "term": r"\breceived\b",
            "ru": "получен",
            "kk": "алын",
            "never_ru": "",
            "never_kk": "қабылда",
        }
    ]
    found = [kind for kind, _ in strange(Message("Received on {when}", text), "kk", terms)]
    assert bool(found) == wrong


def test_the_glossary_holds_for_the_command_line_too_but_not_for_commands() -> None:
    terms = [{"term": r"\bworkbooks?\b", "ru": "тетрад", "kk": "дәптер"}]
    place = [("src/ustaz/cli/_workbook.py", 1)]
    wrong = Message("The workbook is here", "Воркбук здесь", locations=place)
    assert [kind for kind, _ in strange(wrong, "ru", terms)] == ["term"]
    for key, text in (
        ("Make it: ustaz workbook build {dir}", "Создайте: ustaz workbook build {dir}"),
        ("Name it with --workbook", "Укажите через --workbook"),
        ("Run `ustaz workbook`", "Выполните `ustaz workbook`"),
    ):
        assert not list(strange(Message(key, text, locations=place), "ru", terms))


def test_each_row_of_the_glossary_is_whole_and_its_patterns_can_be_read() -> None:
    rows = read_terms(ROOT / "locale" / "terms.csv")
    assert {"term", "ru", "kk", "never_ru", "never_kk"} == set(rows[0])
    for row in rows:
        assert None not in {*row, *row.values()}, row
        assert "" not in {row["term"], row["ru"], row["kk"]}, row
        for pattern in row.values():
            re.compile(pattern)
