"""Erasing a person: looked at first, then place by place, and at last a note without a name.

The order is such that a kill leaves what the same command completes: a mark that says who and what
was found, then the roster (from then on nothing of theirs is let in), then every other place, a
second look at all of them, the note, and the mark goes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

from ustaz.backup.installation import STATE
from ustaz.base import clock
from ustaz.base.ledger import Ledger
from ustaz.messages import N_
from ustaz.privacy import attributions, places, retained
from ustaz.privacy.model import Found, PersonalError, Stays, Whose
from ustaz.privacy.subject import begin, end, unfinished

#: The note of what was erased: ``state/erasures.jsonl``.
NOTES: Final = "erasures"
TRIES: Final = 3

#: Called with the name of each step that is done; tests die there.
After = Callable[[str], None]


@dataclass(slots=True)
class Erasure:
    """What there is of a person, or was.

    Attributes
    ----------
    whose : Whose
    places : dict of str to Found
        By the place's id, all courses together.
    stays : list of Stays
    done : bool
        Whether it was erased, or only looked at.
    """

    whose: Whose
    places: dict[str, Found] = field(default_factory=dict)
    stays: list[Stays] = field(default_factory=list)
    done: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        return {
            "person": self.whose.asked,
            "account": self.whose.account,
            "courses": [member.course.id for member in self.whose.members],
            "erased": self.done,
            "unfinished_since": self.whose.started or None,
            "places": [
                {"place": name, "count": found.count, "bytes": found.size}
                for name, found in self.places.items()
            ],
            "stays": [stay.to_json() for stay in self.stays],
        }


def titles() -> dict[str, str]:
    """Return what each place is called."""
    course = {one.id: one.title for one in places.COURSE}
    return course | {one.id: one.title for one in places.HUB}


def counted(whose: Whose) -> dict[str, Found]:
    """Return how much there is in each place, all courses together."""
    found = {
        place.id: sum((place.found(member) for member in whose.members), Found())
        for place in places.COURSE
    }
    if whose.hub is not None:
        found |= {place.id: place.found(whose) for place in places.HUB}
    return found


def look(whose: Whose, *, backups: Path | None = None) -> Erasure:
    """Say what an erasure would remove and what would stay; change nothing."""
    return Erasure(whose, counted(whose), list(retained.stays(whose, backups)))


def erase(
    whose: Whose,
    *,
    by: str,
    backups: Path | None = None,
    after: After = lambda _: None,
) -> Erasure:
    """Erase a person from a directory.

    Parameters
    ----------
    by : str
        The account that does it, for the note.
    backups : Path, optional
        Where archives lie, to name the ones that still hold the person.
    after : callable
        Called after each step.

    Raises
    ------
    PersonalError
        ``hub_runs``; ``not_allowed``; ``another_erasure`` where somebody else's is not finished;
        ``comes_back`` where something was written meanwhile, again and again.
    """
    begun = unfinished(whose.root)
    if begun and begun["asked"] != whose.asked and begun["account"] != whose.account:
        raise PersonalError(
            "another_erasure",
            N_("The erasure of somebody else is not finished; nothing was changed."),
            N_("First run this again: ustaz person erase {dir} {person} --yes"),
            params={"dir": whose.root, "person": begun["asked"]},
        )
    if whose.hub is not None:
        from ustaz.privacy.hubs import require_stopped

        require_stopped(whose.hub)
    made = look(whose, backups=backups)
    notes = Ledger(whose.root / STATE)
    number = whose.number or 1 + sum(1 for _ in notes.entries(NOTES))
    if whose.started:
        made.places = {name: Found(*found) for name, found in whose.counts.items()}
    else:
        counts = {name: [it.count, it.size] for name, it in made.places.items()}
        begin(whose, clock.stamp(), number, counts)
    after("mark")
    try:
        for name, step in _steps(whose):
            step()
            after(name)
        _again(whose)
    except PermissionError as error:
        raise PersonalError(
            "not_allowed",
            N_("{path} belongs to another account of this computer; it is not finished."),
            N_("Let that account or the administrator remove it, then run the same command again."),
            exit_code=1,
            params={"path": error.filename},
        ) from error
    _note(whose, notes, by, number, made.places)
    after("note")
    end(whose.root)
    made.done = True
    return made


def _steps(whose: Whose) -> Iterator[tuple[str, Callable[[], None]]]:
    for member in whose.members:
        for place in places.COURSE:
            yield f"{member.course.id}: {place.id}", partial(place.erase, member)
    if whose.hub is not None:
        for other in places.HUB:
            yield other.id, partial(other.erase, whose)


def _again(whose: Whose) -> None:
    """Look at every place once more: a save that had begun before may have come since."""
    for _ in range(TRIES):
        left = [name for name, found in counted(whose).items() if found.count]
        damaged = (
            {"said"} if any(attributions.unchanged(member) for member in whose.members) else set()
        )
        if not set(left) - damaged:
            return
        for name, step in _steps(whose):
            if name.rpartition(" ")[2] in left:
                step()
    raise PersonalError(
        "comes_back",
        N_("Something of them is written again and again ({places}): it is not finished."),
        N_("Stop the service, and run the same command again."),
        exit_code=11,
        params={"places": ", ".join(left)},
    )


def _note(whose: Whose, notes: Ledger, by: str, number: int, found: dict[str, Found]) -> None:
    """Note that somebody was erased: when, by whom, how much; nothing that says who it was."""
    if any(line.get("number") == number for line in notes.entries(NOTES)):
        return
    entry = {
        "by": "" if by == whose.account else by,
        "number": number,
        "courses": len(whose.members),
        "hub": whose.hub is not None,
        "counts": {name: it.count for name, it in found.items() if it.count},
    }
    notes.append(NOTES, entry)
