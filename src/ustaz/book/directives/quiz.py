"""``{quiz}``: a self-check question with feedback for every choice.

Without JavaScript it is a list whose feedback opens on request; with it, a form that works with
keyboard and screen reader. The answers are in the page: this checks oneself, nobody else.
"""

from __future__ import annotations

import re
from typing import Final

from docutils import nodes

from ustaz.book.block import Block
from ustaz.book.nodes import feedback

QUIZ_ID: Final = re.compile(r"[a-z][a-z0-9-]{0,31}\Z")
_CHOICE: Final = re.compile(r"^- \[([^\]]?)\]\s+")
FEWEST, MOST = 2, 6


class Quiz(Block):
    """The argument is the question's id, unique on the page; then the question, then the choices.

    A choice is a list item that starts with ``[ ]`` or ``[x]``; its feedback is a quotation (``>``)
    inside the item. Two or more ``[x]`` make a question with several answers.
    """

    kind = "quiz"
    required_arguments = 1
    optional_arguments = 0

    def label(self) -> str:
        """Return the fixed word."""
        return self.words("Check yourself")

    def run(self) -> list[nodes.Node]:
        """Build the question."""
        quiz_id = self.arguments[0].strip()
        if not QUIZ_ID.match(quiz_id):
            self.complain(f"the id {quiz_id!r} may hold small letters, digits and hyphens only")
        marks = self._take_marks()
        node = self.build("", self.content_nodes())
        choices = [child for child in node if isinstance(child, nodes.bullet_list)]
        question = [child for child in node if isinstance(child, nodes.paragraph)]
        right = sum(mark for mark, _ in marks)
        node["data"] = {"quiz": quiz_id, "several": "yes" if right > 1 else "no"}
        node["quiz"] = quiz_id
        if not question:
            self.complain("has no question before its choices")
        if len(choices) != 1 or len(choices[0]) != len(marks):
            self.complain("expected one list of choices; each starts with `- [ ]` or `- [x]`")
            return [node]
        if not FEWEST <= len(marks) <= MOST:
            self.complain(f"has {len(marks)} choices; use {FEWEST} to {MOST}")
        if right == 0:
            self.complain("has no right choice (`- [x]`)")
        if right == len(marks):
            self.complain("has no wrong choice (`- [ ]`)")
        for choice, (is_right, line) in zip(choices[0], marks, strict=True):
            self._finish_choice(choice, is_right=is_right, line=line)
        choices[0]["classes"].append("uz-choices")
        return [node]

    def _take_marks(self) -> list[tuple[bool, int]]:
        """Take the marks out before parsing: in translated text they would be lost."""
        marks = []
        for number, line in enumerate(self.content):
            if not line.startswith("- "):
                continue
            where = self.content_line(number)
            match = _CHOICE.match(line)
            if not match or match.group(1) not in {" ", "x"}:
                self.complain("a choice starts with `- [ ]` or `- [x]`", where)
            if match:
                self.content[number] = "- " + line[match.end() :]
            marks.append((bool(match and match.group(1) == "x"), where))
        return marks

    def _finish_choice(self, element: nodes.Element, *, is_right: bool, line: int) -> None:
        quotes = [child for child in element if isinstance(child, nodes.block_quote)]
        if len(quotes) != 1:
            self.complain("every choice needs feedback: one quotation (`> …`) inside it", line)
        for quote in quotes:
            verdict = self.words("Right.") if is_right else self.words("Not quite.")
            shown = feedback(summary=self.words("What about this answer?"))
            word = nodes.strong("", verdict, classes=["uz-verdict"])
            shown += nodes.paragraph("", "", word, translatable=False)
            shown += quote.children
            element.replace(quote, shown)
        element["classes"].append("uz-right" if is_right else "uz-wrong")
