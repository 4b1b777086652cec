"""Pages from templates: everything escaped, nothing inline, every text translated."""

from __future__ import annotations

import re
import traceback
from functools import cache
from html import unescape
from pathlib import Path
from types import TracebackType
from typing import Any, Final, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ustaz.course.identity import Identity
from ustaz.messages import LANGUAGE_NAMES, language_by_letters
from ustaz.roster.people import Person
from ustaz.server import problem_texts
from ustaz.server.http import API_CSP, PAGE_CSP, HTTPProblem, Request, Response, embed_json
from ustaz.server.i18n import Words
from ustaz.server.site import Site
from ustaz.server.views.labels import helpers

FOLDER: Final = Path(__file__).parent / "templates"
#: What every page stands in, in a folder alone: JupyterHub's own pages take it, and nothing else.
FRAME: Final = FOLDER / "frame"
#: What a page stands in, and what it stands in as a file.
PAGE_LAYOUT: Final = "base.html"
FILE_LAYOUT: Final = "file.html"
_QUOTED: Final = re.compile(r"<bdi>([^<]*)</bdi>")
HTML: Final = "text/html; charset=utf-8"


@cache
def environment(folder: Path = FOLDER) -> Environment:
    """Return the template environment of a folder; what it does not have comes from ours.

    Parameters
    ----------
    folder : Path
        A host's own pages, which may use our pieces.
    """
    return Environment(
        loader=FileSystemLoader(list(dict.fromkeys((folder, FOLDER, FRAME)))),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def render(
    site: Site,
    words: Words,
    template: str,
    *,
    identity: Identity | None,
    path: str,
    xsrf: str = "",
    layout: str = PAGE_LAYOUT,
    **names: Any,  # noqa: ANN401
) -> bytes:
    """Return a page's bytes; `layout` is what a template stands in that can be a file as well."""
    # A damaged roster must not take the page that says so with it.
    person = site.course.people.get(identity.person) if identity else None
    text = (
        environment()
        .get_template(template)
        .render(
            _=words.gettext,
            ngettext=words.ngettext,
            words=words,
            site=site,
            course=site.course,
            lang=words.lang,
            languages=[(language, LANGUAGE_NAMES[language]) for language in site.course.languages],
            identity=identity,
            person=person,
            other_courses=_others(site, person),
            path=path,
            xsrf=xsrf,
            layout=layout,
            **helpers(words, site.course),
            **names,
        )
    )
    return spoken(text, words.lang).encode()


def spoken(page: str, lang: str) -> str:
    """Return a page on which every name and quotation in another language says so.

    Templates and renderings put what somebody wrote into ``<bdi>``; which language it is in is told
    from its letters, in this one place.
    """
    return _QUOTED.sub(lambda match: _spoken(match, lang), page)


def _spoken(match: re.Match[str], lang: str) -> str:
    other = language_by_letters(unescape(match[1]), lang)
    return f'<bdi lang="{other}">{match[1]}</bdi>' if other else match[0]


def _others(site: Site, person: Person | None) -> bool:
    """Tell whether somebody takes part in further courses of the same hub."""
    if site.hub is None or person is None:
        return False
    return len(site.hub.courses_of(person.signs_in_as)) > 1


def page(request: Request, template: str, *, status: int = 200, **names: Any) -> Response:  # noqa: ANN401
    """Return a page for a visit."""
    body = render(
        request.site,
        request.words,
        template,
        identity=request.identity,
        path=request.path,
        xsrf=request.xsrf,
        **names,
    )
    return Response(status, body, HTML, {"Cache-Control": "no-store"}, PAGE_CSP)


def is_file(request: Request) -> bool:
    """Tell whether a page is asked for as a file to keep."""
    return request.query.get("file") == "1"


def page_or_file(request: Request, template: str, file_name: str, **names: Any) -> Response:  # noqa: ANN401
    """Return a page, or where ``?file=1`` asks for it the same as a file to keep.

    Parameters
    ----------
    template : str
        Extends ``layout`` and leaves out of a file what leads to other pages.
    file_name : str
        Without the suffix; of our ids alone.
    """
    if not is_file(request):
        return page(request, template, **names)
    body = render(
        request.site,
        request.words,
        template,
        identity=request.identity,
        path=request.path,
        layout=FILE_LAYOUT,
        file_style=_file_style(request.site),
        **names,
    )
    headers = {
        "Content-Disposition": f'attachment; filename="{request.site.course.id}-{file_name}.html"',
        "Cache-Control": "no-store",
    }
    return Response(200, body, HTML, headers, API_CSP)


def _file_style(site: Site) -> Markup:
    """Return our own style sheets, to stand inside a file."""
    sheets = [site.assets.find(name) for name in ("site.css", "answers.css")]
    return Markup("\n".join(sheet.body.decode() for sheet in sheets if sheet))  # noqa: S704 - ours


def data_block(value: object) -> Markup:
    """Return JSON for a data block of a page."""
    return Markup(embed_json(value))  # noqa: S704 - embed_json leaves nothing to break out with


class Again(NamedTuple):
    """A form that can be sent once more, with what it said."""

    address: str
    xsrf: str
    fields: list[tuple[str, str]]


def refusal_page(
    site: Site,
    words: Words,
    problem: HTTPProblem,
    identity: Identity | None,
    path: str,
    again: Again | None = None,
) -> Response:
    """Return the page of a refusal."""
    message, hint = problem_texts.texts(words, problem)
    body = render(
        site,
        words,
        "refusal.html",
        identity=identity,
        path=path,
        message=message,
        hint=hint,
        problem=problem,
        again=again,
    )
    return Response(problem.status, body, HTML, {"Cache-Control": "no-store"}, PAGE_CSP)


def where(kind: type[BaseException], trace: TracebackType | None) -> str:
    """Return a fault's kind and places for the log, without its message.

    A message may quote what a person wrote; places cannot.
    """
    places = [
        f"{Path(frame.filename).name}:{frame.lineno}" for frame in traceback.extract_tb(trace)[-6:]
    ]
    return f"{kind.__name__} at {' < '.join(reversed(places))}"
