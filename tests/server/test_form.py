"""A workbook filled in by its plain form: saved, merged, never lost, and never another's."""

from __future__ import annotations

from typing import Any

import pytest

from tests.server import helpers
from tests.server.helpers import Server, html, visit
from tests.support.forms import Form
from ustaz.answers import Subject
from ustaz.course import Course
from ustaz.course.identity import acting_as
from ustaz.exchange import rounds
from ustaz.server.http import HTTPProblem, Response
from ustaz.server.pages import form, participant, staff, submitting
from ustaz.server.site import Site

WORDS = "Екінші сыныпта балалар сұрақ қоймайды, мен де себебін сұрамаймын."
OWNER = "olga-p"


def opened(site: Site, workbook: str = "focus", person: str = OWNER, **query: str) -> Form:
    """Return the form of a workbook's page, as its owner's browser has it."""
    page = participant.workbook(visit(site, person, workbook=workbook, query=query))
    return Form(html(page))


def press(
    site: Site,
    page: Form,
    do: str = "save",
    *,
    workbook: str = "focus",
    person: str = OWNER,
    **changed: list[str],
) -> Response:
    """Press a button of the form."""
    fields = page.texts(**changed) | {"do": [do]}
    return form.save(visit(site, person, method="POST", fields=fields, workbook=workbook))


def answers(site: Site, workbook: str = "focus", person: str = OWNER) -> dict[str, Any]:
    return dict(site.course.store.read(Subject.person(person), workbook).answers)


def where(reply: Response) -> str:
    assert reply.status == 303, html(reply)
    return reply.headers["Location"]


# -- saving ---------------------------------------------------------------------------------------
def test_what_is_typed_is_saved_and_the_page_says_when(site: Site):
    reply = press(
        site,
        opened(site),
        focus__concern_raw=[WORDS],
        focus__who_is_affected=["pupils", "me"],
        focus__within_my_influence=["none"],
    )
    assert where(reply) == "/ustaz/workbooks/focus?said=1#uz-saved"
    assert answers(site) == {
        "concern_raw": WORDS,
        "who_is_affected": ["pupils", "me"],
        "within_my_influence": None,
    }
    page = html(participant.workbook(visit(site, OWNER, workbook="focus")))
    assert WORDS in page
    assert "Saved at" in page


def test_a_form_that_nobody_touched_saves_nothing(site: Site):
    helpers.put(site.course, OWNER, "focus", concern_raw="a\r\nb", why_me="  ")
    before = site.course.store.read(Subject.person(OWNER), "focus").revision
    press(site, opened(site))
    assert site.course.store.read(Subject.person(OWNER), "focus").revision == before


def test_a_page_that_is_sent_twice_is_saved_once(site: Site):
    page = opened(site)
    for _ in range(2):
        press(site, page, focus__concern_raw=[WORDS])
    assert site.course.store.read(Subject.person(OWNER), "focus").revision == 1


def test_a_page_that_somebody_goes_back_to_saves_what_is_new_in_it(site: Site):
    page = opened(site)
    press(site, page, focus__concern_raw=[WORDS])
    press(site, page, focus__concern_raw=[WORDS + "!"])
    assert answers(site)["concern_raw"] == WORDS + "!"


def test_an_answer_that_is_taken_out_is_gone_and_stands_in_the_history(site: Site):
    helpers.put(site.course, OWNER, "focus", concern_raw=WORDS, within_my_influence=3)
    page = opened(site)
    press(site, page, "clear:focus/within_my_influence", focus__concern_raw=[""])
    assert answers(site) == {}
    assert len(site.course.store.history(Subject.person(OWNER), "focus")) == 2


def test_a_part_of_another_workbook_is_saved_there(site: Site):
    press(site, opened(site, "action-plan"), "add:people-map/people", workbook="action-plan")
    (row,) = answers(site, "people-map")["people"]
    page = opened(site, "action-plan")
    name = f"people-map/people/{row['id']}/alias"
    press(site, page, workbook="action-plan", **{name: ["A.K."]})
    assert answers(site, "people-map")["people"][0]["alias"] == "A.K."
    assert "people" not in answers(site, "action-plan")


# -- rows and lists -------------------------------------------------------------------------------
def test_rows_are_added_moved_removed_and_brought_back(site: Site):
    for _ in range(2):
        press(site, opened(site), "add:focus/values")
    first, second = (row["id"] for row in answers(site)["values"])
    typed = {f"focus/values/{first}/value": ["Voice"], f"focus/values/{second}/value": ["Trust"]}
    assert where(press(site, opened(site), f"down:focus/values/{first}", **typed)).endswith(
        f"#uz-focus-values-{first}"
    )
    assert [row["value"] for row in answers(site)["values"]] == ["Trust", "Voice"]
    gone = where(press(site, opened(site), f"remove:focus/values/{first}"))
    assert [row["value"] for row in answers(site)["values"]] == ["Trust"]
    back = gone.partition("back=")[2].partition("#")[0].replace("%2F", "/")
    assert ("do", f"back:{back}") in opened(site, back=back).presses
    press(site, opened(site), f"back:{back}")
    assert [row["value"] for row in answers(site)["values"]] == ["Trust", "Voice"]


def test_bringing_a_row_back_leaves_what_was_typed_with_the_press_that_took_it_out(site: Site):
    for _ in range(2):
        press(site, opened(site), "add:focus/values")
    first, second = (row["id"] for row in answers(site)["values"])
    typed = {f"focus/values/{second}/value": ["Trust"], "focus/concern_raw": [WORDS]}
    gone = where(press(site, opened(site), f"remove:focus/values/{first}", **typed))
    back = gone.partition("back=")[2].partition("#")[0].replace("%2F", "/")
    press(site, opened(site, back=back), f"back:{back}")
    assert [row.get("value") for row in answers(site)["values"]] == [None, "Trust"]
    assert answers(site)["concern_raw"] == WORDS


def test_a_press_on_add_that_is_sent_twice_adds_one_row(site: Site):
    page = opened(site)
    for _ in range(2):
        press(site, page, "add:focus/values", focus__concern_raw=[WORDS])
    assert len(answers(site)["values"]) == 1


def test_a_list_grows_and_its_entries_move_and_leave(site: Site):
    name = "action-plan/success_signs"
    more = press(site, opened(site, "action-plan"), f"more:{name}", workbook="action-plan",
                 **{name: ["Every pupil asks once a week"]})  # fmt: skip
    assert "more=action-plan%2Fsuccess_signs" in where(more)
    page = opened(site, "action-plan", more=name)
    assert page.texts()[name] == ["Every pupil asks once a week", ""]
    press(site, page, workbook="action-plan", **{name: ["One", "Two"]})
    press(site, opened(site, "action-plan"), f"item-up:{name}:2", workbook="action-plan")
    assert answers(site, "action-plan")["success_signs"] == ["Two", "One"]
    press(site, opened(site, "action-plan"), f"item-out:{name}:1", workbook="action-plan")
    assert answers(site, "action-plan")["success_signs"] == ["One"]


# -- two at once ----------------------------------------------------------------------------------
def test_changes_to_other_answers_meanwhile_stay(site: Site):
    page = opened(site)
    helpers.put(site.course, OWNER, "focus", why_me="Because I asked first")
    press(site, page, focus__concern_raw=[WORDS])
    assert answers(site) == {"why_me": "Because I asked first", "concern_raw": WORDS}


def test_two_texts_for_one_answer_both_stand_on_the_page_until_one_is_chosen(site: Site):
    page = opened(site)
    helpers.put(site.course, OWNER, "focus", concern_raw="From the telephone")
    reply = press(site, page, focus__concern_raw=[WORDS], focus__why_me=["Me"])
    assert reply.status == 409
    assert answers(site) == {"concern_raw": "From the telephone", "why_me": "Me"}
    again = html(reply)
    assert "From the telephone" in again
    assert "workbook.js" not in again  # the script would not know of the typed text
    assert Form(again).texts()["focus/concern_raw"] == [WORDS]
    press(site, Form(again))
    assert answers(site)["concern_raw"] == WORDS


def test_words_for_a_row_that_is_gone_stand_on_the_page(site: Site):
    press(site, opened(site), "add:focus/values")
    (row,) = answers(site)["values"]
    page = opened(site)
    change = {"op": "remove_row", "path": ["values", row["id"]]}
    helpers.write(site.course, OWNER, "focus", [change])
    reply = press(site, page, **{f"focus/values/{row['id']}/value": [WORDS]})
    assert reply.status == 409
    assert WORDS in html(reply)


def test_a_page_from_before_the_history_overwrites_nothing(site: Site, monkeypatch):
    helpers.put(site.course, OWNER, "focus", concern_raw="Old", why_me="Old")
    page = opened(site)
    helpers.put(site.course, OWNER, "focus", why_me="New")

    def gone(*_: object) -> None:
        from ustaz.answers import StoreError

        raise StoreError("no_revision")

    monkeypatch.setattr(type(site.course.store), "at", gone)
    press(site, page, focus__concern_raw=[WORDS])
    assert answers(site) == {"concern_raw": WORDS, "why_me": "New"}


# -- what cannot be saved -------------------------------------------------------------------------
def test_a_text_that_is_too_long_stays_in_the_form_and_the_rest_is_saved(site: Site):
    long = "ұзақ " * 5000
    reply = press(site, opened(site), focus__concern_raw=[long], focus__why_me=["Me"])
    assert reply.status == 409
    assert answers(site) == {"why_me": "Me"}
    assert Form(html(reply)).texts()["focus/concern_raw"] == [long]


@pytest.mark.parametrize(
    "do",
    ["", "save:x", "add:", "add:focus", "add:focus/nothing", "add:nothing/values",
     "remove:focus/values/zzzzzz", "item-out:focus/concern_raw:9", "up:focus/values",
     "clear:", "more:", "unknown:focus/values"],
)  # fmt: skip
def test_a_button_of_no_page_of_ours_does_nothing_and_loses_nothing(site: Site, do: str):
    assert press(site, opened(site), do, focus__concern_raw=[WORDS]).status == 303
    assert answers(site) == {"concern_raw": WORDS}


@pytest.mark.parametrize("do", ["go:nothing/there", "lang:xx", "back:focus", "back:other/1"])
def test_an_address_that_is_not_ours_is_refused_after_saving(site: Site, do: str):
    with pytest.raises(HTTPProblem):
        press(site, opened(site), do, focus__concern_raw=[WORDS])
    assert answers(site) == {"concern_raw": WORDS}


def test_a_form_of_too_many_fields_is_refused_whole(site: Site):
    fields = opened(site).texts(focus__concern_raw=[WORDS]) | {"x": [""] * 20_001}
    with pytest.raises(HTTPProblem) as caught:
        form.save(visit(site, OWNER, method="POST", fields=fields, workbook="focus"))
    assert caught.value.status == 400
    assert answers(site) == {}


# -- the buttons at the end -----------------------------------------------------------------------
def test_another_language_keeps_what_was_typed(site: Site):
    assert "lang=kk" in where(press(site, opened(site), "lang:kk", focus__concern_raw=[WORDS]))
    assert answers(site) == {"concern_raw": WORDS}


def test_the_language_of_writing_is_chosen(site: Site):
    press(site, opened(site), writing=["kk"], focus__concern_raw=[WORDS])
    assert site.course.store.read(Subject.person(OWNER), "focus").lang == "kk"


def test_ready_is_said_when_what_is_needed_is_there_and_taken_back(site: Site):
    assert where(press(site, opened(site), "ready")).endswith("/submit")
    press(site, opened(site), focus__concern_raw=[WORDS], focus__who_is_affected=["me"],
          focus__within_my_influence=["4"], **helpers_focus())  # fmt: skip
    for _ in range(2):
        press(site, opened(site), "add:focus/values")
    rows = [row["id"] for row in answers(site)["values"]]
    cells = {
        f"focus/values/{row}/{column}": ["Every child has a voice"]
        for row in rows
        for column in ("value", "what_it_looks_like")
    }
    press(site, opened(site), "ready", **cells)
    assert site.course.store.read(Subject.person(OWNER), "focus").status == "ready"
    press(site, opened(site), "draft")
    assert site.course.store.read(Subject.person(OWNER), "focus").status == "draft"


def helpers_focus() -> dict[str, list[str]]:
    return {f"focus__{name}": [text] for name, text in helpers.FOCUS.items()}


def test_a_workbook_is_checked_and_submitted_by_pages_alone(site: Site):
    press(site, opened(site), focus__concern_raw=["Short"], **helpers_focus())
    look = html(submitting.look(visit(site, OWNER, workbook="focus")))
    assert "Why me?" in look  # it stays with its writer
    assert "names, phone numbers and addresses are not looked for" in look
    assert 'href="/ustaz/workbooks/focus#uz-focus-' in look
    revision = str(site.course.store.read(Subject.person(OWNER), "focus").revision)

    def send(**fields: str) -> Response:
        sent = {"revision": revision, **fields}
        return submitting.send(visit(site, OWNER, method="POST", form=sent, workbook="focus"))

    assert send().status == 200  # something is open: the box first
    assert list(rounds(site.course, OWNER, "focus")) == []
    assert where(send(all="yes")).endswith("/receipt/1#receipt")
    assert len(list(rounds(site.course, OWNER, "focus"))) == 1


def test_what_changed_since_the_check_is_not_submitted_unseen(site: Site):
    helpers.put(site.course, OWNER, "focus", **helpers.FOCUS)
    sent = {"revision": "0", "all": "yes"}
    with pytest.raises(Exception, match="changed"):
        submitting.send(visit(site, OWNER, method="POST", form=sent, workbook="focus"))
    assert list(rounds(site.course, OWNER, "focus")) == []


# -- who ------------------------------------------------------------------------------------------
def test_nobody_writes_where_they_have_left(course: Course, site: Site):
    page = opened(site)
    roster = (course.dir / "people.csv").read_text("utf-8")
    (course.dir / "people.csv").write_text(
        roster.replace("lang,account", "lang,account,status").replace(
            "olga-p,Olga P.,participant,g1,s2,ru,", "olga-p,Olga P.,participant,g1,s2,ru,,withdrawn"
        ),
        "utf-8",
    )
    with pytest.raises(HTTPProblem) as caught:
        press(site, page, focus__concern_raw=[WORDS])
    assert caught.value.id == "withdrawn"
    assert answers(site) == {}


def test_a_page_of_somebody_who_left_the_computer_writes_under_no_other_name(site: Site):
    page = opened(site, person="aigul-s")
    with pytest.raises(HTTPProblem) as caught:
        press(site, page, person=OWNER, focus__concern_raw=[WORDS])
    assert caught.value.id == "other_account"
    assert answers(site) == {} == answers(site, person="aigul-s")


def entering(site: Site, **changed: list[str]) -> Response:
    asked = visit(site, "dina-f", workbook="focus")
    asked.params["person"] = OWNER
    page = Form(html(staff.enter(asked)))
    posted = visit(site, "dina-f", method="POST", workbook="focus",
                   fields=page.texts(**changed) | {"do": ["save"]})  # fmt: skip
    posted.params["person"] = OWNER
    return form.enter(posted)


def test_what_a_facilitator_types_in_is_marked_and_private_answers_are_not_shown(site: Site):
    helpers.put(site.course, OWNER, "focus", why_me="Nobody else reads this")
    asked = visit(site, "dina-f", workbook="focus")
    asked.params["person"] = OWNER
    assert "Nobody else reads this" not in html(staff.enter(asked))
    assert where(entering(site, focus__concern_raw=[WORDS])).startswith(
        "/ustaz/people/olga-p/focus/enter"
    )
    assert answers(site) == {"why_me": "Nobody else reads this", "concern_raw": WORDS}
    assert "Typed in by Dina F." in html(participant.workbook(visit(site, OWNER, workbook="focus")))


def test_a_private_answer_that_a_facilitator_posts_is_refused_and_nothing_changes(site: Site):
    helpers.put(site.course, OWNER, "focus", why_me="Mine")
    reply = entering(site, focus__why_me=["Theirs"], focus__concern_raw=[WORDS])
    assert reply.status == 409
    assert "Mine" not in html(reply)
    assert answers(site) == {"why_me": "Mine"}


@pytest.mark.parametrize("who", ["yerlan-b", "saule-m", "bakhyt-d"])
def test_nobody_else_types_in(site: Site, who: str):
    posted = visit(
        site, who, method="POST", workbook="focus", fields={"do": ["save"], "reader": [who]}
    )
    posted.params["person"] = OWNER
    with pytest.raises(HTTPProblem):
        form.enter(posted)


@pytest.mark.parametrize("who", ["dina-f", "saule-m"])
def test_a_workbook_is_read_by_others_without_a_script_and_without_what_is_private(
    site: Site, who: str
):
    helpers.put(site.course, OWNER, "focus", why_me="Nobody else reads this", concern_raw=WORDS)
    asked = visit(site, who, workbook="focus")
    asked.params["person"] = OWNER
    page = html(staff.reading(asked))
    answers_there = page.partition('id="ustaz-app"')[2].partition("<script")[0]
    assert WORDS in answers_there
    assert "Nobody else reads this" not in page


# -- over HTTP ------------------------------------------------------------------------------------
def test_a_form_without_its_token_comes_back_with_every_word(server: Server):
    visitor = server.browser("nurgul-a")
    page = Form(visitor.get("ustaz/workbooks/focus").text)
    fields = page.texts(focus__concern_raw=[WORDS], focus__who_is_affected=["pupils", "me"])
    fields["_xsrf"] = ["old"]
    reply = visitor.client.post(
        "ustaz/workbooks/focus", data=fields, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert reply.status_code == 403
    again = Form(reply.text.replace("<form method", '<form id="uz-form" method')).texts()
    assert again["focus/concern_raw"] == [WORDS]
    assert again["focus/who_is_affected"] == ["pupils", "me"]


def test_a_form_is_posted_and_read_back(server: Server):
    visitor = server.browser("nurgul-a", lang="kk")
    page = Form(visitor.get("ustaz/workbooks/focus").text)
    reply = visitor.client.post(
        "ustaz/workbooks/focus", data=page.texts(focus__concern_raw=[WORDS]) | {"do": ["save"]}
    )
    assert reply.status_code == 303
    assert Form(visitor.get("ustaz/workbooks/focus").text).texts()["focus/concern_raw"] == [WORDS]
    assert acting_as(server.course, "nurgul-a")
