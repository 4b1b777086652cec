"""Guidance of a workbook as HTML: paragraphs between blank lines, lines with "- " as a list.

``form/prose.tsx`` of the front end draws the same.
"""

from __future__ import annotations

import html
import re
from typing import Final

_BLANK: Final = re.compile(r"\n\s*\n")


def prose(text: str) -> str:
    """Return guidance as HTML."""
    blocks = "".join(_block(block) for block in _BLANK.split(text.strip()))
    return f'<div class="uz-prose">{blocks}</div>'


def _block(block: str) -> str:
    parts: list[tuple[bool, list[str]]] = []
    for raw in block.split("\n"):
        line = raw.strip()
        in_list = line.startswith("- ")
        text = line[2:] if in_list else line
        last = parts[-1] if parts else None
        if last and last[0] and not in_list and text:
            # A wrapped line goes on with its list item.
            last[1][-1] += f" {text}"
        elif last and last[0] == in_list:
            last[1].append(text)
        else:
            parts.append((in_list, [text]))
    return "".join(
        "<ul>" + "".join(f"<li>{html.escape(line)}</li>" for line in lines) + "</ul>"
        if in_list
        else f"<p>{html.escape(' '.join(lines))}</p>"
        for in_list, lines in parts
    )
