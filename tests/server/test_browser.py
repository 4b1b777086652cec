"""The pages in a real Chromium: small screens, accessibility, hostile words, no script at all."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.server import helpers
from tests.server.helpers import LANGUAGES, Server, let_in
from tests.support.browser import (
    DESKTOP,
    PHONE,
    Kept,
    Watch,
    axe,
    fits_and_is_accessible,
    follow,
    ready,
)
from tests.support.forms import covering
from ustaz.answers import Subject
from ustaz.course.identity import acting_as
from ustaz.exchange import submit

pytestmark = pytest.mark.browser

PAYLOADS = (
    "<script>alert(1)</script>",
    "</script><script>alert(2)</script>",
    "<img src=x onerror=alert(3)>",
    '"><svg onload=alert(4)>',
    "'><iframe srcdoc='<script>alert(5)</script>'>",
    "javascript:alert(6)",
    "{{constructor.constructor('alert(7)')()}}",
    "<!--<script>alert(8)//-->",
    "\u202egnp.exe\u2066 & <b>",
    "<style>@import '//else.example/x.css'</style>",
    "<a href=//else.example ping=//else.example>x</a>",
    '=HYPERLINK("//else.example")',
)


def visit(server: Server, context: Any, person: str, lang: str) -> Any:
    """Return the home page of a signed-in visitor who acts as `person`."""
    let_in(server, context, person, lang)
    page = context.new_page()
    page.goto(f"{server.root}ustaz/")
    return page


PAGES = (
    (None, "?choose=1"),
    ("aigul-s", ""),
    ("nurgul-a", ""),
    ("dina-f", ""),
    ("bakhyt-d", ""),
    ("saule-m", ""),
    ("aigul-s", "workbooks/focus/receipt/1"),
    ("dina-f", "people/olga-p/focus"),
    ("aigul-s", "calendar"),
    ("dina-f", "staff/calendar"),
)


@pytest.fixture(scope="module")
def kept_contexts(chromium: Any) -> Kept:
    """Contexts that one test uses after the other."""
    return Kept(chromium)


@pytest.mark.parametrize(("person", "path", "lang"), covering(PAGES, LANGUAGES))
def test_a_page_fits_a_phone_and_is_accessible(
    server: Server, kept_contexts: Kept, person: str | None, path: str, lang: str
):
    with kept_contexts.context(bypass_csp=False) as context:
        watch = Watch(context)
        let_in(server, context, person, lang)
        page = context.new_page()
        for size, scheme in ((PHONE, "light"), (DESKTOP, "dark")):
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=scheme)
            page.goto(f"{server.root}ustaz/{path}")
            ready(page)
            fits_and_is_accessible(page, lang)
            assert watch.outside == []
            assert watch.errors == []
        watch.stop()


@pytest.mark.parametrize(
    ("script", "roles"),
    [
        (True, {"director": "bakhyt-d", "staff": "saule-m"}),
        (False, {"facilitator": "dina-f", "participant": "nurgul-a"}),
    ],
)
def test_whom_one_tries_out_is_chosen_on_a_page_with_and_without_javascript(
    server: Server, chromium: Any, script: bool, roles: dict[str, str]
):
    context = chromium.new_context(viewport=PHONE, java_script_enabled=script)
    let_in(server, context)
    page = context.new_page()
    page.goto(f"{server.root}ustaz/?choose=1")
    for role, person in roles.items():
        page.select_option(f"#person-{role}", person)
        follow(page, f"section[aria-labelledby=role-{role}] button")
        assert server.course.person(person).name in page.inner_text(".uzs-demo")
        follow(page, ".uzs-demo a")
    context.close()


def test_everything_works_without_javascript(server: Server, chromium: Any):
    context = chromium.new_context(viewport=PHONE, java_script_enabled=False)
    page = visit(server, context, "dina-f", "en")
    follow(page, "text=Қазақша")
    assert page.get_attribute("html", "lang") == "kk"
    follow(page, "text=English")
    assert page.get_attribute("html", "lang") == "en"
    page.goto(f"{server.root}ustaz/people/olga-p/focus")
    follow(page, "button:text-is('Confirm')")
    assert "Confirmed by Dina F." in page.inner_text("#confirmations")
    follow(page, "button:text-is('Take it back')")
    assert "Not confirmed yet." in page.inner_text("#confirmations")
    page = visit(server, context, "aigul-s", "en")
    page.goto(f"{server.root}ustaz/workbooks/focus")
    page.locator("#uz-focus-why_me").fill("Because nobody asks")
    follow(page, "button:text-is('Save')")
    assert page.locator("#uz-focus-why_me").input_value() == "Because nobody asks"
    context.close()


def test_a_page_is_walked_by_keyboard_and_begins_with_the_way_to_the_content(
    server: Server, chromium: Any
):
    context = chromium.new_context(viewport=DESKTOP)
    page = visit(server, context, "aigul-s", "en")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "uzs-skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#content') !== null")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    context.close()


def test_hostile_words_are_only_ever_words(server: Server, chromium: Any):
    course, person = server.course, "yerlan-b"
    roster = course.dir / "people.csv"
    text = roster.read_text(encoding="utf-8")
    name = PAYLOADS[2].replace(",", "")
    changed = text.replace("Yerlan B.", name).replace("participant,g2", "participant,g1")
    roster.write_text(changed, encoding="utf-8")
    words = " ".join(PAYLOADS)
    helpers.put(course, person, "focus", focus_statement=words)
    submit(course, person, "focus", identity=acting_as(course, person), confirm=True)
    try:
        context = chromium.new_context(viewport=DESKTOP)
        watch = Watch(context)
        for reader, paths in {
            person: ("", "workbooks/focus", "workbooks/action-plan", "workbooks/focus/receipt/1"),
            "dina-f": ("", f"people/{person}/focus"),
            "saule-m": ("", f"people/{person}/focus"),
        }.items():
            page = visit(server, context, reader, "en")
            for path in paths:
                page.goto(f"{server.root}ustaz/{path}")
                ready(page)
                planted = "img[src=x], svg[onload], iframe, b, a[ping], style"
                assert page.locator(f"main {planted}, #ustaz-app {planted}").count() == 0
            page.close()
        assert watch.errors == []
        assert watch.outside == []
        context.close()
    finally:
        roster.write_text(text, encoding="utf-8")


def test_an_ended_session_leads_to_the_sign_in_and_back(server: Server, chromium: Any):
    context = chromium.new_context(viewport=PHONE)
    page = visit(server, context, "aigul-s", "en")
    context.clear_cookies()
    page.goto(f"{server.root}ustaz/workbooks/focus")
    assert "/login?next=%2Fustaz%2Fworkbooks%2Ffocus" in page.url
    context.close()


def test_pages_lead_to_the_book_and_count_the_modules_that_this_device_finished(
    server: Server, chromium: Any
):
    manifest = server.home / "site" / "en" / "book.json"
    manifest.parent.mkdir(parents=True, exist_ok=True)
    (manifest.parent / "index.html").touch()
    before = manifest.read_text(encoding="utf-8") if manifest.is_file() else None
    place = {"lang": "en", "workbook": "focus", "section": "values", "title": "<Focus>"}
    place["url"] = "modules/focus.html#narrow"
    modules = [{"id": "m1"}, {"id": "m2"}, {"id": "<b>"}]
    manifest.write_text(json.dumps({"modules": modules, "workbooks": [place]}), "utf-8")
    context = chromium.new_context(viewport=PHONE)
    watch = Watch(context)
    try:
        page = visit(server, context, "aigul-s", "kk")
        page.goto(f"{server.root}ustaz/")
        assert page.locator("#book-progress").is_hidden()
        page.evaluate(
            "localStorage.setItem('ustaz.book.v1', JSON.stringify("
            "{format: 1, modules: {m1: {complete: true}, m2: {complete: false},"
            " x: {complete: true}}}))"
        )
        page.reload()
        page.locator("#book-progress").wait_for()
        said = page.locator("#book-progress").inner_text()
        assert said == "Осы құрылғыда аяқталған модуль: 1/2"
        page.evaluate("localStorage.setItem('ustaz.book.v1', '{damaged')")
        page.reload()
        assert page.locator("#book-progress").is_hidden()
        page.goto(f"{server.root}ustaz/workbooks/focus")
        page.wait_for_load_state("networkidle")
        page.locator("#uz-form").wait_for(state="detached")  # the script has taken the page over
        (link,) = page.locator(".uz-read a").all()
        assert link.inner_text() == "<Focus>"
        assert link.get_attribute("href").endswith("/ustaz/book/en/modules/focus.html#narrow")
        assert (
            page.locator("#uz-focus-section-values .uz-read").inner_text().startswith("Толығырақ")
        )
        assert watch.errors == []
    finally:
        context.close()
        if before is None:
            manifest.unlink()
        else:
            manifest.write_text(before, encoding="utf-8")


def test_home_names_what_only_this_browser_has_and_leads_there(server: Server, chromium: Any):
    context = chromium.new_context(viewport=PHONE)
    page = visit(server, context, "nurgul-a", "kk")
    home = f"{server.root}ustaz/"
    unsent = page.locator("#unsent")
    assert unsent.is_hidden()
    page.route("**/answers**", lambda route: route.abort())
    page.goto(f"{home}workbooks/focus")
    ready(page)
    page.locator("#uz-focus-focus_statement").fill("Тек осы браузерде")
    page.locator(".uz-state--kept").wait_for()
    # As if it had been some time ago: whoever is just saving is not named.
    page.goto("about:blank")
    page.goto(f"{home}api/v1/me")
    page.evaluate(
        "() => { for (const key of Object.keys(localStorage).filter(k => k.startsWith('ustaz:'))) {"
        " const kept = JSON.parse(localStorage[key]); kept.since = Date.UTC(2026, 10, 21, 9, 5);"
        " localStorage[key] = JSON.stringify(kept); } }"
    )
    for lang, words in (("en", "not saved since 21.11.2026"), ("kk", "21.11.2026"),
                        ("ru", "21.11.2026")):  # fmt: skip
        page.goto(f"{home}?lang={lang}")
        unsent.wait_for()
        assert words in unsent.inner_text()
        assert unsent.locator("li:visible").count() == 1
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    # Somebody else on the same computer learns nothing of it.
    other = visit(server, context, "yerlan-b", "en")
    other.goto(home)
    other.wait_for_load_state("networkidle")
    assert other.locator("#unsent").is_hidden()
    page = visit(server, context, "nurgul-a", "en")
    page.goto(home)
    follow(page, "#unsent li:visible a")
    page.locator(".uz-state--saved").wait_for()
    page.goto(home)
    page.wait_for_load_state("networkidle")
    assert page.locator("#unsent").is_hidden()
    context.close()


def test_a_step_removed_on_one_device_while_another_types_in_it_loses_no_word(
    server: Server, chromium: Any
):
    person, plan = "yerlan-b", f"{server.root}ustaz/workbooks/action-plan"
    row = {"op": "add_row", "path": ["steps", "row001"], "after": None, "value": {"action": "Ask"}}
    helpers.write(server.course, person, "action-plan", [row])

    def stands() -> dict[str, Any]:
        return server.course.store.read(Subject.person(person), "action-plan").answers

    for mine in (True, False):
        context = chromium.new_context(viewport=DESKTOP)
        page = visit(server, context, person, "en")
        page.goto(plan)
        cell = page.locator("#uz-action-plan-steps-row001-action")
        cell.wait_for()
        helpers.write(
            server.course, person, "action-plan", [{"op": "remove_row", "path": row["path"]}]
        )
        words = f"Ask three colleagues, {mine}"
        cell.fill(words)
        page.keyboard.press("Tab")
        panel = page.locator("#uz-choose")
        panel.wait_for()
        assert words in panel.inner_text()
        assert re.search(r"Changed elsewhere at \d\d:\d\d", panel.inner_text())
        # Another answer is saved while the question is open.
        with page.expect_response(lambda one: one.request.method == "PATCH"):
            page.locator("#uz-action-plan-title").fill(f"Pair talk, {mine}")
            page.keyboard.press("Tab")
        assert stands()["title"] == f"Pair talk, {mine}"
        assert axe(page) == []
        panel.get_by_role("button", name="Keep mine" if mine else "Take this one").click()
        page.locator(".uz-state--saved").wait_for()
        if mine:
            assert [one["action"] for one in stands()["steps"]] == [words]
        else:
            assert stands()["steps"] == []
            page.get_by_role("button", name="Earlier versions").click()
            history = page.locator("#uz-history")
            history.get_by_role("button", name="Bring it back").first.click()
            history.locator(".uz-undo").wait_for()
            assert [one["action"] for one in stands()["steps"]] == [words]
            history.locator(".uz-undo button").click()
            history.locator(".uz-undo").wait_for(state="detached")
            assert stands()["steps"] == []
        context.close()


def test_a_step_is_done_and_undone_on_a_phone_without_a_script(server: Server, chromium: Any):
    row = {"action": "Екі әріптеспен кеңесу", "due": "2026-11-20"}
    change = {"op": "add_row", "path": ["steps", "step01"], "after": None, "value": row}
    helpers.write(server.course, "yerlan-b", "action-plan", [change])
    signed_in = chromium.new_context(viewport=PHONE)
    visit(server, signed_in, "yerlan-b", "kk")
    plain = chromium.new_context(
        viewport=PHONE, java_script_enabled=False, storage_state=signed_in.storage_state()
    )
    page = plain.new_page()
    page.goto(f"{server.root}ustaz/")
    page.get_by_role("button", name="Орындалды: Екі әріптеспен кеңесу").click()
    page.get_by_text("Орындалды деп белгіленді: Екі әріптеспен кеңесу").wait_for()

    def saved() -> str | None:
        subject = Subject.person("yerlan-b")
        return server.course.store.read(subject, "action-plan").answers["steps"][0].get("status")

    assert saved() == "done"
    page.get_by_role("button", name="Кері қайтару").click()
    page.get_by_role("button", name="Орындалды: Екі әріптеспен кеңесу").wait_for()
    assert saved() is None
