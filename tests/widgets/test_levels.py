"""Levels of a rubric in a real browser: read, chosen by keyboard, and said why in a sentence."""

from __future__ import annotations

import os
from typing import Any

import pytest
from fake_site import Site
from playwright.sync_api import expect
from test_page import SAVED, axe, state

pytestmark = pytest.mark.browser

STANDING = "#uz-kitchen-standing"


def test_a_level_is_chosen_by_what_it_looks_like_and_a_sentence_says_why(
    site: Site, opened: Any
) -> None:
    page = opened(width=360)
    concern = page.locator(f"{STANDING}-t1")
    concern.get_by_role("radio", name="beginning").focus()
    page.keyboard.press("ArrowDown")
    secure = concern.get_by_role("radio", name="secure")
    expect(secure).to_be_checked()
    expect(secure).to_have_accessible_description(
        "It is specific and says why it matters, and to whom."
    )
    concern.get_by_label("What shows it? One sentence.").fill("Жоспардың басы")
    talks = page.locator(f"{STANDING}-t2")
    talks.get_by_role("radio", name="not shown").check()
    expect(page.locator(STANDING)).to_contain_text("1 of 8 rated")
    expect(state(page)).to_have_text(SAVED)
    assert site.books["kitchen"].answers["standing"] == {
        "t1": {"level": 2, "reason": "Жоспардың басы"},
        "t2": {"level": 0},
    }
    if folder := os.environ.get("USTAZ_SHOTS"):
        page.locator(STANDING).screenshot(path=f"{folder}/levels.png")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert axe(page) == []
    talks.get_by_role("button", name="Clear this answer").click()
    expect(talks.get_by_role("radio", name="not shown")).not_to_be_checked()
    page.reload()
    expect(secure).to_be_checked()
