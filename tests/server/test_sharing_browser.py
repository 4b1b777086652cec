"""Showing something to others in a real Chromium: on a phone, in Kazakh, with the guard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.server import helpers
from tests.server.helpers import Server, let_in, put
from tests.server.test_sharing import WORKBOOKS
from tests.support.browser import DESKTOP, PHONE, Watch, follow, looks_right, ready
from tests.support.courses import course_at
from ustaz import shares

pytestmark = pytest.mark.browser

NAMED = "Бүгін Асқар Төлегенов сұрақ қойды. Телефоны: +7 701 123 45 67."


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("sharing-browser")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("USTAZ_NOW", helpers.NOW)
        course = course_at(home / "course", "trial", "Trial", helpers.ROSTER, workbooks=WORKBOOKS)
        put(course, "aigul-s", "network-notes", what_i_did=NAMED, so_far="Төрт қол көтерілді.")
        put(course, "aigul-s", "vignette", title="Сұрақ қорабы", concern="Бейсенбі еді.")
    with Server(course, home) as server:
        yield server


def test_a_poster_is_masked_shown_read_and_stopped(
    running: Server, chromium: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USTAZ_NOW", helpers.NOW)
    context = chromium.new_context(viewport=PHONE, locale="kk")
    watch = Watch(context)
    let_in(running, context, "aigul-s", "kk")
    page = context.new_page()
    page.goto(f"{running.root}ustaz/workbooks/network-notes")
    ready(page)
    follow(page, page.locator("#uz-finish a[href$='/share']"))
    looks_right(page, watch, "share-kk")
    follow(page, page.locator("form.uzs-card button").first)
    page.wait_for_selector("#guard[data-ready]")
    looks_right(page, watch, "look-kk")
    notices = page.locator("#guard li")
    assert notices.count() == 2
    assert page.locator("#seen").inner_text().count("701") == 1
    page.locator("#guard > .uzs-actions button").first.click()  # mask all
    page.wait_for_function("() => !document.querySelector('#seen').textContent.includes('701')")
    assert "Төлегенов" not in page.locator("#seen").inner_text()
    assert notices.count() == 0
    page.locator("#guard > .uzs-actions button").last.press("Enter")  # undo, by keyboard
    page.wait_for_function("() => document.querySelector('#seen').textContent.includes('701')")
    page.locator("#guard > .uzs-actions button").first.click()
    page.wait_for_function("() => !document.querySelector('#seen').textContent.includes('701')")
    page.locator("input[name=read]").check()
    follow(page, page.locator("main form button").last)
    looks_right(page, watch, "shown-kk")
    for person, there in (("nurgul-a", True), ("yerlan-b", False)):
        other = chromium.new_context(viewport=DESKTOP)
        theirs = Watch(other)
        let_in(running, other, person, "ru")
        group = other.new_page()
        group.goto(f"{running.root}ustaz/group")
        looks_right(group, theirs, f"group-{person}")
        assert ("қол көтерілді" in group.content()) is there
        other.close()
    page.goto(f"{running.root}ustaz/shares")
    looks_right(page, watch, "mine-kk")
    follow(page, page.locator("li form button").first)
    assert not shares.live(running.course, "aigul-s")
    context.close()


def test_an_outside_reader_opens_an_address_without_a_script(
    running: Server, chromium: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USTAZ_NOW", helpers.NOW)
    context = chromium.new_context(viewport=PHONE, java_script_enabled=False)
    let_in(running, context, "aigul-s", "kk")
    page = context.new_page()
    page.goto(f"{running.root}ustaz/workbooks/vignette/share/look?what=document&to=outside&term=14")
    page.locator("input[name=read]").check()
    follow(page, page.locator("main form button").last)
    address = page.locator(".uzs-address code").inner_text()
    assert re.search(r"/ustaz/shared/[\w-]{43}$", address)
    context.close()
    outside = chromium.new_context(viewport=PHONE, locale="ru")
    watch = Watch(outside)
    reader = outside.new_page()
    head = outside.request.head(address)
    assert head.status == 200
    reader.goto(address)
    looks_right(reader, watch, "cover-ru")
    assert "Сұрақ" not in reader.content()
    (share,) = shares.live(running.course, "aigul-s")
    assert shares.openings(running.course, share).count == 0
    follow(reader, "main button")
    looks_right(reader, watch, "outside-ru")
    assert "Сұрақ қорабы" in reader.content()
    assert shares.openings(running.course, share).count == 1
    shares.end(running.course, "aigul-s", share.id)
    reader.goto(address)
    assert "Сұрақ" not in reader.content()
    outside.close()
