"""Three pages write to one document in PostgreSQL, judged by the same model as in files."""

from __future__ import annotations

import shutil

import pytest

from tests.answers.helpers import ELSEWHERE, store_at
from tests.answers.test_three_writers import ThreeWriters
from tests.postgres.test_saves import dying
from ustaz.answers import Store

SETTINGS = ThreeWriters.TestCase.settings


@pytest.mark.usefixtures("server")
def test_three_writers_lose_nothing_of_each_other(place, request):
    from hypothesis import settings
    from hypothesis.stateful import run_state_machine_as_test

    class InPostgres(ThreeWriters):
        def __init__(self) -> None:
            super().__init__()
            shutil.rmtree(self.path)
            self.path = place()

        def store(self, dies_at: int = 0) -> Store:
            # Eight moments at the end of a save: before and after each thing said to the server.
            return store_at(self.path, dying(self.path, dies_at % 8 + 1) if dies_at else None)

        def teardown(self) -> None:
            del ELSEWHERE[self.path]
            super().teardown()

    run_state_machine_as_test(InPostgres, settings=settings(SETTINGS, max_examples=20))
