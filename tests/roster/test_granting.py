"""Nobody gives, takes or brings back a right that they do not hold, by whatever way."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.roster.test_import import said
from ustaz import enrolment
from ustaz.base.ids import ROLES
from ustaz.course import Course
from ustaz.roster import Giver, Person, RosterError
from ustaz.roster.errors import RIGHTS
from ustaz.roster.granting import GIVES, breaches
from ustaz.roster.writing import write

STAFF = Giver("saule-m", frozenset({"staff"}))
OPERATOR = Giver("timur-r", frozenset({"operator"}))
HEAD = "person,name,role,group,account\n"


@pytest.fixture
def staffed(course: Course) -> Course:
    """A course with two operators and a second one of its staff."""
    path = course.dir / "people.csv"
    more = (
        "timur-r,Timur R.,operator,,,en,\nasel-o,Asel O.,operator staff,,,en,\n"
        "saule-m,Saule M.,staff,,,en,\n"
    )
    text = path.read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if line.split(",")[0] not in more]
    path.write_text("\n".join([*kept, more]), encoding="utf-8")
    return course


LISTS = {
    "the operator's right for oneself": ("saule-m,Saule M.,staff;operator,,\n", "may_not_give"),
    "another role for oneself": ("saule-m,Saule M.,staff;reviewer,,\n", "own_role"),
    "the operator's right for another": ("olga-p,Olga P.,operator,,\n", "may_not_give"),
    "a new operator": ("new-o,New O.,operator,,\n", "may_not_give"),
    "an operator's line for another account": ("timur-r,Timur R.,operator,,evil\n", "may_not_give"),
    "a right taken from an operator": ("timur-r,Timur R.,participant,,\n", "may_not_take"),
    "another's account": ("new-o,New O.,participant,g1,visitor\n", "account_elsewhere"),
    "an id that is another's account": ("visitor,V V.,participant,g1,\n", "account_elsewhere"),
}  # fmt: skip


@pytest.mark.parametrize("way", LISTS)
def test_a_list_gives_nothing_that_its_bringer_does_not_hold(staffed: Course, way: str):
    row, id = LISTS[way]
    giver = Giver(
        "saule-m",
        frozenset({"staff"}),
        elsewhere=lambda account: frozenset({"pilot"} if account == "visitor" else ()),
    )
    before = (staffed.dir / "people.csv").read_bytes()
    data = (HEAD + row).encode()
    plan = enrolment.plan_import(staffed, data, by=giver)
    assert id in [one[0] for one in said(plan)]
    assert all(one[1] == 2 for one in said(plan))
    assert not enrolment.import_list(staffed, data, by=giver).applied
    assert (staffed.dir / "people.csv").read_bytes() == before
    # Whoever holds the right may do the same.
    if id != "own_role":
        operator = Giver("timur-r", frozenset({"operator"}), elsewhere=giver.elsewhere)
        assert enrolment.import_list(staffed, data, by=operator).applied


def test_staff_put_a_course_together(staffed: Course):
    rows = "".join(
        f"new-{role},New {role},{role},{'g1' if role == 'facilitator' else ''},\n"
        for role in ROLES
        if role != "operator"
    )
    assert enrolment.import_list(staffed, (HEAD + rows).encode(), by=STAFF).applied
    enrolment.move(staffed, "new-facilitator", "g1; g2", by=STAFF)
    today = staffed.today()
    assert enrolment.substitute(staffed, "g2", "dina-f", today, today, by=STAFF).group == "g2"


def test_staff_of_both_courses_enter_an_account_of_both(staffed: Course):
    giver = Giver(
        "saule-m",
        frozenset({"staff"}),
        elsewhere=lambda _: frozenset({"pilot"}),
        staff_of=frozenset({"pilot", "trial"}),
    )
    plan = enrolment.import_list(staffed, f"{HEAD},New O.,participant,g1,vis\n".encode(), by=giver)
    assert plan.applied
    assert "account_shared" in [one.id for one in plan.notes]


def test_a_new_id_is_not_the_account_of_somebody_in_another_course(staffed: Course):
    giver = Giver(
        "saule-m",
        frozenset({"staff"}),
        elsewhere=lambda account: frozenset({"pilot"} if account == "yan-k" else ()),
    )
    plan = enrolment.import_list(staffed, "name\nЯн К.\n".encode(), by=giver)
    assert [one.person.person for one in plan.planned] == ["yan-k-2"]


def test_undoing_gives_nothing_back_that_one_may_not_give(staffed: Course):
    def demote(people, past):
        people["asel-o"] = people["asel-o"].having(roles=("staff",))
        return people, []

    write(staffed.dir, demote, by=OPERATOR, how="page")
    (entry,) = [one for one in staffed.past.of("asel-o") if one.kind == "changed"]
    today = staffed.today()
    assert not enrolment.can_undo(staffed.people, staffed.past, entry, today, STAFF)
    assert enrolment.can_undo(staffed.people, staffed.past, entry, today, OPERATOR)
    with pytest.raises(RosterError) as caught:
        enrolment.undo(staffed, "asel-o", entry.number, by=STAFF)
    assert caught.value.id in {"may_not_give", "changed_since"}
    enrolment.undo(staffed, "asel-o", entry.number, by=OPERATOR)
    assert "operator" in staffed.people["asel-o"].roles


def test_an_operator_who_left_is_taken_back_by_an_operator_only(staffed: Course):
    with pytest.raises(RosterError) as caught:
        enrolment.set_status(staffed, "timur-r", "withdrawn", by=STAFF)
    assert caught.value.id == "may_not_take"
    enrolment.set_status(staffed, "timur-r", "withdrawn", by="")
    with pytest.raises(RosterError) as caught:
        enrolment.set_status(staffed, "timur-r", "active", by=STAFF)
    assert caught.value.id == "may_not_give"


ROLES_OF = [frozenset(some) for size in (1, 2) for some in itertools.combinations(ROLES, size)]


@pytest.mark.parametrize("roles", [one for one in ROLES_OF if not one & GIVES.keys()], ids=sorted)
def test_who_is_neither_staff_nor_operator_changes_nothing(staffed: Course, roles: frozenset[str]):
    giver = Giver("dina-f", roles)
    today = staffed.today()
    for change in (
        lambda: enrolment.move(staffed, "olga-p", "g2", by=giver),
        lambda: enrolment.set_status(staffed, "olga-p", "leave", by=giver),
        lambda: enrolment.substitute(staffed, "g2", "dina-f", today, today, by=giver),
    ):
        with pytest.raises(RosterError) as caught:
            change()
        assert caught.value.id == "may_not_change" or caught.value.id not in RIGHTS
    assert not enrolment.import_list(staffed, b"name\nNew O.\n", by=giver).applied


some_roles = st.lists(st.sampled_from(ROLES), min_size=1, max_size=3, unique=True).map(tuple)
a_person = st.builds(
    Person,
    st.sampled_from(["a", "b", "c"]),
    st.just("N"),
    some_roles,
    account=st.sampled_from(["", "x", "y", "A", "b"]),
    status=st.sampled_from(["active", "leave", "withdrawn"]),
)
a_roster = st.lists(a_person, max_size=3, unique_by=lambda one: one.person).map(
    lambda listed: {one.person: one for one in listed}
)


def in_force(people: dict[str, Person]) -> dict[str, frozenset[str]]:
    from ustaz.roster.people import owners

    return {
        account: one.held for account, one in owners(people.values()).items() if one is not None
    }


@given(before=a_roster, after=a_roster, roles=some_roles, foreign=st.sets(st.sampled_from("abxy")))
def test_after_any_change_that_passes_nobody_holds_more_than_its_maker_gives(
    before: dict[str, Person], after: dict[str, Person], roles: tuple[str, ...], foreign: set[str]
):
    giver = Giver(
        "a", frozenset(roles),
        elsewhere=lambda account: frozenset({"pilot"} if account in foreign else ()),
    )  # fmt: skip
    clean = len({one.signs_in_as for one in before.values()}) == len(before)
    if not clean or any(breaches(giver, before, after)):
        return
    old, new = in_force(before), in_force(after)
    own = before["a"].signs_in_as if "a" in before else ""
    for account, held in new.items():
        gained = held - old.get(account, frozenset())
        assert gained <= giver.gives
        if "operator" not in roles:
            assert account != own or not gained
            assert account in old or account not in foreign
    for account, held in old.items():
        assert held - new.get(account, frozenset()) <= giver.gives
