"""The plan's own page, on a laptop and on a telephone; the browser comes from the folder above."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.browser import DESKTOP, PHONE, Watch
from tests.widgets.plan.plan_page import Plan, build


@pytest.fixture(scope="session")
def built_plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Bundle the plan's test page once."""
    target = tmp_path_factory.mktemp("plan")
    build(target)
    return target


#: What a page emulates of its own accord: nothing.
AS_IT_WAS = {"media": "null", "color_scheme": "null", "forced_colors": "null"}


class Screen:
    """One page that shows a plan after the other; between them it is nowhere.

    Its process has compiled the script then, which takes more than most tests of a plan.
    """

    def __init__(self, browser: Any, **options: Any) -> None:
        self.size = options["viewport"]
        self.context = browser.new_context(reduced_motion="reduce", **options)
        self.watch = Watch(self.context)
        self.page = self.context.new_page()
        self.page.set_default_timeout(60_000)

    def plan(self, built: Path) -> Iterator[Plan]:
        """Yield a plan on it; then nothing of it stays."""
        self.page.goto("about:blank")
        self.page.set_viewport_size(self.size)
        self.page.emulate_media(**AS_IT_WAS)
        self.watch.errors.clear()
        self.watch.outside.clear()
        yield Plan(self.page, built)
        assert self.watch.errors == []
        assert self.watch.outside == []


@pytest.fixture(scope="module")
def laptop(browser: Any) -> Screen:
    """Return a laptop's screen."""
    # High enough for the whole plan: scrolling along has a test of its own.
    return Screen(browser, viewport={**DESKTOP, "height": 1700})


@pytest.fixture(scope="module")
def telephone(browser: Any) -> Screen:
    """Return a telephone's screen, with fingers."""
    return Screen(browser, viewport=PHONE, has_touch=True, is_mobile=True)


@pytest.fixture
def desktop(laptop: Screen, built_plan: Path) -> Iterator[Plan]:
    """Yield a plan on a laptop's screen."""
    yield from laptop.plan(built_plan)


@pytest.fixture
def phone(telephone: Screen, built_plan: Path) -> Iterator[Plan]:
    """Yield a plan on a telephone, with fingers."""
    yield from telephone.plan(built_plan)
