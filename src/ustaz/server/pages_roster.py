"""The pages that take a list of people over: choose, look, take over."""

from __future__ import annotations

from typing import Any, Final

from ustaz.roster import import_list, plan_import
from ustaz.roster.parsing_process import parse
from ustaz.server.access import giver, require
from ustaz.server.http import Refusal, Reply, Visit, redirect
from ustaz.server.templates import page
from ustaz.server.uploads import UPLOADS, Kept

#: Rows that the page shows of each kind; the numbers are of all.
SHOWN: Final = 200


def start(visit: Visit) -> Reply:
    """Show the form that a list is chosen in."""
    require(visit.who, "staff", "operator")
    return page(visit, "roster_choose.html", missing=False, gone="gone" in visit.query)


def look(visit: Visit) -> Reply:
    """Keep the chosen list and show what it would do."""
    require(visit.who, "staff", "operator")
    sent = visit.files.get("list")
    if sent is None or not sent.data:
        return page(visit, "roster_choose.html", status=400, missing=True, gone=False)
    about = str(visit.site.course.dir), visit.who.person
    token = UPLOADS.keep(*about, sent.name, parse(sent.data))
    return redirect(visit.site.url("staff", "roster", token))


def _kept(visit: Visit) -> Kept | None:
    require(visit.who, "staff", "operator")
    return UPLOADS.get(str(visit.site.course.dir), visit.who.person, visit.params["token"])


def result(visit: Visit) -> Reply:
    """Show what a list would do, or what it did."""
    kept = _kept(visit)
    if kept is None:
        return redirect(visit.site.url("staff", "roster", gone="1"))
    plan = kept.done or plan_import(visit.site.course, kept.sheet, by=giver(visit))
    shown: dict[str, Any] = {
        "plan": plan,
        "file": kept.name,
        "token": visit.params["token"],
        "most": SHOWN,
        "again": "again" in visit.query,
        "notes": [one for one in plan.notes if one.id != "new_id"],
    }
    return page(visit, "roster_result.html", status=200 if plan.good else 422, **shown)


def apply(visit: Visit) -> Reply:
    """Take a list over, if it still does what was shown."""
    kept = _kept(visit)
    if kept is None:
        return redirect(visit.site.url("staff", "roster", gone="1"))
    token = visit.params["token"]
    digest = visit.form.get("digest", "")
    if not digest:
        raise Refusal(400, "bad_request")
    if kept.done is None:
        plan = import_list(visit.site.course, kept.sheet, by=giver(visit), digest=digest)
        if not plan.applied:
            return redirect(visit.site.url("staff", "roster", token, again="1"))
        kept.done = plan
    return redirect(visit.site.url("staff", "roster", token))
