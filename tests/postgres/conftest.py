"""A server, and places whose documents are in it."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.answers.helpers import ELSEWHERE
from tests.postgres.server import REQUIRED, Server, programs, serving
from tests.postgres.whole import new_database
from ustaz.answers.postgres import pool
from ustaz.answers.postgres.backend import PgFs

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    bin = programs()
    if bin is None:
        assert not REQUIRED, "no PostgreSQL server is installed"
        pytest.skip("no PostgreSQL server is installed")
    with serving(bin) as running:
        yield running
        pool.close_all()


@pytest.fixture(scope="session")
def place(server: Server) -> Callable[[], Path]:
    """Return a function that makes a place whose documents are in a schema of its own."""
    return lambda: make_place(server)


def make_place(server: Server) -> Path:
    path = Path(tempfile.mkdtemp(prefix="ustaz-postgres-"))
    schema = f"course_{next(_numbers)}"

    PgFs(server.url(), schema, path / "people").folders()  # makes the table

    def content() -> dict[str, bytes]:
        rows = server.ask(
            f"SELECT folder || '/' || name, string_agg(data, '' ORDER BY start)"
            f" FROM {schema}.answers_file GROUP BY folder, name ORDER BY 1"
        )
        return dict(rows)

    ELSEWHERE[path] = (lambda: PgFs(server.url(), schema, path / "people"), content)
    return path


@pytest.fixture
def tmp_path(place: Callable[[], Path]) -> Iterator[Path]:
    path = place()
    yield path
    del ELSEWHERE[path]
    shutil.rmtree(path)


@pytest.fixture
def url(server: Server) -> Iterator[str]:
    """Return the URL of a new and empty database."""
    with new_database(server) as address:
        yield address
