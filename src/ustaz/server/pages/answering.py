"""Answering a survey by the code of a slip: without a sign-in, and without anybody's name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ustaz import surveys
from ustaz.base.throttle import Limit
from ustaz.server.http import HTTPProblem, Request, Response, redirect
from ustaz.server.templates import page
from ustaz.surveys.tables import MOST_COMMENT

#: Tries of codes, from everywhere together; who has a right one is not kept waiting by it.
TRIES: Final = Limit("survey: code", 60, 1.0)
RIGHT: Final = Limit("survey: right code", 1, 1.0)
HEADERS: Final = {
    "X-Robots-Tag": "noindex, nofollow, noarchive, nosnippet",
    # Not "no-referrer": then the form would come from nowhere, and be refused.
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
LANGUAGE: Final = "lang-"
CANNOT_SAY: Final = "0"
RATINGS: Final = {CANNOT_SAY: None} | {str(rating): rating for rating in range(1, 6)}


def _page(request: Request, template: str, *, status: int = 200, **names: Any) -> Response:  # noqa: ANN401
    # Who is signed in in this browser makes no difference.
    request.identity = None
    response = page(request, template, status=status, address=request.path, **names)
    response.headers |= HEADERS
    return response


def _place(request: Request, code: str) -> surveys.Place | None:
    request.count(TRIES)
    place = surveys.place_of_code(request.site.course, code)
    if place is not None:
        request.site.throttle.succeeded(RIGHT, TRIES)
    return place


def ask_code(request: Request) -> Response:
    """Ask for the code of a slip."""
    return _page(request, "survey_code.html", wrong=False)


def take_code(request: Request) -> Response:
    """Lead from a code to its questions; a wrong one is said."""
    code = request.form.get("code", "")
    place = _place(request, code) if len(code) <= 100 else None
    if place is None:
        return _page(request, "survey_code.html", status=422, wrong=True)
    return redirect(request.site.url("survey", code.strip()))


def _known_place(request: Request) -> surveys.Place:
    place = _place(request, request.params["code"])
    if place is None:
        request.identity = None
        raise HTTPProblem(404, "no_slip")
    return place


def _thanks(request: Request, place: surveys.Place, *, used: bool) -> Response:
    return _page(request, "survey_thanks.html", used=used, key=_key(place))


def _key(place: surveys.Place) -> str:
    """Return under which name the browser keeps what is ticked on a slip."""
    return place.digest[:16]


def questions(request: Request) -> Response:
    """Show the questions, or that the slip has been used."""
    place = _known_place(request)
    if place.used:
        return _thanks(request, place, used=True)
    return _questions(request, place, {})


def _questions(
    request: Request,
    place: surveys.Place,
    form: Mapping[str, str],
    *,
    missing: tuple[int, ...] = (),
    error: tuple[str, str] | None = None,
) -> Response:
    return _page(
        request,
        "survey_form.html",
        status=422 if missing or error else 200,
        survey=place.round.definition,
        school=place.round.school or request.site.course.name,
        form=form,
        missing=missing,
        error=error,
        roles=surveys.ROLES,
        most=MOST_COMMENT,
        key=_key(place),
    )


def send(request: Request) -> Response:
    """Keep the answers and say thanks; or show the same form in another language."""
    place, form = _known_place(request), request.form
    wanted = form.get("do", "").removeprefix(LANGUAGE)
    if form.get("do", "").startswith(LANGUAGE) and wanted in request.site.course.languages:
        request.words = request.site.words(wanted)
        response = _questions(request, place, form)
        response.lang = wanted
        return response
    if place.used:
        return _thanks(request, place, used=True)
    survey = place.round.definition
    texts = [form.get(f"s{at}", "") for at in range(len(survey.statements))]
    missing = tuple(at for at, text in enumerate(texts) if not text)
    if len(missing) == len(texts) or (missing and form.get("anyway") != "yes"):
        return _questions(request, place, form, missing=missing)
    try:
        surveys.answer(request.site.course, place, _answers(survey, form, texts))
    except surveys.SurveyError as error:
        if error.id == "survey_used":
            return _thanks(request, place, used=True)
        return _questions(request, place, form, error=error.translated(request.words.plain))
    return _thanks(request, place, used=False)


def _answers(survey: surveys.Survey, form: Mapping[str, str], texts: list[str]) -> surveys.Answers:
    if any(text and text not in RATINGS for text in texts):
        raise surveys.SurveyError("survey_answers")
    return surveys.Answers(
        tuple(RATINGS[text] if text else None for text in texts),
        form.get("role") or "prefer_not",
        {
            dimension.id: " ".join(form.get(f"c-{dimension.id}", "").split())
            for dimension in survey.dimensions
        },
    )
