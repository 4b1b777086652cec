"""Who reads which tables of a course: staff, a facilitator, and nobody else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.server import helpers
from ustaz import shares
from ustaz.course import Course
from ustaz.server.api import cohort
from ustaz.server.http import HTTPProblem
from ustaz.server.site import Site

EXTRA = """\
irina-m,Irina M.,reviewer,,,ru,
timur-r,Timur R.,operator,,,kk,
natalya-v,Natalya V.,facilitator,g2,,ru,
"""


def people(site: Site, who: str) -> set[str]:
    reply = json.loads(cohort.course(helpers.visit(site, who)).body)
    table = reply["tables"]["people"]
    return {row[0] for row in table["rows"]}


def fields(site: Site, who: str, workbook: str = "focus", **query: str) -> dict[str, Any]:
    visit = helpers.visit(site, who, query=query, workbook=workbook)
    return json.loads(cohort.fields(visit).body)


@pytest.fixture
def everybody(course: Course, site: Site) -> Site:
    path = course.dir / "people.csv"
    path.write_text(path.read_text("utf-8") + EXTRA, encoding="utf-8")
    return site


def test_staff_read_everybody_and_a_facilitator_the_own_group(everybody: Site) -> None:
    assert people(everybody, "saule-m") == {"olga-p", "aigul-s", "yerlan-b", "nurgul-a"}
    assert people(everybody, "dina-f") == {"olga-p", "aigul-s", "nurgul-a"}
    assert people(everybody, "natalya-v") == {"yerlan-b"}


@pytest.mark.parametrize("who", ["aigul-s", "bakhyt-d", "irina-m", "timur-r"])
def test_participant_director_reviewer_and_operator_are_refused(everybody: Site, who: str) -> None:
    for call in (people, fields):
        with pytest.raises(HTTPProblem) as refused:
            call(everybody, who)
        assert (refused.value.status, refused.value.id) == (403, "not_yours")


def test_a_facilitator_who_has_left_is_refused(everybody: Site) -> None:
    path = everybody.course.dir / "people.csv"
    head, *rows = path.read_text("utf-8").splitlines()
    left = [f"{row},{'withdrawn' if row.startswith('dina-f') else 'active'}" for row in rows]
    path.write_text("\n".join([f"{head},status", *left]) + "\n", encoding="utf-8")
    with pytest.raises(HTTPProblem) as refused:
        people(everybody, "dina-f")
    assert refused.value.id == "not_yours"


def test_private_answers_reach_nobody_and_other_groups_no_facilitator(everybody: Site) -> None:
    for who in ("saule-m", "dina-f"):
        said = json.dumps(fields(everybody, who), ensure_ascii=False)
        assert "Pupils explain" in said
        assert "Only for me" not in said
        assert ("007" in said) is (who == "saule-m")


def test_staff_who_take_part_themselves_read_no_private_answer_of_their_own(
    everybody: Site,
) -> None:
    path = everybody.course.dir / "people.csv"
    text = path.read_text("utf-8").replace(
        "aigul-s,Әйгүл С.,participant", "aigul-s,Ә,participant staff"
    )
    path.write_text(text, encoding="utf-8")
    said = json.dumps(fields(everybody, "aigul-s"), ensure_ascii=False)
    assert "Pupils explain" in said
    assert "Only for me" not in said


def test_a_column_for_staff_is_in_no_facilitators_table(everybody: Site) -> None:
    names = {}
    for who in ("saule-m", "dina-f"):
        reply = json.loads(cohort.course(helpers.visit(everybody, who)).body)
        names[who] = {column for column, _ in reply["tables"]["rounds"]["columns"]}
        assert {
            line["column"] for line in reply["dictionary"] if line["table"] == "rounds"
        } == names[who]
    assert names["saule-m"] - names["dina-f"] == {"status"}


def test_what_somebody_shows_is_in_the_table_until_it_is_taken_back(everybody: Site) -> None:
    course = everybody.course
    entry = {"what_i_did": "I talked with two colleagues.", "readers": []}
    change = {"op": "add_row", "path": ["record", "entry01"], "after": None, "value": entry}
    helpers.write(course, "aigul-s", "participation", [change])

    def shown(who: str) -> bool:
        return "two colleagues" in json.dumps(fields(everybody, who, "participation"))

    assert not shown("dina-f")
    places = ["record/entry01/what_i_did"]
    share, _ = shares.show(course, "aigul-s", "group", workbook="participation", places=places)
    assert shown("dina-f")
    assert not shown("natalya-v")
    assert not shown("saule-m")
    shares.end(course, "aigul-s", share.id)
    assert not shown("dina-f")


def test_meanings_come_in_the_language_that_is_asked_for(everybody: Site) -> None:
    def first(**query: str) -> str:
        return str(fields(everybody, "saule-m", **query)["dictionary"][0]["row"])

    assert first() == "one row a person"
    assert len({first(lang=lang) for lang in ("en", "ru", "kk")}) == 3
    assert first(lang="xx") == first()


def test_a_workbook_that_the_course_does_not_have_is_not_found(everybody: Site) -> None:
    with pytest.raises(HTTPProblem) as refused:
        fields(everybody, "saule-m", "no-such")
    assert refused.value.status == 404
