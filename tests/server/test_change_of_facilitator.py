"""In mid-year a group gets another facilitator: what goes on with the group, what stays of two."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.server import helpers
from tests.server.helpers import html, visit
from ustaz.course import Course
from ustaz.enrolment import move
from ustaz.server.api import answers
from ustaz.server.http import HTTPProblem
from ustaz.server.pages import group, messages, participant, remarks, sessions, staff, tutorials
from ustaz.server.site import Site
from ustaz.server.views.records import record
from ustaz.sessions import store
from ustaz.sessions.plan import Plan
from ustaz.threads import Threads

OLGA, FORMER, NEW = "olga-p", "dina-f", "natalya-v"
TO_TWO = "canary-of-two: I would rather say this to you alone"
TO_GROUP = "canary-of-group: we meet in the library on Thursday"
BESIDE = "canary-beside: which class is this about?"
CONCERN = "canary-concern: the second module is too long for us"
TYPED = "canary-typed: pupils talk in pairs"


@pytest.fixture
def course(tmp_path: Path, _fixed_now: None) -> Course:
    """A group with Dina, half a year of it written, and Natalya in another group."""
    made = helpers.make_course(tmp_path / "course")
    roster = made.dir / "people.csv"
    roster.write_text(f"{helpers.ROSTER}{NEW},Natalya V.,facilitator,g2,,ru,\n", encoding="utf-8")
    helpers.put(made, OLGA, "focus", concern_raw="They stay silent")
    return made


def sent(reply: Any) -> str:
    """Return the id of the thread or plan to which a form has led."""
    assert reply.status == 303, html(reply)
    return re.findall(r"[0-9a-f]{12}", reply.headers["Location"])[0]


def say(site: Site, who: str, to: str, text: str) -> str:
    say.count = getattr(say, "count", 0) + 1  # type: ignore[attr-defined]
    form = {"do": "say", "to": to, "text": text, "batch": f"{say.count:012x}"}  # type: ignore[attr-defined]
    return sent(messages.begin(visit(site, who, "messages/new", method="POST", form=form)))


@pytest.fixture
def year(site: Site) -> dict[str, str]:
    """What the group and Dina have written until the change, which is made then: its ids."""
    ids = {
        "two": say(site, OLGA, f"person:{FORMER}", TO_TWO),
        "group": say(site, FORMER, "group:g1", TO_GROUP),
        "concern": say(site, FORMER, "concern", CONCERN),
    }
    place = f"remark:{OLGA}/focus/concern_raw"
    form = {"do": "say", "to": place, "sort": "question", "text": BESIDE, "batch": "e" * 12}
    request = visit(site, FORMER, method="POST", form=form, person=OLGA, workbook="focus")
    ids["remark"] = re.findall(r"#r-([0-9a-f]{12})", remarks.write(request).headers["Location"])[0]
    form = {"person": OLGA}
    begun = tutorials.begin(visit(site, FORMER, "tutorials", method="POST", form=form))
    ids["tutorial"] = begun.headers["Location"].split("/")[-2]
    ids["plan"] = store.create(site.course, "g1", Plan("Meeting three"), by=FORMER)
    log = {"revision": ["1"], "present": [OLGA], "worked": ["canary-log"], "energy": ["4"]}
    request = visit(site, FORMER, method="POST", fields=log, plan=ids["plan"])
    assert sessions.save_log(request).status == 303
    change = {"op": "set", "path": ["focus_statement"], "value": TYPED}
    body = {"batch": "b1", "client": "page", "base_revision": 1, "lang": "en", "changes": [change]}
    query = {"person": OLGA, "by": FORMER}
    data = json.dumps(body).encode()
    answers.save(visit(site, FORMER, method="PATCH", query=query, body=data, workbook="focus"))
    move(site.course, FORMER, "g2", by="saule-m")
    move(site.course, NEW, "g1", by="saule-m")
    return ids


def opened(site: Site, who: str, thread: str) -> str:
    return html(messages.thread(visit(site, who, "messages", thread=thread)))


def readers(site: Site, year: dict[str, str]) -> dict[str, Callable[[str], str]]:
    """Return how each thing that belongs to the group is opened by somebody."""
    of_olga = {"person": OLGA}
    return {
        TO_GROUP: lambda who: opened(site, who, year["group"]),
        BESIDE: lambda who: html(
            staff.reading(visit(site, who, query={"remarks": "1"}, **of_olga, workbook="focus"))
        ),
        TYPED: lambda who: html(staff.enter(visit(site, who, **of_olga, workbook="focus"))),
        "Meeting three": lambda who: html(sessions.plan(visit(site, who, plan=year["plan"]))),
        "canary-log": lambda who: html(sessions.log(visit(site, who, plan=year["plan"]))),
        "Olga": lambda who: html(
            tutorials.note(visit(site, who, **of_olga, tutorial=year["tutorial"]))
        ),
    }


def test_the_new_facilitator_opens_all_that_is_the_groups_and_the_former_nothing_of_it(
    site: Site, year: dict[str, str]
):
    for words, read in readers(site, year).items():
        assert words in read(NEW), words
        with pytest.raises(HTTPProblem) as refused:
            read(FORMER)
        assert refused.value.id == "not_yours", words
    assert year["plan"] in html(sessions.meetings(visit(site, NEW, "sessions")))
    assert year["plan"] not in html(sessions.meetings(visit(site, FORMER, "sessions")))


def test_what_two_said_to_each_other_stays_with_these_two(site: Site, year: dict[str, str]):
    for thread in (year["two"], year["concern"]):
        with pytest.raises(HTTPProblem) as refused:
            opened(site, NEW, thread)
        assert refused.value.id == "not_yours"
    for page in (
        html(messages.listing(visit(site, NEW, "messages"))),
        html(participant.home(visit(site, NEW))),
        html(group.group(visit(site, NEW, "group"))),
    ):
        assert "canary-of-two" not in page
        assert "canary-concern" not in page
        assert year["two"] not in page
    for who in (OLGA, FORMER):
        page = opened(site, who, year["two"])
        assert TO_TWO in page
        assert 'name="text"' not in page, "the two are no member and facilitator any more"
        form = {"do": "say", "text": "One more word between us", "batch": "f" * 12}
        request = visit(site, who, method="POST", form=form, thread=year["two"])
        assert messages.act(request).status == 422
        assert year["two"] in html(messages.listing(visit(site, who, "messages")))
    thread = Threads(site.course.dir).get(year["two"])
    assert thread is not None
    assert len(thread.messages) == 1


def test_member_and_new_facilitator_begin_a_conversation_of_their_own(
    site: Site, year: dict[str, str]
):
    fresh = say(site, OLGA, f"person:{NEW}", "Good day, may I tell you where I am?")
    assert fresh != year["two"]
    assert "where I am" in opened(site, NEW, fresh)
    assert say(site, NEW, f"person:{OLGA}", "Please do, I have time on Friday") == fresh
    with pytest.raises(HTTPProblem):
        opened(site, FORMER, fresh)


def test_the_new_facilitator_goes_on_where_the_former_stopped(site: Site, year: dict[str, str]):
    for thread in (year["group"], year["remark"]):
        form = {"do": "say", "text": "I go on from here, good day", "batch": f"a{thread[1:]}"}
        request = visit(site, NEW, method="POST", form=form, thread=thread)
        assert messages.act(request).status == 303
    assert say(site, NEW, "group:g1", "One thread for the group") == year["group"]
    assert "I go on from here" in opened(site, OLGA, year["group"])
    log = {"revision": ["2"], "present": [OLGA], "worked": ["Gone on"], "energy": ["4"]}
    request = visit(site, NEW, method="POST", fields=log, plan=year["plan"])
    assert sessions.save_log(request).status == 303
    kept = store.read(site.course, year["plan"])
    assert kept is not None
    assert kept.plan.log is not None
    assert kept.plan.log.worked == "Gone on"


def test_what_the_former_typed_in_stays_under_that_name_until_its_owner_has_read_it(
    site: Site, year: dict[str, str]
):
    (mark,) = record(site, OLGA, "focus").entered()
    assert (mark.by, mark.open) == (FORMER, True)
    page = html(participant.workbook(visit(site, OLGA, workbook="focus")))
    assert "Dina F." in page.partition('id="uz-to-read"')[2].partition("</section>")[0]
    rows = json.loads(answers.history(visit(site, OLGA, workbook="focus")).body)["history"]
    assert rows[0]["who_name"] == "Dina F."


def test_if_the_former_facilitator_comes_back_the_conversation_goes_on(
    site: Site, year: dict[str, str]
):
    move(site.course, FORMER, "g1", by="saule-m")
    assert say(site, OLGA, f"person:{FORMER}", "Good that you are back with us") == year["two"]
    assert "canary-of-two" in opened(site, FORMER, year["two"])
