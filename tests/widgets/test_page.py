"""The workbook page in a real browser: nothing that was typed is lost, and everyone can use it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from fake_site import ROOT, Site
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
SAVED = re.compile(r"Saved at \d\d:\d\d|Saved at .*, \d\d:\d\d")


def state(page: Page) -> Any:
    return page.locator(".uz-state")


def field(page: Page, label: str) -> Any:
    return page.get_by_label(re.compile(f"^{label}"))


def fill(page: Page, label: str, text: str) -> None:
    box = field(page, label)
    box.click()
    box.press_sequentially(text)


def axe(page: Page) -> list[str]:
    """Return what axe-core finds wrong, in short."""
    page.evaluate(AXE)
    found = page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{one['id']}: {node['html'][:160]}" for one in found["violations"] for node in one["nodes"]
    ]


# -- saving ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("width", [360, 1200])
def test_what_is_typed_is_saved_without_pressing_anything(
    site: Site, opened: Any, width: int
) -> None:
    page = opened(width=width)
    site.answering.clear()  # however slow we are, it is still being saved when we look
    fill(page, "Name", "Жұппен")
    expect(state(page)).to_have_text("Saving…")
    site.answering.set()
    expect(state(page)).to_have_text(SAVED)
    assert site.books["kitchen"].answers["name"] == "Жұппен"
    page.reload()
    expect(field(page, "Name")).to_have_value("Жұппен")


def test_a_page_is_never_wider_than_the_phone(opened: Any) -> None:
    page = opened(width=360)
    page.get_by_role("button", name="Add: Step").click()
    page.get_by_role("button", name="Check my answers").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_with_the_server_away_the_text_stays_and_comes_back_after_a_reload(
    site: Site, opened: Any
) -> None:
    page = opened()
    site.down = True
    fill(page, "Name", "Қала")
    expect(state(page)).to_have_text("Not saved, still here, trying again")
    expect(page.locator(".uz-notice")).to_contain_text("stays in this browser")
    fill(page, "Note", "and more")
    assert site.books["kitchen"].answers == {}
    page.reload()
    expect(field(page, "Name")).to_have_value("Қала")
    expect(field(page, "Note")).to_have_value("and more")
    expect(page.get_by_role("button", name="Try now")).to_be_visible()
    site.down = False
    # It may have tried by itself in between; then there is nothing left to press.
    page.evaluate(
        "() => [...document.querySelectorAll('button')]"
        ".find(one => one.textContent === 'Try now')?.click()"
    )
    expect(state(page)).to_have_text(SAVED)
    assert site.books["kitchen"].answers == {"name": "Қала", "note": "and more"}
    assert page.evaluate("localStorage.length") == 0


def test_the_network_coming_back_is_noticed(site: Site, opened: Any) -> None:
    page = opened()
    page.context.set_offline(True)
    expect(page.locator(".uz-notice")).to_contain_text("You are offline")
    fill(page, "Name", "Дала")
    expect(state(page)).to_have_text("Not saved, still here, trying again")
    page.context.set_offline(False)
    expect(state(page)).to_have_text(SAVED)
    assert site.books["kitchen"].answers["name"] == "Дала"


def test_an_answer_lost_on_the_way_is_asked_for_again_and_written_once(
    site: Site, opened: Any
) -> None:
    page = opened()
    site.lose_answers = 1
    page.get_by_role("button", name="Add: Step").click()
    expect(state(page)).to_have_text(SAVED)
    assert len(site.books["kitchen"].answers["steps"]) == 1
    assert site.books["kitchen"].revision == 1


@pytest.mark.parametrize(
    ("status", "error", "words"),
    [
        (403, "forbidden", "You are signed out"),
        (401, "", "You are signed out"),
        (413, "too_large", "too long to be kept"),
        (507, "full", "no room left"),
        (409, "newer", "older than your answers"),
        (503, "busy", "has a difficulty"),
    ],
)
def test_each_difficulty_is_explained_and_nothing_is_lost(
    site: Site, opened: Any, status: int, error: str, words: str
) -> None:
    page = opened()
    site.refuse = (status, error)
    fill(page, "Name", "Бала")
    expect(page.locator(".uz-notices")).to_contain_text(words)
    expect(state(page)).to_have_text("Not saved, still here, trying again")
    site.refuse = None
    page.reload()
    expect(field(page, "Name")).to_have_value("Бала")
    expect(state(page)).to_have_text(SAVED)
    assert site.books["kitchen"].answers["name"] == "Бала"


def test_a_text_the_server_will_not_take_is_shown_for_copying(site: Site, opened: Any) -> None:
    page = opened()
    site.refuse = (400, "bad_change")
    fill(page, "Name", "Бала")
    expect(page.locator("#uz-refused")).to_contain_text("Бала")
    site.refuse = None
    page.get_by_role("button", name="Take off the list").click()
    expect(page.locator("#uz-refused")).to_have_count(0)


@pytest.mark.parametrize(
    ("status", "body"),
    [(500, b"{}"), (500, b"<h1>Error"), (403, b"<h1>Blocked"), (404, b""), (200, b"{}"),
     (200, b"[1"), (507, b'{"error": "full"}')],
)  # fmt: skip
def test_one_save_that_is_not_answered_holds_up_nothing_else(
    site: Site, opened: Any, status: int, body: bytes
) -> None:
    page = opened()
    site.poison = ("қиын сөз", status, body)
    fill(page, "Name", "қиын сөз")
    fill(page, "Note", "and more")
    panel = page.locator("#uz-refused")
    expect(panel).to_contain_text("қиын сөз")
    expect(state(page)).to_have_text("A part is not saved: look")
    assert site.books["kitchen"].answers == {"note": "and more"}
    expect(field(page, "Name")).to_have_value("қиын сөз")
    page.reload()
    expect(panel).to_contain_text("қиын сөз")
    expect(field(page, "Name")).to_have_value("қиын сөз")
    # Submitting says what is not part of it, and works for the rest.
    page.get_by_role("button", name="Submit", exact=True).click()
    submit = page.locator("#uz-submit")
    expect(submit).to_contain_text("not part of what is sent")
    submit.get_by_role("checkbox").check()
    submit.get_by_role("button", name="Submit now").click()
    expect(page.locator("#uz-receipt")).to_be_visible()
    site.poison = None
    panel.get_by_role("button", name="Try again").click()
    expect(panel).to_have_count(0)
    expect(state(page)).to_have_text(SAVED)
    assert site.books["kitchen"].answers["name"] == "қиын сөз"


@pytest.mark.parametrize("secure", [True, False])
def test_words_that_are_not_saved_are_copied_by_keyboard(
    site: Site, opened: Any, secure: bool
) -> None:
    page = opened(permissions=["clipboard-read", "clipboard-write"])
    if not secure:  # a school's server without TLS
        page.evaluate("() => Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    site.poison = ("қиын", 422, b'{"error": "bad_change", "message": "It does not fit."}')
    fill(page, "Name", "қиын сөз")
    panel = page.locator("#uz-refused")
    expect(panel).to_contain_text("It does not fit.")
    panel.get_by_role("button", name="Copy the words").focus()
    page.keyboard.press("Enter")
    expect(page.locator("p.uz-hidden[role=status]")).to_have_text("Copied.")
    site.poison = None
    box = field(page, "Note")
    box.focus()
    page.keyboard.press("Control+v")
    expect(box).to_have_value("қиын сөз")
    assert axe(page) == []
    panel.get_by_role("button", name="Take off the list").focus()
    page.keyboard.press("Enter")
    expect(panel).to_have_count(0)
    assert page.evaluate("document.activeElement !== document.body")


# -- several tabs and devices ---------------------------------------------------------------------
def test_another_tab_shows_what_was_written_here(opened: Any) -> None:
    one = opened()
    two = opened(context=one.context)
    fill(one, "Name", "Ауыл")
    expect(state(one)).to_have_text(SAVED)
    expect(field(two, "Name")).to_have_value("Ауыл")


@pytest.mark.parametrize("mine", [True, False])
def test_the_same_answer_changed_on_two_devices_is_a_question(
    site: Site, opened: Any, mine: bool
) -> None:
    laptop, phone = opened(), opened(width=360)
    fill(laptop, "Name", "laptop")
    expect(state(laptop)).to_have_text(SAVED)
    fill(phone, "Name", "phone")
    expect(state(phone)).to_have_text("Changed elsewhere: choose")
    panel = phone.locator("#uz-choose")
    expect(panel).to_contain_text("phone")
    expect(panel).to_contain_text("laptop")
    expect(field(phone, "Name")).to_have_value("phone")
    phone.reload()
    expect(phone.locator("#uz-choose")).to_contain_text("phone")
    phone.get_by_role("button", name="Keep mine" if mine else "Take this one").click()
    expect(state(phone)).to_have_text(SAVED)
    expected = "phone" if mine else "laptop"
    expect(field(phone, "Name")).to_have_value(expected)
    assert site.books["kitchen"].answers["name"] == expected
    # What gave way is kept, on the server too.
    versions = [one["answers"].get("name") for one in site.books["kitchen"].versions]
    assert {"phone", "laptop"} <= set(versions)


def test_differing_words_are_marked_and_what_gives_way_comes_back_from_the_history(
    site: Site, opened: Any
) -> None:
    laptop, phone = opened(), opened(width=360)
    fill(laptop, "Name", "Pupils talk in pairs")
    expect(state(laptop)).to_have_text(SAVED)
    fill(phone, "Name", "Pupils talk aloud in pairs")
    panel = phone.locator("#uz-choose")
    expect(panel.locator("ins")).to_contain_text("aloud")
    expect(panel.locator("ins .uz-hidden").first).to_have_text("only here:")
    expect(panel.locator("del")).to_have_count(0)
    assert axe(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    phone.get_by_role("button", name="Take this one").click()
    expect(state(phone)).to_have_text(SAVED)
    phone.get_by_role("button", name="Earlier versions").click()
    history = phone.locator("#uz-history")
    expect(history).to_contain_text("gave way to another one")
    history.get_by_role("button", name="Look at the version").first.click()
    expect(history.locator("dl")).to_contain_text("aloud")


def test_different_answers_on_two_devices_come_together(site: Site, opened: Any) -> None:
    laptop, phone = opened(), opened()
    fill(laptop, "Name", "laptop")
    expect(state(laptop)).to_have_text(SAVED)
    fill(phone, "Note", "phone")
    expect(state(phone)).to_have_text(SAVED)
    expect(field(phone, "Name")).to_have_value("laptop")
    assert site.books["kitchen"].answers == {"name": "laptop", "note": "phone"}


def test_a_row_removed_elsewhere_while_it_was_edited_can_be_brought_back(
    site: Site, opened: Any
) -> None:
    phone = opened()
    phone.get_by_role("button", name="Add: Step").click()
    expect(state(phone)).to_have_text(SAVED)
    laptop = opened()
    laptop.get_by_role("button", name="Remove Step 1").click()
    expect(state(laptop)).to_have_text(SAVED)
    field(phone, "Action").press_sequentially("Pair talk")
    expect(state(phone)).to_have_text("Changed elsewhere: choose")
    expect(phone.locator("#uz-choose")).to_contain_text("Pair talk")
    phone.get_by_role("button", name="Keep mine").click()
    expect(state(phone)).to_have_text(SAVED)
    assert [one["action"] for one in site.books["kitchen"].answers["steps"]] == ["Pair talk"]


# -- languages ------------------------------------------------------------------------------------
def test_a_language_switch_keeps_caret_focus_and_text(site: Site, opened: Any) -> None:
    page = opened()
    fill(page, "Name", "Жұппен")
    field(page, "Name").evaluate("one => one.setSelectionRange(2, 4)")
    before = page.evaluate("scrollY")
    with page.expect_response("**/lang"):
        page.get_by_role("button", name="Қазақша").click()
    expect(page.locator("h1")).to_contain_text("ҚАЗ")
    expect(page.locator("html")).to_have_attribute("lang", "kk")
    active = page.evaluate(
        "() => { const a = document.activeElement;"
        " return [a.value, a.selectionStart, a.selectionEnd]; }"
    )
    assert active == ["Жұппен", 2, 4]
    assert abs(page.evaluate("scrollY") - before) < 40
    expect(state(page)).to_contain_text("Сақталды")
    assert ("POST", "lang") in site.calls


def test_without_a_connection_the_language_stays_and_says_why(site: Site, opened: Any) -> None:
    page = opened()
    page.route("**/api/v1/**", lambda route: route.abort())
    page.get_by_role("button", name="Русский").click()
    expect(page.locator("html")).to_have_attribute("lang", re.compile("en|ru"))


# -- advice ---------------------------------------------------------------------------------------
def test_no_advice_while_a_first_sentence_is_being_typed(opened: Any) -> None:
    page = opened()
    fill(page, "Name", "ab")
    advice = page.locator("[id$='-name-advice']")
    expect(advice).to_have_text("")
    expect(page.locator("[id$='-name-count']")).to_contain_text("2 characters")
    page.keyboard.press("Tab")
    expect(advice).to_contain_text("at least 5 characters")


def test_advice_that_appears_does_not_move_a_button_away_from_under_the_pointer(
    opened: Any,
) -> None:
    page = opened()
    fill(page, "Name", "ab")
    page.get_by_role("button", name="Add: Step").click()
    expect(page.locator("[id$='-name-advice']")).to_contain_text("at least 5 characters")
    expect(page.locator("#uz-kitchen-steps .uz-card")).to_have_count(1)


def test_on_paper_the_answers_stand_as_text(opened: Any) -> None:
    page = opened(color_scheme="dark")
    fill(page, "Name", "Жұппен")
    page.emulate_media(media="print")
    expect(page.locator(".uz-paper")).to_contain_text("Жұппен")
    expect(page.locator(".uz-paper")).to_be_visible()
    expect(page.locator(".uz-main")).to_be_hidden()
    page.emulate_media(media="screen")
    expect(field(page, "Name")).to_have_value("Жұппен")


def test_check_lists_what_is_open_and_leads_there(opened: Any) -> None:
    page = opened()
    page.get_by_role("button", name="Check my answers").click()
    panel = page.locator("#uz-check")
    expect(panel.get_by_role("heading", name="Check my answers")).to_be_focused()
    panel.get_by_role("link", name="Name", exact=True).click()
    expect(field(page, "Name")).to_be_focused()


# -- rows, undo, contacts -------------------------------------------------------------------------
def test_a_removed_row_comes_back_by_button_and_by_key(site: Site, opened: Any) -> None:
    page = opened()
    page.get_by_role("button", name="Add: Step").click()
    fill(page, "Action", "Pair talk")
    page.get_by_role("button", name="Remove Step 1").click()
    expect(page.locator("#uz-kitchen-steps .uz-card")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(field(page, "Action")).to_have_value("Pair talk")
    page.get_by_role("button", name="Remove Step 1").click()
    page.keyboard.press("Control+z")
    expect(field(page, "Action")).to_have_value("Pair talk")


def test_a_new_contact_is_written_down_in_place_and_saved_with_the_contacts(
    site: Site, opened: Any
) -> None:
    page = opened()
    group = page.get_by_role("group", name=re.compile("^With"))
    group.get_by_role("button", name="Add a new contact").click()
    page.keyboard.type("Г.Ө.")
    page.keyboard.press("Enter")
    expect(group.get_by_label("Г.Ө.")).to_be_checked()
    expect(state(page)).to_have_text(SAVED)
    rows = site.books["pantry"].answers["people"]
    assert [one["alias"] for one in rows] == ["Ә.Қ.", "Г.Ө."]
    assert site.books["kitchen"].answers["with"] == [rows[1]["id"]]


@pytest.mark.parametrize(
    ("lang", "typed", "shown"),
    [("kk", "12,5", "12,5"), ("ru", "12.5", "12,5"), ("en", "12,5", "12.5")],
)
def test_a_number_is_typed_and_read_with_the_decimal_sign_of_the_language(
    site: Site, opened: Any, lang: str, typed: str, shown: str
) -> None:
    page = opened(f"/ustaz/workbooks/kitchen?lang={lang}", width=360)
    box = page.locator("#uz-kitchen-share")
    assert box.get_attribute("inputmode") == "decimal"
    box.press_sequentially(typed)
    expect(box).to_have_value(typed)
    page.keyboard.press("Tab")
    expect(box).to_have_value(shown)
    expect(box).not_to_have_attribute("aria-invalid", "true")
    expect(state(page)).to_have_text(re.compile("14:05|Saved|Сохранено|Сақталды"))
    assert site.books["kitchen"].answers["share"] == 12.5
    page.reload()
    expect(page.locator("#uz-kitchen-share")).to_have_value(shown)


@pytest.mark.parametrize(
    ("lang", "typed", "shown", "kept"),
    [
        ("kk", "1 200,5", "1200,5", 1200.5),
        ("kk", "12 30", "12 30", "12 30"),
        ("en", "1,234", "1,234", "1,234"),  # a thousand to many, one and a bit to others
    ],
)
def test_of_what_can_be_read_in_two_ways_no_number_is_made(
    site: Site, opened: Any, lang: str, typed: str, shown: str, kept: float | str
) -> None:
    page = opened(f"/ustaz/workbooks/kitchen?lang={lang}")
    box = page.locator("#uz-kitchen-share")
    box.press_sequentially(typed)
    page.keyboard.press("Tab")
    expect(box).to_have_value(shown)
    expect(state(page)).to_have_text(re.compile("14:05|Saved|Сақталды"))
    assert site.books["kitchen"].answers["share"] == kept
    page.reload()
    expect(page.locator("#uz-kitchen-share")).to_have_value(shown)


def test_what_is_no_number_is_kept_as_it_was_typed_and_said(site: Site, opened: Any) -> None:
    page = opened()
    box = page.locator("#uz-kitchen-pupils")
    box.press_sequentially("about 30")
    page.keyboard.press("Tab")
    expect(page.locator("#uz-kitchen-pupils-advice")).to_contain_text("This is not a number.")
    expect(box).to_have_attribute("aria-invalid", "true")
    expect(state(page)).to_have_text(SAVED)
    assert site.books["kitchen"].answers["pupils"] == "about 30"
    page.reload()
    box = page.locator("#uz-kitchen-pupils")
    expect(box).to_have_value("about 30")
    box.fill("30")
    page.keyboard.press("Tab")
    expect(page.locator("#uz-kitchen-pupils-advice")).to_be_empty()
    expect(state(page)).to_have_text(SAVED)
    assert site.books["kitchen"].answers["pupils"] == 30


# -- keyboard and assistive technology ------------------------------------------------------------
def tab_to(page: Page, selector: str, most: int = 80) -> None:
    for _ in range(most):
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab never reaches {selector}")


@pytest.mark.parametrize("width", [360, 1200])
def test_a_form_with_every_kind_of_field_is_filled_by_keyboard_alone(
    site: Site, opened: Any, width: int
) -> None:
    page = opened(width=width)
    keys = page.keyboard
    tab_to(page, "#uz-kitchen-name")
    keys.type("Жұппен")
    tab_to(page, "#uz-kitchen-story")
    keys.type("Every week")
    tab_to(page, "#uz-kitchen-secret")
    keys.type("mine")
    tab_to(page, "#uz-kitchen-lines .uz-input")
    keys.type("one")
    keys.press("Enter")
    keys.type("two")
    keys.press("Alt+ArrowUp")
    tab_to(page, "#uz-kitchen-one input")
    keys.press("ArrowDown")
    tab_to(page, "#uz-kitchen-reason")
    keys.type("why")
    tab_to(page, "#uz-kitchen-some input")
    keys.press("Space")
    keys.press("Tab")
    keys.press("Space")
    tab_to(page, "#uz-kitchen-scale input")
    keys.press("ArrowLeft")
    tab_to(page, "#uz-kitchen-start")
    keys.type("11212026")
    tab_to(page, "#uz-kitchen-steps > div > button")
    keys.press("Enter")
    keys.type("Pair talk")
    tab_to(page, "#uz-kitchen-with input")
    keys.press("Space")
    tab_to(page, "#uz-kitchen-note")
    keys.type("done")
    tab_to(page, "#uz-kitchen-pupils")
    keys.type("25")
    expect(state(page)).to_have_text(SAVED)
    answers = site.books["kitchen"].answers
    assert answers.pop("pupils") == 25
    steps = answers.pop("steps")
    assert [one["action"] for one in steps] == ["Pair talk"]
    assert answers == {
        "name": "Жұппен",
        "story": "Every week",
        "secret": "mine",
        "lines": ["two", "one"],
        "one": "b",
        "reason": "why",
        "some": answers["some"],
        "scale": None,
        "start": "2026-11-21",
        "with": ["p1dina"],
        "note": "done",
    }
    assert len(answers["some"]) == 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1200])
def test_axe_finds_nothing_wrong(opened: Any, scheme: str, width: int) -> None:
    page = opened(width=width, color_scheme=scheme)
    page.get_by_role("button", name="Add: Step").first.click()
    page.get_by_role("group", name=re.compile("^With")).get_by_role(
        "button", name="Add a new contact"
    ).click()
    page.locator("summary").first.click()
    assert axe(page) == []
    for name in ("Check my answers", "Submit", "Earlier versions"):
        page.get_by_role("button", name=name, exact=True).click()
        assert axe(page) == []


def test_targets_are_large_enough_for_a_thumb(opened: Any) -> None:
    page = opened(width=360)
    page.get_by_role("button", name="Add: Step").click()
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, select, summary, .uz-input')]
        .filter(one => one.getClientRects().length)
        .filter(one => one.getBoundingClientRect().height < 43.5)
        .map(one => one.outerHTML.slice(0, 90))"""
    )
    assert small == []


# -- finishing ------------------------------------------------------------------------------------
def test_submitting_shows_what_goes_what_stays_and_a_receipt(site: Site, opened: Any) -> None:
    page = opened()
    # Told before it is answered, too: by it a person decides what to write there.
    page.get_by_role("button", name="Submit", exact=True).click()
    panel = page.locator("#uz-submit")
    expect(panel).to_contain_text("What stays with you")
    kept = panel.get_by_role("listitem").filter(has_text="Secret: only you can read it")
    expect(kept).to_be_visible()
    panel.get_by_role("checkbox").check()
    panel.get_by_role("button", name="Submit now").click()
    receipt = page.locator("#uz-receipt")
    expect(receipt).to_contain_text("K7Q-M2T")
    expect(receipt).to_contain_text("12 of 14 answered")
    page.get_by_role("button", name="Close").click()
    page.get_by_role("button", name="Submit", exact=True).click()
    expect(page.locator("#uz-submit")).to_contain_text("What is sent is the same as in round 1")


def test_the_way_to_feedback_stands_on_the_page(site: Site, opened: Any) -> None:
    page = opened()
    expect(page.locator("#uz-feedback")).to_have_count(0)
    site.books["kitchen"].rounds.append(
        {
            "round": 1,
            "received_at": "2026-11-20T10:00:00+05:00",
            "feedback": True,
            "feedback_page": "/ustaz/workbooks/kitchen/feedback?round=1",
        }
    )
    page.reload()
    link = page.locator("#uz-feedback").get_by_role("link", name="Read the feedback")
    expect(link).to_have_attribute("href", "/ustaz/workbooks/kitchen/feedback?round=1")


def test_what_is_changed_after_submitting_is_told_at_once_and_asks_to_submit_again(
    site: Site, opened: Any
) -> None:
    page = opened()
    fill(page, "Name", "Жұппен")
    fill(page, "Secret", "mine")
    page.get_by_role("button", name="Submit", exact=True).click()
    page.locator("#uz-submit").get_by_role("checkbox").check()
    page.get_by_role("button", name="Submit now").click()
    page.locator("#uz-receipt").wait_for()
    finish = page.locator("#uz-finish")
    expect(finish).to_contain_text("Submitted on 23 November 2026, round 1.")
    # It has arrived: there is nothing to mark as ready, and nothing that must be pressed.
    expect(page.get_by_role("button", name="Mark as ready")).to_have_count(0)
    field(page, "Secret").fill("what is never sent changes nothing")
    expect(finish).to_contain_text("Submitted on 23 November 2026, round 1.")
    field(page, "Name").fill("Үштен")
    expect(finish).to_contain_text("you need not submit again")
    expect(page.get_by_role("button", name="Mark as ready")).to_be_visible()
    # The old receipt is not an answer to a new press.
    page.get_by_role("button", name="Submit", exact=True).click()
    panel = page.locator("#uz-submit")
    expect(panel.get_by_role("button", name="Submit now")).to_be_visible()
    expect(panel).not_to_contain_text("Nothing has changed")
    expect(panel.get_by_role("checkbox")).not_to_be_checked()


@pytest.mark.parametrize("name", ["Check my answers", "Submit", "Earlier versions"])
def test_what_a_button_opens_is_seen_on_a_phone(opened: Any, name: str) -> None:
    page = opened(width=360)
    button = page.get_by_role("button", name=name, exact=True)
    for _ in range(2):  # and again, when it is open and the page has been moved
        button.click()
        title = page.locator(".uz-panel h2", has_text=name)
        expect(title).to_be_focused()
        # The page may still be moving there.
        page.wait_for_function(
            "title => { const top = title.getBoundingClientRect().top;"
            " return document.querySelector('.uz-bar').getBoundingClientRect().bottom <= top"
            " && top < innerHeight / 3; }",
            arg=title.element_handle(),
        )


def test_why_it_is_not_ready_yet_is_seen_and_not_only_heard(opened: Any) -> None:
    page = opened(width=360)
    page.get_by_role("button", name="Check my answers").click()
    expect(page.locator("#uz-check .uz-notice")).to_have_count(0)
    page.get_by_role("button", name="Mark as ready").click()
    why = page.locator("#uz-check .uz-notice")
    expect(why).to_have_text("A few things are needed before it is ready.")
    expect(why).to_be_in_viewport()


def test_nothing_is_submitted_while_something_is_not_saved(site: Site, opened: Any) -> None:
    page = opened()
    fill(page, "Name", "Жұппен")
    expect(state(page)).to_have_text(SAVED)
    site.down = True
    fill(page, "Note", "x")
    # What the page says then moves the button, so that a click on its way would miss it.
    page.locator(".uz-state--kept").wait_for()
    page.get_by_role("button", name="Submit", exact=True).click()
    page.locator("#uz-submit").get_by_role("checkbox").check()
    page.get_by_role("button", name="Submit now").click()
    expect(page.locator("#uz-submit")).to_contain_text("Nothing was submitted yet")
    assert site.books["kitchen"].rounds == []


def test_an_earlier_version_is_looked_at_brought_back_and_that_is_undone(
    site: Site, opened: Any
) -> None:
    page = opened()
    field(page, "Name").fill("first")  # at once: one version
    expect(state(page)).to_have_text(SAVED)
    field(page, "Name").fill("second")
    page.keyboard.press("Tab")
    expect(state(page)).to_have_text(SAVED)
    page.get_by_role("button", name="Earlier versions").click()
    page.get_by_role("button", name="Look at the version").click()
    expect(page.locator("#uz-history dl")).to_contain_text("first")
    page.get_by_role("button", name="Bring it back").click()
    expect(field(page, "Name")).to_have_value("first")
    page.locator("#uz-history .uz-undo button").click()
    expect(field(page, "Name")).to_have_value("second")


# -- reading --------------------------------------------------------------------------------------
HOSTILE = "<img src=x onerror=alert(1)> \u202eevil\u0007 " + "Z\u0351\u036b" * 3


def test_a_reader_sees_text_and_nothing_of_it_is_interpreted(site: Site, opened: Any) -> None:
    book = site.books["kitchen"]
    book.answers = {"name": HOSTILE, "lines": [HOSTILE], "scale": None, "start": "2026-11-21"}
    book.revision = 3
    dialogs: list[Any] = []
    page = opened("/ustaz/workbooks/kitchen?mode=read")
    # Playwright marks its listeners, and a built-in method cannot be marked.
    page.on("dialog", lambda one: dialogs.append(one.message))
    expect(page.locator("bdi").filter(has_text="<img src=x").first).to_be_visible()
    assert "[U+202E]evil\u2407" in page.locator(".uz-main").inner_text()
    assert "\u202e" not in page.locator(".uz-main").inner_text()
    assert page.locator("img, textarea, .uz-input").count() == 0
    assert dialogs == []
    assert axe(page) == []


def test_the_mark_of_a_list_stands_beside_the_first_line_of_its_words(
    site: Site, opened: Any
) -> None:
    site.books["kitchen"].answers = {"lines": ["Жұппен сөйлесу " * 12, "two"]}
    page = opened("/ustaz/viewer", width=360)
    words = page.locator(".uz-values li").first
    words.wait_for()
    apart = words.evaluate(
        """item => {
          const mark = document.createElement("span");
          Object.assign(mark.style, { display: "inline-block", width: "0" });
          mark.textContent = "•";
          item.prepend(mark);
          const top = one => one.getBoundingClientRect().top;
          return top(mark) - top(item.querySelector("bdi"));
        }"""
    )
    assert abs(apart) < 8


def test_a_viewer_elsewhere_fetches_what_it_was_not_given_and_brings_its_style(
    site: Site, opened: Any
) -> None:
    site.books["kitchen"].answers = {"name": "Жұппен"}
    page = opened("/ustaz/viewer")
    expect(page.locator(".uz-page")).to_contain_text("Жұппен")
    page.wait_for_function("getComputedStyle(document.querySelector('.uz-page')).maxWidth !== ''")
    assert page.locator('link[href$="workbook.css"]').count() == 1
    page.evaluate("view.setLang('kk')")
    expect(page.locator(".uz-page h1")).to_contain_text("ҚАЗ")
    page.evaluate("view.destroy()")
    expect(page.locator(".uz-page")).to_have_count(0)


def test_a_first_load_is_small(site: Site, built: Path) -> None:
    import gzip

    script = built / "workbook.js"
    # It waits for no other file; what comes later is not small for that.
    assert not re.search(r"""(?:from|import)\s*["']\./""", script.read_text("utf-8"))
    later = {
        name: next(built.glob(f"{name}-*.js")).read_bytes()
        for name in ("file", "later", "map", "plan")
    }
    assert len(gzip.compress(later["file"], 9)) < 10_000
    assert len(gzip.compress(later["later"], 9)) < 10_000
    assert len(gzip.compress(later["map"], 9)) < 6_000
    assert len(gzip.compress(later["plan"], 9)) < 15_000
    guard = next(built.glob("guarded-*.js")).read_bytes()
    assert len(gzip.compress(guard, 9)) < 22_000
    parts = [script, built / "workbook.css"]
    assert sum(len(gzip.compress(one.read_bytes(), 9)) for one in parts) < 48_500
