"""Plans of meetings: who may, begun by one press, saved and never lost, run late, and logged."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.server import helpers
from tests.server.helpers import html, visit
from ustaz.privacy.course_data import PLACES
from ustaz.privacy.model import Member
from ustaz.server.http import HTTPProblem, Response
from ustaz.server.pages import sessions
from ustaz.server.site import Site
from ustaz.sessions import store
from ustaz.sessions.plan import Plan

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


def log(site: Site, plan_id: str, who: str = "dina-f", **more: Any) -> Response:
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
        "energy": ["4"],
    } | {key: value if isinstance(value, list) else [value] for key, value in more.items()}
    return sessions.save_log(visit(site, who, method="POST", fields=fields, plan=plan_id))


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
