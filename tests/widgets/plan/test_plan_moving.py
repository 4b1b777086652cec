"""Moving a step: by mouse, by finger and by keyboard, with the same result."""

from __future__ import annotations

from typing import Any

import pytest

from tests.widgets.plan.plan_page import Plan

pytestmark = pytest.mark.browser


def middle(locator: Any) -> tuple[float, float]:
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(plan: Plan, short: str, target: str) -> None:
    """Drag a row with the mouse until its edge passes another one's middle; do not let go."""
    plan.handle(short).scroll_into_view_if_needed()
    own, other = plan.row(short).bounding_box(), plan.row(target).bounding_box()
    centre = other["y"] + other["height"] / 2
    edge = own["y"] if other["y"] < own["y"] else own["y"] + own["height"]
    x, y = middle(plan.handle(short))
    plan.page.mouse.move(x, y)
    plan.page.mouse.down()
    plan.page.mouse.move(x, y + 10, steps=2)
    plan.page.mouse.move(x, y + centre - edge + (5 if centre > edge else -5), steps=8)


def test_a_row_is_dragged_by_its_handle_in_one_change(desktop: Plan) -> None:
    plan = desktop.open()
    drag(plan, "r1", "r3")
    assert plan.changes == []
    plan.page.mouse.up()
    assert plan.order == ["r2", "r3", "r1", "r4", "r5"]
    assert plan.changes == [
        {"op": "move_row", "path": ["steps", "r1aaaaaaa"], "after": "r3aaaaaaa"}
    ]
    assert plan.focused == "r1 handle"
    assert "Moved: Ask the grade 5 teacher what she notices. Position 3 of 5." in plan.said


def test_a_row_is_dragged_up(desktop: Plan) -> None:
    plan = desktop.open()
    drag(plan, "r3", "r1")
    plan.page.mouse.up()
    assert plan.order == ["r3", "r1", "r2", "r4", "r5"]


def test_escape_gives_a_drag_up(desktop: Plan) -> None:
    plan = desktop.open()
    drag(plan, "r1", "r3")
    plan.page.keyboard.press("Escape")
    plan.page.mouse.up()
    assert plan.order == ["r1", "r2", "r3", "r4", "r5"]
    assert plan.changes == []
    assert plan.row("r1").evaluate("row => row.style.transform") == ""


def test_a_drag_survives_its_row_being_removed_elsewhere(desktop: Plan) -> None:
    plan = desktop.open()
    drag(plan, "r1", "r3")
    plan.page.evaluate("() => plan.store.receive({op: 'remove_row', path: ['steps', 'r1aaaaaaa']})")
    plan.page.mouse.move(300, 300)
    plan.page.mouse.up()
    assert plan.order == ["r2", "r3", "r4", "r5"]
    assert plan.changes == []


def test_a_row_moves_by_keyboard_in_one_change_and_keeps_the_focus(desktop: Plan) -> None:
    plan = desktop.open()
    plan.handle("r2").focus()
    plan.page.keyboard.press("Enter")
    assert plan.handle("r2").get_attribute("aria-pressed") == "true"
    for key in ("ArrowDown", "ArrowDown", "ArrowUp", "ArrowDown"):
        plan.page.keyboard.press(key)
        assert plan.focused == "r2 handle"
    assert plan.order == ["r1", "r3", "r4", "r2", "r5"]
    assert plan.changes == []
    plan.page.keyboard.press("Enter")
    assert plan.focused == "r2 handle"
    assert [change["after"] for change in plan.changes] == ["r4aaaaaaa"]
    assert plan.said[0].startswith("Moving Prepare ten picture cards. Position 2 of 5.")
    assert plan.said[-1] == "Moved: Prepare ten picture cards. Position 4 of 5."


def test_space_lifts_and_drops_as_well_and_home_and_end_reach_the_edges(desktop: Plan) -> None:
    plan = desktop.open()
    plan.handle("r3").focus()
    plan.page.keyboard.press("Space")
    plan.page.keyboard.press("Home")
    plan.page.keyboard.press("ArrowUp")
    plan.page.keyboard.press("Space")
    assert plan.order == ["r3", "r1", "r2", "r4", "r5"]


def test_escape_puts_a_lifted_row_back(desktop: Plan) -> None:
    plan = desktop.open()
    plan.handle("r2").focus()
    plan.page.keyboard.press("Enter")
    plan.page.keyboard.press("ArrowDown")
    plan.page.keyboard.press("Escape")
    assert plan.order == ["r1", "r2", "r3", "r4", "r5"]
    assert plan.changes == []
    assert plan.focused == "r2 handle"
    assert plan.said[-1] == "Not moved: Prepare ten picture cards. Position 2 of 5."


def test_leaving_a_lifted_row_drops_it_where_it_is(desktop: Plan) -> None:
    plan = desktop.open()
    plan.handle("r1").focus()
    plan.page.keyboard.press("Enter")
    plan.page.keyboard.press("ArrowDown")
    plan.page.keyboard.press("Tab")
    assert plan.focused == "r1 menu"
    assert plan.order[:2] == ["r2", "r1"]
    assert len(plan.changes) == 1


def test_a_lifted_row_that_is_removed_elsewhere_leaves_nothing_behind(desktop: Plan) -> None:
    plan = desktop.open()
    plan.handle("r2").focus()
    plan.page.keyboard.press("Enter")
    plan.page.evaluate("() => plan.store.receive({op: 'remove_row', path: ['steps', 'r2aaaaaaa']})")
    plan.page.keyboard.press("ArrowDown")
    assert plan.order == ["r1", "r3", "r4", "r5"]
    assert plan.changes == []


def test_the_menu_moves_a_row_and_keeps_the_focus_on_it(desktop: Plan) -> None:
    plan = desktop.open()
    plan.row("r4").locator('[data-part="menu"]').focus()
    plan.page.keyboard.press("Enter")
    plan.page.keyboard.press("Enter")  # the first entry: Move up
    assert plan.order == ["r1", "r2", "r4", "r3", "r5"]
    assert plan.focused == "r4 menu"


def test_the_menu_closes_with_escape_and_knows_the_edges(desktop: Plan) -> None:
    plan = desktop.open()
    button = plan.row("r1").locator('[data-part="menu"]')
    button.focus()
    plan.page.keyboard.press("ArrowDown")
    up = plan.row("r1").locator('[data-item="up"]')
    assert up.get_attribute("aria-disabled") == "true"
    plan.page.keyboard.press("Enter")
    assert plan.changes == []
    plan.page.keyboard.press("End")
    assert (
        plan.row("r1")
        .locator('[data-item="remove"]')
        .evaluate("item => item === document.activeElement")
    )
    plan.page.keyboard.press("Escape")
    assert button.get_attribute("aria-expanded") == "false"
    assert plan.focused == "r1 menu"


class Finger:
    """One finger on the screen, through the browser's own touch input."""

    def __init__(self, plan: Plan) -> None:
        self.session = plan.page.context.new_cdp_session(plan.page)

    def send(self, kind: str, *points: tuple[float, float]) -> None:
        self.session.send(
            "Input.dispatchTouchEvent",
            {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]},
        )

    def stroke(self, x: float, start: float, end: float) -> None:
        self.send("touchStart", (x, start))
        for part in range(1, 11):
            self.send("touchMove", (x, start + (end - start) * part / 10))
        self.send("touchEnd")


def test_a_finger_on_the_handle_moves_the_card(phone: Plan) -> None:
    plan = phone.open()
    plan.handle("r5").evaluate("handle => handle.scrollIntoView({block: 'center'})")
    x, y = middle(plan.handle("r5"))
    Finger(plan).stroke(x, y, y - 140)
    plan.page.wait_for_function("() => plan.changes.length === 1")
    assert plan.order == ["r1", "r2", "r3", "r5", "r4"]
    assert plan.page.locator("[data-dragging]").count() == 0


def test_a_card_held_at_the_edge_travels_along_with_the_page(phone: Plan) -> None:
    plan = phone.open()
    plan.handle("r5").evaluate("handle => handle.scrollIntoView({block: 'center'})")
    x, y = middle(plan.handle("r5"))
    finger = Finger(plan)
    finger.send("touchStart", (x, y))
    finger.send("touchMove", (x, y - 60))
    finger.send("touchMove", (x, 20))
    plan.page.wait_for_function(
        "() => document.querySelector('[data-row^=r1]').style.transform !== ''"
    )
    finger.send("touchEnd")
    plan.page.wait_for_function("() => plan.changes.length === 1")
    assert plan.order[0] == "r5"


def test_a_finger_elsewhere_on_the_card_scrolls_the_page(phone: Plan) -> None:
    plan = phone.open()
    plan.row("r2").scroll_into_view_if_needed()
    x, _ = middle(plan.row("r2").locator(".uz-plan-step-kind"))
    before = plan.page.evaluate("() => scrollY")
    Finger(plan).stroke(x, 500, 200)
    plan.page.wait_for_function("before => scrollY > before + 100", arg=before)
    assert plan.changes == []


def test_a_tap_on_the_handle_offers_move_up_and_down(phone: Plan) -> None:
    plan = phone.open()
    plan.handle("r2").tap()
    plan.row("r2").locator('[data-item="up"]').tap()
    assert plan.order[:2] == ["r2", "r1"]
