"""`docs/data-map.md` and the list of places are one: what is kept can be shown and erased."""

from __future__ import annotations

import re
from pathlib import Path

from ustaz.privacy.places import COURSE, HUB

MAP = Path(__file__).parents[2] / "docs" / "data-map.md"
#: In the last column: not on the server, so no command can reach it.
ELSEWHERE = ("not kept", "theirs", "archive")


def rows() -> list[list[str]]:
    table = MAP.read_text(encoding="utf-8").split("| data |")[1].split("\n\n")[0]
    lines = f"| data |{table}".splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_every_row_of_the_map_is_a_place_or_says_that_it_is_none() -> None:
    known = {one.id for one in (*COURSE, *HUB)}
    for row in rows():
        named = re.findall(r"`([a-z]+)`", row[-1])
        assert set(named) <= known, row
        assert named or row[-1] in ELSEWHERE, row


def test_every_place_stands_in_the_map() -> None:
    named = {name for row in rows() for name in re.findall(r"`([a-z]+)`", row[-1])}
    assert named == {one.id for one in (*COURSE, *HUB)}


def test_every_place_has_a_title_of_its_own() -> None:
    titles = [one.title for one in COURSE] + [one.title for one in HUB]
    assert len(set(titles)) == len(titles)
