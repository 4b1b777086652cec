"""What follows from a plan: clock times, groups for the number who come, talk, and time to find."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from ustaz.sessions.plan import Block, Plan

#: The facilitator talks a quarter of the meeting at most.
TALK_SHARE: Final = 0.25
#: A plan may differ by so many minutes from the time that the meeting has.
TOLERANCE: Final = 5


@dataclass(frozen=True, slots=True)
class Row:
    """One block on the clock.

    Attributes
    ----------
    block : Block
    start, end : int
        Minutes since midnight.
    gap, overrun : int
        Of a block that holds its clock time: minutes that are free before it, or missing.
    groups : tuple of int
        How many people each group has.
    """

    block: Block
    start: int
    end: int
    gap: int
    overrun: int
    groups: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Timetable:
    """A plan on the clock.

    Attributes
    ----------
    rows : tuple of Row
    end : int
        Minutes since midnight.
    minutes, talk : int
        Sums of the blocks.
    share : int
        Talk in per cent of the blocks' minutes.
    """

    rows: tuple[Row, ...]
    end: int
    minutes: int
    talk: int
    share: int

    @property
    def talks_much(self) -> bool:
        """Tell whether the facilitator would talk more than a quarter."""
        return self.talk > TALK_SHARE * self.minutes


@dataclass(frozen=True, slots=True)
class Offer:
    """A way to find time: a block, the minutes it takes then (0: left out), and the new end."""

    block: Block
    minutes: int
    end: int


def minute_of(clock: str) -> int:
    """Return the minutes since midnight of ``HH:MM``."""
    hours, _, minutes = clock.partition(":")
    return int(hours) * 60 + int(minutes)


def clock_of(minute: int) -> str:
    """Return a minute since midnight as ``HH:MM``; after midnight it begins anew."""
    return f"{minute // 60 % 24:02}:{minute % 60:02}"


def groups_of(grouping: str, people: int) -> tuple[int, ...]:
    """Return the sizes of the groups for the number of people who come.

    Pairs with somebody left over have one three. Threes take fours for what is left (ten are two
    threes and a four); five are a three and a pair. Small groups have three or four, five are one.
    """
    if people < 1:
        return ()
    if grouping == "alone":
        return (1,) * people
    if grouping == "pairs" and people > 1:
        return (*(2,) * (people // 2 - 1), 2 + people % 2)
    if grouping == "threes" and people > 3:
        if people == 5:
            return (3, 2)
        fours = people % 3
        return (*(3,) * ((people - 4 * fours) // 3), *(4,) * fours)
    if grouping == "small" and people > 5:
        count = -(-people // 4)
        small, larger = divmod(people, count)
        return (*(small,) * (count - larger), *(small + 1,) * larger)
    return (people,)


def timetable(plan: Plan) -> Timetable:
    """Return the plan on the clock: each block follows the one before, a locked one holds."""
    rows: list[Row] = []
    clock = minute_of(plan.start)
    for block in plan.blocks:
        start = minute_of(block.lock) if block.lock else clock
        rows.append(
            Row(
                block=block,
                start=start,
                end=start + block.minutes,
                gap=max(0, start - clock),
                overrun=max(0, clock - start),
                groups=groups_of(block.grouping, plan.people) if block.kind == "activity" else (),
            )
        )
        clock = start + block.minutes
    minutes = sum(block.minutes for block in plan.blocks)
    talk = sum(min(block.minutes, max(block.talk, block.intro)) for block in plan.blocks)
    share = round(100 * talk / minutes) if minutes else 0
    return Timetable(tuple(rows), clock, minutes, talk, share)


def offers(plan: Plan, current: str, now: int, spent: int = 0) -> tuple[int, tuple[Offer, ...]]:
    """Return when a meeting that runs would end, and what was marked as a way to end earlier.

    Parameters
    ----------
    plan : Plan
    current : str
        Id of the block that runs.
    now : int
        Minutes since midnight.
    spent : int
        Minutes that the current block has taken already.
    """
    ids = [block.id for block in plan.blocks]
    place = ids.index(current)
    running = plan.blocks[place]
    rest = (replace(running, minutes=max(0, running.minutes - spent), lock=""),)
    ahead = (*rest, *plan.blocks[place + 1 :])

    def end_with(changed: Block | None = None) -> int:
        blocks = tuple(changed if changed and changed.id == block.id else block for block in ahead)
        clock = now
        for block in blocks:
            # Nobody is sent to tea before the clock says so, and nobody can be late and in time.
            clock = max(clock, minute_of(block.lock)) if block.lock else clock
            clock += block.minutes
        return clock

    ways: list[Offer] = []
    for block in ahead[1:]:
        if 0 < block.shorten < block.minutes:
            ways.append(
                Offer(block, block.shorten, end_with(replace(block, minutes=block.shorten)))
            )
        if (block.drop or block.kind == "buffer") and block.minutes:
            ways.append(Offer(block, 0, end_with(replace(block, minutes=0))))
    return end_with(), tuple(ways)
