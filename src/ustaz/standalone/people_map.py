"""The people map: people around a project, each where two ratings say."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any, ClassVar, Final

import traitlets

from ustaz.messages import N_
from ustaz.standalone.field import options_of, shipped_field
from ustaz.standalone.plain import plain
from ustaz.standalone.rows import TableWidget
from ustaz.workbook.kinds.map import CORNERS, MOST_FORMS
from ustaz.workbook.model import Field

MOST_RELATIONS: Final = 30
LONGEST: Final = 40
PEOPLE_LABEL: Final = N_("People map")


class PeopleMap(TableWidget):
    """People around a project as a table and a map: who is close, who has a say.

    Parameters
    ----------
    people : list of dict, or DataFrame
        Keys, all of them optional: ``alias``, ``relation``, ``interest`` and ``influence`` (from 1
        to 5, or None for "cannot say"), ``stance``, ``next_step``, ``next_by`` (a day), and
        ``id``, which every line gets where it has none.
    x_name, y_name : str, optional
        What the two ratings are called: ``interest`` goes to the right, ``influence`` upwards.
    corners : list of str, optional
        Words for the four corners: above left, above right, below left, below right.
    relations, stances : mapping or list of dict, optional
        Other answers than the course's; up to six stances, since each has a form on the map.
    **kwargs
        ``language``, ``read_only``, ``description``, and what every ipywidget takes.

    Raises
    ------
    TraitError
        Where a line does not fit; with its number and the column.

    Examples
    --------
    >>> people = PeopleMap([{"alias": "parents of 3B", "interest": 5, "influence": 3}])
    >>> [line["alias"] for line in people.value if line["influence"] < 4]
    ['parents of 3B']
    """

    FILE: ClassVar[str] = "people-map"

    def __init__(
        self,
        people: object = (),
        *,
        x_name: str | None = None,
        y_name: str | None = None,
        corners: Sequence[str] | None = None,
        relations: object = None,
        stances: object = None,
        today: object = None,
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        shipped = shipped_field("people-map", "people")
        own: dict[str, dict[str, Any]] = {}
        settings = dict(shipped.settings["map"])
        if relations is not None:
            options = options_of("relations", relations, most=MOST_RELATIONS)
            own["relation"] = {"options": options}
        if stances is not None:
            own["stance"] = {"options": options_of("stances", stances, most=MOST_FORMS)}
        for column, name, words in (
            ("interest", "x_name", x_name),
            ("influence", "y_name", y_name),
        ):
            if words is not None:
                settings[name] = _text(name, words)
                own[column] = {"label": settings[name], "low": None, "high": None}
        if corners is not None:
            texts = plain(corners)
            if not isinstance(texts, list) or len(texts) != CORNERS:
                raise traitlets.TraitError(f"corners: expected {CORNERS} texts")
            settings["corners"] = [_text("corners", text) for text in texts]
        columns = tuple(_free(column, own.get(column.id, {})) for column in shipped.columns)
        field = dataclasses.replace(
            shipped,
            label=PEOPLE_LABEL,
            required=None,
            min_rows=None,
            max_rows=None,
            columns=columns,
            settings={"map": settings},
        )
        super().__init__(field, people, today=today, **kwargs)


def _free(column: Field, own: dict[str, Any]) -> Field:
    """Return a column without what is said of who may read it in a course."""
    free: dict[str, Any] = {"required": None, "min": None, "help": None}
    return dataclasses.replace(column, **free, **own)


def _text(name: str, words: object) -> str:
    if not isinstance(words, str) or not words.strip() or len(words) > LONGEST:
        raise traitlets.TraitError(f"{name}: expected a text of up to {LONGEST} letters")
    return words
