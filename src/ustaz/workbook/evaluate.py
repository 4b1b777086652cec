"""Judge answers: what is answered, what is missing, and what that is worth.

This is the authority; ``widgets/ustaz_widgets/model/evaluate.ts`` gives the same advice while a person
types, and both are tested on ``tests/vectors/rules/``. Answers must have passed
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
from dataclasses import dataclass, field
from typing import Any

from ustaz.workbook.evaluation import Answers, Context, Evaluation, Finding, SectionEvaluation
from ustaz.workbook.graphemes import graphemes, trim
from ustaz.workbook.model import Condition, Definition, Field, Section
from ustaz.workbook.rulereader import fields_of
from ustaz.workbook.rules import Judge


@dataclass(slots=True)
class _Tally:
    answered: int = 0
    required: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    rules: dict[str, bool] = field(default_factory=dict)
    anything: bool = False


def evaluate(definition: Definition, answers: Answers, context: Context) -> Evaluation:
    """Return what the rules of `definition` say about `answers`."""
    tallies = {section.id: _Tally() for section in definition.sections}
    for section in definition.sections:
        for one in section.fields:
            _judge_field(one, answers, context, tallies[section.id])
    judge = Judge(definition, answers, context, visible)
    for rule in definition.rules:
        tally = tallies[definition.section_of(fields_of(rule)[0]).id]
        applies, found = judge.judge(rule)
        tally.findings.extend(found)
        if applies and rule.kind != "advise":
            tally.rules[rule.id] = not found
    return Evaluation(
        tuple(_result(section, tallies[section.id]) for section in definition.sections)
    )


def _result(section: Section, tally: _Tally) -> SectionEvaluation:
    faulty = {
        finding.field
        for finding in tally.findings
        if finding.kind != "advice" and finding.id is None
    }
    passed = sum(one not in faulty for one in tally.required) + sum(tally.rules.values())
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
def holds(condition: Condition, holder: Mapping[str, Any]) -> bool:
    """Tell whether a condition is true in a workbook's answers or in a table's row."""
    value = holder.get(condition.field)
    chosen = value if isinstance(value, list) else [value]
    return any(one in condition.values for one in chosen)


def visible(one: Field, holder: Mapping[str, Any]) -> bool:
    """Tell whether a field is shown."""
    return one.shown_when is None or holds(one.shown_when, holder)


def required_at(one: Field, holder: Mapping[str, Any]) -> str | None:
    """Return from which level a field is required here, or None."""
    if one.kind == "confirmation" or not visible(one, holder):
        return None
    if one.required_when is not None and holds(one.required_when, holder):
        return one.required_when.at
    return one.required


def is_blank(value: Any) -> bool:  # noqa: ANN401 - any JSON value
    """Tell whether a value holds nothing that a person wrote or chose.

    Blanks say nothing, and neither do lists of blanks, null, or rows whose cells say nothing; a
    row's id is no answer.
    """
    if value is None:
        return True
    if isinstance(value, str):
        return not trim(value)
    if isinstance(value, list):
        return all(is_blank(one) for one in value)
    if isinstance(value, Mapping):
        return all(is_blank(inner) for key, inner in value.items() if key != "id")
    return False


def is_empty(one: Field, holder: Mapping[str, Any], context: Context) -> bool:
    """Tell whether a field holds no answer; "cannot say" is one where it is offered."""
    if one.kind == "reference":
        workbook, _, name = str(one.to).partition("/")
        return is_blank(context.linked.get(workbook, {}).get(name))
    if one.id not in holder:
        return True
    value = holder[one.id]
    if one.kind == "scale":
        return value is None and not one.cannot_say
    if one.kind == "table":
        return not any(row_filled(one, row, context) for row in value or ())
    return is_blank(value)


def row_filled(table: Field, row: Mapping[str, Any], context: Context) -> bool:
    """Tell whether a row holds an answer; one whose cells were kept back may."""
    if any(f"{table.id}.{column.id}" in context.withheld for column in table.columns):
        return True
    return any(not is_empty(column, row, context) for column in table.columns)


def _judge_field(one: Field, answers: Answers, context: Context, tally: _Tally) -> None:
    at = required_at(one, answers)
    blank = is_empty(one, answers, context)
    empty = blank and one.id not in context.withheld
    if at:
        tally.required.append(one.id)
        tally.answered += not empty and not _lacks_cells(one, answers, context)
    if one.kind not in {"confirmation", "reference"}:
        tally.anything = tally.anything or not empty
    if empty:
        if at:
            rule = "reference_empty" if one.kind == "reference" else "required"
            tally.findings.append(Finding(one.id, None, None, rule, at, "missing"))
        return
    if one.id in answers and not blank and visible(one, answers):
        tally.findings.extend(_limits(one, answers, context, one.id, None, None))
        if one.kind == "table":
            tally.findings.extend(_rows(one, answers[one.id], context))


def _lacks_cells(one: Field, answers: Answers, context: Context) -> bool:
    """Tell whether a required cell of a table is empty: then the table is not answered yet."""
    if one.kind != "table" or one.id in context.withheld:
        return False
    return any(
        row.kind == "missing"
        for row in _rows(one, answers[one.id], context)
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
    one: Field,
    holder: Mapping[str, Any],
    context: Context,
    name: str,
    row: str | None,
    column: str | None,
) -> Iterator[Finding]:
    """Give what does not fit the bounds of one value that is there."""

    def finding(rule: str, kind: str, **params: int) -> Finding:
        return Finding(name, row, column, rule, "ready", kind, params)

    value = holder[one.id]
    if one.kind == "text":
        count = graphemes(value)
        if one.min is not None and count < one.min:
            yield finding("min", "missing", min=one.min)
        if one.max is not None and count > one.max:
            yield finding("max", "problem", max=one.max, over=count - one.max)
        return
    low, high = one.min, one.max
    if one.kind == "list":
        counts = [graphemes(item) for item in value if trim(item)]
        if low is not None and any(count < low for count in counts):
            yield finding("item_min", "missing", min=low)
        if high is not None and max(counts) > high:
            yield finding("item_max", "problem", max=high, over=max(counts) - high)
        size, low, high = len(counts), one.min_items, one.max_items
    elif one.kind == "table":
        filled = sum(row_filled(one, row, context) for row in value)
        if one.max_rows is not None and len(value) > one.max_rows:
            yield finding("max_items", "problem", max=one.max_rows)
        size, low, high = filled, one.min_rows, None
    elif one.kind == "choices":
        size = len(value)
    elif one.kind == "person":
        workbook, _, table = str(one.from_).partition("/")
        if workbook in context.linked:
            known = {"self", *(each["id"] for each in context.linked[workbook].get(table) or [])}
            if not set(value) <= known:
                yield finding("unknown_person", "problem")
        return
    else:
        return
    if low is not None and size < low:
        yield finding("min_items", "missing", min=low)
    if high is not None and size > high:
        yield finding("max_items", "problem", max=high)
