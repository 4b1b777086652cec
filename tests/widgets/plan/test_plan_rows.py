"""The action plan's rows in a real browser: add, copy, move, remove, and take it all back."""

from __future__ import annotations

import pytest

from tests.support.browser import axe
from tests.widgets.plan.plan_page import STEPS, Plan

pytestmark = pytest.mark.browser


def test_a_step_added_at_the_end_is_ready_to_be_typed_into(desktop: Plan) -> None:
    plan = desktop.open()
    plan.page.get_by_role("button", name="Add a step", exact=True).click()
    plan.page.keyboard.type("Listen to a recording")
    assert len(plan.order) == 6
    assert plan.stored[-1]["action"] == "Listen to a recording"
    assert plan.changes[0]["after"] == "r5aaaaaaa"
    assert "1 step added." in plan.said


def test_a_step_added_below_another_stands_there(desktop: Plan) -> None:
    plan = desktop.open()
    plan.menu("r2", "add")
    assert [row["id"][:2] for row in plan.stored][:2] == ["r1", "r2"]
    assert plan.stored[3]["id"] == "r3aaaaaaa"
    assert plan.focused.endswith("action")


def test_a_copy_is_a_new_step_with_nothing_done_yet(desktop: Plan) -> None:
    plan = desktop.open()
    plan.menu("r1", "copy")
    copy = plan.stored[1]
    assert copy["action"] == STEPS[0]["action"]
    assert copy["strand"] == "consult"
    assert copy["id"] != "r1aaaaaaa"
    assert not {"status", "done_on", "what_happened"} & copy.keys()


def test_a_removed_step_comes_back_to_its_place_by_keyboard(desktop: Plan) -> None:
    plan = desktop.open()
    before = plan.stored
    plan.menu("r2", "remove")
    assert plan.order == ["r1", "r3", "r4", "r5"]
    assert "Removed: Prepare ten picture cards." in plan.said
    assert plan.focused == "- put-back"
    plan.page.keyboard.press("Enter")
    assert plan.stored == before
    assert plan.focused == "r2 handle"


def test_removing_the_first_and_the_last_step_can_be_undone(desktop: Plan) -> None:
    plan = desktop.open()
    before = plan.stored
    for short in ("r1", "r5"):
        plan.menu(short, "remove")
        plan.page.keyboard.press("Enter")
        assert plan.stored == before


def test_a_plan_emptied_by_removing_still_offers_to_undo(desktop: Plan) -> None:
    plan = desktop.open(STEPS[:1])
    plan.menu("r1", "remove")
    assert plan.order == []
    plan.page.locator('[data-part="put-back"]').click()
    assert plan.stored == STEPS[:1]


def test_the_note_of_a_removal_can_be_closed_and_leaves_the_focus_somewhere(desktop: Plan) -> None:
    plan = desktop.open()
    plan.menu("r2", "remove")
    plan.page.get_by_role("button", name="Close this message").click()
    assert plan.page.locator(".uz-plan-removed").count() == 0
    assert plan.focused == "- add"


def test_undo_and_redo_take_whole_rows_back_and_forth(desktop: Plan) -> None:
    plan = desktop.open()
    before = plan.stored
    plan.menu("r1", "down")
    moved = plan.stored
    assert plan.order[:2] == ["r2", "r1"]
    plan.page.locator('[data-part="undo"]').click()
    assert plan.stored == before
    assert "Undone: Step moved" in plan.said
    plan.page.locator('[data-part="redo"]').click()
    assert plan.stored == moved


def test_undo_keys_work_on_buttons_and_leave_text_to_the_browser(desktop: Plan) -> None:
    plan = desktop.open()
    plan.menu("r1", "down")
    plan.row("r1").locator("textarea").first.focus()
    plan.page.keyboard.press("Control+z")
    assert plan.order[:2] == ["r2", "r1"]
    plan.handle("r1").focus()
    plan.page.keyboard.press("Control+z")
    assert plan.order[:2] == ["r1", "r2"]
    plan.page.keyboard.press("Control+Shift+z")
    assert plan.order[:2] == ["r2", "r1"]


def test_nothing_to_undo_is_said_and_does_nothing(desktop: Plan) -> None:
    plan = desktop.open()
    button = plan.page.locator('[data-part="undo"]')
    assert button.get_attribute("aria-disabled") == "true"
    button.click(force=True)
    assert plan.changes == []


def test_an_empty_plan_starts_with_four_steps_that_one_undo_takes_back(desktop: Plan) -> None:
    plan = desktop.open([])
    plan.page.get_by_role("button", name="Start with 4 steps").click()
    assert [row["strand"] for row in plan.stored] == ["consult", "try_out", "review", "share"]
    assert plan.focused.endswith("action")
    plan.page.locator('[data-part="undo"]').click()
    assert plan.stored == []
    plan.page.get_by_role("button", name="Start with 4 steps").wait_for()


def test_a_missing_kind_of_step_is_added_by_its_name(desktop: Plan) -> None:
    plan = desktop.open()
    plan.page.get_by_text("2 kinds of steps are still missing.").wait_for()
    plan.page.get_by_role("button", name="Add a step: review").click()
    assert plan.stored[-1]["strand"] == "review"
    plan.page.get_by_text("1 kind of step is still missing.").wait_for()
    plan.page.get_by_role("button", name="Add a step: embed").click()
    plan.page.get_by_text("The plan has every kind of step it needs.").wait_for()


def test_a_status_asks_for_what_belongs_to_it_without_opening_the_row(desktop: Plan) -> None:
    plan = desktop.open()
    status = plan.page.get_by_label("Step 3: Where it stands")
    assert plan.page.get_by_label("Step 3: Done on").count() == 0
    status.select_option("done")
    plan.page.get_by_label("Step 3: Done on").wait_for()
    status.select_option("changed")
    plan.page.get_by_label("Step 3: What happened").wait_for()
    assert plan.page.get_by_label("Step 3: Done on").count() == 0


def test_a_row_opens_for_its_long_fields_and_says_what_they_hold_when_closed(
    desktop: Plan,
) -> None:
    plan = desktop.open()
    toggle = plan.row("r2").locator('[data-part="details"]')
    assert "Card paper" in toggle.inner_text()
    assert toggle.get_attribute("aria-expanded") == "false"
    toggle.click()
    assert toggle.get_attribute("aria-expanded") == "true"
    plan.page.get_by_label("Step 2: What I need").fill("Paper and glue")
    assert plan.stored[1]["resources"] == "Paper and glue"
    plan.page.get_by_role("group", name="Step 2: Who").get_by_label("A.N.").check()
    assert plan.stored[1]["who"] == ["self", "p1aaaaa", "p2aaaaa"]


def test_what_another_device_does_leaves_the_text_being_typed_alone(desktop: Plan) -> None:
    plan = desktop.open()
    box = plan.row("r3").locator("textarea").first
    box.click()
    plan.page.keyboard.press("End")
    plan.page.keyboard.type(", eight")
    plan.page.evaluate(
        """() => {
          plan.store.receive({op: "remove_row", path: ["steps", "r1aaaaaaa"]});
          plan.store.receive({op: "move_row", path: ["steps", "r5aaaaaaa"], after: null});
        }"""
    )
    plan.page.keyboard.type(" weeks")
    assert box.input_value() == "Pair talk every Wednesday, eight weeks"
    assert plan.order == ["r5", "r2", "r3", "r4"]


def test_text_is_shown_as_text_and_kept_apart_from_its_surroundings(desktop: Plan) -> None:
    nasty = "<img src=x onerror=alert(1)> \u202eabc &amp; {{7*7}}"
    plan = desktop.open([{**STEPS[0], "action": nasty, "resources": nasty}], mode="read")
    said = plan.page.locator("bdi.uz-said").first
    assert "<img src=x onerror=alert(1)>" in said.inner_text()
    assert "[U+202E]" in said.inner_text()
    assert plan.page.locator("#app img").count() == 0


def test_a_hundred_steps_are_the_end_and_the_page_says_so(desktop: Plan) -> None:
    rows = [{"id": f"x{n:08d}", "action": f"Step number {n}"} for n in range(100)]
    plan = desktop.open(rows)
    plan.page.locator('[data-part="add"]').click(force=True)
    assert len(plan.stored) == 100
    plan.page.get_by_text("A plan holds at most one hundred steps.").wait_for()


@pytest.mark.parametrize("mode", ["edit", "read"])
def test_the_plan_has_no_accessibility_faults(desktop: Plan, mode: str) -> None:
    plan = desktop.open(mode=mode)
    assert axe(plan.page) == []
    if mode == "edit":
        plan.row("r2").locator('[data-part="details"]').click()
        plan.menu("r3", "remove")
        plan.row("r1").locator('[data-part="menu"]').click()
        plan.page.locator("summary").first.click()
        assert axe(plan.page) == []
        desktop.open([])
        assert axe(plan.page) == []


def test_reading_needs_no_control_and_says_everything(desktop: Plan) -> None:
    plan = desktop.open(mode="read")
    app = plan.page.locator("#app")
    assert app.locator("input, textarea, select, .uz-plan-handle, [data-part]").count() == 0
    text = app.inner_text()
    for words in ("Card paper", "Ә.Қ.", "No camera", "14 October 2026", "10 days past its date"):
        assert words in text
