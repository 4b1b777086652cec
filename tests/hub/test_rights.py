"""Who may hand out codes and start JupyterLab, for every combination of roles in two courses."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jupyterhub.slugs import is_valid_safe_slug

from tests.hub.helpers import COURSE, PILOT, make_course, set_setting
from ustaz.base.ids import ROLES
from ustaz.course.listing import COURSES
from ustaz.doctor import hubs
from ustaz.hub import permissions
from ustaz.hub.server import create
from ustaz.hub.settings import HubDir
from ustaz.hub.spawner import Walled, spawner_class
from ustaz.hub.walls import Walls

HEAD = "person,name,role,group,school,lang,account\n"


def a_hub(folder: Path, lab: str = "staff") -> HubDir:
    hub = create(folder, lab=lab)
    for name in (COURSE, PILOT):
        make_course(hub.dir / COURSES / name, name, HEAD)
    return HubDir.open(hub.dir)


def enter(hub: HubDir, course: str, *lines: str) -> None:
    roster = hub.courses()[course].dir / "people.csv"
    temporary = roster.with_suffix(".new")
    temporary.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    temporary.replace(roster)


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> HubDir:
    return a_hub(tmp_path_factory.mktemp("rights") / "hub")


some_roles = st.sets(st.sampled_from(ROLES), max_size=3)


@given(mine=st.tuples(some_roles, some_roles), theirs=st.tuples(some_roles, some_roles))
def test_a_code_never_gives_more_than_its_giver_has(
    hub: HubDir, mine: tuple[set[str], set[str]], theirs: tuple[set[str], set[str]]
):
    mine = (mine[0] or {"participant"}, mine[1])
    theirs = (theirs[0] or {"participant"}, theirs[1])
    for at, name in enumerate((COURSE, PILOT)):
        lines = []
        for account, roles in (("giver", mine[at]), ("taker", theirs[at])):
            if roles:
                group = "" if roles & {"staff", "operator"} else "g1"
                lines.append(f"{account},{account},{' '.join(sorted(roles))},{group},,en,")
        enter(hub, name, *lines)
    course = hub.courses()[COURSE]
    people = course.people
    allowed = permissions.may_hand_out(hub, course, people["giver"], people["taker"])
    if not allowed:
        return
    if "operator" in mine[0] | mine[1]:
        return
    assert "operator" not in theirs[0] | theirs[1]
    if "staff" in mine[0]:
        assert not theirs[1] - {"participant"} or "staff" in mine[1]
    else:
        assert "facilitator" in mine[0]
        assert theirs[0] | theirs[1] == {"participant"}


def test_everybody_gets_a_code_from_somebody(tmp_path: Path):
    hub = a_hub(tmp_path / "hub")
    enter(
        hub,
        COURSE,
        *(f"{role}-1,x,{role},g1,,en," for role in ROLES),
        *(f"{role}-2,x,{role},g1,,en," for role in ("operator", "staff")),
    )
    course = hub.courses()[COURSE]
    for person in course.people.values():
        givers = [
            one.person
            for one in course.people.values()
            if permissions.may_hand_out(hub, course, one, person)
        ]
        assert givers, person.person
        assert person.person not in givers


def test_groups_name_course_and_role(tmp_path: Path):
    hub = a_hub(tmp_path / "hub")
    enter(hub, COURSE, "saule-m,Saule M.,staff reviewer,,,en,")
    enter(hub, PILOT, "saule-2,Saule M.,participant,p1,,en,saule-m")
    assert permissions.groups(hub, "saule-m") == [
        "pilot.participant",
        "trial.reviewer",
        "trial.staff",
        "lab",
    ]
    assert permissions.groups(hub, "nobody") == []


@pytest.mark.parametrize("lab", ["nobody", "staff", "everybody"])
def test_who_may_start_jupyterlab_is_one_setting(tmp_path: Path, lab: str):
    hub = a_hub(tmp_path / "hub", lab)
    enter(hub, COURSE, *(f"{role}-1,x,{role},g1,,en," for role in ROLES))
    may = {role for role in ROLES if permissions.may_lab(hub, f"{role}-1")}
    assert (
        may
        == {
            "nobody": set(),
            "staff": {"staff"},
            "everybody": set(ROLES),
        }[lab]
    )
    assert not permissions.may_lab(hub, "a-stranger")


@pytest.mark.parametrize(
    ("course", "name"),
    [("winter", "course-winter"), ("a-2", "course-a-2"), ("lab", "course-lab")],
)
def test_the_server_of_a_course_is_named_after_it(course: str, name: str):
    assert permissions.server_name(course) == name


@pytest.mark.parametrize("course", ["a--b", "a-", "teacher-leadership-2026-27"])
def test_a_course_that_no_server_can_be_named_after_has_one_all_the_same(course: str):
    name = permissions.server_name(course)
    assert is_valid_safe_slug(name)
    assert name != permissions.server_name(f"{course}x")


STAFF = "saule-m,Saule M.,staff,,,en,\n"
NONE, SPACES, BOTH = Walls(False, False, "no_bwrap"), Walls(False, True), Walls(True, True)


@pytest.mark.parametrize(
    ("lab", "demo", "around"),
    list(itertools.product(["staff", "everybody"], [True, False], [NONE, SPACES, BOTH])),
)
def test_without_walls_nobody_has_a_jupyterlab_and_the_hub_runs_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lab: str, demo: bool, around: Walls
):
    hub = create(tmp_path / "hub", lab=lab)
    make_course(hub.dir / COURSES / COURSE, COURSE, f"{HEAD}{STAFF}", demo=demo)
    monkeypatch.setattr("ustaz.hub.walls.possible", lambda: around)
    hub = HubDir.open(hub.dir)
    account = "saule-m"
    assert spawner_class(hub) is Walled
    assert permissions.may_lab(hub, account) == around.stand
    assert (permissions.LAB_GROUP in permissions.groups(hub, account)) == around.stand
    found = [one for one in hubs.walls(hubs.Hub.open(hub.dir)) if one.level != "ok"]
    assert [one.id for one in found] == ([] if around.stand else ["no_walls"])


def test_an_operator_may_bring_a_spawner_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    hub = set_setting(create(tmp_path / "hub", lab="staff"), "walls", '"own"')
    make_course(hub.dir / COURSES / COURSE, COURSE, f"{HEAD}{STAFF}")
    monkeypatch.setattr("ustaz.hub.walls.possible", lambda: NONE)
    account = "saule-m"
    assert spawner_class(hub) is None
    assert permissions.may_lab(hub, account)
