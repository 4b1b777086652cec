"""What the pages say of somebody's state is true in every state: states by sentences."""

from __future__ import annotations

import html as markup
import re
from collections.abc import Callable

import pytest

from tests.server import helpers
from tests.server.helpers import visit
from ustaz import enrolment
from ustaz.base.ledger import Ledger
from ustaz.course import Course
from ustaz.course.identity import acting_as
from ustaz.exchange import marks, submit
from ustaz.server.pages import participant, staff
from ustaz.server.site import Site

PERSON = "aigul-s"
STEP = {"id": "stp001", "action": "Ask two colleagues", "due": "2026-10-20", "status": "doing"}


def text(reply: object) -> str:
    """Return what a person reads of a page, blanks joined."""
    page = helpers.html(reply)  # type: ignore[arg-type]
    page = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    page = re.sub(r"</?(bdi|a|strong)\b[^>]*>", "", page)
    return " ".join(markup.unescape(re.sub(r"<[^>]*>", " ", page)).split())


def part(page: str, begin: str, end: str) -> str:
    """Return what stands between two sentences."""
    assert begin in page, begin
    return page.partition(begin)[2].partition(end)[0]


# -- states -----------------------------------------------------------------------------------
def focus(course: Course) -> None:
    helpers.put(course, PERSON, "focus", **helpers.FOCUS)


def ready(course: Course) -> None:
    focus(course)
    helpers.write(course, PERSON, "focus", [{"op": "status", "value": "ready"}])


def send(course: Course, workbook: str = "focus") -> None:
    submit(course, PERSON, workbook, identity=acting_as(course, PERSON), confirm=True)


def sent(course: Course) -> None:
    focus(course)
    send(course)


def both(course: Course) -> None:
    sent(course)
    helpers.put(course, PERSON, "action-plan", title="Weekly pair talk")
    send(course, "action-plan")


def late(course: Course) -> None:
    sent(course)
    helpers.put(course, PERSON, "action-plan", title="Weekly pair talk")
    steps = [{"op": "add_row", "path": ["steps", "stp001"], "after": None,
              "value": {key: one for key, one in STEP.items() if key != "id"}}]  # fmt: skip
    helpers.write(course, PERSON, "action-plan", steps)
    send(course, "action-plan")


def late_and_done(course: Course) -> None:
    late(course)
    done = [{"op": "set", "path": ["steps", "stp001", "status"], "value": "done"}]
    helpers.write(course, PERSON, "action-plan", done)
    send(course, "action-plan")


def changed(course: Course) -> None:
    both(course)
    helpers.put(course, PERSON, "focus", focus_statement="Something else now, after thinking")


def changed_and_ready(course: Course) -> None:
    changed(course)
    helpers.write(course, PERSON, "focus", [{"op": "status", "value": "ready"}])


def private_only(course: Course) -> None:
    helpers.put(course, PERSON, "focus", why_me="Nobody else reads this")
    both(course)
    helpers.put(course, PERSON, "focus", why_me="Nor this")


def leave(course: Course) -> None:
    late(course)
    enrolment.set_status(course, PERSON, "leave", by="saule-m")


def people_only(course: Course) -> None:
    changes = [{"op": "add_row", "path": ["people", "prs001"], "after": None,
                "value": {"alias": "A.N."}}]  # fmt: skip
    helpers.write(course, PERSON, "people-map", changes)


def returned(course: Course) -> None:
    both(course)
    for workbook in ("focus", "action-plan"):
        with marks.change(course, PERSON, workbook) as known:
            kept = known["rounds"].setdefault("1", {})
            kept |= {"returned_at": "2026-11-20T10:00:00+05:00", "marks": {"cells": []}}


def nothing(course: Course) -> None:
    """Nobody has written anything."""


WAIT = "Nothing to do right now"
REST = "You have done everything"
HOME = {
    nothing: (["Begin with “Values and concern”", "Not started yet"], [WAIT, "answered"]),
    focus: (["Go on with “Values and concern”", "In work"], [WAIT, REST]),
    ready: (["is ready. You can submit it now", "Ready to submit"], [WAIT, REST]),
    sent: (["Begin with “Action plan”"], [WAIT, REST, "Changed since"]),
    both: ([WAIT], [REST, "Is it done", "Changed since"]),
    late: (
        ["My steps", "Is it done, or does it need a new day?"],
        [WAIT, REST],
    ),
    late_and_done: ([WAIT], ["past its date", "My steps"]),
    changed: (["Changed since you submitted it", WAIT], ["submit again", REST]),
    changed_and_ready: (["and is marked as ready", "submit again"], [WAIT, REST]),
    private_only: ([WAIT], ["has changed", "Changed since"]),
    leave: (["Nothing is due for you", WAIT], ["Is it done", "Due on"]),
    returned: (["Feedback has come on"], [WAIT, REST, "Nothing yet"]),
}


@pytest.mark.parametrize("state", HOME, ids=lambda state: state.__name__)
def test_a_teachers_home_says_what_is_so(
    site: Site, course: Course, state: Callable[[Course], None]
):
    state(course)
    page = text(participant.home(visit(site, PERSON)))
    present, absent = HOME[state]
    for said in present:
        assert said in page
    for said in absent:
        assert said not in page


def test_what_is_not_begun_is_never_counted(site: Site, course: Course):
    """A plan shows the focus of another workbook, which is an answer before the plan is begun."""
    focus(course)
    own = part(text(participant.home(visit(site, PERSON))), "Planning Action plan", "Feedback")
    group = part(text(participant.home(visit(site, "dina-f"))), "Name Values", "The book")
    row = part(group, "Әйгүл С.", "Olga")
    reading = {"person": PERSON, "workbook": "action-plan"}
    page = text(staff.reading(visit(site, "dina-f", **reading)))
    for said in (own, row.partition("In work")[2], page):
        assert re.search(r"Not started yet", said)
        assert "answered" not in said


def test_a_section_of_another_workbook_is_a_beginning(site: Site, course: Course):
    people_only(course)
    page = text(participant.home(visit(site, PERSON)))
    assert part(page, "Planning Action plan", "Feedback").count("Not started") == 0
    reading = {"person": PERSON, "workbook": "action-plan"}
    assert "Nothing has been written here yet" not in text(
        staff.reading(visit(site, "dina-f", **reading))
    )


def test_without_workbooks_nothing_was_done(site: Site, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("ustaz.server.views.homes.year", lambda course: [])
    page = text(participant.home(visit(site, PERSON)))
    assert "There is nothing to do yet" in page
    assert REST not in page


# -- a facilitator ----------------------------------------------------------------------------
def confirmed(course: Course, field: str = "focus_agreed_with_facilitator") -> None:
    line = {"workbook": "focus", "field": field, "value": True, "by": "dina-f"}
    Ledger(course.dir / "confirmations").append(PERSON, line)


def group_of(site: Site) -> tuple[str, str, str]:
    """Return what can be confirmed now, what later, and what is said of the focus."""
    page = text(participant.home(visit(site, "dina-f")))
    head = part(page, "To confirm", "Ready to be talked through")
    now, _, later = head.partition("more, when the workbook")
    return now, later, part(page, "Date in the calendar: 15 October 2026", "W06")


def test_who_waits_for_the_facilitators_own_word_is_not_late(site: Site, course: Course):
    ready(course)
    now, _, far = group_of(site)
    assert "Әйгүл С.: Talked through with my facilitator" in now
    late_ones = far.partition("A few words may help:")[2]
    assert "Әйгүл С." in part(far, "Waits for your confirmation:", "The date has passed")
    assert "Әйгүл С." not in late_ones
    assert "Olga P." in late_ones
    confirmed(course)
    now, _, far = group_of(site)
    assert "Nothing waits for your word now" in now
    assert "Әйгүл С." in far.partition("A few words may help:")[2]
    send(course)
    assert "Әйгүл С." not in group_of(site)[2]


def test_what_cannot_be_confirmed_yet_stands_apart(site: Site, course: Course):
    focus(course)
    now, later, _ = group_of(site)
    assert "Nothing waits for your word now" in now
    assert "Әйгүл С." in later
    ready(course)
    enrolment.set_status(course, PERSON, "leave", by="saule-m")
    now, later, _ = group_of(site)
    assert "Nothing waits for your word now" in now
    assert "Әйгүл С." in later


def test_the_school_leader_links_word_is_not_the_facilitators(site: Site, course: Course):
    both(course)
    confirmed(course)
    now, _, _ = group_of(site)
    own, _, told = now.partition("When the school leader link has said it to you")
    assert "Nothing waits for your word now" in own
    assert "Әйгүл С.: Agreed with the school leader link" in told


def test_who_is_ready_again_is_listed_as_ready(site: Site, course: Course):
    none = "No workbook is marked as ready and not submitted yet"
    both(course)
    assert none in text(participant.home(visit(site, "dina-f")))
    helpers.put(course, PERSON, "focus", focus_statement="Something else now, after thinking")
    helpers.write(course, PERSON, "focus", [{"op": "status", "value": "ready"}])
    page = text(participant.home(visit(site, "dina-f")))
    assert none not in page
    assert "Әйгүл С.: Values and concern" in part(page, "Ready to be talked through", "My group")


def test_a_facilitator_without_a_group_is_told_so(site: Site, course: Course):
    file = course.dir / "people.csv"
    known = file.read_text(encoding="utf-8")
    file.write_text(known.replace("facilitator,g1", "facilitator,g9"), encoding="utf-8")
    assert "There is nobody in your group now" in text(participant.home(visit(site, "dina-f")))
    file.write_text(known.replace("facilitator,g1", "facilitator,"), encoding="utf-8")
    assert "names no group for you yet" in text(participant.home(visit(site, "dina-f")))


# -- staff ------------------------------------------------------------------------------------
def test_staff_see_who_has_not_submitted(site: Site, course: Course):
    def listed(workbook: str, end: str) -> str:
        return part(text(participant.home(visit(site, "saule-m"))), workbook, end)

    assert "Not submitted, and the date has passed 4" in listed("W02", "W06")
    assert "Not submitted yet 4" in listed("W06", "Tools")
    sent(course)
    enrolment.set_status(course, "olga-p", "leave", by="saule-m")
    missing = listed("W02", "W06").partition("Not submitted, and the date has passed")[2]
    assert "Yerlan B." in missing
    assert "Nurgul A." in missing
    for absent in ("Әйгүл С.", "Olga P."):
        assert absent not in missing


def test_what_somebody_on_leave_submitted_is_not_denied(site: Site, course: Course):
    sent(course)
    enrolment.set_status(course, PERSON, "leave", by="saule-m")
    focus_card = part(text(participant.home(visit(site, "saule-m"))), "W02", "W06")
    assert "Nobody has submitted this workbook yet" not in focus_card
    assert "Әйгүл С." in focus_card


# -- reading ----------------------------------------------------------------------------------
def test_without_a_comment_nobody_is_sent_to_the_sections(site: Site, course: Course):
    returned(course)
    page = text(participant.feedback(visit(site, PERSON, workbook="focus")))
    assert "There is no comment this time" in page
    assert "Look at the sections below" not in page
