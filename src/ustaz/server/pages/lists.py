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
from ustaz.server.http import HTTPProblem, Request, Response, redirect
from ustaz.server.pages.uploads import UPLOADS, Kept
from ustaz.server.templates import page

#: Rows that the page shows of each kind; the numbers are of all.
SHOWN: Final = 200
#: Unknown words for roles that the page asks about.
MOST_WORDS: Final = 12
ALIKE: Final = frozenset({"alike_school", "alike_group"})


def start(request: Request) -> Response:
    """Show the form that a list is chosen in."""
    require(request.who, "staff", "operator")
    return page(request, "roster_choose.html", missing=False, gone="gone" in request.query)


def look(request: Request) -> Response:
    """Keep the chosen list and show what it would do."""
    require(request.who, "staff", "operator")
    sent = request.files.get("list")
    if sent is None or not sent.data:
        return page(request, "roster_choose.html", status=400, missing=True, gone=False)
    about = str(request.site.course.dir), request.who.person
    token = UPLOADS.keep(*about, sent.name, parse(sent.data))
    return redirect(request.site.url("staff", "roster", token))


def _kept(request: Request) -> Kept | None:
    require(request.who, "staff", "operator")
    return UPLOADS.get(str(request.site.course.dir), request.who.person, request.params["token"])


def result(request: Request) -> Response:
    """Show what a list would do, or what it did."""
    kept = _kept(request)
    if kept is None:
        return redirect(request.site.url("staff", "roster", gone="1"))
    plan = kept.done or plan_import(request.site.course, kept.sheet, kept.choice, by=giver(request))
    # While something is wrong, who was found by what is of no use.
    quiet = {"new_id"} if plan.good else {"new_id", "by_name", "by_account"}
    shown: dict[str, Any] = {
        "plan": plan,
        "file": kept.name,
        "token": request.params["token"],
        "most": SHOWN,
        "again": "again" in request.query,
        "notes": gathered(note for note in plan.notes if note.id not in quiet),
        "alike": any(note.id in ALIKE for note in plan.notes),
        "choices": CHOICES,
        "roles": ROLES,
    }
    return page(request, "roster_result.html", status=200 if plan.good else 422, **shown)


def apply(request: Request) -> Response:
    """Take a list over, if it still does what was shown."""
    kept = _kept(request)
    if kept is None:
        return redirect(request.site.url("staff", "roster", gone="1"))
    token = request.params["token"]
    digest = request.form.get("digest", "")
    if not digest:
        raise HTTPProblem(400, "bad_request")
    if kept.done is None:
        plan = import_list(
            request.site.course, kept.sheet, by=giver(request), digest=digest, choice=kept.choice
        )
        if not plan.applied:
            return redirect(request.site.url("staff", "roster", token, again="1"))
        kept.done = plan
    return redirect(request.site.url("staff", "roster", token))


def choose(request: Request) -> Response:
    """Keep what somebody says about the columns, and show the list anew."""
    kept = _kept(request)
    if kept is None:
        return redirect(request.site.url("staff", "roster", gone="1"))
    token = request.params["token"]
    if kept.done is None:
        choice = _choice(request.form, kept.choice)
        if choice is None:
            raise HTTPProblem(400, "bad_request")
        kept.choice = choice
    return redirect(request.site.url("staff", "roster", token))


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
