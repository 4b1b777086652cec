"""What Hypothesis draws: answers and changes of the small workbook."""

from __future__ import annotations

import unicodedata
from typing import Any

from hypothesis import strategies as st

ROWS = [f"row{number:03}" for number in range(1, 6)]
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6).map(
    lambda text: unicodedata.normalize("NFC", text)
)
WORDS = st.lists(TEXT, max_size=3)
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "title": TEXT,
    "aim": TEXT,
    "kind": st.sampled_from("ab"),
    "influence": st.none() | st.integers(1, 5),
    "start": st.sampled_from(["2026-10-01", "2026-11-23"]),
    "values": WORDS,
}
COLUMNS: dict[str, st.SearchStrategy[Any]] = {
    "action": TEXT,
    "state": st.sampled_from("ab"),
    "tags": WORDS,
}
AFTER = st.none() | st.sampled_from([*ROWS, "row999"])


@st.composite
def answers(draw: st.DrawFn) -> dict[str, Any]:
    """Return answers that the small workbook takes."""
    made = draw(st.fixed_dictionaries({}, optional=FIELDS))
    ids = draw(st.lists(st.sampled_from(ROWS), unique=True, max_size=5))
    if ids:
        cells = st.fixed_dictionaries({}, optional=COLUMNS)
        made["steps"] = [{"id": row, **draw(cells)} for row in ids]
    return made


@st.composite
def changes(draw: st.DrawFn) -> dict[str, Any]:
    """Return a change that the small workbook takes."""
    op = draw(
        st.sampled_from(
            [
                "set",
                "set",
                "clear",
                "cell",
                "cell",
                "clear_cell",
                "add_row",
                "remove_row",
                "move_row",
            ]
        )
    )
    row, column = draw(st.sampled_from(ROWS)), draw(st.sampled_from(list(COLUMNS)))
    field = draw(st.sampled_from(list(FIELDS)))
    if op == "set":
        return {"op": op, "path": [field], "value": draw(FIELDS[field])}
    if op == "clear":
        return {"op": op, "path": [field]}
    if op == "cell":
        return {"op": "set", "path": ["steps", row, column], "value": draw(COLUMNS[column])}
    if op == "clear_cell":
        return {"op": "clear", "path": ["steps", row, column]}
    if op == "remove_row":
        return {"op": op, "path": ["steps", row]}
    made = {"op": op, "path": ["steps", row], "after": draw(AFTER)}
    if op == "add_row":
        made["value"] = draw(st.fixed_dictionaries({}, optional=COLUMNS))
    return made
