"""The story line of a person's project: which events there are for a reader, and their picture."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup

from ustaz.answers import Subject
from ustaz.base.errors import UstazError
from ustaz.calendar.entries import entries
from ustaz.exchange import rounds
from ustaz.server.access import Sight
from ustaz.server.i18n import Words
from ustaz.server.site import Site
from ustaz.server.views.calendars import MEETINGS
from ustaz.server.views.homes import year
from ustaz.server.views.records import Record
from ustaz.shares import Share
from ustaz.storyline import (
    Event,
    drawn,
    first_written,
    in_order,
    of_workbook,
    planned_and_happened,
    undated_fields,
)
from ustaz.workbook import Definition, has_plan, project


@dataclass
class Story:
    """One person's story for one reader.

    Attributes
    ----------
    site : Site
    person : str
    reader : Sight
        As whom it is read; what this reader may not see is no part of it.
    words : Words
        The reader's.
    """

    site: Site
    person: str
    reader: Sight
    words: Words

    @cached_property
    def events(self) -> list[Event]:
        """Return what happened and is planned, by day."""
        if self.reader.by_shares:  # neither what was handed in nor where somebody has to be
            return in_order(self._workbooks())
        return in_order([*self._workbooks(), *self._meetings(), *self._rounds()])

    @property
    def begun(self) -> bool:
        """Tell whether there is more in it than the meetings of the course."""
        return any(event.workbook for event in self.events)

    def picture(self, *, page: bool = False) -> Markup:
        """Return the picture with its list; `page` where it has the page for itself."""
        course = self.site.course
        return Markup(  # noqa: S704 - drawn escaped
            drawn(
                self.events,
                start=course.start,
                end=course.end,
                today=course.today(),
                lang=self.words.lang,
                address=self._address,
                page=page,
            )
        )

    def steps(self) -> Markup:
        """Return the steps of the plan with what became of each."""
        return Markup(  # noqa: S704 - drawn escaped
            planned_and_happened(
                self.events,
                today=self.site.course.today(),
                lang=self.words.lang,
                address=self._address,
            )
        )

    # -- where events come from -------------------------------------------------------------------
    def _workbooks(self) -> Iterator[Event]:
        course, subject = self.site.course, Subject.person(self.person)
        for workbook in year(course):
            definition = course.library[workbook]
            if not has_plan(definition) and not any(field.story for field in definition.fields):
                continue
            try:
                document = course.store.read(subject, workbook)
            except UstazError:  # what is wrong with it is said where it is opened
                continue
            if not document.revision:
                continue
            audience = "outside" if self.reader.by_shares else self.reader.audience
            places = self.reader.places(workbook)
            shown = project(definition, document.answers, audience, places)["answers"]
            yield from of_workbook(
                definition,
                shown,
                title=self.words.plain(definition.title),
                written=self._written(definition),
                today=course.today(),
                late=not self.reader.by_shares,
            )

    def _written(self, definition: Definition) -> dict[str, dt.date]:
        """Return the day on which each undated answer was first written."""
        wanted = undated_fields(definition)
        if not wanted:
            return {}
        course = self.site.course
        try:
            history = course.store.history(Subject.person(self.person), definition.id)
        except UstazError:
            return {}
        return first_written(((save.at, save.paths) for save in history), wanted, course.timezone)

    def _meetings(self) -> Iterator[Event]:
        for entry in entries(self.site.course, self.person, steps=False):
            if entry.kind in MEETINGS and not entry.slot.cancelled:
                title = entry.title(self.words.lang, self.words.plain)
                yield Event("meeting", entry.day, title=title)

    def _rounds(self) -> Iterator[Event]:
        course = self.site.course
        for workbook in course.assignments:
            if workbook not in course.library.ids:
                continue
            title = self.words.plain(course.library[workbook].title)
            for sent in rounds(course, self.person, workbook):
                day = sent.receipt.received_at.astimezone(course.timezone).date()
                yield Event("round", day, title=title, number=sent.round, workbook=workbook)

    def _address(self, event: Event) -> str:
        if not event.workbook:
            return ""
        if self.reader.by_shares:
            return ""
        if self.reader.audience != "self":
            return self.site.url("people", self.person, event.workbook)
        if event.kind == "round":
            return self.site.url("workbooks", event.workbook, "receipt", str(event.number))
        place = "-".join(part for part in (event.workbook, event.field, event.row) if part)
        return self.site.url("workbooks", event.workbook) + f"#uz-{place}"


def shown_story(site: Site, share: Share, words: Words) -> str:
    """Return the address of the project's picture, where a share shows a part of it."""
    if share.workbook not in site.course.library.ids:
        return ""
    story = Story(site, share.owner, Sight("outside", (share,)), words)
    return site.url("story", share.owner) if story.begun else ""


def opening(record: Record, words: Words) -> Markup:
    """Return what a section of this workbook opens with, where one does; else nothing."""
    if not any(section.opens_with == "story" for section in record.definition.sections):
        return Markup()
    story = Story(record.site, record.person, Sight(record.audience, record.shares), words)
    return story.picture() + story.steps()
