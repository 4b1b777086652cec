"""The real formgrader and the feedback file in Chromium, with the network cut."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from tests.exchange.helpers import fill, me, write
from tests.grading.support import IGNORE, gradebook, marks
from tests.support.browser import DESKTOP, PHONE, Watch, browser
from tests.support.live import TOKEN, Live
from ustaz.course import Course
from ustaz.exchange import collect, submit
from ustaz.grading import feedback, grade

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.filterwarnings(IGNORE)]

EVIL = '<script>window.hit=1</script><img src="http://evil.example/x" onerror="hit=2"> $a$ and $b$'
SHOTS = os.environ.get("USTAZ_SHOTS")


def picture(page: Any, name: str) -> None:
    """Keep a screenshot where somebody asked for them."""
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


@pytest.fixture
def graded(course: Course) -> Course:
    """Aigul wrote in Kazakh, Marat wrote what should harm whoever reads it."""
    fill(course, "aigul-s", title="Екінші мүмкіндік", signs=["Оқушылар өздері сұрайды"])
    write(course, "marat-t", "mini", {"title": EVIL, "signs": [EVIL, "x" * 40, "\u202eabc"]})
    for person in ("aigul-s", "marat-t"):
        submit(course, person, "mini", identity=me(person))
    collect(course)
    grade(course)
    return course


@pytest.fixture
def chromium() -> Iterator[Any]:
    with browser() as opened:
        yield opened


def submission_id(course: Course, person: str, workbook: str = "mini") -> str:
    with gradebook(course) as book:
        return str(book.find_submission_notebook(workbook, workbook, person).id)


def test_formgrader_shows_answers_takes_marks_and_asks_no_other_site(
    graded: Course, chromium: Any
) -> None:
    with Live(graded.dir) as server:
        context = chromium.new_context(viewport=DESKTOP)
        watch = Watch(context)
        page = context.new_page()
        page.goto(f"{server.url}formgrader/manage_assignments?token={TOKEN}")
        page.wait_for_selector("#main a:has-text('mini'), td:has-text('mini')")
        page.goto(f"{server.url}formgrader/submissions/{submission_id(graded, 'aigul-s')}/")
        page.wait_for_selector("text=Екінші мүмкіндік")
        assert "Ә.Қ." in page.inner_text("body")
        page.wait_for_selector("#review")
        picture(page, "formgrader")
        page.fill("#review", "8")
        page.fill("#review-comment", "Жақсы ойластырылған")
        page.press("#review-comment", "Tab")
        page.wait_for_function("() => document.querySelectorAll('.comment-saved').length > 0")
        page.wait_for_load_state("networkidle")
        page.goto(f"{server.url}formgrader/submissions/{submission_id(graded, 'marat-t')}/")
        page.wait_for_selector("text=<script>window.hit=1</script>")
        assert page.evaluate("window.hit") is None
        assert page.locator("img[src*='evil']").count() == 0
        picture(page, "formgrader-hostile")
        assert watch.outside == []
        assert watch.errors == []
        context.close()
    assert marks(graded, "aigul-s")["review"] == (None, 8.0, False)
    assert marks(graded, "aigul-s")["comment"] == {"review": "Жақсы ойластырылған"}


def test_feedback_is_one_file_that_asks_for_nothing(graded: Course, chromium: Any) -> None:
    with gradebook(graded) as book:
        for person in ("aigul-s", "marat-t"):
            one = book.find_grade("review", "mini", "mini", person)
            one.manual_score, one.needs_manual_grade = 7, False
            comment = book.find_comment("review", "mini", "mini", person)
            comment.manual_comment = f"Read with pleasure. {EVIL}"
        book.db.commit()
    report = feedback(graded)
    assert len(report.returned) == 2
    for person, size in (("aigul-s", PHONE), ("marat-t", DESKTOP)):
        file = graded.people_dir / person / "mini" / "returned" / "0001" / "mini.html"
        context = chromium.new_context(viewport=size)
        watch = Watch(context)
        page = context.new_page()
        page.goto(file.as_uri())
        text = page.inner_text("body")
        assert "Read with pleasure. <script>" in text
        assert page.evaluate("window.hit") is None
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        for points in ("7.0", "/ 10", "Score"):
            assert points not in text
        assert watch.outside == []
        assert watch.errors == []
        picture(page, f"feedback-{person}")
        context.close()


def test_a_page_without_a_formula_loads_no_mathjax_and_one_with_loads_the_local_one(
    graded: Course, chromium: Any
) -> None:
    from ustaz.grading.preprocessors import autograded_path

    path = autograded_path(graded, "aigul-s", "mini") / "mini.ipynb"
    with Live(graded.dir) as server:
        context = chromium.new_context(viewport=DESKTOP)
        watch = Watch(context)
        page = context.new_page()
        address = f"{server.url}formgrader/submissions/{submission_id(graded, 'aigul-s')}/"
        page.goto(f"{address}?token={TOKEN}")
        page.wait_for_selector("#review")
        assert not [one for one in watch.requests if "athJax" in one]
        node = nbformat.read(path, as_version=4)
        node.cells.append(nbformat.v4.new_markdown_cell("A formula of the staff: $x^2$"))
        path.chmod(0o644)
        nbformat.write(node, path)
        page.goto(address)
        page.wait_for_load_state("networkidle")
        asked = [one for one in watch.requests if "athJax" in one]
        assert asked
        assert all(one.startswith(server.url) for one in asked)
        assert watch.outside == []
        context.close()
