"""Every address of Ustaz, once: pattern, what answers, and whether it speaks JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from ustaz.server.api import about, answers, cohort, exchange_files, files, health, staff_jobs
from ustaz.server.api import sessions as meetings
from ustaz.server.api import tutorials as notes
from ustaz.server.host.limits import MAX_BODY, MAX_EXPORT, MAX_MESSAGE, MAX_UPLOAD
from ustaz.server.http import Request, Response
from ustaz.server.pages import (
    agreed,
    answering,
    asks,
    book,
    calendar,
    courses,
    dates,
    events,
    form,
    group,
    joining,
    lists,
    messages,
    mine,
    outcomes,
    outside,
    participant,
    people,
    portfolios,
    posters,
    projects,
    publications,
    reach,
    remarks,
    reviewer,
    schools,
    second_year,
    sessions,
    sharing,
    sign_in,
    staff,
    static,
    steps,
    stories,
    submitting,
    surveys,
    tables,
    tutorials,
)

Action = Callable[[Request], Response]

PERSON: Final = r"(?P<person>[a-z0-9][a-z0-9-]{0,31})"
WORKBOOK: Final = r"(?P<workbook>[a-z][a-z0-9-]{0,31})"
ROUND: Final = r"(?P<round>[0-9]{1,4})"
NUMBER: Final = r"(?P<number>[0-9]{1,4})"
REVISION: Final = r"(?P<revision>[0-9]{1,9})"
CALENDAR: Final = r"calendar/(?P<secret>[^/]{1,100})"
HASH: Final = r"(?P<hash>[0-9a-f]{64})"
THREAD: Final = r"(?P<thread>[0-9a-f]{12})"
SHARE: Final = r"(?P<share>[0-9a-f]{12})"
OUTSIDE: Final = "shared/(?P<secret>[^/]{1,100})"
SURVEY: Final = "surveys/(?P<survey>[0-9a-f]{12})"
SLIP: Final = "survey/(?P<code>[^/]{1,100})"
FORM: Final = r"(?P<form>pdf|docx)"
PLAN: Final = "sessions/(?P<plan>[0-9a-f]{12})"
NOTE: Final = rf"tutorials/{PERSON}/(?P<tutorial>t[0-9a-f]{{12}})"
#: The name of a table: of the course, of a workbook, of one of its fields.
TABLE: Final = r"(?P<table>[a-z][a-z0-9-]{0,31}(?:\.[a-z][a-z0-9_]{0,63}){0,2})"
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
    _call("me", GET=about.me),
    _call("home", GET=about.home),
    _call("lang", POST=about.lang),
    _call("act-as", POST=about.act_as),
    _call("openapi.yaml", GET=about.openapi),
    _call("messages/(?P<lang>[a-z]{2})", GET=about.frontend_messages),
    _call("assignments", GET=exchange_files.assignments),
    _call(f"workbooks/{WORKBOOK}", GET=answers.workbook),
    _call(f"workbooks/{WORKBOOK}/notebook", GET=exchange_files.notebook),
    _call(f"workbooks/{WORKBOOK}/answers", GET=answers.answers, PATCH=answers.save),
    _call(f"workbooks/{WORKBOOK}/tables", GET=answers.tables),
    _call(f"workbooks/{WORKBOOK}/reading", GET=answers.reading),
    _call(f"workbooks/{WORKBOOK}/history", GET=answers.history),
    _call(f"workbooks/{WORKBOOK}/history/{REVISION}", GET=answers.version),
    _call(f"workbooks/{WORKBOOK}/restore", POST=answers.restore),
    _call(f"workbooks/{WORKBOOK}/opening", GET=answers.opening),
    _call(f"workbooks/{WORKBOOK}/submit", POST=answers.send),
    _call(f"workbooks/{WORKBOOK}/rounds/{ROUND}", GET=answers.round_),
    _call(f"workbooks/{WORKBOOK}/rounds/{ROUND}/feedback", GET=exchange_files.feedback),
    _call(f"workbooks/{WORKBOOK}/feedback", GET=answers.feedback),
    _call(f"workbooks/{WORKBOOK}/confirmations", POST=answers.confirm),
    _call(f"workbooks/{WORKBOOK}/entered", POST=answers.confirm_entered),
    _call("cohort", GET=cohort.course),
    _call(f"cohort/fields/{WORKBOOK}", GET=cohort.fields),
    _call(PLAN, POST=meetings.save),
    _call(f"{PLAN}/run", POST=meetings.run),
    _call("files", GET=files.listing, POST=files.begin),
    _call(f"files/{HASH}", PUT=files.piece),
    _call(f"files/{HASH}/finish", POST=files.finish),
    _call(f"people/{PERSON}/files/{HASH}", GET=files.file),
    _call("staff/overview", GET=staff_jobs.overview),
    _call(f"staff/{RUN}", POST=staff_jobs.start),
    _call("staff/run", GET=staff_jobs.run),
    _call(f"staff/feedback/{PERSON}/{WORKBOOK}", GET=staff_jobs.feedback_page),
    Route(CALENDAR, {"GET": calendar.subscribed}, api=True, open=True),
    _call(f"{NOTE}/messages/(?P<lang>[a-z]{{2}})", GET=about.frontend_messages),
    _call(f"{NOTE}/lang", POST=about.lang),
    _call(f"{NOTE}/workbooks/{WORKBOOK}", GET=notes.workbook),
    _call(f"{NOTE}/workbooks/{WORKBOOK}/answers", GET=notes.answers, PATCH=notes.save),
    _call(f"{NOTE}/workbooks/{WORKBOOK}/history", GET=notes.history),
    _call(f"{NOTE}/workbooks/{WORKBOOK}/history/{REVISION}", GET=notes.version),
    _call(f"{NOTE}/workbooks/{WORKBOOK}/restore", POST=notes.restore),
    _call(".*", GET=about.nothing_here),
    _page("", GET=participant.home),
    _page("act-as", POST=participant.act_as),
    _page("lang", POST=participant.lang),
    Route(
        f"workbooks/{WORKBOOK}",
        {"GET": participant.workbook, "POST": form.save},
        limit=MAX_BODY,
    ),
    _page(f"workbooks/{WORKBOOK}/submit", GET=submitting.look, POST=submitting.send),
    _page(f"workbooks/{WORKBOOK}/entry", POST=participant.entry),
    _page(f"workbooks/{WORKBOOK}/saved", GET=participant.saved),
    _page(f"workbooks/{WORKBOOK}/paper", GET=participant.paper),
    _page(f"workbooks/{WORKBOOK}/poster", GET=posters.own),
    _page(f"workbooks/{WORKBOOK}/receipt/{ROUND}", GET=participant.receipt),
    _page(f"workbooks/{WORKBOOK}/feedback", GET=participant.feedback),
    _page(f"workbooks/{WORKBOOK}/share", GET=sharing.panel, POST=sharing.act),
    _page(f"workbooks/{WORKBOOK}/share/look", GET=sharing.look),
    _page("shares", GET=sharing.mine, POST=sharing.change),
    _page(f"shown/{PERSON}/{SHARE}", GET=sharing.shown),
    _page("group", GET=group.group),
    _page("sessions", GET=sessions.meetings, POST=sessions.begin),
    Route(PLAN, {"GET": sessions.plan, "POST": sessions.change}, limit=MAX_BODY),
    _page(f"{PLAN}/paper", GET=sessions.paper),
    _page(f"{PLAN}/now", GET=sessions.now),
    Route(f"{PLAN}/log", {"GET": sessions.log, "POST": sessions.save_log}, limit=MAX_BODY),
    _page("messages", GET=messages.listing),
    Route("messages/new", {"GET": messages.new, "POST": messages.begin}, limit=MAX_MESSAGE),
    Route("messages/draft", {"POST": messages.draft}, limit=MAX_MESSAGE),
    Route(f"messages/{THREAD}", {"GET": messages.thread, "POST": messages.act}, limit=MAX_MESSAGE),
    _page("remarks", GET=remarks.listing),
    Route(
        f"people/{PERSON}/{WORKBOOK}/remarks",
        {"GET": remarks.of_workbook, "POST": remarks.write},
        limit=MAX_MESSAGE,
    ),
    Route("group/comments", {"POST": group.comment}, limit=MAX_MESSAGE),
    _page("group/overview", GET=group.overview),
    _page("group/prompts", GET=group.prompts),
    _page("tutorials", POST=tutorials.begin),
    _page(NOTE, GET=tutorials.note, POST=tutorials.act),
    Route(f"{NOTE}/write", {"GET": tutorials.write, "POST": form.note}, limit=MAX_BODY),
    _page("stories", GET=publications.waiting, POST=publications.decide),
    Route(OUTSIDE, {"GET": outside.cover, "POST": outside.opened}, open=True),
    Route(f"{OUTSIDE}/files/{HASH}", {"GET": outside.file}, open=True),
    Route(f"{OUTSIDE}/portfolio/{FORM}", {"GET": outside.portfolio_file}, open=True),
    _page("mine", POST=mine.take),
    _page("story", GET=stories.own),
    _page(f"story/{PERSON}", GET=stories.of_person),
    _page("portfolio", GET=portfolios.own),
    _page(f"portfolio/{FORM}", GET=portfolios.own_file),
    _page(f"portfolios/{PERSON}", GET=portfolios.of_person),
    _page(f"portfolios/{PERSON}/{FORM}", GET=portfolios.file_of_person),
    _page("steps", POST=steps.change),
    _page("agreed", POST=agreed.change),
    _page("projects", GET=projects.overview, POST=projects.change),
    _page(f"projects/{NUMBER}/{WORKBOOK}", GET=projects.own_workbook),
    _page(f"people/{PERSON}/projects/{NUMBER}/{WORKBOOK}", GET=projects.workbook_of),
    Route(
        "second-year",
        {"GET": second_year.start, "POST": second_year.take},
        limit=MAX_EXPORT,
    ),
    _page("reach", GET=reach.reach, POST=reach.save),
    _page("calendar", GET=calendar.calendar, POST=calendar.address),
    _page("calendar.ics", GET=calendar.download),
    _page(f"rounds/{PERSON}/{WORKBOOK}/{ROUND}", GET=reviewer.round_page),
    _page(f"people/{PERSON}/{WORKBOOK}", GET=staff.reading),
    _page(f"people/{PERSON}/{WORKBOOK}/poster", GET=posters.of_person),
    Route(
        f"people/{PERSON}/{WORKBOOK}/enter",
        {"GET": staff.enter, "POST": form.enter},
        limit=MAX_BODY,
    ),
    _page(f"people/{PERSON}/{WORKBOOK}/confirm", POST=staff.confirm),
    _page(f"staff/{RUN}", POST=staff.start),
    _page("staff/dates", GET=dates.dates, POST=dates.change),
    _page("staff/calendar", GET=events.events, POST=events.change),
    _page("staff/course", GET=courses.settings, POST=courses.change),
    _page("staff/courses", GET=courses.new, POST=courses.make),
    _page("staff/people", GET=people.people),
    _page(f"staff/people/{PERSON}", GET=people.person),
    _page(f"staff/people/{PERSON}/change", POST=people.change),
    Route("staff/roster", {"GET": lists.start, "POST": lists.look}, limit=MAX_UPLOAD),
    _page("staff/roster/(?P<token>[0-9a-f]{32})/columns", POST=lists.choose),
    Route("staff/join", {"GET": joining.start, "POST": joining.act}, limit=MAX_BODY),
    _page("staff/roster/(?P<token>[0-9a-f]{32})", GET=lists.result, POST=lists.apply),
    _page("tables", GET=tables.listing),
    _page(r"tables/course\.xlsx", GET=tables.course_xlsx),
    _page(rf"tables/{WORKBOOK}/answers\.xlsx", GET=tables.workbook_xlsx),
    _page(rf"tables/{TABLE}\.csv", GET=tables.table_csv),
    _page("surveys", GET=surveys.listing, POST=surveys.act),
    _page("asks", GET=asks.asking, POST=asks.act),
    _page("school", GET=schools.school, POST=schools.act),
    _page("school/agreement", GET=schools.agreement, POST=schools.change),
    _page("school/outcomes", GET=outcomes.outcomes, POST=outcomes.act),
    _page(SURVEY, GET=surveys.report),
    Route("survey", {"GET": answering.ask_code, "POST": answering.take_code}, open=True),
    Route(SLIP, {"GET": answering.questions, "POST": answering.send}, open=True),
    _page("sign-in", GET=sign_in.listing, POST=sign_in.act),
    _page("book/(?P<path>.*)", GET=book.book),
    Route("static/(?P<name>.*)", {"GET": static.static_file}, files=True),
    _page(".*", GET=about.nothing_here),
)
