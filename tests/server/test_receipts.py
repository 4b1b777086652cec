"""What a writer is told after submitting: who reads, by when, and where the feedback is."""

from __future__ import annotations

import json

import pytest

from tests.server import helpers
from tests.server.helpers import visit
from tests.server.test_claims import PERSON, part, returned, sent, text
from ustaz import enrolment
from ustaz.base.errors import CourseError
from ustaz.course import Course
from ustaz.course.identity import acting_as
from ustaz.exchange import marks, submit
from ustaz.server.api import answers
from ustaz.server.pages import participant
from ustaz.server.site import Site
from ustaz.server.views.records import record
from ustaz.server.views.serialize import rounds_json


def receipt(site: Site) -> str:
    return text(participant.receipt(visit(site, PERSON, workbook="focus", round="1")))


def setting(course: Course, line: str) -> Course:
    file = course.dir / "ustaz.toml"
    known = file.read_text(encoding="utf-8")
    file.write_text(known.replace("[calendar]\n", f"[calendar]\n{line}\n", 1), encoding="utf-8")
    return Course.open(course.dir)


def test_a_receipt_says_who_reads_and_by_when(site: Site, course: Course):
    sent(course)
    page = receipt(site)
    assert "Your facilitator (Dina F.) and the course staff." in page
    assert "By 30 November 2026 at the latest" in page
    assert "Reviewers" not in page


def test_whoever_reads_today_is_named(site: Site, course: Course):
    sent(course)
    file = course.dir / "people.csv"
    known = file.read_text(encoding="utf-8")
    more = "timur-r,Timur R.,facilitator,g2,,kk,\nrahat-e,Rahat E.,reviewer,,,ru,\n"
    file.write_text(known + more, encoding="utf-8")
    page = receipt(site)
    assert "Timur R." not in page
    assert "Reviewers may read it, without your name." in page
    today = course.today()
    enrolment.substitute(course, "g1", "timur-r", today, today, by="saule-m", how="page")
    assert "Your facilitators (Dina F., Timur R.)" in receipt(site)
    file.write_text(known.replace("facilitator,g1", "facilitator,g9"), encoding="utf-8")
    for one in ("timur-r",):
        assert one not in receipt(site)
    assert "Who reads it The course staff." in receipt(site)


@pytest.mark.parametrize(
    ("line", "said"),
    [("feedback_days = 14", "By 7 December 2026"), ("feedback_days = 0", "when it comes")],
)
def test_a_course_promises_what_its_calendar_says(site: Site, course: Course, line: str, said: str):
    sent(course)
    site.course = setting(course, line)
    assert said in part(receipt(site), "Feedback", "Code")


@pytest.mark.parametrize("line", ["feedback_days = -1", "feedback_days = 400"])
def test_a_promise_that_is_none_is_refused_with_its_field(course: Course, line: str):
    with pytest.raises(CourseError) as refused:
        setting(course, line)
    assert "calendar.feedback_days" in refused.value.message


def test_a_promise_that_was_not_kept_is_not_repeated(
    site: Site, course: Course, monkeypatch: pytest.MonkeyPatch
):
    sent(course)
    monkeypatch.setenv("USTAZ_NOW", "2026-12-01T10:00:00+05:00")
    page = receipt(site)
    assert "It was to come by 30 November 2026" in page
    assert "at the latest" not in page


def test_feedback_that_has_come_is_one_click_away(site: Site, course: Course):
    returned(course)
    page = helpers.html(participant.receipt(visit(site, PERSON, workbook="focus", round="1")))
    address = site.url("workbooks", "focus", "feedback", round="1")
    assert f'href="{address}"' in page
    assert "at the latest" not in receipt(site)
    own = rounds_json(record(site, PERSON, "focus"))
    assert [one["feedback_page"] for one in own] == [address]
    assert "feedback_page" not in rounds_json(record(site, PERSON, "focus", "facilitator"))[0]


def test_the_answer_to_submitting_says_it_too(site: Site, course: Course):
    helpers.put(course, PERSON, "focus", **helpers.FOCUS)
    call = visit(site, PERSON, method="POST", body=json.dumps({}).encode(), workbook="focus")
    told = json.loads(answers.send(call).body)["receipt"]
    assert told["readers"] == "Your facilitator (Dina F.) and the course staff."
    assert told["feedback_by"].startswith("By 30 November 2026")


def test_what_was_not_sent_is_told_to_its_writer_as_theirs(site: Site, course: Course):
    helpers.put(course, PERSON, "focus", why_me="Only for me")
    returned(course)
    page = text(participant.feedback(visit(site, PERSON, workbook="focus")))
    assert "Not sent: it stays in your workbook." in page
    assert "stays with the writer" not in page


def test_comments_are_shown_as_they_were_meant(site: Site, course: Course):
    helpers.put(course, PERSON, "focus", **helpers.FOCUS)
    submit(course, PERSON, "focus", identity=acting_as(course, PERSON))
    cells = [
        {"name": "review", "comment": "A **strong** focus.\n\n- clear\n- <b>yours</b>"},
        {"name": "section-focus", "comment": "[Look](javascript:alert(1)) *here*"},
    ]
    with marks.change(course, PERSON, "focus") as known:
        kept = known["rounds"].setdefault("1", {})
        kept |= {"returned_at": "2026-11-20T10:00:00+05:00", "marks": {"cells": cells}}
    page = helpers.html(participant.feedback(visit(site, PERSON, workbook="focus")))
    for shown in ("<strong>strong</strong>", "<li>clear</li>", "&lt;b&gt;yours", "<em>here</em>"):
        assert shown in page
    assert 'href="javascript' not in page
