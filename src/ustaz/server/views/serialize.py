"""What is given out of a workbook as JSON: projected to its reader, without bookkeeping."""

from __future__ import annotations

from typing import Any, Final

from ustaz import messages
from ustaz.answers import Document
from ustaz.deadlines.due import due
from ustaz.roster.former import name_of
from ustaz.server.http import Request
from ustaz.server.i18n import Words, zoned
from ustaz.server.views.closed import closed_questions
from ustaz.server.views.records import Record
from ustaz.transcription.marks import Mark
from ustaz.workbook import Definition, definition_json, project, reference_json

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


def public(record: Record, document: Document, definition: Definition) -> dict[str, Any]:
    """Return a document without bookkeeping, projected to the audience."""
    data = {key: value for key, value in document.to_json().items() if key in PUBLIC_KEYS}
    for key in ("created_at", "updated_at"):
        data[key] = zoned(data[key], record.course.timezone)
    if not document.revision:
        # Nobody has written yet: people are expected to write in their own language.
        data["lang"] = record.course.person(record.person).lang
    if record.audience != "self":
        shown = project(definition, document.answers, record.audience, record.places(definition.id))
        data["answers"] = shown["answers"]
        data["withheld"] = shown["withheld"]
    marks = record.entered(document)
    if marks:
        data["entered"] = [_mark(record, mark) for mark in marks]
    return data


def _mark(record: Record, mark: Mark) -> dict[str, Any]:
    """Return a mark of transcription as the front end shows it."""
    zone = record.course.timezone
    return {
        "place": mark.place,
        "by": mark.by,
        "by_name": name_of(record.course.people, mark.by, record.say),
        "revision": mark.revision,
        "at": zoned(mark.at, zone) if mark.at else None,
        "confirmed_at": zoned(mark.confirmed_at, zone) if mark.confirmed_at else None,
    }


def evaluation_json(record: Record) -> dict[str, Any]:
    """Return the evaluation; another reader gets no findings about what is withheld."""
    data = record.evaluation.to_json()
    if record.audience != "self":
        shown = project(
            record.definition,
            record.document.answers,
            record.audience,
            record.places(record.workbook),
        )
        hidden = set(shown["withheld"])
        for section in data["sections"]:
            section["findings"] = [
                finding for finding in section["findings"] if finding["field"] not in hidden
            ]
    for section in data["sections"]:
        if record.audience != "staff":
            section.pop("points", None)
            section.pop("score", None)
    return data


def rounds_json(record: Record) -> list[dict[str, Any]]:
    """Return the rounds as the front end lists them."""
    rows = []
    for round_ in record.rounds:
        data = round_.to_dict(record.course.timezone)
        data["current"] = round_ is record.last and not record.changed
        data["feedback"] = round_.returned_at is not None
        if round_.returned_at is not None and record.audience == "self":
            data["feedback_page"] = record.site.url(
                "workbooks", record.workbook, "feedback", round=str(round_.round)
            )
        rows.append(data)
    return rows


def progress(record: Record) -> dict[str, Any]:
    """Return the counts and the status: what home pages show."""
    last = record.last
    named = due(record.course, record.workbook, record.person)
    if last is None and record.every_round:
        named = None  # its day was met by an earlier project; nothing is late about a second one
    return {
        "workbook": record.workbook,
        "answered": record.evaluation.answered,
        "of": record.evaluation.of,
        "status": record.status,
        "started": record.started,
        "changed": record.changed,
        "ready": record.ready,
        "late": len(record.late),
        "due": named.day.isoformat() if named else None,
        "calendar": named.calendar.astimezone(record.course.timezone).date().isoformat()
        if named
        else None,
        "days_left": (named.day - record.course.today()).days if named else None,
        "extended": named is not None and named.shift is not None,
        "late_round": last is not None and last.receipt.late,
        "round": last.round if last else None,
        "submitted_at": last.receipt.received_at.astimezone(record.course.timezone).isoformat(
            timespec="seconds"
        )
        if last
        else None,
        "feedback": _feedback(record),
        "entered": len(record.waiting),
    }


def _feedback(record: Record) -> dict[str, Any] | None:
    returned = [round_ for round_ in record.every_round if round_.returned_at]
    if not returned:
        return None
    last = returned[-1]
    return {"round": last.round, "returned_at": last.returned_at, "unread": record.unread}


def _starting(record: Record, words: Words, mode: str) -> dict[str, Any]:
    """Return everything that a workbook page starts with."""
    translate = record.say = words.plain
    library = record.course.library
    person = record.course.people.get(record.person)
    embedded = {
        section.embed.split("/")[0] for section in record.definition.sections if section.embed
    }
    return {
        "api": f"{record.site.base}api/v1",
        "workbook": record.workbook,
        "lang": words.lang,
        "draft": words.draft,
        "mode": mode,
        "about": None if record.audience == "self" else record.person,
        "xsrf_cookie": "_xsrf",
        "definition": {
            **definition_json(record.definition, translate),
            "closed": closed_questions(library, record.definition, translate),
        },
        "document": public(record, record.document, record.definition),
        "linked": {
            name: {
                "definition": (definition_json if name in embedded else reference_json)(
                    library[name], translate
                ),
                "document": public(record, document, library[name]),
            }
            for name, document in record.linked.items()
        },
        "evaluation": evaluation_json(record),
        "status": record.status,
        "rounds": rounds_json(record),
        "confirmations": record.confirmations,
        "context": {
            "today": record.course.today().isoformat(),
            "programme_start": record.course.start.isoformat(),
            "programme_end": record.course.end.isoformat(),
        },
        "person": {"id": record.person, "name": person.name if person else record.person},
        "writer": record.writer or (record.person if mode == "edit" else None),
        "home": record.site.base,
        "languages": list(record.course.languages),
        "assignment": record.workbook in record.course.assignments,
        "share": record.site.url("workbooks", record.workbook, "share")
        if mode == "edit" and record.definition.shares and not record.writer
        else None,
    }


def page_data(request: Request, record: Record, mode: str) -> dict[str, Any]:
    """Return what a page of a workbook starts with, its words and for whom it is made included."""
    data = _starting(record, request.words, mode)
    data["messages"] = messages.frontend(request.lang)
    data["reader"] = request.who.person
    if record.tutorial:
        # Two write here, each under their own name: what waits in a browser is its writer's. All
        # calls of the page go to the tutorial's own addresses.
        api = f"{record.site.base}api/v1"
        data["api"] = f"{api}/tutorials/{record.person}/{record.tutorial}"
        data["keeper"] = f"{api}/as/{request.who.person}"
        data |= {"writer": None, "share": None, "assignment": False}
        data["section"] = record.definition.sections[0].id
    return data
