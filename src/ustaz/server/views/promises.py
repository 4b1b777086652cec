"""What a receipt says of what comes next: who reads, and by when feedback comes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from markupsafe import Markup

from ustaz.course import Course
from ustaz.exchange import Receipt, SubmissionSummary
from ustaz.server.access import facilitators_of
from ustaz.server.i18n import Words
from ustaz.server.views.labels import bdi


@dataclass(frozen=True, slots=True)
class Promise:
    """Who reads a round, and by when its writer hears.

    Attributes
    ----------
    facilitators : list of str
        Names of those who are asked today, substitutes included.
    reviewers : bool
        Whether reviewers may read it, without the writer's name.
    by : date or None
        The last day on which feedback is to come; None where the course promises none.
    """

    facilitators: list[str]
    reviewers: bool
    by: dt.date | None


def promise(course: Course, receipt: Receipt) -> Promise:
    """Return what a course promises about a submission."""
    days = course.settings.feedback_days
    day = receipt.received_at.astimezone(course.timezone).date()
    return Promise(
        facilitators=[reader.name for reader in facilitators_of(course, receipt.person)],
        reviewers=bool(course.taking_part("reviewer")),
        by=day + dt.timedelta(days=days) if days else None,
    )


def who_reads(known: Promise, words: Words) -> Markup:
    """Say who reads a submission."""
    names = Markup(", ").join(bdi(facilitator) for facilitator in known.facilitators)
    if not known.facilitators:
        text = words.gettext("The course staff.")
    else:
        text = words.ngettext(
            "Your facilitator ({names}) and the course staff.",
            "Your facilitators ({names}) and the course staff.",
            len(known.facilitators),
            names=names,
        )
    if known.reviewers:
        text += " " + words.gettext("Reviewers may read it, without your name.")
    return text


def by_when(
    known: Promise, summary: SubmissionSummary | None, today: dt.date, words: Words
) -> Markup:
    """Say when feedback comes, or that it has come."""
    if summary is not None and summary.returned_at:
        return words.gettext("It came on {when}.", when=words.moment(summary.returned_at))
    if known.by is None:
        return words.gettext("It appears on your home page when it comes.")
    if known.by < today:
        return words.gettext(
            "It was to come by {when}. Please ask your facilitator or the course staff.",
            when=words.date(known.by),
        )
    return words.gettext("By {when} at the latest, on your home page.", when=words.date(known.by))
