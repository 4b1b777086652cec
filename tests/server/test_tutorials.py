"""A tutorial: begun by a facilitator, written by two, confirmed by both, read by nobody else."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.server.helpers import ROSTER, html, put, visit, write
from tests.support.courses import course_at
from ustaz import tutorials
from ustaz.calendar.entries import entries
from ustaz.course import Course
from ustaz.privacy import exporting
from ustaz.privacy.erasing import erase
from ustaz.privacy.subject import subject_of
from ustaz.roster import by_name
from ustaz.server.api import tutorials as calls
from ustaz.server.http import HTTPProblem
from ustaz.server.pages import form as forms
from ustaz.server.pages import group, participant, steps
from ustaz.server.pages import tutorials as pages
from ustaz.server.site import Site
from ustaz.server.views import group_overview
from ustaz.tutorials import TutorialError

TEACHER, FACILITATOR = "aigul-s", "dina-f"
STEP = {"id": "s0000001", "action": "Invite a colleague to ten minutes", "by": "2026-12-11"}
NOTE = {
    "date": "2026-11-20",
    "mode": "phone",
    "opened_with_success": "Four children asked who never ask.",
    "agreed_next": [STEP],
}


YEAR = """
[workbooks]
assignments = ["action-plan", "half-way-review"]
companions = ["participation", "evidence"]
"""


@pytest.fixture
def whole_year(tmp_path: Path, _fixed_now: None) -> Iterator[Site]:
    """A course with the workbooks that the overview looks at."""
    made = Site(course_at(tmp_path / "year", "year", "Year", ROSTER, workbooks=YEAR))
    yield made
    made.pool.shutdown()


def begun(site: Site, person: str = TEACHER, by: str = FACILITATOR) -> str:
    """Begin a tutorial as a facilitator does, and return its id."""
    reply = pages.begin(visit(site, by, "tutorials", method="POST", form={"person": person}))
    return str(reply.headers["Location"]).split("/")[-2]


def saved(site: Site, who: str, id: str, revision: int = 0, **answers: Any) -> Any:
    """Write in the note as its page does."""
    changes: list[dict[str, Any]] = []
    for name, value in answers.items():
        if name == "agreed_next":
            changes += [
                {
                    "op": "add_row",
                    "after": None,
                    "path": [name, row["id"]],
                    "value": {key: cell for key, cell in row.items() if key != "id"},
                }
                for row in value
            ]
        else:
            changes.append({"op": "set", "path": [name], "value": value})
    body = {
        "batch": f"batch-{len(who)}-{revision}-{len(changes)}-{uuid.uuid4().hex}",
        "client": f"client-{len(who)}",
        "base_revision": revision,
        "lang": "en",
        "changes": changes,
    }
    request = visit(
        site,
        who,
        method="PATCH",
        body=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
        person=TEACHER,
        tutorial=id,
        workbook="tutorial",
    )
    return json.loads(calls.save(request).body)


def act(site: Site, who: str, id: str, **form: str) -> Any:
    return pages.act(visit(site, who, method="POST", form=form, person=TEACHER, tutorial=id))


def shown(site: Site, who: str, id: str, lang: str = "en") -> str:
    return html(pages.note(visit(site, who, person=TEACHER, tutorial=id, lang=lang)))


def test_both_sides_write_one_note_and_see_the_same(site: Site) -> None:
    id = begun(site)
    saved(site, FACILITATOR, id, **NOTE)
    saved(site, TEACHER, id, 1, talked_about="The deputy director is less against it.")
    for who in (TEACHER, FACILITATOR):
        page = shown(site, who, id)
        assert "Four children asked" in page
        assert "less against it" in page
    rows = calls.history(visit(site, TEACHER, person=TEACHER, tutorial=id, workbook="tutorial"))
    assert {row["who"] for row in json.loads(rows.body)["history"]} == {TEACHER, FACILITATOR}


def test_two_changes_of_one_place_meet_as_a_conflict_and_lose_nothing(site: Site) -> None:
    id = begun(site)
    saved(site, FACILITATOR, id, mode="phone")
    saved(site, FACILITATOR, id, 1, mode="online")
    answer = saved(site, TEACHER, id, 1, mode="in_person")
    assert [conflict["theirs"] for conflict in answer["conflicts"]] == ["online"]


def test_each_side_confirms_the_note_as_it_stands_and_a_change_is_said(site: Site) -> None:
    id = begun(site)
    saved(site, FACILITATOR, id, **NOTE)
    act(site, FACILITATOR, id, do="confirm", revision="1")
    assert "waits for your confirmation" in html(participant.home(visit(site, TEACHER)))
    act(site, TEACHER, id, do="confirm", revision="1")
    assert shown(site, TEACHER, id).count("Confirmed by") >= 2
    saved(site, TEACHER, id, 1, mode="online")
    assert "The note has changed since" in shown(site, FACILITATOR, id)
    act(site, TEACHER, id, do="confirm", revision="2")
    act(site, TEACHER, id, do="take_back")
    assert "Not confirmed yet" in shown(site, FACILITATOR, id)


def test_what_was_not_read_or_is_unfinished_is_not_confirmed(site: Site) -> None:
    id = begun(site)
    saved(site, FACILITATOR, id, mode="phone")
    with pytest.raises(TutorialError, match="missing"):
        act(site, TEACHER, id, do="confirm", revision="1")
    saved(site, FACILITATOR, id, 1, **{**NOTE, "mode": "online"})
    with pytest.raises(TutorialError, match="changed"):
        act(site, TEACHER, id, do="confirm", revision="1")
    assert not tutorials.find(site.course, TEACHER, id).confirmed


@pytest.mark.parametrize("who", ["olga-p", "yerlan-b", "bakhyt-d", "saule-m"])
def test_nobody_else_opens_writes_or_confirms_a_note(site: Site, who: str) -> None:
    id = begun(site)
    saved(site, FACILITATOR, id, **NOTE)
    for attempt in (
        lambda: shown(site, who, id),
        lambda: saved(site, who, id, 1, mode="online"),
        lambda: act(site, who, id, do="confirm", revision="1"),
        lambda: pages.write(visit(site, who, person=TEACHER, tutorial=id)),
        lambda: calls.workbook(visit(site, who, person=TEACHER, tutorial=id, workbook="tutorial")),
        lambda: calls.restore(visit(site, who, person=TEACHER, tutorial=id, workbook="tutorial")),
        lambda: pages.begin(visit(site, who, method="POST", form={"person": TEACHER})),
    ):
        with pytest.raises(HTTPProblem) as refusal:
            attempt()
        assert refusal.value.id == "not_yours"
    assert tutorials.document(site.course, tutorials.find(site.course, TEACHER, id)).revision == 1


def test_a_teacher_begins_none_and_a_note_of_another_teacher_is_not_found(site: Site) -> None:
    with pytest.raises(HTTPProblem):
        begun(site, by=TEACHER)
    id = begun(site, person="olga-p")
    with pytest.raises(TutorialError):
        shown(site, TEACHER, id)


def test_one_that_was_begun_by_mistake_is_removed_and_a_written_one_stays(site: Site) -> None:
    id = begun(site)
    assert begun(site) == id  # pressed twice
    act(site, FACILITATOR, id, do="remove")
    assert tutorials.read(site.course, TEACHER) == []
    id = begun(site)
    saved(site, FACILITATOR, id, mode="phone")
    with pytest.raises(TutorialError):
        act(site, FACILITATOR, id, do="remove")


def test_a_person_has_no_workbook_of_that_name(site: Site) -> None:
    with pytest.raises(HTTPProblem) as refusal:
        participant.workbook(visit(site, TEACHER, workbook="tutorial"))
    assert refusal.value.id == "no_workbook"


def test_the_form_without_a_script_saves_the_note(site: Site) -> None:
    id = begun(site)
    page = html(pages.write(visit(site, TEACHER, person=TEACHER, tutorial=id)))
    assert "Read and confirm the note" in page
    fields = {
        "reader": [TEACHER],
        "batch": ["abc123"],
        "revision/tutorial": ["0"],
        "do": ["save"],
        "tutorial/opened_with_success": ["Two colleagues came to look."],
    }
    reply = forms.note(
        visit(site, TEACHER, method="POST", fields=fields, person=TEACHER, tutorial=id)
    )
    assert reply.status == 303
    assert "Two colleagues came" in shown(site, FACILITATOR, id)


def test_next_steps_stand_on_home_and_in_the_calendar_and_done_is_no_change(site: Site) -> None:
    id = begun(site)
    saved(site, FACILITATOR, id, **{**NOTE, "agreed_next": [{**STEP, "by": "2026-11-24"}]})
    act(site, FACILITATOR, id, do="confirm", revision="1")
    planned = [entry for entry in entries(site.course, TEACHER) if entry.tutorial == id]
    assert [(entry.text, entry.day.isoformat()) for entry in planned] == [
        (STEP["action"], "2026-11-24")
    ]
    assert STEP["action"] in html(participant.home(visit(site, TEACHER)))
    mark = {"workbook": "tutorial", "tutorial": id, "table": "agreed_next", "row": STEP["id"]}
    reply = steps.change(visit(site, TEACHER, method="POST", form={"do": "done", **mark}))
    note = tutorials.document(site.course, tutorials.find(site.course, TEACHER, id))
    assert note.answers["agreed_next"][0]["status"] == "done"
    assert f"?done={id}.2" in reply.headers["Location"]
    home = html(participant.home(visit(site, TEACHER, query={"done": f"{id}.2"})))
    assert "Marked as done" in home
    entry = tutorials.find(site.course, TEACHER, id)
    assert entry.holds(note, "facilitator")  # where a step stands is not what was agreed
    undo = {"do": "undo", "workbook": "tutorial", "tutorial": id, "revision": "2"}
    steps.change(visit(site, TEACHER, method="POST", form=undo))
    note = tutorials.document(site.course, entry)
    assert "status" not in note.answers["agreed_next"][0]


def test_a_group_that_gets_another_facilitator_keeps_its_notes(site: Site) -> None:
    id = begun(site)
    saved(site, FACILITATOR, id, **NOTE)
    roster = site.course.dir / "people.csv"
    text = roster.read_text("utf-8").replace(
        "dina-f,Dina F.,facilitator,g1", "dina-f,Dina F.,facilitator,g2"
    )
    roster.write_text(text + "timur-r,Timur R.,facilitator,g1,,kk,\n", "utf-8")
    again = Site(Course.open(site.course.dir), book_dir=site.book_dir)
    assert "Four children asked" in shown(again, "timur-r", id)
    with pytest.raises(HTTPProblem):
        shown(again, FACILITATOR, id)
    saved(again, "timur-r", id, 1, mode="online")
    again.pool.shutdown()


def test_the_overview_is_for_facilitators_alone_and_names_three_with_reason_and_source(
    whole_year: Site,
) -> None:
    site = whole_year
    for who in (TEACHER, "bakhyt-d", "saule-m"):
        with pytest.raises(HTTPProblem):
            group.overview(visit(site, who))
    put(site.course, "olga-p", "half-way-review", help_needed=["time"])
    rows = group_overview.overview(site, visit(site, FACILITATOR).who, site.words("en"))
    order = [row.person.person for row in rows]
    assert order == [member.person for member in by_name([row.person for row in rows])]
    named = group_overview.to_talk_to(rows)
    assert len(named) <= 3
    olga = next(row for row in named if row.person.person == "olga-p")
    assert "time" in str(olga.reasons[0].text)
    assert olga.reasons[0].source == "Half-way review"
    page = html(group.overview(visit(site, FACILITATOR)))
    assert "Asks for help" in page


def test_private_entries_are_not_counted_in_the_overview(whole_year: Site) -> None:
    site = whole_year
    row = {"date": "2026-11-20", "what_i_did": "Only for me"}
    write(
        site.course,
        TEACHER,
        "participation",
        [{"op": "add_row", "after": None, "path": ["record", "r0000001"], "value": row}],
    )
    rows = group_overview.overview(site, visit(site, FACILITATOR).who, site.words("en"))
    assert next(row for row in rows if row.person.person == TEACHER).last is None


def test_erasing_a_teacher_removes_the_note_and_erasing_a_facilitator_the_name(
    site: Site, tmp_path: Any
) -> None:
    id = begun(site)
    saved(site, FACILITATOR, id, **NOTE)
    act(site, FACILITATOR, id, do="confirm", revision="1")
    for who in (TEACHER, FACILITATOR):
        exporting.export(subject_of(site.course.dir, who), tmp_path / who)
        text = b"".join(path.read_bytes() for path in (tmp_path / who).rglob("*") if path.is_file())
        assert b"Four children asked" in text
    erase(subject_of(site.course.dir, FACILITATOR), by="operator")
    kept = b"".join(
        path.read_bytes()
        for folder in ("tutorials", "people/_tutorial")
        for path in (site.course.dir / folder).rglob("*")
        if path.is_file()
    )
    assert b"Four children asked" in kept
    assert FACILITATOR.encode() not in kept
    erase(subject_of(site.course.dir, TEACHER), by="operator")
    assert not list((site.course.dir / "people/_tutorial").rglob("*.json*"))
    assert not (site.course.dir / "tutorials" / f"{TEACHER}.jsonl").exists()
