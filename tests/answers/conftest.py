"""Folders in memory: these tests save some ten thousand times, and a disk syncs each."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.answers.helpers import IN_MEMORY


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="ustaz-answers-", dir=IN_MEMORY))
    yield path
    shutil.rmtree(path)
