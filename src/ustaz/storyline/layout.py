"""Where each event stands in the picture: lanes below a line of months.

Marks of a lane that would touch are put on rows of their own. A lane has at most
:data:`MOST_ROWS`; what finds no place there is counted beside the lane's name, and stands in the
list in any case.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from ustaz.storyline.events import Event, in_order

#: Units of the drawing.
WIDTH: Final = 720
MARGIN: Final = 16
HEAD: Final = 26
NAME: Final = 19
ROW: Final = 20
GAP: Final = 7
#: Half the width of a mark, and what stays free between two.
HALF: Final = 8
FREE: Final = 3
#: A bar is never so short that its number has no room.
BAR: Final = 24
MOST_ROWS: Final = 6
#: Days outside of the programme that still make the line longer; what is further stands at its end.
BEYOND: Final = 120
#: Lanes, from above, and the kinds that stand in each.
LANES: Final = {
    "path": ("concern", "review", "round"),
    "steps": ("step",),
    "talks": ("consultation",),
    "evidence": ("evidence",),
    "record": ("entry",),
    "meetings": ("meeting", "event"),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """An event in its place: from `left` to `right`, and its middle in height."""

    event: Event
    left: float
    right: float
    y: float

    @property
    def x(self) -> float:
        """Return the middle."""
        return (self.left + self.right) / 2


@dataclass(slots=True)
class Lane:
    """A lane.

    Attributes
    ----------
    name : str
        Of :data:`LANES`.
    top, bottom : float
    marks : list of Mark
    more : int
        How many events found no place.
    """

    name: str
    top: float
    bottom: float
    marks: list[Mark] = field(default_factory=list)
    more: int = 0


@dataclass(frozen=True, slots=True)
class Picture:
    """A whole picture: its lanes, its months with the place where each begins, and today."""

    height: float
    lanes: list[Lane]
    months: list[tuple[dt.date, float]]
    today: float | None


@dataclass(frozen=True, slots=True)
class _Line:
    """The line of time."""

    first: dt.date
    last: dt.date

    def at(self, day: dt.date) -> float:
        inside = min(max(day, self.first), self.last)
        share = (inside - self.first).days / max(1, (self.last - self.first).days)
        return round(MARGIN + share * (WIDTH - 2 * MARGIN), 1)


def layout(events: Sequence[Event], start: dt.date, end: dt.date, today: dt.date) -> Picture:
    """Return where everything stands; lanes in which nothing happens are left out."""
    line = _line(events, start, end)
    top, lanes = float(HEAD), []
    for name, kinds in LANES.items():
        own = [event for event in in_order(events) if event.kind in kinds]
        if own:
            lanes.append(_lane(name, own, line, top))
            top = lanes[-1].bottom + GAP
    inside = line.first <= today <= line.last
    return Picture(top, lanes, list(_months(line)), line.at(today) if inside else None)


def _line(events: Sequence[Event], start: dt.date, end: dt.date) -> _Line:
    """Return the line: the programme, and days shortly before or after it, in whole months."""
    beyond = dt.timedelta(days=BEYOND)
    near = [event.day for event in events if start - beyond <= event.day <= end + beyond]
    first, last = min([start, *near]), max([start, end, *near])
    after = (last.replace(day=1) + dt.timedelta(days=31)).replace(day=1)
    return _Line(first.replace(day=1), after - dt.timedelta(days=1))


def _months(line: _Line) -> Iterator[tuple[dt.date, float]]:
    month = line.first
    while month <= line.last:
        yield month, line.at(month)
        month = (month + dt.timedelta(days=31)).replace(day=1)


def _lane(name: str, events: Sequence[Event], line: _Line, top: float) -> Lane:
    lane = Lane(name, top, top)
    ends: list[float] = []
    spans = sorted((*_span(event, line), at) for at, event in enumerate(events))
    for left, right, at in spans:
        row = next((row for row, end in enumerate(ends) if end + FREE <= left), len(ends))
        if row == MOST_ROWS:
            lane.more += 1
            continue
        ends[row : row + 1] = [right]
        lane.marks.append(Mark(events[at], left, right, top + NAME + ROW * (row + 0.5)))
    lane.bottom = top + NAME + ROW * len(ends)
    return lane


def _span(event: Event, line: _Line) -> tuple[float, float]:
    """Return from where to where a mark reaches; all of it lies within the picture."""
    if event.kind == "step":
        right = line.at(event.day)
        left = min(line.at(event.start or event.day), right - BAR)
    else:
        middle = line.at(event.day)
        left, right = middle - HALF, middle + HALF
    over = min(0.0, left) + max(0.0, right - WIDTH)
    return max(0.0, left - max(0.0, over)), min(float(WIDTH), right - min(0.0, over))
