"""Entries in a real browser: one sentence, details later, newest first, yours until you show it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from fake_site import Site
from playwright.sync_api import expect
from test_page import SAVED, axe, state

pytestmark = pytest.mark.browser

RECORD = "#uz-kitchen-record"


def test_an_entry_is_one_sentence_and_its_details_come_later(site: Site, opened: Any) -> None:
    site.books["kitchen"].answers["record"] = [
        {"id": "e1aaaa", "date": "2026-10-01", "what": "Older", "readers": ["facilitator"]}
    ]
    page = opened(width=360)
    record = page.locator(RECORD)
    record.get_by_label("A new entry: one sentence is enough").fill("Бүгін сынап көрдім")
    record.get_by_label("Day", exact=True).fill("2026-11-20")
    record.get_by_role("button", name="Add").click()
    cards = record.locator(".uz-card summary")
    expect(cards).to_have_text([re.compile("20 November 2026.*Only you"), re.compile("1 October")])
    expect(record).to_contain_text("2 days with an entry, the last on 20 November 2026")
    expect(state(page)).to_have_text(SAVED)
    added = site.books["kitchen"].answers["record"][-1]
    assert {key: added[key] for key in added if key != "id"} == {
        "date": "2026-11-20",
        "what": "Бүгін сынап көрдім",
    }
    cards.first.focus()
    page.keyboard.press("Enter")
    cards.first.locator("xpath=..").get_by_label("my facilitator").check()
    expect(cards.first).to_contain_text("Read by: my facilitator")
    expect(state(page)).to_have_text(SAVED)
    assert site.books["kitchen"].answers["record"][-1]["readers"] == ["facilitator"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert axe(page) == []
    record.get_by_role("button", name="Remove this entry").click()
    expect(cards).to_have_count(1)
    page.keyboard.press("Enter")  # the focus is on "Undo"
    expect(cards).to_have_count(2)


def test_the_check_opens_the_entry_in_which_something_is_missing(site: Site, opened: Any) -> None:
    site.books["kitchen"].answers["record"] = [{"id": "e1aaaa", "what": "No day", "feeling": 2}]
    page = opened()
    page.get_by_role("button", name="Check my answers").click()
    page.get_by_role("link", name="Entry 1, Day").click()
    expect(page.locator(f"{RECORD}-e1aaaa-date")).to_be_focused()
