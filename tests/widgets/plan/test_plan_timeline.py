"""The plan's timeline, its keys, and the plan on paper, on a telephone and in other languages."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest

from tests.support.browser import PHONE, axe
from tests.widgets.plan.plan_page import STEPS, Plan

pytestmark = pytest.mark.browser


def names(locator: Any) -> list[str]:
    return [str(one.get_attribute("title")) for one in locator.all()]


def test_a_bar_says_all_that_it_shows(desktop: Plan) -> None:
    plan = desktop.open()
    said = [
        re.sub("[\u2068\u2069]", "", name)
        for name in names(plan.page.locator(".uz-plan-step .uz-plan-bar"))
    ]
    assert said[0] == (
        "Step 1: Ask the grade 5 teacher what she notices; 5 October 2026 to 16 October 2026; done"
    )
    assert said[1].endswith("in progress; 10 days past its date")
    assert len(said) == 4  # the fifth step has no dates


def test_status_is_told_by_sign_and_word_not_by_colour_alone(desktop: Plan) -> None:
    plan = desktop.open()
    signs = plan.page.locator(".uz-plan-step .uz-plan-bar-sign").all_inner_texts()
    assert signs == ["✓", "!", "◐", "×"]
    legend = plan.page.locator(".uz-plan-legend").inner_text()
    for word in ("done", "in progress", "dropped", "past its date", "today"):
        assert word in legend
    shapes = {
        bar.evaluate("bar => getComputedStyle(bar).backgroundImage + getComputedStyle(bar).border")
        for bar in plan.page.locator(".uz-plan-step .uz-plan-bar").all()
    }
    assert len(shapes) == 4


def test_bars_stand_where_their_dates_are(desktop: Plan) -> None:
    plan = desktop.open()
    track = plan.row("r3").locator(".uz-plan-track").bounding_box()
    bar = plan.row("r3").locator(".uz-plan-bar").bounding_box()
    # 1 October 2026 to 31 May 2027 are 243 days; the step runs from the 39th day, 75 days long.
    assert (bar["x"] - track["x"]) / track["width"] == pytest.approx(39 / 243, abs=0.005)
    assert bar["width"] / track["width"] == pytest.approx(75 / 243, abs=0.005)


def test_the_bars_are_one_stop_for_tab_and_arrows_lead_on(desktop: Plan) -> None:
    plan = desktop.open()
    bars = plan.page.locator(".uz-plan-step .uz-plan-bar")
    assert [bar.get_attribute("tabindex") for bar in bars.all()] == ["0", "-1", "-1", "-1"]
    bars.first.focus()
    plan.page.keyboard.press("ArrowDown")
    plan.page.keyboard.press("ArrowDown")
    assert plan.focused.startswith("r3")
    plan.page.keyboard.press("End")
    plan.page.keyboard.press("Enter")
    assert plan.focused == "r4 action"


def test_a_step_without_dates_is_listed_and_leads_to_its_row(desktop: Plan) -> None:
    plan = desktop.open()
    plan.page.get_by_role("button", name="Step 5: Show it").first.click()
    assert plan.focused == "r5 action"
    plan.page.get_by_label("Step 5: From").fill("2027-01-11")
    assert plan.page.locator(".uz-plan-undated").count() == 0
    assert plan.row("r5").locator(".uz-plan-bar").count() == 1


def test_half_a_date_does_not_shake_the_timeline(desktop: Plan) -> None:
    plan = desktop.open()
    axis = plan.page.locator(".uz-plan-steps .uz-plan-axis").inner_text()
    date = plan.page.get_by_label("Step 3: Until")
    date.focus()
    plan.page.keyboard.type("0122")
    plan.page.keyboard.type("20")
    assert plan.page.locator(".uz-plan-steps .uz-plan-axis").inner_text() == axis


def test_a_late_step_is_mentioned_kindly_and_leads_to_its_row(desktop: Plan) -> None:
    plan = desktop.open()
    plan.page.get_by_text("Is it done, or does it need a new date?").wait_for()
    plan.page.get_by_role("button", name="Step 2", exact=True).click()
    assert plan.focused == "r2 action"
    plan.page.get_by_label("Step 2: Where it stands").select_option("done")
    assert plan.page.get_by_text("does it need a new date").count() == 0
    plan.page.get_by_text("2 of 4 steps done").wait_for()


def test_a_plan_without_any_dates_still_has_its_months(desktop: Plan) -> None:
    plan = desktop.open([{"id": "r1aaaaaaa", "action": "Begin"}], answers={"start": "", "end": ""})
    assert "Sep" in plan.page.locator(".uz-plan-steps .uz-plan-axis").inner_text()
    plan.page.get_by_text("No dates yet:").wait_for()


def test_control_and_arrows_go_down_a_column(desktop: Plan) -> None:
    plan = desktop.open()
    plan.page.get_by_label("Step 1: Where it stands").focus()
    plan.page.keyboard.press("Control+ArrowDown")
    assert plan.focused == "r2 status"
    plan.page.keyboard.press("Control+ArrowUp")
    plan.page.keyboard.press("Control+ArrowUp")
    assert plan.focused == "r1 status"


def test_arrows_lead_from_handle_to_handle(desktop: Plan) -> None:
    plan = desktop.open()
    plan.handle("r1").focus()
    plan.page.keyboard.press("ArrowDown")
    assert plan.focused == "r2 handle"


def test_every_control_of_a_row_names_its_step_and_is_reached_by_tab(desktop: Plan) -> None:
    plan = desktop.open(STEPS[1:2])
    plan.row("r2").locator('[data-part="details"]').click()
    plan.handle("r2").focus()
    wanted = plan.row("r2").evaluate(
        """row => [...row.querySelectorAll("button, input, select, textarea, summary")]
          .filter(one => one.tabIndex >= 0).length"""
    )
    reached: set[str] = set()
    for _ in range(60):
        reached.add(
            plan.page.evaluate(
                """() => {
                  const at = document.activeElement;
                  if (!at.closest("[data-row]")) return "";
                  at.dataset.reached ??= String(Math.random());
                  return at.dataset.reached;
                }"""
            )
        )
        plan.page.keyboard.press("Tab")
    assert len(reached - {""}) == wanted
    for control in plan.row("r2").locator("input, select, textarea").all():
        called = control.evaluate(
            """one => [
              one.getAttribute("aria-label"),
              one.labels?.[0]?.textContent,
              one.closest("fieldset")?.querySelector("legend")?.textContent,
            ].join(" ")"""
        )
        assert "Step 1: " in called


def test_a_finding_opens_the_row_that_hides_its_field(desktop: Plan) -> None:
    plan = desktop.open()
    plan.page.evaluate(
        """() => document.getElementById("uz-steps").dispatchEvent(
          new CustomEvent("uz-reveal", {detail: {row: "r1aaaaaaa", column: "resources"}}))"""
    )
    plan.page.wait_for_function(
        "() => document.activeElement.closest('[data-column=resources]') !== null"
    )
    assert plan.focused == "r1 resources"


def test_advice_appears_after_a_cell_was_left(desktop: Plan) -> None:
    plan = desktop.open()
    plan.page.get_by_label("Step 3: Until").fill("2026-11-01")
    advice = plan.row("r3").locator(".uz-advice > p")
    assert advice.count() == 0
    plan.page.keyboard.press("Tab")
    plan.page.keyboard.press("Tab")
    plan.page.keyboard.press("Tab")
    plan.page.keyboard.press("Tab")
    advice.first.wait_for()


# ---------------------------------------------------------------- telephone


def test_a_telephone_shows_cards_and_a_strip_and_never_scrolls_sideways(phone: Plan) -> None:
    plan = phone.open([{**STEPS[0], "action": "ұзақ" * 40}, *STEPS[1:]])
    assert plan.page.locator(".uz-plan-strip").is_visible()
    assert not plan.page.locator(".uz-plan-steps-head").is_visible()
    plan.row("r2").locator('[data-part="details"]').tap()
    assert plan.page.evaluate("() => document.documentElement.scrollWidth") <= PHONE["width"]
    assert axe(plan.page) == []


@pytest.mark.parametrize(("width", "letters"), [(360, 16), (280, 16), (360, 32)])
def test_neither_long_words_nor_large_letters_widen_the_page(
    phone: Plan, width: int, letters: int
) -> None:
    steps = [{"id": "r1aaaaaaa", "action": "Ата-аналармен ақылдасамын және келісемін " * 4}]
    plan = phone.open([*steps, *STEPS[1:]], lang="kk")
    plan.page.set_viewport_size({"width": width, "height": 740})
    plan.page.evaluate(f"() => document.documentElement.style.fontSize = '{letters}px'")
    plan.row("r1").locator('[data-part="details"]').tap()
    plan.page.locator(".uz-plan-about summary").tap()
    assert plan.page.evaluate("() => document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("known", [True, False])
def test_a_sentence_is_seen_as_a_whole_on_a_telephone(phone: Plan, known: bool) -> None:
    if not known:  # an older browser, which does not size a box by its text
        phone.page.evaluate("() => { CSS.supports = () => false; }")
    plan = phone.open()
    if not known:
        plan.page.add_style_tag(content="textarea { field-sizing: fixed !important }")
    plan.row("r2").locator('[data-part="details"]').tap()
    box = plan.row("r2").locator('[data-column="resources"] textarea')
    before = box.bounding_box()["height"]
    box.fill("Қатты қағаз, принтер, екі сабақ және бос бөлме, әріптестің көмегі керек")
    plan.page.wait_for_function(
        "([box, before]) => box.scrollHeight - box.clientHeight <= 1 && box.offsetHeight > before",
        arg=[box.element_handle(), before],
    )


def test_everything_to_touch_is_large_enough(phone: Plan) -> None:
    plan = phone.open()
    for control in plan.page.locator("#app button:not(.uz-plan-bar), #app select").all():
        if control.is_visible():
            box = control.bounding_box()
            assert box["height"] >= 24, control.evaluate("one => one.outerHTML.slice(0, 120)")
            assert box["width"] >= 24, control.evaluate("one => one.outerHTML.slice(0, 120)")
    for bar in plan.page.locator(".uz-plan-strip .uz-plan-bar").all():
        reach = bar.evaluate(
            """bar => {
              const style = getComputedStyle(bar, "::after");
              return [parseFloat(style.width), parseFloat(style.height)];
            }"""
        )
        assert min(reach) >= 24


def test_a_bar_of_the_strip_leads_to_its_card(phone: Plan) -> None:
    plan = phone.open()
    plan.page.locator(".uz-plan-strip .uz-plan-bar").nth(2).tap()
    assert plan.focused == "r3 action"
    assert (
        plan.row("r3")
        .locator("textarea")
        .first.evaluate("one => one.getBoundingClientRect().bottom <= innerHeight")
    )


# ---------------------------------------------------------------- paper, dark, languages


def test_on_paper_the_plan_is_text_on_a_landscape_page_with_its_timeline(desktop: Plan) -> None:
    plan = desktop.open()
    plan.page.emulate_media(media="print")
    plan.page.locator(".uz-plan-paper").wait_for()
    assert not plan.page.locator(".uz-plan-handle").first.is_visible()
    assert plan.page.locator("#app input:visible, #app textarea:visible").count() == 0
    assert plan.page.locator(".uz-plan-paper .uz-plan-bar:visible").count() >= 4
    text = plan.page.locator(".uz-plan-paper").inner_text()
    for words in ("Card paper", "No camera", "Step 5"):
        assert words in text
    assert plan.page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    plan.page.emulate_media(media="screen")
    plan.handle("r1").wait_for()
    assert plan.page.locator(".uz-plan-paper").count() == 0


@pytest.mark.parametrize("lang", ["en", "ru", "kk"])
@pytest.mark.parametrize("media", ["screen", "print"])
def test_names_of_columns_do_not_run_into_each_other(desktop: Plan, lang: str, media: str) -> None:
    plan = desktop.open(lang=lang, mode="read" if media == "screen" else "edit")
    plan.page.emulate_media(media=media)
    # The plan for paper is drawn when printing begins; until then the form's own table is seen.
    room = ".uz-plan" if media == "screen" else ".uz-plan-paper"
    shown = plan.page.locator(f"{room} .uz-plan-steps-head:visible").first
    shown.wait_for()
    edges = shown.evaluate(
        """head => [...head.querySelectorAll('[role=columnheader]')].map(one => {
          const range = document.createRange();
          range.selectNodeContents(one);
          const { left, right } = range.getBoundingClientRect();
          return [left, right];
        })"""
    )
    named = [(left, right) for left, right in edges if right > left]
    assert len(named) >= 6
    for (_, right), (left, _) in itertools.pairwise(named[:-1]):
        assert right <= left


def test_dark_colours_keep_their_contrast(desktop: Plan) -> None:
    plan = desktop.open()
    plan.page.emulate_media(color_scheme="dark")
    assert axe(plan.page) == []


def test_forced_colours_keep_every_bar_visible(desktop: Plan) -> None:
    plan = desktop.open()
    plan.page.emulate_media(forced_colors="active")
    for bar in plan.page.locator(".uz-plan-step .uz-plan-bar").all():
        assert bar.evaluate("bar => getComputedStyle(bar).borderLeftWidth") != "0px"


def test_forced_colours_keep_the_arrow_of_what_is_folded_an_arrow(desktop: Plan) -> None:
    plan = desktop.open()
    plan.page.emulate_media(forced_colors="active")
    arrow = plan.page.locator(".uz-plan-details-arrow").first
    # The sides that make a triangle of a box are not to be seen.
    assert arrow.evaluate("one => getComputedStyle(one).borderTopColor") == "rgba(0, 0, 0, 0)"


@pytest.mark.parametrize("lang", ["ru", "kk"])
def test_the_plan_speaks_the_persons_language(desktop: Plan, lang: str) -> None:
    plan = desktop.open(lang=lang)
    month = {"ru": "нояб.", "kk": "қар."}[lang]
    assert month in plan.page.locator(".uz-plan-steps .uz-plan-axis").inner_text()
    step = plan.page.locator(".uz-plan-step-kind").first.text_content()
    assert step not in {None, "", "Step 1"}
    assert axe(plan.page) == []
