"""A course that has ended: nothing new is submitted on any way, and nobody but staff changes it."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from contextlib import redirect_stderr
from pathlib import Path
from typing import Any, ClassVar, Final

import pytest
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange import ExchangeError
from traitlets.config import Config

from tests.exchange.test_remote import FakeService, plug_in
from tests.server import helpers
from tests.server.helpers import html, visit
from ustaz import surveys
from ustaz.admin.course_settings import set_standing
from ustaz.base.errors import UstazError
from ustaz.cli._app import run
from ustaz.course import Course
from ustaz.course.identity import acting_as
from ustaz.exchange import remote, rounds, submit
from ustaz.exchange.plugins import WorkbookSubmit
from ustaz.messages import translator
from ustaz.schools import asks
from ustaz.server import problem_texts
from ustaz.server.api import answers
from ustaz.server.host.tornado import _run
from ustaz.server.http import HTTPProblem, Request, Response
from ustaz.server.pages import answering, messages, participant, staff, submitting
from ustaz.server.routes import ROUTES, Route
from ustaz.server.site import Site
from ustaz.sessions import store
from ustaz.sessions.plan import FollowUp, Log, Plan

OLGA, AIGUL, STAFF = "olga-p", "aigul-s", "saule-m"
NO_MORE: Final = "This course has ended, so nothing can be submitted any more."


@pytest.fixture
def course(tmp_path: Path, _fixed_now: None) -> Course:
    """A course that ended after Olga had submitted once and written on."""
    made = helpers.make_course(tmp_path / "course")
    for person in (OLGA, AIGUL):
        helpers.put(made, person, "focus", **helpers.FOCUS)
        submit(made, person, "focus", identity=acting_as(made, person))
        helpers.put(made, person, "focus", link_note="Written after the round")
    set_standing(made, "closed")
    return Course.open(made.dir, going_on=True)  # as whoever serves it has it


def tree(course: Course) -> dict[Path, bytes]:
    """Return every file of a course but locks and what the service keeps for itself."""
    return {
        path: path.read_bytes()
        for path in course.dir.rglob("*")
        if path.is_file() and path.suffix != ".lock" and "state" not in path.parts
    }


def said(course: Course, person: str, message: str = NO_MORE) -> str:
    """Return a sentence in the language of a person."""
    return translator(course.person(person).lang).gettext(message)


# -- submissions: every way -----------------------------------------------------------------------
def by_page(site: Site, person: str) -> str:
    form = {"revision": "2", "all": "yes"}
    lang = site.course.person(person).lang
    request = visit(site, person, method="POST", form=form, workbook="focus", lang=lang)
    return refusal(submitting.send, request)


def by_call(site: Site, person: str) -> str:
    lang = site.course.person(person).lang
    body = json.dumps({"confirm": True}).encode()
    request = visit(site, person, method="POST", body=body, workbook="focus", lang=lang)
    return refusal(answers.send, request)


def refusal(action: Callable[[Request], Response], request: Request) -> str:
    """Return what a reader is told, as the host says it; what the route asks first is left out."""
    with pytest.raises(UstazError) as caught:
        action(request)
    return problem_texts.texts(request.words, problem_texts.from_error(caught.value))[0]


def from_the_shell(site: Site, person: str) -> str:
    arguments = ["--lang", site.course.person(person).lang, "submit", str(site.course.dir)]
    error = io.StringIO()
    with redirect_stderr(error):
        assert run([*arguments, "--workbook", "focus", "--person", person, "--confirm"]) == 12
    return error.getvalue()


def by_nbgrader(site: Site, person: str, assignment: str = "focus") -> str:
    config = Config()
    config.CourseDirectory.root = str(site.course.dir)
    config.CourseDirectory.assignment_id = assignment
    config.CourseDirectory.student_id = person
    button = WorkbookSubmit(coursedir=CourseDirectory(config=config), config=config)
    with redirect_stderr(io.StringIO()), pytest.raises(ExchangeError) as caught:
        button.start()
    return str(caught.value)


def an_ordinary_assignment_by_nbgrader(site: Site, person: str) -> str:
    return by_nbgrader(site, person, "ps1")


class Service(FakeService):
    """The service's answer to a server that the hub has spawned for somebody."""

    site: ClassVar[Site]
    person: ClassVar[str]

    def post(self, path: str, body: object) -> Any:
        assert path == "workbooks/focus/submit"
        lang = self.site.course.person(self.person).lang
        data = json.dumps(body).encode()
        request = visit(
            self.site, self.person, method="POST", body=data, workbook="focus", lang=lang
        )
        with pytest.raises(HTTPProblem) as caught:
            _run(answers.send, request, "workbooks/(?P<workbook>x)/submit")
        problem = problem_texts.as_json(request.words, caught.value)
        raise UstazError(problem["error"], problem["message"], problem["hint"])


def by_lab_of_a_hub(site: Site, person: str) -> str:
    Service.site, Service.person = site, person
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(remote.Remote, "service", lambda self, course: Service())
        patch.setenv("USTAZ_SERVICE_COURSES", "trial")
        button = plug_in("Submit", site.course.dir.parent / "home")
        with redirect_stderr(io.StringIO()), pytest.raises(ExchangeError) as caught:
            button.start()
    return str(caught.value)


WAYS: Final = (
    by_page,
    by_call,
    from_the_shell,
    by_nbgrader,
    an_ordinary_assignment_by_nbgrader,
    by_lab_of_a_hub,
)


@pytest.mark.parametrize(
    ("way", "standing"), list(zip(WAYS, ("closed", "archived") * 3, strict=True))
)
def test_nothing_new_is_submitted_and_it_is_said_in_the_persons_language(
    site: Site, way: Callable[[Site, str], str], standing: str
):
    set_standing(site.course, standing)
    for person in (OLGA, AIGUL):
        before = tree(site.course)
        reply = way(site, person)
        generally = problem_texts.REFUSALS["course_closed"][0]
        assert said(site.course, person) in reply or said(site.course, person, generally) in reply
        assert tree(site.course) == before
        assert len(list(rounds(site.course, person, "focus"))) == 1
    set_standing(site.course, "open")
    submit(site.course, OLGA, "focus", identity=acting_as(site.course, OLGA), confirm=True)
    assert len(list(rounds(site.course, OLGA, "focus"))) == 2


def test_course_staff_submit_nothing_for_anybody_either(course: Course):
    for person in (OLGA, STAFF):
        with pytest.raises(UstazError) as caught:
            submit(course, person, "focus", identity=acting_as(course, STAFF), confirm=True)
        assert caught.value.id == "course_closed"


# -- everything else that is written --------------------------------------------------------------
#: What is left to everybody, and what may be asked there; the rest of what is written is refused.
LEFT: Final[dict[str, dict[str, bool]]] = {
    "lang": {"": True},
    "act-as": {"": True},
    "mine": {"": True},
    "sign-in": {"": True},
    "shares": {"end": True, "research": False, "": False},
    "school/outcomes": {"hide": True, "refuse": True, "write": False, "show": False, "": False},
    "stories": {"take_back": True, "agree": False, "": False},
    "calendar": {"close": True, "open": False, "": False},
}
WRITES: Final = [
    (route, method)
    for route in ROUTES
    for method in route.actions
    if method != "GET" and not route.open
]


@pytest.mark.parametrize("who", [OLGA, "dina-f", "bakhyt-d"])
def test_whoever_is_not_staff_comes_to_no_action_that_writes(site: Site, who: str):
    assert set(LEFT) <= {route.pattern for route, _ in WRITES}
    for route, method in WRITES:
        for do, left in LEFT.get(route.pattern, {"": route.pattern.endswith("/lang")}).items():
            came = came_to_the_action(route, visit(site, who, method=method, form={"do": do}))
            assert came == ("" if left else "course_closed"), (method, route.pattern, do)
        # The course staff finish their work.
        assert came_to_the_action(route, visit(site, STAFF, method=method)) == ""


def came_to_the_action(route: Route, request: Request) -> str:
    """Return the refusal of the host before any action; empty where a request came through."""
    came: list[Request] = []

    def action(request: Request) -> Response:
        came.append(request)
        return Response(204, b"", "text/plain", {}, "")

    try:
        _run(action, request, route.pattern)
    except HTTPProblem as problem:
        assert not came
        return problem.id
    return ""


def test_what_is_written_without_a_sign_in_is_a_slip_alone_and_that_is_refused(site: Site):
    without = {
        route.pattern.partition("/")[0]
        for route in ROUTES
        for method in route.actions
        if method != "GET" and route.open
    }
    assert without == {"shared", "survey"}  # the first is reading: an address that is opened
    set_standing(site.course, "open")
    _, codes = surveys.open_round(site.course, "school", "s1", 5)
    set_standing(site.course, "closed")
    before = tree(site.course)
    ticks = {f"s{at}": "4" for at in range(21)}
    for who in (None, STAFF):
        request = visit(site, who, method="POST", form=ticks, code=codes[0])
        reply = _run(answering.send, request, "survey/(?P<code>[^/]{1,100})")
        assert reply.status == 422
        assert "no answers are taken any more" in html(reply)
    assert tree(site.course) == before
    set_standing(site.course, "open")
    assert answering.send(visit(site, None, method="POST", form=ticks, code=codes[0])).status == 200


def test_pages_are_read_and_offer_no_typing(site: Site):
    page = html(participant.workbook(visit(site, OLGA, workbook="focus")))
    assert "This course has ended, so nothing can be changed here." in page
    assert helpers.FOCUS["focus_statement"] in page
    assert 'id="uz-form"' not in page
    data = json.loads(answers.workbook(visit(site, OLGA, workbook="focus")).body)
    assert data["mode"] == "read"
    about = {"person": OLGA, "workbook": "focus"}
    request = visit(site, "dina-f")
    request.params |= about
    assert staff.enter(request).status == 303
    page = html(staff.reading(request))
    assert "/enter" not in page
    set_standing(site.course, "open")
    assert 'id="uz-form"' in html(participant.workbook(visit(site, OLGA, workbook="focus")))


# -- home -----------------------------------------------------------------------------------------
FORM: Final = re.compile(r'<form method="post" action="([^"]*)".*?</form>', re.DOTALL)


def refused_from_home(site: Site, who: str) -> set[str]:
    """Return which forms of somebody's home would be refused in a closed course, by address."""
    page = html(participant.home(visit(site, who)))
    found = set()
    for form in FORM.finditer(page):
        path = form[1].removeprefix(site.base)
        [route, *_] = [
            route for route in ROUTES if re.fullmatch(route.pattern, path) and not route.api
        ]
        known = re.search(r'name="do" value="([a-z_]*)', form[0])
        do = known[1] if known else ""
        if came_to_the_action(route, visit(site, who, method="POST", form={"do": do})):
            found.add(path.partition("/")[0])
    return found


def test_home_has_no_form_that_would_be_refused(course: Course, tmp_path: Path):
    set_standing(course, "open")
    settings = course.dir / "ustaz.toml"
    settings.write_text(settings.read_text("utf-8") + 'companions = ["participation"]\n', "utf-8")
    course = Course.open(course.dir, going_on=True)
    site = Site(course, book_dir=tmp_path / "site")
    row = {"op": "add_row", "path": ["steps", "r1abcd"], "after": None}
    row |= {"value": {"action": "Ask a colleague", "due": "2026-11-20"}}
    helpers.write(course, AIGUL, "action-plan", [row])
    line = FollowUp(AIGUL, "brings the cards")
    meeting = Plan("A meeting", log=Log(members=(AIGUL,), follow_ups=(line,)))
    store.create(course, "g1", meeting, by="dina-f")
    asks.ask(course, AIGUL, "time", "One hour on Fridays")
    send = {
        "do": "say",
        "to": "all",
        "text": "We meet on Friday",
        "title": "Friday",
        "batch": "0" * 12,
    }
    send |= {"until": "2026-11-25"}
    messages.begin(visit(site, STAFF, "messages/new", method="POST", form=send))
    offered = {
        AIGUL: {"messages", "steps", "agreed", "workbooks"},
        "dina-f": {"messages", "sessions", "tutorials"},
        "bakhyt-d": {"messages", "school"},
    }
    for who, forms in offered.items():
        page = html(participant.home(visit(site, who)))
        addresses = [form[1].removeprefix(site.base) for form in FORM.finditer(page)]
        assert {address.partition("/")[0] for address in addresses} >= forms
    set_standing(course, "closed")
    for who in offered:
        assert refused_from_home(site, who) == set()
        page = html(participant.home(visit(site, who)))
        assert "This course has ended. Everything stays readable" in page
        assert "We meet on Friday" in page
    assert "brings the cards" in html(participant.home(visit(site, "dina-f")))
    assert "One hour on Fridays" in html(participant.home(visit(site, "bakhyt-d")))
    page = html(participant.home(visit(site, AIGUL)))
    assert "brings the cards" in page
    assert site.url("mine") in page
