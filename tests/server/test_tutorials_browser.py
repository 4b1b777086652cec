"""A tutorial in a real Chromium: on a phone, in Russian, from two taps to two confirmations."""

from __future__ import annotations

from typing import Any

import pytest

from tests.server.helpers import Server, let_in
from tests.support.browser import PHONE, Watch, follow, looks_right
from ustaz import tutorials

pytestmark = pytest.mark.browser


def test_a_facilitator_holds_a_tutorial_that_the_teacher_confirms(
    server: Server, chromium: Any
) -> None:
    context = chromium.new_context(viewport=PHONE, locale="ru")
    watch = Watch(context)
    let_in(server, context, "dina-f", "ru")
    page = context.new_page()
    page.goto(f"{server.root}ustaz/group/overview")
    looks_right(page, watch, "overview-ru")
    follow(page, page.locator("section[aria-labelledby=all-title] form button").first)
    page.wait_for_selector("#uz-tutorial-opened_with_success")
    looks_right(page, watch, "note-write-ru")
    page.locator("#uz-tutorial-opened_with_success").fill("Четверо спросили, кто раньше молчал.")
    page.locator("#uz-tutorial-date").fill("2026-11-20")
    page.locator("input[type=radio][value=phone]").check()
    page.locator("#uz-tutorial-agreed_next button").last.click()
    page.locator("#uz-tutorial-agreed_next textarea, #uz-tutorial-agreed_next input").first.fill(
        "Позвать коллегу на урок"
    )
    page.locator("#uz-tutorial-agreed_next input[type=date], [id$=-by]").first.fill("2026-11-27")
    page.keyboard.press("Tab")
    page.wait_for_function(
        "() => /\\d\\d:\\d\\d/.test(document.querySelector('.uz-state').innerText)"
    )
    follow(page, page.locator("a[href*='/tutorials/']").last)
    follow(page, page.locator("#confirmed form button").first)
    looks_right(page, watch, "note-ru")
    context.close()

    course = server.course
    person = next(who for who in ("aigul-s", "nurgul-a", "olga-p") if tutorials.read(course, who))
    other = chromium.new_context(viewport=PHONE, locale="ru")
    theirs = Watch(other)
    let_in(server, other, person, "ru")
    home = other.new_page()
    home.goto(f"{server.root}ustaz/")
    assert "Позвать коллегу на урок" in home.content()
    looks_right(home, theirs, "home-ru")
    follow(home, home.locator("section[aria-labelledby=tutorials-title] a").first)
    follow(home, home.locator("#confirmed form button").first)
    looks_right(home, theirs, "note-teacher-ru")
    entry = tutorials.held(course, person)[0]
    assert all(entry[0].holds(entry[1], side) for side in ("teacher", "facilitator"))
    other.close()
