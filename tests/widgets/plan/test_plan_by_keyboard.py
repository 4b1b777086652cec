"""A whole plan made with the keyboard alone, in Kazakh, on both screens."""

from __future__ import annotations

import re

import pytest

from tests.support.browser import axe
from tests.support.forms import kept
from tests.widgets.plan.plan_page import Plan

pytestmark = pytest.mark.browser


def tab_to(plan: Plan, part: str) -> None:
    """Press Tab until a part or a column has the focus."""
    for _ in range(80):
        if plan.focused.endswith(f" {part}"):
            return
        plan.page.keyboard.press("Tab")
    pytest.fail(f"Tab never reaches {part}; the focus is on {plan.focused}")


@pytest.mark.parametrize("screen", kept(["desktop"], ["phone"]))
def test_a_plan_is_made_by_keyboard_alone(request: pytest.FixtureRequest, screen: str) -> None:
    plan: Plan = request.getfixturevalue(screen)
    plan.open([], lang="kk")
    keys = plan.page.keyboard
    tab_to(plan, "start")
    keys.press("Enter")
    keys.type("Әріптесімнен сұраймын")
    tab_to(plan, "start")
    keys.type("12012026")
    tab_to(plan, "status")
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    tab_to(plan, "details")
    keys.press("Enter")
    first = plan.stored[0]
    assert first["action"] == "Әріптесімнен сұраймын"
    assert first["start"] == "2026-12-01"
    assert first["status"] == "doing"

    for _ in range(40):
        if plan.focused.endswith(" handle") and plan.focused[:2] == first["id"][:2]:
            break
        keys.press("Shift+Tab")
    keys.press("Space")
    keys.press("ArrowDown")
    keys.press("Space")
    assert [row["strand"] for row in plan.stored] == ["try_out", "consult", "review", "share"]
    keys.press("Control+z")
    assert [row["strand"] for row in plan.stored] == ["consult", "try_out", "review", "share"]
    assert axe(plan.page) == []
    # Everything that was said aloud was said in Kazakh; only keys keep the names they carry.
    assert plan.said
    said = [re.sub("Enter|Escape", "", text) for text in plan.said]
    assert not [text for text in said if re.search("[A-Za-z]{2,}", text)]
