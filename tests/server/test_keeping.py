"""What a teacher keeps: the same page as a file that stands alone, and a button that prints."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.server import helpers
from tests.server.helpers import html, put, visit
from ustaz.course.identity import acting_as
from ustaz.exchange import submit
from ustaz.server.http import Response
from ustaz.server.pages import participant
from ustaz.server.site import Site

WHO = "aigul-s"
PRIVATE = "Nobody else reads <this>"


@pytest.fixture
def site(tmp_path: Path, _fixed_now: None) -> Site:
    course = helpers.make_course(tmp_path / "course")
    put(course, WHO, "focus", concern_raw=PRIVATE, **helpers.FOCUS)
    submit(course, WHO, "focus", identity=acting_as(course, WHO), confirm=True)
    return Site(course, book_dir=tmp_path / "site")


def kept(site: Site, what: str, lang: str = "kk") -> Response:
    request = visit(site, WHO, lang=lang, query={"file": "1"}, workbook="focus", round="1")
    return getattr(participant, what)(request)


@pytest.mark.parametrize("what", ["saved", "receipt"])
def test_a_page_is_kept_as_a_file_that_stands_alone(site: Site, what: str) -> None:
    reply = kept(site, what)
    text = html(reply)
    assert re.fullmatch(
        r'attachment; filename="server-trial-focus[a-z0-9-]*\.html"',
        reply.headers["Content-Disposition"],
    )
    assert reply.csp == "default-src 'none'; frame-ancestors 'none'"
    assert "default-src 'none'; style-src 'unsafe-inline'" in text
    assert "<style>" in text
    assert not re.search(r"<script|<link|<form|href=|src=|xsrf-token", text)
    assert "Әйгүл С." in text


def test_the_file_of_answers_holds_every_answer_of_their_writer_escaped(site: Site) -> None:
    text = html(kept(site, "saved"))
    assert "Nobody else reads &lt;this&gt;" in text
    assert helpers.FOCUS["focus_statement"] in text


@pytest.mark.parametrize("what", ["saved", "receipt"])
def test_the_page_itself_prints_and_keeps(site: Site, what: str) -> None:
    request = visit(site, WHO, workbook="focus", round="1")
    page = html(getattr(participant, what)(request))
    assert "data-print hidden>Print</button>" in page
    assert 'href="?file=1" download>Download</a>' in page
    assert "print.js" in page
