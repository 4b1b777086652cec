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


def _plan(browser: Any, built: Path, **context: Any) -> Iterator[Plan]:
    opened = browser.new_context(reduced_motion="reduce", **context)
    watch = Watch(opened)
    page = opened.new_page()
    page.set_default_timeout(60_000)
    yield Plan(page, built)
    opened.close()
    assert watch.errors == []
    assert watch.outside == []


@pytest.fixture
def desktop(browser: Any, built_plan: Path) -> Iterator[Plan]:
    """Yield a plan on a laptop's screen."""
    # High enough for the whole plan: scrolling along has a test of its own.
    yield from _plan(browser, built_plan, viewport={**DESKTOP, "height": 1700})


@pytest.fixture
def phone(browser: Any, built_plan: Path) -> Iterator[Plan]:
    """Yield a plan on a telephone, with fingers."""
    yield from _plan(browser, built_plan, viewport=PHONE, has_touch=True, is_mobile=True)
