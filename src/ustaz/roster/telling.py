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


def tell(entry: Entry) -> tuple[str, dict[str, Any]]:
    """Return what an entry says: a message to translate, and what fills it."""
    if entry.kind == "first":
        return N_("was in the list of people already"), {}
    if entry.kind == "joined":
        groups = ", ".join(entry.set.get("groups") or ())
        if groups:
            return N_("joined the group {group}"), {"group": groups}
        return N_("joined the course"), {}
    if entry.kind == "removed":
        return N_("no longer in the list of people"), {}
    if entry.kind == "substitute":
        params = {key: entry.more.get(key, "") for key in ("group", "start", "end")}
        return N_("stands in for the group {group} from {start} until {end}"), params
    if entry.kind == "substitute_end":
        return N_("no longer stands in for the group {group}"), {
            "group": entry.more.get("group", "")
        }
    return _change(entry)


def _change(entry: Entry) -> tuple[str, dict[str, Any]]:
    keys = set(entry.set)
    if keys == {"status"} and entry.set["status"] in STATUS:
        return STATUS[entry.set["status"]], {}
    if keys == {"groups"}:
        was, now = ", ".join(entry.was.get("groups") or ()), ", ".join(entry.set["groups"] or ())
        if was and now:
            return N_("moved from the group {was} to {now}"), {"was": was, "now": now}
        if now:
            return N_("joined the group {group}"), {"group": now}
        return N_("left the group {group}"), {"group": was}
    if keys == {"school"} and entry.set["school"]:
        return N_("school is now {school}"), {"school": entry.set["school"]}
    fields = ", ".join([*sorted(keys), *entry.also])
    return N_("changed: {fields}"), {"fields": fields}
