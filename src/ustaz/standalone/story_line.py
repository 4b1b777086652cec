"""The story line: what happened when, as one picture and as a list by date."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar, Final

import traitlets

from ustaz.messages import N_
from ustaz.standalone.field import day_of, in_order
from ustaz.standalone.refusals import Refusal
from ustaz.standalone.rows import TableWidget
from ustaz.storyline import KIND_NAMES, Event, drawn, lines
from ustaz.storyline.drawing import LANE_NAMES, STATE_NAMES
from ustaz.storyline.events import KINDS
from ustaz.workbook.kinds.base import Side
from ustaz.workbook.kinds.table import Table
from ustaz.workbook.model import Field, Option

MOST_EVENTS: Final = 300
LANES: Final = tuple(LANE_NAMES)
LABEL: Final = N_("Story line")
DAY: Final = N_("Day")
WHAT: Final = N_("What happened")
KIND: Final = N_("Kind")
STATE: Final = N_("Where it stands")

_FIELD: Final = Field(
    id="events",
    kind="table",
    label=LABEL,
    component="form",
    columns=(
        Field("kind", "choice", KIND, options=tuple(Option(k, KIND_NAMES[k]) for k in KINDS)),
        Field("day", "date", DAY),
        Field("text", "text", WHAT),
        Field("start", "date", N_("From")),
        Field(
            "state", "choice", STATE, options=tuple(map(Option, STATE_NAMES, STATE_NAMES.values()))
        ),
        Field("done", "date", N_("Done on")),
        Field("note", "text", N_("Note")),
        Field("number", "scale", N_("Number"), low_value=0, high_value=999),
    ),
)


class _Events(Table):
    """A table with room for a year."""

    rows_cap = MOST_EVENTS


class StoryLine(TableWidget):
    """What happened when in a project: lanes below a line of months, and a list by date.

    Parameters
    ----------
    events : list of dict, or DataFrame
        ``kind`` and ``day`` are needed; a kind is one of ``concern``, ``meeting``, ``event``,
        ``consultation``, ``step``, ``entry``, ``evidence``, ``review`` and ``round``. ``text`` says
        what happened. Of a step: ``start``, ``state`` (``open``, ``begun``, ``late``, ``done``,
        ``changed``, ``dropped``), ``done``, ``note`` and ``number``; of a round: ``number``.
        ``Plan(…).events()`` returns the steps of a plan in this form.
    start, end : date or str, optional
        From when to when the line goes; default: from the first event to the last one.
    today : date or str, optional
        Where today is marked; default: today.
    shown : list of str, optional
        The lanes that are shown: ``path``, ``steps``, ``talks``, ``evidence``, ``record``,
        ``meetings``. A trait, which the boxes below the picture change.
    **kwargs
        ``language``, ``description``, and what every ipywidget takes.

    Raises
    ------
    TraitError
        Where an event does not fit; with its number and the key.

    Examples
    --------
    >>> story = StoryLine([{"kind": "concern", "day": "2026-09-21", "text": "Few pupils ask"}])
    >>> story.shown = ["path", "steps"]
    """

    FILE: ClassVar[str] = "story-line"

    shown = traitlets.List(traitlets.Enum(LANES), list(LANES)).tag(sync=True)
    title = traitlets.Unicode(read_only=True).tag(sync=True)
    picture = traitlets.Unicode(read_only=True).tag(sync=True)

    def __init__(
        self,
        events: object = (),
        *,
        start: object = None,
        end: object = None,
        today: object = None,
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        self._start, self._end = day_of("start", start), day_of("end", end)
        in_order(self._start, self._end)
        super().__init__(_FIELD, events, today=today, **kwargs)
        self._draw()
        self.observe(self._draw, ["value", "language"])

    def check(self, value: Any) -> None:  # noqa: ANN401
        """Raise where an event does not fit, or has no kind or no day."""
        if len(value) > MOST_EVENTS:
            raise Refusal("too_many", self._field.id, most=MOST_EVENTS)
        _Events().check(self._field, [self._field.id], value)
        for number, row in enumerate(value, 1):
            for name in ("kind", "day"):
                if name not in row:
                    raise Refusal("not_there", self._field.id, row=number, missing=name)

    def _events(self) -> list[Event]:
        counts: dict[str, int] = {}
        events = []
        for row in self.value:
            kind = row["kind"]
            counts[kind] = counts.get(kind, 0) + 1
            days: dict[str, Any] = {
                name: dt.date.fromisoformat(row[name]) for name in ("start", "done") if name in row
            }
            events.append(
                Event(
                    kind,
                    dt.date.fromisoformat(row["day"]),
                    text=row.get("text", ""),
                    state=row.get("state", "open") if kind == "step" else "",
                    note=row.get("note", ""),
                    number=row.get("number", counts[kind]),
                    **days,
                )
            )
        return events

    def _draw(self, _change: object = None) -> None:
        events = self._events()
        days = [event.day for event in events] or [self._today]
        picture = drawn(
            events,
            start=self._start or min(days),
            end=self._end or max(days),
            today=self._today,
            lang=self.language,
            page=True,
        )
        self.set_trait("title", self._translate(LABEL))
        self.set_trait("picture", picture)

    def sheet_rows(self, side: Side) -> tuple[list[str], list[list[str]]]:
        """Return what happened, by date."""
        events = lines(self._events(), side.reader)
        rows = [[event.day.isoformat(), kind, event.text, state] for event, kind, state in events]
        return [side.gettext(label) for label in (DAY, KIND, WHAT, STATE)], rows
