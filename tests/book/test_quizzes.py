"""The self-checks of the course: one has to think about an answer to find it."""

from __future__ import annotations

import re
from collections import Counter

from tests.book.conftest import ROOT

QUIZ = re.compile(r"^:::\{quiz\} [\w-]+\n(.*?)^:::$", re.DOTALL | re.MULTILINE)
CHOICE = re.compile(r"^- \[([ x])\] (.*?)(?=\n\s+>)", re.DOTALL | re.MULTILINE)


def with_one_answer() -> list[list[tuple[bool, int]]]:
    """Return for each choice of a question with one right answer: is it right, how long is it?"""
    found = [
        [(mark == "x", len(" ".join(text.split()))) for mark, text in CHOICE.findall(quiz)]
        for page in sorted((ROOT / "book/modules").glob("*.md"))
        for quiz in QUIZ.findall(page.read_text(encoding="utf-8"))
    ]
    return [one for one in found if sum(right for right, _ in one) == 1]


def test_the_right_choice_cannot_be_guessed_from_its_length():
    asked = with_one_answer()
    assert len(asked) > 20
    for extreme in (max, min):
        guessed = [one for one in asked if extreme(one, key=lambda choice: choice[1])[0]]
        assert len(guessed) <= len(asked) / 2, extreme.__name__


def test_the_right_choice_cannot_be_guessed_from_its_place():
    asked = with_one_answer()
    places = Counter(next(place for place, (right, _) in enumerate(one) if right) for one in asked)
    for place in range(3):
        assert len(asked) / 5 < places[place] < len(asked) / 2
