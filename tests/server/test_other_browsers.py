"""Stock Firefox, older browsers, translated pages: it works, or it says what to do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.server.helpers import TOKEN, Server, let_in
from tests.support.browser import PHONE, follow, ready
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
def test_a_browser_that_cannot_run_the_script_writes_by_the_form(
    server: Server, chromium: Any, lang: str
):
    context = chromium.new_context(viewport=PHONE)
    page = participant(server, context, lang)
    page.route("**/workbook.js*", lambda route: route.fulfill(
        body="syntax error", content_type="text/javascript"))  # fmt: skip
    page.goto(f"{server.root}ustaz/workbooks/focus")
    page.locator(FIELD).fill(f"{lang}: қарапайым бетпен")
    follow(page, "#uz-form button")
    assert page.locator(FIELD).input_value() == f"{lang}: қарапайым бетпен"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    follow(page, "#uz-finish a.uz-link")
    assert page.url.startswith(f"{server.root}ustaz/workbooks/focus/saved")
    assert "қарапайым бетпен" in page.inner_text("main")
    context.close()


def test_after_a_fault_in_the_script_the_form_is_back_with_what_was_typed(
    server: Server, chromium: Any
):
    context = chromium.new_context(viewport=PHONE)
    page = participant(server, context)
    page.add_init_script("delete String.prototype.normalize; delete Map.prototype.get;")
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.route("**/workbook.js*", lambda route: waiting.append(route))  # noqa: PLW0108
    waiting: list[Any] = []
    page.goto(f"{server.root}ustaz/workbooks/focus", wait_until="commit")
    page.locator(FIELD).fill("Written before the fault")
    with page.expect_event("pageerror"):
        for route in waiting:
            route.continue_()
    page.unroute("**/workbook.js*")
    assert page.locator(FIELD).input_value() == "Written before the fault"
    follow(page, "#uz-form button")
    assert page.locator(FIELD).input_value() == "Written before the fault"
    assert faults
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
