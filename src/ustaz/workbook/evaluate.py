"""Judge answers: what is answered, what is missing, and what that is worth.

This is the authority; ``widgets/ustaz_widgets/model/evaluate.ts`` gives the same advice while a
person types, and both are tested on ``tests/vectors/rules/``. Answers must have passed
:func:`~ustaz.workbook.values.check_value`; unknown keys are ignored.

Counting
--------
A field is *required* when ``required`` is set, or ``required_when`` holds, and ``shown_when`` does
not hide it. ``of`` counts required fields (a table once), ``answered`` those with a value: blanks
are none, nor are rows in which nothing stands, and a table whose required cells are not all filled
is not answered yet. A section's *checks* are its required fields and the rules that had something
to judge; a check is passed when nothing is missing in it and nothing is wrong with it.
``score = points * passed / checks``; a section without checks gives its points as soon as anything
is answered. Advice never counts.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ustaz.workbook.conditions import required_at, visible
from ustaz.workbook.evaluation import Answers, Context, Evaluation, Finding, SectionEvaluation
from ustaz.workbook.kinds import is_empty, kind_of
from ustaz.workbook.model import Definition, Field, Section
from ustaz.workbook.rulereader import SOFT, fields_of
from ustaz.workbook.rules import Judge


@dataclass(slots=True)
class _Tally:
    answered: int = 0
    required: list[str] = dataclasses.field(default_factory=list)
    findings: list[Finding] = dataclasses.field(default_factory=list)
    rules: dict[str, bool] = dataclasses.field(default_factory=dict)
    anything: bool = False


def evaluate(definition: Definition, answers: Answers, context: Context) -> Evaluation:
    """Return what the rules of `definition` say about `answers`."""
    tallies = {section.id: _Tally() for section in definition.sections}
    for section in definition.sections:
        for field in section.fields:
            _judge_field(field, answers, context, tallies[section.id])
    judge = Judge(definition, answers, context)
    for rule in definition.rules:
        tally = tallies[definition.section_of(fields_of(rule)[0]).id]
        applies, findings = judge.judge(rule)
        tally.findings.extend(findings)
        if applies and rule.kind not in SOFT:
            tally.rules[rule.id] = not findings
    return Evaluation(
        tuple(_result(section, tallies[section.id]) for section in definition.sections)
    )


def _result(section: Section, tally: _Tally) -> SectionEvaluation:
    faulty = {
        finding.field
        for finding in tally.findings
        if finding.kind != "advice" and finding.id is None
    }
    passed = sum(name not in faulty for name in tally.required) + sum(tally.rules.values())
    checks = len(tally.required) + len(tally.rules)
    if checks:
        score = round(section.points * passed / checks, 2)
    else:
        score = float(section.points) if tally.anything else 0.0
    return SectionEvaluation(
        id=section.id,
        answered=tally.answered,
        of=len(tally.required),
        passed=passed,
        checks=checks,
        points=section.points,
        score=score,
        findings=tuple(tally.findings),
    )


# -- one field ------------------------------------------------------------------------------------
def _judge_field(field: Field, answers: Answers, context: Context, tally: _Tally) -> None:
    at = required_at(field, answers)
    blank = is_empty(field, answers, context)
    empty = blank and field.id not in context.withheld
    if at:
        tally.required.append(field.id)
        tally.answered += not empty and not _lacks_cells(field, answers, context)
    if kind_of(field).stored:
        tally.anything = tally.anything or not empty
    if empty:
        if at:
            rule = kind_of(field).missing
            tally.findings.append(Finding(field.id, None, None, rule, at, "missing"))
        return
    if field.id in answers and not blank and visible(field, answers):
        tally.findings.extend(_limits(field, answers, context, field.id, None, None))
        if field.columns:
            tally.findings.extend(_rows(field, answers[field.id], context))


def _lacks_cells(field: Field, answers: Answers, context: Context) -> bool:
    """Tell whether a required cell of a table is empty: then the table is not answered yet."""
    if not field.columns or field.id in context.withheld:
        return False
    return any(
        row.kind == "missing"
        for row in _rows(field, answers[field.id], context)
        if row.rule == "required"
    )


def _rows(table: Field, rows: list[dict[str, Any]], context: Context) -> Iterator[Finding]:
    for row in rows:
        for column in table.columns:
            if f"{table.id}.{column.id}" in context.withheld:
                continue
            at = required_at(column, row)
            if is_empty(column, row, context):
                if at:
                    yield Finding(table.id, row["id"], column.id, "required", at, "missing")
            elif visible(column, row):
                yield from _limits(column, row, context, table.id, row["id"], column.id)


def _limits(
    field: Field,
    holder: Mapping[str, Any],
    context: Context,
    name: str,
    row: str | None,
    column: str | None,
) -> Iterator[Finding]:
    """Give what does not fit the bounds of one value that is there."""
    for limit in kind_of(field).limits(field, holder[field.id], context):
        yield Finding(name, row, column, limit.rule, "ready", limit.kind, limit.params)
