"""Staff collect, grade and release on their home page; the teacher reads the feedback."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from nbgrader.api import Gradebook

from tests.server import helpers
from tests.server.contract import check
from ustaz.admin.create import Plan, create_course
from ustaz.course import Course
from ustaz.course.identity import acting_as
from ustaz.course.nbgrader_config import db_url, nbgrader_config
from ustaz.exchange import rounds, submit
from ustaz.server.views.staff_overview import to_do

API = "ustaz/api/v1/"
MARKUP = "<img src=x onerror=alert(1)> “kind” & clear"


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[helpers.Server]:
    """A course with an nbgrader side, in which two teachers have submitted their focus."""
    import datetime as dt

    home = tmp_path_factory.mktemp("staff")
    (home / "roster").mkdir()
    (home / "roster" / "people.csv").write_text(helpers.ROSTER, encoding="utf-8")
    from ustaz.roster.people import read_roster

    people = tuple(read_roster(home / "roster" / "people.csv"))
    course = create_course(
        home / "course",
        Plan(
            id="server-trial",
            name="Teacher leadership",
            start=dt.date(2026, 9, 1),
            end=dt.date(2027, 5, 31),
            due={"focus": dt.date(2026, 10, 15)},
            people=people,
            demo=True,
        ),
    )
    for person in ("aigul-s", "olga-p"):
        helpers.put(course, person, "focus", **helpers.FOCUS)
        submit(course, person, "focus", identity=acting_as(course, person))
    with helpers.Server(course, home) as running:
        yield running


def mark(course: Course, person: str, comment: str) -> None:
    """Give points and a comment, as somebody does in formgrader."""
    with Gradebook(db_url(course, nbgrader_config(course)), course.id) as book:
        grade = book.find_grade("review", "focus", "focus", person)
        grade.manual_score = 7
        grade.needs_manual_grade = False
        book.find_comment("review", "focus", "focus", person).manual_comment = comment
        book.db.commit()


def run(one: helpers.Browser, action: str) -> dict[str, int]:
    """Press a button of the home page and wait for the summary."""
    reply = one.form(f"ustaz/staff/{action}", workbook="focus")
    assert (reply.status_code, reply.headers["Location"]) == (303, "/ustaz/#run")
    while True:
        job = check(one.get(f"{API}staff/run")).json()["run"]
        if job["finished"]:
            assert job["error"] is None
            return job["result"]["counts"]


def test_collect_grade_mark_release_and_read(live: helpers.Server):
    staff, owner = live.browser("saule-m", "en"), live.browser("aigul-s", "en")
    course = live.course
    assert "No job was started from this page" in staff.get("ustaz/").text
    assert run(staff, "collect")["taken"] == 2
    assert run(staff, "collect") == {"taken": 0, "unchanged": 2, "refused": 0}
    assert run(staff, "grade")["graded"] == 2
    listed = check(staff.get(f"{API}staff/overview")).json()["workbooks"][0]
    assert listed["to_mark"] == 2
    assert run(staff, "feedback")["waiting"] == 2
    assert owner.get("ustaz/workbooks/focus/feedback").status_code == 404

    mark(course, "aigul-s", MARKUP)
    listed = check(staff.get(f"{API}staff/overview")).json()["workbooks"][0]
    assert (listed["to_mark"], listed["marked"]) == (1, 1)
    assert "Waiting for marks: 1" in re.sub(r"\s+", " ", _after(staff))

    assert "(0 opened)" in staff.get("ustaz/").text

    home = owner.get("ustaz/").text
    assert "Feedback has come on" in home
    assert '<span class="uzs-new">New</span>' in home
    page = owner.get("ustaz/workbooks/focus/feedback").text
    assert "&lt;img src=x onerror=alert(1)&gt; “kind” &amp; clear" in page
    assert "<img" not in page
    assert helpers.FOCUS["focus_statement"] in page
    assert not re.search(r"\b7(\.0)?\b\s*(/|points)", page)
    assert '<span class="uzs-new">' not in owner.get("ustaz/").text
    assert "(1 opened)" in staff.get("ustaz/").text  # how many, and nobody's name
    told = check(owner.get(f"{API}workbooks/focus/feedback")).json()
    assert told["comment"] == MARKUP
    assert check(owner.get(f"{API}workbooks/focus")).json()["status"] == "returned"
    assert owner.get("ustaz/workbooks/focus/feedback?round=1").status_code == 200
    assert owner.get("ustaz/workbooks/focus/feedback?round=2").status_code == 404

    other = live.browser("nurgul-a")
    assert other.get("ustaz/workbooks/focus/feedback").status_code == 404
    assert other.get(f"{API}workbooks/focus/feedback?person=aigul-s").status_code == 403


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({"to_collect": 0, "collected": 0, "marked": 0}, []),
        ({"to_collect": 2, "collected": 0, "marked": 1}, ["collect", "feedback"]),
        ({"to_collect": 0, "collected": 3, "marked": 0}, ["grade"]),
    ],
)
def test_a_button_stands_out_while_it_has_something_to_do(
    counts: dict[str, int], expected: list[str]
):
    assert to_do(counts) == expected


def _after(staff: helpers.Browser) -> str:
    run(staff, "feedback")
    return staff.get("ustaz/").text


def test_a_refused_submission_is_listed_with_its_reason_and_the_rest_is_taken(
    live: helpers.Server,
):
    course, staff = live.course, live.browser("saule-m", "en")
    for person in ("nurgul-a", "yerlan-b"):
        helpers.put(course, person, "focus", **helpers.FOCUS)
        submit(course, person, "focus", identity=acting_as(course, person))
    inbound = course.exchange_dir / "inbound" / "nurgul-a" / "focus" / "0001" / "answers.json"
    inbound.write_bytes(inbound.read_bytes().replace(b"Pupils", b"Others"))
    counts = run(staff, "collect")
    assert (counts["taken"], counts["refused"]) == (1, 1)
    page = staff.get("ustaz/").text
    assert "Nurgul A." in page
    assert "It is not what was sent." in page
    assert len(rounds(course, "yerlan-b", "focus")) == 1


def test_nobodys_words_stand_in_the_log(live: helpers.Server):
    log = live.log.read_text()
    assert "collect focus started by saule-m" in log
    for words in ("Pupils", "pair talk", "onerror", "Aigul", "Әйгүл", helpers.TOKEN):
        assert words not in log
