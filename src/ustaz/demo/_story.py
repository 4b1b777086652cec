"""What happened when: from what a teacher wrote to single acts, in the order of the days."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ustaz.base.ledger import Ledger
from ustaz.course import Course
from ustaz.course.identity import acting_as
from ustaz.demo import _answers as answers
from ustaz.demo._clock import at
from ustaz.demo._events import TODAY
from ustaz.demo._people import Teacher
from ustaz.demo._reading import refuse
from ustaz.workbook import Definition, ValueProblem, check_value

if TYPE_CHECKING:
    import random

    from ustaz.answers import Batch

Change = dict[str, Any]
PLAN: Final = "action-plan"
BATCH: Final = 40
READY: Final[Change] = {"op": "status", "value": "ready"}


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that happened.

    Attributes
    ----------
    at : datetime
    does : str
        ``write``, ``agree``, ``send`` or ``confirm``.
    workbook : str
    changes : list of dict
        What a ``write`` saves.
    word : str
        Which field was agreed; who typed the answers in.
    """

    at: dt.datetime
    does: str
    workbook: str
    changes: Sequence[Change] = ()
    word: str = ""


class Story:
    """One teacher's year.

    Parameters
    ----------
    course : Course
    teacher : Teacher
    chance : random.Random
        Decides hours.
    translator : Translator
    """

    def __init__(
        self,
        course: Course,
        teacher: Teacher,
        chance: random.Random,
        translator: answers.Translator,
    ) -> None:
        self.course = course
        self.teacher = teacher
        self.chance = chance
        self.translator = translator

    def acts(self) -> list[Act]:
        """Return what happened until today, in its order."""
        # The people map first: other workbooks choose from it.
        year = dict(sorted(self.teacher.year.items(), key=lambda pair: pair[0] != "people-map"))
        acts = [act for workbook, entry in year.items() for act in self._of(workbook, entry)]
        return sorted(acts, key=lambda act: act.at)

    def _of(self, workbook: str, entry: Mapping[str, Any]) -> Iterator[Act]:
        day = entry["day"]
        own = dict(entry["answers"])
        if workbook == PLAN:
            steps = own["steps"]
            own["steps"] = [answers.without_day(step) for step in answers.planned(steps, day)]
        typed_by = entry.get("typed_by", "")
        moment = self._moment(day)
        changes = self._changes(workbook, own, ["answers"], moment)
        if entry.get("ready") and not typed_by:
            changes.append(READY)
        yield Act(moment, "write", workbook, changes, typed_by)
        if workbook == PLAN:
            days = answers.moves(steps, day, TODAY - 1)
            if days and not self.teacher.file:  # of generated teachers all at once: it is quicker
                days = {max(days): [step for moved in days.values() for step in moved]}
            for moved_on, moved in days.items():
                changes = list(answers.moved(self.translator, moved))
                yield Act(self._moment(moved_on), "write", workbook, changes)
        for number, later in enumerate(entry.get("later", ())):
            moment = self._moment(later["day"])
            place = ("later", number, "answers")
            changes = self._changes(workbook, later["answers"], place, moment)
            yield Act(moment, "write", workbook, changes)
        if "confirmed" in entry:
            yield Act(self._moment(entry["confirmed"]), "confirm", workbook)
        for field, agreed in entry.get("agreed", {}).items():
            yield Act(self._moment(agreed, 16), "agree", workbook, word=field)
        for number, sent in enumerate(entry.get("sent", ())):
            if typed_by and not number:
                yield Act(self._moment(sent, 18), "write", workbook, [READY])
            yield Act(self._moment(sent, 19), "send", workbook)

    def _changes(
        self,
        workbook: str,
        own: Mapping[str, Any],
        place: Sequence[str | int],
        moment: dt.datetime,
    ) -> list[Change]:
        definition = self.course.library[workbook]
        changes: list[Change] = []
        for field, value in own.items():
            where: list[str | int] = ["year", workbook, *place, field]
            try:
                with at(moment):  # files are kept now
                    changed = self.translator.changes(definition, {field: value})
            except (KeyError, StopIteration) as error:
                raise refuse(self.teacher.file, where, f"{workbook}/{field}: {error}") from error
            for row, change in enumerate(changed):
                self._check(definition, change, where, row)
            changes += changed
        return changes

    def _check(
        self, definition: Definition, change: Change, where: Sequence[str | int], row: int
    ) -> None:
        added = change["op"] == "add_row"
        values = change["value"] if added else {"": change["value"]}
        for column, value in values.items():
            path = [*change["path"], column] if added else change["path"]
            try:
                check_value(definition, path, value)
            except ValueProblem as error:
                place = [*where, row, column] if added else where
                what = f"{definition.id}/{'/'.join(error.path)}: {error.id}"
                raise refuse(self.teacher.file, place, what) from error

    def _moment(self, day: int, hour: int = 0) -> dt.datetime:
        date = self.course.start + dt.timedelta(days=day)
        time = dt.time(hour or self.chance.randint(9, 15), self.chance.randint(0, 59))
        return dt.datetime.combine(date, time, self.course.timezone)

    # -- doing it ---------------------------------------------------------------------------------
    def perform(self, act: Act) -> None:
        """Do one act by the functions that a page would have called."""
        with at(act.at):
            if act.does == "write":
                self._save(act)
            elif act.does == "agree":
                self._agree(act)
            elif act.does == "confirm":
                self._confirm(act)
            else:
                self._hand_in(act)

    def _save(self, act: Act) -> None:
        from ustaz.answers import Subject
        from ustaz.transcription import writing

        person = self.teacher.person.person
        subject = Subject.person(person)
        for first in range(0, len(act.changes), BATCH):
            revision = self.course.store.read(subject, act.workbook).revision
            batch = self._batch(revision, act.changes[first : first + BATCH])
            if act.word:
                who = acting_as(self.course, act.word)
                definition = self.course.library[act.workbook]
                writing.save(self.course, self._typed(), who, definition, person, batch)
            else:
                self.course.store.save(subject, act.workbook, batch, person)

    def _batch(self, revision: int, changes: Sequence[Change]) -> Batch:
        from ustaz.answers import Batch

        return Batch.from_json(
            {
                "batch": str(uuid.UUID(int=self.chance.getrandbits(128), version=4)),
                "client": "demo",
                "base_revision": revision,
                "lang": self.teacher.person.lang,
                "changes": list(changes),
            }
        )

    def _typed(self) -> Ledger:
        from ustaz.transcription.marks import FOLDER

        return Ledger(self.course.dir / FOLDER)

    def _confirm(self, act: Act) -> None:
        from ustaz.answers import Subject
        from ustaz.transcription import marks, writing

        person = self.teacher.person.person
        definition = self.course.library[act.workbook]
        document = self.course.store.read(Subject.person(person), act.workbook)
        ledger = self._typed()
        # The last thing typed in is still to be read.
        seen = marks.standing(ledger, definition, document)[:-1]
        revisions = {mark.place: mark.revision for mark in seen}
        writing.confirm(ledger, acting_as(self.course, person), definition, document, revisions)

    def _agree(self, act: Act) -> None:
        from ustaz.server.views.confirmations import record

        person = self.teacher.person
        leads = self.course.with_role("facilitator")
        facilitator = next(lead for lead in leads if lead.group == person.group)
        record(
            Ledger(self.course.dir / "confirmations"),
            self.course,
            acting_as(self.course, facilitator.person),
            about=person.person,
            workbook=act.workbook,
            field=act.word,
            value=True,
        )

    def _hand_in(self, act: Act) -> None:
        from ustaz.exchange import submit

        person = self.teacher.person.person
        submit(
            self.course,
            person,
            act.workbook,
            identity=acting_as(self.course, person),
            confirm=True,
        )
