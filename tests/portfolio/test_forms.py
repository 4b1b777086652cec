"""Every form of a portfolio: what it holds, for whom, and what hostile words do to it."""

from __future__ import annotations

import io
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from tests.portfolio import year
from tests.server import helpers
from ustaz.course import Course
from ustaz.course.identity import acting_as
from ustaz.exchange import read_round, submit
from ustaz.files import FileStore
from ustaz.portfolio import contents_check, portfolio
from ustaz.portfolio.document import docx
from ustaz.portfolio.html import blocks_html
from ustaz.portfolio.layout import blocks, one_page
from ustaz.portfolio.model import Portfolio
from ustaz.portfolio.pictures import Pictures
from ustaz.portfolio.typesetting import DRAWN, available, pdf
from ustaz.server.http import HTTPProblem
from ustaz.server.pages import portfolios
from ustaz.server.site import Site
from ustaz.server.views.pseudonyms import pseudonym

pytest.importorskip("docx", reason="the extra pdf is not installed")
OWNER = year.OWNER
READERS = ("self", "facilitator", "staff", "reviewer", "group", "public")
HOSTILE = (
    '<script>alert(1)</script> #import "@preview/x:1.0" $x^2$ *b* _i_ `r` @ref <l> \\u{41}'
    ' #read("/etc/passwd")'
    " \u202eabc\u202c \U0001f600 \u4e2d & ]]> \x01\x1b"
)
CANARY = re.compile(r"cnry-[\w-]+?-yrnc")
needs_typst = pytest.mark.skipif(not available(), reason="the extra pdf is not installed")


def model_of(course: Course, audience: str = "self", lang: str = "kk", **more: Any) -> Portfolio:
    return portfolio(course, OWNER, audience, lang=lang, owner="Әйгүл С.", **more)


def pictures(course: Course, model: Portfolio) -> Pictures:
    return Pictures(FileStore(course.people_dir), OWNER, model.files)


def pdf_text(data: bytes) -> str:
    document = pypdfium2.PdfDocument(data)
    try:
        pages = [
            document[number].get_textpage().get_text_bounded() for number in range(len(document))
        ]
    finally:
        document.close()
    # A canary that is broken over two lines is one canary.
    return re.sub(r"[\s\u00ad\ufffe]+", "", "".join(pages)).replace("-\n", "-")


def docx_text(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return "".join(package.read(name).decode() for name in package.namelist() if "xml" in name)


@pytest.mark.parametrize("audience", READERS)
def test_no_form_holds_what_its_reader_may_not_read(course: Course, audience: str) -> None:
    seen_as = "staff" if audience in {"self", "reviewer"} else audience
    forbidden = [
        closed
        for workbook in (*course.assignments, *course.companions)
        for closed in year.closed_canaries(course.library[workbook], seen_as)
    ]
    assert len(forbidden) > 20
    submit(course, OWNER, "portfolio", identity=acting_as(course, OWNER))
    for submission in (None, read_round(course, OWNER, "portfolio", 1)):
        model = model_of(course, audience, submission=submission)
        forms = {"html": blocks_html(blocks(model), "kk")}
        forms["summary"] = blocks_html(one_page(model), "kk")
        # What is not in the model is in no form: Word and PDF draw the same blocks.
        if submission is None and audience in {"self", "public"}:
            there = pictures(course, model)
            forms["docx"] = docx_text(docx(model, blocks(model), there))
            if available():
                forms["pdf"] = pdf_text(pdf(model, blocks(model), there))
        for form, text in forms.items():
            assert [closed for closed in forbidden if closed in text] == [], form


def test_every_answer_that_staff_may_read_stands_in_every_form(course: Course) -> None:
    model = model_of(course)
    shown = {
        canary
        for part in model.parts
        for answer in part.answers
        for canary in re.findall(r"cnry-[\w-]+?-yrnc", repr(answer))
    }
    assert len(shown) > 60
    page = blocks_html(blocks(model), "kk")
    word = docx_text(docx(model, blocks(model), pictures(course, model)))
    assert [canary for canary in shown if canary not in page] == []
    assert [canary for canary in shown if canary not in word] == []


@needs_typst
def test_the_pdf_is_tagged_named_and_in_its_language(course: Course, tmp_path: Path) -> None:
    year.put(course, "action-plan", title="Сұрақ қоятын сынып: Әә Ғғ Ққ Ңң Өө Ұұ Үү Һһ Іі")
    model = model_of(course)
    data = pdf(model, blocks(model), pictures(course, model))
    for sign in (b"/MarkInfo", b"/StructTreeRoot", b"/Lang", b"pdfuaid", b"/DisplayDocTitle"):
        assert sign in data or sign in _unpacked(data), sign
    assert "ӘәҒғҚқҢңӨөҰұҮүҺһІі" in pdf_text(data)
    document = pypdfium2.PdfDocument(data)
    assert document.get_metadata_value("Title") == model.title
    document.close()


def _unpacked(data: bytes) -> bytes:
    import zlib

    parts = []
    for match in re.finditer(rb"stream\r?\n(.*?)endstream", data, re.DOTALL):
        try:
            parts.append(zlib.decompress(match[1]))
        except zlib.error:
            continue
    return b"".join(parts)


@needs_typst
def test_every_sign_that_is_said_to_be_drawn_is_drawn(course: Course) -> None:
    every = "".join(chr(sign) for first, last in DRAWN for sign in range(first, last + 1))
    year.put(course, "portfolio", cover_statement=every[:15_000])
    model = model_of(course)
    assert pdf(model, blocks(model), pictures(course, model)).startswith(b"%PDF")


def test_hostile_words_are_words_in_every_form(course: Course) -> None:
    hostile = "".join(sign for sign in HOSTILE if sign != "\0")
    for field, value in (("title", hostile[:100]), ("purpose_for_pupils", hostile)):
        year.put(course, "action-plan", **{field: value})
    year.put(course, "portfolio", cover_statement=hostile)
    model = model_of(course, "staff")
    page = blocks_html(blocks(model), "kk")
    assert "<script" not in page
    tags = _Tags()
    tags.feed(page)
    assert tags.seen <= {
        *("div", "h1", "h2", "h3", "p", "span", "bdi", "table", "caption", "thead", "tbody", "tr"),
        *("th", "td", "dl", "dt", "dd", "ol", "ul", "li", "a", "br", "strong"),
        # The story line, drawn by us.
        *("figure", "details", "summary", "time", "svg", "g", "path", "rect", "circle", "text"),
        "title",
    }
    word = docx(model, blocks(model), pictures(course, model))
    assert "&lt;script&gt;" in docx_text(word)
    if available():
        text = pdf_text(pdf(model, blocks(model), pictures(course, model)))
        assert '#read("/etc/passwd")' in text
        assert "root:" not in text


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        assert not [name for name, _ in attrs if name.startswith("on") or name == "style"]


@needs_typst
def test_the_summary_is_one_page_however_much_was_written(course: Course) -> None:
    long = "Ұзақ сөйлем жазылған. " * 18
    year.put(course, "focus", focus_statement=long)
    year.put(course, "project-review", impact_pupils=long * 2, what_did_not_work=long * 2)
    year.put(course, "vignette", would_tell=long * 2)
    year.put(course, "action-plan", purpose_for_pupils=long)
    model = model_of(course)
    document = pypdfium2.PdfDocument(pdf(model, one_page(model), pictures(course, model)))
    assert len(document) == 1
    document.close()


def test_pictures_in_word_have_texts(course: Course) -> None:
    model = model_of(course)
    word = docx_text(docx(model, blocks(model), pictures(course, model)))
    texts = re.findall(r'<wp:docPr [^>]*descr="([^"]*)"', word)
    assert texts
    assert all(texts)


def test_pictures_that_have_no_room_are_small_or_left_out(course: Course) -> None:
    model = model_of(course)
    store = FileStore(course.people_dir)
    assert len(Pictures(store, OWNER, model.files)) == 1
    assert len(Pictures(store, OWNER, model.files, most=10)) == 0


def test_the_check_says_what_is_missing_and_where_to_go(course: Course) -> None:
    model = model_of(course, lang="en")
    checks = contents_check(course, OWNER, model)
    amber = [check for check in checks if not check.good]
    assert amber
    assert all(check.workbooks for check in amber)
    bare = portfolio(course, "marat-t", "self", lang="en", owner="Marat T.")
    nothing = [c.text for c in contents_check(course, "marat-t", bare) if not c.good]
    assert sum("nothing speaks for it yet" in text for text in nothing) == 8


# -- pages ------------------------------------------------------------------------------------
@pytest.fixture
def site(course: Course) -> Any:
    made = Site(course)
    yield made
    made.pool.shutdown()


def ask(site: Site, visitor: str, person: str | None = None, **query: str) -> str:
    params = {} if person is None else {"person": person}
    request = helpers.visit(site, visitor, query=query, **params)
    try:
        action = portfolios.own if person is None else portfolios.of_person
        return action(request).body.decode()
    except HTTPProblem as problem:
        return problem.id


def test_who_may_read_a_portfolio(site: Site, course: Course) -> None:
    submit(course, OWNER, "portfolio", identity=acting_as(course, OWNER))
    mark = year.canary("focus", "concern_raw")
    assert mark in ask(site, OWNER)
    assert mark in ask(site, "dina-f", OWNER)
    assert mark in ask(site, "saule-m", OWNER)
    alias = pseudonym(course, "irina-m", OWNER)
    read = ask(site, "irina-m", alias)
    assert mark in read
    assert OWNER not in read
    assert "Әйгүл" not in read
    for visitor in ("marat-t", "bakhyt-d"):
        assert ask(site, visitor, OWNER) == "not_yours"
    assert ask(site, "irina-m", OWNER) == "not_yours"


def test_a_reviewer_reads_what_was_handed_in_and_no_draft(site: Site, course: Course) -> None:
    alias = pseudonym(course, "irina-m", OWNER)
    assert ask(site, "irina-m", alias) == "no_round"
    submit(course, OWNER, "portfolio", identity=acting_as(course, OWNER))
    year.put(course, "focus", concern_raw="Only a draft")
    assert "Only a draft" not in ask(site, "irina-m", alias)
    assert "Only a draft" in ask(site, OWNER)
    assert "Only a draft" not in ask(site, OWNER, round="1")


# -- along the year, and in one's own eyes ---------------------------------------------------------
def levels_and_story(course: Course) -> None:
    year.put(
        course,
        "portfolio",
        self_assessment={
            "t2": {"level": 2, "reason": "canary-reason-t2"},
            "t5": {"level": 0, "reason": "canary-reason-t5"},
        },
    )


def test_the_story_line_is_the_same_picture_in_every_form_with_its_words_beside(
    course: Course,
) -> None:
    model = model_of(course, lang="en")
    steps = [event for event in model.story.events if event.kind == "step"]
    assert steps
    assert {"concern", "consultation"} <= {event.kind for event in model.story.events}
    page = blocks_html(blocks(model), "en")
    word = docx(model, blocks(model), pictures(course, model))
    assert page.count("<figure") == 1
    assert page.count('<ol class="uz-story-list">') == 1
    if not available():
        return
    with zipfile.ZipFile(io.BytesIO(word)) as package:
        document = package.read("word/document.xml").decode()
        assert any(package.read(name)[:4] == b"\x89PNG" for name in package.namelist())
    assert 'descr="The story of the project, from month to month.' in document
    text = pdf_text(pdf(model, blocks(model), pictures(course, model)))
    assert re.sub(r"\s", "", steps[0].text) in text
    for event in model.story.events:
        assert event.text in page
        assert event.text in document


def test_ones_own_levels_stand_at_a_glance_by_criterion_and_on_the_one_page(
    course: Course,
) -> None:
    levels_and_story(course)
    model = model_of(course, lang="en")
    own = {standing.id: (standing.own, standing.own_reason) for standing in model.criteria}
    assert own["t2"] == (model.levels[2], "canary-reason-t2")
    assert own["t5"] == (model.levels[0], "canary-reason-t5")
    assert own["t1"] == ("", "")
    whole, short = blocks_html(blocks(model), "en"), blocks_html(one_page(model), "en")
    assert "How I see it" in whole
    assert whole.count("canary-reason-t2") >= 2  # under its criterion, and where it was written
    assert model.levels[2] in short
    assert "canary-reason" not in short


def test_a_caption_is_in_the_language_in_which_it_was_written(course: Course) -> None:
    model = model_of(course, lang="ru")  # written in Kazakh
    caption = next(
        file.caption
        for block in blocks(model)
        for file in getattr(block, "files", ())
        if file.caption
    )
    html = blocks_html(blocks(model), "ru")
    assert re.search(rf'<bdi lang="kk">{re.escape(caption)}</bdi>', html)
    word = docx_text(docx(model, blocks(model), pictures(course, model)))
    runs = re.findall(r"<w:r>.*?</w:r>", word, re.DOTALL)
    assert 'w:val="kk-KZ"' in next(run for run in runs if f">{caption}</w:t>" in run)
