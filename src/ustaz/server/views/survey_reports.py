"""A survey's report as its page shows it: bars, tables, gaps, and questions for a talk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ustaz import surveys
from ustaz.course import Course
from ustaz.messages import N_
from ustaz.server.i18n import Words
from ustaz.surveys.reports import most_different

#: Dimensions whose questions stand on the page to print.
FIRST_QUESTIONS = 2
NEARLY_ALL = {
    "agree": N_("nearly everybody agrees (4 or 5)"),
    "between": N_("nearly everybody is between (3)"),
    "disagree": N_("nearly everybody disagrees (1 or 2)"),
    "cannot_say": N_("nearly everybody cannot say"),
}


@dataclass(frozen=True, slots=True)
class Bar:
    """A dimension; widths in hundredths of the scale from 1 to 5."""

    summary: surveys.Summary
    width: int
    before: float | None
    width_before: int


@dataclass(frozen=True, slots=True)
class View:
    """What the page of a report says."""

    report: surveys.Report
    start: surveys.Round | None
    bars: list[Bar]
    gaps: list[tuple[str, float]]
    different: list[tuple[str, float]]
    talk: list[surveys.Dimension]
    rows: list[
        tuple[
            surveys.Dimension,
            list[tuple[str, surveys.Table, tuple[surveys.Table, surveys.Table] | None]],
        ]
    ]


def view(course: Course, known: surveys.Round, report: surveys.Report, words: Words) -> View:
    """Return a report for its page, beside the school's first one where there is an earlier one."""
    survey = known.definition
    start, before = _start(course, known)
    earlier: Sequence[float | None] = (
        [pair[0] for pair in surveys.changes(before, report)]
        if before is not None
        else [None] * len(survey.dimensions)
    )
    bars = [
        Bar(summary, _width(summary.mean), mean, _width(mean))
        for summary, mean in zip(surveys.summaries(report), earlier, strict=True)
    ]
    lowest = sorted(
        (bar.summary for bar in bars if bar.summary.mean is not None),
        key=lambda summary: summary.mean or 0,
    )
    statements = survey.statements
    parts = report.parts or (None,) * len(statements)
    lines = [
        (words.plain(text), table, pair)
        for text, table, pair in zip(statements, report.tables, parts, strict=True)
    ]
    return View(
        report,
        start,
        bars,
        [(words.plain(statements[at]), gap) for at, gap in surveys.gaps(report)],
        [(words.plain(statements[at]), spread) for at, spread in most_different(report)],
        [summary.dimension for summary in lowest[:FIRST_QUESTIONS]],
        [(dimension, lines[survey.span(dimension.id)]) for dimension in survey.dimensions],
    )


def _width(mean: float | None) -> int:
    return 0 if mean is None else round((mean - 1) * 25)


def _start(
    course: Course, known: surveys.Round
) -> tuple[surveys.Round | None, surveys.Report | None]:
    """Return the earliest report of the same school before this round."""
    for round_ in reversed(surveys.rounds(course)):
        if (round_.survey, round_.school) != (known.survey, known.school):
            continue
        if round_.number >= known.number:
            break
        report = surveys.report_of(course, round_.id)
        if report is not None:
            return round_, report
    return None, None
