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

from collections.abc import Iterator, Mapping
from typing import Any

from ustaz.workbook.conditions import required_at, visible
from ustaz.workbook.evaluation import Answers, Context, Evaluation, Finding, SectionEvaluation
from ustaz.workbook.kinds import Kind, kind_of
from ustaz.workbook.model import Definition, Field, Section
from ustaz.workbook.rulereader import SOFT, fields_of
from ustaz.workbook.rules import Judge


def evaluate(definition: Definition, answers: Answers, context: Context) -> Evaluation:
    """Return what the rules of `definition` say about `answers`."""
    return Evaluator(definition)(answers, context)


class Evaluator:
    """The rules of a workbook, prepared once for the answers of many.

    Parameters
    ----------
    definition : Definition
    """

    def __init__(self, definition: Definition) -> None:
        self._definition = definition
        self._questions = [
            (section, tuple(_Question(field) for field in section.fields))
            for section in definition.sections
        ]
        self._rules = {
            section.id: [
                rule
                for rule in definition.rules
                if definition.section_of(fields_of(rule)[0]) is section
            ]
            for section in definition.sections
        }

    def __call__(self, answers: Answers, context: Context) -> Evaluation:
        """Return what the rules say about `answers`."""
        judge = Judge(self._definition, answers, context)
        sections = []
        for section, questions in self._questions:
            tally = _Tally()
            for question in questions:
                tally.count(question, answers, context)
            for rule in self._rules[section.id]:
                applies, findings = judge.judge(rule)
                tally.findings += findings
                if applies and rule.kind not in SOFT:
                    tally.rules[rule.id] = not findings
            sections.append(tally.result(section))
        return Evaluation(tuple(sections))


class _Question:
    """A field or a column, with what its kind says of it looked up ahead."""

    __slots__ = ("_limits", "columns", "field", "id", "is_empty", "kind", "limited")

    def __init__(self, field: Field) -> None:
        self.field = field
        self.id = field.id
        self.kind = kind_of(field)
        self.is_empty = self.kind.is_empty
        self._limits = self.kind.limits
        self.limited = type(self.kind).limits is not Kind.limits
        self.columns = tuple(_Question(column) for column in field.columns)

    def misfits(
        self,
        holder: Mapping[str, Any],
        context: Context,
        name: str,
        row: str | None = None,
        column: str | None = None,
    ) -> Iterator[Finding]:
        """Yield the bounds that the value in `holder` does not keep."""
        for limit in self._limits(self.field, holder[self.id], context):
            yield Finding(name, row, column, limit.rule, "ready", limit.kind, limit.params)


class _Tally:
    """What one section comes to."""

    __slots__ = ("answered", "anything", "findings", "required", "rules")

    def __init__(self) -> None:
        self.answered = 0
        self.required: list[str] = []
        self.findings: list[Finding] = []
        self.rules: dict[str, bool] = {}
        self.anything = False

    def count(self, question: _Question, answers: Answers, context: Context) -> None:
        field, name = question.field, question.id
        at = required_at(field, answers)
        blank = question.is_empty(field, answers, context)
        withheld = name in context.withheld
        empty = blank and not withheld
        if question.kind.stored and not empty:
            self.anything = True
        rows = list(_rows(question, answers, context)) if question.columns and not blank else ()
        if at:
            self.required.append(name)
            # A table is not answered yet while a required cell of it is empty.
            self.answered += not empty and (withheld or not any(map(_lacks_cell, rows)))
            if empty:
                rule = question.kind.missing
                self.findings.append(Finding(name, None, None, rule, at, "missing"))
        if not blank and name in answers and visible(field, answers):
            self.findings += question.misfits(answers, context, name)
            self.findings += rows

    def result(self, section: Section) -> SectionEvaluation:
        """Return the section's evaluation."""
        faulty = {
            finding.field
            for finding in self.findings
            if finding.kind != "advice" and finding.id is None
        }
        passed = sum(name not in faulty for name in self.required) + sum(self.rules.values())
        checks = len(self.required) + len(self.rules)
        if checks:
            score = round(section.points * passed / checks, 2)
        else:
            score = float(section.points) if self.anything else 0.0
        return SectionEvaluation(
            id=section.id,
            answered=self.answered,
            of=len(self.required),
            passed=passed,
            checks=checks,
            points=section.points,
            score=score,
            findings=tuple(self.findings),
        )


def _lacks_cell(finding: Finding) -> bool:
    return finding.kind == "missing" and finding.rule == "required"


def _rows(table: _Question, answers: Answers, context: Context) -> Iterator[Finding]:
    """Yield what is missing or does not fit in the cells of a table."""
    columns = table.columns
    if context.withheld:
        columns = tuple(
            column for column in columns if f"{table.id}.{column.id}" not in context.withheld
        )
    for row in answers[table.id]:
        for column in columns:
            field = column.field
            if column.is_empty(field, row, context):
                at = required_at(field, row)
                if at:
                    yield Finding(table.id, row["id"], column.id, "required", at, "missing")
            elif column.limited and visible(field, row):
                yield from column.misfits(row, context, table.id, row["id"], column.id)
