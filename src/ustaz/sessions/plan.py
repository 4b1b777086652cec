"""A plan of one meeting: what it may hold, read strictly from a page or a file."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, ClassVar, Final

from ustaz.base.errors import KnownError
from ustaz.base.ids import PERSON_ID
from ustaz.book.groupings import GROUPINGS
from ustaz.course.events import clock_time
from ustaz.messages import N_
from ustaz.sessions.runbooks import Runbook

KINDS: Final = ("activity", "break", "buffer")
BLOCK_ID: Final = re.compile(r"[a-z0-9]{1,12}\Z")
MOST_BLOCKS: Final = 24
MOST_MINUTES: Final = 240
MOST_AIMS: Final = 4
MOST_FOLLOW_UPS: Final = 12
MOST_MEMBERS: Final = 200
PEOPLE: Final = (1, 40)
#: Characters of each text.
BOUNDS: Final = {
    "title": 140,
    "aim": 200,
    "text": 2000,
    "say": 1500,
    "material": 300,
    "note": 2000,
    "what": 300,
}


class PlanError(KnownError):
    """The plan was not saved, and the id says why."""

    texts: ClassVar[Mapping[str, tuple[str, str]]] = {
        "plan_title": (
            N_("A plan and each of its blocks need a short title."),
            N_("Nothing that you wrote is lost: it stands below. Write a title, then save again."),
        ),
        "plan_number": (
            N_("Minutes are whole numbers, a block takes at most 240, and 1 to 40 people come."),
            N_("Nothing that you wrote is lost: it stands below. Correct it, then save again."),
        ),
        "plan_time": (
            N_("A day is chosen from the calendar, and a time is written as 15:00."),
            N_("Nothing that you wrote is lost: it stands below. Correct it, then save again."),
        ),
        "plan_long": (
            N_("A text is too long, or there are too many blocks: at most 24."),
            N_("Nothing that you wrote is lost: it stands below. Shorten it, then save again."),
        ),
        "plan_choice": (
            N_("The form is not whole."),
            N_("Nothing was changed. Load the page again."),
        ),
    }


@dataclass(frozen=True, slots=True)
class Block:
    """One part of a meeting.

    Attributes
    ----------
    id : str
    title : str
    kind : str
        One of :data:`KINDS`.
    minutes, intro, talk : int
        All of it; of these the instructions; of these the facilitator's talk, instructions too.
    grouping : str
        One of :data:`ustaz.book.groupings.GROUPINGS`.
    lead : str
        Id of the facilitator who leads it; empty: both or whoever.
    text, say, material : str
    lock : str
        The clock time at which it begins, whatever comes before ("16:00"); empty: it follows.
    shorten : int
        The minutes that are still enough; 0: it is not to be shortened.
    drop : bool
        Whether it may be left out.
    """

    id: str
    title: str
    minutes: int
    grouping: str = "whole"
    kind: str = "activity"
    talk: int = 0
    intro: int = 0
    lead: str = ""
    text: str = ""
    say: str = ""
    material: str = ""
    lock: str = ""
    shorten: int = 0
    drop: bool = False


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Something that somebody does afterwards.

    Attributes
    ----------
    who : str
        A person's id; empty: the whole group.
    what : str
    by : str
        ISO date; may be empty.
    done : bool
    """

    who: str
    what: str
    by: str = ""
    done: bool = False


@dataclass(frozen=True, slots=True)
class Log:
    """How a meeting went.

    Attributes
    ----------
    minutes : mapping
        Block id -> the minutes that it really took.
    present : tuple of str
        Ids of the members who came.
    members : tuple of str
        Ids of the members whom the group had, those who came among them; empty where a log was
        written before this was kept.
    worked, change, left_open : str
    follow_ups : tuple of FollowUp
    energy : int
        1 to 5; 0: not said.
    """

    minutes: Mapping[str, int] = field(default_factory=dict)
    present: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    worked: str = ""
    change: str = ""
    left_open: str = ""
    follow_ups: tuple[FollowUp, ...] = ()
    energy: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """A meeting as it is planned, and its log once there is one.

    Attributes
    ----------
    title : str
    day, start : str
        ISO date and ``HH:MM``; may be empty.
    minutes, people : int
        How long it is to take, and how many come.
    aims : tuple of str
    leads : tuple of str
        Ids of one or two facilitators.
    event : str
        Id of the calendar's event; may be empty.
    page : str
        The runbook's page in the book; may be empty.
    blocks : tuple of Block
    log : Log or None
    """

    title: str
    day: str = ""
    start: str = "15:00"
    minutes: int = 120
    people: int = 10
    aims: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()
    event: str = ""
    page: str = ""
    blocks: tuple[Block, ...] = ()
    log: Log | None = None

    def to_json(self) -> dict[str, Any]:
        """Return it as the store keeps it."""
        return asdict(self)


def parsed(value: Mapping[str, Any]) -> Plan:
    """Read a plan; refuse it whole where anything does not fit.

    Raises
    ------
    PlanError
    """
    blocks = value.get("blocks", ())
    if not isinstance(blocks, list | tuple) or len(blocks) > MOST_BLOCKS:
        raise PlanError("plan_long")
    texts = (value.get("aims", ()), value.get("leads", ()))
    if not all(isinstance(block, Mapping) for block in blocks) or not all(
        isinstance(lines, list | tuple) for lines in texts
    ):
        raise PlanError("plan_choice")
    people = _number(value.get("people", 10), PEOPLE[1])
    if people < PEOPLE[0]:
        raise PlanError("plan_number")
    aims = [_text(aim, "aim") for aim in value.get("aims", ())]
    log = value.get("log")
    plan = Plan(
        title=_title(value.get("title")),
        day=_day(value.get("day", "")),
        start=_time(value.get("start") or "15:00"),
        minutes=_number(value.get("minutes", 120), 600),
        people=people,
        aims=tuple(aim for aim in aims if aim)[:MOST_AIMS],
        leads=tuple(dict.fromkeys(_person(lead) for lead in value.get("leads", ()) if lead))[:2],
        event=_person(value.get("event", "")),
        page=_page(value.get("page", "")),
        blocks=tuple(_block(block) for block in blocks),
        log=_log(log) if isinstance(log, Mapping) else None,
    )
    if len({block.id for block in plan.blocks}) < len(plan.blocks):
        raise PlanError("plan_choice")
    return plan


def _block(value: Mapping[str, Any]) -> Block:
    id, grouping, kind = value.get("id"), value.get("grouping", "whole"), value.get("kind")
    kind = kind or "activity"
    if not isinstance(id, str) or not BLOCK_ID.match(id):
        raise PlanError("plan_choice")
    if grouping not in GROUPINGS or kind not in KINDS:
        raise PlanError("plan_choice")
    lock = value.get("lock", "")
    numbers = {
        name: _number(value.get(name, 0), MOST_MINUTES)
        for name in ("minutes", "talk", "intro", "shorten")
    }
    return Block(
        id=id,
        title=_title(value.get("title")),
        grouping=grouping,
        kind=kind,
        lead=_person(value.get("lead", "")),
        text=_text(value.get("text", ""), "text"),
        say=_text(value.get("say", ""), "say"),
        material=_text(value.get("material", ""), "material"),
        lock=_time(lock) if lock else "",
        drop=bool(value.get("drop")),
        **numbers,
    )


def _log(value: Mapping[str, Any]) -> Log:
    minutes, follow_ups = value.get("minutes", {}), value.get("follow_ups", ())
    if not isinstance(minutes, Mapping) or not isinstance(follow_ups, list | tuple):
        raise PlanError("plan_choice")
    if not all(isinstance(line, Mapping) for line in follow_ups):
        raise PlanError("plan_choice")
    if len(follow_ups) > MOST_FOLLOW_UPS or len(minutes) > MOST_BLOCKS:
        raise PlanError("plan_long")
    named = [
        FollowUp(
            _person(line.get("who", "")),
            _text(line.get("what", ""), "what"),
            _day(line.get("by", "")),
            line.get("done") is True,
        )
        for line in follow_ups
    ]
    return Log(
        minutes={str(key): _number(taken, 600) for key, taken in minutes.items()},
        present=_people(value.get("present", ())),
        members=_people(value.get("members", ())),
        worked=_text(value.get("worked", ""), "note"),
        change=_text(value.get("change", ""), "note"),
        left_open=_text(value.get("left_open", ""), "note"),
        follow_ups=tuple(line for line in named if line.what),
        energy=_number(value.get("energy", 0), 5),
    )


def _text(value: object, bound: str) -> str:
    if not isinstance(value, str):
        raise PlanError("plan_choice")
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n").strip())
    text = "".join(sign for sign in text if sign.isprintable() or sign == "\n")
    if len(text) > BOUNDS[bound]:
        raise PlanError("plan_long")
    return text


def _title(value: object) -> str:
    text = " ".join(_text(value or "", "title").split())
    if not text:
        raise PlanError("plan_title")
    return text


def _number(value: object, most: int) -> int:
    if isinstance(value, str):
        text = value.strip() or "0"
        value = int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else -1
    if type(value) is not int or not 0 <= value <= most:
        raise PlanError("plan_number")
    return value


def _day(value: object) -> str:
    if not isinstance(value, str):
        raise PlanError("plan_time")
    try:
        return dt.date.fromisoformat(value).isoformat() if value else ""
    except ValueError:
        raise PlanError("plan_time") from None


def _time(value: object) -> str:
    moment = clock_time(value) if isinstance(value, str) else None
    if moment is None:
        raise PlanError("plan_time")
    return f"{moment:%H:%M}"


def _person(value: object) -> str:
    if not isinstance(value, str) or (value and not PERSON_ID.match(value)):
        raise PlanError("plan_choice")
    return value


def _people(value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or len(value) > MOST_MEMBERS:
        raise PlanError("plan_choice")
    return tuple(dict.fromkeys(_person(person) for person in value))


def _page(value: object) -> str:
    if not isinstance(value, str) or not re.match(r"[a-z0-9-]{0,60}\Z", value):
        raise PlanError("plan_choice")
    return value


def from_runbook(runbook: Runbook, **more: Any) -> Plan:  # noqa: ANN401 - fields of a plan
    """Return a plan that is a runbook's meeting, with what may be shortened or left out."""
    blocks = tuple(
        Block(
            id=f"b{number}",
            title=block.title,
            minutes=block.minutes,
            grouping=block.grouping,
            talk=block.talk,
            intro=min(2, block.talk),
            text=block.text,
            say=block.say,
            material=", ".join(sheet.title for sheet in block.materials)[: BOUNDS["material"]],
            shorten=block.shorten,
            drop=block.drop,
        )
        for number, block in enumerate(runbook.blocks, 1)
    )
    plan = Plan(runbook.title, minutes=runbook.minutes, page=runbook.page, blocks=blocks)
    return replace(plan, **more)


def copied(plan: Plan, **more: Any) -> Plan:  # noqa: ANN401 - fields of a plan
    """Return a plan to be held once more: without its day, its event and its log."""
    return replace(plan, day="", event="", log=None, **more)


def fresh_id(plan: Plan) -> str:
    """Return an id that no block of a plan has."""
    known = {block.id for block in plan.blocks}
    return next(id for number in range(1, 99) if (id := f"b{number}") not in known)
