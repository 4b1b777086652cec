"""In Russian: a director agrees to a plan; a survey is refused with four answers, ends with six."""

from __future__ import annotations

from typing import Any

import pypdfium2
import pytest

from tests.server.helpers import Server, let_in
from ustaz import surveys
from ustaz.schools import asks
from ustaz.surveys import Answers

pytestmark = pytest.mark.browser


def test_a_director_agrees_to_a_plan_and_ends_a_survey(server: Server, chromium: Any) -> None:
    course = server.course
    asks.ask(course, "aigul-s", "plan", "Прошу согласовать мой план")
    known, codes = surveys.open_round(course, "school", "s1", 7)

    def answer(code: str, rating: int) -> None:
        place = surveys.place_of_code(course, code)
        assert place is not None
        surveys.answer(course, place, Answers((rating,) * 21, "teacher", {}))

    for number, code in enumerate(codes[:4]):
        answer(code, number + 1)
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    let_in(server, context, "bakhyt-d", "ru")
    page = context.new_page()
    page.goto(f"{server.root}ustaz/school")
    page.get_by_role("button", name="Согласовать").click()
    page.get_by_text("Согласовано").wait_for()
    assert asks.live(course, "aigul-s")[0].answer == asks.AGREED
    page.goto(f"{server.root}ustaz/surveys")
    page.locator("form:has(input[value=close]) button").click()
    page.get_by_role("alert").wait_for()
    assert surveys.report_of(course, known.id) is None
    for code in codes[4:6]:
        answer(code, 5)
    page.locator("form:has(input[value=close]) button").click()
    page.wait_for_url(f"**/surveys/{known.id}")
    report = surveys.report_of(course, known.id)
    assert report is not None
    assert report.people == 6
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    for lang, last, details in (
        ("ru", "Одно, что мы изменим", "Все утверждения"),
        ("kk", "Келесі айға дейін өзгертетін", "Барлық тұжырым"),
    ):
        page.goto(f"{server.root}ustaz/surveys/{known.id}?lang={lang}")
        document = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True, format="A4"))
        pages = [sheet.get_textpage().get_text_range() for sheet in document]
        assert last in pages[0], lang  # the page for the staff meeting is one page
        assert pages[1].lstrip().startswith(details), lang
    context.close()


def test_a_slip_is_answered_on_a_phone_in_eight_minutes(server: Server, chromium: Any) -> None:
    """A tap takes two seconds; slow readers read 500 letters a minute."""
    course = server.course
    known, codes = surveys.open_round(course, "school", "s2", 5)
    context = chromium.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
    page = context.new_page()
    page.goto(f"{server.root}ustaz/survey/{codes[0]}?lang=kk")
    letters = len(page.inner_text("main"))
    taps = 0
    for at in range(21):
        page.locator(f"label[for=s{at}-{at % 5 + 1}]").tap()
        taps += 1
    page.locator("label[for=role-teacher]").tap()
    page.locator("button[value=send]:visible").last.tap()
    taps += 2
    page.wait_for_function("!document.querySelector('[data-survey]')")
    assert surveys.given_answers(course, known) == 1
    assert taps == 23
    assert taps * 2 + letters / 500 * 60 < 8 * 60
    context.close()


def test_a_sentence_that_was_not_sent_is_there_after_a_reload(
    server: Server, chromium: Any
) -> None:
    text = "Бейсенбі күнгі алтыншы сабақтан кейін бір сағат керек"
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    let_in(server, context, "aigul-s", "kk")
    page = context.new_page()
    page.goto(f"{server.root}ustaz/asks")
    page.fill("#text", text)
    page.goto(f"{server.root}ustaz/")
    page.goto(f"{server.root}ustaz/asks")
    assert page.input_value("#text") == text
    page.check("input[name=kind][value=time]")
    page.click("form:has(#text) button")
    page.get_by_role("status").wait_for()
    assert page.input_value("#text") == ""
    page.reload()
    assert page.input_value("#text") == ""
    assert (
        page.evaluate("Object.keys(localStorage).filter(name => name.startsWith('ustaz:typed'))")
        == []
    )
    context.clear_cookies()
    let_in(server, context, "bakhyt-d", "kk")
    page.goto(f"{server.root}ustaz/")
    reply = page.locator("li", has_text=text).locator("textarea")
    reply.locator("xpath=ancestor::details").locator("summary").click()
    reply.fill("Кесте қаңтарда өзгереді")
    page.goto(f"{server.root}ustaz/school")
    page.goto(f"{server.root}ustaz/")
    assert reply.input_value() == "Кесте қаңтарда өзгереді"
    assert reply.is_visible()
    context.close()


def test_what_a_school_tells_is_there_after_a_reload_the_change_of_a_text_too(
    server: Server, chromium: Any
) -> None:
    first, second = "Бір сағат бос қалды", "Енді екі сағат бос"
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    let_in(server, context, "bakhyt-d", "kk")
    page = context.new_page()
    page.goto(f"{server.root}ustaz/school/outcomes")
    for field, text in (("#title", "Бейсенбі"), ("#part-changed", first)):
        page.fill(field, text)
    page.reload()
    assert (page.input_value("#title"), page.input_value("#part-changed")) == ("Бейсенбі", first)
    page.click("form:has(#title) button")
    page.locator("article").get_by_text(first).wait_for()
    page.locator("a[href*='write=']").click()
    page.fill("#part-changed", second)
    page.reload()
    assert (page.input_value("#title"), page.input_value("#part-changed")) == ("Бейсенбі", second)
    page.click("form:has(#title) button")
    page.locator("article").get_by_text(second).first.wait_for()
    # What has arrived is what counts, and nothing that was typed before comes back over it.
    page.locator("a[href*='write=']").click()
    assert page.input_value("#part-changed") == second
    page.fill("#part-changed", "")
    page.reload()
    assert page.input_value("#part-changed") == second
    context.close()
