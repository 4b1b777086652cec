"""Guidance of a workbook: paragraphs between blank lines, lines with "- " as a list.

``form/prose.tsx`` of the front end draws the same.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Final

_BLANK: Final = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a list where it has entries."""

    text: str = ""
    entries: tuple[str, ...] = ()


def blocks(text: str) -> list[Block]:
    """Return guidance as paragraphs and lists, in order."""
    return [block for part in _BLANK.split(text.strip()) for block in _blocks(part)]


def prose(text: str) -> str:
    """Return guidance as HTML."""
    return f'<div class="uz-prose">{"".join(map(_html, blocks(text)))}</div>'


def _blocks(part: str) -> list[Block]:
    runs: list[tuple[bool, list[str]]] = []
    for raw in part.split("\n"):
        line = raw.strip()
        entry = line.startswith("- ")
        text = line[2:] if entry else line
        last = runs[-1] if runs else None
        if last and last[0] and not entry and text:
            # A wrapped line goes on with its list item.
            last[1][-1] += f" {text}"
        elif last and last[0] == entry:
            last[1].append(text)
        else:
            runs.append((entry, [text]))
    return [
        Block(entries=tuple(lines)) if entries else Block(" ".join(lines))
        for entries, lines in runs
    ]


def _html(block: Block) -> str:
    if block.entries:
        return "<ul>" + "".join(f"<li>{html.escape(line)}</li>" for line in block.entries) + "</ul>"
    return f"<p>{html.escape(block.text)}</p>"
