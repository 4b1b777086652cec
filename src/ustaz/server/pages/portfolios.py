"""The portfolio: read as a page, carried away as PDF or in Word, by whoever may read it."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from markupsafe import Markup

from ustaz.base.evidence import DOCX, PDF
from ustaz.base.throttle import Limit
from ustaz.exchange import Submission, read_round
from ustaz.files import FileStore
from ustaz.messages import number_text
from ustaz.portfolio import Portfolio, contents_check, portfolio
from ustaz.portfolio.assembling import portfolio_workbook
from ustaz.portfolio.document import available as docx_there
from ustaz.portfolio.document import docx
from ustaz.portfolio.html import blocks_html
from ustaz.portfolio.layout import Block, blocks, one_page
from ustaz.portfolio.model import Attached
from ustaz.portfolio.pictures import BESIDE, Pictures
from ustaz.portfolio.typesetting import available as pdf_there
from ustaz.portfolio.typesetting import pdf
from ustaz.server.http import API_CSP, HTTPProblem, Request, Response
from ustaz.server.pages import reviewer
from ustaz.server.site import API
from ustaz.server.templates import page
from ustaz.server.views.records import Record, find_round, record

FORMS = {"pdf": PDF, "docx": DOCX}


def forms_there() -> list[str]:
    """Return the forms of a file that this installation can make."""
    return [form for form, there in {"pdf": pdf_there(), "docx": docx_there()}.items() if there]


def draw(form: str, model: Portfolio, shown: Sequence[Block], pictures: Pictures) -> bytes:
    """Return a portfolio as a file of one of :data:`FORMS`."""
    return pdf(model, shown, pictures) if form == "pdf" else docx(model, shown, pictures)


def files_of(person: str) -> Limit:
    """Return what files made for somebody are counted for: six at once, then one in 20 seconds."""
    return Limit(f"portfolio:{person}", 6, 20.0)


def own(request: Request) -> Response:
    """Show the own portfolio, and what it still lacks."""
    return _page(request, request.who.person)


def own_file(request: Request) -> Response:
    """Return the own portfolio as a file."""
    return _file(request, request.who.person)


def of_person(request: Request) -> Response:
    """Show somebody's portfolio to whoever may read it."""
    return _page(request, request.params["person"])


def file_of_person(request: Request) -> Response:
    """Return somebody's portfolio as a file."""
    return _file(request, request.params["person"])


# -- what is asked ---------------------------------------------------------------------------------
class _Asked:
    """A portfolio as a request asks for it.

    Attributes
    ----------
    shown : str
        The id under which the reader knows its owner.
    about : Record
    model : Portfolio
    blocks : sequence of Block
    """

    def __init__(self, request: Request, shown: str) -> None:
        course = request.site.course
        person, seen_as = reviewer.seen(request, shown)
        workbook = portfolio_workbook(course)
        if workbook is None:
            raise HTTPProblem(404, "no_workbook")
        self.shown = shown
        self.about: Record = reviewer.readable(record(request.site, person, workbook.id, seen_as))
        self.lang = request.query.get("in", request.lang)
        if self.lang not in course.languages:
            raise HTTPProblem(400, "bad_request")
        self.summary = request.query.get("view") == "summary"
        submission = self._submission(request)
        self.round = submission.record.round if submission is not None else None
        self.model: Portfolio = portfolio(
            course,
            person,
            seen_as,
            lang=self.lang,
            owner=shown if seen_as == "reviewer" else course.person(person).name,
            submission=submission,
            definition=workbook,
        )
        self.blocks: Sequence[Block] = one_page(self.model) if self.summary else blocks(self.model)

    def _submission(self, request: Request) -> Submission | None:
        number = request.query.get("round", "")
        if not number and self.about.audience == "reviewer":
            if self.about.last is None:
                raise HTTPProblem(404, "no_round")
            number = str(self.about.last.round)
        if not number:
            return None
        summary = find_round(self.about, number)
        return read_round(
            request.site.course, self.about.person, self.about.workbook, summary.round
        )

    @property
    def files(self) -> tuple[Attached, ...]:
        """Return the files that are shown; the one page has none."""
        return () if self.summary else self.model.files

    def pictures(self, request: Request) -> Pictures:
        """Return the pictures that go into a file."""
        store = FileStore(request.site.course.people_dir)
        return Pictures(store, self.about.person, self.files)


def _page(request: Request, shown: str) -> Response:
    asked = _Asked(request, shown)
    site, model = request.site, asked.model
    mine = asked.about.audience == "self"
    base = ("portfolio",) if mine else ("portfolios", shown)
    kept: dict[str, str] = {"in": asked.lang}
    if asked.round is not None:
        kept["round"] = str(asked.round)
    checks = []
    if mine and asked.round is None and not asked.summary:
        checks = contents_check(site.course, asked.about.person, model)
    view = {"view": "summary"} if asked.summary else {}
    return page(
        request,
        "portfolio.html",
        one=asked.about,
        mine=mine,
        model=model,
        round=asked.round,
        summary=asked.summary,
        lang_shown=asked.lang,
        body=Markup(  # noqa: S704 - every text in it is escaped
            blocks_html(
                asked.blocks,
                asked.lang,
                picture=lambda file: _picture(request, asked, file),
                download=lambda file: _address(request, asked, file, download="1"),
            )
        ),
        checks=checks,
        open=sum(not check.good for check in checks),
        addresses={
            lang: site.url(*base, **{**kept, **view, "in": lang}) for lang in site.course.languages
        },
        whole=site.url(*base, **kept),
        one_page=site.url(*base, **kept, view="summary"),
        downloads={form: site.url(*base, form, **kept, **view) for form in forms_there()},
        size=number_text((asked.pictures(request).size + BESIDE) // 1024, request.lang),
        others=[sent for sent in asked.about.rounds if sent.round != asked.round],
        rounds={
            sent.round: site.url(*base, **{**kept, "round": str(sent.round)})
            for sent in asked.about.rounds
        },
        today=site.url(*base, **{"in": asked.lang}),
    )


def _picture(request: Request, asked: _Asked, file: Attached) -> str:
    """Return the address of a small picture; of the picture itself where that is small enough."""
    store = FileStore(request.site.course.people_dir)
    kept = store.record(asked.about.person, file.sha256)
    if kept is None:
        return ""
    return _address(request, asked, file, **({"small": "1"} if kept.small else {}))


def _address(request: Request, asked: _Asked, file: Attached, **query: str) -> str:
    parts = (*API.split("/"), "people", asked.shown, "files", file.sha256)
    return request.site.url(*parts, **query)


def _file(request: Request, shown: str) -> Response:
    asked = _Asked(request, shown)
    request.count(files_of(request.who.person))
    form = request.params["form"]
    data = draw(form, asked.model, asked.blocks, asked.pictures(request))
    stem = "summary" if asked.summary else "portfolio"
    name = quote(f"{stem}-{shown}-{asked.lang}.{form}")
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
    return Response(200, data, FORMS[form], headers, API_CSP)
