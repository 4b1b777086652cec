"""Every address of Ustaz, once: pattern, what answers, and whether it speaks JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from ustaz.server import (
    api,
    api_files,
    api_site,
    api_staff,
    assets,
    book_files,
    health,
    pages,
    pages_dates,
    pages_join,
    pages_people,
    pages_roster,
    pages_signin,
    pages_staff,
    reviewing,
)
from ustaz.server.http import Reply, Visit
from ustaz.server.limits import MAX_BODY, MAX_UPLOAD

Action = Callable[[Visit], Reply]

PERSON: Final = r"(?P<person>[a-z0-9][a-z0-9-]{0,31})"
WORKBOOK: Final = r"(?P<workbook>[a-z][a-z0-9-]{0,31})"
ROUND: Final = r"(?P<round>[0-9]{1,4})"
REVISION: Final = r"(?P<revision>[0-9]{1,9})"
RUN: Final = r"(?P<action>collect|grade|feedback)"


@dataclass(frozen=True, slots=True)
class Route:
    """One address.

    Attributes
    ----------
    pattern : str
        Relative to the pages' base, or to the calls' prefix.
    actions : mapping
        HTTP method to action.
    api : bool
    limit : int
        Bytes of a request, where it is another than usual.
    open : bool
        Answered without a sign-in: nothing in it is about anybody.
    files : bool
        Static files, which a host may leave open.
    """

    pattern: str
    actions: Mapping[str, Action]
    api: bool = False
    limit: int = 0
    open: bool = False
    files: bool = False


def _call(pattern: str, **actions: Action) -> Route:
    return Route(pattern, actions, api=True)


def _page(pattern: str, **actions: Action) -> Route:
    return Route(pattern, actions)


ROUTES: Final = (
    Route("health", {"GET": health.health}, api=True, open=True),
    _call("me", GET=api_site.me),
    _call("home", GET=api_site.home),
    _call("lang", POST=api_site.lang),
    _call("act-as", POST=api_site.act_as),
    _call("openapi.yaml", GET=api_site.openapi),
    _call("messages/(?P<lang>[a-z]{2})", GET=api_site.frontend_messages),
    _call("assignments", GET=api_files.assignments),
    _call(f"workbooks/{WORKBOOK}", GET=api.workbook),
    _call(f"workbooks/{WORKBOOK}/notebook", GET=api_files.notebook),
    _call(f"workbooks/{WORKBOOK}/answers", GET=api.answers, PATCH=api.save),
    _call(f"workbooks/{WORKBOOK}/history", GET=api.history),
    _call(f"workbooks/{WORKBOOK}/history/{REVISION}", GET=api.version),
    _call(f"workbooks/{WORKBOOK}/restore", POST=api.restore),
    _call(f"workbooks/{WORKBOOK}/submit", POST=api.send),
    _call(f"workbooks/{WORKBOOK}/rounds/{ROUND}", GET=api.round_),
    _call(f"workbooks/{WORKBOOK}/rounds/{ROUND}/feedback", GET=api_files.feedback),
    _call(f"workbooks/{WORKBOOK}/feedback", GET=api.feedback),
    _call(f"workbooks/{WORKBOOK}/confirmations", POST=api.confirm),
    _call(f"workbooks/{WORKBOOK}/entered", POST=api.confirm_entered),
    _call("staff/overview", GET=api_staff.overview),
    _call(f"staff/{RUN}", POST=api_staff.start),
    _call("staff/run", GET=api_staff.run),
    _call(f"staff/feedback/{PERSON}/{WORKBOOK}", GET=api_staff.feedback_page),
    _call(".*", GET=api_site.nothing_here),
    _page("", GET=pages.home),
    _page("act-as", POST=pages.act_as),
    _page("lang", POST=pages.lang),
    _page(f"workbooks/{WORKBOOK}", GET=pages.workbook),
    _page(f"workbooks/{WORKBOOK}/saved", GET=pages.saved),
    _page(f"workbooks/{WORKBOOK}/receipt/{ROUND}", GET=pages.receipt),
    _page(f"workbooks/{WORKBOOK}/feedback", GET=pages.feedback),
    _page(f"rounds/{PERSON}/{WORKBOOK}/{ROUND}", GET=reviewing.round_page),
    _page(f"people/{PERSON}/{WORKBOOK}", GET=pages_staff.reading),
    _page(f"people/{PERSON}/{WORKBOOK}/enter", GET=pages_staff.enter),
    _page(f"people/{PERSON}/{WORKBOOK}/confirm", POST=pages_staff.confirm),
    _page(f"staff/{RUN}", POST=pages_staff.start),
    _page("staff/dates", GET=pages_dates.dates, POST=pages_dates.change),
    _page("staff/people", GET=pages_people.people),
    _page(f"staff/people/{PERSON}", GET=pages_people.person),
    _page(f"staff/people/{PERSON}/change", POST=pages_people.change),
    Route("staff/roster", {"GET": pages_roster.start, "POST": pages_roster.look}, limit=MAX_UPLOAD),
    _page("staff/roster/(?P<token>[0-9a-f]{32})/columns", POST=pages_roster.choose),
    Route("staff/join", {"GET": pages_join.start, "POST": pages_join.act}, limit=MAX_BODY),
    _page("staff/roster/(?P<token>[0-9a-f]{32})", GET=pages_roster.result, POST=pages_roster.apply),
    _page("sign-in", GET=pages_signin.listing, POST=pages_signin.act),
    _page("book/(?P<path>.*)", GET=book_files.book),
    Route("static/(?P<name>.*)", {"GET": assets.static_file}, files=True),
    _page(".*", GET=api_site.nothing_here),
)
