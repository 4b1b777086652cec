"""The history in words: what happened, without a name that is not in the roster."""

from __future__ import annotations

from typing import Any

from ustaz.messages import N_
from ustaz.roster.history import Entry

STATUS: dict[str, str] = {
    "leave": N_("went on leave"),
    "withdrawn": N_("left the course"),
    "active": N_("takes part again"),
}


def tell(one: Entry) -> tuple[str, dict[str, Any]]:
    """Return what an entry says: a message to translate, and what fills it."""
    if one.kind == "first":
        return N_("was in the list of people already"), {}
    if one.kind == "joined":
        groups = ", ".join(one.set.get("groups") or ())
        if groups:
            return N_("joined the group {group}"), {"group": groups}
        return N_("joined the course"), {}
    if one.kind == "removed":
        return N_("no longer in the list of people"), {}
    if one.kind == "substitute":
        params = {key: one.more.get(key, "") for key in ("group", "start", "end")}
        return N_("stands in for the group {group} from {start} until {end}"), params
    if one.kind == "substitute_end":
        return N_("no longer stands in for the group {group}"), {"group": one.more.get("group", "")}
    return _change(one)


def _change(one: Entry) -> tuple[str, dict[str, Any]]:
    keys = set(one.set)
    if keys == {"status"} and one.set["status"] in STATUS:
        return STATUS[one.set["status"]], {}
    if keys == {"groups"}:
        was, now = ", ".join(one.was.get("groups") or ()), ", ".join(one.set["groups"] or ())
        if was and now:
            return N_("moved from the group {was} to {now}"), {"was": was, "now": now}
        if now:
            return N_("joined the group {group}"), {"group": now}
        return N_("left the group {group}"), {"group": was}
    if keys == {"school"} and one.set["school"]:
        return N_("school is now {school}"), {"school": one.set["school"]}
    fields = ", ".join([*sorted(keys), *one.also])
    return N_("changed: {fields}"), {"fields": fields}
