"""Read one rule of the closed list, and check that it speaks of fields that exist."""

from __future__ import annotations

import re
from typing import Any, Final

from ustaz.workbook.cursor import Cursor
from ustaz.workbook.kinds import KINDS, STORED_KINDS, serving
from ustaz.workbook.model import LEVELS, Definition, Field, Rule

RULE_ID: Final = re.compile(r"[a-z][a-z0-9-]{0,47}\Z")
COMMON: Final = ("id", "kind", "at", "message")
OF_KIND: Final[dict[str, tuple[str, ...]]] = {
    "date_order": ("first", "then"),
    "date_within": ("dates", "from", "to"),
    "not_future": ("dates",),
    "covers": ("column", "all", "any"),
    "at_least": ("fields", "count"),
    "distinct": ("column", "count"),
    "unique": ("column",),
    "advise": ("field", "at_most", "at_least"),
    "suggest": ("column", "of", "after", "rows", "most", "different", "all", "any", "each"),
    "follow_up": ("column", "where"),
}
#: Kinds that only give a thought: they have a sentence of their own and cost nothing.
SOFT: Final = ("advise", "suggest", "follow_up")
RULE_KINDS: Final = tuple(OF_KIND)
PROGRAMME: Final = ("programme.start", "programme.end")


def read_rule(
    cursor: Cursor,
    definition: Definition,
    shaky: frozenset[str] = frozenset(),
    *,
    sure: bool = True,
) -> Rule:
    """Return a rule; complaints go to the cursor's list.

    Nothing is said about the `shaky` fields, which are broken themselves, nor, unless the sections
    were read for `sure`, about fields that are not there.
    """
    if not cursor.is_mapping():
        return Rule("", "unique", "submitted", None, {})
    kind = cursor.one_of("kind", RULE_KINDS)
    cursor.only(*COMMON, *OF_KIND[kind])
    reader = _Reader(cursor, definition, shaky, sure=sure)
    return Rule(
        id=cursor.match("id", RULE_ID, "small letters, digits and hyphens"),
        kind=kind,
        at=cursor.one_of("at", LEVELS, "submitted"),
        message=cursor.text("message") if kind in SOFT else cursor.optional("message"),
        settings=getattr(reader, kind)(),
        line=cursor.line,
    )


class _Reader:
    """The settings of each kind of rule."""

    def __init__(
        self, cursor: Cursor, definition: Definition, shaky: frozenset[str], *, sure: bool
    ) -> None:
        self.cursor = cursor
        self.definition = definition
        self.shaky = shaky
        self.sure = sure

    def _field(self, key: str, name: str, kinds: tuple[str, ...]) -> Field | None:
        try:
            field = self.definition.field(name)
        except KeyError:
            if self.sure:
                self.cursor.complain(key, f"no field {name!r} in this workbook")
            return None
        if field.id in self.shaky or name.partition(".")[0] in self.shaky:
            return None
        if field.kind not in kinds:
            self.cursor.complain(key, f"{name!r} is a {field.kind}, expected {' or '.join(kinds)}")
            return None
        return field

    def _date(self, key: str, *, programme: bool = False) -> str:
        name = self.cursor.text(key)
        if name and not (programme and name in PROGRAMME):
            self._field(key, name, serving("date"))
        return name

    def _names(self, key: str) -> tuple[str, ...]:
        names = self.cursor.words(key)
        if not names:
            self.cursor.complain(key, "expected at least 1")
        return names

    def _dates(self) -> tuple[str, ...]:
        names = self._names("dates")
        for name in names:
            self._field("dates", name, serving("date"))
        return names

    def date_order(self) -> dict[str, Any]:
        first, then = self._date("first"), self._date("then")
        if first.partition(".")[0] != then.partition(".")[0] and "." in first + then:
            self.cursor.complain("then", "both dates stand in the same row, or both outside tables")
        return {"first": first, "then": then}

    def date_within(self) -> dict[str, Any]:
        ends = {key: self._date(key, programme=True) for key in ("from", "to")}
        for key, name in ends.items():
            if "." in name and name not in PROGRAMME:
                self.cursor.complain(key, "a border cannot be a column")
        return {"dates": self._dates(), **ends}

    def not_future(self) -> dict[str, Any]:
        return {"dates": self._dates()}

    def covers(self) -> dict[str, Any]:
        name = self.cursor.text("column")
        field = self._field("column", name, serving("options")) if name else None
        if name and "." not in name:
            self.cursor.complain("column", "expected table.column")
        wanted = {key: self.cursor.words(key, required=False) for key in ("all", "any")}
        if not any(wanted.values()):
            self.cursor.complain("all", "name options under `all`, `any` or both")
        for key, values in wanted.items():
            if field and (unknown := set(values) - set(field.option_ids)):
                self.cursor.complain(key, f"no such option: {', '.join(sorted(unknown))}")
        return {"column": name, **wanted}

    def at_least(self) -> dict[str, Any]:
        names = self._names("fields")
        for name in names:
            if "." in name:
                self.cursor.complain("fields", "columns cannot be counted")
            else:
                self._field("fields", name, tuple(kind for kind in KINDS if kind in STORED_KINDS))
        count = self.cursor.integer("count", least=1, most=max(len(names), 1))
        return {"fields": names, "count": count}

    def unique(self) -> dict[str, Any]:
        name = self.cursor.text("column")
        if name:
            self._field("column", name, serving("unique"))
            if "." not in name:
                self.cursor.complain("column", "expected table.column")
        return {"column": name}

    def distinct(self) -> dict[str, Any]:
        return {**self.unique(), "count": self.cursor.integer("count", least=2, most=100)}

    def advise(self) -> dict[str, Any]:
        name = self.cursor.text("field")
        if name:
            self._field("field", name, serving("rating"))
            if "." in name:
                self.cursor.complain("field", "a column cannot be advised on")
        low = self.cursor.number("at_most", least=0, most=10)
        high = self.cursor.number("at_least", least=0, most=10)
        if low is None and high is None:
            self.cursor.complain("at_most", "say at_most or at_least")
        return {"field": name, "at_most": low, "at_least": high}

    def suggest(self) -> dict[str, Any]:
        name, of = self.cursor.text("column"), self.cursor.optional("of")
        field = (
            self._field("column", name, serving("people" if of else "options")) if name else None
        )
        if name and "." not in name:
            self.cursor.complain("column", "expected table.column")
        counts = {
            key: self.cursor.number(key, least=1, most=100)
            for key in ("after", "rows", "most", "different")
        }
        wanted = {key: self.cursor.words(key, required=False) for key in ("all", "any", "each")}
        if not any(wanted.values()) and not any({**counts, "after": None}.values()):
            message = "say `rows`, `most`, `different`, `all`, `any` or `each`"
            self.cursor.complain("rows", message)
        for key, options in wanted.items():
            if of and key != "any" and options:
                self.cursor.complain(key, "of the people chosen, only `any` can be asked for")
            # Options of another workbook's column are looked at where all workbooks are there.
            if field and not of and (unknown := set(options) - set(field.option_ids)):
                self.cursor.complain(key, f"no such option: {', '.join(sorted(unknown))}")
        return {"column": name, "of": of, **counts, **wanted}

    def follow_up(self) -> dict[str, Any]:
        name = self.cursor.text("column")
        table, _, column = name.partition(".")
        if name and not column:
            self.cursor.complain("column", "expected table.column")
        elif name:
            self._field("column", name, tuple(kind for kind in KINDS if kind in STORED_KINDS))
        where = [self._where(entry, table) for entry in self.cursor.items("where", least=1)]
        return {"column": name, "where": tuple(where)}

    def _where(self, entry: Cursor, table: str) -> dict[str, Any]:
        """Return what holds of a row: a rating within bounds, or one of some options."""
        if not entry.is_mapping():
            return {}
        entry.only("column", "at_least", "at_most", "any")
        column, options = entry.text("column"), entry.words("any", required=False)
        low, high = entry.number("at_least", most=10), entry.number("at_most", most=10)
        bounded = low is not None or high is not None
        if bounded == bool(options):
            entry.complain("any", "say `at_least`, `at_most` or both, or else `any`")
        name = f"{table}.{column}"
        field = self._field("where", name, serving("option" if options else "rating"))
        if field and (unknown := set(options) - set(field.option_ids)):
            entry.complain("any", f"no such option: {', '.join(sorted(unknown))}")
        return {"column": column, "at_least": low, "at_most": high, "any": list(options)}


def fields_of(rule: Rule) -> tuple[str, ...]:
    """Return the fields a rule speaks of; the first says which section it belongs to."""
    if rule.kind == "date_order":
        return (rule["first"], rule["then"])
    if rule.kind in {"date_within", "not_future"}:
        return tuple(rule["dates"])
    if rule.kind in {"covers", "distinct", "unique", "suggest", "follow_up"}:
        return (rule["column"],)
    if rule.kind == "at_least":
        return tuple(rule["fields"])
    return (rule["field"],)
