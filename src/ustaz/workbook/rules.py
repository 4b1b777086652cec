"""The closed list of rules: each says whether it had something to judge, and what it found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ustaz.workbook.conditions import is_blank, visible
from ustaz.workbook.evaluation import Answers, Context, Finding, Param
from ustaz.workbook.graphemes import trim
from ustaz.workbook.kinds import is_empty, row_filled
from ustaz.workbook.model import Definition, Rule

Row = Mapping[str, Any]


class Judge:
    """The rules of one workbook over one set of answers.

    Parameters
    ----------
    definition, answers, context
        As for :func:`~ustaz.workbook.evaluate.evaluate`.
    """

    def __init__(self, definition: Definition, answers: Answers, context: Context) -> None:
        self.definition = definition
        self.answers = answers
        self.context = context

    def judge(self, rule: Rule) -> tuple[bool, list[Finding]]:
        """Return whether `rule` had something to judge, and its findings."""
        applies, findings = getattr(self, f"_{rule.kind}")(rule)
        return applies, findings

    # -- reading answers ----------------------------------------------------------------------
    def _places(self, name: str) -> Iterator[tuple[Row, str, str | None, str | None]]:
        """Give where a field or column stands: the holder, field, row, column."""
        table, _, column = name.partition(".")
        if not column:
            yield self.answers, table, None, None
        else:
            for row in self.answers.get(table) or []:
                yield row, table, row["id"], column

    def _read(self, name: str, holder: Row) -> Any:  # noqa: ANN401
        """Return the value of a field in its holder, or None where it is absent or hidden."""
        field = self.definition.field(name)
        return holder.get(field.id) if visible(field, holder) else None

    def _dates(self, rule: Rule) -> Iterator[tuple[str, str, str | None, str | None]]:
        for name in rule["dates"]:
            for holder, table, row, column in self._places(name):
                value = self._read(name, holder)
                if value:
                    yield value, table, row, column

    def _border(self, name: str) -> str | None:
        if name == "programme.start":
            day = self.context.programme_start
        elif name == "programme.end":
            day = self.context.programme_end
        else:
            value = self._read(name, self.answers)
            return str(value) if value else None
        return day.isoformat() if day else None

    @staticmethod
    def _finding(
        rule: Rule,
        kind: str,
        place: tuple[str, str | None, str | None],
        key: str | None = None,
        **params: Param,
    ) -> Finding:
        field, row, column = place
        message = rule.message
        return Finding(
            field, row, column, key or rule.kind, rule.at, kind, params, rule.id, message
        )

    # -- the rules ----------------------------------------------------------------------------
    def _date_order(self, rule: Rule) -> tuple[bool, list[Finding]]:
        applies, findings = False, []
        for holder, table, row, column in self._places(rule["then"]):
            first, then = self._read(rule["first"], holder), self._read(rule["then"], holder)
            if first and then:
                applies = True
                if then < first:
                    findings.append(self._finding(rule, "problem", (table, row, column)))
        return applies, findings

    def _date_within(self, rule: Rule) -> tuple[bool, list[Finding]]:
        low, high = self._border(rule["from"]), self._border(rule["to"])
        applies, findings = False, []
        for value, table, row, column in self._dates(rule):
            applies = applies or bool(low or high)
            if (low and value < low) or (high and value > high):
                params = {"from": low or "…", "to": high or "…"}
                findings.append(self._finding(rule, "problem", (table, row, column), **params))
        return applies, findings

    def _not_future(self, rule: Rule) -> tuple[bool, list[Finding]]:
        today = self.context.today.isoformat()
        applies, findings = False, []
        for value, table, row, column in self._dates(rule):
            applies = True
            if value > today:
                findings.append(self._finding(rule, "problem", (table, row, column)))
        return applies, findings

    def _covers(self, rule: Rule) -> tuple[bool, list[Finding]]:
        table, _, column = rule["column"].partition(".")
        present: set[str] = set()
        for holder, *_ in self._places(rule["column"]):
            value = self._read(rule["column"], holder)
            present.update(value if isinstance(value, list) else [value] if value else [])
        findings = []
        lacking = [option for option in rule["all"] if option not in present]
        if lacking:
            place = (table, None, column)
            missing = ",".join(lacking)
            findings.append(self._finding(rule, "missing", place, "covers_all", missing=missing))
        if rule["any"] and present.isdisjoint(rule["any"]):
            place = (table, None, column)
            missing = ",".join(rule["any"])
            findings.append(self._finding(rule, "missing", place, "covers_any", missing=missing))
        return True, findings

    def _at_least(self, rule: Rule) -> tuple[bool, list[Finding]]:
        answered = 0
        for name in rule["fields"]:
            field = self.definition.field(name)
            if field.id in self.context.withheld:
                answered += 1
            elif visible(field, self.answers):
                answered += not is_empty(field, self.answers, self.context)
        if answered >= rule["count"]:
            return True, []
        place = (rule["fields"][0], None, None)
        return True, [self._finding(rule, "missing", place, count=rule["count"])]

    def _distinct(self, rule: Rule) -> tuple[bool, list[Finding]]:
        table, _, column = rule["column"].partition(".")
        if table in self.context.withheld:
            return False, []  # of rows for other eyes nothing can be counted
        values = {self._read(rule["column"], holder) for holder, *_ in self._places(rule["column"])}
        if sum(not is_blank(value) for value in values) >= rule["count"]:
            return True, []
        return True, [self._finding(rule, "missing", (table, None, column), count=rule["count"])]

    def _unique(self, rule: Rule) -> tuple[bool, list[Finding]]:
        seen: set[str | float] = set()
        findings = []
        for holder, table, row, column in self._places(rule["column"]):
            value = self._read(rule["column"], holder)
            if is_blank(value):
                continue
            # A number is itself: 12 and 12.0 are the same room.
            key = trim(value).lower() if isinstance(value, str) else value
            if key in seen:
                findings.append(self._finding(rule, "problem", (table, row, column)))
            seen.add(key)
        return bool(seen), findings

    def _options(self, rule: Rule, value: Any) -> set[str]:  # noqa: ANN401
        """Return what was chosen: options, or those of the people that were chosen."""
        chosen = value if isinstance(value, list) else [value]
        if rule["of"] is None:
            return set(chosen)
        workbook, _, table = str(self.definition.field(rule["column"]).from_).partition("/")
        rows = self.context.linked.get(workbook, {}).get(table) or []
        return {row[rule["of"]] for row in rows if row["id"] in chosen and row.get(rule["of"])}

    def _suggest(self, rule: Rule) -> tuple[bool, list[Finding]]:
        table, _, column = rule["column"].partition(".")
        if self.context.withheld & {table, rule["column"]}:
            return False, []
        rows = [
            holder
            for holder, *_ in self._places(rule["column"])
            if row_filled(self.definition.field(table), holder, self.context)
        ]
        cells = [self._read(rule["column"], row) for row in rows]
        values = [self._options(rule, value) for value in cells if not is_blank(value)]
        # That nobody is among `any` can be said only of rows that name somebody.
        counted = values if rule["any"] else rows
        if (not values and not rule["each"]) or len(counted) < (rule["after"] or 0):
            return False, []
        present: set[str] = set().union(*values)
        lacking = [option for option in rule["all"] if option not in present]
        short = (
            len(values) < (rule["rows"] or 0)
            or len(values) > (rule["most"] or len(values))
            or len(present) < (rule["different"] or 0)
            or bool(lacking)
            or (bool(rule["any"]) and present.isdisjoint(rule["any"]))
            or (bool(rule["each"]) and not _all_name(rule, cells))
        )
        params = {"missing": ",".join(lacking)} if lacking else {}
        place = (table, None, column)
        return short, [self._finding(rule, "advice", place, **params)] if short else []

    def _follow_up(self, rule: Rule) -> tuple[bool, list[Finding]]:
        table, _, column = rule["column"].partition(".")
        asked = [f"{table}.{test['column']}" for test in rule["where"]]
        if self.context.withheld & {table, rule["column"], *asked}:
            return False, []
        field = self.definition.field(rule["column"])
        open_rows = [
            str(number)
            for number, row in enumerate(self.answers.get(table) or [], 1)
            if all(_holds(test, row.get(test["column"])) for test in rule["where"])
            and is_empty(field, row, self.context)
        ]
        place = (table, None, column)
        params = {"rows": ", ".join(open_rows)}
        findings = [self._finding(rule, "advice", place, **params)] if open_rows else []
        return bool(open_rows), findings

    def _advise(self, rule: Rule) -> tuple[bool, list[Finding]]:
        value = self._read(rule["field"], self.answers)
        if value is None:
            return False, []
        low, high = rule["at_most"], rule["at_least"]
        hit = (low is not None and value <= low) or (high is not None and value >= high)
        place = (rule["field"], None, None)
        return hit, [self._finding(rule, "advice", place)] if hit else []


def _all_name(rule: Rule, cells: list[Any]) -> bool:
    """Tell whether each row that says anything names the options of ``each``."""
    chosen = [value if isinstance(value, list) else [value] for value in cells]
    return all(set(rule["each"]) <= set(options) for options in chosen)


def _holds(test: Mapping[str, Any], value: Any) -> bool:  # noqa: ANN401
    """Tell whether an answer is within the bounds of a test, or one of its options."""
    if test["any"]:
        return value in test["any"]
    low, high = test["at_least"], test["at_most"]
    return value is not None and (low is None or value >= low) and (high is None or value <= high)
