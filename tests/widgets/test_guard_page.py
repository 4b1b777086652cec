"""The guard on the page, in Kazakh on a telephone: advice, then a list before submitting."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest
from fake_site import Site
from playwright.sync_api import Page, expect

from tests.support.browser import axe
from ustaz.messages import frontend

pytestmark = pytest.mark.browser

STORY = "Кеше Айгерім Сапарованың дәптері үйде қалды, анасы 8 701 123 45 67."
ANSWERS = {
    "name": "Жұппен",
    "story": STORY,
    "secret": "Ерлан Омаров мені алаңдатады.",
    "lines": ["Жұптық жұмыс", "Көмектескен – Мадина Қасенова"],
    "steps": [{"id": "r1", "action": "Нұрлан Ахметовпен сөйлесу", "status": "planned"}],
    "with": ["p1dina"],
    "note": "Абай атындағы мектеп, оқушы А. жақсы сөйледі.",
}


@pytest.fixture
def written(site: Site) -> Site:
    """The site with answers that name people, and the real words of the page in Kazakh."""
    site.messages["kk"] = dict(frontend("kk"))
    site.books["kitchen"].answers = copy.deepcopy(ANSWERS)
    return site


def asked_to_send(opened: Any) -> tuple[Page, Any]:
    page = opened("/ustaz/workbooks/kitchen?lang=kk", width=360)
    page.get_by_role("button", name="Тапсыру", exact=True).click()
    panel = page.locator("#uz-submit .uz-guard")
    expect(panel).to_be_visible()
    return page, panel


def button(panel: Any, name: str) -> Any:
    return panel.get_by_role("button", name=re.compile(f"^{name}"))


def test_advice_comes_when_a_field_is_left_and_asks_no_server(written: Site, opened: Any) -> None:
    page = opened("/ustaz/workbooks/kitchen?lang=kk", width=360)
    note = page.get_by_label(re.compile("ҚАЗ Note"))
    note.press("End")
    note.press_sequentially(" Ерлан Омаров та келді, 87011234567.")
    advice = page.locator("#uz-kitchen-note-advice")
    expect(advice).to_be_empty()
    note.press("Tab")
    expect(advice).to_contain_text("толық аты-жөніне ұқсайды: Ерлан Омаров.")
    expect(advice).to_contain_text("телефон нөміріне ұқсайды: 87011234567.")
    expect(note).not_to_have_attribute("aria-invalid", "true")
    # What only its writer reads is nobody else's matter.
    secret = page.get_by_label(re.compile("ҚАЗ Secret"))
    secret.press("End")
    secret.press_sequentially(" Марат Әлиев те.")
    secret.press("Tab")
    expect(page.locator(".uz-state")).to_contain_text("Сақталды")
    expect(page.locator("#uz-kitchen-secret-advice")).to_be_empty()
    assert {method for method, _ in written.calls} == {"GET", "PATCH"}
    assert "Ерлан Омаров та келді" in written.books["kitchen"].answers["note"]


def test_what_is_sent_is_looked_through_and_masked_field_by_field(
    written: Site, opened: Any
) -> None:
    page, panel = asked_to_send(opened)
    kitchen = written.books["kitchen"]
    notices = panel.locator(".uz-guard-notice")
    # Of the private answer nothing is said: it is not sent.
    expect(notices).to_have_count(4)
    expect(panel).not_to_contain_text("Ерлан Омаров")
    expect(panel).not_to_contain_text("Абай")
    expect(notices.first).to_contain_text("ҚАЗ Story: толық аты-жөніне ұқсайды")
    expect(notices.first.locator("mark")).to_have_text("Айгерім Сапарованың")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    button(notices.first, "Алмастыру: А.-ның").click()
    expect(notices).to_have_count(3)
    story = page.get_by_label(re.compile("ҚАЗ Story"))
    expect(story).to_have_value("Кеше А.-ның дәптері үйде қалды, анасы 8 701 123 45 67.")
    button(panel, "Алмастыруды кері қайтару").click()
    expect(notices).to_have_count(4)
    expect(story).to_have_value(STORY)
    button(notices.nth(3), "Сол күйі қалдыру").click()
    expect(notices).to_have_count(3)
    button(panel, "Бәрін алмастыру").click()
    expect(notices).to_have_count(0)
    expect(story).to_have_value("Кеше А.-ның дәптері үйде қалды, анасы [телефон нөмірі].")
    page.get_by_role("checkbox", name=re.compile("^Бірдеңе")).check()
    page.locator("#uz-submit").get_by_role("button", name="Қазір тапсыру").click()
    expect(page.locator("#uz-receipt")).to_be_visible()
    assert kitchen.answers["lines"] == ["Жұптық жұмыс", "Көмектескен – М."]
    assert kitchen.answers["steps"][0]["action"] == "Нұрлан Ахметовпен сөйлесу"
    assert kitchen.answers["secret"] == ANSWERS["secret"]


def test_the_list_is_worked_through_by_keyboard_and_heard(written: Site, opened: Any) -> None:
    page, panel = asked_to_send(opened)
    heard = panel.get_by_role("status")
    button(panel, "Алмастыру: А.-ның").focus()
    page.keyboard.press("Enter")
    expect(heard).to_have_text("1 жер алмастырылды.")
    # The focus goes on to the next notice.
    focused = "document.activeElement.getAttribute('aria-label')"
    page.wait_for_function(f"() => {focused}?.includes('8 701')")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(heard).to_contain_text("Сол күйі қалады.")
    page.wait_for_function(f"() => {focused}?.includes('Мадина Қасенова')")
    # Outside of text, undoing takes the masking back as it does every other change.
    page.keyboard.press("Control+z")
    expect(page.get_by_label(re.compile("ҚАЗ Story"))).to_have_value(STORY)
    button(panel, "Сол күйі қалған 1 жерді көрсету").click()
    expect(panel.locator(".uz-guard-notice")).to_have_count(4)


def test_without_the_guard_the_page_says_so_and_submits(written: Site, opened: Any) -> None:
    page = opened("/ustaz/workbooks/kitchen?lang=kk", width=360, own=True)
    page.route("**/guarded-*.js", lambda route: route.abort())
    page.clock.install()
    page.get_by_role("button", name="Тапсыру", exact=True).click()
    panel = page.locator("#uz-submit")
    expect(panel).to_be_visible()
    for wait in (0, 2_000, 10_000):  # three tries
        page.clock.fast_forward(wait)
    expect(panel).to_contain_text("қазір іздеу мүмкін болмады")
    page.get_by_role("checkbox", name=re.compile("^Бірдеңе")).check()
    panel.get_by_role("button", name="Қазір тапсыру").click()
    expect(page.locator("#uz-receipt")).to_be_visible()
