"""What is given out of a workbook as JSON: projected to its reader, without bookkeeping."""

from __future__ import annotations

from typing import Any, Final

from ustaz import messages
from ustaz.answers import Document
from ustaz.deadlines.due import due
from ustaz.server import entering
from ustaz.server.closed import closed_questions
from ustaz.server.http import Visit
from ustaz.server.records import Record
from ustaz.server.words import Words, zoned
from ustaz.workbook import Definition, project

PUBLIC_KEYS: Final = (
    "format",
    "workbook",
    "definition",
    "subject",
    "lang",
    "status",
    "revision",
    "created_at",
    "updated_at",
    "answers",
)


def public(one: Record, document: Document, definition: Definition) -> dict[str, Any]:
    """Return a document without bookkeeping, projected to the audience."""
    data = {key: value for key, value in document.to_json().items() if key in PUBLIC_KEYS}
    for key in ("created_at", "updated_at"):
        data[key] = zoned(data[key], one.course.timezone)
    if not document.revision:
        # Nobody has written yet: people are expected to write in their own language.
        data["lang"] = one.course.person(one.person).lang
    if one.audience != "self":
        shown = project(definition, document.answers, one.audience)
        data["answers"] = shown["answers"]
        data["withheld"] = shown["withheld"]
    marks = one.entered(document)
    if marks:
        data["entered"] = [entering.told(each, one.course, one.say) for each in marks]
    return data


def evaluation_json(one: Record) -> dict[str, Any]:
    """Return the evaluation; another reader gets no findings about what is withheld."""
    data = one.evaluation.to_json()
    if one.audience != "self":
        hidden = set(project(one.definition, one.document.answers, one.audience)["withheld"])
        for section in data["sections"]:
            section["findings"] = [
                each for each in section["findings"] if each["field"] not in hidden
            ]
    for section in data["sections"]:
        if one.audience != "staff":
            section.pop("points", None)
            section.pop("score", None)
    return data


def rounds_json(one: Record) -> list[dict[str, Any]]:
    """Return the rounds as the front end lists them."""
    listed = []
    for each in one.rounds:
        data = each.to_dict(one.course.timezone)
        data["current"] = each is one.last and not one.changed
        data["feedback"] = each.returned_at is not None
        if each.returned_at is not None and one.audience == "self":
            data["feedback_page"] = one.site.url(
                "workbooks", one.workbook, "feedback", round=str(each.round)
            )
        listed.append(data)
    return listed


def progress(one: Record) -> dict[str, Any]:
    """Return the counts and the status: what home pages show."""
    named = due(one.course, one.workbook, one.person)
    last = one.last
    return {
        "workbook": one.workbook,
        "answered": one.evaluation.answered,
        "of": one.evaluation.of,
        "status": one.status,
        "started": one.started,
        "changed": one.changed,
        "ready": one.ready,
        "late": len(one.late),
        "due": named.day.isoformat() if named else None,
        "calendar": named.calendar.astimezone(one.course.timezone).date().isoformat()
        if named
        else None,
        "days_left": (named.day - one.course.today()).days if named else None,
        "extended": named is not None and named.shift is not None,
        "late_round": last is not None and last.receipt.late,
        "round": last.round if last else None,
        "submitted_at": last.receipt.received_at.astimezone(one.course.timezone).isoformat(
            timespec="seconds"
        )
        if last
        else None,
        "feedback": _feedback(one),
        "entered": len(one.waiting),
    }


def _feedback(one: Record) -> dict[str, Any] | None:
    returned = [each for each in one.rounds if each.returned_at]
    if not returned:
        return None
    last = returned[-1]
    return {"round": last.round, "returned_at": last.returned_at, "unread": one.unread}


def _starting(one: Record, words: Words, mode: str) -> dict[str, Any]:
    """Return everything that a workbook page starts with."""
    translate = one.say = words.plain
    library = one.course.library
    person = one.course.people.get(one.person)
    return {
        "api": f"{one.site.base}api/v1",
        "workbook": one.workbook,
        "lang": words.lang,
        "draft": words.draft,
        "mode": mode,
        "about": None if one.audience == "self" else one.person,
        "xsrf_cookie": "_xsrf",
        "definition": {
            **one.definition.compiled(translate),
            "closed": closed_questions(library, one.definition, translate),
        },
        "document": public(one, one.document, one.definition),
        "linked": {
            name: {
                "definition": library[name].compiled(translate),
                "document": public(one, document, library[name]),
            }
            for name, document in one.linked.items()
        },
        "evaluation": evaluation_json(one),
        "status": one.status,
        "rounds": rounds_json(one),
        "confirmations": one.confirmations,
        "context": {
            "today": one.course.today().isoformat(),
            "programme_start": one.course.start.isoformat(),
            "programme_end": one.course.end.isoformat(),
        },
        "person": {"id": one.person, "name": person.name if person else one.person},
        "writer": one.writer or (one.person if mode == "edit" else None),
        "home": one.site.base,
        "languages": list(one.course.languages),
        "assignment": one.workbook in one.course.assignments,
    }


def page_data(visit: Visit, one: Record, mode: str) -> dict[str, Any]:
    """Return what a page of a workbook starts with, its words and for whom it is made included."""
    data = _starting(one, visit.words, mode)
    data["messages"] = messages.frontend(visit.lang)
    data["reader"] = visit.who.person
    return data
