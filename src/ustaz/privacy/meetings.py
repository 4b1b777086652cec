"""Plans and logs of meetings: who made them, who came, who does what, in every version."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from ustaz.messages import N_
from ustaz.privacy.file_trees import as_json, put
from ustaz.privacy.model import Amount, Member, Place
from ustaz.sessions import store
from ustaz.sessions.done import parsed_done
from ustaz.sessions.plan import FollowUp

#: What stands in the place of a name in a facilitator's own words.
MASK: Final = "…"


def _mentions(value: object, member: Member) -> bool:
    if isinstance(value, str):
        return value == member.person or (bool(member.name) and member.name in value)
    if isinstance(value, dict):
        return any(_mentions(inner, member) for inner in value.values())
    return isinstance(value, list) and any(_mentions(inner, member) for inner in value)


def _records(member: Member) -> Iterator[tuple[str, dict[str, Any]]]:
    for plan_id, record in store.records(member.course):
        if _mentions(record, member):
            yield plan_id, record


def _amount(member: Member) -> Amount:
    sizes = [store.path_of(member.course.dir, id).stat().st_size for id, _ in _records(member)]
    return Amount(len(sizes), sum(sizes))


def _copied(member: Member, to: Path) -> None:
    """Copy the plans that a person made, without members, and of others' what is about them."""
    copies: list[dict[str, Any]] = []
    for _, record in _records(member):
        plan = record["plan"]
        if member.person in (record.get("made_by"), record.get("by"), *plan["leads"]):
            copies.append({"plan": _without_others(plan, member)})
            continue
        log = plan.get("log") or {}
        there = (*log.get("members", ()), *log.get("present", ()))
        copies.append(
            {
                "meeting": plan["title"],
                "day": plan["day"],
                "present": member.person in log.get("present", ()),
                "follow_ups": [
                    line | _own_word(record, line, member)
                    for line in log.get("follow_ups", ())
                    # As on home: their own, and what the whole group took on.
                    if line["who"] == member.person or (not line["who"] and member.person in there)
                ],
            }
        )
    if copies:
        put(to.with_suffix(".json"), as_json(copies))


def _own_word(record: dict[str, Any], line: dict[str, Any], member: Member) -> dict[str, str]:
    """Return when a member called a line done, where they did."""
    for word in record.get("done", ()):
        if word["who"] == member.person and parsed_done(word).is_about(FollowUp(**line)):
            return {"i_said_done": word["at"]}
    return {}


def _without_others(plan: dict[str, Any], member: Member) -> dict[str, Any]:
    """Return a plan for whoever made it: nobody else of the course is named in it."""
    people = member.course.people.values()
    others = {person.person: person.name for person in people if person.person != member.person}
    text = json.dumps(plan, ensure_ascii=False)
    for name in filter(None, others.values()):
        text = text.replace(json.dumps(name, ensure_ascii=False)[1:-1], MASK)
    copied: dict[str, Any] = json.loads(text)
    log: dict[str, Any] = copied.get("log") or {}
    present: list[str] = log.get("present", [])
    if present:
        log["came"] = len(present)
        log["present"] = [person for person in present if person == member.person]
    if log.get("members"):
        log["members"] = [person for person in log["members"] if person == member.person]
    for line in log.get("follow_ups", ()):
        line["who"] = "" if line["who"] in others else line["who"]
    copied["leads"] = [person for person in copied.get("leads", ()) if person not in others]
    for block in copied.get("blocks", ()):
        block["lead"] = "" if block.get("lead", "") in others else block.get("lead", "")
    return copied


def mentioning(member: Member) -> set[Path]:
    """Return the files of plans that name somebody; an erasure takes the name out of them."""
    return {store.path_of(member.course.dir, id) for id, _ in _records(member)}


def _without(value: Any, member: Member, key: str = "") -> Any:  # noqa: ANN401 - of JSON
    """Return a record without a person: ids go or become the former one, names are masked."""
    if isinstance(value, dict):
        return {name: _without(inner, member, name) for name, inner in value.items()}
    if isinstance(value, list):
        names = key in ("present", "members")
        kept = [inner for inner in value if not names or inner != member.person]
        return [_without(inner, member, key) for inner in kept]
    if not isinstance(value, str):
        return value
    if value == member.person:
        return "" if key in ("who", "lead") else member.former
    return value.replace(member.name, MASK) if member.name else value


def _erased(member: Member) -> None:
    for plan_id, _ in list(_records(member)):
        store.rewrite(member.course, plan_id, lambda record: _without(record, member))


MEETINGS: Final[Place[Member]] = Place(
    "sessions",
    N_("plans and logs of meetings that name them: stay, without name and id"),
    _amount,
    _copied,
    _erased,
)
