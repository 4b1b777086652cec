"""Answers as tidy tables, with a dictionary of what each column means.

One row a person in the main table, one row a table's row in a table of its own; several choices
and lists become one column each, joined, with a count beside. pandas is loaded when called.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ustaz.workbook.model import STORED_KINDS, Definition, Field

if TYPE_CHECKING:
    import pandas as pd

JOIN = "; "


def _value(field: Field, value: Any) -> Any:  # noqa: ANN401
    if field.kind in {"choices", "list", "person"}:
        return None if value is None else JOIN.join(value)
    return value


def tidy(
    definition: Definition, documents: Iterable[tuple[str, Mapping[str, Any]]]
) -> dict[str, pd.DataFrame]:
    """Return one frame for the workbook and one for each of its tables.

    Parameters
    ----------
    definition : Definition
    documents : iterable of (person, answers)

    Returns
    -------
    dict of str to DataFrame
        ``<workbook>``: columns ``person`` and every field that is not a table (a scale's "cannot
        say" has a column ``<field>_cannot_say`` and no number); ``<workbook>.<table>``: ``person``,
        ``position`` (from 1), ``row`` and the table's columns. Dates are ``datetime64``, scales
        ``Int64``, everything else ``string``.
    """
    import pandas as pd

    plain = [one for one in definition.fields if one.kind in STORED_KINDS and one.kind != "table"]
    tables = [one for one in definition.fields if one.kind == "table"]
    main: list[dict[str, Any]] = []
    rows: dict[str, list[dict[str, Any]]] = {one.id: [] for one in tables}
    for person, answers in documents:
        main.append({"person": person, **_flat(plain, answers)})
        for table in tables:
            for position, row in enumerate(answers.get(table.id) or [], start=1):
                head = {"person": person, "position": position, "row": row["id"]}
                rows[table.id].append({**head, **_flat(table.columns, row)})
    frames = {definition.id: _frame(pd, ["person"], plain, main)}
    for table in tables:
        name = f"{definition.id}.{table.id}"
        frames[name] = _frame(pd, ["person", "position", "row"], table.columns, rows[table.id])
    return frames


def _flat(fields: Iterable[Field], holder: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in fields:
        found[one.id] = _value(one, holder.get(one.id))
        if one.kind == "scale" and one.cannot_say:
            found[f"{one.id}_cannot_say"] = one.id in holder and holder[one.id] is None
    return found


def _frame(pd: Any, head: list[str], fields: Iterable[Field], rows: list[Any]) -> Any:  # noqa: ANN401
    types: dict[str, str] = {}
    for one in fields:
        types[one.id] = {"scale": "Int64", "date": "date"}.get(one.kind, "string")
        if one.kind == "scale" and one.cannot_say:
            types[f"{one.id}_cannot_say"] = "boolean"
    frame = pd.DataFrame(rows, columns=[*head, *types])
    for name in head:
        frame[name] = frame[name].astype("Int64" if name == "position" else "string")
    for name, kind in types.items():
        if kind == "date":
            frame[name] = pd.to_datetime(frame[name], format="%Y-%m-%d")
        else:
            frame[name] = frame[name].astype(kind)
    return frame


def data_dictionary(definition: Definition) -> pd.DataFrame:
    """Return what each column of :func:`tidy` means: table, column, kind, label, values, bounds."""
    import pandas as pd

    lines: list[dict[str, str]] = []

    def add(table: str, field: Field) -> None:
        values = "; ".join(f"{one.id} = {one.label}" for one in field.options)
        if field.kind == "scale":
            values = f"{field.low_value} ({field.low}) to {field.high_value} ({field.high})"
        bounds = {
            "min": field.min, "max": field.max, "min_items": field.min_items,
            "max_items": field.max_items,
        }  # fmt: skip
        lines.append(
            {
                "table": table,
                "column": field.id,
                "kind": field.kind,
                "label": field.label,
                "help": field.help or "",
                "values": values,
                "bounds": "; ".join(
                    f"{key} {one}" for key, one in bounds.items() if one is not None
                ),
                "required": field.required or ("sometimes" if field.required_when else ""),
                "audiences": " ".join(field.audiences),
            }
        )

    for field in definition.fields:
        if field.kind == "table":
            for column in field.columns:
                add(f"{definition.id}.{field.id}", column)
        elif field.kind in STORED_KINDS:
            add(definition.id, field)
    return pd.DataFrame(lines, dtype="string")
