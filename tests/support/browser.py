"""The real Chromium, with every request that leaves the site noted and refused."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
#: Where a browser test keeps pictures of the pages that it looked at; empty: nowhere.
SHOTS = os.environ.get("USTAZ_SHOTS", "")
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}
ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
LOCAL = {"127.0.0.1", "localhost", ""}


def chromium() -> str | None:
    """Return the browser to test with, if there is one."""
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        return shutil.which(chosen)
    return next((found for name in NAMES if (found := shutil.which(name))), None)


@contextmanager
def browser() -> Iterator[Any]:
    """Yield a Playwright browser on the system's Chromium; skip where there is none."""
    path = chromium()
    if path is None:
        if os.environ.get("USTAZ_REQUIRE_BROWSER"):
            pytest.fail("Chromium is required here and was not found")
        pytest.skip("no Chromium found (set CHROMIUM)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield opened
        finally:
            opened.close()


class Kept:
    """Contexts of a browser that one test uses after the other.

    A process that has drawn a page draws the next one of the same site for half the work: it has
    compiled the script, and the browser need not start a process. So a context that is given back
    stays, and a page that nobody sees keeps its process. Nothing else of a test stays: its pages
    are closed, its cookies, routes and permissions are taken away, and so is what its origins
    stored.

    What cannot be taken away (a script for every page, a clock of one's own) needs a context of its
    own: `new_context`.

    Parameters
    ----------
    browser : object
        Playwright's.
    """

    #: An address of the site that all servers of the tests are; nothing is asked there.
    ASIDE = "http://127.0.0.1/aside"

    def __init__(self, browser: Any) -> None:
        self.browser = browser
        self._free: dict[str, list[tuple[Any, Any]]] = {}

    @contextmanager
    def context(self, **options: Any) -> Iterator[Any]:
        """Yield a context as `new_context` would make it with the same options."""
        free = self._free.setdefault(repr(sorted(options.items())), [])
        context, aside = free.pop() if free else self._made(options)
        yield context
        self._clear(context, aside)
        if permissions := options.get("permissions"):
            context.grant_permissions(permissions)
        free.append((context, aside))

    def _made(self, options: dict[str, Any]) -> tuple[Any, Any]:
        context = self.browser.new_context(**options)
        aside = context.new_page()
        aside.route("**/*", lambda route: route.fulfill(body="", content_type="text/html"))
        aside.goto(self.ASIDE)
        return context, aside

    @staticmethod
    def _clear(context: Any, aside: Any) -> None:
        origins = set()
        for page in context.pages:
            if page is not aside:
                origins.add("{0.scheme}://{0.netloc}".format(urlsplit(page.url)))
                page.close()
        context.set_offline(False)
        context.unroute_all()
        context.clear_cookies()
        context.clear_permissions()
        session = context.new_cdp_session(aside)
        for origin in origins:
            if origin.startswith("http"):
                session.send(
                    "Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"}
                )
        session.detach()


class Watch:
    """Everything on a page that a person should never meet.

    Attributes
    ----------
    outside : list of str
        Requests to other hosts (refused).
    errors : list of str
        Uncaught errors and error messages of the console.
    """

    def __init__(self, context: Any) -> None:
        self.outside: list[str] = []
        self.errors: list[str] = []
        self.requests: list[str] = []
        self._context = context
        context.route("**/*", self._route)
        context.on("page", self._page)

    def stop(self) -> None:
        """Watch no page that is opened from now on, for a context that others use afterwards."""
        self._context.remove_listener("page", self._page)
        self._context.unroute("**/*", self._route)

    def _route(self, route: Any) -> None:
        url = route.request.url
        self.requests.append(url)
        if urlsplit(url).scheme in {"http", "https"} and urlsplit(url).hostname not in LOCAL:
            self.outside.append(url)
            route.abort()
        else:
            route.fallback()

    def _page(self, page: Any) -> None:
        page.on("pageerror", lambda error: self.errors.append(f"{page.url}: {error}"))
        page.on("dialog", lambda dialog: (self.errors.append(dialog.message), dialog.dismiss()))
        page.on(
            "console",
            lambda line: (
                self.errors.append(f"{page.url}: {line.text}") if line.type == "error" else None
            ),
        )


def fits_and_is_accessible(page: Any, lang: str) -> None:
    """Assert that a page is in a language, as wide as its screen, and without axe's findings."""
    assert page.evaluate("document.documentElement.lang") == lang, page.url
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
    assert axe(page) == [], page.url


def follow(page: Any, target: Any) -> None:
    """Click what leads to another page, and wait for that page.

    A click by itself returns while the old page is still there to be read and typed into.
    """
    with page.expect_navigation():
        (page.locator(target) if isinstance(target, str) else target).click()


READY = """() => {
  const app = document.querySelector("#ustaz-app");
  return document.readyState === "complete" && document.fonts.status === "loaded"
    && (!app || app.querySelector("section, [role=alert]") !== null)
    // Drawn by the server already: until the script has taken it over, which drops the form.
    && !(document.querySelector("#ustaz-data") && document.querySelector("#uz-form"));
}"""


def ready(page: Any) -> None:
    """Wait until a page shows what it will show: loaded, fonts there, a workbook drawn.

    Not for a silent network: a request that a navigation cut off may never be reported as ended.
    """
    page.wait_for_function(READY)


def axe(page: Any) -> list[str]:
    """Return what axe-core finds wrong on a page that is ready, one line each."""
    ready(page)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "() => axe.run(document, {resultTypes: ['violations']}).then(r => r.violations"
        ".map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).slice(0, 3).join(' | ')))"
    )
    return list(found)


def looks_right(page: Any, watch: Watch, name: str) -> None:
    """A page as wide as its screen, that axe has nothing against; kept as a picture if wanted."""
    ready(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
    assert axe(page) == [], page.url
    assert watch.outside == []
    assert watch.errors == []
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
