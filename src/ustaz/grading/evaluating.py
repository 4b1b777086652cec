"""One round, judged by the rules: a score for each section and a page that a person can read.

Pure as far as it can be: a course, a round's documents and the reader's language go in. No kernel
is started and no code of a participant is looked at, let alone run.
"""

from __future__ import annotations

import html
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ustaz.course import Course
from ustaz.exchange import Refused, Submission
from ustaz.grading.confirming import Confirmation, confirmations
from ustaz.grading.entered import entered_html
from ustaz.grading.render import ANSWERS_CSS, render_answers, small_pictures
from ustaz.grading.wording import sentences
from ustaz.messages import N_, translator
from ustaz.messages import format as fill_in
from ustaz.workbook import (
    Context,
    Definition,
    Evaluation,
    SectionEvaluation,
    apply_upgrades,
    evaluate,
    withheld_from,
)


@dataclass(frozen=True, slots=True)
class Judged:
    """What grading knows of a round.

    Attributes
    ----------
    frozen : Submission
    definition : Definition
    answers : dict
        In the shape of the present definition.
    evaluation : Evaluation
    confirmed : dict or None
        What others confirmed about the round, by field; None where nothing is to be confirmed.
    """

    frozen: Submission
    definition: Definition
    answers: dict[str, Any]
    evaluation: Evaluation
    confirmed: dict[str, Confirmation] | None = None

    @property
    def lang(self) -> str:
        """Return the language of the answers."""
        return self.frozen.record.lang

    @property
    def linked(self) -> dict[str, Any]:
        """Return the answers of other workbooks that travelled along."""
        parts: dict[str, Any] = self.frozen.document["linked"]
        return {workbook: part["answers"] for workbook, part in parts.items()}


def judge_round(course: Course, frozen: Submission) -> Judged:
    """Evaluate a round as on the day it came, so that grading it again says the same.

    What others have confirmed does not count in the score; it may have been said since.
    """
    workbook = frozen.record.workbook
    definition = course.library[workbook]
    document = frozen.document
    parts = document["linked"]
    answers = apply_upgrades(definition, document["answers"], document["definition"])
    context = Context(
        today=frozen.received_at.astimezone(course.timezone).date(),
        programme_start=course.start,
        programme_end=course.end,
        linked={
            name: apply_upgrades(course.library[name], part["answers"], part["definition"])
            for name, part in parts.items()
        },
        withheld=withheld_from(
            definition, [*document["withheld"], *_withheld_references(definition, parts)], "staff"
        ),
    )
    return Judged(
        frozen,
        definition,
        answers,
        evaluate(definition, answers, context),
        confirmations(course, definition, frozen),
    )


def _withheld_references(definition: Definition, parts: Mapping[str, Any]) -> list[str]:
    """Return the references whose answer stays with its writer."""
    findings = []
    for field in definition.fields:
        workbook, _, target = (field.to or "").partition("/")
        if target in parts.get(workbook, {}).get("withheld", ()):
            findings.append(field.id)
    return findings


def clamped(score: float, most: float) -> float:
    """Return a score that nbgrader accepts: a number between nothing and the cell's points."""
    if not math.isfinite(score):
        return 0.0
    return round(max(0.0, min(float(score), float(most))), 2)


def section_of(judged: Judged, grade_id: str) -> SectionEvaluation:
    """Return the evaluated section that a grade cell stands for."""
    wanted = grade_id.removeprefix("section-")
    for section in judged.evaluation.sections:
        if section.id == wanted:
            return section
    raise Refused(
        "other_notebook",
        f"The released notebook has a cell {grade_id} that the workbook does not know.",
        "Generate and release the assignment again.",
        detail=grade_id,
    )


def staff_html(
    course: Course,
    judged: Judged,
    grade_id: str,
    *,
    reader: str,
    before: Iterable[str] = (),
    after: Iterable[str] = (),
    extras: str = "",
) -> str:
    """Return a grade cell's page for staff: the answers, what is missing, and `extras`.

    Parameters
    ----------
    course : Course
    judged : Judged
    grade_id : str
        nbgrader's id of the cell.
    reader : str
        Language of the page around the answers.
    before, after : iterable of str
        Sections that earn no points and so have no cell of their own.
    extras : str
        HTML that goes to the end.
    """
    section = section_of(judged, grade_id)
    words = translator(reader)
    progress = fill_in(
        words.gettext(N_("{answered} of {of} answered")), answered=section.answered, of=section.of
    )
    findings = "".join(
        f"<li>{html.escape(sentence)}</li>"
        for sentence in sentences(judged.definition, judged.answers, section.findings, reader)
    )
    body = "".join(
        rendered(course, judged, section=id_, reader=reader)
        for id_ in (*before, section.id, *after)
    )
    typed = "".join(
        entered_html(course, judged.definition, judged.frozen, id_, reader)
        for id_ in (*before, section.id, *after)
    )
    return (
        f"<style>{ANSWERS_CSS}</style>{body}"
        f'<div class="uz-answers tex2jax_ignore" lang="{html.escape(reader)}">'
        f'<p class="uz-progress">{html.escape(progress)}</p>'
        + (f'<ul class="uz-findings">{findings}</ul>' if findings else "")
        + f"{typed}{extras}</div>"
    )


def rendered(
    course: Course,
    judged: Judged,
    *,
    section: str | None = None,
    reader: str | None = None,
    own: bool = False,
) -> str:
    """Return the answers of a round, or of one section, as HTML; `own` for their writer."""
    parts: Mapping[str, Any] = judged.frozen.document["linked"]
    withheld = [
        *judged.frozen.document["withheld"],
        *(name for part in parts.values() for name in part["withheld"]),
    ]
    return render_answers(
        judged.definition,
        judged.answers,
        lang=judged.lang,
        section=section,
        linked=judged.linked,
        definitions={name: course.library[name] for name in parts},
        withheld=withheld,
        confirmed=judged.confirmed,
        reader=reader,
        own=own,
        pictures=small_pictures(course.people_dir, judged.frozen.record.person),
    )


def hint_html(definition: Definition, reader: str) -> str:
    """Return the rubric hint for whoever marks, in their language."""
    manual = definition.manual
    if manual is None or reader == "en":
        return ""  # the notebook's own cell says it in English
    words = translator(reader)
    title = html.escape(words.gettext(N_("For the reader of this workbook")))
    text = html.escape(words.gettext(manual.hint)).replace("\n", "<br>")
    return f'<aside class="uz-hint"><h4>{title}</h4><p>{text}</p></aside>'


def earlier_html(marks: Mapping[str, Any] | None, number: int | None, reader: str) -> str:
    """Return what was said about the round before, for whoever marks this one."""
    if not marks or number is None:
        return ""
    words = translator(reader)
    title = fill_in(words.gettext(N_("Round {n} was marked")), n=number)
    lines = []
    for cell in marks["cells"]:
        if cell["manual_score"] is not None or cell["comment"]:
            score = "" if cell["manual_score"] is None else f"{cell['manual_score']:g}"
            lines.append(
                f"<li>{html.escape(cell['name'])}: {score} "
                f"{html.escape(cell['comment'] or '')}</li>"
            )
    if not lines:
        return ""
    return (
        f'<aside class="uz-earlier"><h4>{html.escape(title)}</h4><ul>{"".join(lines)}</ul></aside>'
    )
