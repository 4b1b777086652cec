"""A workbook as a form that is posted: where no script runs, or before it has come.

Everything that was on the page is read and saved in one batch for each workbook, through the same
store as the script's saves; then the action of the button that was pressed is done.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from markupsafe import escape

from ustaz.answers import Batch, Change, Document, Saved, StoreError, difference
from ustaz.answers.validate import table_fields
from ustaz.base.errors import UstazError
from ustaz.forms import Posted, read_posted
from ustaz.messages import N_
from ustaz.server import problem_texts
from ustaz.server.access import side_of, writing
from ustaz.server.host.limits import saves_of
from ustaz.server.http import HTTPProblem, Request, Response, number, redirect
from ustaz.server.pages.staff import workbook_page
from ustaz.server.views.form import Shown, editable, seen_places
from ustaz.server.views.records import Record, entering_record, record, tutorial_record
from ustaz.threads.model import THREAD_ID
from ustaz.transcription import writing as transcription
from ustaz.workbook import Definition
from ustaz.workbook.kinds.form import END
from ustaz.workbook.serialize import localized

Fields = dict[str, list[str]]
#: Kept of the fields that a page posts: more are no page of ours.
MOST_FIELDS: Final = 20_000


@dataclass(slots=True)
class _Outcome:
    """What came of one workbook's part of a form."""

    posted: Posted
    saved: Saved | None = None
    changes: tuple[Change, ...] = ()
    problem: HTTPProblem | None = None

    @property
    def clean(self) -> bool:
        """Tell whether everything that was typed is saved."""
        conflicts = self.saved.conflicts if self.saved else ()
        return not (self.problem or self.posted.refused or conflicts)


@dataclass(slots=True)
class _Work:
    """One form at work."""

    request: Request
    own: Record
    fields: Fields
    verb: str
    target: str
    outcomes: dict[str, _Outcome] = field(default_factory=dict)

    @property
    def clean(self) -> bool:
        """Tell whether everything that was typed is saved."""
        return all(outcome.clean for outcome in self.outcomes.values())


# -- addresses ------------------------------------------------------------------------------------
def save(request: Request) -> Response:
    """Save what the owner's form says, and do what its button asks."""
    writing(request.who)
    return _act(request, record(request.site, request.who.person, request.params["workbook"]))


def enter(request: Request) -> Response:
    """Save what a facilitator typed in for a member of their group."""
    writing(request.who)
    person, workbook = request.params["person"], request.params["workbook"]
    return _act(request, entering_record(request.site, request.who, person, workbook))


def note(request: Request) -> Response:
    """Save what one of the two wrote in the note of their tutorial."""
    writing(request.who)
    person = request.params["person"]
    side_of(request.site.course, request.who, person)
    return _act(request, tutorial_record(request.site, person, request.params["tutorial"]))


# -- saving ---------------------------------------------------------------------------------------
def _act(request: Request, own: Record) -> Response:
    request.count(saves_of(request.who.person))
    if request.form.get("reader") != request.who.person:
        # On a shared computer somebody else may have signed in since the page was made.
        raise HTTPProblem(403, "other_account")
    if sum(map(len, request.fields.values())) > MOST_FIELDS:
        raise HTTPProblem(400, "bad_request")
    verb, _, target = request.form.get("do", "save").partition(":")
    fields = {name: list(texts) for name, texts in request.fields.items()}
    work = _Work(request, own, fields, verb, target)
    _before(work)
    for name, document in editable(own).items():
        work.outcomes[name] = _saved(work, name, document)
    if not work.clean:
        return _again(work)
    return AFTER.get(verb, _stay)(work)


def _before(work: _Work) -> None:
    """Do what a button asks of the posted texts themselves."""
    name, _, place = work.target.partition(":")
    texts = work.fields.get(name)
    if work.verb == "clear":
        # An answer in parts is cleared part by part.
        below = f"{name}/"
        for posted in list(work.fields):
            if posted == name or (posted.startswith(below) and not posted.endswith(END)):
                del work.fields[posted]
        return
    at = (number(place) or 0) - 1
    if texts is None or not 0 <= at < len(texts):
        return
    if work.verb == "item-out":
        del texts[at]
        if not texts:
            texts.append("")
    elif work.verb in ("item-up", "item-down"):
        to = at + (-1 if work.verb == "item-up" else 1)
        if 0 <= to < len(texts):
            texts[at], texts[to] = texts[to], texts[at]


def _saved(work: _Work, name: str, document: Document) -> _Outcome:
    """Save one workbook's part of the form."""
    course, own = work.request.site.course, work.own
    definition = course.library[name]
    base = _base(work.fields.get(f"revision/{name}", []), document.revision)
    shown = _shown(own, name, document, base)
    compiled = localized(definition, work.request.lang)
    posted = read_posted(definition, compiled, shown, work.fields, work.request.lang)
    typed = difference(shown, posted.answers, table_fields(definition))
    if name == own.workbook:
        typed = (*typed, *_language(work, document))
    outcome = _Outcome(posted)
    try:
        _save(work, outcome, definition, base, typed)
        if outcome.clean:
            # On its own: bringing a row back leaves what was typed with the same press.
            _save(work, outcome, definition, base, _asked(work, name, document, shown))
    except UstazError as error:
        outcome.problem = problem_texts.from_error(error)
    except HTTPProblem as problem:
        outcome.problem = problem
    return outcome


def _save(
    work: _Work,
    outcome: _Outcome,
    definition: Definition,
    base: int,
    changes: tuple[Change, ...],
) -> None:
    if not changes:
        return
    form = work.request.form.get("batch", "")[:32]
    batch = Batch.from_json(
        {
            # A page that is posted twice is saved once; one that says something else is not the
            # same batch.
            "batch": f"{form}.{Batch('', '', 0, changes).digest}",
            "client": f"form-{form}",
            "base_revision": base,
            "changes": [change.to_json() for change in changes],
        }
    )
    outcome.saved = _store(work, definition, batch)
    outcome.changes = changes


def _store(work: _Work, definition: Definition, batch: Batch) -> Saved:
    course, own, who = work.request.site.course, work.own, work.request.who
    if own.writer:
        entered = work.request.site.entered
        return transcription.save(course, entered, who, definition, own.person, batch)[0]
    batch = transcription.own_batch(batch)
    return course.store.save(own.subject, definition.id, batch, who=who.person)


def _base(texts: Sequence[str], revision: int) -> int:
    """Return the revision that the page showed; of one that does not say, the first."""
    shown = number(texts[-1]) if texts else None
    return min(shown or 0, revision)


def _shown(own: Record, name: str, document: Document, base: int) -> Mapping[str, Any]:
    """Return the answers that the page showed.

    Where the history does not reach back so far: those of now. What has changed since then differs
    from what is posted, and becomes a conflict, since its stamp is newer than the page.
    """
    if base == document.revision:
        return document.answers
    try:
        return own.course.store.at(own.subject, name, base)
    except StoreError:
        return document.answers


def _asked(
    work: _Work, name: str, document: Document, shown: Mapping[str, Any]
) -> tuple[Change, ...]:
    """Return the change of a table's button."""
    workbook, table, row, *_ = [*work.target.split("/"), "", ""]
    if (
        workbook != name
        or work.verb not in ROWS
        or table not in table_fields(work.own.course.library[name])
    ):
        return ()
    rows = [str(entry["id"]) for entry in document.answers.get(table) or ()]
    # Of the page and of what it showed: a press that is sent twice adds one row.
    origin = f"{work.request.form.get('batch')}/{table}/{len(shown.get(table) or ())}"
    fresh = hashlib.sha256(origin.encode()).hexdigest()[:12]
    return ROWS[work.verb](table, rows, fresh if work.verb == "add" else row)


def _add(table: str, rows: list[str], row: str) -> tuple[Change, ...]:
    after = rows[-1] if rows else None
    return () if row in rows else (Change("add_row", (table, row), value={}, after=after),)


def _remove(table: str, rows: list[str], row: str) -> tuple[Change, ...]:
    return (Change("remove_row", (table, row)),) if row in rows else ()


def _move(by: int) -> Callable[[str, list[str], str], tuple[Change, ...]]:
    def change(table: str, rows: list[str], row: str) -> tuple[Change, ...]:
        to = rows.index(row) + by if row in rows else -1
        if not 0 <= to < len(rows):
            return ()
        rest = [other for other in rows if other != row]
        return (Change("move_row", (table, row), after=rest[to - 1] if to else None),)

    return change


ROWS: Final = {"add": _add, "remove": _remove, "up": _move(-1), "down": _move(1)}


def _language(work: _Work, document: Document) -> list[Change]:
    lang = work.request.form.get("writing", "")
    known = lang in work.request.site.course.languages
    return [Change("lang", value=lang)] if known and lang != document.lang else []


# -- what comes after -----------------------------------------------------------------------------
def _address(work: _Work, anchor: str = "", **query: str) -> str:
    address = work.own.page(**query)
    return f"{address}#{anchor}" if anchor else address


def _id(work: _Work, name: str) -> str:
    """Return the id of an element from the name of what it posts."""
    workbook, *path = name.split("/")
    own = work.own.workbook
    return "-".join(("uz", own, *(() if workbook == own else (workbook,)), *path))


def _stay(work: _Work) -> Response:
    return redirect(_address(work, "uz-saved", said="1"))


def _at_place(work: _Work) -> Response:
    return redirect(_address(work, _id(work, work.target.partition(":")[0]), said="1"))


def _added(work: _Work) -> Response:
    outcome = work.outcomes.get(work.target.partition("/")[0])
    rows = (
        [change.path[1] for change in outcome.changes if change.op == "add_row"] if outcome else []
    )
    return redirect(_address(work, _id(work, "/".join((work.target, *rows[-1:]))), said="1"))


def _removed(work: _Work) -> Response:
    workbook = work.target.partition("/")[0]
    outcome = work.outcomes.get(workbook)
    if outcome is None or outcome.saved is None or outcome.changes[0].op != "remove_row":
        return _at_place(work)
    back = f"{workbook}/{outcome.saved.revision}"
    return redirect(_address(work, "uz-saved", said="1", back=back))


def _more(work: _Work) -> Response:
    return redirect(_address(work, _id(work, work.target), more=work.target))


def _go(work: _Work) -> Response:
    workbook, _, table = work.target.partition("/")
    site, own = work.request.site, work.own
    if workbook in editable(own):
        return redirect(_address(work, _id(work, work.target)))
    if workbook not in site.course.library.ids:
        raise HTTPProblem(404, "no_workbook")
    there = (
        site.url("people", own.person, workbook, "enter")
        if own.writer
        else site.url("workbooks", workbook)
    )
    return redirect(f"{there}#uz-{workbook}-{table}")


def _in_language(work: _Work) -> Response:
    if work.target not in work.request.site.course.languages:
        raise HTTPProblem(400, "bad_request")
    return redirect(_address(work, lang=work.target))


def _status(work: _Work) -> Response:
    if work.own.writer or work.own.tutorial:
        raise HTTPProblem(422, "owner_only")
    fresh = record(work.request.site, work.own.person, work.own.workbook)
    if work.verb == "ready" and fresh.evaluation.level == "draft":
        return redirect(work.request.site.url("workbooks", work.own.workbook, "submit"))
    value = "ready" if work.verb == "ready" else "draft"
    batch = Batch(
        secrets.token_hex(12),
        f"form-{secrets.token_hex(8)}",
        fresh.document.revision,
        (Change("status", value=value),),
    )
    _store(work, fresh.definition, batch)
    return redirect(_address(work, "uz-finish"))


def _confirmed(work: _Work) -> Response:
    """Record that the owner has read what was typed in; what they have just changed is theirs."""
    site, own, who = work.request.site, work.own, work.request.who
    if own.writer or own.tutorial:
        raise HTTPProblem(422, "owner_only")
    for name, outcome in work.outcomes.items():
        changed = {"/".join(change.path) for change in outcome.changes}
        shown = seen_places(work.fields, name).items()
        seen = {place: revision for place, revision in shown if place not in changed}
        if seen:
            document = site.course.store.read(own.subject, name)
            transcription.confirm(site.entered, who, site.course.library[name], document, seen)
    return redirect(_address(work, "uz-saved"))


def _check(work: _Work) -> Response:
    own, site = work.own, work.request.site
    if own.tutorial:
        return redirect(site.url("tutorials", own.person, own.tutorial))
    return redirect(site.url("workbooks", own.workbook, "submit"))


def _back(work: _Work) -> Response:
    """Bring back what a button has just taken away."""
    workbook, _, revision = work.target.partition("/")
    wanted = number(revision)
    if work.own.writer or workbook not in work.outcomes or wanted is None:
        raise HTTPProblem(400, "bad_request")
    subject, who = work.own.subject, work.request.who.person
    work.request.site.course.store.take_back(subject, workbook, wanted, who)
    return redirect(_address(work, "uz-saved", said="1"))


def _answer(work: _Work) -> Response:
    """Lead to a remark that stands beside an answer, to answer it."""
    if not THREAD_ID.match(work.target):
        raise HTTPProblem(400, "bad_request")
    return redirect(work.request.site.url("messages", work.target) + "#answer")


AFTER: Final[dict[str, Callable[[_Work], Response]]] = {
    "add": _added,
    "remove": _removed,
    "up": _at_place,
    "down": _at_place,
    "item-up": _at_place,
    "item-down": _at_place,
    "item-out": _at_place,
    "clear": _at_place,
    "more": _more,
    "go": _go,
    "lang": _in_language,
    "ready": _status,
    "draft": _status,
    "check": _check,
    "entered": _confirmed,
    "back": _back,
    "remark": _answer,
}


# -- what could not be saved ----------------------------------------------------------------------
def _again(work: _Work) -> Response:
    """Show the form once more with everything that was typed, and say what stands in the way."""
    request, own = work.request, work.own
    if own.tutorial:
        fresh = tutorial_record(request.site, own.person, own.tutorial)
    elif own.writer:
        fresh = entering_record(request.site, request.who, own.person, own.workbook)
    else:
        fresh = record(request.site, own.person, own.workbook)
    shown = Shown(advice=True)
    for name, outcome in work.outcomes.items():
        now = editable(fresh)[name]
        answers = dict(outcome.posted.answers if outcome.problem else now.answers)
        for conflict in outcome.saved.conflicts if outcome.saved else ():
            shown.notices.append(_conflict(work, name, conflict))
            answers = _with(answers, conflict["change"])
        for path, (value, _) in outcome.posted.refused.items():
            answers = _with(answers, {"op": "set", "path": list(path), "value": value})
            shown.notices.append(
                request.words.gettext(
                    N_(
                        "“{field}” is not saved: it is too long, or holds something that cannot "
                        "be kept. It stands in its place below; please shorten it."
                    ),
                    field=_label(work, name, path),
                )
            )
        if outcome.problem:
            message, hint = problem_texts.texts(request.words, outcome.problem)
            shown.notices.append(escape(f"{message} {hint}"))
        shown.answers[name] = answers
    shown.notices.insert(
        0,
        request.words.gettext(N_("Not all of it is saved yet. What you typed stands below.")),
    )
    response = workbook_page(request, fresh, shown)
    response.status = 409
    return response


def _conflict(work: _Work, name: str, conflict: Mapping[str, Any]) -> Any:  # noqa: ANN401
    path = tuple(conflict["change"].get("path") or ())
    theirs = conflict["theirs"]
    label = _label(work, name, path)
    if work.own.writer and isinstance(theirs, Mapping):
        theirs = ""  # a row may hold what only its owner sees
    if theirs is None:
        return work.request.words.gettext(
            N_("“{field}” was removed elsewhere meanwhile. What you had typed: {text}"),
            field=label,
            text=_plain(conflict["change"].get("value")),
        )
    return work.request.words.gettext(
        N_(
            "“{field}” was changed elsewhere meanwhile. There it says: {text}. Your own text "
            "stands below and is not saved yet: press Save once more to keep it, or type over it."
        ),
        field=label,
        text=_plain(theirs),
    )


def _plain(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(_plain(inner) for key, inner in value.items() if key != "id")
    if isinstance(value, list):
        return ", ".join(map(_plain, value))
    return "" if value is None else str(value)


def _with(answers: dict[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """Return answers with a typed value in its place, where that place is still there."""
    path, value = change.get("path") or [], change.get("value")
    if change["op"] != "set" or not path:
        return answers
    if len(path) == 1:
        return {**answers, path[0]: value}
    rows = [
        {**row, path[2]: value} if row["id"] == path[1] else row
        for row in answers.get(path[0]) or ()
    ]
    return {**answers, path[0]: rows} if rows else answers


def _label(work: _Work, name: str, path: Sequence[str]) -> str:
    if not path:
        return ""
    definition = work.own.course.library[name]
    field_ = definition.field(path[0])
    column = field_.column(path[2]) if len(path) == 3 else None
    labels = [part.label for part in (field_, column) if part]
    return ", ".join(work.request.words.plain(label) for label in labels)
