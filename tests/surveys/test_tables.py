"""From what is published nobody's answer follows, not even for a colleague who also answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations_with_replacement, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ustaz.base import suppression
from ustaz.base.suppression import FEWEST, is_enough, may_split
from ustaz.surveys.definitions import SCHOOL
from ustaz.surveys.reports import report, summaries
from ustaz.surveys.tables import ROLES, WHOLE, Answers, Table, class_of, split, table

EVERY = (1, 2, 3, 4, 5, None)
#: One of each class: with roles there are too many tables to try every number.
OF_EACH_CLASS = (2, 3, 4, None)
Column = tuple[int | None, ...]


def columns(people: int, values: Column = EVERY) -> Iterable[Column]:
    """Return every way to answer, people being alike."""
    return combinations_with_replacement(values, people)


def rest(column: Column, own: int | None) -> tuple[str, ...]:
    """Return the classes of everybody but one who answered `own`."""
    others = list(column)
    others.remove(own)
    return tuple(map(class_of, others))


def follows(possible: list[tuple[str, ...]]) -> bool:
    """Tell whether one answer is sure for a person who may be any of the others."""
    sure = {frozenset(classes) for classes in possible}
    return len(sure) == 1 and len(next(iter(sure))) == 1


def leaks(people: int) -> Iterable[tuple[Table | None, str]]:
    """Yield each table of so many people from which an answer follows, and for whom it does."""
    by_table: dict[Table | None, list[Column]] = defaultdict(list)
    for column in columns(people):
        by_table[table(column)].append(column)
    for published, possible in by_table.items():
        assert published is not None
        if follows([tuple(map(class_of, column)) for column in possible]):
            yield published, "anybody"
        for own in EVERY:
            seen = [rest(column, own) for column in possible if own in column]
            if seen and follows(seen):
                yield published, f"a colleague who answered {own}"


@pytest.mark.parametrize("people", range(FEWEST, 10))
def test_no_answer_follows_from_a_table_for_whoever_knows_the_own_one(people: int) -> None:
    assert list(leaks(people)) == []


@pytest.mark.parametrize(("hidden", "readers"), [(1, "a colleague"), (-1, "anybody")])
def test_with_a_weaker_bound_the_enumeration_reports_a_leak(
    monkeypatch: pytest.MonkeyPatch, hidden: int, readers: str
) -> None:
    # One may differ: the one who does knows all the others. Nothing hidden: everybody knows.
    monkeypatch.setattr(suppression, "HIDDEN_AMONG", hidden)
    assert any(reader.startswith(readers) for _, reader in leaks(FEWEST))


@pytest.mark.parametrize("sizes", [(5, 5), (6, 5), (5, 7)])
def test_no_answer_follows_where_teachers_stand_beside_all_and_roles_are_known(
    sizes: tuple[int, int],
) -> None:
    by_tables: dict[Any, list[tuple[Column, Column]]] = defaultdict(list)
    for teachers, others in product(
        columns(sizes[0], OF_EACH_CLASS), columns(sizes[1], OF_EACH_CLASS)
    ):
        by_tables[table(teachers + others), split(teachers, others)].append((teachers, others))
    for published, possible in by_tables.items():
        for part in (0, 1):
            assert not follows([tuple(map(class_of, pair[part])) for pair in possible]), published
            for own in OF_EACH_CLASS:
                mine = [pair for pair in possible if own in pair[part]]
                if mine:
                    assert not follows([rest(pair[part], own) for pair in mine]), published
                    other = [tuple(map(class_of, pair[1 - part])) for pair in mine]
                    assert not follows(other), published


@pytest.mark.parametrize("people", range(FEWEST))
def test_nothing_is_published_of_fewer_than_five(people: int) -> None:
    assert {table(column) for column in columns(people)} == {None}
    answers = [Answers((3,) * 21, "teacher", {})] * people
    assert report(SCHOOL, answers) is None


RATINGS = st.tuples(*[st.sampled_from(EVERY)] * 21)
PERSON = st.builds(Answers, RATINGS, st.sampled_from(ROLES), st.just({}))


@settings(max_examples=60, deadline=None)
@given(st.lists(PERSON, min_size=FEWEST, max_size=14), st.randoms())
def test_a_report_says_nothing_of_the_order_and_no_number_of_fewer_than_five(
    answers: list[Answers], chance: Any
) -> None:
    published = report(SCHOOL, answers)
    assert published is not None
    shuffled = list(answers)
    chance.shuffle(shuffled)
    assert report(SCHOOL, shuffled) == published
    for each in published.tables:
        assert each.state != WHOLE or each.rated >= FEWEST
        assert each.state == WHOLE or (each.mean, each.spread, each.counts) == (None, None, ())
    teachers = sum(person.role == "teacher" for person in answers)
    assert bool(published.parts) == may_split([teachers, len(answers) - teachers])
    for summary in summaries(published):
        assert (summary.mean is None) == (summary.statements == 0)


@given(st.lists(st.integers(0, 40), max_size=5))
def test_a_part_stands_beside_its_whole_only_where_it_and_all_others_are_five(
    parts: list[int],
) -> None:
    fine = all(is_enough(part) and sum(parts) - part >= FEWEST for part in parts)
    assert may_split(parts) == fine
