"""Messages and remarks in a real Chromium: on a phone, in Russian, by two people."""

from __future__ import annotations

from typing import Any

import pytest

from tests.server.helpers import Server, let_in, put
from tests.support.browser import PHONE, Watch, follow, looks_right, ready
from ustaz.threads import Threads

pytestmark = pytest.mark.browser

WRITTEN = "Ученики мало объясняют вслух, говорю в основном я."
REMARK = "О каком классе здесь идёт речь?"


def opened(server: Server, chromium: Any, person: str) -> tuple[Any, Watch]:
    context = chromium.new_context(viewport=PHONE, locale="ru")
    watch = Watch(context)
    let_in(server, context, person, "ru")
    return context.new_page(), watch


def test_a_facilitator_writes_to_two_members_and_one_answers(server: Server, chromium: Any) -> None:
    page, watch = opened(server, chromium, "dina-f")
    for person in ("aigul-s", "olga-p"):
        page.goto(f"{server.root}ustaz/messages/new")
        page.locator("#to").select_option(f"person:{person}")
        page.locator("textarea").fill("Увидимся в пятницу: возьмите одну работу ученика.")
        looks_right(page, watch, f"message-new-{person}")
        follow(page, page.locator("form.uzs-entry button").first)
        assert page.locator("article[data-message]").count() == 1
    page.context.close()
    member, theirs = opened(server, chromium, "aigul-s")
    member.goto(f"{server.root}ustaz/")
    follow(member, member.locator("#new a").first)
    member.locator("textarea").fill("Хорошо, возьму работу из пятого класса.")
    follow(member, member.locator("#answer button").first)
    looks_right(member, theirs, "thread-ru")
    assert member.locator("article[data-message]").count() == 2
    assert member.locator("textarea").input_value() == ""
    member.context.close()


def test_a_remark_is_written_and_answered_beside_the_answer(server: Server, chromium: Any) -> None:
    put(server.course, "nurgul-a", "focus", concern_raw=WRITTEN)
    page, watch = opened(server, chromium, "dina-f")
    page.goto(f"{server.root}ustaz/people/nurgul-a/focus")
    assert page.locator("script[src*='remarks.js']").count() == 0
    follow(page, page.locator("a[href$='?remarks=1#remarks']"))
    ready(page)
    page.locator("#uz-focus-concern_raw + .uzr-write button").click()
    assert "concern_raw" in page.locator("#remark-to").input_value()
    assert page.locator("#uz-focus-concern_raw ~ #remark textarea").count() == 1
    page.locator("#remark input[value=question]").check()
    page.locator("#remark textarea").fill(REMARK)
    looks_right(page, watch, "remark-new-ru")
    follow(page, page.locator("#remark button[value=say]"))
    page.wait_for_selector("#uz-focus-concern_raw + aside article")
    assert page.locator("#remark textarea").input_value() == ""
    page.context.close()

    member, theirs = opened(server, chromium, "nurgul-a")
    member.goto(f"{server.root}ustaz/")
    follow(member, member.locator("#new a").first)
    ready(member)
    aside = member.locator("aside[data-remarks='uz-focus-concern_raw']")
    assert REMARK in aside.inner_text()
    assert member.locator(".uz-field:has(#uz-focus-concern_raw) + aside").count() == 1
    member.get_by_role("button", name="English").click()
    aside.get_by_text("A question").wait_for()
    member.get_by_role("button", name="Русский").click()
    aside.get_by_text("Вопрос", exact=True).wait_for()
    member.locator("#uz-focus-concern_raw").fill(f"{WRITTEN} Это пятый класс.")
    aside.locator("summary").click()
    aside.locator("textarea").fill("О пятом классе, я дописала.")
    looks_right(member, theirs, "remark-beside-ru")
    follow(member, aside.locator("button[value=say]"))
    ready(member)
    member.wait_for_selector(".uz-field:has(#uz-focus-concern_raw) + aside")
    assert "О пятом классе, я дописала." in aside.inner_text()
    assert "пятый класс" in member.locator("#uz-focus-concern_raw").input_value()
    aside.locator("summary").click()
    assert aside.locator("textarea").input_value() == ""
    follow(member, aside.locator("button[value=settle]"))
    looks_right(member, theirs, "remark-settled-ru")
    (remark,) = [thread for thread in Threads(server.course.dir) if thread.anchor]
    assert remark.settled[0] == "nurgul-a"
    assert len(remark.messages) == 2
    member.context.close()
