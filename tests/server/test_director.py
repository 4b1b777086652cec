"""What a director is asked, the school agreement, check-ins: who may, who may not, what is kept."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.server.helpers import LANGUAGES, ROSTER, html, visit
from ustaz.course import Course
from ustaz.exchange.confirmations import standing
from ustaz.messages import translator
from ustaz.schools import agreements, asks, check_ins
from ustaz.server.http import HTTPProblem, Response
from ustaz.server.pages import asks as asking
from ustaz.server.pages import participant
from ustaz.server.pages import schools as pages
from ustaz.server.pages import staff as workbooks
from ustaz.server.site import Site
from ustaz.shares import show

MORE = """\
kairat-f,Kairat F.,facilitator,g9,,en,
other-d,Other D.,director,,s2,en,
link-l,Link L.,director,,s1,en,
reader-r,Reader R.,reviewer,,,en,
"""
ROOT = Path(__file__).parents[2]
SENTENCE = "Please keep Thursday after lesson six free"
TERMS = {
    "do": "write", "school": "s1", "revision": "0", "facilitators": "Dina F.", "link": "",
    "teachers": "10", "weekday": "3", "start": "15:00", "minutes": "120", "place": "Room 7",
    "time": "within_hours",
}  # fmt: skip
STRANGERS = ("olga-p", "kairat-f", "other-d", "reader-r")


@pytest.fixture(autouse=True)
def _roster(course: Course) -> None:
    (course.dir / "people.csv").write_text(ROSTER + MORE, encoding="utf-8")


def ask(site: Site, kind: str = "time", text: str = SENTENCE, person: str = "aigul-s") -> Response:
    form = {"do": "ask", "kind": kind, "text": text}
    return asking.act(visit(site, person, "asks", method="POST", form=form))


def act(site: Site, person: str, **form: str) -> Response:
    return pages.act(visit(site, person, "school", method="POST", form=form))


def school(site: Site, person: str, lang: str = "en", name: str = "s1") -> str:
    return html(pages.school(visit(site, person, "school", lang=lang, query={"school": name})))


def agreement(site: Site, person: str, lang: str = "en", **query: str) -> str:
    query = {"school": "s1", **query}
    return html(pages.agreement(visit(site, person, "school/agreement", lang=lang, query=query)))


def change(site: Site, person: str, keeps: int = 5, **form: str) -> Response:
    fields = {name: [text] for name, text in form.items()} | {
        "keeps": [str(n) for n in range(keeps)]
    }
    return pages.change(visit(site, person, "school/agreement", method="POST", fields=fields))


def confirm(site: Site, person: str, side: str, revision: int = 1, **more: str) -> Response:
    form = {"do": "confirm", "school": "s1", "side": side, "revision": str(revision)}
    return change(site, person, **form, **({"pledge": "yes"} | more))


def only(site: Site, person: str = "aigul-s") -> asks.Ask:
    (known,) = asks.live(site.course, person)
    return known


def home(site: Site, person: str, lang: str = "en") -> str:
    return html(participant.home(visit(site, person, lang=lang)))


def status_of(action: Any, *arguments: Any, **more: Any) -> int:
    with pytest.raises(HTTPProblem) as refused:
        action(*arguments, **more)
    return refused.value.status


# -- asking --------------------------------------------------------------
@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_asked_is_answered_by_one_button_and_seen_with_its_date(
    site: Site, lang: str
) -> None:
    assert ask(site).status == 303
    assert SENTENCE in home(site, "bakhyt-d", lang)
    assert SENTENCE in school(site, "bakhyt-d", lang)
    assert act(site, "bakhyt-d", do="agreed", id=only(site).id).status == 303
    page = home(site, "aigul-s", lang)
    assert SENTENCE in page
    assert "Bakhyt D." in page
    assert "2026" in page.split(SENTENCE)[1]


def test_agreeing_to_a_plan_confirms_it_in_the_plan_and_not_now_takes_that_back(site: Site) -> None:
    ask(site, "plan", "My plan is ready")

    def confirmed() -> bool:
        lines = site.confirmations.entries("aigul-s")
        return "agreed_by_school_link" in standing(site.course.library["action-plan"], lines)

    assert "The plan is not shown to you" in school(site, "bakhyt-d")
    act(site, "bakhyt-d", do="agreed", id=only(site).id)
    assert confirmed()
    act(site, "bakhyt-d", do="not_now", id=only(site).id, text="After the holidays")
    assert not confirmed()
    plan = html(participant.workbook(visit(site, "aigul-s", workbook="action-plan")))
    assert "After the holidays" in plan
    assert "Before: agreed" in html(asking.asking(visit(site, "aigul-s", "asks")))


def test_not_now_needs_a_sentence_and_what_was_typed_is_never_lost(site: Site) -> None:
    ask(site)
    reply = act(site, "bakhyt-d", do="not_now", id=only(site).id, text=" ")
    assert (reply.status, only(site).answer) == (422, "")
    long = "x" * 301
    reply = act(site, "bakhyt-d", do="not_now", id=only(site).id, text=long)
    assert (reply.status, long in html(reply)) == (422, True)
    reply = ask(site, text=long)
    assert (reply.status, long in html(reply)) == (422, True)
    reply = ask(site, "gift", "A sentence that stays <b>")
    assert (reply.status, "A sentence that stays &lt;b&gt;" in html(reply)) == (422, True)


@pytest.mark.parametrize("person", [*STRANGERS, "dina-f", "saule-m", "nurgul-a", "yerlan-b"])
def test_nobody_but_the_director_reads_or_answers_what_is_asked(site: Site, person: str) -> None:
    ask(site)
    assert SENTENCE not in home(site, person)
    if person in STRANGERS:
        assert status_of(school, site, person) == 403
    elif person in ("dina-f", "saule-m"):
        assert SENTENCE not in school(site, person)
    form = {"do": "agreed", "id": only(site).id, "school": "s1"}
    assert status_of(act, site, person, **form) == 403
    assert not only(site).answer


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("bakhyt-d,Bakhyt D.,director,,s1", "bakhyt-d,Bakhyt D.,participant,,s1"),
        ("bakhyt-d,Bakhyt D.,director,,s1", "bakhyt-d,Bakhyt D.,director,,s2"),
        ("aigul-s,Әйгүл С.,participant,g1,s1", "aigul-s,Әйгүл С.,participant,g1,s2"),
    ],
)
def test_a_former_director_and_that_of_a_school_that_was_left_read_nothing(
    site: Site, before: str, after: str
) -> None:
    ask(site)
    (site.course.dir / "people.csv").write_text((ROSTER + MORE).replace(before, after), "utf-8")
    assert SENTENCE not in home(site, "bakhyt-d")
    try:
        reply = act(site, "bakhyt-d", do="agreed", id=asks.read(site.course, "aigul-s")[0].id)
    except HTTPProblem as problem:
        assert problem.status == 403  # noqa: PT017 - by the role that is left, or by what is asked
    else:
        assert reply.status == 422
    assert not asks.read(site.course, "aigul-s")[0].answer


def test_what_is_taken_back_is_gone_at_once_and_can_no_longer_be_answered(site: Site) -> None:
    ask(site)
    known = only(site)
    form = {"do": "withdraw", "id": known.id}
    asking.act(visit(site, "aigul-s", "asks", method="POST", form=form))
    assert SENTENCE not in school(site, "bakhyt-d")
    reply = act(site, "bakhyt-d", do="agreed", id=known.id)
    assert (reply.status, "no longer asked" in html(reply)) == (422, True)


def test_a_director_reads_of_texts_only_what_is_shown_and_nothing_after_it_was_stopped(
    site: Site,
) -> None:
    from tests.server.helpers import put
    from ustaz.shares import end

    put(site.course, "aigul-s", "action-plan", title="The title of a plan")
    ask(site, "plan", "Please read it")
    share, _ = show(
        site.course, "aigul-s", "school_link", workbook="action-plan", what="all", places=["title"]
    )
    assert f"shown/aigul-s/{share.id}" in school(site, "bakhyt-d")
    end(site.course, "aigul-s", share.id)
    page = school(site, "bakhyt-d")
    assert "shown/" not in page
    assert "The title of a plan" not in page


def test_a_teacher_without_a_director_is_told_so(site: Site) -> None:
    roster = (ROSTER + MORE).replace("Other D.,director", "Other D.,reviewer")
    (site.course.dir / "people.csv").write_text(roster, encoding="utf-8")
    page = html(asking.asking(visit(site, "olga-p", "asks")))
    assert "names no director of your school" in page
    assert ask(site, person="olga-p").status == 422


# -- the agreement --------------------------------------------------------------
def test_an_agreement_is_confirmed_by_both_and_a_change_asks_both_again(site: Site) -> None:
    assert change(site, "dina-f", **(TERMS | {"link": "A. K."})).status == 303
    assert confirm(site, "bakhyt-d", "director").status == 303
    assert "Not yet confirmed by everybody" in agreement(site, "aigul-s")
    assert confirm(site, "bakhyt-d", "link").status == 422  # one person is not both
    assert confirm(site, "dina-f", "director").status == 422
    assert confirm(site, "dina-f", "link").status == 303
    page = agreement(site, "aigul-s")
    assert "It holds for this year" in page
    assert "Written down by" in page
    assert agreements.PLEDGE in page
    assert "<form" not in page
    changed = TERMS | {"link": "A. K.", "place": "Room 8", "revision": "1"}
    assert change(site, "bakhyt-d", **changed).status == 303
    assert "Not yet confirmed by everybody" in agreement(site, "saule-m")
    assert confirm(site, "link-l", "director", revision=1).status == 422
    assert confirm(site, "link-l", "link", revision=2).status == 303


def test_without_a_link_the_director_alone_confirms_and_never_without_the_pledge(
    site: Site,
) -> None:
    change(site, "bakhyt-d", **TERMS)
    reply = confirm(site, "bakhyt-d", "director", pledge="")
    assert (reply.status, "cannot be left out" in html(reply)) == (422, True)
    confirm(site, "bakhyt-d", "director")
    known = agreements.current(site.course, "s1")
    assert known is not None
    assert known.agreed


def test_an_agreement_is_ended_and_written_anew_for_the_next_year(site: Site) -> None:
    change(site, "bakhyt-d", **TERMS)
    confirm(site, "bakhyt-d", "director")
    change(site, "bakhyt-d", do="end", school="s1", text="The year is over")
    assert "The year is over" in agreement(site, "aigul-s")
    assert 'value="Room 7"' in agreement(site, "bakhyt-d", write="1")
    assert change(site, "bakhyt-d", **TERMS).status == 303
    first, second = reversed(agreements.history(site.course, "s1"))
    assert (first.number, second.number, second.agreed) == (1, 2, False)
    assert set(first.words) == {"director"}
    assert "Year 1" in agreement(site, "aigul-s")


@pytest.mark.parametrize(
    "wrong",
    [{"teachers": "3"}, {"teachers": "1e9"}, {"minutes": "151"}, {"start": "25:00"},
     {"time": "never"}, {"weekday": "7"}, {"place": "x" * 121}],
)  # fmt: skip
def test_terms_that_do_not_fit_are_refused_whole_and_stand_in_the_form(
    site: Site, wrong: dict[str, str]
) -> None:
    reply = change(site, "bakhyt-d", **(TERMS | {"facilitators": "A & B"} | wrong))
    assert (reply.status, 'value="A &amp; B"' in html(reply)) == (422, True)
    assert agreements.current(site.course, "s1") is None
    assert change(site, "bakhyt-d", keeps=4, **TERMS).status == 422


def test_two_who_write_at_once_do_not_overwrite_each_other(site: Site) -> None:
    change(site, "bakhyt-d", **TERMS)
    reply = change(site, "dina-f", **(TERMS | {"place": "Room 9"}))
    assert (reply.status, "Room 9" in html(reply)) == (422, True)


@pytest.mark.parametrize("person", STRANGERS)
def test_strangers_neither_read_nor_write_an_agreement(site: Site, person: str) -> None:
    change(site, "bakhyt-d", **TERMS)
    assert status_of(agreement, site, person) == 403
    assert status_of(change, site, person, **TERMS) == 403
    assert status_of(confirm, site, person, "director") == 403


@pytest.mark.parametrize("person", ["aigul-s", "saule-m"])
def test_teachers_and_staff_read_an_agreement_and_do_not_change_it(site: Site, person: str) -> None:
    assert status_of(change, site, person, **TERMS) == 403
    assert (
        status_of(act, site, person, school="s1", do="check_in", day="2026-11-20", text="x") == 403
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_and_the_sheet_to_print_have_the_same_words(site: Site, lang: str) -> None:
    from babel.messages.pofile import read_po

    sheet = (ROOT / "facilitator_notes/handouts/agreement.md").read_text(encoding="utf-8")
    texts = re.findall(r"^- ☐ (.+)$", sheet, re.MULTILINE)
    assert tuple(texts) == agreements.COMMITMENTS
    assert agreements.PLEDGE in " ".join(sheet.split())
    if lang == "en":
        return
    book = ROOT / f"locale/{lang}/LC_MESSAGES/book/notes/handouts/agreement.po"
    with book.open("rb") as file:
        translated = {message.id: message.string for message in read_po(file)}
    ours = translator(lang)
    for text in texts:
        said = ours.gettext(text).replace("\u00a0", " ")
        assert f"☐ {said}" == translated[f"☐ {text}"].replace("\u00a0", " ")


# -- meetings and check-ins --------------------------------------------------------------
@pytest.mark.parametrize("lang", LANGUAGES)
def test_check_ins_are_written_by_either_side_and_read_by_both(site: Site, lang: str) -> None:
    form = {"do": "check_in", "day": "2026-11-20", "school": "s1"}
    assert act(site, "dina-f", **form, text="The hour is kept free").status == 303
    assert act(site, "bakhyt-d", **form, text="A key for room 7").status == 303
    for person in ("dina-f", "bakhyt-d"):
        page = school(site, person, lang)
        assert "The hour is kept free" in page
        assert "A key for room 7" in page
        # What one wrote down oneself is struck out by a second press; two of two fold the form.
        assert page.count("<details><summary>") == 2
    staff = school(site, "saule-m", lang)
    assert "A key" not in staff
    assert "2026" in staff
    mine = check_ins.read(site.course, "s1")[0]
    act(site, "bakhyt-d", do="strike", id=mine.id, school="s1")
    assert len(check_ins.read(site.course, "s1")) == 2  # it is not the director's line
    act(site, "dina-f", do="strike", id=mine.id, school="s1")
    assert len(check_ins.read(site.course, "s1")) == 1


@pytest.mark.parametrize("wrong", [{"day": "2026-11-24"}, {"day": "?"}, {"text": "y" * 601}])
def test_a_check_in_that_does_not_fit_is_refused_and_kept_in_the_form(
    site: Site, wrong: dict[str, str]
) -> None:
    form = {
        "do": "check_in",
        "school": "s1",
        "day": "2026-11-20",
        "text": "Words that stay",
    } | wrong
    reply = act(site, "bakhyt-d", **form)
    assert (reply.status, form["text"] in html(reply)) == (422, True)
    assert not check_ins.read(site.course, "s1")


def test_a_withdrawn_director_reads_and_writes_nothing(site: Site) -> None:
    ask(site)
    head = "person,name,role,group,school,lang,account\n"
    roster = (ROSTER + MORE).replace(head, head.replace("\n", ",status\n"))
    lines = [
        f"{line},withdrawn" if line.startswith("bakhyt-d") else f"{line}," if at else line
        for at, line in enumerate(roster.splitlines())
    ]
    (site.course.dir / "people.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert status_of(school, site, "bakhyt-d") == 403
    assert status_of(act, site, "bakhyt-d", do="agreed", id=only(site).id) == 403


def test_the_plan_page_of_a_facilitator_has_no_way_to_the_director(site: Site) -> None:
    ask(site, "plan", "Only for the director")
    request = visit(site, "dina-f", person="aigul-s", workbook="action-plan")
    assert "Only for the director" not in html(workbooks.enter(request))
