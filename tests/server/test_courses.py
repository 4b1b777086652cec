"""Setting up a course, ending it, and making the next one: who may, mistakes, nothing half-made."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.server.helpers import ROSTER, addresses, html, visit
from tests.support.courses import course_at
from ustaz.admin import create
from ustaz.admin.course_settings import set_standing
from ustaz.cli._app import run
from ustaz.course import Course
from ustaz.course.identity import Identity
from ustaz.course.listing import Listing
from ustaz.server.access import IN_CLOSED, refuse_in_closed
from ustaz.server.http import HTTPProblem, Response
from ustaz.server.pages import courses as pages
from ustaz.server.site import Site

EVENT = """\
[[event]]
id = "workshop-1"
kind = "workshop"
title = {en = "First", ru = "Первая", kk = "Бірінші"}
day = 2026-09-15  # a Tuesday
start = "15:00"
"""


class FakeHub:
    """A hub in which one account may make courses."""

    home, sign_out, password = "/services/ustaz/", "/out", "/password"

    def __init__(self, folder: Path, account: str) -> None:
        self.folder, self.account = folder, account

    def lab(self, who: Identity, course: Course) -> str:
        return ""

    def courses_of(self, account: str) -> list[tuple[str, str]]:
        return []

    def courses_folder(self, who: Identity) -> Path | None:
        return self.folder if who.person == self.account else None


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setenv("USTAZ_NOW", "2026-11-23T14:05:00+05:00")
    (tmp_path / "ustaz-hub.toml").write_text('name = "Hub"\n', encoding="utf-8")
    folder = tmp_path / "courses" / "spring"
    roster = ROSTER + "zhanna-s,Zhanna S.,staff,,,en,\n"
    course_at(folder, "spring", "Spring", roster)
    path = folder / "ustaz.toml"
    path.write_text(path.read_text("utf-8") + EVENT, encoding="utf-8")
    hub = FakeHub(folder.parent, "saule-m")
    return Site(Course.open(folder, going_on=True), hub=hub)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def no_notebooks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out nbgrader's side, which tests of `ustaz new` try."""
    monkeypatch.setattr(create, "prepare_grading", lambda course: None)


def post(site: Site, action: str, who: str = "saule-m", **form: str) -> Response:
    handler = {"change": pages.change, "make": pages.make}[action]
    fields = {name: [text] for name, text in form.items()}
    if "languages" in form:
        fields["languages"] = form["languages"].split()
    return handler(visit(site, who, method="POST", fields=fields))


SAVE = {
    "do": "save",
    "name": "Spring, changed",
    "start": "2026-09-01",
    "end": "2027-05-31",
    "languages": "ru kk",
    "in-focus": "assignments",
    "due-focus": "2026-10-20",
    "in-culture": "companions",
}
NEXT = {"from": "copy", "name": "Autumn", "id": "autumn", "start": "2027-09-02", "end": ""}


@pytest.mark.parametrize("who", ["aigul-s", "dina-f", "bakhyt-d", "zhanna-s"])
def test_without_the_right_every_page_is_refused_and_nothing_changes(site: Site, who: str) -> None:
    before = (site.course.dir / "ustaz.toml").read_bytes()
    refused = []
    for action in (pages.settings, pages.new):
        with pytest.raises(HTTPProblem) as problem:
            action(visit(site, who))
        refused.append(problem.value.id)
    for action, form in (
        ("change", SAVE),
        ("change", {"do": "close", "sure": "yes"}),
        ("make", NEXT),
    ):
        with pytest.raises(HTTPProblem) as problem:
            post(site, action, who, **form)
        refused.append(problem.value.id)
    assert set(refused) == {"no_right" if who == "zhanna-s" else "not_yours"}
    assert (site.course.dir / "ustaz.toml").read_bytes() == before
    assert sorted(path.name for path in site.course.dir.parent.iterdir()) == ["spring"]


def test_on_a_computer_of_its_own_course_staff_set_up_their_course_and_make_none(
    site: Site,
) -> None:
    alone = Site(site.course)
    assert "Set up the course" in html(pages.settings(visit(alone, "zhanna-s")))
    with pytest.raises(HTTPProblem) as problem:
        pages.new(visit(alone, "zhanna-s"))
    assert problem.value.status == 404


def test_what_is_set_stands_in_the_file_and_comments_stay(site: Site) -> None:
    reply = post(site, "change", **SAVE)
    assert reply.status == 303
    text = (site.course.dir / "ustaz.toml").read_text("utf-8")
    assert "# a Tuesday" in text
    now = Course.open(site.course.dir).settings
    assert (now.name, now.languages) == ("Spring, changed", ("ru", "kk"))
    assert (now.assignments, now.companions) == (("focus",), ("culture",))
    assert now.due == {"focus": dt.date(2026, 10, 20)}
    assert "Spring, changed" in html(pages.settings(visit(site, "saule-m")))


@pytest.mark.parametrize(
    ("field", "form"),
    [
        ("name", {"name": " "}),
        ("name", {"name": "x" * 121}),
        ("start", {"start": "soon"}),
        ("end", {"end": "2026-08-01"}),
        ("languages", {"languages": "xx"}),
        ("assignments", {"in-focus": ""}),
        ("due-focus", {"due-focus": "2030-01-01"}),
        ("due-focus", {"due-focus": "20.10.2026"}),
    ],
)
def test_a_mistake_is_said_at_its_field_and_changes_nothing(
    site: Site, field: str, form: dict[str, str]
) -> None:
    before = (site.course.dir / "ustaz.toml").read_bytes()
    reply = post(site, "change", **{**SAVE, **form})
    assert reply.status == 422
    assert f'id="{field}-wrong"' in html(reply)
    assert (site.course.dir / "ustaz.toml").read_bytes() == before


def test_closing_and_archiving_are_asked_once_more_and_can_be_taken_back(site: Site) -> None:
    assert "Yes, close it" in html(post(site, "change", do="close"))
    assert site.course.standing == "open"
    for action, standing in (("close", "closed"), ("archive", "archived"), ("open", "open")):
        assert post(site, "change", do=action, sure="yes").status == 303
        assert site.course.standing == standing
    post(site, "change", do="archive", sure="yes")  # only what is closed is archived
    assert site.course.standing == "open"


def test_in_a_closed_course_staff_alone_change_something_and_nobody_is_kept_from_their_own(
    site: Site,
) -> None:
    set_standing(site.course, "closed")
    for who in ("aigul-s", "dina-f", "bakhyt-d"):
        with pytest.raises(HTTPProblem) as problem:
            refuse_in_closed(visit(site, who, method="POST"), "steps")
        assert problem.value.id == "course_closed"
        refuse_in_closed(visit(site, who), "steps")
        for pattern, left in IN_CLOSED.items():
            for do in left or {""}:
                refuse_in_closed(visit(site, who, method="POST", form={"do": do}), pattern)
    refuse_in_closed(visit(site, "saule-m", method="POST"), "staff/dates")


def test_a_copy_right_after_a_change_has_the_days_of_the_change(site: Site) -> None:
    post(site, "change", **{**SAVE, "start": "2026-09-08", "end": "2027-05-25"})
    post(site, "make", **NEXT)
    made = Course.open(site.course.dir.parent / "autumn")
    assert (made.start, made.end) == (dt.date(2027, 9, 2), dt.date(2028, 5, 16))


def test_a_copy_has_its_days_moved_by_whole_weeks_and_nobodys_answers(site: Site) -> None:
    set_standing(site.course, "closed")
    reply = post(site, "make", along="yes", **NEXT)
    assert reply.headers["Location"] == "/services/ustaz/autumn/staff/course"
    made = Course.open(site.course.dir.parent / "autumn")
    assert (made.id, made.name, made.standing) == ("autumn", "Autumn", "open")
    assert (made.start, made.end) == (dt.date(2027, 9, 2), dt.date(2028, 5, 29))
    assert made.settings.due["focus"] == dt.date(2027, 10, 14)
    [event] = made.events
    assert (event.slot.day, event.slot.day.weekday()) == (dt.date(2027, 9, 14), 1)
    assert event.title("kk") == "Бірінші"
    assert {person.person: person.roles for person in made.people.values()} == {
        "dina-f": ("facilitator",),
        "saule-m": ("staff",),
        "zhanna-s": ("staff",),
    }
    assert made.people["dina-f"].groups == ("g1",)
    assert not any((made.dir / "people").iterdir())


def test_a_year_from_the_template_has_its_maker_alone(site: Site) -> None:
    form = {**NEXT, "from": "year", "end": "2028-05-31"}
    assert post(site, "make", **form).status == 303
    made = Course.open(site.course.dir.parent / "autumn")
    assert (made.assignments, made.events) == (create.HANDED_IN, ())
    assert list(made.people) == ["saule-m"]


@pytest.mark.parametrize(
    ("field", "form"),
    [
        ("name", {"name": ""}),
        ("id", {"id": "No Good"}),
        ("id", {"id": "../x"}),
        ("id", {"id": "spring"}),
        ("from", {"from": "nowhere"}),
        ("start", {"start": "2027-13-01"}),
        ("end", {"from": "year", "end": "2027-01-01"}),
    ],
)
def test_a_course_that_cannot_be_made_is_said_at_its_field(
    site: Site, field: str, form: dict[str, str]
) -> None:
    reply = post(site, "make", **{**NEXT, **form})
    assert reply.status == 422
    assert f'id="{field}-wrong"' in html(reply)
    assert sorted(path.name for path in site.course.dir.parent.iterdir()) == ["spring"]


def test_one_that_is_stopped_while_it_is_made_is_no_course_and_the_next_clears_it_away(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(course: Course) -> None:
        raise Killed

    folder = site.course.dir.parent
    with monkeypatch.context() as stopped:
        stopped.setattr(create, "prepare_grading", die)
        stopped.setattr(create.shutil, "rmtree", lambda *_, **__: None)  # as after a kill
        with pytest.raises(Killed):
            post(site, "make", **NEXT)
    assert [path for path in folder.iterdir() if path.name.startswith(create.BEING_MADE)]
    assert list(Listing(folder.parent, keeping=False).look()) == ["spring"]
    assert post(site, "make", **NEXT).status == 303
    assert not [path for path in folder.iterdir() if path.name.startswith(create.BEING_MADE)]
    assert list(Listing(folder.parent, keeping=False).look()) == ["autumn", "spring"]


def test_the_commands_do_the_same(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    source, to = str(site.course.dir), str(site.course.dir.parent / "autumn")
    asked = ["--id", "autumn", "--start", "2027-09-02", "--along"]
    assert run(["course", "copy", source, to, *asked]) == 0
    assert list(Course.open(to).people) == ["dina-f", "saule-m", "zhanna-s"]
    assert run(["course", "copy", source, to, *asked]) == 12
    for action, standing in (("close", "closed"), ("archive", "archived"), ("reopen", "open")):
        assert run(["course", action, source]) == 0
        assert site.course.standing == standing


def test_an_operator_gives_the_right_by_a_command_and_takes_it_back(tmp_path: Path) -> None:
    from ustaz.hub.accounts import HubPort
    from ustaz.hub.server import create as create_hub

    hub = create_hub(tmp_path / "hub")
    course_at(hub.dir / "courses" / "c", "c", "C", ROSTER)
    port = HubPort(hub, "", "")
    who = Identity("saule-m", frozenset({"staff"}), account="saule-m")
    assert port.courses_folder(who) is None
    assert run(["hub", "allow", str(hub.dir), "nobody-x"]) == 13
    assert run(["hub", "allow", str(hub.dir), "Saule-M"]) == 0
    assert port.courses_folder(who) == hub.dir / "courses"
    assert run(["hub", "allow", str(hub.dir), "saule-m", "--take-back"]) == 0
    assert port.courses_folder(who) is None


def test_the_form_proposes_the_year_after_this_course(site: Site) -> None:
    page = html(pages.new(visit(site, "saule-m")))
    assert 'value="2027-08-31"' in page  # a Tuesday, as 2026-09-01
    assert 'value="2028-05-29"' in page


def test_home_leads_there_who_may(site: Site) -> None:
    from ustaz.server.pages import participant

    def leads(who: str) -> bool:
        return f"{site.base}staff/course" in addresses(html(participant.home(visit(site, who))))

    assert leads("saule-m")
    assert not leads("zhanna-s")
