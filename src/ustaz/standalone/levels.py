"""Levels of a rubric, each with a sentence that says what shows it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

import traitlets

from ustaz.standalone.field import options_of, shipped_field
from ustaz.standalone.parts import PartsWidget
from ustaz.standalone.plain import plain
from ustaz.workbook.kinds.base import Side
from ustaz.workbook.kinds.levels import CRITERION_LABEL, LEVEL_LABEL, MOST, REASON_LABEL
from ustaz.workbook.kinds.options import criteria as options_from
from ustaz.workbook.rubrics import MOST_LEVELS, Criterion, Rubric

LONGEST_DESCRIPTOR: Final = 600


def _rubric(levels: object, criteria: object) -> Rubric:
    """Return a rubric made of arguments."""
    names = plain(levels)
    if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names):
        raise traitlets.TraitError("levels: expected the names of the levels, from the lowest")
    if not 2 <= len(names) <= MOST_LEVELS or len(set(names)) < len(names):
        raise traitlets.TraitError(f"levels: expected from 2 to {MOST_LEVELS} different names")
    entries = plain(criteria)
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        raise traitlets.TraitError("criteria: expected a list of dictionaries")
    own = []
    options = options_of("criteria", entries, most=MOST)
    for number, (option, entry) in enumerate(zip(options, entries, strict=True), 1):
        descriptors = entry.get("descriptors", [""] * len(names))
        fits = isinstance(descriptors, Sequence) and not isinstance(descriptors, str)
        if not fits or len(descriptors) != len(names):
            raise traitlets.TraitError(
                f"criteria, number {number}, descriptors: expected {len(names)}, one a level"
            )
        for text in descriptors:
            if not isinstance(text, str) or len(text) > LONGEST_DESCRIPTOR or "\0" in text:
                raise traitlets.TraitError(
                    f"criteria, number {number}, descriptors: expected texts of up to "
                    f"{LONGEST_DESCRIPTOR} letters"
                )
        own.append(Criterion(option.id, option.id.upper(), option.label, tuple(descriptors)))
    return Rubric("own", "1.0.0", "", tuple(names), tuple(own), ())


class Levels(PartsWidget):
    """Where somebody stands by the criteria of a rubric, with what shows it.

    Parameters
    ----------
    value : dict, list of dict, or DataFrame
        ``{"trust": {"level": 2, "reason": "…"}, …}``; the lowest level is 0. In a list or a
        DataFrame the criterion is in ``criterion``, or in the index.
    levels : list of str, optional
        The names of the levels, from the lowest; from 2 to 6.
    criteria : list of dict, optional
        ``id``, ``label`` and ``descriptors``: what each level looks like. Default, with `levels`:
        the rubric of the course's portfolio.
    **kwargs
        ``language``, ``read_only``, ``description``, and what every ipywidget takes.

    Raises
    ------
    TraitError
        Where a level does not fit, with its criterion; where only one of `levels` and `criteria`
        is there.

    Examples
    --------
    >>> levels = Levels(
    ...     {"voice": {"level": 1}},
    ...     levels=["not yet", "sometimes", "mostly"],
    ...     criteria=[{"id": "voice", "label": "Pupils ask"}],
    ... )
    >>> levels.value
    {'voice': {'level': 1}}
    """

    FILE: ClassVar[str] = "levels"
    TOPIC: ClassVar[str] = "criterion"

    def __init__(
        self,
        value: object = None,
        *,
        levels: object = None,
        criteria: object = None,
        today: object = None,
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        field = dataclasses.replace(
            shipped_field("portfolio", "self_assessment"),
            id="levels",
            required=None,
            min_items=None,
        )
        if (levels is None) != (criteria is None):
            raise traitlets.TraitError("levels and criteria belong together: both, or neither")
        if levels is not None:
            rubric = _rubric(levels, criteria)
            field = dataclasses.replace(
                field, options=options_from(rubric), settings={"rubric": rubric}
            )
        super().__init__(field, {} if value is None else value, today=today, **kwargs)

    def sheet_rows(self, side: Side) -> tuple[list[str], list[list[str]]]:
        """Return what was answered, a row a topic."""
        names = [self._translate(name) for name in self._field.settings["rubric"].levels]
        rows = []
        for option in self._field.options:
            answer = self.value.get(option.id)
            if answer is not None:
                level = names[answer["level"]] if "level" in answer else "–"
                rows.append([self._translate(option.label), level, answer.get("reason", "")])
        return [side.gettext(label) for label in (CRITERION_LABEL, LEVEL_LABEL, REASON_LABEL)], rows
