"""Remarks beside answers: who writes and reads them, what they are about, what is kept."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.server.helpers import LANGUAGES, html, make_course, put, visit, write
from tests.support.courses import NOW
from ustaz.course import Course
from ustaz.enrolment import substitute
from ustaz.server.http import HTTPProblem
from ustaz.server.pages import form, messages, participant, remarks, staff
from ustaz.server.site import Site
from ustaz.threads import Thread, Threads, drafts

ANSWER = "Pupils <i>explain</i> little, and I talk most of the time"
TEXT = "canary <b>сәлем</b>: which class is this about?"
SHOWN = "canary &lt;b&gt;сәлем&lt;/b&gt;"
ROW = "ab12cd34ef56"
PLACE = "remark:aigul-s/focus/concern_raw"


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    monkeypatch.setenv("USTAZ_NOW", NOW)
    made = make_course(tmp_path / "course")
    put(made, "aigul-s", "focus", concern_raw=ANSWER, why_me="canary-private")
    return made


def batch() -> str:
    batch.count = getattr(batch, "count", 0) + 1  # type: ignore[attr-defined]
    return f"{batch.count:012x}"  # type: ignore[attr-defined]


def remark(site: Site, text: str = TEXT, to: str = PLACE, who: str = "dina-f", **more: str) -> str:
    """Write a remark; return the id of its thread, or the page that refuses it."""
    fields = {"do": "say", "to": to, "sort": "question", "text": text, "batch": batch(), **more}
    person, _, rest = to.removeprefix("remark:").partition("/")
    params = {"person": person, "workbook": rest.partition("/")[0]}
    reply = remarks.write(visit(site, who, "x", method="POST", form=fields, **params))
    sent = re.search(r"#r-([0-9a-f]{12})", reply.headers.get("Location", ""))
    return sent[1] if sent else html(reply)


def act(site: Site, who: str, thread: str, do: str, **fields: str) -> str:
    request = visit(
        site, who, "m", method="POST", form={"do": do, "batch": batch(), **fields}, thread=thread
    )
    return messages.act(request).headers.get("Location", "")


def workbook(site: Site, who: str = "aigul-s", lang: str = "en") -> str:
    request = visit(site, who, "workbooks/focus", lang=lang, workbook="focus")
    return html(participant.workbook(request))


def reading(site: Site, who: str = "dina-f", lang: str = "en") -> str:
    params = {"person": "aigul-s", "workbook": "focus"}
    query = {"remarks": "1"}
    request = visit(site, who, "people/aigul-s/focus", lang=lang, query=query, **params)
    return html(staff.reading(request))


def home(site: Site, who: str) -> str:
    return html(participant.home(visit(site, who)))


def stored(site: Site, id: str) -> Thread:
    thread = Threads(site.course.dir).get(id)
    assert thread is not None
    return thread


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_remark_stands_beside_its_field_and_is_new_on_home_until_it_was_seen(
    site: Site, lang: str
) -> None:
    id = remark(site)
    new = home(site, "aigul-s")
    assert f"#r-{id}" in new
    assert "wrote beside your answer: " in new
    assert SHOWN not in new
    page = workbook(site, lang=lang)
    beside = page.index('data-remarks="uz-focus-concern_raw"')
    assert page.index('name="focus/concern_raw"') < beside < page.index(SHOWN)
    assert "Pupils &lt;i&gt;explain" in page
    assert "uzr-about" not in page  # the answer stands right above
    assert f"#r-{id}" not in home(site, "aigul-s")
    assert SHOWN in reading(site, lang=lang)


def test_it_is_answered_there_and_marked_as_dealt_with(site: Site) -> None:
    id = remark(site)
    back = site.url("workbooks", "focus")
    assert act(site, "aigul-s", id, "say", text="It is about class 5", back=back).startswith(back)
    assert "It is about class 5" in reading(site)
    assert act(site, "aigul-s", id, "settle", back="https://elsewhere.kz/").startswith(site.base)
    assert stored(site, id).settled[0] == "aigul-s"
    assert "Dealt with" in reading(site)
    act(site, "dina-f", id, "reopen")
    assert stored(site, id).settled == ()
    act(site, "aigul-s", id, "settle", text="We spoke about it on Friday")
    assert len(stored(site, id).messages) == 3


def test_without_a_script_an_answer_saves_the_page_first(site: Site) -> None:
    id = remark(site)
    page = workbook(site)
    assert f'value="remark:{id}"' in page
    fields = {
        "reader": ["aigul-s"], "batch": ["a" * 12], "do": [f"remark:{id}"],
        "revision/focus": ["1"], "focus/concern_raw": ["Typed and not saved before"],
    }  # fmt: skip
    request = visit(site, "aigul-s", "w", method="POST", fields=fields, workbook="focus")
    assert form.save(request).headers["Location"] == site.url("messages", id) + "#answer"
    assert "Typed and not saved before" in reading(site)


def test_it_says_what_became_of_the_answer(site: Site) -> None:
    path, value = ["steps", ROW], {"action": "Talk in pairs"}
    added = {"op": "add_row", "path": path, "after": None, "value": value}
    write(site.course, "aigul-s", "action-plan", [added])
    id = remark(site)
    row = remark(site, to=f"remark:aigul-s/action-plan/steps/{ROW}")
    assert "changed since" not in workbook(site)
    put(site.course, "aigul-s", "focus", concern_raw="Another answer altogether")
    for page in (workbook(site), reading(site)):
        assert "The answer has changed since." in page
        assert "Pupils &lt;i&gt;explain" in page
        assert "Show all" not in page
    put(site.course, "aigul-s", "focus", concern_raw="A quotation is read at a glance. " * 8)
    remark(site)
    assert "Show all" in reading(site)
    write(site.course, "aigul-s", "action-plan", [{"op": "remove_row", "path": path}])
    page = html(participant.workbook(visit(site, "aigul-s", "w", workbook="action-plan")))
    assert "This answer is no longer there." in page
    assert "Talk in pairs" in page
    thread = html(messages.thread(visit(site, "aigul-s", "m", thread=row)))
    assert "This answer is no longer there." in thread
    file = Threads(site.course.dir).ledger.path(id)
    lines = file.read_text(encoding="utf-8")
    file.write_text(lines.replace("concern_raw", "a_question_of_before"), encoding="utf-8")
    page = workbook(site)
    assert "This question is no longer in the workbook." in page
    assert SHOWN in page


def test_what_the_facilitator_may_not_read_has_no_place_for_a_remark(site: Site) -> None:
    page = reading(site)
    assert PLACE in page
    assert "/why_me" not in page
    refused = remark(site, to="remark:aigul-s/focus/why_me")
    assert 'role="alert"' in refused
    assert SHOWN in refused
    assert not list(Threads(site.course.dir))


@pytest.mark.parametrize("who", ["olga-p", "bakhyt-d", "saule-m", "yerlan-b", "aigul-s"])
def test_nobody_but_the_own_facilitator_writes_one(site: Site, who: str) -> None:
    with pytest.raises(HTTPProblem) as refused:
        remark(site, who=who)
    assert (refused.value.status, refused.value.id) == (403, "not_yours")
    assert not list(Threads(site.course.dir))


@pytest.mark.parametrize("who", ["olga-p", "bakhyt-d", "saule-m", "yerlan-b"])
def test_nobody_else_reads_or_answers_one(site: Site, who: str) -> None:
    id = remark(site)
    params = {"person": "aigul-s", "workbook": "focus"}
    for request in (
        lambda: messages.thread(visit(site, who, "m", thread=id)),
        lambda: act(site, who, id, "say", text=TEXT),
        lambda: act(site, who, id, "settle"),
        lambda: remarks.of_workbook(visit(site, who, "r", **params)),
    ):
        with pytest.raises(HTTPProblem) as refused:
            request()
        assert (refused.value.status, refused.value.id) == (403, "not_yours")
    assert "canary" not in html(remarks.listing(visit(site, who, "remarks")))
    assert stored(site, id).settled == ()


def test_staff_who_read_the_workbook_do_not_read_its_remarks(site: Site) -> None:
    remark(site)
    page = reading(site, "saule-m")
    assert "Pupils" in page
    assert "canary" not in page
    assert "data-new-remark" not in page


def test_a_substitute_goes_on_where_the_facilitator_stopped(site: Site) -> None:
    id = remark(site)
    people = site.course.dir / "people.csv"
    text = people.read_text(encoding="utf-8")
    people.write_text(text + "natalya-v,Natalya V.,facilitator,g2,,ru,\n", encoding="utf-8")
    today = site.course.today()
    with pytest.raises(HTTPProblem):
        reading(site, "natalya-v")
    substitute(site.course, "g1", "natalya-v", today, today, by="saule-m")
    assert SHOWN in reading(site, "natalya-v")
    act(site, "natalya-v", id, "say", text="I read it for Dina this week")
    assert "I read it for Dina this week" in workbook(site)


@pytest.mark.parametrize("text", ["short", "x" * 2001, "signs \x00 that nobody sees"])
def test_what_is_refused_changes_nothing_and_stands_on_the_page(site: Site, text: str) -> None:
    assert 'role="alert"' in remark(site, text)
    assert 'role="alert"' in remark(site, to="remark:aigul-s/focus/no_such_place")
    assert 'role="alert"' in remark(site, sort="verdict")
    assert not list(Threads(site.course.dir))


def test_a_begun_remark_comes_back_and_goes_when_it_is_sent(site: Site) -> None:
    remark(site, do="draft")
    assert SHOWN in reading(site)
    listing = html(messages.listing(visit(site, "dina-f", "messages")))
    assert site.url("people", "aigul-s", "focus") + "#remark" in listing
    assert SHOWN not in html(messages.listing(visit(site, "aigul-s", "messages")))
    remark(site)
    assert drafts.read(site.course.dir, "dina-f") == {}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_both_sides_take_them_along_as_a_file(site: Site, lang: str) -> None:
    id = remark(site)
    act(site, "aigul-s", id, "say", text="It is about class 5")
    for who in ("aigul-s", "dina-f"):
        request = visit(site, who, "remarks", lang=lang, query={"file": "1"})
        reply = remarks.listing(request)
        page = html(reply)
        assert "attachment" in reply.headers["Content-Disposition"]
        assert SHOWN in page
        assert "It is about class 5" in page
        assert "<form" not in page


def test_an_export_holds_own_words_and_an_erasure_takes_what_is_about_the_member(
    site: Site,
) -> None:
    id = remark(site)
    store = Threads(site.course.dir)
    (mine,) = [lines for _, lines in store.lines_of("aigul-s")]
    assert any(line.get("text") == TEXT for line in mine)
    (theirs,) = [lines for _, lines in store.lines_of("dina-f")]
    assert "Pupils" not in str(theirs)
    assert "aigul-s" not in str(theirs)
    store.erase("dina-f", "former-facilitator")
    assert [message.text for message in stored(site, id).messages] == [""]
    assert stored(site, id).anchor.quote  # type: ignore[union-attr]
    store.erase("aigul-s", "former-member")
    assert store.get(id) is None
