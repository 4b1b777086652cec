"""Long and short forms of one claim: some combinations in `make test`, the rest in `make soak`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any

import pytest


def is_short(places: tuple[int, ...], lengths: tuple[int, ...]) -> bool:
    """Tell whether a combination belongs to the few that show each value of each axis."""
    return any(
        all(place == turn % length for place, length in zip(places, lengths, strict=True))
        for turn in range(max(lengths))
    )


def covering(*axes: Iterable[Any]) -> list[Any]:
    """Return the combinations of some axes, as parameters of a test.

    As few as show every value once stay in `make test`; the others are marked `soak`.

    Parameters
    ----------
    *axes : iterable
        The values of each parameter; a tuple stands for several parameters at once.
    """
    listed = [list(axis) for axis in axes]
    lengths = tuple(len(axis) for axis in listed)
    return [
        pytest.param(
            *_flat(axis[place] for axis, place in zip(listed, places, strict=True)),
            marks=() if is_short(places, lengths) else pytest.mark.soak,
        )
        for places in product(*map(range, lengths))
    ]


def kept(short: Iterable[Any], long: Iterable[Any]) -> list[Any]:
    """Return the values of one parameter: those of `make test`, then those of `make soak`."""
    return [*short, *(pytest.param(value, marks=pytest.mark.soak) for value in long)]


def _flat(values: Iterable[Any]) -> Iterator[Any]:
    for value in values:
        yield from value if isinstance(value, tuple) else (value,)
