"""Read and check the front matter of a page, with the line of every fault.

The front matter is the block between two ``---`` lines at the top of a page. It is read with
PyYAML's node tree and not as plain data, so that a complaint can name the line of the field.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

PAGE_ID: Final = re.compile(r"[a-z][a-z0-9-]{0,31}\Z")
STATUSES: Final = ("draft", "reviewed", "published")
LANGS: Final = ("en", "ru", "kk")
MAX_MINUTES: Final = 300


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a page says about itself.

    Attributes
    ----------
    id : str
        Stable id; other pages name it under ``prerequisites``, progress is kept under it.
    title : str
        The same text as the page's first heading.
    minutes : int
        How long the page takes (a module: reading; a runbook: the meeting).
    objectives : tuple[str, ...]
        What a reader can do afterwards; shown by ``{objectives}``.
    workbook : str
        Id of the workbook that the page leads to, or empty.
    prerequisites : tuple[str, ...]
        Page ids.
    status : str
        One of :data:`STATUSES`.
    reviewed_on : datetime.date
        When somebody last read the page against its sources.
    lang : str
        Language of the source text.
    lines : dict[str, int]
        Line of each key, for messages.
    """

    id: str
    title: str
    minutes: int
    objectives: tuple[str, ...]
    workbook: str
    prerequisites: tuple[str, ...]
    status: str
    reviewed_on: dt.date
    lang: str
    lines: dict[str, int] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Fault:
    """One complaint: the line and one sentence."""

    line: int
    message: str


KEYS: Final = (
    "id",
    "title",
    "minutes",
    "objectives",
    "workbook",
    "prerequisites",
    "status",
    "reviewed_on",
    "lang",
)


def read(text: str) -> tuple[FrontMatter | None, list[Fault]]:
    """Return the front matter of a page's `text`, or None, and every fault in it."""
    lines = text.splitlines()
    if not lines or lines[0].rstrip() != "---":
        return None, [Fault(1, "the page has no front matter (a block between two `---` lines)")]
    try:
        end = next(n for n, line in enumerate(lines[1:], 1) if line.rstrip() == "---")
    except StopIteration:
        return None, [Fault(1, "the front matter has no closing `---` line")]
    try:
        root = yaml.compose("\n".join(lines[1:end]), Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        return None, [Fault(mark.line + 2 if mark else 1, f"not readable as YAML: {error.problem}")]
    if not isinstance(root, yaml.MappingNode):
        return None, [Fault(2, "the front matter must be a list of `key: value` lines")]
    return _Reader(root).front_matter()


class _Reader:
    """Collects values and faults from the node tree."""

    def __init__(self, root: yaml.MappingNode) -> None:
        self.faults: list[Fault] = []
        self.values: dict[str, yaml.Node] = {}
        self.lines: dict[str, int] = {}
        for key, value in root.value:
            line = key.start_mark.line + 2  # +1 for the `---` line, +1 to count from one
            name = str(key.value)
            if name not in KEYS:
                self.faults.append(Fault(line, f"unknown key `{name}`; known: {', '.join(KEYS)}"))
            elif name in self.values:
                self.faults.append(Fault(line, f"`{name}` stands here twice"))
            else:
                self.values[name] = value
                self.lines[name] = line
        for name in KEYS:
            if name not in self.values:
                self.faults.append(Fault(1, f"the key `{name}` is missing"))

    def fault(self, key: str, message: str) -> None:
        self.faults.append(Fault(self.lines.get(key, 1), f"`{key}`: {message}"))

    def text(self, key: str) -> str:
        node = self.values.get(key)
        if node is None:
            return ""
        if not isinstance(node, yaml.ScalarNode):
            self.fault(key, "expected one value")
            return ""
        return str(node.value).strip()

    def texts(self, key: str) -> tuple[str, ...]:
        node = self.values.get(key)
        if node is None:
            return ()
        if not isinstance(node, yaml.SequenceNode) or not all(
            isinstance(inner, yaml.ScalarNode) for inner in node.value
        ):
            self.fault(key, "expected a list (`[]` when there is nothing)")
            return ()
        return tuple(str(inner.value).strip() for inner in node.value)

    def number(self, key: str) -> int:
        text = self.text(key)
        if not text.isascii() or not text.isdigit() or int(text) > MAX_MINUTES:
            if key in self.values:
                self.fault(key, f"expected a whole number from 0 to {MAX_MINUTES}")
            return 0
        return int(text)

    def date(self, key: str) -> dt.date:
        try:
            return dt.date.fromisoformat(self.text(key))
        except ValueError:
            if key in self.values:
                self.fault(key, "expected a date, as 2026-11-23")
            return dt.date.min

    def one_of(self, key: str, allowed: tuple[str, ...]) -> str:
        text = self.text(key)
        if key in self.values and text not in allowed:
            self.fault(key, f"expected one of {', '.join(allowed)}")
        return text

    def page_id(self) -> str:
        text = self.text("id")
        if "id" in self.values and not PAGE_ID.match(text):
            self.fault("id", "use small letters, digits and hyphens, a letter first, 32 at most")
        return text

    def front_matter(self) -> tuple[FrontMatter | None, list[Fault]]:
        values: dict[str, Any] = {
            "id": self.page_id(),
            "title": self.text("title"),
            "minutes": self.number("minutes"),
            "objectives": self.texts("objectives"),
            "workbook": self.text("workbook"),
            "prerequisites": self.texts("prerequisites"),
            "status": self.one_of("status", STATUSES),
            "reviewed_on": self.date("reviewed_on"),
            "lang": self.one_of("lang", LANGS),
        }
        if "title" in self.values and not values["title"]:
            self.fault("title", "must not be empty")
        matter = FrontMatter(**values, lines=self.lines)
        return matter, sorted(self.faults, key=lambda fault: fault.line)
