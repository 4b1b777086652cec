"""What a screen reader hears of a workbook, and where the keyboard goes."""

from __future__ import annotations

import re
from typing import Any

import pytest
from fake_site import Site
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

#: Everything that is announced, in order: changes inside live regions that are not switched off.
HEARD = """() => {
  window.heard = [];
  const live = (node) => {
    const found = (node.nodeType === 1 ? node : node.parentElement)?.closest(
      '[aria-live],[role=status],[role=alert]');
    return found && found.getAttribute('aria-live') !== 'off' ? found : null;
  };
  new MutationObserver((changes) => {
    for (const found of new Set(changes.map((one) => live(one.target)).filter(Boolean))) {
      const text = found.innerText.trim();
      if (text) window.heard.push(text);
    }
  }).observe(document.body, {subtree: true, childList: true, characterData: true});
}"""


def heard(page: Page) -> list[str]:
    return [one for one in page.evaluate("window.heard") if one]


def write(page: Page, site: Site, text: str) -> None:
    box = page.get_by_label(re.compile("^Name"))
    box.fill(text)
    expect(page.locator(".uz-state--saved")).to_be_visible()
    page.wait_for_function("() => true")
    for _ in range(200):
        if site.books["kitchen"].answers.get("name") == text:
            return
        page.wait_for_timeout(50)
    assert site.books["kitchen"].answers.get("name") == text


def test_of_many_saves_the_first_is_heard_and_the_others_are_not(site: Site, opened: Any) -> None:
    page = opened()
    page.evaluate(HEARD)
    for number in range(8):
        write(page, site, f"Жұппен {number}")
    saved = [one for one in heard(page) if "Saved at" in one]
    assert len(saved) == 1
    assert not [one for one in heard(page) if "Saving" in one]


def test_what_was_asked_for_is_heard(site: Site, opened: Any) -> None:
    page = opened()
    write(page, site, "first")
    page.evaluate(HEARD)
    page.keyboard.press("Control+s")
    expect(page.locator(".uz-page > [role=status]")).to_contain_text("Saved at")
    page.get_by_label(re.compile("^Name")).press_sequentially("!")
    page.keyboard.press("Control+s")
    page.wait_for_function(
        "() => window.heard.filter((one) => one.includes('Saved at')).length > 1"
    )


def test_a_failure_and_the_recovery_are_heard_once_each(site: Site, opened: Any) -> None:
    page = opened()
    write(page, site, "first")
    page.evaluate(HEARD)
    page.context.set_offline(True)
    page.get_by_label(re.compile("^Name")).fill("without a connection")
    expect(page.locator(".uz-state--kept")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator(".uz-state--saved")).to_be_visible()
    page.wait_for_function("() => window.heard.some((one) => one.includes('Saved at'))")
    said = heard(page)
    assert len([one for one in said if "There is no connection" in one]) == 1
    assert len([one for one in said if "Saved at" in one]) == 1


def test_the_content_is_one_key_away(opened: Any) -> None:
    page = opened()
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    skip.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('#uz-content').contains(document.activeElement)")


def test_a_value_that_cannot_be_right_says_so_and_one_to_come_does_not(
    site: Site, opened: Any
) -> None:
    page = opened()
    name = page.get_by_label(re.compile("^Name"))
    assert name.get_attribute("aria-invalid") is None
    name.fill("x" * 400)
    name.blur()
    expect(name).to_have_attribute("aria-invalid", "true")
    name.fill("short")
    expect(name).not_to_have_attribute("aria-invalid", "true")
    name.fill("")
    name.blur()
    expect(name).not_to_have_attribute("aria-invalid", "true")


def test_nothing_is_named_and_described_by_the_same_words(opened: Any) -> None:
    page = opened()
    twice = page.evaluate(
        "[...document.querySelectorAll('[aria-label][title]')]"
        ".filter((one) => one.title === one.getAttribute('aria-label')).map((one) => one.outerHTML)"
    )
    assert twice == []


def test_the_page_keeps_a_browsers_translation_away_from_what_changes(opened: Any) -> None:
    assert opened().locator("#ustaz-app").get_attribute("translate") == "no"


def test_a_conflict_names_its_field_and_the_choice_leads_back_to_it(
    site: Site, opened: Any
) -> None:
    laptop, phone = opened(), opened(width=360)
    write(laptop, site, "laptop")
    phone.evaluate(HEARD)
    phone.get_by_label(re.compile("^Name")).fill("phone")
    choice = phone.get_by_role("button", name="Keep mine")
    choice.wait_for()
    phone.wait_for_function(
        "() => window.heard.some((one) => one.includes('Changed elsewhere: choose: Name'))"
    )
    choice.click()
    expect(phone.get_by_label(re.compile("^Name"))).to_be_focused()
    phone.wait_for_function(
        "() => window.heard.some((one) => one.includes('Name: Yours is kept.'))"
    )
