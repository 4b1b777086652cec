"""Every kind of conflict is answered the same when the answers are in PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest

from tests.postgres.server import Server
from tests.postgres.test_round import in_database
from tests.postgres.whole import new_database
from tests.server.test_conflicts import (  # noqa: F401
    _made,
    test_every_kind_of_conflict_is_answered_and_hands_back_both,
    test_undo_takes_back_one_change_and_nothing_that_came_later,
    test_what_is_given_up_is_sent_twice_and_kept_once,
    test_when_a_row_went_is_told_after_many_more_saves,
    test_words_that_were_given_up_are_in_the_history_and_come_back,
    two,
)
from ustaz.base.throttle import Throttle
from ustaz.course import Course
from ustaz.server.site import Site


@pytest.fixture(scope="module")
def place(server: Server, _made: Course) -> Iterator[Site]:  # noqa: F811
    with new_database(server) as url:
        course = in_database(_made, url)
        site = Site(course, book_dir=course.dir / "site")
        site.throttle = Throttle(clock=count().__next__)  # a second passes with each save
        yield site
        site.pool.shutdown()
    assert not list(course.people_dir.rglob("answers.json"))
