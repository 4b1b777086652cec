"""Read YAML as a tree of strings with lines, and nothing cleverer.

No implicit types (``no`` stays the word "no"), no anchors, aliases or tags, no duplicate keys, one
document. What a scalar means is said by the definition language alone (:mod:`.reader`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import yaml

from ustaz.workbook.problems import DefinitionErrors, DefinitionProblem

LARGEST: Final = 512 * 1024
DEEPEST: Final = 24

_STEPS: Final = {
    yaml.MappingStartEvent: 1,
    yaml.SequenceStartEvent: 1,
    yaml.MappingEndEvent: -1,
    yaml.SequenceEndEvent: -1,
}
_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A string and where it stands."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Items:
    """A list and where it stands."""

    items: tuple[Tree, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys with their values, in the order of the file, and where it stands."""

    entries: dict[str, Tree]
    lines: dict[str, int]
    line: int

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)


Tree = Scalar | Items | Mapping


def read_yaml(path: Path, name: str | None = None) -> Tree:
    """Return the tree of a file.

    Parameters
    ----------
    path : Path
    name : str, optional
        How complaints call the file; default `path`.

    Raises
    ------
    DefinitionErrors
        Unreadable, too large, not YAML, or YAML that is cleverer than this language.
    """
    label = name or str(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        problem = DefinitionProblem(label, 1, "", f"cannot be read ({error.strerror})")
        raise DefinitionErrors([problem]) from None
    try:
        return _known(data)
    except DefinitionErrors:
        return _parsed(data, label)  # complains once more, with the file's name


@lru_cache(maxsize=64)
def _known(data: bytes) -> Tree:
    """Return the tree of a file that says these words, which every course's shipped ones do."""
    return _parsed(data, "")


def _parsed(data: bytes, label: str) -> Tree:
    def refuse(line: int, message: str, place: str = "") -> DefinitionErrors:
        return DefinitionErrors([DefinitionProblem(label, line, place, message)])

    if len(data) > LARGEST:
        raise refuse(1, f"larger than {LARGEST // 1024} KiB")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise refuse(1, "is not UTF-8") from None
    depth = 0
    try:
        # Counted as it is read: what is nested without end takes the library without end, too.
        for event in yaml.parse(text, Loader=_Loader):
            depth += _STEPS.get(type(event), 0)
            line = event.start_mark.line + 1 if event.start_mark else 1
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                raise refuse(line, "anchors and aliases are not part of this language")
            if isinstance(event, yaml.NodeEvent) and getattr(event, "tag", None):
                raise refuse(line, "tags are not part of this language")
            if depth > DEEPEST + 1:
                raise refuse(line, "nested too deeply")
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise refuse(line, f"is not YAML: {error.problem or error.context}") from None
    except yaml.YAMLError as error:
        raise refuse(1, f"is not YAML: {error}".splitlines()[0]) from None
    if node is None:
        raise refuse(1, "is empty")
    return _tree(node, refuse, "", 0)


def _tree(node: yaml.Node, refuse: object, place: str, depth: int) -> Tree:
    line = node.start_mark.line + 1
    if depth > DEEPEST:
        raise refuse(line, "nested too deeply", place)  # type: ignore[operator]
    if isinstance(node, yaml.ScalarNode):
        return Scalar(str(node.value), line)
    if isinstance(node, yaml.SequenceNode):
        return Items(
            tuple(
                _tree(entry, refuse, f"{place}[{number}]", depth + 1)
                for number, entry in enumerate(node.value)
            ),
            line,
        )
    entries: dict[str, Tree] = {}
    lines: dict[str, int] = {}
    for key_node, value_node in node.value:
        key_line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise refuse(key_line, "a key must be a word", place)  # type: ignore[operator]
        key = str(key_node.value)
        if key in entries:
            raise refuse(  # type: ignore[operator]
                key_line, f"the key {key!r} stands in line {lines[key]} already", place
            )
        lines[key] = key_line
        inner = f"{place}.{key}" if place else key
        entries[key] = _tree(value_node, refuse, inner, depth + 1)
    return Mapping(entries, lines, line)
