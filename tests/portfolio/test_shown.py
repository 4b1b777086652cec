"""A portfolio that its owner shows: whole for a reader outside, and nothing that came later."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.portfolio import year
from tests.portfolio.test_forms import CANARY, needs_typst, pdf_text
from tests.server.helpers import LANGUAGES, html, visit
from tests.support import hostile_files as samples
from ustaz import shares
from ustaz.answers import Batch, Subject
from ustaz.course import Course
from ustaz.files import FileRefused, FileStore
from ustaz.server.access import Sight
from ustaz.server.http import HTTPProblem
from ustaz.server.pages import outside, sharing
from ustaz.server.site import Site
from ustaz.server.views.attachments import readable_file
from ustaz.workbook.sharing import places_of

OWNER = year.OWNER
PORTFOLIO = "portfolio"
EVIDENCE = year.canary("proof", "pieces", "open", "name")


@pytest.fixture
def site(course: Course) -> Iterator[Site]:
    made = Site(course)
    yield made
    made.pool.shutdown()


def show(site: Site, to: str = "outside") -> str:
    """Show the portfolio; return the secret of its address, or the share's id."""
    form = {"do": "show", "read": "yes", "what": "document", "to": to, "term": "30"}
    request = visit(site, OWNER, "share", method="POST", form=form, workbook=PORTFOLIO)
    page = html(sharing.act(request))
    return page.partition("/shared/")[2].partition("<")[0] or _live(site).id


def _live(site: Site) -> shares.Share:
    return shares.live(site.course, OWNER)[-1]


def opened(site: Site, secret: str, lang: str = "kk") -> str:
    path = f"shared/{secret}"
    return html(outside.opened(visit(site, None, path, method="POST", secret=secret, lang=lang)))


def forbidden(course: Course) -> list[str]:
    return [
        closed
        for workbook in (*course.assignments, *course.companions)
        for closed in year.closed_canaries(course.library[workbook], "staff")
    ]


def test_an_outside_reader_reads_the_whole_portfolio_and_nothing_private(site: Site) -> None:
    page = opened(site, show(site))
    read = set(CANARY.findall(page))
    assert len(read) > 60
    assert read >= {EVIDENCE, year.canary("focus", "concern_raw")}
    assert not read.intersection(forbidden(site.course))
    assert shares.openings(site.course, _live(site)).count == 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_is_read_in_the_language_of_choice(site: Site, lang: str) -> None:
    course = site.course
    secret = show(site)
    page = opened(site, secret, lang)
    assert (
        f'<div class="uz-portfolio uz-answers tex2jax_ignore mathjax_ignore" lang="{lang}"' in page
    )
    assert site.words(lang).plain(course.library["consultations"].title) in page
    for code in course.languages:
        chooses = f'formaction="/ustaz/shared/{secret}?lang={code}"' in page
        assert chooses is (code != lang)


def test_its_pictures_are_there_for_whoever_has_the_address(site: Site) -> None:
    secret = show(site)
    page = opened(site, secret)
    named = set(re.findall(rf"/ustaz/shared/{secret}/files/(\w{{64}})", page))
    assert named
    for sha256 in named:
        request = visit(site, None, "files", secret=secret, hash=sha256)
        assert outside.file(request).status == 200
    other = year.keep(site.course, samples.png(), "other.png")
    with pytest.raises(FileRefused):
        outside.file(visit(site, None, "files", secret=secret, hash=other.sha256))


@needs_typst
def test_it_is_carried_away_as_pdf(site: Site) -> None:
    secret = show(site)
    request = visit(site, None, "pdf", secret=secret, lang="ru")
    request.params["form"] = "pdf"
    reply = outside.portfolio_file(request)
    assert reply.headers["X-Robots-Tag"].startswith("noindex")
    text = pdf_text(reply.body)
    assert EVIDENCE in text
    assert [closed for closed in forbidden(site.course) if closed in text] == []


def test_from_a_portfolio_that_is_opened_no_other_page_is_reached(site: Site) -> None:
    secret = show(site)
    leads = re.findall(r'(?:href|action|src)="([^"]*)"', opened(site, secret))
    allowed = ("/ustaz/static/", "#", f"/ustaz/shared/{secret}")
    assert [lead for lead in leads if not lead.startswith(allowed)] == []


def test_evidence_of_a_later_day_is_not_shown_until_it_is_shown_again(site: Site) -> None:
    course = site.course
    secret = show(site)
    field = course.library["proof"].field("pieces")
    readers = next(column for column in field.columns if column.id == "readers")
    later = {"id": "rowlater", "name": "canary-later", "readers": list(readers.option_ids)}
    year.put(course, "proof", pieces=[later])
    assert "canary-later" not in opened(site, secret)
    assert "canary-later" in opened(site, show(site))


def test_a_piece_that_staff_may_read_no_longer_is_gone_from_it(site: Site) -> None:
    course, subject = site.course, Subject.person(OWNER)
    secret = show(site)
    body = {
        "batch": "take-the-piece-back",
        "client": "test-client",
        "base_revision": course.store.read(subject, "proof").revision,
        "changes": [{"op": "set", "path": ["pieces", "rowopen", "readers"], "value": []}],
    }
    course.store.save(subject, "proof", Batch.from_json(body), who=OWNER)
    assert EVIDENCE not in opened(site, secret)


def test_who_was_shown_its_own_answers_alone_before_reads_these_alone(site: Site) -> None:
    course = site.course
    definition = course.library[PORTFOLIO]
    places = places_of(definition, definition.shares[0])
    _, secret = shares.show(
        course,
        OWNER,
        "outside",
        workbook=PORTFOLIO,
        what="document",
        places=places,
        until=course.today(),
    )
    page = opened(site, secret)
    assert year.canary(PORTFOLIO, "cover_statement") in page
    assert EVIDENCE not in page
    request = visit(site, None, "pdf", secret=secret)
    request.params["form"] = "pdf"
    with pytest.raises(HTTPProblem):
        outside.portfolio_file(request)


def test_a_director_to_whom_it_is_shown_reads_it_with_its_pictures(site: Site) -> None:
    course = site.course
    (picture,) = [record for record in FileStore(course.people_dir).records(OWNER) if not record.of]
    request = visit(site, "bakhyt-d", "files", person=OWNER, hash=picture.sha256)
    with pytest.raises(HTTPProblem):
        readable_file(request, FileStore(course.people_dir))
    share = show(site, "school_link")
    shown = visit(site, "bakhyt-d", "shown", person=OWNER, share=share, lang="kk")
    page = html(sharing.shown(shown))
    assert EVIDENCE in page
    assert f"/people/{OWNER}/files/" in page
    assert readable_file(request, FileStore(course.people_dir))[1] == picture
    assert not Sight("outside", (_live(site),)).places("proof")  # whole workbooks stay closed


def test_the_page_before_it_is_shown_has_every_word_and_the_guard_looks_through_all(
    site: Site,
) -> None:
    query = {"what": "document", "to": "outside", "term": "30"}
    page = html(sharing.look(visit(site, OWNER, "look", query=query, workbook=PORTFOLIO)))
    words, _, guarded = page.partition('id="share-data"')
    secret = show(site)
    read = set(CANARY.findall(opened(site, secret)))
    assert set(CANARY.findall(words)) == read
    assert set(CANARY.findall(guarded)) >= read
