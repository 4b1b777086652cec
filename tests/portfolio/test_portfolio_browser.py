"""A teacher fills, looks at what is missing, hands in, and carries the PDF away: on a phone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from tests.portfolio import year
from tests.server.helpers import NOW, TOKEN, Server
from tests.support import hostile_files as samples
from tests.support.browser import DESKTOP, PHONE, Watch, axe, follow, ready
from ustaz.portfolio.typesetting import available

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("USTAZ_SHOTS")

FOCUS = "Оқушылар сабақта өз сұрағын өзі қояды"
TALK = "Оқушыларыңыз қай сабақта сұрақ қояды?"
WORDS = (
    "Бұл – 8-сыныптағы сұрақ жәшігінің тарихы. Алдымен директор орынбасарымен әңгімемді оқыңыз. "
    * 3
)


def row(row_id: str, **cells: Any) -> dict[str, Any]:
    return {"id": row_id, **cells}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("USTAZ_NOW", NOW)
        course = year.make_course(home / "course")
        photo = year.keep(course, samples.jpeg(), "сұрақтар.jpg")
        year.put(
            course,
            "focus",
            concern_raw="Оқушылар үндемейді, сұрақ қоймайды.",
            focus_statement=FOCUS,
        )
        year.put(
            course,
            "consultations",
            talks=[row("talk01", date="2026-10-02", question=TALK, heard="Зертханада ғана.")],
        )
        year.put(
            course,
            "action-plan",
            title="Сұрақ жәшігі",
            purpose_for_pupils="Әр оқушы аптасына бір сұрақ жазады.",
            steps=[
                row("step01", action="Әріптестермен ақылдасу", due="2026-10-09"),
                row("step02", action="Жәшікті байқап көру", due="2026-11-13"),
            ],
        )
        year.put(
            course,
            "proof",
            pieces=[
                row(
                    "piece1",
                    date="2026-10-20",
                    readers=["facilitator", "staff"],
                    name="Қыркүйек айының санағы",
                    criteria=["t1", "t5"],
                    photos=[year.shown(photo, "Тақтадағы сұрақтар")],
                )
            ],
        )
        with Server(course, home) as running:
            yield running


def shot(page: Any, name: str) -> None:
    if SHOTS:
        Path(SHOTS).mkdir(exist_ok=True)
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def test_from_the_check_to_the_pdf(chromium: Any, server: Server, tmp_path: Path) -> None:
    context = chromium.new_context(viewport=PHONE, accept_downloads=True)
    watch = Watch(context)
    page = context.new_page()
    page.goto(f"{server.root}ustaz/?token={TOKEN}&lang=kk")
    page.goto(f"{server.root}ustaz/?choose=1")
    page.select_option("#person-participant", year.OWNER)
    follow(page, "section[aria-labelledby=role-participant] button")

    # What is missing is said in words and by shape, and leads there.
    page.click("a[href$='/ustaz/portfolio']")
    ready(page)
    assert FOCUS in page.inner_text("article")
    open_lines = page.locator(".uzf-open")
    before = open_lines.count()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shot(page, "portfolio-360-kk")
    assert axe(page) == []
    open_lines.first.locator("a").first.click()
    ready(page)
    assert page.url.endswith("/workbooks/portfolio")

    # Filled in, it is green.
    page.fill("#uz-portfolio-cover_statement", WORDS.strip())
    page.locator("#uz-portfolio-cover_statement").blur()
    page.locator("text=Сақталды").first.wait_for()
    page.goto(f"{server.root}ustaz/portfolio")
    ready(page)
    assert WORDS.split(".", maxsplit=1)[0] in page.inner_text("article")
    assert page.locator(".uzf-open").count() <= before

    # Handed in, the year goes along.
    page.click("a[href$='/portfolio/submit']")
    ready(page)
    page.check("input[name=all]")
    follow(page, "form button.uzs-button")
    assert "/receipt/1" in page.url
    page.click("a[href*='/portfolio?round=1']")
    ready(page)
    assert FOCUS in page.inner_text("article")

    # The same as a file.
    page.goto(f"{server.root}ustaz/portfolio")
    if available():
        with page.expect_download() as waiting:
            page.click("a[href*='/portfolio/pdf']")
        path = tmp_path / "portfolio.pdf"
        waiting.value.save_as(path)
        document = pypdfium2.PdfDocument(path.read_bytes())
        assert document.get_metadata_value("Title") == "Сұрақ жәшігі"
        assert FOCUS in document[0].get_textpage().get_text_bounded().replace("\r\n", " ")
        document.close()

    page.set_viewport_size(DESKTOP)
    shot(page, "portfolio-desktop-kk")
    page.goto(f"{server.root}ustaz/portfolio?view=summary")
    ready(page)
    shot(page, "portfolio-summary-kk")
    assert axe(page) == []
    assert watch.errors == []
    assert watch.outside == []
    context.close()
