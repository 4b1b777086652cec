"""Rounds and feedback as their owner reads them: answers and comments, never points."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from ustaz.exchange import Submission, SubmissionSummary, read_round
from ustaz.files import FileRefused, FileStore
from ustaz.messages import N_
from ustaz.server.http import HTTPProblem
from ustaz.server.i18n import Words
from ustaz.server.site import API
from ustaz.server.views.records import Record
from ustaz.server.views.serialize import public
from ustaz.transcription.marks import visible
from ustaz.workbook import Definition, definition_json, project
from ustaz.workbook.rubrics import rubric_of

if TYPE_CHECKING:
    from ustaz.grading.confirming import Confirmation
    from ustaz.grading.differences import Side

FACILITATOR: Final = N_("the facilitator")
SCHOOL_LINK: Final = N_("the school leader link")
MANUAL_CELL = "review"
SECTION_CELL = "section-"
#: Of a portfolio: the cell of a criterion, as the notebook names it.
CRITERION = "criterion-"
#: Of a mark on what somebody typed in: who it was.
BY = ("by", "name", "by_name")


def round_json(
    record: Record, summary: SubmissionSummary, frozen: Submission, shown: str
) -> dict[str, Any]:
    """Return a round: its receipt, and the answers projected to the reader.

    `shown` is the id under which the reader knows its owner.
    """
    answers = frozen.document["answers"]
    seen_as = "staff" if record.audience == "reviewer" else record.audience
    places = frozen.document.get("entered", {}).get(record.workbook, {})
    if seen_as != "self":
        places = {
            place: mark
            for place, mark in places.items()
            if visible(record.definition, place, seen_as, answers)
        }
    if seen_as != "self" and frozen.document["definition"] == record.definition.version:
        answers = project(record.definition, answers, seen_as)["answers"]
    elif seen_as not in {"self", "staff"}:
        raise HTTPProblem(403, "not_yours")  # an older shape cannot be projected safely
    if record.audience == "reviewer":
        places = {
            place: {key: value for key, value in mark.items() if key not in BY}
            for place, mark in places.items()
        }
    return {
        **summary.to_dict(record.course.timezone),
        "person": shown,
        "answers": answers,
        "withheld": frozen.document["withheld"],
        "entered": places,
    }


def last_returned(record: Record, number: int | None = None) -> SubmissionSummary:
    """Return the last round with feedback, or the one asked for."""
    for candidate in reversed(record.every_round):
        if candidate.returned_at and number in (None, candidate.round):
            return candidate
    raise HTTPProblem(404, "no_feedback")


def comments(summary: SubmissionSummary) -> dict[str, str]:
    """Return the comments of a round by cell, the empty ones left out."""
    cells = (summary.marks or {}).get("cells", ())
    return {
        str(cell["name"]): str(cell["comment"]).strip()
        for cell in cells
        if cell.get("comment") and str(cell["comment"]).strip()
    }


def whole_comment(summary: SubmissionSummary) -> Markup | None:
    """Return what was said about the whole, as it is shown."""
    from ustaz.grading.markdown import comment_html

    text = comments(summary).get(MANUAL_CELL)
    return Markup(comment_html(text)) if text else None  # noqa: S704 - nothing of HTML passes it


def feedback_json(record: Record, words: Words) -> dict[str, Any]:
    """Return what was said about the last round with feedback."""
    summary = last_returned(record)
    remarks = comments(summary)
    return {
        "round": summary.round,
        "returned_at": summary.returned_at,
        "answered": summary.receipt.answered,
        "of": summary.receipt.of,
        "comment": remarks.get(MANUAL_CELL),
        "sections": [
            {
                "id": section["id"],
                "title": section["title"],
                "comment": remarks.get(SECTION_CELL + section["id"]),
            }
            for section in definition_json(record.definition, words.plain)["sections"]
        ],
    }


def sections(record: Record, summary: SubmissionSummary, words: Words) -> list[dict[str, Any]]:
    """Return each section of a round as it is read: answers as escaped HTML, and the comment."""
    from ustaz.grading.evaluating import judge_round, rendered
    from ustaz.grading.markdown import comment_html

    frozen = read_round(record.course, record.person, record.workbook, summary.round)
    judged = judge_round(record.course, frozen)
    if record.audience == "reviewer" and judged.confirmed:
        judged = replace(judged, confirmed=_unnamed(record.definition, judged.confirmed, words))
    remarks = {cell: Markup(comment_html(record)) for cell, record in comments(summary).items()}  # noqa: S704 - nothing of HTML passes it
    own = record.audience == "self"
    rows = []
    for section in definition_json(record.definition, words.plain)["sections"]:
        body = rendered(record.course, judged, section=section["id"], reader=words.lang, own=own)
        rows.append(
            {
                "id": section["id"],
                "title": section["title"],
                "answers": Markup(body),  # noqa: S704 - render_answers escapes every answer
                "comment": remarks.get(SECTION_CELL + section["id"]),
            }
        )
    return rows


def criteria_comments(
    record: Record, summary: SubmissionSummary, words: Words
) -> list[dict[str, Any]]:
    """Return what was said of each criterion of a portfolio; none where nothing was."""
    from ustaz.grading.markdown import comment_html

    if record.definition.portfolio is None:
        return []
    remarks = comments(summary)
    return [
        {
            "title": f"{criterion.code} {words.plain(criterion.label)}",
            "comment": Markup(comment_html(remarks[CRITERION + criterion.id])),  # noqa: S704 - nothing of HTML passes it
        }
        for criterion in rubric_of(record.definition).criteria
        if CRITERION + criterion.id in remarks
    ]


def saved_answers(
    record: Record, words: Words, *, file: bool = False, scripted: bool = False
) -> Markup:
    """Return what is saved and the record's audience may read, as escaped HTML.

    Its owner reads everything, private answers included. Pictures are fetched when they come into
    sight; in a `file` to keep they stand inside it. On a page that is `scripted`, where the script
    soon shows them in its own way, they are fetched here only without one.
    """
    from ustaz.grading.render import small_pictures

    pictures = (
        small_pictures(record.course.people_dir, record.person) if file else _addresses(record)
    )
    body = _rendered(record, words, pictures=pictures, scripted=scripted)
    return Markup(body)  # noqa: S704 - render_answers escapes every answer


def answers_for_a_file(record: Record, words: Words, section: str | None) -> str:
    """Return what the record's audience may read, as HTML that is kept in somebody's notebook.

    It is whole, without "Show all", and has neither pictures nor addresses: a file is read where
    nothing of the course can be fetched.
    """
    return _rendered(record, words, section=section, clip=sys.maxsize)


def _rendered(record: Record, words: Words, **more: Any) -> str:  # noqa: ANN401
    """Return what the record's audience may read; `more` is as for `render_answers`."""
    from ustaz.grading.render import render_answers

    library = record.course.library
    shown = public(record, record.document, record.definition)
    return render_answers(
        record.definition,
        shown["answers"],
        lang=record.document.lang or words.lang,
        reader=words.lang,
        linked={
            name: public(record, document, library[name])["answers"]
            for name, document in record.linked.items()
        },
        definitions={name: library[name] for name in record.linked},
        withheld=shown.get("withheld", ()),
        **more,
    )


def _addresses(record: Record) -> Callable[[str], str]:
    """Return what gives the address of the small picture of a file, empty where it has none."""
    store = FileStore(record.course.people_dir)

    def address(sha256: str) -> str:
        try:
            kept = store.record(record.person, sha256)
        except FileRefused:
            return ""
        if kept is None or not kept.small:
            return ""
        parts = (*API.split("/"), "people", record.person, "files", sha256)
        return record.site.url(*parts, small="1")

    return address


def _unnamed(
    definition: Definition, confirmed: Mapping[str, Confirmation], words: Words
) -> dict[str, Confirmation]:
    """Return confirmations by role: a facilitator's name tells a reviewer whose group it is."""
    roles = {"facilitator": words.plain(FACILITATOR), "school_link": words.plain(SCHOOL_LINK)}
    return {
        field: replace(
            confirmation,
            by="",
            name=roles[str(definition.field(field).by)]
            if confirmation.own_word
            else roles["facilitator"],
        )
        for field, confirmation in confirmed.items()
    }


def since(record: Record, summary: SubmissionSummary, words: Words) -> tuple[int, Markup] | None:
    """Return what has changed since the round before this one: its number, and the marked text."""
    from ustaz.grading.differences import side_of

    # A round of a second project is compared with nothing of the first.
    present = summary.round > record.floor.round
    known = record.rounds if present else record.every_round
    earlier = [round_ for round_ in known if round_.round < summary.round]
    if not earlier:
        return None
    before, after = (
        side_of(record.course, read_round(record.course, record.person, record.workbook, number))
        for number in (earlier[-1].round, summary.round)
    )
    return earlier[-1].round, _differences(record, before, after, words)


def since_sent(record: Record, words: Words) -> tuple[int, Markup] | None:
    """Return what has changed since the last round and was not submitted yet."""
    sides = _sent_and_now(record)
    if sides is None or record.last is None:
        return None
    return record.last.round, _differences(record, *sides, words)


def changed_since_sent(record: Record, words: Words) -> list[str]:
    """Return the questions that have other words than in the last round."""
    from ustaz.grading.differences import changed_labels

    sides = _sent_and_now(record)
    if sides is None:
        return []
    return changed_labels(
        record.course, record.definition, *sides, audience=record.audience, reader=words.lang
    )


def _sent_and_now(record: Record) -> tuple[Side, Side] | None:
    from ustaz.grading.differences import Side, parts_of, side_of

    if record.last is None or not record.changed:
        return None
    before = side_of(
        record.course, read_round(record.course, record.person, record.workbook, record.last.round)
    )
    now = record.would_send()
    linked = {name: part["answers"] for name, part in now["linked"].items()}
    return before, Side(now["answers"], linked, parts_of(record.course, now))


def _differences(record: Record, before: Side, after: Side, words: Words) -> Markup:
    from ustaz.grading.differences import differences_html

    seen_as = "staff" if record.audience == "reviewer" else record.audience
    return Markup(  # noqa: S704 - every word of it is escaped
        differences_html(
            record.course,
            record.definition,
            before,
            after,
            audience=seen_as,
            reader=words.lang,
            heading="h3",
        )
    )


def mark_read(record: Record, summary: SubmissionSummary) -> None:
    """Note that the owner has opened this feedback."""
    if record.audience == "self" and record.unread:
        record.site.seen.append(
            record.person, {"workbook": record.workbook, "round": summary.round}
        )
