"""The fields of a workbook, one function a kind: each returns what stands in ``workbook.yml``.

A field is named by its id (small letters, digits and ``_``; answers are kept under it, so it is
never used again for something else) and by its label, which the teacher reads; without one the
label is made of the id. What every field takes besides is in :class:`Common`. What a kind means is
told in ``docs/workbooks.md``; what does not fit is said by :func:`~ustaz.builder.workbook`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict, Unpack

from ustaz.builder.writing import Part


class Common(TypedDict, total=False):
    """What every field may have.

    Attributes
    ----------
    help : str
        A sentence below the label.
    placeholder : str
        Shown while nothing is written.
    required : str
        ``ready`` (for the tutorial) or ``submitted``; optional without it.
    required_when, shown_when : Part
        Made by :func:`when`.
    audiences : sequence of str
        Who reads it, as ``("self", "facilitator")``; without it, the workbook's visibility.
    story : str
        What it is in the picture of the project.
    points : int
        Counted with those of its section.
    """

    help: str
    placeholder: str
    required: str
    required_when: Part
    shown_when: Part
    audiences: Sequence[str]
    story: str
    points: int


def titled(id: str) -> str:
    """Return a label made of an id.

    Examples
    --------
    >>> titled("what_next")
    'What next'
    """
    words = id.replace("_", " ").replace("-", " ").strip()
    return words[:1].upper() + words[1:]


def field(kind: str, id: str, label: str | None, common: Mapping[str, Any], **own: Any) -> Part:  # noqa: ANN401
    """Return a field of any kind: its common keys first, then those of the kind."""
    first = {"id": id, "kind": kind, "label": titled(id) if label is None else label}
    return Part({**first, **common, **own})


def when(field: str, *values: str, at: str | None = None) -> Part:
    """Return a condition: the choice `field` is one of `values`.

    Parameters
    ----------
    field : str
        Of the same row, or, outside of tables, of the same workbook.
    *values : str
        Ids of options.
    at : str, optional
        Of ``required_when``: ``ready`` or ``submitted`` (default).
    """
    return Part({"field": field, "is": values, "at": at})


def option(id: str, label: str | None = None, help: str | None = None) -> Part:
    """Return one option of a choice, or one dimension of ratings."""
    return Part({"id": id, "label": titled(id) if label is None else label, "help": help})


Options = Sequence[str | Part] | Mapping[str, str]


def _options(options: Options) -> tuple[Part, ...]:
    if isinstance(options, Mapping):
        return tuple(option(id, label) for id, label in options.items())
    return tuple(entry if isinstance(entry, Part) else option(entry) for entry in options)


def text(
    id: str,
    label: str | None = None,
    *,
    long: bool = False,
    min: int | None = None,
    max: int | None = None,
    **common: Unpack[Common],
) -> Part:
    """Return a text of one line, or of several (`long`).

    Parameters
    ----------
    id, label : str
    long : bool
    min, max : int, optional
        Characters as a person sees them.
    **common
        See :class:`Common`.
    """
    return field("text", id, label, common, long=long or None, min=min, max=max)


def number(
    id: str,
    label: str | None = None,
    *,
    unit: str | None = None,
    decimals: int | None = None,
    min: float | None = None,
    max: float | None = None,
    **common: Unpack[Common],
) -> Part:
    """Return a number with its unit; `decimals=0` asks for whole numbers."""
    return field("number", id, label, common, unit=unit, decimals=decimals, min=min, max=max)


def date(id: str, label: str | None = None, **common: Unpack[Common]) -> Part:
    """Return a day."""
    return field("date", id, label, common)


def choice(
    id: str, label: str | None = None, *, options: Options, **common: Unpack[Common]
) -> Part:
    """Return one choice of several.

    Parameters
    ----------
    id, label : str
    options : mapping of id to label, or sequence of ids or of :func:`option`
    **common
        See :class:`Common`.
    """
    return field("choice", id, label, common, options=_options(options))


def choices(
    id: str,
    label: str | None = None,
    *,
    options: Options = (),
    rubric: str | None = None,
    min: int | None = None,
    max: int | None = None,
    **common: Unpack[Common],
) -> Part:
    """Return several choices; with `rubric` the options are its criteria."""
    own = {"options": _options(options), "rubric": rubric, "min": min, "max": max}
    return field("choices", id, label, common, **own)


def scale(
    id: str,
    label: str | None = None,
    *,
    least: int = 1,
    most: int = 5,
    low: str | None = None,
    high: str | None = None,
    cannot_say: bool = False,
    **common: Unpack[Common],
) -> Part:
    """Return a scale from `least` to `most`; `low` and `high` say what its ends mean."""
    ends = {"from": least, "to": most, "low": low, "high": high}
    return field("scale", id, label, common, **ends, cannot_say=cannot_say or None)


def ratings(
    id: str,
    label: str | None = None,
    *,
    dimensions: Options,
    low: str,
    high: str,
    min_items: int | None = None,
    compare: str | None = None,
    single: bool = False,
    **common: Unpack[Common],
) -> Part:
    """Return how something is now and how it is wanted, 1 to 5, for each of `dimensions`.

    `compare` names earlier ratings (``workbook/field``), which are laid beneath. With `single`
    only how it is now is asked.
    """
    own = {
        "low": low,
        "high": high,
        "min_items": min_items,
        "compare": compare,
        "single": single or None,
    }
    return field("ratings", id, label, common, **own, dimensions=_options(dimensions))


def levels(
    id: str,
    label: str | None = None,
    *,
    rubric: str,
    min_items: int | None = None,
    max: int | None = None,
    **common: Unpack[Common],
) -> Part:
    """Return a level of a rubric for each of its criteria, each with a sentence that says why."""
    return field("levels", id, label, common, rubric=rubric, min_items=min_items, max=max)


def file(
    id: str,
    label: str | None = None,
    *,
    accept: Sequence[str] = (),
    min_items: int | None = None,
    max_items: int | None = None,
    **common: Unpack[Common],
) -> Part:
    """Return photos and documents; `accept` is ``pictures``, ``documents`` or both (default)."""
    own = {"accept": tuple(accept), "min_items": min_items, "max_items": max_items}
    return field("file", id, label, common, **own)


def table(
    id: str,
    *columns: Part,
    label: str | None = None,
    row_name: str | None = None,
    min_rows: int | None = None,
    max_rows: int | None = None,
    component: str | None = None,
    map: Part | None = None,
    **common: Unpack[Common],
) -> Part:
    """Return rows with the same columns.

    Parameters
    ----------
    id : str
    *columns : Part
        Fields, made by the functions of this module.
    label : str, optional
    row_name : str, optional
        What one row is called, as "Step"; the label without it.
    min_rows, max_rows : int, optional
    component : str, optional
        ``plan`` for the table with the timeline.
    map : Part, optional
        A picture over the rows, made by :func:`map_of`.
    **common
        See :class:`Common`.
    """
    rows = {"row_name": row_name or label or titled(id), "component": component, "map": map}
    sizes = {"min_rows": min_rows, "max_rows": max_rows}
    return field("table", id, label, common, **rows, **sizes, columns=columns)


def map_of(
    x: str,
    y: str,
    *,
    name: str,
    mark: str | None = None,
    x_name: str,
    y_name: str,
    corners: Sequence[str] = (),
) -> Part:
    """Return a picture over a table's rows: each stands where two of its scales say.

    Parameters
    ----------
    x, y : str
        Columns that are scales of at most five steps.
    name : str
        The column by which a row is called.
    mark : str, optional
        A column that is a choice: each option has a form of its own.
    x_name, y_name : str
        What the axes are called.
    corners : sequence of str, optional
        Four words: above left and right, below left and right.
    """
    columns = {"x": x, "y": y, "mark": mark, "name": name}
    words = {"x_name": x_name, "y_name": y_name, "corners": tuple(corners)}
    return Part({**columns, **words})


def entries(
    id: str,
    *columns: Part,
    label: str | None = None,
    row_name: str | None = None,
    min_rows: int | None = None,
    max_rows: int | None = None,
    date_label: str | None = None,
    **common: Unpack[Common],
) -> Part:
    """Return rows with a day and readers of their own, newest first."""
    rows = {"row_name": row_name or label or titled(id), "date_label": date_label}
    sizes = {"min_rows": min_rows, "max_rows": max_rows}
    return field("entries", id, label, common, **rows, **sizes, columns=columns)


def reference(id: str, label: str | None = None, *, to: str, **common: Unpack[Common]) -> Part:
    """Return an answer of another workbook (``workbook/field``), shown and not written again."""
    return field("reference", id, label, common, to=to)


def person(
    id: str,
    label: str | None = None,
    *,
    source: str,
    label_column: str,
    many: bool = False,
    myself: bool = False,
    **common: Unpack[Common],
) -> Part:
    """Return people chosen from the contacts in `source` (``workbook/table``).

    Parameters
    ----------
    id, label : str
    source : str
    label_column : str
        The column of `source` by which people are called.
    many : bool
        Several may be chosen.
    myself : bool
        "Me" may be chosen.
    **common
        See :class:`Common`.
    """
    own = {"from": source, "label_column": label_column}
    return field("person", id, label, common, **own, many=many, self=myself)


def row(
    id: str,
    label: str | None = None,
    *,
    source: str,
    label_column: str,
    many: bool = False,
    **common: Unpack[Common],
) -> Part:
    """Return rows chosen from another workbook's table in `source` (``workbook/table``)."""
    own = {"from": source, "label_column": label_column}
    return field("row", id, label, common, **own, many=many)


def confirmation(id: str, label: str | None = None, *, by: str, **common: Unpack[Common]) -> Part:
    """Return what the other party says: `by` is ``facilitator`` or ``school_link``."""
    return field("confirmation", id, label, common, by=by)


def list(
    id: str,
    label: str | None = None,
    *,
    min_items: int | None = None,
    max_items: int | None = None,
    min: int | None = None,
    max: int | None = None,
    **common: Unpack[Common],
) -> Part:
    """Return a list of short texts; `min` and `max` are characters of each."""
    sizes = {"min_items": min_items, "max_items": max_items, "min": min, "max": max}
    return field("list", id, label, common, **sizes)
