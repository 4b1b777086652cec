from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server import helpers
from ustaz.course import Course
from ustaz.course.identity import acting_as
from ustaz.exchange import submit
from ustaz.server.site import Site


@pytest.fixture
def _fixed_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USTAZ_NOW", helpers.NOW)


@pytest.fixture
def course(tmp_path: Path, _fixed_now: None) -> Course:
    """A demo course in which nobody has written anything."""
    return helpers.make_course(tmp_path / "course")


@pytest.fixture
def site(course: Course, tmp_path: Path) -> Iterator[Site]:
    made = Site(course, book_dir=tmp_path / "site")
    yield made
    made.pool.shutdown()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[helpers.Server]:
    """A server for a course where people are at different stages."""
    home = tmp_path_factory.mktemp("home")
    course = helpers.make_course(home / "course")
    helpers.put(course, "aigul-s", "focus", **helpers.FOCUS)
    submit(course, "aigul-s", "focus", identity=acting_as(course, "aigul-s"))
    helpers.put(course, "olga-p", "focus", **helpers.FOCUS)
    helpers.write(course, "olga-p", "focus", [{"op": "status", "value": "ready"}])
    book = home / "site" / "en"
    book.mkdir(parents=True)
    (book / "index.html").write_text(
        "<!doctype html><html lang=en><title>Book</title><script>1</script><p>Book", "utf-8"
    )
    (book / "page.html").write_text("<p>Page", "utf-8")
    (home / "site" / "facilitator" / "en").mkdir(parents=True)
    (home / "site" / "facilitator" / "en" / "index.html").write_text("<p>Notes", "utf-8")
    (home / "site" / "secret.py").write_text("secret", "utf-8")
    (home / "outside.html").write_text("<p>outside", "utf-8")
    (book / "link.html").symlink_to(home / "outside.html")
    with helpers.Server(course, home) as running:
        yield running
