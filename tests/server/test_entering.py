"""A facilitator types in for a teacher: who may, what is marked, who confirms, what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.server import helpers
from tests.server.contract import check
from tests.server.helpers import Browser, Server, html, visit
from ustaz.answers import Subject
from ustaz.base.errors import UstazError
from ustaz.course import Course
from ustaz.course.identity import acting_as
from ustaz.exchange import read_round, submit
from ustaz.server.api import about, answers
from ustaz.server.http import HTTPProblem, Request, Response
from ustaz.server.pages import participant, staff
from ustaz.server.problem_texts import from_error
from ustaz.server.site import Site
from ustaz.server.views import homes
from ustaz.server.views.records import record

WORDS = "Pupils talk in pairs before they answer"
PRIVATE = "why_me"


def typed(site: Site, *changes: dict[str, Any], workbook: str = "focus", **more: Any) -> Any:
    """Type in for Olga as Dina does."""
    person, who = more.get("person", "olga-p"), more.get("who", "dina-f")
    store = site.course.store
    body = {
        "batch": more.get("batch", f"b-{store.read(Subject.person(person), workbook).revision}"),
        "client": more.get("client", "page-of-dina"),
        "base_revision": more.get("base", store.read(Subject.person(person), workbook).revision),
        "lang": "en",
        "changes": list(changes),
    }
    asked = visit(
        site,
        who,
        method="PATCH",
        query={"person": person, "by": more.get("by", who)},
        body=json.dumps(body).encode(),
        workbook=workbook,
    )
    return answered(answers.save, asked)


def answered(handler: Callable[[Request], Response], request: Request) -> Any:
    """Return the answer; a refusal of the layers below is an HTTP problem, as at the server."""
    try:
        return json.loads(handler(request).body)
    except UstazError as error:
        raise from_error(error) from None


def beside(site: Site, who: str, person: str) -> Request:
    """Return a visit to a page about another person."""
    asked = visit(site, who, workbook="focus")
    asked.params["person"] = person
    return asked


def put(field: str, value: Any) -> dict[str, Any]:
    return {"op": "set", "path": [field], "value": value}


def confirm(site: Site, seen: Any, who: str = "olga-p", **query: str) -> Any:
    body = json.dumps({"seen": seen}).encode()
    asked = visit(site, who, method="POST", query=query, body=body, workbook="focus")
    return answered(answers.confirm_entered, asked)


def marks(site: Site, person: str = "olga-p", workbook: str = "focus") -> dict[str, bool]:
    """Return the places that are marked, and whether they wait to be read."""
    return {one.place: one.open for one in record(site, person, workbook).entered()}


def refused(site: Site, *changes: dict[str, Any], **more: Any) -> str:
    """Return the id of the refusal; nothing may have changed by it."""
    person = more.get("person", "olga-p")
    folder = site.course.people_dir / person
    before = {one: one.read_bytes() for one in folder.rglob("*") if one.is_file()}
    with pytest.raises(HTTPProblem) as caught:
        typed(site, *changes, **more)
    assert {one: one.read_bytes() for one in folder.rglob("*") if one.is_file()} == before
    assert not (site.course.dir / "entered").exists() or more.get("later")
    return caught.value.id


# -- what is marked -------------------------------------------------------------------------------
def test_what_is_typed_in_is_marked_with_name_place_revision_and_time(site: Site):
    saved = typed(site, put("focus_statement", WORDS))
    assert saved["document"]["entered"] == [
        {
            "place": "focus_statement",
            "by": "dina-f",
            "by_name": "Dina F.",
            "revision": 1,
            "at": helpers.NOW,
            "confirmed_at": None,
        }
    ]
    (line,) = site.entered.entries("olga-p")
    assert line["kind"] == "typed"
    assert line["by"] == "dina-f"
    assert line["places"] == {"focus_statement": 1}
    assert WORDS not in json.dumps(line)


def test_the_history_shows_who_typed(site: Site):
    typed(site, put("focus_statement", WORDS))
    (entry,) = json.loads(answers.history(visit(site, "olga-p", workbook="focus")).body)["history"]
    assert entry["who_name"] == "Dina F."


def test_the_answers_stay_in_the_teachers_language(site: Site):
    assert typed(site, put("focus_statement", WORDS))["document"]["lang"] == "ru"


def test_an_answer_that_the_teacher_changes_is_theirs(site: Site):
    typed(site, put("focus_statement", WORDS))
    helpers.put(site.course, "olga-p", "focus", focus_statement="My own words")
    assert marks(site) == {}


def test_changing_it_back_leaves_it_the_teachers(site: Site):
    typed(site, put("focus_statement", WORDS))
    helpers.put(site.course, "olga-p", "focus", focus_statement="My own words")
    helpers.put(site.course, "olga-p", "focus", focus_statement=WORDS)
    assert marks(site) == {}


def test_the_cells_of_a_row_that_was_typed_in_are_marked_each(site: Site):
    row = {"op": "add_row", "path": ["values", "row001"], "after": None}
    typed(site, {**row, "value": {"value": "Fairness"}})
    typed(site, {"op": "set", "path": ["values", "row001", "what_it_looks_like"], "value": "All"})
    assert marks(site) == {"values/row001/value": True, "values/row001/what_it_looks_like": True}
    mine = {"op": "set", "path": ["values", "row001", "value"], "value": "Curiosity"}
    helpers.write(site.course, "olga-p", "focus", [mine])
    assert marks(site) == {"values/row001/what_it_looks_like": True}


def test_what_was_typed_and_taken_out_again_is_no_answer(site: Site):
    typed(site, put("focus_statement", WORDS))
    typed(site, {"op": "clear", "path": ["focus_statement"]})
    assert marks(site) == {}


def test_words_of_the_teacher_that_were_taken_out_wait_to_be_read(site: Site):
    helpers.put(site.course, "olga-p", "focus", **helpers.FOCUS)
    typed(site, put("focus_statement", WORDS))
    typed(site, {"op": "clear", "path": ["focus_statement"]})
    assert marks(site) == {"focus_statement": True}


def lost_line(site: Site) -> Path:
    """Type in, and lose the line as a process that dies before it; return the ledger's file."""
    typed(site, put("focus_statement", WORDS))
    ledger = site.entered.path("olga-p")
    ledger.unlink()
    return ledger


def test_a_mark_outlives_a_process_that_dies_before_the_ledger(site: Site):
    ledger = lost_line(site)
    (mark,) = record(site, "olga-p", "focus").entered()
    assert (mark.place, mark.by, mark.open, mark.at) == ("focus_statement", "dina-f", True, None)
    assert not ledger.exists(), "reading wrote"
    assert html(participant.workbook(visit(site, "olga-p", workbook="focus")))
    assert not ledger.exists(), "reading wrote"


def test_whoever_types_next_writes_the_lost_line(site: Site):
    lost_line(site)
    typed(site, put("link_note", WORDS))
    (line,) = site.entered.entries("olga-p")
    assert (line["by"], line["places"]) == ("dina-f", {"focus_statement": 1, "link_note": 2})


def test_a_confirmation_writes_the_lost_line_before_itself(site: Site):
    lost_line(site)
    assert confirm(site, {"focus_statement": 1})["confirmed"] == 1
    lines = list(site.entered.entries("olga-p"))
    assert [(line["kind"], line["by"]) for line in lines] == [
        ("typed", "dina-f"),
        ("confirmed", "olga-p"),
    ]
    assert marks(site) == {"focus_statement": False}


def test_a_retry_of_a_save_marks_once(site: Site):
    for _ in range(2):
        typed(site, put("focus_statement", WORDS), batch="same", base=0)
    assert len(list(site.entered.entries("olga-p"))) == 1


# -- confirming -----------------------------------------------------------------------------------
def test_the_teacher_confirms_what_was_read(site: Site):
    typed(site, put("focus_statement", WORDS))
    told = confirm(site, {"focus_statement": 1})
    assert told["confirmed"] == 1
    assert told["document"]["entered"][0]["confirmed_at"] == helpers.NOW
    assert marks(site) == {"focus_statement": False}
    assert confirm(site, {"focus_statement": 1})["confirmed"] == 0
    assert len(list(site.entered.entries("olga-p"))) == 2


def test_nothing_is_confirmed_unseen(site: Site):
    typed(site, put("focus_statement", WORDS), put("link_note", "One"))
    typed(site, put("focus_statement", WORDS + "."))
    with pytest.raises(HTTPProblem) as caught:
        confirm(site, {"focus_statement": 1, "link_note": 1})
    assert (caught.value.status, caught.value.id) == (409, "typed_meanwhile")
    assert marks(site) == {"link_note": True, "focus_statement": True}
    assert confirm(site, {"focus_statement": 2, "link_note": 1})["confirmed"] == 2


def test_what_is_typed_over_a_confirmed_answer_is_marked_anew(site: Site):
    typed(site, put("focus_statement", WORDS))
    confirm(site, {"focus_statement": 1})
    typed(site, put("focus_statement", WORDS + "."))
    assert marks(site) == {"focus_statement": True}


@pytest.mark.parametrize("seen", [None, [], {}, {"focus_statement": "1"}, {"a": True}, "x"])
def test_a_confirmation_that_says_nothing_is_refused(site: Site, seen: Any):
    with pytest.raises(HTTPProblem) as caught:
        confirm(site, seen)
    assert caught.value.status == 400


def test_nobody_confirms_for_somebody_else(site: Site):
    typed(site, put("focus_statement", WORDS))
    for who in ("dina-f", "saule-m", "bakhyt-d", "aigul-s"):
        for query in ({"person": "olga-p"}, {"person": "olga-p", "by": who}):
            with pytest.raises(HTTPProblem) as caught:
                confirm(site, {"focus_statement": 1}, who, **query)
            assert caught.value.status == 403
    assert marks(site) == {"focus_statement": True}


# -- who may not ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "person", "error"),
    [
        ("dina-f", "yerlan-b", "not_yours"),  # of another group
        ("dina-f", "nobody", "not_yours"),  # like a stranger: nothing is learnt from the answer
        ("saule-m", "olga-p", "facilitator_only"),
        ("saule-m", "nobody", "not_yours"),
        ("bakhyt-d", "aigul-s", "not_yours"),  # of the own school
        ("aigul-s", "olga-p", "not_yours"),  # of the same group
    ],
)
def test_only_the_facilitator_of_the_group_types_in(site: Site, who: str, person: str, error: str):
    with pytest.raises(HTTPProblem) as caught:
        typed(site, put("focus_statement", WORDS), who=who, person=person)
    assert (caught.value.status, caught.value.id) == (403, error)
    with pytest.raises(HTTPProblem) as caught:
        staff.enter(beside(site, who, person))
    assert (caught.value.status, caught.value.id) == (403, error)


def test_one_who_left_the_group_or_the_roster_is_out_of_reach(site: Site):
    roster = site.course.dir / "people.csv"
    text = roster.read_text(encoding="utf-8")
    typed(site, put("focus_statement", WORDS))
    roster.write_text(text.replace("participant,g1,s2", "participant,g2,s2"), encoding="utf-8")
    assert refused(site, put("focus_statement", "x"), later=True) == "not_yours"
    gone = "\n".join(one for one in text.splitlines() if not one.startswith("olga-p"))
    roster.write_text(gone, encoding="utf-8")
    assert refused(site, put("focus_statement", "x"), later=True) == "not_yours"


def test_the_address_alone_types_nothing_in(site: Site):
    asked = visit(site, "dina-f", method="PATCH", query={"person": "olga-p"}, workbook="focus")
    with pytest.raises(HTTPProblem) as caught:
        answers.save(asked)
    assert caught.value.id == "read_only"


def test_a_page_that_somebody_else_signed_in_under_saves_nothing(site: Site):
    assert refused(site, put("focus_statement", "x"), who="olga-p", by="dina-f") == "other_account"
    assert refused(site, put("focus_statement", "x"), who="dina-f", by="olga-p") == "other_account"


def test_a_demos_visitor_who_is_nobody_types_nothing_in(site: Site):
    asked = visit(site, None, method="PATCH", query={"person": "olga-p"}, workbook="focus")
    with pytest.raises(HTTPProblem) as caught:
        answers.save(asked)
    assert caught.value.id == "choose_person"


def test_a_demos_confirmation_says_that_it_was_tried_out(site: Site):
    typed(site, put("focus_statement", WORDS))
    confirm(site, {"focus_statement": 1})
    assert [line.get("acting") for line in site.entered.entries("olga-p")] == [True, True]


@pytest.mark.usefixtures("_fixed_now")
def test_nobody_becomes_the_teacher_outside_a_demo(tmp_path: Path):
    site = Site(helpers.make_course(tmp_path / "real", demo=False))
    asked = visit(site, None, method="POST", body=b'{"person": "olga-p"}')
    with pytest.raises(HTTPProblem) as caught:
        about.act_as(asked)
    assert caught.value.id == "not_a_demo"
    site.pool.shutdown()


# -- what may not ---------------------------------------------------------------------------------
def test_a_private_answer_is_neither_shown_nor_changed(site: Site):
    helpers.put(site.course, "olga-p", "focus", **{PRIVATE: "Only mine"})
    page = html(staff.enter(beside(site, "dina-f", "olga-p")))
    assert "Only mine" not in page
    for change in (put(PRIVATE, "x"), {"op": "clear", "path": [PRIVATE]}):
        assert refused(site, put("focus_statement", WORDS), change) == "private_field"
    saved = typed(site, put("focus_statement", WORDS))
    assert "Only mine" not in json.dumps(saved)
    assert saved["document"]["withheld"] == [PRIVATE]


@pytest.mark.parametrize(
    "change", [{"op": "status", "value": "ready"}, {"op": "lang", "value": "en"}]
)
def test_ready_and_the_language_stay_with_the_teacher(site: Site, change: dict[str, Any]):
    assert refused(site, change) == "owner_only"


def test_submitting_restoring_and_the_history_stay_with_the_teacher(site: Site):
    typed(site, put("focus_statement", WORDS))
    query = {"person": "olga-p", "by": "dina-f"}
    for action, body in (
        (answers.send, b"{}"),
        (answers.restore, b'{"revision": 0}'),
        (answers.history, b""),
    ):
        with pytest.raises(HTTPProblem) as caught:
            action(visit(site, "dina-f", query=query, body=body, workbook="focus"))
        assert caught.value.id == "read_only"


def test_a_row_with_the_teachers_words_is_not_taken_away(site: Site):
    row = {"op": "add_row", "path": ["values", "row001"], "after": None, "value": {"value": "A"}}
    helpers.write(site.course, "olga-p", "focus", [row])
    remove = {"op": "remove_row", "path": ["values", "row001"]}
    assert refused(site, remove) == "owners_row"
    typed(site, {"op": "set", "path": ["values", "row001", "value"], "value": "B"})
    assert refused(site, remove, later=True) == "owners_row"


def test_a_row_that_was_typed_in_by_mistake_can_be_taken_away(site: Site):
    row = {"op": "add_row", "path": ["values", "row001"], "after": None, "value": {"value": "A"}}
    typed(site, row)
    typed(site, {"op": "remove_row", "path": ["values", "row001"]})
    assert marks(site) == {}
    typed(site, row)
    revision = site.course.store.read(Subject.person("olga-p"), "focus").revision
    confirm(site, {"values/row001/value": revision})
    remove = {"op": "remove_row", "path": ["values", "row001"]}
    assert refused(site, remove, later=True) == "owners_row"


def test_a_stale_revision_is_a_question_and_overwrites_nothing(site: Site):
    helpers.put(site.course, "olga-p", "focus", **helpers.FOCUS)
    saved = typed(site, put("focus_statement", WORDS), base=0)
    assert saved["conflicts"][0]["theirs"] == helpers.FOCUS["focus_statement"]
    assert marks(site) == {}


def test_the_teacher_cannot_put_words_under_somebody_elses_name(site: Site):
    body = {"batch": "b", "client": "by:dina-f:0123456789abcdef0123", "base_revision": 0}
    body["changes"] = [put("focus_statement", WORDS)]
    asked = visit(site, "olga-p", method="PATCH", body=json.dumps(body).encode(), workbook="focus")
    with pytest.raises(Exception, match="bad_change"):
        answers.save(asked)


# -- pages ----------------------------------------------------------------------------------------
def test_the_reading_page_leads_the_facilitator_to_typing_and_nobody_else(site: Site):
    for who, expected in (("dina-f", True), ("saule-m", False)):
        page = html(staff.reading(beside(site, who, "olga-p")))
        assert ("people/olga-p/focus/enter" in page) is expected


def test_the_page_for_typing_says_who_writes_for_whom(site: Site):
    page = html(staff.enter(beside(site, "dina-f", "olga-p")))
    data = json.loads(page.partition('id="ustaz-data">')[2].partition("</script>")[0])
    assert (data["mode"], data["writer"], data["about"]) == ("edit", "dina-f", "olga-p")
    reply = staff.enter(beside(site, "olga-p", "olga-p"))
    assert reply.status == 303


def test_the_home_page_says_that_something_waits_to_be_read(site: Site):
    typed(site, put("focus_statement", WORDS), put("link_note", "One"))
    step = homes.next_step(site, homes.records(site, "olga-p"))
    assert (step.kind, step.workbook) == ("entered", "focus")
    page = html(participant.home(visit(site, "olga-p")))
    assert "2 answers were typed in from your paper" in page
    assert "2 typed in, not confirmed yet" in html(participant.home(visit(site, "dina-f")))
    confirm(site, {"focus_statement": 1, "link_note": 1})
    assert homes.next_step(site, homes.records(site, "olga-p")).kind != "entered"


def test_what_was_typed_into_an_embedded_workbook_waits_with_the_one_that_shows_it(site: Site):
    contact = {"op": "add_row", "path": ["people", "row001"], "after": None}
    typed(site, {**contact, "value": {"alias": "A. K."}}, workbook="people-map")
    assert len(record(site, "olga-p", "action-plan").waiting) == 1
    assert record(site, "olga-p", "focus").waiting == []


def test_everybody_who_reads_sees_who_typed_and_whether_it_is_confirmed(site: Site):
    typed(site, put("focus_statement", WORDS))
    confirm(site, {"focus_statement": 1})
    for who in ("dina-f", "saule-m"):
        asked = visit(site, who, query={"person": "olga-p"}, workbook="focus")
        document = json.loads(answers.answers(asked).body)
        assert document["entered"][0]["confirmed_at"] == helpers.NOW


# -- rounds ---------------------------------------------------------------------------------------
def test_a_round_keeps_who_typed_and_what_was_confirmed_then(course: Course, site: Site):
    typed(site, put("focus_statement", WORDS), put("link_note", "One"))
    confirm(site, {"link_note": 1})
    submit(course, "olga-p", "focus", identity=acting_as(course, "olga-p"))
    kept = read_round(course, "olga-p", "focus", 1).document["entered"]["focus"]
    assert kept["focus_statement"]["by"] == "dina-f"
    assert kept["focus_statement"]["confirmed_at"] is None
    assert kept["link_note"]["confirmed_at"]
    confirm(site, {"focus_statement": 1})
    assert not record(site, "olga-p", "focus").changed
    again = submit(course, "olga-p", "focus", identity=acting_as(course, "olga-p"))
    assert again.repeated


# -- over a real connection -----------------------------------------------------------------------
@pytest.fixture
def browsers(server: Server) -> dict[str, Browser]:
    return {person: server.browser(person) for person in ("nurgul-a", "dina-f", "saule-m")}


def test_the_calls_are_as_the_document_says_and_no_word_gets_into_a_log(
    server: Server, browsers: dict[str, Browser]
):
    path = "ustaz/api/v1/workbooks/focus"
    query = {"person": "nurgul-a", "by": "dina-f"}
    secret = "Zhetpeitin-secret-words"
    body = {"batch": "1", "client": "c", "base_revision": 0, "changes": []}

    def patch(*changes: dict[str, Any]) -> Any:
        sent = {**body, "batch": f"b{len(str(changes))}", "changes": list(changes)}
        return check(
            browsers["dina-f"].request("PATCH", f"{path}/answers", params=query, json=sent)
        )

    assert patch(put("focus_statement", secret)).status_code == 200
    assert patch(put(PRIVATE, secret)).json()["error"] == "private_field"
    page = check(browsers["dina-f"].get(path, params=query)).json()
    assert page["mode"] == "edit"
    seen = {"seen": {"focus_statement": 1}}
    stale = check(browsers["nurgul-a"].post(f"{path}/entered", json={"seen": {"link_note": 1}}))
    assert stale.status_code == 409
    assert check(browsers["dina-f"].post(f"{path}/entered", json=seen)).status_code == 409
    done = check(browsers["nurgul-a"].post(f"{path}/entered", json=seen))
    assert done.json()["confirmed"] == 1
    for one in browsers.values():
        check(one.get("ustaz/api/v1/home"))
    ledger = (server.course.dir / "entered" / "nurgul-a.jsonl").read_text(encoding="utf-8")
    assert secret not in server.log.read_text(errors="replace")
    assert secret not in ledger
