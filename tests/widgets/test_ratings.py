"""Ratings in a real browser: chosen by keyboard, shown as a table with a picture over it."""

from __future__ import annotations

from typing import Any

import pytest
from fake_site import Site
from playwright.sync_api import expect
from test_page import SAVED, axe, state

pytestmark = pytest.mark.browser

CULTURE = "#uz-kitchen-culture"


def test_ratings_are_chosen_with_the_keyboard_and_shown_as_a_table_and_a_picture(
    site: Site, opened: Any
) -> None:
    site.books["pantry"].answers["before"] = {"trust": {"now": 1}, "voice": {"now": 2}}
    page = opened(width=360)
    trust = page.locator(f"{CULTURE}-trust")
    now = trust.get_by_role("radiogroup", name="Trust: Now")
    now.get_by_role("radio", name="1").focus()
    page.keyboard.press("ArrowRight")
    expect(now.get_by_role("radio", name="2")).to_be_checked()
    trust.get_by_role("radiogroup", name="Trust: Wanted").get_by_label("5").check()
    voice = page.locator(f"{CULTURE}-voice")
    voice.get_by_role("radiogroup", name="Voice: Now").get_by_label("Cannot say").check()
    expect(page.locator(CULTURE)).to_contain_text("1 of 3 rated")
    expect(state(page)).to_have_text(SAVED)
    assert site.books["kitchen"].answers["culture"] == {
        "trust": {"now": 2, "wanted": 5},
        "voice": {"now": None},
    }
    page.locator(CULTURE).get_by_text("See it as a picture").click()
    cells = page.locator(f"{CULTURE} tbody tr").first.locator("th, td")
    expect(cells).to_have_text(["1. Trust", "1", "2", "5", "+3"])
    expect(page.locator(f"{CULTURE} .uz-radar-line--wanted rect")).to_have_count(
        2
    )  # and the legend
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert axe(page) == []
    voice.get_by_role("button", name="Clear this answer").click()
    expect(voice.get_by_role("radio", name="Cannot say").first).not_to_be_checked()
    page.reload()
    expect(now.get_by_role("radio", name="2")).to_be_checked()


@pytest.mark.parametrize("look", ["dark", "forced"])
def test_in_every_look_the_lines_of_the_picture_differ_by_their_stroke(
    site: Site, opened: Any, look: str
) -> None:
    site.books["kitchen"].answers["culture"] = {
        name: {"now": at + 1, "wanted": 5} for at, name in enumerate(["trust", "voice", "time"])
    }
    options = {"color_scheme": "dark"} if look == "dark" else {"forced_colors": "active"}
    page = opened(width=1280, **options)
    page.locator(CULTURE).get_by_text("See it as a picture").click()
    strokes = [
        page.locator(f".uz-radar > svg .uz-radar-line--{name} > path").evaluate(
            "path => getComputedStyle(path).strokeDasharray"
        )
        for name in ("now", "wanted")
    ]
    assert strokes[0] == "none" != strokes[1]
    assert axe(page) == []
