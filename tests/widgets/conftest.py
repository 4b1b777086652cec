"""What the browser tests of components share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.browser import DESKTOP, PHONE, Watch, browser
from tests.widgets.plan_page import Plan, build


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Yield one browser for a file of tests."""
    with browser() as opened:
        yield opened


@pytest.fixture(scope="session")
def built_plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Bundle the plan's test page once."""
    target = tmp_path_factory.mktemp("plan")
    build(target)
    return target


def _plan(chromium: Any, built: Path, **context: Any) -> Iterator[Plan]:
    opened = chromium.new_context(**context)
    watch = Watch(opened)
    page = opened.new_page()
    page.set_default_timeout(5000)
    yield Plan(page, built)
    opened.close()
    assert watch.errors == []
    assert watch.outside == []


@pytest.fixture
def desktop(chromium: Any, built_plan: Path) -> Iterator[Plan]:
    """Yield a plan on a laptop's screen."""
    yield from _plan(chromium, built_plan, viewport=DESKTOP)


@pytest.fixture
def phone(chromium: Any, built_plan: Path) -> Iterator[Plan]:
    """Yield a plan on a telephone, with fingers."""
    yield from _plan(chromium, built_plan, viewport=PHONE, has_touch=True, is_mobile=True)
