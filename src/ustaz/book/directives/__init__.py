"""One module for each block that an author can use; see ``docs/authoring.md``."""

from __future__ import annotations

from typing import Final

from ustaz.book.block import Block
from ustaz.book.directives.activity import Activity
from ustaz.book.directives.caution import Caution
from ustaz.book.directives.confidence import Confidence
from ustaz.book.directives.criteria import Criteria
from ustaz.book.directives.discussion import Discussion
from ustaz.book.directives.example import Example, Strong, Weak
from ustaz.book.directives.facilitator import Facilitator
from ustaz.book.directives.hint import Answer, Hint, Remark
from ustaz.book.directives.keypoints import KeyPoints
from ustaz.book.directives.minutes import Minutes
from ustaz.book.directives.objectives import Objectives
from ustaz.book.directives.questions import Questions
from ustaz.book.directives.quiz import Quiz
from ustaz.book.directives.reflection import Reflection
from ustaz.book.directives.runbook import Avoid, Say, Trouble
from ustaz.book.directives.workbook import Workbook

DIRECTIVES: Final[dict[str, type[Block]]] = {
    "activity": Activity,
    "answer": Answer,
    "avoid": Avoid,
    "caution": Caution,
    "confidence": Confidence,
    "criteria": Criteria,
    "discussion": Discussion,
    "example": Example,
    "facilitator": Facilitator,
    "hint": Hint,
    "keypoints": KeyPoints,
    "minutes": Minutes,
    "objectives": Objectives,
    "questions": Questions,
    "quiz": Quiz,
    "reflection": Reflection,
    "remark": Remark,
    "say": Say,
    "strong": Strong,
    "trouble": Trouble,
    "weak": Weak,
    "workbook": Workbook,
}
