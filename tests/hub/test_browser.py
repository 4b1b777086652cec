"""Each role signs in in a real Chromium, on a phone and on a desktop, in three languages."""

from __future__ import annotations

import datetime as dt
import os
import re
from pathlib import Path
from typing import Any

import pytest

from tests.hub.helpers import COURSE, PASSWORD, LiveHub
from tests.hub.test_sign_in import code_for
from tests.support.browser import DESKTOP, PHONE, Kept, Watch, axe, fits_and_is_accessible, ready
from tests.support.forms import covering, kept
from ustaz.course import Course
from ustaz.hub import makers
from ustaz.hub.settings import PREFIX

pytestmark = pytest.mark.browser

ROLES = {
    "participant": ("nurgul-a", "workbooks/focus"),
    "facilitator": ("natalya-v", "sign-in"),
    "director": ("bakhyt-d", ""),
    "reviewer": ("irina-m", ""),
    "staff": ("saule-m", "sign-in"),
    "operator": ("timur-r", "sign-in"),
}
LANGUAGES = ("en", "ru", "kk")
PICTURES = os.environ.get("USTAZ_PICTURES")


def picture(page: Any, name: str) -> None:
    """Keep a picture where somebody wants to look at them."""
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=True)


def sign_in(page: Any, live: LiveHub, account: str, lang: str, password: str = PASSWORD) -> None:
    """Sign in as a person does."""
    page.goto(f"{live.address}/hub/login?lang={lang}")
    page.fill("#username", account)
    page.fill("#password", password)
    with page.expect_navigation(url=re.compile(re.escape(PREFIX))):
        page.click("form.uzs-form button")


@pytest.fixture(scope="module")
def kept_contexts(chromium: Any) -> Kept:
    """Contexts that one test uses after the other."""
    return Kept(chromium)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_sign_in_page_is_accessible(live: LiveHub, kept_contexts: Kept, lang: str):
    with kept_contexts.context() as context:
        watch = Watch(context)
        page = context.new_page()
        for size, scheme in ((PHONE, "light"), (DESKTOP, "dark")):
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=scheme)
            page.goto(f"{live.address}/hub/login?lang={lang}")
            fits_and_is_accessible(page, lang)
            picture(page, f"sign-in-{lang}-{size['width']}")
        assert watch.outside == []
        assert watch.errors == []
        watch.stop()


@pytest.mark.parametrize(("role", "lang"), covering(ROLES, LANGUAGES))
def test_each_role_signs_in_on_a_phone_and_a_desktop(
    live: LiveHub, kept_contexts: Kept, role: str, lang: str
):
    account, further = ROLES[role]
    for size, scheme in ((PHONE, "light"), (DESKTOP, "dark")):
        with kept_contexts.context() as context:
            watch = Watch(context)
            page = context.new_page()
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=scheme)
            sign_in(page, live, account, lang)
            for path in dict.fromkeys(("", further)):
                page.goto(f"{live.address}{PREFIX}{COURSE}/{path}")
                ready(page)
                fits_and_is_accessible(page, lang)
                picture(page, f"{role}-{path.replace('/', '-') or 'home'}-{lang}-{size['width']}")
            assert watch.outside == []
            assert watch.errors == []
            watch.stop()


def test_what_is_typed_is_saved_through_the_hub_and_there_after_a_reload(
    live: LiveHub, chromium: Any
):
    context = chromium.new_context(viewport=PHONE)
    page = context.new_page()
    sign_in(page, live, "yerlan-b", "en")
    page.goto(f"{live.address}{PREFIX}{COURSE}/workbooks/focus")
    ready(page)
    box = page.locator("#uz-focus-concern_raw")
    box.fill("Pupils wait for the bell instead of the answer")
    page.wait_for_selector(".uz-state--saved")
    page.reload()
    page.wait_for_function(
        "document.querySelector('#uz-focus-concern_raw')?.value.startsWith('Pupils wait')"
    )
    context.close()


def test_the_page_of_a_person_never_writes_as_another_who_signed_in_since(
    live: LiveHub, chromium: Any
):
    context = chromium.new_context(viewport=DESKTOP)
    page = context.new_page()
    sign_in(page, live, "marat-t", "en")
    page.goto(f"{live.address}{PREFIX}{COURSE}/workbooks/focus")
    ready(page)
    box = page.locator("#uz-focus-concern_raw")
    box.wait_for()
    other = context.new_page()
    other.goto(f"{live.address}/hub/logout")
    sign_in(other, live, "aigul-s", "en")
    box.fill("This is Marat's sentence and nobody else's")
    page.wait_for_selector("text=Somebody else has signed in in this browser.")
    store = live.course.store
    from ustaz.answers import Subject

    assert "concern_raw" not in store.read(Subject.person("aigul-s"), "focus").answers
    other.goto(f"{live.address}/hub/logout")
    sign_in(other, live, "marat-t", "en")
    page.bring_to_front()
    page.reload()
    page.wait_for_function(
        "document.querySelector('#uz-focus-concern_raw')?.value.startsWith('This is Marat')"
    )
    page.wait_for_selector(".uz-state--saved")
    kept = store.read(Subject.person("marat-t"), "focus").answers
    assert kept["concern_raw"] == "This is Marat's sentence and nobody else's"
    context.close()


def test_an_invitation_is_followed_by_keyboard_alone(live: LiveHub, chromium: Any):
    slip = code_for(live, "timur-r", "olga-p")
    context = chromium.new_context(viewport=PHONE)
    page = context.new_page()
    page.goto(f"{slip['link']}&lang=kk")
    assert axe(page) == []
    picture(page, "invitation-kk-360")
    page.focus("#password")
    page.keyboard.type("қоңыр күздің самалы")
    page.keyboard.press("Tab")
    page.keyboard.type("қоңыр күздің самалы")
    with page.expect_navigation(url=re.compile(re.escape(PREFIX))):
        page.keyboard.press("Enter")
    assert page.locator("h1").inner_text()
    context.close()


def tab_to(page: Any, selector: str, most: int = 150) -> None:
    """Press Tab until what is wanted has the focus, and is seen to have it."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            style = "getComputedStyle(document.activeElement)"
            assert page.evaluate(f"{style}.outlineStyle !== 'none' || {style}.boxShadow !== 'none'")
            return
    raise AssertionError(f"{selector} is not reached by keyboard")


@pytest.mark.soak
def test_from_the_invitation_to_a_receipt_by_keyboard_alone(live: LiveHub, chromium: Any):
    slip = code_for(live, "timur-r", "olga-p")
    context = chromium.new_context(viewport=PHONE)
    page = context.new_page()
    keys = page.keyboard
    page.goto(f"{slip['link']}&lang=kk")
    assert axe(page) == []
    picture(page, "invitation-kk-360")
    tab_to(page, "#password")
    keys.type("қоңыр күздің самалы")
    keys.press("Tab")
    keys.type("қоңыр күздің самалы")
    with page.expect_navigation(url=re.compile(re.escape(PREFIX))):
        keys.press("Enter")
    # Two courses are at this hub.
    tab_to(page, f"a[href$='/{COURSE}/']")
    with page.expect_navigation():
        keys.press("Enter")
    ready(page)
    tab_to(page, "a[href$='/workbooks/focus']")
    with page.expect_navigation():
        keys.press("Enter")
    ready(page)
    words = "Оқушылар жауабын біледі, бірақ айтып бере алмайды"
    tab_to(page, "#uz-focus-concern_raw")
    keys.type(words)
    tab_to(page, "[id^='uz-focus-who_is_affected-']")
    keys.press("Space")
    tab_to(page, ".uz-finish button.uz-button--main")
    page.locator(".uz-state--saved").wait_for()
    keys.press("Enter")
    page.locator("#uz-submit").wait_for()
    # What is open is listed; that it is submitted all the same is said by the keyboard, too.
    tab_to(page, "#uz-submit-all")
    keys.press("Space")
    tab_to(page, "#uz-submit .uz-button--main")
    keys.press("Enter")
    page.locator("#uz-receipt code").wait_for(timeout=60_000)
    picture(page, "receipt-by-keyboard-kk-360")
    assert axe(page) == []
    inbound = live.course.dir / "exchange" / "inbound" / "olga-p" / "focus"
    assert any(words in path.read_text("utf-8") for path in inbound.rglob("answers.json"))
    context.close()


def test_slips_are_printed_for_a_whole_group(live: LiveHub, chromium: Any):
    context = chromium.new_context(viewport=DESKTOP)
    page = context.new_page()
    sign_in(page, live, "saule-m", "en")
    page.goto(f"{live.address}{PREFIX}{COURSE}/sign-in")
    with page.expect_navigation():
        page.locator("li:has(#who-aigul-s) button[value=invite]").click()
    assert page.locator(".uzs-slip").count() == 1
    assert axe(page) == []
    picture(page, "slips-en-1280")
    assert page.locator("button[data-print]").is_visible()
    page.emulate_media(media="print")
    assert not page.locator("button[data-print]").is_visible()
    picture(page, "slips-print")
    assert not page.locator(".uzs-slip a").is_visible()
    assert page.locator(".uzs-slip .uzs-secret").is_visible()
    context.close()


@pytest.mark.parametrize("source", kept(["copy"], ["year"]))
def test_a_course_is_made_set_up_ended_and_put_away_by_clicks(
    live: LiveHub, chromium: Any, source: str
):
    makers.allow(live.hub, "saule-m")
    context = chromium.new_context(viewport=PHONE)
    watch = Watch(context)
    page = context.new_page()
    sign_in(page, live, "saule-m", "ru")
    before = live.hub.courses()[COURSE]
    page.goto(f"{live.address}{PREFIX}{COURSE}/staff/course")
    page.locator("a[href$='/staff/courses']").click()
    page.check(f"[name=from][value={source}]")
    page.uncheck("[name=along]")
    id, start = f"next-{source}", before.start + dt.timedelta(weeks=53)
    for name, text in {"id": id, "name": "Жаңа жыл", "start": f"{start}"}.items():
        page.fill(f"[name={name}]", text)
    if source == "year":
        page.fill("[name=end]", "2028-05-31")
    with page.expect_navigation(url=re.compile(f"{PREFIX}{id}/staff/course$"), timeout=120_000):
        page.locator("form.uzs-form button").click()
    ready(page)
    made = Course.open(live.hub.courses()[id].dir)
    assert [person.person for person in made.people.values()] == ["saule-m"]
    assert made.start == start
    if source == "copy":
        assert made.end - before.end == dt.timedelta(weeks=53)
        due = {
            name: f"{day + dt.timedelta(weeks=53)}"[:10]
            for name, day in before.settings.due.items()
        }
        assert {name: page.input_value(f"#due-{name}") for name in due} == due
    picture(page, f"course-{source}-ru-360")

    page.fill("[name=name]", "Год лидерства")
    page.fill("[name=end]", "2028-06-01")
    page.uncheck("[name=languages][value=en]")
    page.select_option("#in-focus", "assignments")
    page.select_option("#in-culture", "companions")
    page.fill("#due-focus", "2027-10-14")
    press(page, "form.uzs-form button")
    assert page.locator("[role=status]").count() == 1
    made = Course.open(made.dir)
    assert (made.name, made.languages) == ("Год лидерства", ("ru", "kk"))
    assert (f"{made.end}", f"{made.settings.due['focus']}") == ("2028-06-01", "2027-10-14")
    assert "focus" in made.assignments
    assert "culture" in made.companions

    # Closed and archived are asked once more, and can be left as it is.
    sure = "section[aria-labelledby=sure-title]"
    press(page, "form:has([value=close]) button")
    fits_and_is_accessible(page, "ru")
    press(page, f"{sure} a")
    assert Course.open(made.dir).standing == "open"
    for standing, action in (("closed", "close"), ("archived", "archive")):
        press(page, f"form:has([value={action}]) button")
        press(page, f"{sure} button")
        assert Course.open(made.dir).standing == standing
        picture(page, f"course-{standing}-ru-360")
    page.goto(f"{live.address}{PREFIX}")
    assert page.locator(f"a[href$='/{id}/']").count() == 1
    page.goto(f"{live.address}{PREFIX}{id}/staff/course")
    press(page, "form:has([value=open]) button")
    assert Course.open(made.dir).standing == "open"
    assert watch.outside == []
    assert watch.errors == []
    context.close()


def press(page: Any, selector: str) -> None:
    """Press what leads to another page, and wait for that."""
    with page.expect_navigation():
        page.locator(selector).last.click()
