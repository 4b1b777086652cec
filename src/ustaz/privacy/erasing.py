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
from ustaz.privacy.model import Amount, DataSubject, PersonalError, Retained
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
    subject : DataSubject
    places : dict of str to Amount
        By the place's id, all courses together.
    stays : list of Retained
    done : bool
        Whether it was erased, or only looked at.
    """

    subject: DataSubject
    places: dict[str, Amount] = field(default_factory=dict)
    stays: list[Retained] = field(default_factory=list)
    done: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        return {
            "person": self.subject.asked,
            "account": self.subject.account,
            "courses": [member.course.id for member in self.subject.members],
            "erased": self.done,
            "unfinished_since": self.subject.started or None,
            "places": [
                {"place": name, "count": amount.count, "bytes": amount.size}
                for name, amount in self.places.items()
            ],
            "stays": [stay.to_json() for stay in self.stays],
        }


def titles() -> dict[str, str]:
    """Return what each place is called."""
    course = {location.id: location.title for location in places.COURSE}
    return course | {location.id: location.title for location in places.HUB}


def counted(subject: DataSubject) -> dict[str, Amount]:
    """Return how much there is in each place, all courses together."""
    amounts = {
        place.id: sum((place.amount(member) for member in subject.members), Amount())
        for place in places.COURSE
    }
    if subject.hub is not None:
        amounts |= {place.id: place.amount(subject) for place in places.HUB}
    return amounts


def look(subject: DataSubject, *, backups: Path | None = None) -> Erasure:
    """Say what an erasure would remove and what would stay; change nothing."""
    return Erasure(subject, counted(subject), list(retained.stays(subject, backups)))


def erase(
    subject: DataSubject,
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
    begun = unfinished(subject.root)
    if begun and begun["asked"] != subject.asked and begun["account"] != subject.account:
        raise PersonalError(
            "another_erasure",
            N_("The erasure of somebody else is not finished; nothing was changed."),
            N_("First run this again: ustaz person erase {dir} {person} --yes"),
            params={"dir": subject.root, "person": begun["asked"]},
        )
    if subject.hub is not None:
        from ustaz.privacy.hubs import require_stopped

        require_stopped(subject.hub)
    erasure = look(subject, backups=backups)
    notes = Ledger(subject.root / STATE)
    number = subject.number or 1 + sum(1 for _ in notes.entries(NOTES))
    if subject.started:
        erasure.places = {name: Amount(*amount) for name, amount in subject.counts.items()}
    else:
        counts = {name: [amount.count, amount.size] for name, amount in erasure.places.items()}
        begin(subject, clock.stamp(), number, counts)
    after("mark")
    try:
        for name, step in _steps(subject):
            step()
            after(name)
        _again(subject)
    except PermissionError as error:
        raise PersonalError(
            "not_allowed",
            N_("{path} belongs to another account of this computer; it is not finished."),
            N_("Let that account or the administrator remove it, then run the same command again."),
            exit_code=1,
            params={"path": error.filename},
        ) from error
    _note(subject, notes, by, number, erasure.places)
    after("note")
    end(subject.root)
    erasure.done = True
    return erasure


def _steps(subject: DataSubject) -> Iterator[tuple[str, Callable[[], None]]]:
    for member in subject.members:
        for place in places.COURSE:
            yield f"{member.course.id}: {place.id}", partial(place.erase, member)
    if subject.hub is not None:
        for other in places.HUB:
            yield other.id, partial(other.erase, subject)


def _again(subject: DataSubject) -> None:
    """Look at every place once more: a save that had begun before may have come since."""
    for _ in range(TRIES):
        left = [name for name, amount in counted(subject).items() if amount.count]
        damaged = (
            {"said"} if any(attributions.unchanged(member) for member in subject.members) else set()
        )
        if not set(left) - damaged:
            return
        for name, step in _steps(subject):
            if name.rpartition(" ")[2] in left:
                step()
    raise PersonalError(
        "comes_back",
        N_("Something of them is written again and again ({places}): it is not finished."),
        N_("Stop the service, and run the same command again."),
        exit_code=11,
        params={"places": ", ".join(left)},
    )


def _note(
    subject: DataSubject, notes: Ledger, by: str, number: int, amounts: dict[str, Amount]
) -> None:
    """Note that somebody was erased: when, by whom, how much; nothing that says who it was."""
    if any(line.get("number") == number for line in notes.entries(NOTES)):
        return
    entry = {
        "by": "" if by == subject.account else by,
        "number": number,
        "courses": len(subject.members),
        "hub": subject.hub is not None,
        "counts": {name: amount.count for name, amount in amounts.items() if amount.count},
    }
    notes.append(NOTES, entry)
