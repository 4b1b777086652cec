"""The pages of people in a real Chromium: phone, desktop, three languages, keyboard, no script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.server import helpers
from tests.server.helpers import LANGUAGES, Server, let_in
from tests.server.test_people import made, settled
from tests.support.browser import DESKTOP, PHONE, Kept, Watch, fits_and_is_accessible, ready
from tests.support.forms import covering
from ustaz.server.views.pseudonyms import pseudonym

pytestmark = pytest.mark.browser

PAYLOAD = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("people-browser")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("USTAZ_NOW", helpers.NOW)
        course = made(home / "course")
        settled(course)
    with Server(course, home) as server:
        yield server


@pytest.fixture(scope="module")
def kept_contexts(chromium: Any) -> Kept:
    """Contexts that one test uses after the other."""
    return Kept(chromium)


def sign_in(server: Server, context: Any, person: str, lang: str) -> Any:
    """Return a page of a visitor who acts as `person`."""
    let_in(server, context, person, lang)
    return context.new_page()


def sheet(folder: Path, *rows: tuple[str, ...]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    path = folder / "list.xlsx"
    book.save(path)
    return path


GOOD = (
    ("Аты-жөні", "Рөлі", "Тобы", "Мектебі", "Телефон"),
    ("Ғалия Б.", "қатысушы", "3 топ", "№ 5 мектеп-гимназия", ""),
    ("Әйгүл С.", "қатысушы", "g1", "s1", ""),
    (PAYLOAD, "учитель", "g1", PAYLOAD, ""),
    ("Қанат С.", "фасилитатор", "3 топ; 4 топ", "", ""),
)
BAD = (
    ("ФИО", "Роль", "Группа"),
    ("87011234567", "учитель", "g1"),
    ("Ян К.", "король", PAYLOAD),
)


def looks_right(page: Any, watch: Watch, lang: str) -> None:
    ready(page)
    fits_and_is_accessible(page, lang)
    assert watch.outside == []


@pytest.mark.parametrize(
    ("size", "scheme", "lang"), covering([(PHONE, "light"), (DESKTOP, "dark")], LANGUAGES)
)
def test_a_list_is_brought_looked_at_and_taken_over(
    running: Server, chromium: Any, tmp_path: Path, size: dict[str, int], scheme: str, lang: str
):
    roster = running.course.dir / "people.csv"
    before = roster.read_bytes()
    context = chromium.new_context(viewport=size, color_scheme=scheme)
    watch = Watch(context)
    try:
        page = sign_in(running, context, "saule-m", lang)
        page.goto(f"{running.root}ustaz/")
        page.click("section[aria-labelledby=people-title] a.uzs-button[href$='staff/people']")
        looks_right(page, watch, lang)
        page.set_input_files("#list", sheet(tmp_path, *BAD))
        page.click("form[enctype] button")
        page.wait_for_selector("table.uzs-table")
        looks_right(page, watch, lang)
        assert page.locator("table.uzs-table tbody tr").count() == 3
        assert page.locator("#columns select").count() == 5  # the row, three columns, one word
        assert page.locator("main img").count() == 0
        assert roster.read_bytes() == before
        page.set_input_files("#list", sheet(tmp_path, *GOOD))
        page.click("form[enctype] button")
        page.wait_for_selector("dl.uzs-figures")
        looks_right(page, watch, lang)
        figures = page.locator("dl.uzs-figures dd").all_inner_texts()
        assert figures[:3] == ["3", "0", "1"]
        assert page.locator("main img").count() == 0
        assert roster.read_bytes() == before
        page.click("form:has(input[name=digest]) button")
        page.wait_for_selector("a.uzs-button[href$='staff/people']")
        looks_right(page, watch, lang)
        came = {one.name: one for one in running.course.people.values()}
        assert came["Қанат С."].groups == ("3 топ", "4 топ")
        page.click("a.uzs-button[href$='staff/people']")
        looks_right(page, watch, lang)
        assert "Ғалия Б." in page.inner_text("main")
        assert PAYLOAD in page.inner_text("main")
        errors = [one for one in watch.errors if "422" not in one]  # the page of mistakes
        assert errors == []
    finally:
        roster.write_bytes(before)
        context.close()


@pytest.mark.parametrize(
    ("person", "path", "lang"),
    covering(
        [
            ("saule-m", ""),
            ("saule-m", "staff/people?q=aigul"),
            ("saule-m", "staff/people?q=zzz"),
            ("saule-m", "staff/people/dina-f"),
            ("saule-m", "staff/people/left-p"),
            ("saule-m", "staff/dates"),
            ("saule-m", "staff/roster"),
            ("saule-m", "staff/join"),
            ("ops-1", ""),
            ("rahat-e", ""),
            ("rahat-e", "rounds/{aigul-s}/focus/1"),
            ("dina-f", ""),
            ("left-p", ""),
            ("left-p", "workbooks/focus"),
            ("leave-p", ""),
        ],
        LANGUAGES,
    ),
)
def test_a_page_fits_a_phone_and_is_accessible(
    running: Server, kept_contexts: Kept, person: str, path: str, lang: str
):
    path = path.replace("{aigul-s}", pseudonym(running.course, person, "aigul-s"))
    with kept_contexts.context() as context:
        watch = Watch(context)
        page = sign_in(running, context, person, lang)
        for size, scheme in ((PHONE, "light"), (DESKTOP, "dark")):
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=scheme)
            page.goto(f"{running.root}ustaz/{path}")
            looks_right(page, watch, lang)
            assert watch.errors == []
        watch.stop()


def test_a_person_is_moved_put_on_leave_and_all_is_undone_without_a_script(
    running: Server, chromium: Any
):
    roster = running.course.dir / "people.csv"
    before = roster.read_bytes()
    context = chromium.new_context(viewport=PHONE, java_script_enabled=False)
    try:
        page = sign_in(running, context, "saule-m", "en")
        page.goto(f"{running.root}ustaz/staff/people")
        page.fill("#q", "нургул")
        page.click("form[role=search] button")
        assert "Nurgul A." in page.inner_text("main")
        page.click("main >> text=Nurgul A.")
        page.fill("#group", "g2")
        page.click("text=Save the group")
        page.click("text=Goes on leave")
        assert "On leave" in page.inner_text("dl")
        assert running.course.person("nurgul-a").groups == ("g2",)
        for _ in range(2):
            page.locator("#history button").first.click()
            # Undoing is a change as well; the older one is the next that can be undone.
            if running.course.person("nurgul-a").status == "active":
                break
        assert running.course.person("nurgul-a").status == "active"
        moved = page.locator("#history li", has_text="moved from the group g1 to g2")
        moved.locator("button").click()
        assert running.course.person("nurgul-a").groups == ("g1",)
        assert roster.read_bytes() == before
    finally:
        roster.write_bytes(before)
        context.close()


def test_a_persons_page_is_walked_by_keyboard(running: Server, chromium: Any):
    context = chromium.new_context(viewport=DESKTOP)
    page = sign_in(running, context, "saule-m", "en")
    page.goto(f"{running.root}ustaz/staff/people/timur-r")
    page.focus("#group")
    reached = []
    for _ in range(9):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent.trim()"))
        outline = "getComputedStyle(document.activeElement).outlineStyle"
        assert page.evaluate(outline) != "none", page.evaluate("document.activeElement.outerHTML")
    for button in ("Save the group", "Goes on leave", "Leaves the course"):
        assert button in reached
    context.close()


def test_time_is_given_and_taken_back_by_keyboard_on_a_phone_without_a_script(
    running: Server, chromium: Any
):
    context = chromium.new_context(viewport=PHONE, java_script_enabled=False)
    page = sign_in(running, context, "saule-m", "en")
    page.goto(f"{running.root}ustaz/staff/dates")
    page.select_option("#to", "person:aigul-s")
    page.select_option("#workbook", "focus")
    page.fill("#until", "2026-12-20")
    page.focus("#reason")
    page.keyboard.type("Repairs")
    page.keyboard.press("Enter")
    page.wait_for_selector("#extensions li")
    assert "Repairs" in page.inner_text("#extensions")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("#extensions button").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#extensions li:not(:has(button))")
    assert "taken back" in page.inner_text("#extensions")
    context.close()


STRANGE = (
    ("Кто", "Кем", "Где"),
    ("Айгүл Сейітова", "әдіскер", "№5 мектеп"),
    ("Ерлан Ким", "мұғалім", "Школа № 5"),
)


def test_columns_are_chosen_and_schools_joined_by_keyboard_without_a_script(
    running: Server, chromium: Any, tmp_path: Path
):
    roster = running.course.dir / "people.csv"
    before = roster.read_bytes()
    context = chromium.new_context(viewport=PHONE, java_script_enabled=False)
    watch = Watch(context)
    try:
        page = sign_in(running, context, "saule-m", "kk")
        page.goto(f"{running.root}ustaz/staff/roster")
        page.set_input_files("#list", sheet(tmp_path, *STRANGE))
        page.click("form[enctype] button")
        for column, field in (("A", "name"), ("B", "role"), ("C", "school")):
            page.locator(f"#column-{column}").select_option(field)
        page.locator("form:has(#column-A) button").press("Enter")
        page.locator("#role-0").select_option("participant")
        page.locator("form:has(#column-A) button").press("Enter")
        page.wait_for_selector("dl.uzs-figures")
        assert roster.read_bytes() == before
        page.locator("form:has(input[name=digest]) button").press("Enter")
        page.goto(f"{running.root}ustaz/staff/join")
        page.locator("#school-other-1").fill("№ 5 мектеп-лицей")
        page.locator("form:has(#school-other-1) button").press("Enter")
        assert page.locator(".uzs-people li").count() == 2
        page.locator("form:has(input[name=digest]) button").press("Enter")
        schools = {one.school for one in running.course.people.values() if "Ким" in one.name}
        assert schools == {"№ 5 мектеп-лицей"}
        page.locator("#made button").first.press("Enter")
        schools = {one.school for one in running.course.people.values() if "Ким" in one.name}
        assert schools == {"Школа № 5"}
        assert page.locator("#made button").count() == 0
        assert watch.outside == []
    finally:
        roster.write_bytes(before)
        context.close()
