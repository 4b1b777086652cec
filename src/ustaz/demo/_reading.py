"""The demo's own files: read, and held against the definitions of the workbooks.

A field that a workbook does not have, or a value that it would refuse, stops the making of the demo
with the name of the file and the line, before anything is written for that person.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from ustaz.base.errors import UstazError
from ustaz.messages import N_

HERE: Final = Path(__file__).parent
PEOPLE: Final = HERE / "people"
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

#: Whose files there are, in the order in which they stand on the page that asks whom to try out.
CAST: Final = ("aigul-s", "marat-t", "olga-p", "dina-k", "yerlan-b", "nurgul-a")


@cache
def read(name: str) -> Any:  # noqa: ANN401
    """Return what stands in a file of this folder."""
    with (HERE / name).open(encoding="utf-8") as stream:
        return yaml.load(stream, _Loader)  # noqa: S506 - one of the two safe loaders


def person_file(person: str) -> str:
    """Return the file of one of the cast, seen from this folder."""
    return f"{PEOPLE.name}/{person}.yml"


def refuse(name: str, path: Sequence[str | int], problem: str) -> UstazError:
    """Return the error that names file and line of what is wrong."""
    line = line_of(name, path)
    return UstazError(
        "bad_demo_file",
        N_("The demo cannot be made: {file}, line {line}: {problem}"),
        N_("Correct the file, or install Ustaz again."),
        exit_code=1,
        params={"file": name, "line": line, "problem": problem},
    )


def line_of(name: str, path: Sequence[str | int]) -> int:
    """Return the line on which a place stands, or the last place above it that there is."""
    with (HERE / name).open(encoding="utf-8") as stream:
        node = yaml.compose(stream, _Loader)
    line = 1
    for step in path:
        pair = next((below for below in _children(node) if below[0] == step), None)
        if pair is None:
            break
        _, line, node = pair
    return line


def _children(node: yaml.Node | None) -> Iterator[tuple[str | int, int, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield str(key.value), key.start_mark.line + 1, value
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield number, value.start_mark.line + 1, value


#: What may stand beside a workbook's answers.
ENTRY: Final = frozenset(
    {"day", "ready", "sent", "agreed", "answers", "later", "typed_by", "levels", "unread",
     "returned", "confirmed"}
)  # fmt: skip


def entries(year: Mapping[str, Mapping[str, Any]], name: str) -> None:
    """Refuse what is no part of a workbook's entry."""
    for workbook, entry in year.items():
        for key in entry:
            if key not in ENTRY:
                raise refuse(name, ["year", workbook, key], f"{workbook}: {key}?")
