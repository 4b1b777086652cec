from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.hub.helpers import LiveHub, make_hub


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveHub]:
    """A running hub with two courses, shared by the tests of a module."""
    with LiveHub(make_hub(tmp_path_factory.mktemp("hub") / "hub")) as running:
        yield running
