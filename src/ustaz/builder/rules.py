"""The rules of a workbook, one function a kind.

Each takes an `id`, unique in its workbook; `at` (``ready`` or ``submitted``, which is the default)
and a `message` in the place of the rule's own sentence are optional. A date is a field, or
``table.column``; a border may be ``programme.start`` or ``programme.end``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict, Unpack

from ustaz.builder.writing import Part


class Spoken(TypedDict, total=False):
    """When a rule binds, and its own sentence.

    Attributes
    ----------
    at : str
    message : str
    """

    at: str
    message: str


def date_order(id: str, first: str, then: str, **spoken: Unpack[Spoken]) -> Part:
    """Ask for one date not to come after another one."""
    return Part({"id": id, "kind": "date_order", **spoken, "first": first, "then": then})


def date_within(id: str, *dates: str, start: str, end: str, **spoken: Unpack[Spoken]) -> Part:
    """Ask for dates between two borders."""
    borders = {"from": start, "to": end}
    return Part({"id": id, "kind": "date_within", **spoken, "dates": dates, **borders})


def not_future(id: str, *dates: str, **spoken: Unpack[Spoken]) -> Part:
    """Ask for dates that have come."""
    return Part({"id": id, "kind": "not_future", **spoken, "dates": dates})


def covers(
    id: str,
    column: str,
    *,
    all: Sequence[str] = (),
    any: Sequence[str] = (),
    **spoken: Unpack[Spoken],
) -> Part:
    """Ask for every option of `all`, and for one of `any`, in some row of a column."""
    wanted = {"all": tuple(all), "any": tuple(any)}
    return Part({"id": id, "kind": "covers", **spoken, "column": column, **wanted})


def at_least(id: str, count: int, *fields: str, **spoken: Unpack[Spoken]) -> Part:
    """Ask for `count` of the fields to be filled in."""
    return Part({"id": id, "kind": "at_least", **spoken, "fields": fields, "count": count})


def distinct(id: str, column: str, count: int, **spoken: Unpack[Spoken]) -> Part:
    """Ask for `count` different answers in a column."""
    return Part({"id": id, "kind": "distinct", **spoken, "column": column, "count": count})


def unique(id: str, column: str, **spoken: Unpack[Spoken]) -> Part:
    """Ask for no two rows that say the same in a column."""
    return Part({"id": id, "kind": "unique", **spoken, "column": column})


def advise(
    id: str,
    field: str,
    message: str,
    *,
    at_most: int | None = None,
    at_least: int | None = None,
    at: str | None = None,
) -> Part:
    """Give a thought where a rating is low (`at_most`) or high (`at_least`); it costs nothing."""
    bounds = {"at_most": at_most, "at_least": at_least}
    return Part(
        {"id": id, "kind": "advise", "at": at, "message": message, "field": field, **bounds}
    )


def suggest(
    id: str,
    column: str,
    message: str,
    *,
    of: str | None = None,
    after: int | None = None,
    rows: int | None = None,
    most: int | None = None,
    different: int | None = None,
    all: Sequence[str] = (),
    any: Sequence[str] = (),
    in_each_row: Sequence[str] = (),
    at: str | None = None,
) -> Part:
    """Give a thought on what is lacking in a column; it costs nothing.

    Parameters
    ----------
    id, column, message : str
        ``{missing}`` in the message names what is lacking of `all`.
    of : str, optional
        A column of the contacts: the options are those of the people chosen.
    after : int, optional
        Not before so many rows say something.
    rows, most : int, optional
        Too few, or too many, answered rows.
    different : int, optional
        So many different options should occur.
    all, any, in_each_row : sequence of str
        Every one, one, or in each row one of these options.
    at : str, optional
    """
    counts = {"of": of, "after": after, "rows": rows, "most": most, "different": different}
    wanted = {"all": tuple(all), "any": tuple(any), "each": tuple(in_each_row)}
    spoken = {"at": at, "message": message, "column": column}
    return Part({"id": id, "kind": "suggest", **spoken, **counts, **wanted})


def holds(
    column: str, *options: str, at_least: int | None = None, at_most: int | None = None
) -> Part:
    """Return what holds of a row: one of some options, or a rating within bounds."""
    return Part({"column": column, "at_least": at_least, "at_most": at_most, "any": options})


def follow_up(
    id: str, column: str, message: str, *, where: Sequence[Part], at: str | None = None
) -> Part:
    """Give a thought on rows that have no answer in `column` though all of `where` holds of them.

    Parameters
    ----------
    id, column, message : str
    where : sequence of Part
        Made by :func:`holds`.
    at : str, optional
    """
    spoken = {"at": at, "message": message, "column": column}
    return Part({"id": id, "kind": "follow_up", **spoken, "where": tuple(where)})
