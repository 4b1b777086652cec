"""What the pages of a meeting show beside its plan: people, the timer's data, the log's form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from markupsafe import Markup

from ustaz import messages
from ustaz.book.groupings import GROUPING_WORDS
from ustaz.course import Course
from ustaz.roster import by_name
from ustaz.roster.people import Person
from ustaz.server.http import Request, embed_json
from ustaz.sessions.attendance import word_on
from ustaz.sessions.plan import FollowUp
from ustaz.sessions.store import Kept

#: What of a block the timer shows.
SHOWN: Final = (
    "id", "title", "kind", "minutes", "intro", "talk", "grouping", "text", "say", "material",
    "lock", "shorten", "drop",
)  # fmt: skip


def members(course: Course, group: str) -> list[Person]:
    """Return who takes part in a group today, by the alphabet."""
    return by_name(person for person in course.taking_part() if group in person.groups)


def asked(course: Course, kept: Kept) -> list[Person]:
    """Return whom a log is about: the members of today, and those of when it was written."""
    log = kept.plan.log
    earlier = [course.people[id] for id in (log.members if log else ()) if id in course.people]
    today = members(course, kept.group)
    return by_name({person.person: person for person in (*today, *earlier)}.values())


def leads(course: Course, group: str) -> list[Person]:
    """Return who can lead a part: the facilitators of the group, and who stands in."""
    return [
        person
        for person in by_name(course.taking_part("facilitator"))
        if group in course.groups_of(person.person)
    ]


def log_of(course: Course, kept: Kept, typed: Mapping[str, Any]) -> dict[str, Any]:
    """Return the log that was typed, about members alone, with who they were.

    Whoever has left since the log was first written stays in it.
    """
    before = kept.plan.log
    earlier = before.members if before else ()
    names = [member.person for member in members(course, kept.group)]
    known = list(dict.fromkeys((*earlier, *names)))
    present = typed.get("present", ())
    present = present if isinstance(present, list | tuple) else ()
    return {
        **typed,
        "members": known,
        "present": [person for person in present if person in known],
    }


def begun_log(kept: Kept, people: list[Person]) -> dict[str, Any]:
    """Return the log that nobody has written yet: everybody came, and what was run was run."""
    plan = kept.plan
    run = kept.run
    return {
        "minutes": run.real_minutes(plan)
        if run is not None and run.ended
        else {block.id: block.minutes for block in plan.blocks},
        "present": [member.person for member in people],
        "worked": "",
        "change": "",
        "left_open": "",
        "follow_ups": [],
        "energy": 0,
    }


def follow_up_lines(kept: Kept, lines: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the lines of a log's form, each with the word of whoever took it on, if there is one.

    The word is shown and not sent back: it stands beside the log, and no save of the log ends it.
    """
    return [
        {**line, "word": word_on(kept, FollowUp(line["who"], line["what"], line["by"]))}
        for line in lines
    ]


def _page_data(request: Request, kept: Kept) -> dict[str, Any]:
    return {
        "key": key_of(request, kept),
        "save": f"{request.site.base}api/v1/sessions/{kept.id}",
        "person": request.who.person,
        "revision": kept.revision,
        "lang": request.lang,
        "messages": messages.meeting(request.lang),
    }


def planner_data(request: Request, kept: Kept) -> Markup:
    """Return what the planner's script needs besides the form."""
    groupings = {name: request.words.plain(text) for name, text in GROUPING_WORDS.items()}
    return _embedded({**_page_data(request, kept), "groupings": groupings})


def log_data(request: Request, kept: Kept) -> Markup:
    """Return what the script of the log needs besides the form."""
    return _embedded({**_page_data(request, kept), "key": f"{key_of(request, kept)}:log"})


def timer_data(request: Request, kept: Kept) -> Markup:
    """Return all that the timer's script needs, so that it goes on without a connection."""
    site, words = request.site, request.words
    blocks = [
        {
            **{name: getattr(block, name) for name in SHOWN},
            "lead": site.course.people[block.lead].name if block.lead in site.course.people else "",
        }
        for block in kept.plan.blocks
    ]
    return _embedded(
        {
            **_page_data(request, kept),
            "key": f"{key_of(request, kept)}:run",
            "save": f"{site.base}api/v1/sessions/{kept.id}/run",
            "log": site.url("sessions", kept.id, "log"),
            "zone": str(site.course.timezone),
            "start": kept.plan.start,
            "people": kept.plan.people,
            "blocks": blocks,
            "groupings": {name: words.plain(text) for name, text in GROUPING_WORDS.items()},
            "run": kept.run.to_json() if kept.run else None,
        }
    )


def _embedded(value: object) -> Markup:
    return Markup(embed_json(value))  # noqa: S704 - safe inside a script of data


def key_of(request: Request, kept: Kept) -> str:
    """Return under which name a browser keeps what it could not send, person by person."""
    return f"ustaz:meeting:{request.site.base}:{request.who.person}:{kept.id}"
