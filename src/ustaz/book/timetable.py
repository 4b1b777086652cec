"""The meeting at a glance: from the activities of a runbook, a table with the minutes on the clock.

It is made when a page is read and never typed, so it cannot differ from the activities below it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from docutils import nodes

from ustaz.book import pages
from ustaz.book.directives.activity import grouping_text
from ustaz.book.nodes import block, block_title
from ustaz.book.words import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

    from ustaz.book.words import Gettext

WIDTHS: Final = (16, 48, 22, 14)


def insert(app: Sphinx, doctree: nodes.document) -> None:
    """Put the table above the first section of a runbook."""
    if pages.of(app.env, app.env.docname).kind != "runbook" or app.builder.name == "gettext":
        return
    top = next(doctree.findall(nodes.section), None)
    below = next((node for node in top or () if isinstance(node, nodes.section)), None)
    activities = [node for node in doctree.findall(block) if node["kind"] == "activity"]
    if top is None or below is None or not activities:
        return
    _ = words(app.config.language or "en")
    heading = nodes.paragraph(text=_("The meeting at a glance"), classes=["uz-title"])
    top.insert(top.index(below), [heading, _table(activities, _)])


def _table(activities: list[block], _: Gettext) -> nodes.table:
    head = (_("Minutes"), _("Activity"), _("Grouping"), _("You talk"))
    group = nodes.tgroup(cols=len(WIDTHS))
    group += [nodes.colspec(colwidth=width) for width in WIDTHS]
    group += nodes.thead("", _row([nodes.paragraph(text=text) for text in head]))
    group += nodes.tbody("", *_rows(activities, _))
    return nodes.table("", group, classes=["uz-glance"])


def _rows(activities: list[block], _: Gettext) -> Iterator[nodes.row]:
    clock = 0
    for activity in activities:
        minutes, talk = int(activity["minutes"] or 0), int(activity["talk"] or 0)
        clock = clock if activity.get("from") is None else int(activity["from"])
        grouping = activity.get("grouping")
        yield _row(
            [
                nodes.paragraph(text=f"{clock}–{clock + minutes}"),
                nodes.paragraph("", "", _link(activity)),
                nodes.paragraph(text=grouping_text(_, grouping) if grouping else ""),
                nodes.paragraph(text=str(talk)),
            ]
        )
        clock += minutes


def _link(activity: block) -> nodes.reference:
    title = next(activity.findall(block_title), None)
    text = title.astext() if title is not None else ""
    target = title["ids"][0] if title is not None and title["ids"] else ""
    return nodes.reference("", text, refid=target, internal=True)


def _row(cells: list[nodes.paragraph]) -> nodes.row:
    return nodes.row("", *[nodes.entry("", cell) for cell in cells])
