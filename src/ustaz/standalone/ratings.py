"""Paired ratings: how something is now, and how it is wanted."""

from __future__ import annotations

import dataclasses
from typing import Any, ClassVar, Final

import traitlets

from ustaz.messages import N_
from ustaz.standalone.field import options_of, shipped_field
from ustaz.standalone.parts import PartsWidget
from ustaz.workbook.kinds.base import Side
from ustaz.workbook.kinds.ratings import MOST, PARTS
from ustaz.workbook.kinds.words import CANNOT_SAY, DIMENSION, NOW, WANTED

LEAST: Final = 3
EARLIER: Final = "earlier"
HELP: Final = N_("Rate each of them, or leave it empty.")


class Ratings(PartsWidget):
    """Paired ratings of some dimensions, from 1 to 5: now, and wanted.

    Parameters
    ----------
    value : dict, list of dict, or DataFrame
        ``{"trust": {"now": 3, "wanted": 5}, …}``; None is "cannot say". In a list or a DataFrame
        the dimension is in ``dimension``, or in the index.
    dimensions : mapping or list of dict, optional
        From 3 to 20, ``{"trust": "Trust", …}`` or with ``id``, ``label`` and ``help``; default:
        the nine sides of a school that the course looks at.
    low, high : str, optional
        What 1 and 5 mean.
    earlier : as `value`, optional
        Ratings from before, which are drawn beneath these.
    **kwargs
        ``language``, ``read_only``, ``description``, and what every ipywidget takes.

    Raises
    ------
    TraitError
        Where a rating does not fit; with its dimension.

    Examples
    --------
    >>> ratings = Ratings({"trust": {"now": 3, "wanted": 5}})
    >>> ratings.value["trust"]["wanted"] - ratings.value["trust"]["now"]
    2
    """

    FILE: ClassVar[str] = "ratings"
    TOPIC: ClassVar[str] = "dimension"

    def __init__(
        self,
        value: object = None,
        *,
        dimensions: object = None,
        low: str | None = None,
        high: str | None = None,
        earlier: object = None,
        today: object = None,
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        field = dataclasses.replace(
            shipped_field("culture", "ratings"), help=HELP, required=None, min_items=None
        )
        for name, words in (("low", low), ("high", high)):
            if words is not None and not (isinstance(words, str) and words.strip()):
                raise traitlets.TraitError(f"{name}: expected a text")
        if dimensions is not None:
            options = options_of("dimensions", dimensions, least=LEAST, most=MOST)
            field = dataclasses.replace(field, options=options, low=None, high=None)
        field = dataclasses.replace(
            field,
            low=low or field.low,
            high=high or field.high,
            to=None if earlier is None else f"{EARLIER}/{field.id}",
        )
        self._field = field
        context = {}
        if earlier is not None:
            context["linked"] = {EARLIER: {field.id: self.checked(earlier)}}
        super().__init__(
            field, {} if value is None else value, context=context, today=today, **kwargs
        )

    def sheet_rows(self, side: Side) -> tuple[list[str], list[list[str]]]:
        """Return what was answered, a row a topic."""
        cannot_say = side.gettext(CANNOT_SAY)

        def shown(answer: dict[str, int | None], part: str) -> str:
            rating = answer.get(part, "–")
            return cannot_say if rating is None else str(rating)

        rows = [
            [self._translate(option.label), *(shown(self.value[option.id], part) for part in PARTS)]
            for option in self._field.options
            if option.id in self.value
        ]
        return [side.gettext(label) for label in (DIMENSION, NOW, WANTED)], rows
