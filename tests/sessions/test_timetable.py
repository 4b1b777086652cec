"""What follows from a plan: groups for everybody, clock times, locks, and time to find."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sessions.make_vectors import FILE, vectors
from ustaz.book.groupings import GROUPINGS
from ustaz.sessions.plan import Block, Plan, PlanError, from_runbook, parsed
from ustaz.sessions.runbooks import runbooks
from ustaz.sessions.timetable import clock_of, groups_of, minute_of, offers, timetable

BLOCKS = st.lists(
    st.builds(
        Block,
        id=st.just("x"),
        title=st.just("A block"),
        minutes=st.integers(1, 60),
        shorten=st.integers(0, 40),
        drop=st.booleans(),
        grouping=st.sampled_from(GROUPINGS),
        kind=st.sampled_from(("activity", "break", "buffer")),
    ),
    min_size=1,
    max_size=10,
).map(lambda blocks: tuple(replace(block, id=f"b{at}") for at, block in enumerate(blocks)))


def workshop() -> Plan:
    return from_runbook(next(book for book in runbooks("en") if book.page == "workshop-3"))


@pytest.mark.parametrize(
    ("grouping", "people", "sizes"),
    [
        ("threes", 10, (3, 3, 4)),
        ("threes", 9, (3, 3, 3)),
        ("threes", 4, (4,)),
        ("threes", 5, (3, 2)),
        ("pairs", 9, (2, 2, 2, 3)),
        ("pairs", 10, (2,) * 5),
        ("small", 10, (3, 3, 4)),
        ("small", 5, (5,)),
        ("whole", 10, (10,)),
    ],
)
def test_groups_are_those_of_the_runbooks(
    grouping: str, people: int, sizes: tuple[int, ...]
) -> None:
    assert groups_of(grouping, people) == sizes


@pytest.mark.parametrize("people", range(4, 16))
def test_nobody_is_left_alone_or_counted_twice(people: int) -> None:
    for grouping in GROUPINGS:
        sizes = groups_of(grouping, people)
        assert sum(sizes) == people
        if grouping != "alone":
            assert min(sizes) >= 2
    assert max(groups_of("pairs", people)) <= 3
    assert max(groups_of("threes", people)) <= 4
    assert max(groups_of("small", people)) <= 5


@given(BLOCKS)
def test_without_locks_the_end_is_the_start_and_the_minutes(blocks: tuple[Block, ...]) -> None:
    shown = timetable(Plan("A meeting", start="09:00", blocks=blocks))
    assert shown.end == 540 + sum(block.minutes for block in blocks)
    assert all(row.gap == row.overrun == 0 for row in shown.rows)


@given(BLOCKS, st.integers(0, 9))
def test_a_lock_holds_and_says_what_is_free_or_missing(
    blocks: tuple[Block, ...], place: int
) -> None:
    place %= len(blocks)
    locked = tuple(
        replace(block, lock="10:30") if at == place else block for at, block in enumerate(blocks)
    )
    before = 540 + sum(block.minutes for block in blocks[:place])
    row = timetable(Plan("A meeting", start="09:00", blocks=locked)).rows[place]
    assert row.start == minute_of("10:30")
    assert row.gap - row.overrun == row.start - before
    assert 0 in (row.gap, row.overrun)


@given(BLOCKS, st.integers(540, 1000))
def test_only_what_was_marked_is_offered_and_never_what_is_over(
    blocks: tuple[Block, ...], now: int
) -> None:
    plan = Plan("A meeting", start="09:00", blocks=blocks)
    current = len(blocks) // 2
    end, ways = offers(plan, blocks[current].id, now)
    assert end == now + sum(block.minutes for block in blocks[current:])
    for way in ways:
        assert way.block in blocks[current + 1 :]
        assert way.end == end - (way.block.minutes - way.minutes)
        if way.minutes:
            assert way.minutes == way.block.shorten
        else:
            assert way.block.drop or way.block.kind == "buffer"


def test_a_workshop_that_runs_late_is_told_what_ends_it_in_time() -> None:
    plan = replace(workshop(), start="15:00")
    assert clock_of(timetable(plan).end) == "17:00"
    end, ways = offers(plan, "b4", minute_of("16:12"))
    assert clock_of(end) == "17:12"
    assert [(way.block.id, way.minutes, clock_of(way.end)) for way in ways] == [
        ("b5", 10, "17:07"),
        ("b5", 0, "16:57"),
        ("b6", 8, "17:10"),
    ]
    assert offers(plan, "b4", minute_of("16:12"), spent=10)[0] == end - 10


def test_the_talk_of_a_runbook_is_a_quarter_at_most_and_more_is_noticed() -> None:
    plan = workshop()
    assert not timetable(plan).talks_much
    talking = replace(plan, blocks=(replace(plan.blocks[0], talk=10), *plan.blocks[1:]))
    assert timetable(talking).talks_much


@given(BLOCKS)
def test_a_plan_that_is_kept_is_read_back_the_same(blocks: tuple[Block, ...]) -> None:
    plan = Plan("A meeting", blocks=blocks, aims=("Әр дауыс бір рет",), leads=("dina-f",))
    assert parsed(plan.to_json()) == plan


@pytest.mark.parametrize(
    ("change", "id"),
    [
        ({"title": " "}, "plan_title"),
        ({"minutes": "many"}, "plan_number"),
        ({"people": 0}, "plan_number"),
        ({"people": True}, "plan_number"),
        ({"start": "25:00"}, "plan_time"),
        ({"day": "tomorrow"}, "plan_time"),
        ({"event": "../../etc"}, "plan_choice"),
        ({"page": "../secret"}, "plan_choice"),
        ({"aims": ["x" * 201]}, "plan_long"),
        ({"blocks": [{"id": "b1", "title": "A", "minutes": 241}]}, "plan_number"),
        ({"blocks": [{"id": "b1", "title": "A", "grouping": "crowd"}]}, "plan_choice"),
        ({"blocks": [{"id": "b1", "title": "A"}] * 25}, "plan_long"),
        ({"blocks": [{"id": "b1", "title": "A"}] * 2}, "plan_choice"),
        ({"log": {"energy": 6}}, "plan_number"),
    ],
)
def test_a_plan_that_does_not_fit_is_refused_whole(change: dict[str, Any], id: str) -> None:
    with pytest.raises(PlanError) as problem:
        parsed(workshop().to_json() | change)
    assert problem.value.id == id


def test_the_vectors_that_typescript_reads_are_what_python_makes() -> None:
    assert json.loads(FILE.read_text(encoding="utf-8")) == vectors()
