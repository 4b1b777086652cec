"""How far a facilitator's group is with each workbook: counts, the date, and who is still at it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Final

from ustaz.roster.people import Person

#: Statuses of cards in the order of the way; who has not begun comes first.
WAY: Final = ("none", "draft", "ready", "submitted", "returned", "accepted")
OPEN: Final = ("none", "draft", "ready")


@dataclass(slots=True)
class Overview:
    """A workbook, as far as a group is with it.

    Attributes
    ----------
    card : dict
        Anybody's card, for code, title and date.
    counts : list of tuple
        Status, its name, and how many; only those that somebody has.
    open : list of tuple
        Once the date has passed: the people who have not submitted, and their cards.
    waits : list of tuple
        The people who have it ready and wait for the facilitator's own word, and their cards.
    """

    card: dict[str, Any]
    counts: list[tuple[str, str, int]] = field(default_factory=list)
    open: list[tuple[Person, dict[str, Any]]] = field(default_factory=list)
    waits: list[tuple[Person, dict[str, Any]]] = field(default_factory=list)


def stage(card: dict[str, Any]) -> str:
    """Return where a card is on its way."""
    if card["status"] == "draft" and not card["started"]:
        return "none"
    return str(card["status"])


def _passed(card: dict[str, Any], today: dt.date) -> bool:
    """Tell whether the day is over by which this person's workbook is expected."""
    return bool(card["due"]) and dt.date.fromisoformat(card["due"]) < today


def overview(group: list[tuple[Person, list[dict[str, Any]]]], today: dt.date) -> list[Overview]:
    """Return how far a group is, a part for each workbook in the order of the year.

    Who is on leave is not counted and not asked for: nothing is due for them.
    """
    present = [(person, cards) for person, cards in group if person.status == "active"]
    rows = []
    for position, first in enumerate(present[0][1] if present else []):
        cards = [(person, cards[position]) for person, cards in present]
        stages = [stage(card) for _, card in cards]
        names = {stage(card): card["status_name"] for _, card in cards}
        rows.append(
            Overview(
                first,
                [(stage, names[stage], stages.count(stage)) for stage in WAY if stage in names],
                [
                    (person, card)
                    for person, card in cards
                    if stage(card) in OPEN and _passed(card, today) and not card["waits"]
                ],
                [(person, card) for person, card in cards if card["waits"]],
            )
        )
    return rows
