"""Plans of meetings: who may, begun by one press, saved and never lost, run late, and logged."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.server import helpers
from tests.server.helpers import html, visit
from ustaz.cohort.reading import Tables
from ustaz.course import Course
from ustaz.enrolment.joining import join
from ustaz.privacy import exporting
from ustaz.privacy.course_data import PLACES
from ustaz.privacy.model import Member
from ustaz.privacy.subject import subject_of
from ustaz.server.access import cohort_sights
from ustaz.server.api import sessions as api
from ustaz.server.http import HTTPProblem, Response
from ustaz.server.pages import agreed, participant, sessions
from ustaz.server.site import Site
from ustaz.server.views import group_overview, homes
from ustaz.sessions import store
from ustaz.sessions.attendance import agreed_at, own_words
from ustaz.sessions.plan import Plan, PlanError

ROSTER = (
    helpers.ROSTER
    + "natalya-v,Natalya V.,facilitator,g2,,ru,\nmarat-f,Marat F.,facilitator,g1,,kk,\n"
)


@pytest.fixture
def site(tmp_path: Path, _fixed_now: None) -> Site:
    course = helpers.make_course(tmp_path / "course")
    (course.dir / "people.csv").write_text(ROSTER, encoding="utf-8")
    return Site(course, book_dir=tmp_path / "site")


def begin(site: Site, source: str = "run-w3", who: str = "dina-f", lang: str = "ru") -> str:
    form = {"from": source, "group": "g1"}
    sent = sessions.begin(visit(site, who, "sessions", method="POST", form=form, lang=lang))
    assert sent.status == 303
    return sent.headers["Location"].rsplit("/", 1)[1]


def fields_of(plan: Plan, revision: int, **more: Any) -> dict[str, list[str]]:
    """Return what the form of a plan posts."""
    blocks = plan.to_json()["blocks"]
    fields: dict[str, list[str]] = {
        "revision": [str(revision)],
        "do": ["save"],
        "aims": ["\n".join(plan.aims)],
        "leads": list(plan.leads),
        **{
            name: [str(getattr(plan, name))]
            for name in ("title", "day", "start", "minutes", "people")
        },
    }
    for name in blocks[0] if blocks else ():
        fields[f"block_{name}"] = [
            ("yes" if block[name] else "no") if name == "drop" else str(block[name])
            for block in blocks
        ]
    return fields | {
        key: value if isinstance(value, list) else [value] for key, value in more.items()
    }


def save(site: Site, plan_id: str, who: str = "dina-f", base: int = 0, **more: Any) -> Response:
    kept = store.read(site.course, plan_id)
    assert kept is not None
    fields = fields_of(kept.plan, base or kept.revision, **more)
    return sessions.change(visit(site, who, method="POST", fields=fields, plan=plan_id))


def plan_of(site: Site, plan_id: str) -> Plan:
    kept = store.read(site.course, plan_id)
    assert kept is not None
    return kept.plan


def test_a_plan_begins_from_a_runbook_by_one_press_in_the_readers_language(site: Site) -> None:
    plan = plan_of(site, begin(site))
    assert [block.minutes for block in plan.blocks] == [10, 20, 30, 35, 15, 10]
    assert plan.title == "Встреча группы 3, посоветоваться с людьми"
    assert plan.people == 3  # the members of the group
    assert plan.leads == ("dina-f",)
    assert all(block.say for block in plan.blocks)


def test_an_earlier_plan_is_copied_without_its_day_and_log(site: Site) -> None:
    first = begin(site)
    save(site, first, day="2026-11-25", title="Ours")
    log(site, first, worked="The maps")
    second = plan_of(site, begin(site, f"plan.{first}"))
    assert (second.title, second.day, second.log) == ("Ours", "", None)
    assert plan_of(site, begin(site, "empty")).blocks == ()


def test_blocks_are_added_moved_and_taken_out_and_the_clock_follows(site: Site) -> None:
    plan_id = begin(site)
    assert save(site, plan_id, do="up.b2").status == 303
    assert [block.id for block in plan_of(site, plan_id).blocks][:3] == ["b2", "b1", "b3"]
    save(site, plan_id, do="remove.b6")
    save(site, plan_id, do="add.break")
    assert [block.kind for block in plan_of(site, plan_id).blocks][-1] == "break"
    page = html(sessions.plan(visit(site, "dina-f", plan=plan_id)))
    assert "15:00–15:20" in page
    assert "16:50–17:00" in page


def test_what_does_not_fit_changes_nothing_and_stays_in_the_form(site: Site) -> None:
    plan_id = begin(site)
    before = store.read(site.course, plan_id)
    answer = save(site, plan_id, title="My <b>own</b> words", minutes="soon")
    assert answer.status == 422
    assert "My &lt;b&gt;own&lt;/b&gt; words" in html(answer)
    assert store.read(site.course, plan_id) == before


def test_two_facilitators_lose_nothing(site: Site) -> None:
    plan_id = begin(site)
    assert save(site, plan_id, who="marat-f", title="Marat's").status == 303
    late = save(site, plan_id, base=1, title="Dina's")
    assert late.status == 409
    page = html(late)
    assert "Marat F." in page
    assert "Dina&#39;s" in page
    assert plan_of(site, plan_id).title == "Marat's"
    again = re.search(r'name="revision" value="(\d+)"', page)
    assert again
    assert save(site, plan_id, base=int(again[1]), title="Dina's").status == 303
    kept = store.read(site.course, plan_id)
    assert kept is not None
    marats = next(revision for revision, by, _ in kept.versions if by == "marat-f")
    save(site, plan_id, do=f"restore.{marats}")
    assert plan_of(site, plan_id).title == "Marat's"


def test_a_plan_that_is_put_away_comes_back(site: Site) -> None:
    plan_id = begin(site)
    save(site, plan_id, do="hide")
    page = html(sessions.meetings(visit(site, "dina-f")))
    assert site.url("sessions", plan_id) + '">' in page
    assert "Plans that were put away" in page
    save(site, plan_id, do="show")
    assert "Plans that were put away" not in html(sessions.meetings(visit(site, "dina-f")))


# -- who may --------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["natalya-v", "aigul-s", "bakhyt-d"])
def test_others_are_refused_and_do_not_learn_that_there_is_a_plan(site: Site, who: str) -> None:
    plan_id = begin(site)
    for action in (sessions.plan, sessions.paper, sessions.now, sessions.log):
        for name in (plan_id, "0" * 12):
            with pytest.raises(HTTPProblem) as refused:
                action(visit(site, who, plan=name))
            assert (refused.value.status, refused.value.id) == (403, "not_yours")
    for change in (sessions.change, sessions.save_log):
        with pytest.raises(HTTPProblem):
            change(visit(site, who, method="POST", form={"do": "hide"}, plan=plan_id))
    with pytest.raises(HTTPProblem):
        begin(site, who=who)


def test_staff_read_plan_and_log_and_write_neither(site: Site) -> None:
    plan_id = begin(site)
    log(site, plan_id, worked="The maps")
    assert "Кого это касается" in html(sessions.plan(visit(site, "saule-m", plan=plan_id)))
    page = html(sessions.log(visit(site, "saule-m", plan=plan_id)))
    assert "The maps" in page
    assert "Save the log" not in page
    for change in (sessions.change, sessions.save_log):
        with pytest.raises(HTTPProblem):
            change(visit(site, "saule-m", method="POST", form={"do": "hide"}, plan=plan_id))


def test_a_copy_of_another_groups_plan_is_refused(site: Site) -> None:
    plan_id = begin(site)
    form = {"from": f"plan.{plan_id}", "group": "g2"}
    with pytest.raises(HTTPProblem):
        sessions.begin(visit(site, "natalya-v", method="POST", form=form))


# -- while it runs, and afterwards ----------------------------------------------------------------
def test_a_meeting_that_runs_late_shows_its_end_and_takes_an_offer(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan_id = begin(site)
    monkeypatch.setenv("USTAZ_NOW", "2026-11-23T16:12:00+05:00")
    asked = visit(site, "dina-f", plan=plan_id, query={"block": "b4"})
    page = html(sessions.now(asked))
    assert "It is 16:12. With the rest of the plan the meeting ends at 17:12." in page
    assert "12 minutes later" in page
    assert 'value="minutes.b5.0"' in page
    assert 'value="minutes.b3' not in page
    save(site, plan_id, do="minutes.b5.0", block="b4")
    assert "ends at 16:57" in html(sessions.now(asked))
    save(site, plan_id, do="people", people="9", block="b4")
    assert "(3 + 3 + 3)" in html(sessions.now(asked))


def log(site: Site, plan_id: str, /, leader: str = "dina-f", **more: Any) -> Response:
    kept = store.read(site.course, plan_id)
    assert kept is not None
    fields = {
        "revision": [str(kept.revision)],
        "present": ["aigul-s", "olga-p"],
        "log_id": ["b1", "b2"],
        "log_minutes": ["12", "20"],
        "who": ["aigul-s", "dina-f", ""],
        "what": ["brings the cards", "asks the director", ""],
        "by": ["2026-12-01", "", ""],
        "done": ["no", "no", "no"],
        "energy": ["4"],
    } | {key: value if isinstance(value, list) else [value] for key, value in more.items()}
    return sessions.save_log(visit(site, leader, method="POST", fields=fields, plan=plan_id))


def test_a_log_keeps_who_came_what_it_took_and_what_follows(site: Site) -> None:
    plan_id = begin(site)
    answer = log(site, plan_id, worked="Карта людей", present=["aigul-s", "olga-p", "yerlan-b"])
    assert answer.status == 303
    kept = plan_of(site, plan_id).log
    assert kept is not None
    assert kept.present == ("aigul-s", "olga-p")  # Yerlan is in another group
    assert (kept.minutes["b1"], kept.energy, kept.worked) == (12, 4, "Карта людей")
    assert [(line.who, line.what) for line in kept.follow_ups] == [
        ("aigul-s", "brings the cards"),
        ("dina-f", "asks the director"),
    ]
    assert log(site, plan_id, energy="9", worked="Kept words").status == 422


def test_an_erasure_takes_somebody_out_of_every_version(site: Site) -> None:
    plan_id = begin(site)
    log(site, plan_id, worked="Әйгүл С. asked the best question")
    save(site, plan_id, who="marat-f", title="Changed")
    word(site, "aigul-s", plan_id, "brings the cards")
    place = next(place for place in PLACES if place.id == "sessions")
    member = Member(site.course, "aigul-s", "Әйгүл С.", "", "kk", ("participant",))
    assert place.amount(member).count == 1
    place.erase(member)
    text = store.path_of(site.course.dir, plan_id).read_text(encoding="utf-8")
    assert "aigul-s" not in text
    assert "Әйгүл" not in text
    kept = plan_of(site, plan_id).log
    assert kept is not None
    assert kept.present == ("olga-p",)


# -- what saves itself ----------------------------------------------------------------------------
def call(site: Site, action: Any, plan_id: str, who: str = "dina-f", **body: Any) -> dict[str, Any]:
    data = json.dumps(body).encode()
    sent = action(visit(site, who, method="POST", body=data, plan=plan_id))
    answer: dict[str, Any] = json.loads(sent.body)
    return answer


def saving(site: Site, plan_id: str, title: str, base: int, page: str = "p1", **more: Any) -> int:
    plan = plan_of(site, plan_id).to_json() | {"title": title}
    answer = call(site, api.save, plan_id, plan=plan, revision=base, page=page, **more)
    return int(answer["revision"])


def test_a_page_that_saves_itself_keeps_the_log_and_where_the_plan_came_from(site: Site) -> None:
    plan_id = begin(site)
    log(site, plan_id, worked="Kept")
    kept = store.read(site.course, plan_id)
    assert kept is not None
    plan = kept.plan.to_json() | {"title": "By itself", "log": None, "page": "other"}
    call(site, api.save, plan_id, plan=plan, revision=kept.revision, page="p1")
    after = plan_of(site, plan_id)
    assert (after.title, after.page) == ("By itself", "workshop-3")
    assert after.log is not None
    assert after.log.worked == "Kept"


def test_an_answer_that_was_lost_on_its_way_is_no_conflict_and_another_person_is(
    site: Site,
) -> None:
    plan_id = begin(site)
    assert saving(site, plan_id, "One", 1) == 2
    assert saving(site, plan_id, "Two", 1) == 3  # the answer with 2 never came
    assert saving(site, plan_id, "Two", 1) == 3
    with pytest.raises(HTTPProblem) as other_page:
        saving(site, plan_id, "Three", 1, page="p2")
    assert other_page.value.extra == {"by": "Dina F.", "revision": 3}
    save(site, plan_id, who="marat-f", title="Marat's")
    with pytest.raises(HTTPProblem) as refused:
        saving(site, plan_id, "Four", 3)
    assert (refused.value.status, refused.value.extra["by"]) == (409, "Marat F.")
    assert plan_of(site, plan_id).title == "Marat's"


@pytest.mark.parametrize(
    "body",
    [
        {"plan": {"title": "x"}, "log": {}, "revision": 1},
        {"plan": [], "revision": 1},
        {"plan": {"title": "x"}, "revision": "1"},
        {"plan": {"title": "x"}, "revision": 1, "page": "../x"},
        {"plan": {"title": "x", "blocks": [3]}, "revision": 1},
        {"plan": {"title": "x", "aims": 3}, "revision": 1},
        {"log": {"follow_ups": [3]}, "revision": 1},
        {"log": {"present": 3, "members": "x", "minutes": []}, "revision": 1},
    ],
)
def test_what_is_no_plan_is_refused_whole(site: Site, body: dict[str, Any]) -> None:
    plan_id = begin(site)
    before = store.read(site.course, plan_id)
    with pytest.raises((HTTPProblem, PlanError)):
        call(site, api.save, plan_id, **body)
    assert store.read(site.course, plan_id) == before


RUN = {
    "step": 3,
    "device": "d1",
    "began": "2026-11-23T10:03:00Z",
    "block": "b3",
    "since": "2026-11-23T10:40:00Z",
    "spent": {"b1": 720, "b2": 1500},
    "minutes": {"b5": 0},
    "people": 9,
}


def test_how_far_a_meeting_is_stays_and_the_further_one_counts(site: Site) -> None:
    plan_id = begin(site)
    before = plan_of(site, plan_id)
    assert call(site, api.run, plan_id, run=RUN)["run"]["step"] == 3
    behind = RUN | {"step": 2, "device": "d2", "block": "b2"}
    assert call(site, api.run, plan_id, who="marat-f", run=behind)["run"]["block"] == "b3"
    assert plan_of(site, plan_id) == before  # the plan that was made stays as it is
    page = html(sessions.now(visit(site, "dina-f", plan=plan_id)))
    assert "(2 + 2 + 2 + 3)" in page
    ended = RUN | {"step": 9, "block": "", "ended": "2026-11-23T12:10:00Z", "spent": {"b1": 720}}
    call(site, api.run, plan_id, run=ended)
    page = html(sessions.log(visit(site, "dina-f", plan=plan_id)))
    assert 'name="log_minutes" type="number" min="0" max="600" value="12"' in page


@pytest.mark.parametrize(
    "change",
    [
        {"step": 0},
        {"step": True},
        {"device": ""},
        {"began": "soon"},
        {"began": "2026-11-23T10:03:00"},
        {"block": "<b>"},
        {"block": ""},
        {"spent": {"b1": -1}},
        {"spent": {"b1": 90_000}},
        {"minutes": {"../x": 1}},
        {"people": 41},
        {"spent": {f"b{n}": 1 for n in range(60)}},
    ],
)
def test_a_run_that_cannot_be_is_refused_whole(site: Site, change: dict[str, Any]) -> None:
    plan_id = begin(site)
    with pytest.raises(PlanError):
        call(site, api.run, plan_id, run=RUN | change)
    kept = store.read(site.course, plan_id)
    assert kept is not None
    assert kept.run is None


@pytest.mark.parametrize("who", ["natalya-v", "aigul-s", "bakhyt-d", "saule-m"])
def test_only_facilitators_of_the_group_save_and_run(site: Site, who: str) -> None:
    plan_id = begin(site)
    for action, body in ((api.save, {"plan": {}, "revision": 1}), (api.run, {"run": RUN})):
        with pytest.raises(HTTPProblem) as refused:
            call(site, action, plan_id, who=who, **body)
        assert (refused.value.status, refused.value.id) == (403, "not_yours")


# -- what follows from a log ----------------------------------------------------------------------
def test_attendance_is_that_of_the_logs_for_overview_and_tables(site: Site) -> None:
    first, second = begin(site), begin(site)
    for plan_id, day in ((first, "2026-11-04"), (second, "2026-11-18")):
        save(site, plan_id, day=day)
        log(site, plan_id, present=["aigul-s"])
    rows = {row.person.person: row for row in overview(site)}
    assert (rows["aigul-s"].came, rows["olga-p"].came) == (2, 0)
    assert "4 November 2026, 18 November 2026" in str(rows["olga-p"].reasons[0].text)
    assert rows["olga-p"].reasons[0].url.endswith(f"{second}/log")
    assert not [reason for reason in rows["aigul-s"].reasons if "meetings" in str(reason.text)]
    table = {
        (row[0], row[4]): row[5] for row in cohort_rows(site, "dina-f") if row[0] != "nurgul-a"
    }
    assert table == {
        ("aigul-s", "2026-11-04"): True,
        ("aigul-s", "2026-11-18"): True,
        ("olga-p", "2026-11-04"): False,
        ("olga-p", "2026-11-18"): False,
    }
    assert cohort_rows(site, "natalya-v") == []
    sessions.change(visit(site, "dina-f", method="POST", fields={"do": ["hide"]}, plan=second))
    assert {row.person.person: row for row in overview(site)}["aigul-s"].came == 1


def overview(site: Site) -> list[Any]:
    return group_overview.overview(site, visit(site, "dina-f").who, site.words("en"))


def cohort_rows(site: Site, who: str) -> list[list[Any]]:
    identity = visit(site, who).who
    role, sights = cohort_sights(site.course, identity)
    groups = site.course.groups_of(who)
    reading = Tables(site.course, sights, role=role, groups=groups)
    return reading.frames(["attendance"])[0].rows


def test_somebody_who_joined_later_missed_nothing(site: Site) -> None:
    plan_id = begin(site)
    log(site, plan_id)
    people = site.course.dir / "people.csv"
    people.write_text(
        people.read_text(encoding="utf-8") + "marat-t,Marat T.,participant,g1,s1,kk,\n", "utf-8"
    )
    fresh = Site(Course.open(site.course.dir), book_dir=site.book_dir)
    rows = {row.person.person: row for row in overview(fresh)}
    assert rows["marat-t"].meetings == []
    assert len(rows["nurgul-a"].meetings) == 1


def test_follow_ups_stand_on_the_facilitators_home_until_they_are_done(site: Site) -> None:
    plan_id = begin(site)
    log(site, plan_id)
    home = html(participant.home(visit(site, "dina-f")))
    assert "brings the cards" in home
    assert "1 December 2026" in home
    for who in ("olga-p", "natalya-v", "bakhyt-d"):
        assert "brings the cards" not in html(participant.home(visit(site, who)))
    kept = store.read(site.course, plan_id)
    assert kept is not None
    stale = {"do": "done.0", "revision": str(kept.revision - 1)}
    sent = sessions.save_log(visit(site, "dina-f", method="POST", form=stale, plan=plan_id))
    assert sent.headers["Location"].endswith("said=again")
    done = {"do": "done.0", "revision": str(kept.revision)}
    sessions.save_log(visit(site, "marat-f", method="POST", form=done, plan=plan_id))
    home = html(participant.home(visit(site, "dina-f")))
    assert "brings the cards" not in home
    assert "asks the director" in home


def test_a_member_sees_their_own_attendance_and_nobody_elses(site: Site) -> None:
    first, second = begin(site), begin(site)
    for plan_id, day, present in ((first, "2026-11-04", ["aigul-s", "olga-p"]),
                                  (second, "2026-11-18", ["aigul-s"])):  # fmt: skip
        save(site, plan_id, day=day)
        log(site, plan_id, present=present)
    assert "I was at 2 of 2 meetings" in html(participant.home(visit(site, "aigul-s")))
    olga = html(participant.home(visit(site, "olga-p")))
    assert "I was at 1 of 2 meetings" in olga
    assert olga.count("I was not there") == 1
    for lang, words in (("ru", "Мои посещения: 1 из 2"), ("kk", "Қатысқан кездесулерім: 1/2")):
        assert words in html(participant.home(visit(site, "olga-p", lang=lang)))
    own = homes.participant(site, "olga-p", site.words("en"))["meetings"]
    assert [(meeting["day"], meeting["present"]) for meeting in own] == [
        ("2026-11-18", False),
        ("2026-11-04", True),
    ]
    assert homes.participant(site, "yerlan-b", site.words("en"))["meetings"] == []
    assert "I was at" not in html(participant.home(visit(site, "yerlan-b")))


def test_a_member_sees_what_they_and_the_whole_group_took_on(site: Site) -> None:
    plan_id = begin(site)
    log(site, plan_id, who=["aigul-s", "dina-f", "", "olga-p"], by=["2026-12-01", "", "", ""],
        what=["brings the cards", "asks the director", "all count", "olgas own"],
        done=["no", "no", "no", "no"], worked="the facilitators words")  # fmt: skip
    home = html(participant.home(visit(site, "aigul-s")))
    assert "brings the cards" in home
    assert "1 December 2026" in home
    assert "The whole group: <bdi>all count" in home
    for hidden in ("asks the director", "olgas own", "the facilitators words"):
        assert hidden not in home
    olga = html(participant.home(visit(site, "olga-p")))
    assert "all count" in olga
    assert "brings the cards" not in olga
    yerlan = html(participant.home(visit(site, "yerlan-b")))
    assert not [words for words in ("all count", "brings the cards") if words in yerlan]
    kept = store.read(site.course, plan_id)
    assert kept is not None
    done = {"do": "done.0", "revision": str(kept.revision)}
    sessions.save_log(visit(site, "dina-f", method="POST", form=done, plan=plan_id))
    assert "brings the cards" not in html(participant.home(visit(site, "aigul-s")))
    with pytest.raises(HTTPProblem):
        sessions.save_log(visit(site, "aigul-s", method="POST", form=done, plan=plan_id))


def word(site: Site, who: str, plan_id: str, text: str, do: str = "done") -> Response:
    """Press the button beside a line, as its form on the home of whoever took it on posts it."""
    lines = [entry for entry in agreed_at(site.course) if entry.line.what == text]
    (line,) = [entry for entry in lines if entry.meeting.id == plan_id]
    form = {"do": do, "plan": plan_id, "line": line.mark}
    return agreed.change(visit(site, who, "agreed", method="POST", form=form))


def test_a_member_says_that_their_own_is_done_and_takes_it_back(site: Site) -> None:
    plan_id = begin(site)
    log(
        site, plan_id, who=["aigul-s", "", "dina-f"], what=["brings the cards", "all count", "asks"]
    )
    home = html(participant.home(visit(site, "aigul-s")))
    assert home.count('action="' + site.url("agreed")) == 1  # none for the whole group
    before = store.read(site.course, plan_id)
    assert before is not None
    for text in ("brings the cards",) * 2:  # twice is once
        sent = word(site, "aigul-s", plan_id, text)
    home = html(participant.home(visit(site, "aigul-s", query={"agreed": "done"})))
    assert sent.headers["Location"].endswith("?agreed=done#meetings")
    assert home.index("<details open>") < home.index("brings the cards") < home.index("Undo")
    facilitators = html(participant.home(visit(site, "dina-f")))
    assert "Әйгүл С.</bdi>: <bdi>brings" in facilitators.partition("Done lately, as members say")[2]
    page = html(sessions.log(visit(site, "dina-f", plan=plan_id)))
    assert re.search(r">Done, [^<]* · <bdi[^>]*>Әйгүл С\.</bdi>", page)
    assert "Done, as" not in html(participant.home(visit(site, "olga-p")))
    # A log that was open meanwhile saves as if nothing had happened, and keeps the word.
    assert log(site, plan_id, who=["aigul-s", "", ""], what=["brings the cards", "all count", ""],
               revision=str(before.revision)).status == 303  # fmt: skip
    assert [line.line.what for line in own_words(site.course, "aigul-s")] == ["brings the cards"]
    assert word(site, "aigul-s", plan_id, "brings the cards", "undo").status == 303
    assert own_words(site.course, "aigul-s") == []
    # Another day makes another task of it, which nobody has called done.
    word(site, "aigul-s", plan_id, "brings the cards")
    log(site, plan_id, by=["2026-12-15", "", ""])
    assert own_words(site.course, "aigul-s") == []
    assert "brings the cards" in html(participant.home(visit(site, "aigul-s")))


@pytest.mark.parametrize("who", ["olga-p", "yerlan-b", "dina-f", "bakhyt-d", "saule-m"])
def test_nobody_says_for_somebody_else_or_for_the_group_that_it_is_done(
    site: Site, who: str
) -> None:
    plan_id = begin(site)
    log(site, plan_id, who=["aigul-s", "", ""], what=["brings the cards", "all count", ""])
    for text in ("brings the cards", "all count"):
        for do in ("done", "undo"):
            with pytest.raises(HTTPProblem) as refused:
                word(site, who, plan_id, text, do)
            assert refused.value.id in {"not_agreed", "not_yours"}
    kept = store.read(site.course, plan_id)
    assert kept is not None
    assert kept.done == ()


def test_the_copy_of_ones_own_has_attendance_and_what_was_taken_on(
    site: Site, tmp_path: Path
) -> None:
    plan_id = begin(site)
    save(site, plan_id, day="2026-11-04")
    log(site, plan_id, present=["aigul-s"], who=["aigul-s", "", "olga-p"], by=["", "", ""],
        what=["brings the cards", "all count", "olgas own"], done=["no"] * 3)  # fmt: skip
    word(site, "aigul-s", plan_id, "brings the cards")
    for who in ("aigul-s", "olga-p"):
        exporting.export(subject_of(site.course.dir, who), tmp_path / who)
    copies = {
        who: json.loads(next((tmp_path / who).rglob("sessions.json")).read_bytes())
        for who in ("aigul-s", "olga-p")
    }
    assert [(own["day"], own["present"]) for own in copies["aigul-s"]] == [("2026-11-04", True)]
    assert [(own["day"], own["present"]) for own in copies["olga-p"]] == [("2026-11-04", False)]
    (own,) = copies["aigul-s"]
    assert [line["what"] for line in own["follow_ups"]] == ["brings the cards", "all count"]
    assert ["i_said_done" in line for line in own["follow_ups"]] == [True, False]
    assert "brings the cards" not in json.dumps(copies["olga-p"])


def test_a_group_that_is_renamed_keeps_its_plans(site: Site) -> None:
    plan_id = begin(site)
    join(site.course, "group", ["g1"], "G-one", by="saule-m")
    site = Site(Course.open(site.course.dir), book_dir=site.book_dir)
    kept = store.read(site.course, plan_id)
    assert kept is not None
    assert kept.group == "G-one"
    assert site.url("sessions", plan_id) in html(sessions.meetings(visit(site, "dina-f")))
    assert save(site, plan_id, title="Still ours").status == 303
    with pytest.raises(HTTPProblem):
        sessions.plan(visit(site, "natalya-v", plan=plan_id))


def test_a_plan_is_read_from_its_file_once_and_anew_when_it_changed(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan_id = store.create(site.course, "g1", Plan("Workshop 3"), by="dina-f")
    opened: list[Path] = []
    whole = Path.read_bytes

    def read_bytes(path: Path) -> bytes:
        if path.parent.name == store.FOLDER:
            opened.append(path)
        return whole(path)

    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    assert [kept.plan.title for kept in store.plans(site.course)] == ["Workshop 3"]
    assert [kept.plan.title for kept in store.plans(site.course)] == ["Workshop 3"]
    assert len(opened) == 1
    store.save(site.course, plan_id, Plan("Workshop 4"), base=1, by="dina-f")
    assert [kept.plan.title for kept in store.plans(site.course)] == ["Workshop 4"]
