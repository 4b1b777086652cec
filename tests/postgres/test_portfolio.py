"""The portfolio of a year whose answers are in PostgreSQL: handed in, frozen and read back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.portfolio import year
from tests.portfolio.test_forms import CANARY
from tests.postgres.server import Server
from tests.postgres.test_round import in_database
from tests.support.courses import NOW
from ustaz.course.identity import acting_as
from ustaz.exchange import read_round, submit
from ustaz.exchange.manifest import travels_with
from ustaz.portfolio import Portfolio, portfolio


def canaries(model: Portfolio) -> set[str]:
    return set(CANARY.findall(repr(model.parts)))


def test_a_portfolio_is_handed_in_and_read_as_with_files(
    server: Server, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USTAZ_NOW", NOW)
    server.ask("CREATE DATABASE a_year")
    folder: Path = tmp_path_factory.mktemp("year") / "course"
    course = in_database(year.make_course(folder), server.url("a_year"))
    year.fill(course)
    submit(course, year.OWNER, "portfolio", identity=acting_as(course, year.OWNER))
    handed_in = read_round(course, year.OWNER, "portfolio", 1)
    assert set(handed_in.document["manifest"]["parts"]) == set(travels_with(course, "portfolio"))
    asked: dict[str, Any] = {"lang": "kk", "owner": "Әйгүл С."}
    now = portfolio(course, year.OWNER, "staff", **asked)
    frozen = portfolio(course, year.OWNER, "staff", submission=handed_in, **asked)
    assert len(canaries(now)) > 60
    assert canaries(frozen) == canaries(now)
    assert frozen.story.events == now.story.events
    year.put(course, "focus", concern_raw="Of a later day")
    later = portfolio(course, year.OWNER, "staff", submission=handed_in, **asked)
    assert "Of a later day" not in repr(later)
    assert not list(course.people_dir.rglob("answers.json"))
