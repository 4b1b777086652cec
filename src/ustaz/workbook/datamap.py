"""What each workbook says of the personal data in it: a table for ``docs/data-map.md``."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Final

from ustaz.workbook.kinds import is_stored
from ustaz.workbook.library import Library
from ustaz.workbook.model import Definition

BEGIN: Final = "<!-- made from workbooks/ by `ustaz workbook build`: begin -->"
END: Final = "<!-- end -->"
HEAD: Final = (
    "| workbook | why it is asked | who reads it | other readers, by field "
    "| its writer may show | months |\n"
    "|---|---|---|---|---|---|\n"
)


def keep_until(definition: Definition, end: dt.date) -> dt.date:
    """Return the last day on which answers are kept of a programme that ends on `end`."""
    months = end.month - 1 + definition.retention
    year, month = end.year + months // 12, months % 12 + 1
    following = dt.date(year + month // 12, month % 12 + 1, 1)
    return min(
        following - dt.timedelta(days=1), dt.date(year, month, 1) + dt.timedelta(end.day - 1)
    )


def data_map(library: Library) -> str:
    """Return the table of all workbooks of a library, in Markdown."""
    ordered = sorted(library.values(), key=lambda definition: definition.code)
    return HEAD + "".join(_row(definition) for definition in ordered)


def with_data_map(page: str, library: Library) -> str:
    """Return `page` with the table between its two marks brought up to the workbooks."""
    before, _, rest = page.partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not mark:
        return page
    return f"{before}{BEGIN}\n{data_map(library)}{END}{after}"


def _row(definition: Definition) -> str:
    exceptions: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for field in definition.fields:
        if not is_stored(field):
            continue
        if field.audiences != definition.visibility:
            exceptions[field.audiences].append(field.id)
        for column in field.columns:
            if column.audiences not in (definition.visibility, field.audiences):
                exceptions[column.audiences].append(f"{field.id}.{column.id}")
    others = "; ".join(
        f"{', '.join(audiences)}: {', '.join(f'`{name}`' for name in names)}"
        for audiences, names in exceptions.items()
    )
    cells = (
        f"`{definition.id}`",
        definition.purpose,
        ", ".join(definition.visibility),
        others or "–",
        _shown(definition),
        str(definition.retention),
    )
    return "| " + " | ".join(cells) + " |\n"


def _shown(definition: Definition) -> str:
    return (
        "; ".join(
            f"{', '.join(shareable.to)}: `{shareable.name or 'all'}`"
            for shareable in definition.shares
        )
        or "–"
    )
