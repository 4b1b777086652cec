"""Who may write to whom: every cell of the table, and who reads what was written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.server.helpers import NOW
from tests.support.courses import course_at
from ustaz.course import Course
from ustaz.course.identity import acting_as
from ustaz.enrolment import move, substitute
from ustaz.threads import Thread, standing, way_to
from ustaz.threads.access import MAY_BEGIN

ROSTER = """\
person,name,role,group,school,lang,account,status
aigul-s,Aigul S.,participant,g1,s1,kk,,
olga-p,Olga P.,participant,g1,s2,ru,,
yerlan-b,Yerlan B.,participant,g2,s1,en,,
gone-a,Gone A.,participant,g1,s1,en,,withdrawn
dina-f,Dina F.,facilitator,g1,,en,,
natalya-v,Natalya V.,facilitator,g2,,ru,,
bakhyt-d,Bakhyt D.,director,,s1,kk,,
irina-m,Irina M.,reviewer,,,ru,,
saule-m,Saule M.,staff,,,en,,
timur-r,Timur R.,operator,,,kk,,
"""
WRITERS = (
    "aigul-s", "gone-a", "dina-f", "natalya-v", "bakhyt-d", "irina-m", "saule-m", "timur-r",
)  # fmt: skip
TO = (
    "person:aigul-s", "person:olga-p", "person:yerlan-b", "person:gone-a", "person:dina-f",
    "person:natalya-v", "person:bakhyt-d", "person:irina-m", "person:saule-m", "person:timur-r",
    "person:nobody-x", "group:g1", "group:g2", "group:none", "school:s1", "school:none",
    "staff", "concern", "all", "", "person:", "group:", "../people.csv", "person:" + "a" * 500,
)  # fmt: skip
ALLOWED = {
    ("aigul-s", "person:dina-f"): "two",
    ("aigul-s", "staff"): "help",
    ("dina-f", "person:aigul-s"): "two",
    ("dina-f", "person:olga-p"): "two",
    ("dina-f", "group:g1"): "group",
    ("dina-f", "staff"): "staff",
    ("dina-f", "concern"): "concern",
    ("natalya-v", "person:yerlan-b"): "two",
    ("natalya-v", "group:g2"): "group",
    ("natalya-v", "staff"): "staff",
    ("natalya-v", "concern"): "concern",
    ("saule-m", "person:dina-f"): "staff",
    ("saule-m", "person:natalya-v"): "staff",
    ("saule-m", "all"): "announcement",
    ("saule-m", "group:g1"): "announcement",
    ("saule-m", "group:g2"): "announcement",
    ("saule-m", "school:s1"): "announcement",
}


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    monkeypatch.setenv("USTAZ_NOW", NOW)
    return course_at(tmp_path / "course", "trial", "Trial", ROSTER)


def test_each_cell_of_the_table_lets_in_or_refuses(course: Course) -> None:
    found = {}
    for writer in WRITERS:
        for to in TO:
            way = way_to(course, acting_as(course, writer), to)
            if way is not None:
                found[writer, to] = way.kind
    assert found == ALLOWED
    assert set(ALLOWED.values()) == set(MAY_BEGIN.values())


def readers(course: Course, thread: Thread) -> dict[str, bool]:
    """Return who reads a thread, and whether they may answer."""
    people = {name: acting_as(course, name) for name in course.people}
    rights = {name: standing(course, who, thread) for name, who in people.items()}
    return {name: right.answers for name, right in rights.items() if right is not None}


def thread(kind: str, **more: object) -> Thread:
    return Thread("0" * 12, kind, "dina-f", NOW, **more)  # type: ignore[arg-type]


def test_each_kind_of_thread_has_its_readers_and_no_others(course: Course) -> None:
    two = thread("two", people=("aigul-s", "dina-f"))
    assert readers(course, two) == {"aigul-s": True, "dina-f": True}
    group = thread("group", target="g1")
    assert readers(course, group) == {"aigul-s": True, "olga-p": True, "dina-f": True}
    assert readers(course, thread("concern", people=("dina-f",))) == {
        "dina-f": True, "saule-m": True,
    }  # fmt: skip
    assert readers(course, thread("help", people=("aigul-s",))) == {
        "aigul-s": True, "saule-m": True,
    }  # fmt: skip
    everybody = readers(course, thread("announcement", scope="all", target="all"))
    assert set(everybody) == set(course.people) - {"gone-a"}
    assert not any(everybody.values())
    school = readers(course, thread("announcement", scope="school", target="s1"))
    assert set(school) == {"aigul-s", "yerlan-b", "bakhyt-d", "saule-m"}


def test_staff_read_what_follows_the_line_that_hands_it_on(course: Course) -> None:
    handed = thread("two", people=("aigul-s", "dina-f"), handed_on=(("aigul-s", NOW, 3),))
    right = standing(course, acting_as(course, "saule-m"), handed)
    assert right is not None
    assert (right.since, right.answers) == (3, True)


def test_a_group_keeps_its_thread_and_two_people_keep_theirs(course: Course) -> None:
    two, group = thread("two", people=("aigul-s", "dina-f")), thread("group", target="g1")
    substitute(course, "g1", "natalya-v", course.today(), course.today(), by="saule-m")
    assert "natalya-v" in readers(course, group)
    assert "natalya-v" not in readers(course, two)
    move(course, "aigul-s", "g2", by="saule-m")
    assert "aigul-s" not in readers(course, group)
    assert readers(course, two) == {"aigul-s": False, "dina-f": False}
