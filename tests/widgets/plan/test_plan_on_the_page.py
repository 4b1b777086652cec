"""The action plan on the built workbook page: strict policy, saving, language, printing."""

from __future__ import annotations

import copy
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.browser import PHONE, Kept, Watch, axe
from tests.support.forms import kept
from tests.widgets.plan.plan_page import CONTACTS, STEPS, definition

sys.path.insert(0, str(Path(__file__).parents[1]))

from fake_site import Book, Site

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("USTAZ_SHOTS")
LANGUAGES = ("en", "ru", "kk")


@pytest.fixture
def site(built: Path) -> Iterator[Site]:
    """A site with the real action plan and the people map."""
    from ustaz.messages import frontend

    def book(workbook: str, answers: dict[str, Any], *linked: str) -> Book:
        made = Book({lang: definition(workbook, lang) for lang in LANGUAGES}, linked=linked)
        made.answers = copy.deepcopy(answers)
        return made

    plan = {"title": "The second attempt", "start": "2026-10-05", "end": "2027-05-21"}
    running = Site(
        {
            "action-plan": book("action-plan", {**plan, "steps": STEPS}, "people-map", "focus"),
            "people-map": book("people-map", {"people": CONTACTS}),
            "focus": book("focus", {}),
        },
        {lang: frontend(lang) for lang in LANGUAGES},
    ).start()
    yield running
    running.stop()


@pytest.fixture(params=kept(["phone"], ["desktop"]))
def page(kept_contexts: Kept, site: Site, request: pytest.FixtureRequest) -> Iterator[Any]:
    """The plan's page, on a laptop and on a telephone."""
    size = {"width": 1280, "height": 900} if request.param == "desktop" else PHONE
    with kept_contexts.context(viewport=size, reduced_motion="reduce") as context:
        watch = Watch(context)
        opened = context.new_page()
        opened.set_default_timeout(60_000)
        opened.goto(f"{site.url}/ustaz/workbooks/action-plan")
        opened.wait_for_selector(".uz-plan")
        yield opened
        if SHOTS:
            name = f"{request.node.name}.png".replace("/", "_")
            opened.screenshot(path=str(Path(SHOTS) / name), full_page=True)
        watch.stop()
    assert watch.errors == []
    assert watch.outside == []


def steps_of(site: Site) -> list[str]:
    return [row["id"][:2] for row in site.books["action-plan"].answers["steps"]]


def saved(page: Any, text: str = "Saved at") -> None:
    page.locator(".uz-state--saved", has_text=text).wait_for()


def test_a_row_moved_by_keyboard_is_saved_under_a_strict_policy(page: Any, site: Site) -> None:
    handle = page.locator('[data-row^="r1"] .uz-plan-handle')
    handle.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    saved(page)
    assert steps_of(site) == ["r2", "r3", "r1", "r4", "r5"]
    assert handle.evaluate("handle => handle === document.activeElement")
    page.reload()
    page.wait_for_selector(".uz-plan")
    order = page.eval_on_selector_all(
        "[data-list] [data-row]", "rows => rows.map(row => row.dataset.row.slice(0, 2))"
    )
    assert order == ["r2", "r3", "r1", "r4", "r5"]


def test_a_removed_step_and_its_undo_reach_the_server(page: Any, site: Site) -> None:
    page.locator('[data-row^="r2"] [data-part="menu"]').click()
    page.locator('[data-row^="r2"] [data-item="remove"]').click()
    page.locator('[data-part="put-back"]').click()
    saved(page)
    assert steps_of(site) == ["r1", "r2", "r3", "r4", "r5"]
    row = site.books["action-plan"].answers["steps"][1]
    assert row["action"] == "Prepare ten picture cards"
    assert row["evidence_expected"] == ["ev_lesson", "ev_photo"]


def test_a_language_switch_keeps_the_place_and_the_open_row(page: Any) -> None:
    page.locator('[data-row^="r3"] [data-part="details"]').click()
    page.locator('[data-row^="r3"] textarea').first.fill("Жұптық әңгіме")
    page.locator(".uz-language", has_text="Қаз").or_(
        page.locator('.uz-language[lang="kk"]')
    ).first.click()
    page.wait_for_function("() => document.documentElement.lang === 'kk'")
    page.locator('[data-row^="r3"] textarea').first.wait_for()
    assert page.locator('[data-row^="r3"] textarea').first.input_value() == "Жұптық әңгіме"
    toggle = page.locator('[data-row^="r3"] [data-part="details"]')
    assert toggle.get_attribute("aria-expanded") == "true"
    assert axe(page) == []


def test_a_check_leads_into_a_row_that_is_folded(page: Any) -> None:
    page.get_by_role("button", name="Check", exact=False).first.click()
    finding = page.locator(".uz-findings a, .uz-findings button", has_text="Evidence").first
    finding.click()
    page.wait_for_function(
        "() => document.activeElement.closest('[data-column=evidence_expected]') !== null"
    )


def test_what_is_open_in_a_step_is_one_line_with_a_way_to_each_cell(page: Any) -> None:
    page.get_by_role("button", name="Check", exact=False).first.click()
    lines = page.locator("#uz-check .uz-findings li li")
    fifth = lines.filter(has_text="Step 5: ")
    fifth.wait_for()
    assert fifth.count() == 1
    assert fifth.inner_text().startswith("Step 5: Kind of step, Who, From")
    link = fifth.get_by_role("link", name="Step 5, From", exact=True)
    assert link.inner_text() == "From"
    link.click()
    page.wait_for_function(
        "() => document.activeElement.closest('[data-column=start]')"
        "?.closest('[data-row^=r5]') != null"
    )
    assert axe(page) == []


def test_the_way_to_the_rest_of_a_step_is_set_apart_from_what_is_open(page: Any) -> None:
    toggle = page.locator('[data-row^="r5"] [data-part="details"]')
    assert " · still open: " in toggle.evaluate(
        "one => [...one.querySelectorAll('span')].filter(part => part.className.includes('open'))"
        ".map(part => getComputedStyle(part, '::before').content.replaceAll('\"', '')"
        " + part.textContent)[0]"
    )
