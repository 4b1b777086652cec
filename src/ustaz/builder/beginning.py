"""The smallest workbook that is whole: what an author begins with, in the author's language."""

from __future__ import annotations

from typing import Final

from ustaz.builder import fields, parts
from ustaz.builder.parts import Workbook
from ustaz.messages import N_, translator

TITLE: Final = N_("A new workbook")
SUMMARY: Final = N_("One sentence that says what it is for.")
LESSON: Final = N_("What happened")
WENT_WELL: Final = N_("What went well in the lesson?")
WENT_WELL_HELP: Final = N_("Two or three sentences are enough.")
NEXT: Final = N_("What I do next")
ACTION: Final = N_("What I will do")
UNTIL: Final = N_("Until when")


def beginning(id: str, lang: str) -> Workbook:
    """Return a workbook to be changed: a question, and a table of steps.

    Parameters
    ----------
    id : str
        Of the workbook, and the name of its folder.
    lang : str
        Its source language: ``en``, ``ru`` or ``kk``.
    """
    say = translator(lang).gettext
    question = fields.text(
        "went_well", say(WENT_WELL), long=True, help=say(WENT_WELL_HELP), required="ready"
    )
    columns = (fields.text("action", say(ACTION)), fields.date("due", say(UNTIL)))
    steps = fields.table("steps", *columns, label=say(NEXT))
    return parts.workbook(
        id,
        title=say(TITLE),
        summary=say(SUMMARY),
        language=lang,
        sections=[
            parts.section(question, id="lesson", title=say(LESSON)),
            parts.section(steps, id="next", title=say(NEXT)),
        ],
    )
