"""The calendar of whoever asks: a page, a file, and a secret address for a telephone."""

from __future__ import annotations

from ustaz.base import clock
from ustaz.calendar import subscriptions
from ustaz.calendar.icalendar_file import calendar_file
from ustaz.server.access import writing
from ustaz.server.http import API_CSP, HTTPProblem, Request, Response, redirect
from ustaz.server.i18n import Words
from ustaz.server.site import API, Site
from ustaz.server.templates import page
from ustaz.server.views import calendars

ICS = "text/calendar; charset=utf-8"


def calendar(request: Request) -> Response:
    """Show the own calendar."""
    return _calendar(request)


def _calendar(request: Request, secret: str = "") -> Response:
    site, words, who = request.site, request.words, request.who
    lines = calendars.rows(site, who.person, words)
    coming = [line for line in lines if not line.over]
    past = [line for line in reversed(lines) if line.over]
    address = f"{site.base}{API}/calendar/{secret}.ics"
    return page(
        request,
        "calendar.html",
        months=calendars.by_month(coming, words),
        past=calendars.by_month(past, words),
        today=site.course.today(),
        steps="participant" in who.roles,
        subscription=subscriptions.subscription(site.course, who.person),
        address=request.origin + address if secret else "",
        webcal=f"webcal://{request.origin.partition('://')[2]}{address}" if secret else "",
    )


def address(request: Request) -> Response:
    """Open a new secret address, shown this once, or close the one that there is."""
    course, person = request.site.course, request.who.person
    writing(request.who)
    do = request.form.get("do", "")
    if do == "open":
        steps = request.form.get("steps") == "on"
        return _calendar(request, subscriptions.open_address(course, person, steps=steps))
    if do != "close":
        raise HTTPProblem(400, "bad_request")
    subscriptions.close_address(course, person)
    return redirect(request.site.url("calendar") + "#telephone")


def download(request: Request) -> Response:
    """Return the own calendar as a file, steps of the own plan included."""
    return _file(request.site, request.who.person, request.words, steps=True)


def subscribed(request: Request) -> Response:
    """Return the calendar that a secret address opens; 404 for every other address."""
    course = request.site.course
    secret, dot, kind = request.params["secret"].partition(".")
    known = subscriptions.owner(course, secret) if (dot, kind) == (".", "ics") else None
    person = course.people.get(known.person) if known else None
    if known is None or person is None or person.status == "withdrawn":
        raise HTTPProblem(404, "no_page")
    return _file(request.site, known.person, request.site.words(person.lang), steps=known.steps)


def _file(site: Site, person: str, words: Words, *, steps: bool) -> Response:
    course = site.course
    body = calendar_file(
        course,
        calendars.known(site, person, steps=steps),
        lang=words.lang,
        say=words.plain,
        stamp=clock.now(),
    )
    headers = {
        "Content-Disposition": f'attachment; filename="{course.id}.ics"',
        "Cache-Control": "no-store",
    }
    return Response(200, body, ICS, headers, API_CSP)
