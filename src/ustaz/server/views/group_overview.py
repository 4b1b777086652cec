"""A facilitator's group at a glance: where each member stands, and whom to talk to, and why.

Only what a facilitator may read is looked at, every reason names its source, and nobody is ranked:
members stand in alphabetical order, and so do those to talk to.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from markupsafe import Markup

from ustaz import tutorials
from ustaz.course.identity import Identity
from ustaz.deadlines.due import due
from ustaz.messages import N_
from ustaz.roster import by_name
from ustaz.roster.people import Person
from ustaz.server.access import members
from ustaz.server.i18n import Words
from ustaz.server.site import Site
from ustaz.server.views import tutorials as tutorial_views
from ustaz.server.views.homes import year
from ustaz.server.views.records import Record, record
from ustaz.server.views.tutorials import TutorialView
from ustaz.sessions.attendance import Attendance, attendance
from ustaz.tutorials import AgreedStep
from ustaz.workbook import planned_rows, project
from ustaz.workbook.kinds import kind_of

QUIET: Final = dt.timedelta(weeks=3)
BETWEEN_TUTORIALS: Final = dt.timedelta(weeks=8)
#: So many are named: more than a facilitator can talk to in a week help nobody.
MOST: Final = 3
FRIDAY: Final = 4
#: Meetings in a row.
MISSED: Final = 2
PLAN: Final = "action-plan"
REVIEW: Final = "half-way-review"
EVIDENCE: Final = "evidence"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why it is good to talk to somebody.

    Attributes
    ----------
    text : Markup
    source : str
        Where it is read.
    url : str
        The address of the source.
    """

    text: Markup
    source: str
    url: str


@dataclass(slots=True)
class MemberOverview:
    """One member of a group.

    Attributes
    ----------
    last : date or None
        On which something was last written that a facilitator reads.
    last_source : str
        The title of the workbook; empty where nothing was written.
    settled, steps : int
        Of the steps of the plan.
    evidence : int
        Pieces that a facilitator reads.
    held : list of TutorialView
        Newest first.
    meetings : list of Attendance
        Those that were logged while the person was a member, oldest first.
    help : list of str
        What the half-way review asks for, in the words of the workbook.
    reasons : list of Reason
        In the order of the rules.
    rank : int
        The first rule that applies; decides who is named where there are too many.
    """

    person: Person
    last: dt.date | None = None
    last_source: str = ""
    settled: int = 0
    steps: int = 0
    evidence: int = 0
    held: list[TutorialView] = field(default_factory=list)
    meetings: list[Attendance] = field(default_factory=list)
    help: list[str] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)
    rank: int = 0

    @property
    def came(self) -> int:
        """Return to how many of the meetings the person came."""
        return sum(meeting.present for meeting in self.meetings)


@dataclass(slots=True)
class _Facts:
    """What the rules look at."""

    site: Site
    words: Words
    today: dt.date
    about: MemberOverview
    records: dict[str, Record]
    agreed: list[AgreedStep]
    reviewed: dt.date | None = None

    def reason(self, workbook: str, message: str, **params: Any) -> Reason:  # noqa: ANN401
        definition = self.records[workbook].definition
        return Reason(
            self.words.gettext(message, **params),
            self.words.plain(definition.title),
            self.site.url("people", self.about.person.person, workbook),
        )


def overview(site: Site, who: Identity, words: Words) -> list[MemberOverview]:
    """Return the members of a facilitator's groups, in alphabetical order."""
    groups = site.course.groups_of(who.person)
    came: dict[str, list[Attendance]] = {}
    for meeting in attendance(site.course):
        if meeting.meeting.group in groups:
            came.setdefault(meeting.person, []).append(meeting)
    return [
        _member(site, person, words, came.get(person.person, []))
        for person in by_name(members(site.course, who))
    ]


def to_talk_to(rows: list[MemberOverview]) -> list[MemberOverview]:
    """Return at most three members with a reason, in alphabetical order."""
    named = sorted(
        (row for row in rows if row.reasons), key=lambda row: (row.rank, -len(row.reasons))
    )[:MOST]
    return [row for row in rows if row in named]


def friday(today: dt.date) -> dt.date:
    """Return the Friday of this week, or of the next one where it is over."""
    return today + dt.timedelta(days=(FRIDAY - today.weekday()) % 7)


# -- what is known of a member --------------------------------------------------------------------
def _member(site: Site, person: Person, words: Words, meetings: list[Attendance]) -> MemberOverview:
    id = person.person
    about = MemberOverview(person, meetings=meetings)
    records = {
        workbook: record(site, id, workbook, "facilitator") for workbook in year(site.course)
    }
    agreed = list(tutorials.agreed_steps(site.course, id))
    facts = _Facts(site, words, site.course.today(), about, records, agreed)
    about.held = [view for view in tutorial_views.of_person(site, id, words) if view.revision]
    for own in records.values():
        day = _last_day(own)
        if day is not None and (about.last is None or day > about.last):
            about.last, about.last_source = day, words.plain(own.definition.title)
    if PLAN in records:
        plan = records[PLAN]
        steps = planned_rows(plan.definition, _seen(plan))
        about.steps, about.settled = len(steps), sum(step.settled for step in steps)
    if EVIDENCE in records:
        about.evidence = len(_seen(records[EVIDENCE]).get("items") or ())
    if REVIEW in records:
        about.help = _help(records[REVIEW], words)
        facts.reviewed = _day(records[REVIEW].document.updated_at)
    if person.status == "active":
        for rank, rule in enumerate(RULES):
            reason = rule(facts)
            if reason is not None:
                about.rank = rank if not about.reasons else about.rank
                about.reasons.append(reason)
    return about


def _seen(own: Record) -> dict[str, Any]:
    """Return the answers that a facilitator reads."""
    shown = project(own.definition, own.document.answers, "facilitator")
    answers: dict[str, Any] = shown["answers"]
    return answers


def _day(stamp: str) -> dt.date | None:
    return dt.datetime.fromisoformat(stamp).date() if stamp else None


def _last_day(own: Record) -> dt.date | None:
    """Return when something was last written in a workbook that a facilitator reads.

    Of journals the days of the entries count that a facilitator reads: that somebody wrote for
    themselves is theirs to know.
    """
    if not own.started:
        return None
    days = list(_entry_days(own))
    if any(kind_of(field_).row_readers for field_ in own.definition.fields):
        return max(days, default=None)
    if "facilitator" not in own.definition.visibility:
        return None
    return _day(own.document.updated_at)


def _entry_days(own: Record) -> Iterator[dt.date]:
    today, seen = own.course.today(), _seen(own)
    for field_ in own.definition.fields:
        if not kind_of(field_).row_readers:
            continue
        for row in seen.get(field_.id) or ():
            try:
                day = dt.date.fromisoformat(str(row.get("date")))
            except ValueError:
                continue
            if day <= today:
                yield day


def _help(own: Record, words: Words) -> list[str]:
    try:
        options = own.definition.field("help_needed").options
    except KeyError:
        return []
    chosen = _seen(own).get("help_needed") or ()
    return [
        words.plain(option.label)
        for option in options
        if option.id in chosen and option.id != "nothing"
    ]


# -- the rules ------------------------------------------------------------------------------------
def _asked_for_help(facts: _Facts) -> Reason | None:
    last = max((view.day for view in facts.about.held if view.day), default=None)
    if not facts.about.help or (last and facts.reviewed and last >= facts.reviewed):
        return None  # they have talked since
    what = ", ".join(facts.about.help)
    return facts.reason(REVIEW, N_("Asks for help: {what}."), what=what)


def _agreed_late(facts: _Facts) -> Reason | None:
    late = [
        agreed
        for agreed in facts.agreed
        if agreed.step.due < facts.today and not agreed.step.settled
    ]
    if not late:
        return None
    first = min(late, key=lambda agreed: agreed.step.due)
    entry = first.tutorial
    return Reason(
        facts.words.gettext(
            N_("A step that you agreed was due on {day}: {step}"),
            day=facts.words.date(first.step.due),
            step=first.step.text,
        ),
        str(facts.words.gettext(N_("Tutorial {n}"), n=entry.number)),
        facts.site.url("tutorials", entry.person, entry.id),
    )


def _plan_late(facts: _Facts) -> Reason | None:
    plan = facts.records.get(PLAN)
    if plan is None or not plan.late:
        return None
    return facts.reason(PLAN, N_("Steps of the plan past their day: {n}."), n=len(plan.late))


def _plan_missing(facts: _Facts) -> Reason | None:
    plan = facts.records.get(PLAN)
    expected = due(facts.site.course, PLAN, facts.about.person.person) if plan else None
    if plan is None or plan.started or expected is None or expected.day >= facts.today:
        return None
    return facts.reason(
        PLAN,
        N_("The plan was expected on {day} and is not begun."),
        day=facts.words.date(expected.day),
    )


def _missed(facts: _Facts) -> Reason | None:
    """Name who was away twice in a row: the meetings of the last two logs."""
    last = facts.about.meetings[-MISSED:]
    if len(last) < MISSED or any(meeting.present for meeting in last):
        return None
    days = ", ".join(facts.words.date(meeting.day) for meeting in last)
    kept = last[-1].meeting
    return Reason(
        facts.words.gettext(N_("Was not at the last two meetings: {days}."), days=days),
        str(facts.words.gettext(N_("Log of the meeting"))),
        facts.site.url("sessions", kept.id, "log"),
    )


def _quiet(facts: _Facts) -> Reason | None:
    since = facts.about.last or facts.site.course.start
    if facts.today - since < QUIET:
        return None
    weeks = (facts.today - since).days // 7
    return Reason(
        facts.words.gettext(N_("Weeks without anything new that you can read: {n}."), n=weeks),
        facts.about.last_source or str(facts.words.gettext(N_("all workbooks"))),
        "",
    )


def _no_tutorial(facts: _Facts) -> Reason | None:
    days = [view.day for view in facts.about.held if view.day]
    since = max(days, default=facts.site.course.start)
    if facts.today - since < BETWEEN_TUTORIALS:
        return None
    text = (
        facts.words.gettext(N_("The last tutorial was on {day}."), day=facts.words.date(since))
        if days
        else facts.words.gettext(N_("There is no note of a tutorial yet."))
    )
    return Reason(text, str(facts.words.gettext(N_("Tutorials"))), "")


#: In the order in which they count where more than three people have a reason.
RULES: Final[tuple[Callable[[_Facts], Reason | None], ...]] = (
    _asked_for_help,
    _missed,
    _agreed_late,
    _plan_late,
    _plan_missing,
    _quiet,
    _no_tutorial,
)
