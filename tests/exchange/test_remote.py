"""nbgrader's exchange through a service: what is listed, written and refused, without a hub."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange import ExchangeError, ExchangeFactory
from traitlets.config import Config

from ustaz.base.errors import UstazError
from ustaz.exchange import remote
from ustaz.exchange.client import Service, away, courses

STAMP = "2026-11-23 09:05:00.000001 UTC"
ROUNDS = [
    {"round": 1, "timestamp": STAMP, "status": "returned", "feedback": True},
    {"round": 2, "timestamp": STAMP.replace("1 UTC", "2 UTC"), "status": "received",
     "feedback": False, "late": True},
]  # fmt: skip
RECEIPT = {
    "repeated": False, "workbook": "focus", "person": "aigul-s", "round": 3, "code": "ABCD-1234",
    "received_at": "2026-11-23T14:05:00+05:00", "answered": 1, "of": 14,
}  # fmt: skip


class FakeService:
    """Answers from memory; `down` makes it one that does not answer."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, object]] = []
        self.down = False
        self.notebook = "focus.ipynb"

    def _note(self, method: str, path: str, body: object = None) -> None:
        self.asked.append((method, path, body))
        if self.down:
            raise away()

    def get(self, path: str) -> Any:
        self._note("GET", path)
        if path == "assignments":
            one = {"workbook": "focus", "notebooks": ["focus.ipynb"], "rounds": ROUNDS}
            return {"course": "trial", "person": "aigul-s", "assignments": [one]}
        if path.endswith("/notebook"):
            return {"workbook": "focus", "notebooks": [{"name": self.notebook, "text": "{}"}]}
        return {"round": 1, "files": [{"name": "focus.html", "text": "<p>Жақсы</p>"}]}

    def post(self, path: str, body: object) -> Any:
        self._note("POST", path, body)
        return {"receipt": RECEIPT}


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> FakeService:
    fake = FakeService()
    monkeypatch.setattr(remote.Remote, "service", lambda self, course: fake)
    monkeypatch.setenv("USTAZ_SERVICE_COURSES", "trial")
    return fake


def plug_in(kind: str, home: Path, assignment: str = "focus", **more: Any) -> Any:
    """Return nbgrader's object for an action, configured as in a person's home."""
    config = Config()
    config.Exchange.assignment_dir = str(home)
    for name, chosen in (
        ("submit", "RemoteSubmit"), ("list", "RemoteList"), ("collect", "RemoteCollect"),
        ("fetch_assignment", "RemoteFetchAssignment"), ("fetch_feedback", "RemoteFetchFeedback"),
        ("release_assignment", "RemoteReleaseAssignment"),
        ("release_feedback", "RemoteReleaseFeedback"),
    ):  # fmt: skip
        config.ExchangeFactory[name] = f"ustaz.exchange.remote.{chosen}"
    coursedir = CourseDirectory(config=config)
    coursedir.course_id, coursedir.assignment_id = more.pop("course", ""), assignment
    factory = ExchangeFactory(config=config)
    return getattr(factory, kind)(coursedir=coursedir, config=config, **more)


def test_handing_in_sends_no_file(service: FakeService, tmp_path: Path):
    plug_in("Submit", tmp_path).start()
    assert service.asked[-1] == ("POST", "workbooks/focus/submit", {"confirm": True})


def test_fetching_writes_the_released_notebook_and_the_feedback(
    service: FakeService, tmp_path: Path
):
    plug_in("FetchAssignment", tmp_path).start()
    assert (tmp_path / "trial" / "focus" / "focus.ipynb").read_text() == "{}"
    plug_in("FetchFeedback", tmp_path).start()
    kept = tmp_path / "trial" / "focus" / "feedback" / STAMP / "focus.html"
    assert kept.read_text(encoding="utf-8") == "<p>Жақсы</p>"
    [listed] = plug_in("List", tmp_path, cached=True).start()
    first, second = listed["submissions"]
    assert (first["late"], second["late"]) == (False, True)
    assert (first["has_local_feedback"], first["local_feedback_path"]) == (True, str(kept.parent))
    assert (second["has_exchange_feedback"], second["has_local_feedback"]) == (False, False)


def test_a_list_tells_what_was_fetched(service: FakeService, tmp_path: Path):
    [one] = plug_in("List", tmp_path, assignment="").start()
    assert (one["course_id"], one["assignment_id"], one["status"]) == ("trial", "focus", "released")
    plug_in("FetchAssignment", tmp_path).start()
    [one] = plug_in("List", tmp_path, assignment="").start()
    assert (one["status"], one["path"]) == ("fetched", str(tmp_path / "trial" / "focus"))
    assert plug_in("List", tmp_path, remove=True).start() == []


@pytest.mark.parametrize("name", ["../focus.ipynb", "/etc/x.ipynb", "focus.py", ".ipynb", ""])
def test_only_plain_names_of_known_kinds_are_written(
    service: FakeService, tmp_path: Path, name: str
):
    service.notebook = name
    plug_in("FetchAssignment", tmp_path).start()
    assert list((tmp_path / "trial" / "focus").iterdir()) == []


def test_nothing_is_written_through_a_link(service: FakeService, tmp_path: Path):
    folder = tmp_path / "trial" / "focus"
    folder.mkdir(parents=True)
    (tmp_path / "mine.txt").write_text("mine")
    (folder / "focus.ipynb").symlink_to(tmp_path / "mine.txt")
    plug_in("FetchAssignment", tmp_path).start()
    assert (tmp_path / "mine.txt").read_text() == "mine"


@pytest.mark.parametrize(
    ("kind", "assignment", "words"),
    [
        ("Submit", "ps1", "only the workbooks of the course are offered here"),
        ("Submit", "../focus", "only the workbooks of the course are offered here"),
        ("FetchAssignment", "", "only the workbooks of the course are offered here"),
        ("FetchFeedback", "ps1", "only the workbooks of the course are offered here"),
        ("Collect", "focus", "This is for course staff"),
        ("ReleaseAssignment", "focus", "This is for course staff"),
        ("ReleaseFeedback", "focus", "This is for course staff"),
    ],
)
def test_what_is_not_offered_is_said_in_a_line(
    service: FakeService, tmp_path: Path, kind: str, assignment: str, words: str
):
    with pytest.raises(ExchangeError, match=words) as refused:
        plug_in(kind, tmp_path, assignment).start()
    assert "\n" not in str(refused.value)
    assert not any(method == "POST" for method, _, _ in service.asked)


@pytest.mark.parametrize("kind", ["Submit", "List", "FetchAssignment", "FetchFeedback"])
def test_a_service_that_is_away_is_said_in_a_line(service: FakeService, tmp_path: Path, kind: str):
    service.down = True
    with pytest.raises(ExchangeError, match="The course does not answer just now; nothing was"):
        plug_in(kind, tmp_path).start()


def test_a_service_is_asked_only_where_a_hub_names_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("USTAZ_SERVICE_URL", raising=False)
    with pytest.raises(UstazError, match="This is not a server of a hub"):
        Service.from_environment("trial")
    monkeypatch.setenv("USTAZ_SERVICE_URL", "http://127.0.0.1:9/services/ustaz/")
    monkeypatch.setenv("JUPYTERHUB_API_TOKEN", "x")
    with pytest.raises(UstazError, match="the course is not named"):
        Service.from_environment("")
    with pytest.raises(UstazError, match="does not answer just now"):
        Service.from_environment("trial").get("me")
    assert courses({"USTAZ_SERVICE_COURSES": "trial pilot trial ../x"}) == ["trial", "pilot"]
