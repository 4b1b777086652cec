"""The real formgrader and the feedback file in Chromium, with the network cut."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from tests.exchange.helpers import fill, me, write
from tests.grading.support import IGNORE, gradebook, marks
from tests.support.browser import DESKTOP, PHONE, Watch, browser, ready
from tests.support.formgrader import mark, open_submission
from tests.support.live import TOKEN, Live
from ustaz.course import Course
from ustaz.exchange import collect, submit
from ustaz.grading import feedback, grade
from ustaz.grading.setup import nbgrader_api

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
        submissions = f"{server.url}formgrader/submissions/"
        open_submission(page, f"{submissions}{submission_id(graded, 'aigul-s')}/")
        page.wait_for_selector("text=Екінші мүмкіндік")
        assert "Ә.Қ." in page.inner_text("body")
        picture(page, "formgrader")
        mark(page, "review", "8", "Жақсы ойластырылған")
        open_submission(page, f"{submissions}{submission_id(graded, 'marat-t')}/")
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


FORMULA = r"The mean is $\bar{x}=\frac{1}{n}\sum_{i=1}^{n}x_i$, and $$\sqrt{a^2+b^2} \le a + b$$"


@pytest.fixture
def stock(course: Course) -> Course:
    """Aigul has handed in an ordinary assignment with formulas, and it is graded."""
    from nbgrader.tests import create_grade_cell, create_task_cell

    node = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell(FORMULA),
            create_task_cell("Explain it: $x^2$.", "markdown", "explain", 3),
            create_grade_cell("assert True", "code", "sums", 1),
            nbformat.v4.new_code_cell(
                "from IPython.display import Math, display\ndisplay(Math(r'e^{i\\pi}+1=0'))"
            ),
        ],
        metadata={"kernelspec": {"name": "python3", "display_name": "x", "language": "python"}},
    )
    (course.dir / "source" / "sums").mkdir(parents=True)
    nbformat.write(node, course.dir / "source" / "sums" / "sums.ipynb")
    api = nbgrader_api(course)
    assert api.generate_assignment("sums")["success"]
    folder = course.dir / "submitted" / "aigul-s" / "sums"
    shutil.copytree(course.dir / "release" / "sums", folder)
    (folder / "timestamp.txt").write_text("2026-11-23 09:00:00 UTC")
    assert api.autograde("sums", "aigul-s")["success"]
    return course


def test_formulas_of_an_ordinary_assignment_are_set_with_the_network_cut(
    stock: Course, chromium: Any
) -> None:
    with Live(stock.dir) as server:
        context = chromium.new_context(viewport=DESKTOP)
        watch = Watch(context)
        page = context.new_page()
        number = submission_id(stock, "aigul-s", "sums")
        page.goto(f"{server.url}formgrader/submissions/{number}/?token={TOKEN}")
        page.wait_for_function("document.querySelectorAll('.MathJax').length === 4")
        page.wait_for_function("MathJax.loaded === true")  # formgrader heard that it has ended
        assert page.locator(".MathJax_Error, .merror").count() == 0
        assert "\\frac" not in page.inner_text("#notebook")
        size = page.locator(".MathJax_Display .MathJax").first.bounding_box()
        assert size is not None
        assert size["width"] > 60
        page.wait_for_function("document.activeElement.matches('.tabbable')")
        ready(page)
        asked = [one for one in watch.requests if "athJax" in one or "mathjax" in one]
        assert asked
        assert all(one.startswith(server.url) for one in asked)
        assert any(".woff" in one for one in asked)
        picture(page, "formgrader-formulas")
        assert watch.outside == []
        assert watch.errors == []
        context.close()


def test_formulas_in_feedback_need_no_server_and_no_script(stock: Course, chromium: Any) -> None:
    with gradebook(stock) as book:
        one = book.find_grade("explain", "sums", "sums", "aigul-s")
        one.manual_score, one.needs_manual_grade = 2, False
        comment = book.find_comment("explain", "sums", "sums", "aigul-s")
        comment.manual_comment = "Nearly: $x^2 > 0$."
        book.db.commit()
    assert nbgrader_api(stock).generate_feedback("sums", "aigul-s")["success"]
    file = stock.dir / "feedback" / "aigul-s" / "sums" / "sums.html"
    for scripts in (True, False):
        context = chromium.new_context(viewport=DESKTOP, java_script_enabled=scripts)
        watch = Watch(context)
        page = context.new_page()
        page.goto(file.as_uri())
        assert page.locator("math").count() == 5
        text = page.inner_text("body")
        assert "$" not in text
        assert "\\frac" not in text
        size = page.locator("math[display=block]", has_text="√").bounding_box()
        assert size is not None
        assert size["width"] > 30
        picture(page, f"feedback-formulas-{scripts}")
        assert watch.outside == []
        assert watch.errors == []
        context.close()


def test_a_page_without_a_formula_loads_no_mathjax(graded: Course, chromium: Any) -> None:
    with Live(graded.dir) as server:
        context = chromium.new_context(viewport=DESKTOP)
        watch = Watch(context)
        page = context.new_page()
        for person in ("aigul-s", "marat-t"):  # his words look like one
            number = submission_id(graded, person)
            page.goto(f"{server.url}formgrader/submissions/{number}/?token={TOKEN}")
            page.wait_for_selector("#review")
            page.wait_for_function("document.activeElement.matches('.tabbable')")
            ready(page)
        assert not [one for one in watch.requests if "athJax" in one]
        assert watch.errors == []
        context.close()


def test_a_server_without_mathjax_shows_the_formula_as_written_and_takes_marks(
    stock: Course, chromium: Any
) -> None:
    with Live(stock.dir) as server:
        context = chromium.new_context(viewport=DESKTOP)
        watch = Watch(context)
        context.route("**/MathJax.js*", lambda route: route.fulfill(status=404, body=""))
        page = context.new_page()
        number = submission_id(stock, "aigul-s", "sums")
        page.goto(f"{server.url}formgrader/submissions/{number}/?token={TOKEN}")
        page.wait_for_function("document.activeElement.matches('.tabbable')")
        assert "\\frac" in page.inner_text("#notebook")
        assert [one for one in watch.errors if "404" not in one] == []
        context.close()
