"""What members and facilitators write about work that is shown to their group, on its page."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from ustaz.server.http import Request
from ustaz.server.views import messages
from ustaz.threads import Standing, Thread, commented, drafts


@dataclass(frozen=True, slots=True)
class Comments:
    """What was written about a member's work of one workbook, and the form to write more.

    Attributes
    ----------
    thread : str
        Id; empty where nobody has written yet.
    lines : list
        As :func:`ustaz.server.views.messages.days` has them, with their day.
    to : str
        What the form posts: ``person/workbook/group``.
    key : str
        Of its draft.
    text : str
        What the reader has begun to write.
    """

    thread: str
    lines: list[dict[str, Any]]
    to: str
    key: str
    text: str


def place_of(to: str) -> tuple[str, str, str]:
    """Return owner, workbook and group of what a form posts; empty where it names none."""
    owner, _, rest = to.partition("/")
    workbook, _, group = rest.partition("/")
    return owner, workbook, group


def key_of(to: str) -> str:
    """Return under which key a begun comment is kept."""
    return hashlib.sha256(f"comment:{to}".encode()).hexdigest()[:12]


def is_about(thread: Thread, owner: str, workbook: str, group: str) -> bool:
    """Tell whether a thread is the one about a member's work; there is one in each group."""
    place = (thread.people[0], thread.scope, thread.target) if thread.kind == "peer" else ()
    return place == (owner, workbook, group)


def of_group(request: Request, group: str) -> Callable[[str, str], Comments | None]:
    """Return what gives the comments on a member's work of a workbook; None where none may stand.

    Whatever is new to the reader counts as read: the page shows all of it.
    """
    site, who, words = request.site, request.who, request.words
    store = messages.threads(site)
    there = {
        (thread.people[0], thread.scope): thread
        for thread in store
        if thread.kind == "peer" and thread.target == group
    }
    begun = drafts.read(site.course.dir, who.person)

    @cache
    def open_to(owner: str) -> frozenset[str]:
        return commented(site.course, who, owner, group)

    def comments(owner: str, workbook: str) -> Comments | None:
        if workbook not in open_to(owner):
            return None
        to = f"{owner}/{workbook}/{group}"
        key = key_of(to)
        text = begun[key].text if key in begun else ""
        thread = there.get((owner, workbook))
        if thread is None:
            return Comments("", [], to, key, text)
        days = messages.days(site, who, thread, Standing(answers=True), words)
        if thread.unread(who.person):
            store.read(thread.id, who.person)
        lines = [{**line, "day": day} for day, lines in days for line in lines]
        return Comments(thread.id, lines, to, key, text)

    return comments
