"""``date``: a day."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Sequence
from typing import Any, Final

from ustaz.messages import long_date
from ustaz.workbook.kinds.base import ABSENT, Json, Kind, Page, Path, Side, refuse
from ustaz.workbook.kinds.form import Form, Place, posting
from ustaz.workbook.model import Field

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")

#: As people here write a date: "5.10.2026".
_WRITTEN: Final = re.compile(r"([0-9]{1,2})[./]([0-9]{1,2})[./]([0-9]{4})\Z")


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
    single = True

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

    def control(self, form: Form, json: Json, value: Any, place: Place, describedby: str) -> str:  # noqa: ANN401, ARG002
        day = str(value) if isinstance(value, str) else ""
        control = posting(
            place.name,
            id=place.id,
            class_="uz-input uz-input--date",
            min="1990-01-01",
            max="2199-12-31",
            aria_describedby=f"{describedby} {place.id}-words",
            value=day,
        )
        words = long_date(dt.date.fromisoformat(day), form.lang) if is_date(day) else ""
        note = f'<p class="uz-count" id="{place.id}-words">{html.escape(words)}</p>'
        return f'<input type="date"{control}>{note}'

    def posted(self, json: Json, texts: Sequence[str], lang: str) -> Any:  # noqa: ANN401, ARG002
        # A browser without a control for dates posts what was typed.
        text = texts[-1].strip() if texts else ""
        turned = _WRITTEN.match(text)
        if turned:
            day, month, year = turned.groups()
            text = f"{year}-{month:0>2}-{day:0>2}"
        return text or ABSENT
