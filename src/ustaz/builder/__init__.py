"""Workbooks written in Python: what is built is exactly a ``workbook.yml``.

    from ustaz import builder as W

    survey = W.workbook(
        "my-survey",
        title="My survey",
        sections=[
            W.section(
                W.text("why", "Why does it matter?", long=True, required="ready", points=2),
                W.table("steps", W.text("action"), W.date("due"), min_rows=2),
            )
        ],
    )
    print(survey.yaml)              # the text
    survey.definition               # read again, or everything that does not fit
    survey.write("library")         # library/my-survey/workbook.yml

The functions only put keys together. What a key means and what fits is one thing, the reader of
``workbook.yml``; so a workbook can go on by hand where Python left it.
"""

from ustaz.builder import rules
from ustaz.builder.fields import (
    Common,
    choice,
    choices,
    confirmation,
    date,
    entries,
    file,
    levels,
    list,  # noqa: A004
    map_of,
    number,
    option,
    person,
    ratings,
    reference,
    row,
    scale,
    table,
    text,
    when,
)
from ustaz.builder.parts import (
    Workbook,
    drop,
    example,
    manual,
    map_choice,
    portfolio,
    poster,
    rename,
    section,
    share,
    upgrade,
    workbook,
)
from ustaz.builder.writing import Part

__all__ = [
    "Common",
    "Part",
    "Workbook",
    "choice",
    "choices",
    "confirmation",
    "date",
    "drop",
    "entries",
    "example",
    "file",
    "levels",
    "list",
    "manual",
    "map_choice",
    "map_of",
    "number",
    "option",
    "person",
    "portfolio",
    "poster",
    "ratings",
    "reference",
    "rename",
    "row",
    "rules",
    "scale",
    "section",
    "share",
    "table",
    "text",
    "upgrade",
    "when",
    "workbook",
]
