"""The book in the real Chromium: weight, keyboard, screen reader, without a script, offline."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.book.serve import serve
from tests.support.browser import DESKTOP, PHONE, Watch, axe

pytestmark = pytest.mark.browser

KEY = "ustaz.book.v1"


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    with serve(site) as found:
        yield found


@pytest.fixture(scope="module")
def sample_address(sample_site: Path) -> Iterator[str]:
    with serve(sample_site) as found:
        yield found


@pytest.fixture
def reader(chromium: Any) -> Iterator[Any]:
    """Yield a page on a telephone; nothing may fail and nothing may leave the site."""
    context = chromium.new_context(viewport=PHONE)
    watch = Watch(context)
    page = context.new_page()
    page.set_default_timeout(60_000)
    yield page
    context.close()
    assert watch.errors == []
    assert watch.outside == []


def all_pages(site: Path) -> list[str]:
    return [
        path.relative_to(site).as_posix()
        for path in sorted(site.rglob("*.html"))
        if path.parent != site
    ]


#: Telephone and desktop, light and dark.
LOOKS = tuple(itertools.product((PHONE, DESKTOP), ("light", "dark")))


def elements(page: Path) -> frozenset[str]:
    """Return the kinds of element of a page: tags with their attributes and classes."""
    text = re.sub(r"<script.*?</script>", "", page.read_text("utf-8"), flags=re.DOTALL)
    return frozenset(
        f"{tag} {sorted(re.findall(r' ([a-z-]+)=', rest))} {shape[1] if shape else ''}"
        for tag, rest in re.findall(r"<([a-z0-9]+)([^>]*)>", text)
        for shape in [re.search(r'class="([^"]*)"', rest)]
    )


def covering(site: Path) -> set[str]:
    """Return so few pages that every kind of element of the book stands on one of them."""
    left = {name: elements(site / name) for name in all_pages(site)}
    chosen, seen = set(), frozenset[str]()
    while any(kinds - seen for kinds in left.values()):
        name = max(left, key=lambda name: len(left[name] - seen))
        seen |= left.pop(name)
        chosen.add(name)
    return chosen


@dataclass
class Walk:
    """A first visit to every page of both editions.

    Attributes
    ----------
    sizes : dict
        Page to the bytes of each answer.
    faults : dict
        Page and look to what axe heard there.
    wide : list
        Where a page scrolls sideways.
    """

    sizes: dict[str, list[int]]
    faults: dict[tuple[str, int, str], list[str]]
    wide: list[tuple[str, int, str]]


def walked(chromium: Any, site: Path, address: str, heard: Callable[[str, int], bool]) -> Walk:
    """Load each page once, as on a first visit, and look at it in all looks.

    Parameters
    ----------
    heard : callable
        Whether axe runs on a page in a look.
    """
    context = chromium.new_context(viewport=PHONE)
    context.add_init_script("location.origin === 'null' || localStorage.clear()")
    watch = Watch(context)
    page = context.new_page()
    # With nothing kept each visit is the first one.
    context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})
    sizes: list[int] = []
    page.on("response", lambda answer: sizes.append(int(answer.headers["content-length"])))
    walk = Walk({}, {}, [])
    for name in all_pages(site):
        sizes.clear()
        page.goto(address + name, wait_until="load")
        walk.sizes[name] = list(sizes)
        for look, (size, scheme) in enumerate(LOOKS):
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=scheme)
            place = (name, size["width"], scheme)
            if heard(name, look) and (faults := axe(page)):
                walk.faults[place] = faults
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                walk.wide.append(place)
    context.close()
    assert watch.errors == []
    assert watch.outside == []
    return walk


@pytest.fixture(scope="module")
def walk(chromium: Any, site: Path, address: str) -> Walk:
    """Every page; axe where every kind of element is, on both widths and in both colours."""
    pairs = itertools.cycle(((0, 3), (1, 2)))  # of the looks
    heard = dict(zip(sorted(covering(site)), pairs, strict=False))
    return walked(chromium, site, address, lambda name, look: look in heard.get(name, ()))


@pytest.mark.timeout(900)  # a hundred first visits, and perhaps the book is built before them
def test_every_page_of_both_editions_fits(walk: Walk):
    assert walk.wide == []


def test_every_kind_of_element_is_accessible(walk: Walk):
    assert walk.faults == {}


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_every_page_of_both_editions_is_accessible_in_every_look(chromium, site, address):
    assert walked(chromium, site, address, lambda name, look: True).faults == {}


def test_a_first_load_is_light_and_asks_little(walk: Walk):
    """At most 50 kB compressed in at most 10 requests, on every page."""
    heavy = {
        name: (sum(sizes), len(sizes))
        for name, sizes in walk.sizes.items()
        if not name.endswith("search.html") and (sum(sizes) > 50_000 or len(sizes) > 10)
    }
    assert heavy == {}
    assert all(walk.sizes.values())


def test_a_question_is_answered_with_the_keyboard_alone(reader, sample_address):
    reader.goto(sample_address + "en/modules/first.html")
    quiz = reader.locator(".uz-quiz").first
    group = quiz.get_by_role("group", name="Which of these is a concern?")
    group.get_by_role("radio").first.focus()
    reader.keyboard.press("Space")
    reader.keyboard.press("Enter")
    status = quiz.get_by_role("status")
    assert "Not quite" in status.inner_text()
    assert "That is for others to decide." in status.inner_text()  # heard with the verdict
    assert quiz.get_by_text("That is for others to decide.").first.is_visible()
    reader.keyboard.press("ArrowDown")
    assert status.inner_text() == ""
    reader.keyboard.press("Enter")
    assert status.inner_text().startswith("Right.")


def test_a_question_with_several_answers_wants_all_of_them(reader, sample_address):
    reader.goto(sample_address + "en/modules/first.html")
    quiz = reader.locator(".uz-quiz").nth(1)
    check = quiz.get_by_role("button", name="Check", exact=True)
    check.click()
    assert "Choose an answer first." in quiz.get_by_role("status").inner_text()
    quiz.get_by_label("My class.").check()
    check.click()
    assert "Not all of it yet" in quiz.get_by_role("status").inner_text()
    quiz.get_by_label("My own questions.").check()
    quiz.get_by_role("button", name="Check", exact=True).click()
    assert quiz.get_by_role("status").inner_text().startswith("Right.")
    again = quiz.get_by_role("button", name="Try again")
    again.click()
    assert not quiz.get_by_label("My class.").is_checked()


def test_without_a_script_questions_are_lists_whose_feedback_opens(chromium, sample_address):
    context = chromium.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(sample_address + "en/modules/first.html")
    quiz = page.locator(".uz-quiz").first
    assert quiz.locator("input").count() == 0
    feedback = quiz.get_by_text("That is for others to decide.")
    assert not feedback.is_visible()
    quiz.get_by_text("What about this answer?").first.click()
    assert feedback.is_visible()
    assert page.get_by_role("link", name="Next").is_visible()
    context.close()


@pytest.mark.parametrize("script", [True, False])
def test_a_hint_opens_with_the_keyboard_with_and_without_a_script(chromium, sample_address, script):
    context = chromium.new_context(viewport=PHONE, java_script_enabled=script)
    page = context.new_page()
    page.goto(sample_address + "en/modules/first.html")
    text = page.get_by_text("Think of last Tuesday.")
    word = page.get_by_text("Hint 1 of 2")
    assert not text.is_visible()
    assert word.bounding_box()["height"] >= 44  # a finger finds it
    word.focus()
    page.keyboard.press("Enter")
    assert text.is_visible()
    assert not page.get_by_text("Who was there").is_visible()  # the next step stays closed
    context.close()


def test_reading_marks_and_answers_make_a_module_complete(reader, sample_address):
    reader.goto(sample_address + "en/modules/first.html")
    reader.evaluate(
        "window.heard = []; addEventListener('ustaz:book-progress', e => heard.push(e.detail))"
    )
    for button in reader.get_by_role("button", name="Mark this step as read").all()[::-1]:
        button.click()
    for quiz in reader.locator(".uz-quiz").all():
        quiz.locator("input").first.check()
        quiz.get_by_role("button", name="Check", exact=True).click()
    assert (
        "3 of 3 steps read · 3 of 3 questions answered · complete"
        in reader.locator(".uz-progress").inner_text()
    )
    heard = reader.evaluate("heard")
    assert len(heard) == 6
    assert heard[-1] == {
        "module": "m1",
        "steps": 3,
        "ofSteps": 3,
        "quizzes": 3,
        "ofQuizzes": 3,
        "complete": True,
    }
    kept = json.loads(reader.evaluate(f"localStorage.getItem('{KEY}')"))
    assert kept["modules"]["m1"]["complete"] is True
    assert kept["modules"]["m1"]["quizzes"]["one"] == {"tries": 1, "right": False}
    reader.reload()
    read = reader.get_by_role("button", name="Read: Begin")
    assert read.get_attribute("aria-pressed") == "true"
    read.click()  # taken back
    assert "2 of 3 steps read" in reader.locator(".uz-progress").inner_text()


def test_the_first_page_leads_back_and_forgets_on_request(reader, address):
    reader.goto(address + "en/modules/focus.html")
    reader.get_by_role("button", name="Mark this step as read").first.click()
    reader.goto(address + "en/index.html")
    way = reader.get_by_role(
        "link", name="Go on where you stopped: From values to concern to focus"
    )
    assert way.get_attribute("href") == "modules/focus.html"
    reader.get_by_role("button", name="Forget my marks on this device").click()
    assert reader.get_by_text("Your marks on this device are gone.").is_visible()
    assert reader.evaluate(f"localStorage.getItem('{KEY}')") is None


def test_damaged_marks_and_forbidden_storage_stop_nothing(chromium, sample_address):
    context = chromium.new_context(viewport=PHONE)
    watch = Watch(context)
    page = context.new_page()
    page.goto(sample_address + "en/modules/first.html")
    page.evaluate(f"localStorage.setItem('{KEY}', '{{broken')")
    page.reload()
    page.get_by_role("button", name="Mark this step as read").first.click()
    assert "1 of 3 steps read" in page.locator(".uz-progress").inner_text()
    context.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new Error('no') }})"
    )
    page.route("**/scripts/furo.js*", lambda route: route.abort())  # the theme's own reads it
    page.goto(sample_address + "en/modules/first.html")
    page.get_by_role("button", name="Mark this step as read").first.click()
    assert "1 of 3 steps read" in page.locator(".uz-progress").inner_text()
    assert [one for one in watch.errors if "ERR_FAILED" not in one] == []
    context.close()


def test_the_contents_open_and_close_with_the_keyboard_on_a_telephone(reader, address):
    reader.goto(address + "en/modules/focus.html")
    button = reader.get_by_role("button", name="Contents of the book")
    link = reader.get_by_role("link", name="Glossary", exact=True)
    assert not link.is_visible()
    button.focus()
    reader.keyboard.press("Enter")
    assert button.get_attribute("aria-expanded") == "true"
    link.wait_for(state="visible")
    reader.keyboard.press("Escape")
    link.wait_for(state="hidden")
    assert button.evaluate("one => one === document.activeElement")


def test_the_colours_follow_the_choice_and_stay(reader, address):
    reader.goto(address + "en/index.html")
    button = reader.get_by_role("button", name="Colours").first
    button.click()
    chosen = reader.evaluate("document.body.dataset.theme")
    assert chosen in {"light", "dark"}
    reader.reload()
    assert reader.evaluate("document.body.dataset.theme") == chosen


def test_the_search_finds_a_page_and_goes_there(reader, address):
    reader.goto(address + "en/search.html?q=strand")
    found = reader.locator("#search-results a")
    found.first.wait_for()
    reader.get_by_role("link", name="Planning and leading a project").first.click()
    reader.get_by_role("heading", name="Planning and leading a project", level=1).wait_for()


def test_from_a_usb_stick_pages_questions_and_search_work(chromium, site):
    context = chromium.new_context(viewport=PHONE)
    watch = Watch(context)
    page = context.new_page()
    page.goto((site / "en/modules/focus.html").as_uri())
    page.locator(".uz-quiz input").first.check()
    page.get_by_role("button", name="Check", exact=True).first.click()
    assert page.locator(".uz-status").first.inner_text() != ""
    assert not page.get_by_role("link", name="Open the workbook").is_visible()
    assert page.get_by_text("Open this workbook from").is_visible()
    page.goto((site / "en/search.html").as_uri() + "?q=funnel")
    page.locator("#search-results a").first.wait_for()
    assert watch.errors == []
    context.close()


def test_a_printed_page_has_no_buttons_and_shows_the_addresses(reader, address):
    reader.goto(address + "en/modules/focus.html")
    reader.emulate_media(media="print")
    assert not reader.get_by_role("button", name="Check", exact=True).first.is_visible()
    assert not reader.locator(".uz-steps-done").first.is_visible()
    assert reader.get_by_text("Key points", exact=True).is_visible()


def test_hints_are_open_on_paper_and_closed_again_afterwards(reader, sample_address):
    reader.goto(sample_address + "en/modules/first.html")
    text = reader.get_by_text("Think of last Tuesday.")
    reader.emulate_media(media="print")
    assert text.bounding_box()["height"] > 0
    reader.emulate_media(media="screen")
    for event, open_ones in (("beforeprint", 3), ("afterprint", 0)):  # browsers of some years ago
        reader.evaluate("name => window.dispatchEvent(new Event(name))", event)
        assert reader.locator("details[open]").count() == open_ones


def test_nothing_focused_lies_under_the_header_at_400_percent(
    chromium: Any, address: str, site: Path
):
    # 1280 by 1024 pixels at 400 %; without motion what has the focus is where it stays.
    context = chromium.new_context(viewport={"width": 320, "height": 256}, reduced_motion="reduce")
    page = context.new_page()
    page.goto(address + next(one for one in all_pages(site) if one.endswith("planning.html")))
    header = page.locator(".mobile-header").bounding_box()
    assert header
    page.keyboard.press("Tab")
    hidden = []
    for key in ["Tab"] * 25 + ["Shift+Tab"] * 25:
        page.keyboard.press(key)
        found = page.evaluate(
            """() => { const one = document.activeElement;
              const aside = '.mobile-header, .sidebar-drawer, .toc-drawer, .skip-to-content';
              if (one === document.body || one.closest(aside)) return null;
              const box = one.getBoundingClientRect();
              return {top: box.top, bottom: box.bottom, what: one.outerHTML.slice(0, 90)}; }"""
        )
        if found and found["bottom"] <= header["height"] and found["bottom"] > 0:
            hidden.append(found["what"])
        if found and found["top"] < header["height"] - 1 and found["bottom"] < 256:
            hidden.append(found["what"])
    assert hidden == []
    context.close()
