"""JupyterLab on a hub in a real browser: a participant writes, a server dies, staff mark."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.hub.helpers import COURSE, PASSWORD, PILOT, LiveHub, make_hub
from tests.hub.lab import answers, home_of, process_of, release
from tests.support.browser import DESKTOP, Watch, browser, ready

pytestmark = [pytest.mark.browser, pytest.mark.slow]
HOST = ".uz-lab-host"
FIELD = f"{HOST} #uz-focus-focus_statement"
START = 180_000


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveHub]:
    hub = make_hub(tmp_path_factory.mktemp("lab") / "hub", lab="everybody", demo=True)
    release(hub, COURSE, PILOT)
    with LiveHub(hub) as running:
        yield running


@pytest.fixture
def context(live: LiveHub) -> Iterator[tuple[Any, Watch]]:
    with browser() as chromium:
        opened = chromium.new_context(viewport=DESKTOP, base_url=live.address)
        watch = Watch(opened)
        yield opened, watch
        assert watch.outside == []
        opened.close()


def sign_in(context: Any, account: str) -> Any:
    page = context.new_page()
    page.goto("/")
    page.fill("input[name=username]", account)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/services/ustaz/**")
    return page


def until(page: Any, what: Callable[[], bool]) -> None:
    """Wait until something is on the disk."""
    for _ in range(600):
        if what():
            return
        page.wait_for_timeout(100)
    assert what()


def test_a_participant_writes_in_jupyterlab_and_nothing_is_lost_when_it_dies(
    live: LiveHub, context: tuple[Any, Watch]
) -> None:
    opened, _ = context
    page = sign_in(opened, "aigul-s")
    page.goto(f"/hub/user-redirect/lab/tree/{COURSE}/focus/focus.ipynb?reset")
    field = page.locator(FIELD)
    field.wait_for(timeout=START)  # by way of the page that says that it is starting
    field.fill("Бірінші ой")
    until(page, lambda: answers(live, COURSE, "aigul-s").get("focus_statement") == "Бірінші ой")

    live.kill_service()
    field.fill("Екінші ой")
    until(page, lambda: answers(live, COURSE, "aigul-s").get("focus_statement") == "Екінші ой")

    pid, _ = process_of(home_of(live, "aigul-s"))
    os.kill(pid, signal.SIGKILL)
    other = opened.new_page()
    for _ in range(600):  # the hub notices when somebody looks
        other.goto("/hub/home")
        if other.goto("/user/aigul-s/lab").status == 424:
            break
    field.fill("Үшінші ой")
    page.locator(f"{HOST} #uz-why a.uz-button").wait_for(timeout=60_000)
    assert page.locator(f"{HOST} #uz-why a.uz-button").get_attribute("href") == "/user/aigul-s/"
    assert answers(live, COURSE, "aigul-s")["focus_statement"] == "Екінші ой"
    page.close()
    # The page of the service takes over what JupyterLab could not save.
    other.goto(f"/services/ustaz/{COURSE}/workbooks/focus")
    ready(other)
    until(other, lambda: answers(live, COURSE, "aigul-s").get("focus_statement") == "Үшінші ой")


def test_a_notebook_of_another_course_is_that_courses_workbook(
    live: LiveHub, context: tuple[Any, Watch]
) -> None:
    opened, _ = context
    page = sign_in(opened, "dina-f")
    page.goto(f"/hub/user-redirect/lab/tree/{PILOT}/focus/focus.ipynb?reset")
    field = page.locator(FIELD)
    field.wait_for(timeout=START)
    field.fill("In the pilot course")
    until(page, lambda: "focus_statement" in answers(live, PILOT, "dina-k"))
    assert answers(live, COURSE, "dina-f") == {}
    # Handing in from JupyterLab's own page.
    page.goto("/user/dina-f/lab?reset")
    page.get_by_role("menuitem", name="Nbgrader").click(timeout=START)
    assert page.locator(".lm-Menu-item", has_text="Formgrader").count() == 0
    page.locator(".lm-Menu-item", has_text="Assignment List").click()
    row = page.locator("#fetched_assignments_list .list_item", has_text="focus").first
    row.get_by_role("button", name="Submit").click(timeout=30_000)
    folder = live.hub.dir / "courses" / PILOT / "exchange" / "inbound" / "dina-k" / "focus"
    until(page, folder.is_dir)


def test_staff_open_formgrader_from_the_home_page(
    live: LiveHub, context: tuple[Any, Watch]
) -> None:
    opened, watch = context
    page = sign_in(opened, "saule-m")
    page.locator('a[href="/hub/user-redirect/formgrader"]').click()
    page.wait_for_url("**/user/saule-m/formgrader/**", timeout=START)
    page.wait_for_selector("#main a:has-text('focus'), td:has-text('focus')", timeout=60_000)
    assert [one for one in watch.requests if "/user/saule-m/formgrader" in one]
    page.goto("/user/saule-m/lab?reset")
    page.locator("#jp-main-dock-panel").wait_for(timeout=START)
