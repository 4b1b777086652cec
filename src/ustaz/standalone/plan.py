"""The action plan: steps in a table with a timeline."""

from __future__ import annotations

import dataclasses
from functools import cache
from typing import Any, ClassVar, Final

from ustaz.messages import N_
from ustaz.standalone.field import day_of, in_order, options_of, shipped_field, shipped_rule
from ustaz.standalone.rows import TableWidget
from ustaz.storyline import of_workbook
from ustaz.workbook.model import Field

MOST_KINDS: Final = 12
STEPS_LABEL: Final = N_("Action plan")
HELP: Final = N_("One line for each step. Short sentences are best.")


@cache
def _columns() -> tuple[Field, ...]:
    """Return the columns of the course's plan, without what only a course asks for.

    People are a text here: there is no people map to choose them from.
    """
    columns = []
    for column in shipped_field("action-plan", "steps").columns:
        free = dataclasses.replace(column, required=None, required_when=None, min=None)
        if column.id == "who":
            free = Field(id="who", kind="text", label=column.label, max=140)
        columns.append(free)
    return tuple(columns)


class Plan(TableWidget):
    """An action plan: steps with their days and how they stand, as a table and a timeline.

    Parameters
    ----------
    steps : list of dict, or DataFrame
        Keys, all of them optional: ``action``, ``strand`` (the kind of step), ``who``, ``start``
        and ``due`` (days), ``resources``, ``evidence_expected`` (a list), ``status``
        (``not_started``, ``doing``, ``done``, ``changed``, ``dropped``), ``done_on``,
        ``what_happened``, and ``id``, which every step gets where it has none.
    kinds : mapping or list of dict, optional
        Other kinds of step than the course's, ``{"ask": "Ask others", …}``.
    start, end : date or str, optional
        From when to when the project goes: the frame of the timeline.
    today : date or str, optional
        What counts as today; default: today.
    **kwargs
        ``language``, ``read_only``, ``description``, and what every ipywidget takes.

    Raises
    ------
    TraitError
        Where a step does not fit; with its number and the column.

    Examples
    --------
    >>> plan = Plan([{"action": "Ask two parents", "due": "2026-10-16"}])
    >>> plan.value
    [{'id': 'row0001', 'action': 'Ask two parents', 'due': '2026-10-16'}]
    """

    FILE: ClassVar[str] = "plan"

    def __init__(
        self,
        steps: object = (),
        *,
        kinds: object = None,
        start: object = None,
        end: object = None,
        today: object = None,
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        columns = list(_columns())
        rules = [shipped_rule("action-plan", "step-dates")]
        if kinds is None:
            rules.append(shipped_rule("action-plan", "strands"))
        else:
            options = options_of("kinds", kinds, most=MOST_KINDS)
            at = next(at for at, column in enumerate(columns) if column.id == "strand")
            columns[at] = dataclasses.replace(columns[at], options=options, help=None)
        frame = {"programme_start": day_of("start", start), "programme_end": day_of("end", end)}
        in_order(frame["programme_start"], frame["programme_end"])
        field = dataclasses.replace(
            shipped_field("action-plan", "steps"),
            label=STEPS_LABEL,
            help=HELP,
            required=None,
            min_rows=None,
            max_rows=None,
            columns=tuple(columns),
        )
        context = {name: day.isoformat() for name, day in frame.items() if day}
        super().__init__(field, steps, rules=rules, context=context, today=today, **kwargs)

    def events(self) -> list[dict[str, Any]]:
        """Return the steps that have a day as events, for a :class:`StoryLine`."""
        steps = of_workbook(
            self._definition, {"steps": self.value}, title="", written={}, today=self._today
        )
        events = []
        for event in steps:
            days = {"day": event.day, "start": event.start, "done": event.done}
            written = {name: day.isoformat() for name, day in days.items() if day}
            texts = {"text": event.text, "state": event.state, "note": event.note}
            kept = {name: text for name, text in texts.items() if text}
            events.append({"kind": "step", **written, **kept, "number": event.number})
        return events
