"""Walk a YAML tree, convert what is asked for, and note every complaint with line and place."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

from ustaz.workbook.problems import DefinitionProblem
from ustaz.workbook.yamlio import Items, Mapping, Scalar, Tree

YES: Final = {"yes": True, "no": False}
LONGEST_TEXT: Final = 5000
Step = str | int


class Problems:
    """The complaints about one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.complaints: list[DefinitionProblem] = []

    def add(self, line: int, place: str, message: str) -> None:
        """Note one complaint."""
        self.complaints.append(DefinitionProblem(self.file, line, place, message))


class Cursor:
    """One node of the tree, with its place for complaints.

    Every reading method returns something usable even when it complains, so that one run finds
    everything.
    """

    def __init__(self, node: Tree, place: str, problems: Problems) -> None:
        self.node = node
        self.place = place
        self.problems = problems

    @property
    def line(self) -> int:
        """Return where this node starts."""
        return self.node.line

    @property
    def library(self) -> Path:
        """Return the folder of workbooks that the file belongs to."""
        return Path(self.problems.file).parent.parent

    def complain(self, key: str, message: str) -> None:
        """Note a complaint about `key` of this mapping (or about this node itself)."""
        line = self.node.line
        if isinstance(self.node, Mapping) and key in self.node.lines:
            line = self.node.lines[key]
        self.problems.add(line, self._inner(key), message)

    def _inner(self, key: str) -> str:
        return ".".join(part for part in (self.place, key) if part)

    def is_mapping(self) -> bool:
        """Tell whether this is a mapping; complain if not."""
        if isinstance(self.node, Mapping):
            return True
        self.complain("", "expected keys with values")
        return False

    def faulty(self) -> bool:
        """Tell whether something in this node was complained about already."""
        inside = (f"{self.place}.", f"{self.place}[")
        return any(
            not self.place or problem.place == self.place or problem.place.startswith(inside)
            for problem in self.problems.complaints
        )

    def has(self, key: str) -> bool:
        """Tell whether the key is there."""
        return isinstance(self.node, Mapping) and key in self.node.entries

    def only(self, *keys: str) -> None:
        """Complain about every key that is not one of `keys`."""
        for key in self.node if isinstance(self.node, Mapping) else ():
            if key not in keys:
                self.complain(key, f"unknown key; known here: {', '.join(keys)}")

    def _entry(self, key: str) -> Tree | None:
        return self.node.entries.get(key) if isinstance(self.node, Mapping) else None

    def at(self, *steps: Step) -> Cursor:
        """Return a node further in, or this one where the way ends."""
        here = self
        for step in steps:
            if isinstance(step, int):
                place = f"{here.place}[{step}]"
                inner = here.node.items[step] if isinstance(here.node, Items) else None
            else:
                place, inner = here._inner(step), here._entry(step)
            if inner is None:
                return here
            here = Cursor(inner, place, self.problems)
        return here

    def child(self, key: str) -> Cursor | None:
        """Return the node under `key`, or None."""
        inner = self._entry(key)
        return None if inner is None else Cursor(inner, self._inner(key), self.problems)

    def items(self, key: str, *, least: int = 0, required: bool = True) -> list[Cursor]:
        """Return the members of a list under `key`."""
        inner = self._entry(key)
        if inner is None:
            if required:
                self.complain(key, "missing")
            return []
        place = self._inner(key)
        if not isinstance(inner, Items):
            self.complain(key, "expected a list")
            return []
        if len(inner.items) < least:
            self.complain(key, f"expected at least {least}")
        return [
            Cursor(node, f"{place}[{number}]", self.problems)
            for number, node in enumerate(inner.items)
        ]

    def optional(self, key: str) -> str | None:
        """Return a text, or None where the key is absent."""
        inner = self._entry(key)
        if inner is None:
            return None
        if not isinstance(inner, Scalar):
            self.complain(key, "expected a text")
            return None
        text = inner.text.strip()
        if not text:
            self.complain(key, "is empty; leave the key out instead")
            return None
        if len(text) > LONGEST_TEXT:
            self.complain(key, f"is longer than {LONGEST_TEXT} characters")
        return text

    def text(self, key: str) -> str:
        """Return a text that must be there."""
        if self._entry(key) is None:
            self.complain(key, "missing")
        return self.optional(key) or ""

    def match(self, key: str, pattern: re.Pattern[str], what: str) -> str:
        """Return a text of a certain form."""
        text = self.text(key)
        if text and not pattern.match(text):
            self.complain(key, f"expected {what}")
            return ""
        return text

    def one_of(self, key: str, allowed: tuple[str, ...], default: str | None = None) -> str:
        """Return one of `allowed`."""
        if default is not None and not self.has(key):
            return default
        text = self.text(key)
        if text and text not in allowed:
            self.complain(key, f"expected one of {', '.join(allowed)}")
        return text if text in allowed else (default or allowed[0])

    def number(self, key: str, *, least: int = 0, most: int = 100_000) -> int | None:
        """Return a whole number, or None where the key is absent."""
        text = self.optional(key)
        if text is None:
            return None
        if not re.fullmatch(r"-?[0-9]{1,9}", text) or not least <= int(text) <= most:
            self.complain(key, f"expected a whole number from {least} to {most}")
            return None
        return int(text)

    def integer(self, key: str, *, least: int, most: int, default: int | None = None) -> int:
        """Return a whole number that must be there, unless there is a default."""
        if not self.has(key):
            if default is None:
                self.complain(key, "missing")
            return default or 0
        return self.number(key, least=least, most=most) or 0

    def flag(self, key: str) -> bool:
        """Return ``yes`` or ``no`` as a truth value; absent means no."""
        text = self.optional(key)
        if text is None:
            return False
        if text not in YES:
            self.complain(key, "expected yes or no")
        return YES.get(text, False)

    def words(self, key: str, *, required: bool = True) -> tuple[str, ...]:
        """Return a list of texts."""
        texts = []
        for entry in self.items(key, required=required):
            if isinstance(entry.node, Scalar) and entry.node.text.strip():
                texts.append(entry.node.text.strip())
            else:
                entry.complain("", "expected a text")
        return tuple(texts)

    def plain(self) -> Any:  # noqa: ANN401  (an example's shape is checked against its field)
        """Return this node as lists, dictionaries and strings."""
        return _plain(self.node)


def _plain(node: Tree) -> Any:  # noqa: ANN401
    if isinstance(node, Scalar):
        return node.text.strip()
    if isinstance(node, Items):
        return [_plain(inner) for inner in node.items]
    return {key: _plain(inner) for key, inner in node.entries.items()}
