"""The pages that take a list of people over: choose, look, say which column is which, take over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ustaz.base.ids import ROLES
from ustaz.enrolment import import_list, plan_import
from ustaz.enrolment.cells import MAX_COLUMNS
from ustaz.enrolment.choosing import CHOICES, Choice, checked_choice
from ustaz.enrolment.parsing_process import parse
from ustaz.enrolment.problems import gathered, letter
from ustaz.server.access import giver, require
from ustaz.server.http import Refusal, Reply, Visit, redirect
from ustaz.server.templates import page
from ustaz.server.uploads import UPLOADS, Kept

#: Rows that the page shows of each kind; the numbers are of all.
SHOWN: Final = 200
#: Unknown words for roles that the page asks about.
MOST_WORDS: Final = 12
ALIKE: Final = frozenset({"alike_school", "alike_group"})


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
    plan = kept.done or plan_import(visit.site.course, kept.sheet, kept.choice, by=giver(visit))
    # While something is wrong, who was found by what is of no use.
    quiet = {"new_id"} if plan.good else {"new_id", "by_name", "by_account"}
    shown: dict[str, Any] = {
        "plan": plan,
        "file": kept.name,
        "token": visit.params["token"],
        "most": SHOWN,
        "again": "again" in visit.query,
        "notes": gathered(note for note in plan.notes if note.id not in quiet),
        "alike": any(note.id in ALIKE for note in plan.notes),
        "choices": CHOICES,
        "roles": ROLES,
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
        plan = import_list(
            visit.site.course, kept.sheet, by=giver(visit), digest=digest, choice=kept.choice
        )
        if not plan.applied:
            return redirect(visit.site.url("staff", "roster", token, again="1"))
        kept.done = plan
    return redirect(visit.site.url("staff", "roster", token))


def choose(visit: Visit) -> Reply:
    """Keep what somebody says about the columns, and show the list anew."""
    kept = _kept(visit)
    if kept is None:
        return redirect(visit.site.url("staff", "roster", gone="1"))
    token = visit.params["token"]
    if kept.done is None:
        choice = _choice(visit.form, kept.choice)
        if choice is None:
            raise Refusal(400, "bad_request")
        kept.choice = choice
    return redirect(visit.site.url("staff", "roster", token))


def _choice(form: Mapping[str, str], before: Choice) -> Choice | None:
    """Return what a form says: another row of headings, or the columns and words below it."""
    action = form.get("do")
    if action == "row":
        row = form.get("row", "")
        if not row.isascii() or not row.isdecimal() or len(row) > 7:
            return None
        # Other headings are other columns.
        return checked_choice(int(row), {}, before.words)
    if action != "columns":
        return None
    columns, words = {}, dict(before.words)
    for index in range(MAX_COLUMNS):
        chosen = form.get(f"column-{letter(index)}")
        if chosen is not None:
            columns[letter(index)] = chosen
    for number in range(MOST_WORDS):
        word, role = form.get(f"word-{number}", ""), form.get(f"role-{number}", "")
        if word and role:
            words[word] = role
    return checked_choice(before.row, columns, words)
