"""A day that is changed in a course's settings reaches its gradebook while the hub runs."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator
from concurrent.futures import wait
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from tests.hub.helpers import COURSE, make_hub
from ustaz.base.programs import tools_path
from ustaz.course import Course
from ustaz.hub.accounts import HubPort
from ustaz.hub.service import Service

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.setenv("PATH", tools_path())
    hub = make_hub(tmp_path / "hub", pilot=False, accounts=False)
    course = hub.courses()[COURSE]
    with Gradebook(f"sqlite:///{course.dir / 'gradebook.db'}", course.id) as book:
        book.add_assignment("focus")
    service = Service(hub, HubPort(hub, "http://127.0.0.1:1/hub/api", ""), hub.dir / "book")
    yield service
    for site in service.known.values():
        site.pool.shutdown()


def name_day(course: Course, day: str) -> None:
    file = course.dir / "ustaz.toml"
    text = file.read_text(encoding="utf-8").partition("\n[calendar.due]")[0]
    file.write_text(f"{text}\n[calendar.due]\nfocus = {day}\n", encoding="utf-8")


def due_of(service: Service) -> dt.date | None:
    """Look again as the service does every few seconds, and return what nbgrader knows then."""
    service.find_courses()
    wait(service.bring_dates())
    with Gradebook(
        f"sqlite:///{service.known[COURSE].course.dir / 'gradebook.db'}", COURSE
    ) as book:
        day: dt.datetime | None = book.find_assignment("focus").duedate
    return None if day is None else day.date()


def test_a_changed_day_reaches_the_gradebook_without_anybody_releasing_or_grading(
    service: Service,
) -> None:
    name_day(service.known[COURSE].course, "2026-10-15")
    assert due_of(service) == dt.date(2026, 10, 15)


def test_a_gradebook_that_is_busy_is_tried_again(service: Service) -> None:
    course = service.known[COURSE].course
    name_day(course, "2026-10-15")
    database = course.dir / "gradebook.db"
    kept = database.read_bytes()
    database.write_bytes(b"no database just now" * 99)
    service.find_courses()
    wait(service.bring_dates())
    with pytest.raises(sqlite3.DatabaseError), sqlite3.connect(database) as connection:
        connection.execute("select * from assignment")
    database.write_bytes(kept)
    assert due_of(service) == dt.date(2026, 10, 15)
