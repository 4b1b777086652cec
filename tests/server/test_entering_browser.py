"""In a real Chromium: a facilitator types in from paper while the teacher writes on a phone."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.server import helpers
from tests.server.helpers import Server, let_in
from tests.support.browser import DESKTOP, PHONE, Watch, axe, ready
from tests.support.forms import kept
from ustaz.answers import Subject
from ustaz.transcription import marks

pytestmark = pytest.mark.browser

SHOTS = os.environ.get("USTAZ_SHOTS")
FOCUS = "#uz-focus-focus_statement"
CONCERN = "#uz-focus-concern_raw"
NOTE = "#uz-focus-evidence_it_matters"
PRIVATE = "#uz-focus-why_me"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("entering-browser")
    with Server(helpers.make_course(home / "course"), home) as server:
        yield server


@pytest.fixture
def server(running: Server) -> Server:
    """The server, with a course as it was: what one test types in, another must not find."""
    course = running.course
    for folder in (course.people_dir, course.dir / marks.FOLDER):
        shutil.rmtree(folder, ignore_errors=True)
    helpers.put(course, "olga-p", "focus", why_me="Only mine", concern_raw="They stay silent")
    return running


def signed_in(server: Server, context: Any, person: str, lang: str = "en") -> Any:
    """Return the home page of a visitor who acts as `person`."""
    let_in(server, context, person, lang)
    page = context.new_page()
    page.goto(f"{server.root}ustaz/")
    return page


def shot(page: Any, name: str) -> None:
    """Keep a picture where somebody asked for pictures."""
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def saved(page: Any) -> None:
    """Wait until the page says that everything is saved."""
    page.locator(".uz-state--saved").wait_for()


def write(page: Any, field: str, words: str) -> None:
    """Write into a field and wait until it is acknowledged."""
    page.fill(field, words)
    with page.expect_response(lambda one: one.request.method == "PATCH") as answer:
        page.locator(field).blur()
    assert answer.value.status == 200
    saved(page)


def sound(page: Any, watch: Watch) -> None:
    """Assert that a page fits, is accessible and asked nobody else."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert axe(page) == []
    assert watch.outside == []
    assert watch.errors == []


@pytest.mark.parametrize("lang", kept(["kk"], ["en", "ru"]))
def test_from_paper_to_the_teachers_word(server: Server, chromium: Any, lang: str):
    desk = chromium.new_context(viewport=DESKTOP)
    phone = chromium.new_context(viewport=PHONE, color_scheme="dark")
    watch, own_watch = Watch(desk), Watch(phone)
    dina = signed_in(server, desk, "dina-f", lang)
    dina.goto(f"{server.root}ustaz/people/olga-p/focus")
    shot(dina, f"{lang}-1-reading")
    link = dina.locator("a[href$='/people/olga-p/focus/enter']")
    # axe cannot tell a text in the very colour of its ground
    assert link.evaluate("e => getComputedStyle(e).color != getComputedStyle(e).backgroundColor")
    link.click()
    assert "Olga P." in dina.inner_text(".uz-typing h2")
    write(dina, FOCUS, "Говорим в парах, потом отвечаем")
    write(dina, NOTE, "Двадцать девять из тридцати одного вопроса")
    dina.locator("#uz-focus-values").get_by_role("button").last.click()
    dina.locator("#uz-focus-values input").first.fill("Справедливость")
    saved(dina)
    assert dina.locator(".uz-entered-chip").count() == 3
    assert dina.locator("button", has_text="Submit").count() == 0
    assert dina.locator(f"textarea{PRIVATE}").count() == 0
    shot(dina, f"{lang}-2-typing")
    sound(dina, watch)
    dina.set_viewport_size(PHONE)
    shot(dina, f"{lang}-3-typing-phone")
    sound(dina, watch)
    dina.set_viewport_size(DESKTOP)

    olga = signed_in(server, phone, "olga-p", lang)
    shot(olga, f"{lang}-4-home")
    sound(olga, own_watch)
    olga.click(".uzs-next a")
    panel = olga.locator("#uz-entered")
    panel.wait_for()
    assert "Dina F." in panel.inner_text()
    assert olga.locator("#uz-to-read").count() == 0, "the script's panel stands in its place"
    assert panel.locator("li").count() == 3
    shot(olga, f"{lang}-5-own-page")
    sound(olga, own_watch)
    panel.locator("a").last.click()
    assert olga.evaluate("document.activeElement.closest('.uz-main') !== null")
    write(olga, NOTE, "Двадцать девять вопросов из тридцати одного, от пятерых")
    assert panel.locator("li").count() == 2
    with olga.expect_response("**/entered**") as answer:
        panel.locator("button").click()
    assert answer.value.json()["confirmed"] == 2
    panel.wait_for(state="detached")
    assert olga.evaluate("document.activeElement.tagName") == "H1"
    olga.evaluate("scrollTo(0, 0)")
    shot(olga, f"{lang}-6-confirmed")
    sound(olga, own_watch)
    olga.reload()
    olga.locator(FOCUS).wait_for()
    assert olga.locator("#uz-entered, .uz-entered").count() == 0

    # An open page of the one who was signed in before would rightly be refused what it asks next.
    dina.close()
    for who in ("dina-f", "saule-m"):
        reader = signed_in(server, desk, who, lang)
        reader.goto(f"{server.root}ustaz/people/olga-p/focus")
        marks = reader.locator(".uz-entered")
        marks.first.wait_for()
        assert marks.count() == 2
        assert "Dina F." in marks.first.inner_text()
        shot(reader, f"{lang}-7-reading-{who}")
        sound(reader, watch)
        reader.close()
    desk.close()
    phone.close()


def test_two_people_write_at_the_same_time_and_nothing_is_lost(server: Server, chromium: Any):
    desk = chromium.new_context(viewport=DESKTOP)
    phone = chromium.new_context(viewport=PHONE)
    watch, own_watch = Watch(desk), Watch(phone)
    dina, olga = signed_in(server, desk, "dina-f"), signed_in(server, phone, "olga-p")
    dina.goto(f"{server.root}ustaz/people/olga-p/focus/enter")
    ready(dina)
    olga.goto(f"{server.root}ustaz/workbooks/focus")

    # Different questions: both stand, on both pages.
    write(dina, FOCUS, "From the paper")
    write(olga, NOTE, "From the phone")
    assert olga.input_value(FOCUS) == "From the paper"
    assert olga.locator("#uz-entered li").count() == 1
    write(dina, FOCUS, "From the paper, again")
    assert dina.input_value(NOTE) == "From the phone"

    # The same question: the later one is asked, and sees whose words the other ones are.
    write(olga, CONCERN, "Olga's words")
    dina.fill(CONCERN, "What the paper says")
    dina.locator(CONCERN).blur()
    dina.locator("#uz-choose").wait_for()
    shot(dina, "conflict-facilitator")
    assert "Typed by Olga P. at" in dina.inner_text("#uz-choose")
    assert "Olga P. has the last word" in dina.inner_text("#uz-choose")
    assert dina.input_value(CONCERN) == "What the paper says"
    sound(dina, watch)
    dina.click("#uz-choose >> text=Take this one")
    assert dina.input_value(CONCERN) == "Olga's words"

    # And the other way round.
    write(dina, FOCUS, "From the second sheet")
    olga.fill(FOCUS, "Olga's own focus")
    olga.locator(FOCUS).blur()
    olga.locator("#uz-choose").wait_for()
    shot(olga, "conflict-teacher")
    assert "Typed by Dina F. at" in olga.inner_text("#uz-choose")
    sound(olga, own_watch)
    olga.click("#uz-choose >> text=Keep mine")
    saved(olga)
    document = server.course.store.read(Subject.person("olga-p"), "focus")
    assert document.answers["focus_statement"] == "Olga's own focus"
    assert document.answers["concern_raw"] == "Olga's words"
    assert document.answers["evidence_it_matters"] == "From the phone"
    assert document.answers["why_me"] == "Only mine"
    assert olga.locator("#uz-entered").count() == 0
    desk.close()
    phone.close()


def test_what_is_typed_while_the_teacher_reads_is_not_confirmed(server: Server, chromium: Any):
    desk, phone = chromium.new_context(viewport=DESKTOP), chromium.new_context(viewport=PHONE)
    dina, olga = signed_in(server, desk, "dina-f"), signed_in(server, phone, "olga-p")
    dina.goto(f"{server.root}ustaz/people/olga-p/focus/enter")
    ready(dina)
    write(dina, FOCUS, "First reading of a hand")
    olga.goto(f"{server.root}ustaz/workbooks/focus")
    ready(olga)
    olga.locator("#uz-entered").wait_for()
    write(dina, FOCUS, "Second reading of a hand")
    with olga.expect_response("**/entered**") as answer:
        olga.click("#uz-entered button")
    assert answer.value.status == 409
    olga.locator("#uz-entered .uz-notice").wait_for()
    assert "Nothing was confirmed" in olga.inner_text("#uz-entered")
    assert olga.input_value(FOCUS) == "Second reading of a hand"
    with olga.expect_response("**/entered**") as answer:
        olga.click("#uz-entered button")
    assert answer.value.status == 200
    desk.close()
    phone.close()


def test_one_browser_two_people_and_no_word_under_the_wrong_name(server: Server, chromium: Any):
    """A computer of the staff room: the facilitator's page is open, and the teacher signs in."""
    context = chromium.new_context(viewport=DESKTOP)
    dina = signed_in(server, context, "dina-f")
    dina.goto(f"{server.root}ustaz/people/olga-p/focus/enter")
    ready(dina)
    olga = signed_in(server, context, "olga-p")
    dina.fill(FOCUS, "Typed under nobody's name")
    dina.locator(FOCUS).blur()
    dina.locator(".uz-state--kept").wait_for()
    assert "Somebody else has signed in" in dina.inner_text("#uz-why")
    dina.close()
    olga.goto(f"{server.root}ustaz/workbooks/focus")
    ready(olga)
    olga.locator(FOCUS).wait_for()
    assert olga.input_value(FOCUS) == ""
    again = signed_in(server, context, "dina-f")
    again.goto(f"{server.root}ustaz/people/olga-p/focus/enter")
    ready(again)
    saved(again)
    assert again.input_value(FOCUS) == "Typed under nobody's name"
    context.close()


@pytest.mark.parametrize("lang", kept(["ru"], ["en", "kk"]))
def test_the_plan_shows_its_marks_in_cells_and_in_the_contacts(
    server: Server, chromium: Any, lang: str
):
    contact = {"op": "add_row", "path": ["people", "row001"], "after": None}
    contact["value"] = {"alias": "Ә. Қ."}
    step = {"op": "add_row", "path": ["steps", "row001"], "after": None}
    step["value"] = {"action": "Жұппен сөйлесу", "who": ["row001"]}
    for workbook, change in (("people-map", contact), ("action-plan", step)):
        type_in(server, workbook, change)
    desk = chromium.new_context(viewport=DESKTOP)
    phone = chromium.new_context(viewport=PHONE)
    watch, own_watch = Watch(desk), Watch(phone)
    dina = signed_in(server, desk, "dina-f", lang)
    dina.goto(f"{server.root}ustaz/people/olga-p/action-plan/enter")
    ready(dina)
    dina.locator(".uz-typing").wait_for()
    dina.locator(".uz-entered-chip").nth(1).wait_for(state="attached")
    shot(dina, f"{lang}-plan-1-typing")
    sound(dina, watch)
    olga = signed_in(server, phone, "olga-p", lang)
    olga.goto(f"{server.root}ustaz/workbooks/action-plan")
    ready(olga)
    olga.locator("#uz-entered").wait_for()
    assert olga.locator("#uz-entered li").count() == 2
    # The cells of the plan are drawn by a part that comes later.
    olga.locator(".uz-entered").nth(2).wait_for(state="attached")
    shot(olga, f"{lang}-plan-2-own")
    sound(olga, own_watch)
    with olga.expect_response("**/people-map/entered**"):
        olga.click("#uz-entered button")
    olga.locator("#uz-entered").wait_for(state="detached")
    dina.goto(f"{server.root}ustaz/people/olga-p/action-plan")
    dina.locator(".uz-entered").first.wait_for()
    shot(dina, f"{lang}-plan-3-reading")
    sound(dina, watch)
    desk.close()
    phone.close()


def type_in(server: Server, workbook: str, change: dict[str, Any]) -> None:
    """Type in for Olga as Dina does, without a browser."""
    body = {"batch": "1", "client": "c", "base_revision": 0, "changes": [change]}
    dina = server.browser("dina-f")
    reply = dina.request(
        "PATCH",
        f"ustaz/api/v1/workbooks/{workbook}/answers",
        params={"person": "olga-p", "by": "dina-f"},
        json=body,
    )
    assert reply.status_code == 200, reply.text
