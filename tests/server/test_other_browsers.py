"""Stock Firefox, older browsers, translated pages: it works, or it says what to do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.server.helpers import LANGUAGES, TOKEN, Server, let_in
from tests.support.browser import PHONE, axe, browser, follow, ready
from tests.support.firefox import Firefox, firefox
from tests.support.forms import kept

pytestmark = pytest.mark.browser

FIELD = "textarea[id*=focus_statement]"
#: What an older or locked browser does not have; with each of them people write.
MISSING = {
    "Intl.Segmenter": "delete Intl.Segmenter;",
    "Object.hasOwn": "delete Object.hasOwn;",
    "crypto.randomUUID": "delete Crypto.prototype.randomUUID;",
    "locks and channels": "delete Navigator.prototype.locks; delete globalThis.BroadcastChannel;",
    "requestIdleCallback": "delete globalThis.requestIdleCallback;",
    "storage": (
        "for (const name of ['localStorage', 'sessionStorage', 'indexedDB'])"
        " Object.defineProperty(globalThis, name,"
        " {get() { throw new DOMException('no', 'SecurityError'); }});"
    ),
    "storage that throws at any touch": (
        "const angry = new Proxy({}, {get() { throw new DOMException('no', 'SecurityError'); },"
        " set() { throw new DOMException('no', 'QuotaExceededError'); },"
        " ownKeys() { throw new DOMException('no', 'SecurityError'); }});"
        " for (const name of ['localStorage', 'sessionStorage'])"
        " Object.defineProperty(globalThis, name, {get: () => angry});"
    ),
}
#: As the translation of a browser does it: every text node becomes <font><font>other words.
TRANSLATE = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), all = [];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.data.trim() && !node.parentElement.closest(
      'script,style,textarea,option,[translate=no],.notranslate')) all.push(node);
  }
  for (const node of all) {
    const outer = document.createElement('font'), inner = document.createElement('font');
    inner.textContent = '~' + node.data;
    outer.append(inner);
    node.replaceWith(outer);
  }
}"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as opened:
        yield opened


def participant(server: Server, context: Any, lang: str = "en") -> Any:
    let_in(server, context, "nurgul-a", lang)
    return context.new_page()


@pytest.mark.parametrize("missing", MISSING)
def test_a_browser_that_lacks_something_is_written_in(server: Server, chromium: Any, missing: str):
    context = chromium.new_context(viewport=PHONE)
    page = participant(server, context)
    page.add_init_script(MISSING[missing])
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{server.root}ustaz/workbooks/focus")
    page.locator(FIELD).fill(f"Without {missing}: 👩‍🏫 кітап")
    page.locator(".uz-state--saved").wait_for()
    page.reload()
    ready(page)
    assert page.locator(FIELD).input_value() == f"Without {missing}: 👩‍🏫 кітап"
    page.goto(f"{server.root}ustaz/")
    ready(page)
    assert faults == []
    context.close()


@pytest.mark.parametrize("lang", kept(["kk"], ["en", "ru"]))
def test_a_browser_that_cannot_run_the_script_is_told_what_to_do_without_one(
    server: Server, chromium: Any, lang: str
):
    context = chromium.new_context(viewport=PHONE)
    page = participant(server, context, lang)
    page.route("**/workbook.js*", lambda route: route.fulfill(
        body="syntax error", content_type="text/javascript"))  # fmt: skip
    page.goto(f"{server.root}ustaz/workbooks/focus")
    late = page.locator(".uz-late")
    late.locator("section").first.wait_for(timeout=60_000)  # the style shows it by itself
    assert [one.get_attribute("lang") for one in late.locator("section").all()] == sorted(
        LANGUAGES, key=lambda one: one != lang
    )
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert axe(page) == []
    follow(page, late.locator("a").first)
    assert page.url.startswith(f"{server.root}ustaz/workbooks/focus/saved")
    assert page.locator("h1").count() == 1
    context.close()


def test_a_fault_in_the_script_is_told_at_once(server: Server, chromium: Any):
    context = chromium.new_context(viewport=PHONE)
    page = participant(server, context)
    page.add_init_script("delete String.prototype.normalize; delete Map.prototype.get;")
    page.goto(f"{server.root}ustaz/workbooks/focus")
    page.locator(".uz-late.uz-now").wait_for()
    context.close()


def test_no_old_words_stay_before_new_ones_on_a_page_that_the_browser_translated(
    server: Server, chromium: Any
):
    context = chromium.new_context(viewport=PHONE)
    page = participant(server, context)
    page.goto(f"{server.root}ustaz/workbooks/focus")
    page.locator(FIELD).fill("one")
    page.locator(".uz-state--saved").wait_for()
    page.evaluate(TRANSLATE)
    context.set_offline(True)
    page.locator(FIELD).fill("two")
    page.locator(".uz-state--kept").wait_for()
    assert page.locator(".uz-state").inner_text().count("aved") == 1
    context.set_offline(False)
    page.locator(".uz-state--saved").wait_for()
    page.locator("button", has_text="Русский").click()
    page.wait_for_function("() => document.documentElement.lang === 'ru'")
    assert "~" not in page.locator("#ustaz-app").inner_text()
    context.close()


@pytest.fixture(scope="module")
def fox() -> Iterator[Firefox]:
    with firefox() as running:
        yield running


def test_a_workbook_is_written_in_the_stock_firefox(server: Server, fox: Firefox):
    fox.goto(f"{server.root}ustaz/?token={TOKEN}&lang=kk")
    fox.goto(f"{server.root}ustaz/?choose=1")
    fox.run(
        "document.querySelector('#person-participant').value = 'yerlan-b',"
        " document.querySelector('section[aria-labelledby=role-participant] button').click()"
    )
    fox.wait("!location.search && document.readyState === 'complete'")
    fox.goto(f"{server.root}ustaz/workbooks/focus")
    fox.wait(f"document.querySelector('{FIELD}') !== null")
    fox.run(f"document.querySelector('{FIELD}').focus()")
    fox.type("Оқушылар өз ойын дәлелдейді")
    fox.wait("document.querySelector('.uz-state--saved') !== null")
    fox.goto(f"{server.root}ustaz/workbooks/focus")
    assert fox.wait(f"document.querySelector('{FIELD}')?.value") == "Оқушылар өз ойын дәлелдейді"
    assert fox.run("document.documentElement.scrollWidth <= innerWidth")
