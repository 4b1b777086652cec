"""Long and short forms of one claim: some combinations in `make test`, the rest in `make soak`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
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


class Form(HTMLParser):
    """A posted form as a browser makes it from a page: names and texts, in the page's order.

    Parameters
    ----------
    page : str
    id : str
        The form's id; controls name it, wherever they stand.

    Attributes
    ----------
    fields : list of tuple of str
        What would be posted, buttons left out.
    presses : list of tuple of str
        Name and value of the buttons.
    """

    def __init__(self, page: str, id: str = "uz-form") -> None:
        super().__init__(convert_charrefs=True)
        self.fields: list[tuple[str, str]] = []
        self.presses: list[tuple[str, str]] = []
        self._id = id
        self._own = False
        self._area: tuple[str, list[str]] | None = None
        self._select: tuple[str, list[tuple[str, bool]]] | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._own = given.get("id") == self._id
        ours = self._own or given.get("form") == self._id
        name = given.get("name", "")
        if tag == "option" and self._select:
            self._select[1].append((given.get("value", ""), "selected" in given))
        elif not ours or not name:
            return
        elif tag == "button":
            self.presses.append((name, given.get("value", "")))
        elif tag == "textarea":
            self._area = (name, [])
        elif tag == "select":
            self._select = (name, [])
        elif given.get("type") not in ("radio", "checkbox") or "checked" in given:
            self.fields.append((name, given.get("value", "on")))

    def handle_data(self, data: str) -> None:
        if self._area:
            self._area[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._own = False
        elif tag == "textarea" and self._area:
            name, parts = self._area
            # The first line break of a text area is none of its text; breaks travel as CR LF.
            text = "".join(parts).removeprefix("\n")
            self.fields.append((name, text.replace("\r\n", "\n").replace("\n", "\r\n")))
            self._area = None
        elif tag == "select" and self._select:
            name, options = self._select
            chosen = [value for value, selected in options if selected] or [options[0][0]]
            self.fields.append((name, chosen[-1]))
            self._select = None

    def texts(self, **changed: list[str]) -> dict[str, list[str]]:
        """Return the texts by name; those in `changed` stand instead (``__`` for ``/``)."""
        names: dict[str, list[str]] = {}
        for name, text in self.fields:
            names.setdefault(name, []).append(text)
        return names | {name.replace("__", "/"): texts for name, texts in changed.items()}
