"""``date``: a day."""

from __future__ import annotations

import datetime as dt
import html
import re
from typing import Any, Final

from ustaz.messages import long_date
from ustaz.workbook.kinds.base import Json, Kind, Page, Path, Side, refuse
from ustaz.workbook.model import Field

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


def is_date(text: str) -> bool:
    """Tell whether `text` is a day that exists, as ``2026-10-15``."""
    if not _DATE.match(text):
        return False
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


class Date(Kind):
    """The value is an ISO date."""

    name = "date"
    roles = frozenset({"reference", "date", "unique"})

    def example_problem(self, field: Field, value: Any) -> str | None:  # noqa: ANN401
        problem = super().example_problem(field, value)
        if problem is None and not _DATE.match(value):
            return "expected a date, as 2026-10-15"
        return problem

    def check(self, field: Field, path: Path, value: Any) -> None:  # noqa: ANN401, ARG002
        refuse(not isinstance(value, str), "wrong_type", path)
        refuse(not is_date(value), "bad_date", path)

    def schema(self, field: Field) -> dict[str, Any]:  # noqa: ARG002
        pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
        return {"type": "string", "format": "date", "pattern": pattern}

    def tidy_type(self, field: Field) -> str:  # noqa: ARG002
        return "date"

    def words(self, side: Side, json: Json, value: Any) -> str:  # noqa: ANN401, ARG002
        day = str(value)
        return long_date(dt.date.fromisoformat(day), side.reader) if is_date(day) else day

    def reading(self, page: Page, json: Json, value: Any) -> str:  # noqa: ANN401, ARG002
        if not is_date(str(value)):
            return page.line(str(value))
        day = long_date(dt.date.fromisoformat(value), page.lang)
        return f'<time datetime="{value}">{html.escape(day)}</time>'
