"""How far a meeting is while it runs: what the timer's page keeps and sends, read strictly."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

from ustaz.sessions.plan import BLOCK_ID, MOST_BLOCKS, MOST_MINUTES, PEOPLE, Plan, PlanError

DEVICE: Final = re.compile(r"[a-z0-9]{1,32}\Z")
MOST_STEPS: Final = 100_000
#: Seconds of one block: a day, which a page that was left open reaches.
MOST_SECONDS: Final = 86_400


@dataclass(frozen=True, slots=True)
class Run:
    """A meeting that runs, or has run.

    Attributes
    ----------
    step : int
        Grows with each press, over all devices: the higher one counts. No clock decides.
    device : str
        Which browser pressed last; decides between equal steps.
    began : str
        When the first block began, in UTC as ISO 8601.
    block : str
        Id of the block that runs; empty once the meeting is over.
    since : str
        From when the block's minutes count. A stop moves it on.
    stopped : str
        Since when the block stands still; empty while it runs.
    spent : mapping
        Block id -> seconds, of the blocks that are over.
    minutes : mapping
        Block id -> minutes, where it was stretched, shortened or left out (0) meanwhile.
    people : int
        How many came; 0: as planned.
    ended : str
    """

    step: int
    device: str
    began: str
    block: str
    since: str
    stopped: str = ""
    spent: Mapping[str, int] = field(default_factory=dict)
    minutes: Mapping[str, int] = field(default_factory=dict)
    people: int = 0
    ended: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return it as the store keeps it and the page reads it."""
        return asdict(self)

    def applied_to(self, plan: Plan) -> Plan:
        """Return the plan as it stands while it runs; the plan that was made stays as it is."""
        blocks = tuple(
            replace(block, minutes=self.minutes.get(block.id, block.minutes))
            for block in plan.blocks
        )
        return replace(plan, blocks=blocks, people=self.people or plan.people)

    def real_minutes(self, plan: Plan) -> dict[str, int]:
        """Return what each block really took, for a log to begin with.

        Blocks that ran by their seconds, those that were left out or not reached with none.
        """
        return {block.id: round(self.spent.get(block.id, 0) / 60) for block in plan.blocks}


def parsed_run(value: object) -> Run:
    """Read how far a meeting is; refuse it whole where anything does not fit.

    Raises
    ------
    PlanError
        ``plan_choice``
    """
    if not isinstance(value, Mapping):
        raise PlanError("plan_choice")
    device, block = value.get("device"), value.get("block", "")
    if not isinstance(device, str) or not DEVICE.match(device):
        raise PlanError("plan_choice")
    if not isinstance(block, str) or (block and not BLOCK_ID.match(block)):
        raise PlanError("plan_choice")
    people = _count(value.get("people", 0), PEOPLE[1])
    run = Run(
        step=_count(value.get("step"), MOST_STEPS),
        device=device,
        began=_moment(value.get("began")),
        block=block,
        since=_moment(value.get("since")),
        stopped=_moment(value.get("stopped", "")),
        spent=_counts(value.get("spent", {}), MOST_SECONDS),
        minutes=_counts(value.get("minutes", {}), MOST_MINUTES),
        people=people,
        ended=_moment(value.get("ended", "")),
    )
    if not run.step or not run.began or bool(run.block) == bool(run.ended):
        raise PlanError("plan_choice")
    return run


def later_of(known: Run | None, sent: Run) -> Run:
    """Return which of two counts, whatever the order in which they came."""
    if known is None or (sent.step, sent.device) >= (known.step, known.device):
        return sent
    return known


def _count(value: object, most: int) -> int:
    if type(value) is not int or not 0 <= value <= most:
        raise PlanError("plan_choice")
    return value


def _counts(value: object, most: int) -> dict[str, int]:
    if not isinstance(value, Mapping) or len(value) > 2 * MOST_BLOCKS:
        raise PlanError("plan_choice")
    if not all(isinstance(key, str) and BLOCK_ID.match(key) for key in value):
        raise PlanError("plan_choice")
    return {key: _count(number, most) for key, number in value.items()}


def _moment(value: object) -> str:
    if not isinstance(value, str) or len(value) > 40:
        raise PlanError("plan_choice")
    if not value:
        return ""
    try:
        moment = dt.datetime.fromisoformat(value)
    except ValueError:
        raise PlanError("plan_choice") from None
    if moment.tzinfo is None:
        raise PlanError("plan_choice")
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds")
