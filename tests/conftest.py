"""What holds for all tests: no test depends on the machine's speed or on the day."""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.support.browser import browser
from ustaz.base.light_start import without_iri_grammar

# Where nothing compiled is kept, each process of a run compiles anew all tests or all of the
# package: half a minute in each that collects, and some of each second in the hundreds they start.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
# Our programs start without it, and it takes longer to build than most files of tests to run.
without_iri_grammar()
# Builds of the book keep what they can use again; not in the cache of whoever runs the tests.
os.environ.setdefault("USTAZ_CACHE", str(Path(tempfile.gettempdir(), "ustaz-tests-cache")))
# A deadline would make the machine's speed part of a claim.
settings.register_profile("ustaz", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("nightly", parent=settings.get_profile("ustaz"), max_examples=5000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ustaz"))
#: The rooms whose files take longest, these first: what begins last is short, and no process waits
#: for the other at the end.
LONG = ("hub", "story", "book", "server", "widgets", "grading", "postgres", "notebook")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the files of the long rooms begin first."""
    here = Path(__file__).parent
    ranks = {here / room: rank for rank, room in enumerate(LONG)}
    items.sort(key=lambda item: ranks.get(item.path.parent, len(LONG)))


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """One real Chromium for the tests of a file."""
    with browser() as opened:
        yield opened
