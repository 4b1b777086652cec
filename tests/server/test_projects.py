"""A second project: the first stays as it was, the new one begins empty, and a day to think."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.server import helpers
from tests.server.helpers import html, put, visit, write
from ustaz import projects, shares
from ustaz.answers import Store, StoreError, Subject, content
from ustaz.base.ledger import Ledger
from ustaz.course import Course
from ustaz.course.identity import acting_as
from ustaz.exchange import submit
from ustaz.exchange.confirmations import standing
from ustaz.privacy.course_data import PLACES
from ustaz.privacy.model import Member
from ustaz.projects import Floor, ProjectError
from ustaz.projects.earlier import numbered
from ustaz.server.http import HTTPProblem, Response
from ustaz.server.pages import participant, sharing, staff
from ustaz.server.pages import projects as pages
from ustaz.server.site import Site
from ustaz.server.views.records import record

WHO = "aigul-s"
SELF = Subject.person(WHO)
PLAN = "action-plan"
WORKBOOKS = ("focus", PLAN)
PRIVATE = "Nobody else reads this"


@pytest.fixture
def site(tmp_path: Path, _fixed_now: None) -> Site:
    course = helpers.make_course(tmp_path / "course")
    put(course, WHO, "focus", why_me=PRIVATE, **helpers.FOCUS)
    put(course, WHO, PLAN, title="A reading corner")
    write(
        course,
        WHO,
        PLAN,
        [{"op": "add_row", "path": ["steps", "step01"], "after": None, "value": {"action": "Ask"}}],
    )
    submit(course, WHO, PLAN, identity=acting_as(course, WHO), confirm=True)
    return Site(course, book_dir=tmp_path / "site")


def begin(course: Course, keep: tuple[str, ...] = ("focus",)) -> projects.Project:
    return projects.begin(course, WHO, title="The corner", workbooks=WORKBOOKS, keep=keep)


def answers(course: Course, workbook: str = PLAN) -> dict[str, object]:
    return content(course.store.read(SELF, workbook).answers)


def press(site: Site, who: str = WHO, **form: str) -> Response:
    fields = {name: [text] for name, text in form.items()}
    return pages.change(visit(site, who, "projects", method="POST", form=form, fields=fields))


def home(site: Site) -> str:
    return html(participant.home(visit(site, WHO)))


# -- what is kept ---------------------------------------------------------------------------------
def test_the_first_is_kept_with_its_history_and_the_second_begins_empty(site: Site) -> None:
    course = site.course
    before, history = answers(course), course.store.history(SELF, PLAN)
    project = begin(course)
    assert answers(course) == {}
    assert answers(course, "focus")  # taken along
    kept = projects.store_of(course, project.number)
    assert content(kept.read(SELF, PLAN).answers) == before
    assert kept.history(SELF, PLAN) == history
    assert kept.at(SELF, PLAN, 1) == {"title": "A reading corner"}


def test_a_page_that_is_still_open_does_not_bring_the_old_plan_back(site: Site) -> None:
    course = site.course
    seen = course.store.read(SELF, PLAN).revision
    begin(course)
    after = course.store.read(SELF, PLAN)
    assert after.revision == seen + 1
    assert projects.floors(course, WHO) == {PLAN: Floor(seen + 1, 1)}


def test_what_was_typed_between_the_copy_and_the_emptying_stays(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    course, save = site.course, Store.save

    def typed_first(store, subject, workbook, batch, who):
        monkeypatch.setattr(Store, "save", save)
        put(course, WHO, PLAN, title="Written meanwhile")
        return save(store, subject, workbook, batch, who)

    monkeypatch.setattr(Store, "save", typed_first)
    begin(course)
    assert answers(course) == {"title": "Written meanwhile"}


def test_a_beginning_that_was_stopped_is_completed_once(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    course, save = site.course, Store.save

    def full(*_: object, **__: object) -> None:
        raise StoreError("full")

    monkeypatch.setattr(Store, "save", full)
    with pytest.raises(StoreError):
        begin(course, keep=())
    monkeypatch.setattr(Store, "save", save)
    assert answers(course)  # nothing is lost, nothing half
    pages.overview(visit(site, WHO, "projects"))
    assert answers(course) == {}
    revision = course.store.read(SELF, PLAN).revision
    put(course, WHO, PLAN, title="The new one")
    projects.complete(course, WHO)
    assert answers(course) == {"title": "The new one"}
    assert projects.floors(course, WHO)[PLAN].revision == revision
    assert [project.number for project in projects.earlier(course, WHO)] == [1]


# -- what it means --------------------------------------------------------------------------------
def test_nothing_of_the_second_is_started_submitted_or_late(site: Site) -> None:
    begin(site.course)
    about = record(site, WHO, PLAN)
    assert (about.started, about.status, about.changed, about.last) == (False, "draft", False, None)
    submit(site.course, WHO, "focus", identity=acting_as(site.course, WHO), confirm=True)
    page = home(site)
    assert "Begin with “Action plan”" in page
    assert "Changed since you submitted it" not in page
    put(site.course, WHO, PLAN, title="A maths club")
    receipt = submit(site.course, WHO, PLAN, identity=acting_as(site.course, WHO), confirm=True)
    assert receipt.round == 2
    assert [known.round for known in record(site, WHO, PLAN).rounds] == [2]


def test_what_was_agreed_about_the_first_says_nothing_about_the_second(site: Site) -> None:
    course, ledger = site.course, Ledger(site.course.dir / "confirmations")
    field = next(field.id for field in course.library["focus"].fields if field.by == "facilitator")
    ledger.append(WHO, {"workbook": "focus", "field": field, "value": True, "by": "dina-f"})
    definition = course.library["focus"]
    begin(course, keep=(PLAN,))
    assert standing(definition, ledger.entries(WHO)) == {}
    projects.undo(course, WHO)
    assert set(standing(definition, ledger.entries(WHO))) == {field}


def test_the_receipt_of_the_first_opens_as_before(site: Site) -> None:
    begin(site.course)
    page = html(participant.receipt(visit(site, WHO, workbook=PLAN, round="1")))
    assert "has arrived" in page
    assert "There is a later submission" not in page


# -- a day to think -------------------------------------------------------------------------------
def test_within_a_day_it_is_taken_back_and_later_not(site: Site) -> None:
    course = site.course
    before = answers(course)
    project = begin(course)
    with pytest.raises(ProjectError, match="too_late"):
        projects.undo(course, WHO, now=project.closed_at + dt.timedelta(hours=25))
    projects.undo(course, WHO)
    assert answers(course) == before
    assert record(site, WHO, PLAN).status == "submitted"
    assert projects.earlier(course, WHO) == []
    assert begin(course).number == 2


def test_what_was_written_in_the_second_is_not_lost_by_taking_it_back(site: Site) -> None:
    begin(site.course)
    put(site.course, WHO, PLAN, title="A maths club")
    projects.undo(site.course, WHO)
    assert answers(site.course)["title"] == "A maths club"
    assert answers(site.course)["steps"]


# -- pages ----------------------------------------------------------------------------------------
def test_another_project_is_begun_by_a_page_that_asks_first(site: Site) -> None:
    page = html(pages.overview(visit(site, WHO, "projects")))
    assert 'value="A reading corner"' in page
    assert press(site, do="begin", title="x", keep="focus").status == 422
    assert answers(site.course)
    assert press(site, do="begin", title="My <corner>", keep="focus", sure="yes").status == 303
    page = html(pages.overview(visit(site, WHO, "projects", query={"begin": "1"})))
    assert "My &lt;corner&gt;" in page
    assert "Go on with the earlier project" in page
    assert "My projects: 1 earlier one" in home(site)
    assert press(site, do="undo").status == 303


@pytest.mark.parametrize("do", ["undo", "nonsense"])
def test_what_cannot_be_done_is_said_in_words(site: Site, do: str) -> None:
    if do == "undo":
        assert "There is no earlier project" in html(press(site, do=do))
        return
    with pytest.raises(HTTPProblem):
        press(site, do=do)


def test_the_first_is_read_by_whoever_read_it_before_and_projected_to_them(site: Site) -> None:
    begin(site.course, keep=())
    own = html(pages.own_workbook(visit(site, WHO, number="1", workbook="focus")))
    assert PRIVATE in own
    assert "Its history" in own
    for who in ("dina-f", "saule-m"):
        request = visit(
            site, who, person=WHO, number="1", workbook="focus", query={"revision": "1"}
        )
        page = html(pages.workbook_of(request))
        assert helpers.FOCUS["focus_statement"] in page
        assert PRIVATE not in page
        assert "Its history" not in page
        reading = html(staff.reading(visit(site, who, person=WHO, workbook=PLAN)))
        assert "/people/aigul-s/projects/1/action-plan" in reading
    for who in ("yerlan-b", "bakhyt-d"):
        with pytest.raises(HTTPProblem, match="not_yours"):
            pages.workbook_of(visit(site, who, person=WHO, number="1", workbook="focus"))


def test_an_earlier_state_is_looked_back_at_and_kept_as_a_file(site: Site) -> None:
    begin(site.course)
    old = visit(site, WHO, number="1", workbook=PLAN, query={"revision": "1"})
    assert "You look at an earlier state" in html(pages.own_workbook(old))
    file = visit(site, WHO, number="1", workbook=PLAN, query={"file": "1"})
    text = html(pages.own_workbook(file))
    assert "A reading corner" in text
    assert "href=" not in text


# -- privacy --------------------------------------------------------------------------------------
def test_it_is_copied_out_and_erased_with_its_owner(site: Site, tmp_path: Path) -> None:
    begin(site.course)
    place = next(place for place in PLACES if place.id == "projects")
    member = Member(site.course, WHO, "Aigul S.", "", "kk", ("participant",))
    assert place.amount(member).count > 3
    place.copy(member, tmp_path / "copy")
    assert (tmp_path / "copy" / "1" / PLAN / "answers.json").is_file()
    place.erase(member)
    assert not place.amount(member).count
    assert not any((folder / WHO).exists() for folder in numbered(site.course.dir))


# -- what is shown to others ----------------------------------------------------------------------
def shown(course: Course, *, to: str = "group") -> tuple[shares.Share, str]:
    day = course.today() + dt.timedelta(days=9)
    return shares.show(course, WHO, to, workbook=PLAN, what="document", places=["title"], until=day)


@pytest.mark.parametrize("keep", [("focus",), (PLAN,)])
@pytest.mark.parametrize("to", ["group", "outside", "public"])
def test_what_was_shown_of_the_first_shows_nothing_of_the_second(
    site: Site, to: str, keep: tuple[str, ...]
) -> None:
    course = site.course
    share, secret = shown(course, to=to)
    begin(course, keep)
    put(course, WHO, PLAN, title="Another title")
    assert shares.live(course, WHO) == []
    assert shares.share_of_secret(course, secret) is None
    assert share.id in html(sharing.mine(visit(site, WHO, "shares")))  # among what has ended
    again, _ = shown(course, to=to)
    assert shares.live(course, WHO) == [again]


def test_a_share_of_before_lines_named_a_project_is_closed_by_a_project_begun_since(
    site: Site,
) -> None:
    course = site.course
    share, _ = shown(course)
    book = Ledger(course.dir / shares.FOLDER)
    book.rewrite(WHO, lambda line: {key: line[key] for key in line if key != "project"})
    assert [known.id for known in shares.live(course, WHO)] == [share.id]
    begin(course)
    assert shares.live(course, WHO) == []


def test_taking_the_beginning_back_shows_again_what_was_shown_and_nothing_of_between(
    site: Site,
) -> None:
    course = site.course
    before, _ = shown(course)
    begin(course)
    between, _ = shown(course, to="school_link")
    projects.undo(course, WHO)
    assert [share.id for share in shares.live(course, WHO)] == [before.id]
    assert between.id != before.id


def test_consent_to_research_is_of_the_person_and_goes_on(site: Site) -> None:
    shares.show(site.course, WHO, "research")
    begin(site.course)
    assert shares.consenting(site.course) == [WHO]
