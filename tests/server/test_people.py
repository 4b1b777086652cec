"""The pages about people: who gets there, what each does, and what statuses open and close."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.server import contract, helpers
from tests.server.helpers import Browser, Server, html
from ustaz import enrolment
from ustaz.course import Course
from ustaz.course.identity import acting_as, from_account
from ustaz.enrolment.parsing_process import Parsed
from ustaz.exchange import submit
from ustaz.server.http import HTTPProblem, Upload
from ustaz.server.pages import lists, participant, people, reviewer
from ustaz.server.pages.uploads import KEPT_SECONDS, Uploads
from ustaz.server.site import Site
from ustaz.server.views import director, homes, staff_overview
from ustaz.server.views.pseudonyms import pseudonym

API = "ustaz/api/v1/"
ROSTER = (
    helpers.ROSTER
    + """\
timur-r,Timur R.,facilitator,g2,,kk,
rahat-e,Rahat E.,reviewer,,,ru,
ops-1,Ops,operator,,,en,
left-p,Left P.,participant,g1,s1,en,
leave-p,Leave P.,participant,g1,s1,en,
left-s,Left S.,staff participant,,,en,
"""
)
PEOPLE = (
    "aigul-s", "yerlan-b", "dina-f", "timur-r", "bakhyt-d", "saule-m", "rahat-e", "ops-1",
    "left-p", "leave-p", "left-s",
)  # fmt: skip


def made(folder: Path) -> Course:
    course = helpers.make_course(folder)
    (folder / "people.csv").write_text(ROSTER, encoding="utf-8")
    return course


def settled(course: Course) -> None:
    """Let three people submit, one leave for a time and two leave for good."""
    for person in ("aigul-s", "left-p", "leave-p"):
        helpers.put(course, person, "focus", **helpers.FOCUS)
        submit(course, person, "focus", identity=acting_as(course, person))
    helpers.put(course, "olga-p", "focus", focus_statement="A draft that nobody has sent")
    enrolment.set_status(course, "left-p", "withdrawn", by="saule-m")
    enrolment.set_status(course, "left-s", "withdrawn", by="saule-m")
    enrolment.set_status(course, "leave-p", "leave", by="saule-m")
    enrolment.substitute(
        course, "g2", "dina-f", course.today(), course.today(), by="saule-m", how="page"
    )


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("people")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("USTAZ_NOW", helpers.NOW)
        course = made(home / "course")
        settled(course)
    with Server(course, home) as server:
        yield server


@pytest.fixture(scope="module")
def browsers(running: Server) -> dict[str, Browser]:
    return {person: running.browser(person) for person in PEOPLE}


@pytest.fixture
def busy(tmp_path: Path, _fixed_now: None) -> Iterator[Site]:
    site = Site(made(tmp_path / "course"), book_dir=tmp_path / "site")
    settled(site.course)
    yield site
    site.pool.shutdown()


# -- who gets where -------------------------------------------------------------------------------
STAFF, ALSO = ("saule-m",), ("saule-m", "ops-1")
#: address: who gets it; everybody else is refused with 403
GET: dict[str, tuple[str, ...]] = {
    "ustaz/": PEOPLE,
    "ustaz/staff/people": ALSO,
    "ustaz/staff/people?q=aigul": ALSO,
    "ustaz/staff/people/olga-p": ALSO,
    "ustaz/staff/roster": ALSO,
    "ustaz/staff/join": ALSO,
    "ustaz/people/olga-p/focus": ("saule-m", "dina-f"),
    "ustaz/people/yerlan-b/focus": ("saule-m", "timur-r", "dina-f"),
    "ustaz/people/left-p/focus": STAFF,
    "ustaz/people/leave-p/focus": ("saule-m", "dina-f"),
    "ustaz/rounds/aigul-s/focus/1": STAFF,
    "ustaz/rounds/leave-p/focus/1": STAFF,
    f"{API}workbooks/focus?person=olga-p": ("saule-m", "dina-f"),
    f"{API}workbooks/focus?person=yerlan-b": ("saule-m", "timur-r", "dina-f"),
    f"{API}workbooks/focus?person=left-p": STAFF,
    f"{API}workbooks/focus/answers?person=olga-p": ("saule-m", "dina-f"),
    f"{API}workbooks/focus/rounds/1?person=aigul-s": ("saule-m", "dina-f"),
    f"{API}workbooks/focus/history?person=olga-p": (),
    f"{API}staff/overview": ALSO,
    f"{API}staff/run": ALSO,
    f"{API}me": PEOPLE,
    f"{API}home": PEOPLE,
    f"{API}workbooks/focus": PEOPLE,
}
OWN = {
    "ustaz/people/yerlan-b/focus": "yerlan-b",
    "ustaz/people/left-p/focus": "left-p",
    "ustaz/people/leave-p/focus": "leave-p",
    f"{API}workbooks/focus?person=yerlan-b": "yerlan-b",
    f"{API}workbooks/focus?person=left-p": "left-p",
    f"{API}workbooks/focus/rounds/1?person=aigul-s": "aigul-s",
}


@pytest.mark.parametrize("address", GET)
def test_only_those_who_may_read_an_address_get_it(browsers: dict[str, Browser], address: str):
    for person, one in browsers.items():
        status = one.get(address).status_code
        if OWN.get(address) == person:
            assert status in {200, 303}, person
        else:
            assert status == (200 if person in GET[address] else 403), person


@pytest.mark.parametrize(
    "address",
    [
        "ustaz/staff/people/olga-p/change",
        "ustaz/staff/roster",
        "ustaz/staff/join",
        f"ustaz/staff/roster/{'0' * 32}",
        f"ustaz/staff/roster/{'0' * 32}/columns",
    ],
)
def test_only_staff_and_operators_change_people(
    browsers: dict[str, Browser], running: Server, address: str
):
    before = (running.course.dir / "people.csv").read_bytes()
    for person, one in browsers.items():
        if person not in ALSO:
            assert one.form(address, do="move", group="g9").status_code == 403, person
    for headers in ({}, {"X-XSRFToken": "2|00000000|0000|1700000000"}):
        reply = browsers["saule-m"].client.request(
            "POST", address, headers=headers, data={"do": "move", "group": "g9"}
        )
        assert reply.status_code == 403
    assert (running.course.dir / "people.csv").read_bytes() == before


@pytest.mark.parametrize(
    "address",
    [
        "ustaz/rounds/{}/focus/1",
        "ustaz/people/{}/focus",
        f"{API}workbooks/focus?person={{}}",
        f"{API}workbooks/focus/rounds/1?person={{}}",
    ],
)
@pytest.mark.parametrize("person", ["aigul-s", "dina-f", "bakhyt-d", "rahat-e", "ops-1", "left-s"])
def test_a_stranger_and_somebody_who_does_not_exist_look_the_same(
    browsers: dict[str, Browser], person: str, address: str
):
    """`yerlan-b` of the other group has submitted nothing, `left-p` has left."""
    kinds = ["left-p"] if person == "dina-f" else ["yerlan-b", "left-p"]
    invented = browsers[person].get(address.format("no-such-person"))
    for stranger in kinds:
        real = browsers[person].get(address.format(stranger))
        assert real.status_code == invented.status_code
        assert real.text.replace(stranger, "no-such-person") == invented.text


# -- statuses -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("method", "address", "body"),
    [
        ("PATCH", f"{API}workbooks/focus/answers", {}),
        ("POST", f"{API}workbooks/focus/submit", {}),
        ("POST", f"{API}workbooks/focus/restore", {"revision": 0}),
    ],
)
@pytest.mark.parametrize("lang", helpers.LANGUAGES)
def test_who_has_left_reads_and_is_told_that_nothing_is_lost(
    browsers: dict[str, Browser], method: str, address: str, body: dict[str, Any], lang: str
):
    one = browsers["left-p"]
    reply = contract.check(one.request(method, f"{address}?lang={lang}", json=body))
    assert (reply.status_code, reply.json()["error"]) == (403, "withdrawn")
    said = {"en": "Nothing is lost", "ru": "Ничего не потеряно", "kk": "Ештеңе жоғалған жоқ"}[lang]
    assert said in reply.json()["hint"]
    page = one.get(f"ustaz/workbooks/focus?lang={lang}")
    assert page.status_code == 200
    assert helpers.FOCUS["focus_statement"] in page.text
    assert '"mode":"read"' in page.text
    assert said in page.text
    assert said in one.get("ustaz/").text
    one.get("ustaz/?lang=en")


def test_who_has_left_still_reads_every_page_of_their_own(browsers: dict[str, Browser]):
    for address in (
        "ustaz/",
        "ustaz/workbooks/focus",
        "ustaz/workbooks/focus/receipt/1",
        "ustaz/people/left-p/focus",
        f"{API}workbooks/focus",
        f"{API}workbooks/focus/answers",
        f"{API}workbooks/focus/history",
        f"{API}workbooks/focus/rounds/1",
    ):
        assert browsers["left-p"].get(address).status_code in {200, 303}, address
    assert contract.check(browsers["left-p"].get(f"{API}workbooks/focus")).json()["mode"] == "read"


def test_who_is_on_leave_goes_on_writing_and_nothing_is_due(busy: Site):
    helpers.put(busy.course, "leave-p", "focus", focus_statement="More")
    page = html(participant.home(helpers.visit(busy, "leave-p")))
    assert "You are on leave" in page
    assert "Due" not in page
    assert "The date was" not in page
    assert html(participant.workbook(helpers.visit(busy, "leave-p", workbook="focus"))).count(
        '"mode":"edit"'
    )


def test_a_staff_member_who_has_left_keeps_their_own_pages_and_no_right(busy: Site):
    who = acting_as(busy.course, "left-s")
    assert (who.roles, who.status) == (frozenset({"participant"}), "withdrawn")
    assert from_account(busy.course, "left-s").roles == frozenset({"participant"})


def test_nobody_submits_for_somebody_who_has_left(busy: Site):
    from ustaz.exchange import Refused

    for by in ("left-p", "saule-m"):
        with pytest.raises(Refused) as error:
            submit(busy.course, "left-p", "focus", identity=acting_as(busy.course, by))
        assert error.value.id == "withdrawn"


def test_who_has_left_or_is_on_leave_is_not_counted(busy: Site):
    focus = staff_overview.overview(busy.course)[0]
    assert (focus["people"], focus["on_leave"], focus["submitted"]) == (4, 1, 1)
    rows = {row["person"]: row["status"] for row in focus["rows"]}
    assert rows["leave-p"] == "leave"
    assert not {"left-p", "left-s"} & rows.keys()
    away = staff_overview.away(busy.course)
    assert [one.person for one in away["leave"]] == ["leave-p"]
    assert [one.person for one in away["withdrawn"]] == ["left-p", "left-s"]
    head = acting_as(busy.course, "bakhyt-d")
    counted = [one.person for one in director.colleagues(busy, head)]
    assert len(counted) == 3
    assert not {"leave-p", "left-p", "left-s"} & set(counted)
    # Of three people no number is said.
    assert director.director(busy, head, busy.words("en"))["people"] is None


def test_a_facilitator_sees_leave_and_not_who_has_left(busy: Site):
    page = html(participant.home(helpers.visit(busy, "dina-f")))
    assert "Leave P." in page
    assert "On leave" in page
    assert "Left P." not in page


def test_a_confirmation_about_somebody_who_has_left_is_refused(busy: Site):
    from ustaz.server.access import may_confirm

    who = acting_as(busy.course, "dina-f")
    assert may_confirm(busy.course, who, "leave-p", "facilitator")
    assert not may_confirm(busy.course, who, "left-p", "facilitator")
    link = acting_as(busy.course, "bakhyt-d")
    assert not may_confirm(busy.course, link, "left-p", "school_link")


def test_confirmations_of_the_old_facilitator_stay_with_their_name_after_a_move(busy: Site):
    from ustaz.server.views import confirmations

    field = "focus_agreed_with_facilitator"
    confirmations.record(
        busy.confirmations, busy.course, acting_as(busy.course, "dina-f"),
        about="aigul-s", workbook="focus", field=field, value=True,
    )  # fmt: skip
    enrolment.end_substitution(busy.course, "g2", "dina-f", by="saule-m")
    enrolment.move(busy.course, "aigul-s", "g2", by="saule-m")
    (kept,) = confirmations.current(busy.confirmations, busy.course, "aigul-s", "focus")
    assert (kept["by"], kept["by_name"]) == ("dina-f", "Dina F.")
    own = {one.person.person for one in homes.group(busy, acting_as(busy.course, "timur-r"))}
    assert own == {"aigul-s", "yerlan-b"}
    with pytest.raises(HTTPProblem) as refusal:
        confirmations.record(
            busy.confirmations, busy.course, acting_as(busy.course, "dina-f"),
            about="aigul-s", workbook="focus", field=field, value=False,
        )  # fmt: skip
    assert refusal.value.id == "not_yours"


def test_both_facilitators_are_told_of_a_substitution(busy: Site):
    mine = html(participant.home(helpers.visit(busy, "dina-f")))
    assert "You stand in for the group" in mine
    assert "Yerlan B." in mine
    theirs = html(participant.home(helpers.visit(busy, "timur-r")))
    assert "stands in for your group" in theirs
    assert "Dina F." in theirs


# -- reviewers and operators ----------------------------------------------------------------------
def test_a_reviewer_reads_rounds_newest_first_without_names_or_drafts(busy: Site):
    page = html(participant.home(helpers.visit(busy, "rahat-e")))
    for name in ("Әйгүл С.", "Leave P.", "Left P.", "left-p", "olga-p"):
        assert name not in page
    listed = reviewer.submitted(busy.course, "rahat-e", busy.words("en"))
    known = {pseudonym(busy.course, "rahat-e", one) for one in ("aigul-s", "leave-p")}
    assert {one["person"] for one in listed} == known
    assert [one["received_at"] for one in listed] == sorted(
        (one["received_at"] for one in listed), reverse=True
    )
    alias = pseudonym(busy.course, "rahat-e", "aigul-s")
    visit = helpers.visit(busy, "rahat-e", person=alias, workbook="focus", round="1")
    shown = html(reviewer.round_page(visit))
    assert helpers.FOCUS["focus_statement"] in shown
    for name in ("Әйгүл С.", "aigul-s"):
        assert name not in shown


def test_a_private_answer_reaches_no_reviewer(busy: Site):
    helpers.put(busy.course, "nurgul-a", "focus", why_me="Only for me", **helpers.FOCUS)
    submit(busy.course, "nurgul-a", "focus", identity=acting_as(busy.course, "nurgul-a"))
    private = {
        one.id for one in busy.course.library["focus"].fields if "staff" not in one.audiences
    }
    assert "why_me" in private
    alias = pseudonym(busy.course, "rahat-e", "nurgul-a")
    visit = helpers.visit(busy, "rahat-e", person=alias, workbook="focus", round="1")
    assert "Only for me" not in html(reviewer.round_page(visit))
    from ustaz.server.api import answers

    query = {"person": alias}
    call = helpers.visit(busy, "rahat-e", query=query, workbook="focus", round="1")
    assert b"Only for me" not in answers.round_(call).body


def test_an_operator_gets_counts_and_never_a_link_to_a_text(busy: Site):
    page = html(participant.home(helpers.visit(busy, "ops-1")))
    assert "staff/people" in page
    assert "/people/aigul-s/focus" not in page
    assert "formgrader" not in page
    staffs = html(participant.home(helpers.visit(busy, "saule-m")))
    assert "/people/aigul-s/focus" in staffs
    assert "formgrader" in staffs


def test_the_calls_keep_their_contract(browsers: dict[str, Browser]):
    for person in PEOPLE:
        for address in ("me", "home"):
            assert contract.check(browsers[person].get(API + address)).status_code == 200
    assert contract.check(browsers["saule-m"].get(f"{API}staff/overview")).status_code == 200
    me = browsers["dina-f"].get(f"{API}me").json()["person"]
    assert (me["group"], me["groups"], me["status"]) == ("g1", ["g1", "g2"], "active")


# -- the pages of people --------------------------------------------------------------------------
def test_people_are_shown_by_group_and_found_in_any_alphabet(busy: Site):
    page = html(people.people(helpers.visit(busy, "saule-m")))
    for word in (
        "Group <bdi>g1</bdi>",
        "Stands in at present",
        "Left the course",
        "Without a group",
    ):
        assert word in page
    found = html(people.people(helpers.visit(busy, "saule-m", query={"q": "AIGUL"})))
    assert "Әйгүл С." in found
    assert "Olga P." not in found
    assert "1 person found." in found
    none = html(people.people(helpers.visit(busy, "saule-m", query={"q": "zzz<b>"})))
    assert "Nobody is found with this text." in none
    assert "zzz&lt;b&gt;" in none


def act(site: Site, person: str, **form: str) -> Any:
    visit = helpers.visit(site, "saule-m", method="POST", form=form, person=person)
    return people.change(visit)


def test_what_the_page_does_can_be_undone_on_it(busy: Site):
    for form in (
        {"do": "move", "group": "g2"},
        {"do": "leave"},
        {"do": "return"},
        {"do": "withdraw"},
        {"do": "return"},
    ):
        assert act(busy, "nurgul-a", **form).status == 303
    assert act(busy, "timur-r", do="substitute", group="g1", start="2026-11-23", end="2026-12-01")
    page = html(people.person(helpers.visit(busy, "saule-m", person="nurgul-a")))
    for word in ("moved from the group g1 to g2", "went on leave", "left the course", "Saule M."):
        assert word in page
    assert busy.course.groups_of("timur-r") == ("g2", "g1")
    act(busy, "nurgul-a", do="move", group="g1")
    number = enrolment.history(busy.course, "nurgul-a")[-1].number
    act(busy, "nurgul-a", do="undo", number=str(number))
    assert busy.course.person("nurgul-a").group == "g2"
    number = enrolment.history(busy.course, "timur-r")[-1].number
    act(busy, "timur-r", do="undo", number=str(number))
    assert busy.course.groups_of("timur-r") == ("g2",)


def test_a_refused_change_says_why_on_the_same_page_and_keeps_what_was_typed(busy: Site):
    reply = act(busy, "nurgul-a", do="move", group="<b>")
    assert reply.status == 422
    assert "This cannot be the name of a group." in html(reply)
    assert 'value="&lt;b&gt;"' in html(reply)
    reply = act(busy, "timur-r", do="substitute", group="g1", start="2026-12-01", end="")
    assert "These days do not make a time" in html(reply)
    assert 'value="2026-12-01"' in html(reply)
    for form in ({"do": "nonsense"}, {}, {"do": "undo", "number": "x"}, {"do": "undo"}):
        with pytest.raises(HTTPProblem) as refusal:
            act(busy, "nurgul-a", **form)
        assert refusal.value.status == 400
    with pytest.raises(HTTPProblem):
        act(busy, "nobody", do="leave")


def bring(site: Site, data: bytes, person: str = "saule-m", name: str = "list.csv") -> Any:
    visit = helpers.visit(site, person, method="POST")
    visit.files = {"list": Upload(name, data)}
    return lists.look(visit)


def test_a_list_is_looked_at_first_and_taken_over_once(busy: Site):
    data = "Аты-жөні;Тобы\nҒалия Б.;g2\nӘйгүл С.;g2\n".encode()
    before = (busy.course.dir / "people.csv").read_bytes()
    reply = bring(busy, data, name="<i>.csv")
    token = reply.headers["Location"].rpartition("/")[2]
    shown = html(lists.result(helpers.visit(busy, "saule-m", token=token)))
    for word in ("What this list would change", "Ғалия Б.", "galiya-b", "&lt;i&gt;.csv"):
        assert word in shown
    assert "group <bdi>g1</bdi> → <bdi>g2</bdi>" in shown  # not only that it changes
    assert (busy.course.dir / "people.csv").read_bytes() == before
    digest = shown.partition('name="digest" value="')[2].partition('"')[0]
    for person in ("ops-1", "dina-f"):  # another's list is nobody's
        if person == "ops-1":
            other = lists.result(helpers.visit(busy, person, token=token))
            assert other.headers["Location"].endswith("staff/roster?gone=1")
        else:
            with pytest.raises(HTTPProblem):
                lists.result(helpers.visit(busy, person, token=token))
    form = {"digest": digest}
    for _ in range(2):
        visit = helpers.visit(busy, "saule-m", method="POST", form=form, token=token)
        assert lists.apply(visit).headers["Location"].endswith(token)
        assert busy.course.person("galiya-b").group == "g2"
    done = html(lists.result(helpers.visit(busy, "saule-m", token=token)))
    assert "The list was taken over" in done
    assert enrolment.history(busy.course, "galiya-b")[0].how == "import"
    assert enrolment.history(busy.course, "galiya-b")[0].by == "saule-m"


def test_a_list_that_fits_no_longer_is_shown_again(busy: Site):
    token = bring(busy, b"Person;Group\nolga-p;g2\n").headers["Location"].rpartition("/")[2]
    shown = html(lists.result(helpers.visit(busy, "saule-m", token=token)))
    digest = shown.partition('name="digest" value="')[2].partition('"')[0]
    enrolment.set_status(busy.course, "olga-p", "leave", by="ops-1")
    visit = helpers.visit(busy, "saule-m", method="POST", form={"digest": digest}, token=token)
    where = lists.apply(visit).headers["Location"]
    assert where.endswith("?again=1")
    again = html(lists.result(helpers.visit(busy, "saule-m", query={"again": "1"}, token=token)))
    assert "have changed since you looked" in again
    assert busy.course.person("olga-p").group == "g1"


def test_mistakes_are_shown_with_row_and_column(busy: Site):
    token = bring(busy, "ФИО;Роль\n87011234567;король\n".encode()).headers["Location"][-32:]
    reply = lists.result(helpers.visit(busy, "saule-m", token=token))
    page = html(reply)
    assert reply.status == 422
    assert "2 places need a correction" in page
    assert 'Row 2, column A (<bdi lang="ru">ФИО</bdi>)' in page
    assert "87011234567" not in page


def test_a_list_is_kept_for_an_hour_and_then_asked_for_again():
    now = [0.0]
    uploads = Uploads(clock=lambda: now[0])
    token = uploads.keep("c", "p", "n", Parsed())
    assert uploads.get("c", "p", token) is not None
    assert uploads.get("other", "p", token) is None
    assert uploads.get("c", "other", token) is None
    now[0] = KEPT_SECONDS + 1
    assert uploads.get("c", "p", token) is None
    tokens = [uploads.keep("c", "p", "n", Parsed()) for _ in range(30)]
    assert uploads.get("c", "p", tokens[-1]) is not None
    assert uploads.get("c", "p", tokens[0]) is None


def test_a_list_comes_in_through_a_real_form_and_not_a_larger_one(
    browsers: dict[str, Browser],
):
    one = browsers["saule-m"]

    def send(data: bytes) -> httpx.Response:
        return one.client.post(
            "ustaz/staff/roster", data={"_xsrf": one.xsrf}, files={"list": ("l.csv", data)}
        )

    reply = send("ФИО;Тобы\nҒалия Б.;g2\n".encode("utf-16"))
    assert reply.status_code == 303
    page = one.get(reply.headers["Location"])
    assert "Ғалия Б." in page.text
    assert "Ғалия" in one.get(reply.headers["Location"] + "?lang=kk").text
    one.get("ustaz/?lang=en")
    assert send(b"").status_code == 400
    assert send(b"x" * (3 * 1024 * 1024)).status_code == 413
    assert one.get(f"ustaz/staff/roster/{'0' * 32}").status_code == 303
