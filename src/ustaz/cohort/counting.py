"""Tidy rows counted by what the roster says of their people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def counts_by(
    table: pd.DataFrame, column: str, people: pd.DataFrame, by: str | Sequence[str]
) -> pd.DataFrame:
    """Return how many rows have which value, a row for each group of people.

    Parameters
    ----------
    table : DataFrame
        With a column ``person``, unless `by` stands in it already.
    column : str
    people : DataFrame
        One row a person.
    by : str or list of str

    Raises
    ------
    KeyError
        If there is no such column.
    """
    import pandas as pd

    names = [by] if isinstance(by, str) else list(by)
    known = people.set_index("person")
    keys = []
    for name in names:
        key = table[name] if name in table else table["person"].map(known[name])
        key = key.astype("category")
        if key.isna().any():
            key = key.cat.add_categories([""]).fillna("")
        key.name = name
        keys.append(key)
    values = table[column].astype("string").fillna("").astype("category")
    counted = pd.Series(1, index=table.index).groupby([*keys, values], observed=True).count()
    wide = counted.unstack(column, fill_value=0)
    wide.columns = wide.columns.astype("object")
    return wide.sort_index().astype("Int64")
