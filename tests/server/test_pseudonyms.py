"""What a reviewer reads holds no name and no id of anybody, in no page, address or call."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.server import helpers
from tests.server.helpers import html, visit
from ustaz import enrolment
from ustaz.base.ids import PERSON_ID
from ustaz.base.ledger import Ledger
from ustaz.course import Course
from ustaz.course.identity import acting_as
from ustaz.exchange import submit
from ustaz.server.api import answers
from ustaz.server.http import HTTPProblem
from ustaz.server.pages import participant, reviewer
from ustaz.server.site import Site
from ustaz.server.views.pseudonyms import KEY_FILE, person_of, pseudonym
from ustaz.server.views.records import entering_record

REVIEWERS = "rahat-e,Rahat E.,reviewer,,,ru,\nmadina-k,Madina K.,reviewer staff,,,en,\n"
LABEL = "Talked through with my facilitator"


@pytest.fixture
def sent(site: Site, course: Course) -> Site:
    """A course in which Aigul has submitted what was partly typed in, and confirmed."""
    file = course.dir / "people.csv"
    file.write_text(file.read_text(encoding="utf-8") + REVIEWERS, encoding="utf-8")
    helpers.put(course, "aigul-s", "focus", **helpers.FOCUS)
    one = visit(site, "dina-f", method="PATCH", query={"person": "aigul-s", "by": "dina-f"},
                body=json.dumps({
                    "batch": "typed-in-for-aigul-1", "client": "c", "base_revision": 1,
                    "changes": [{"op": "set", "path": ["link_note"], "value": "From paper"}],
                }).encode(), workbook="focus")  # fmt: skip
    answers.save(one)
    assert entering_record(site, one.who, "aigul-s", "focus").waiting
    submit(course, "aigul-s", "focus", identity=acting_as(course, "aigul-s"))
    line = {"workbook": "focus", "field": "focus_agreed_with_facilitator", "value": True,
            "by": "dina-f", "role": "facilitator"}  # fmt: skip
    Ledger(course.dir / "confirmations").append("aigul-s", line)
    return site


def hidden(course: Course) -> list[str]:
    """Return every id and name of the roster but the reviewer's own."""
    people = [one for one in course.people.values() if one.person != "rahat-e"]
    return [said for one in people for said in (one.person, one.name)]


def readable(site: Site, asking: str = "rahat-e") -> list[str]:
    """Return everything that a reviewer can open, beginning at home."""
    texts = [html(participant.home(visit(site, asking)))]
    for person, number in set(re.findall(r"/rounds/([^/\"]+)/focus/(\d+)", texts[0])):
        params = {"workbook": "focus", "round": number}
        texts.append(html(reviewer.round_page(visit(site, asking, person=person, **params))))
        call = visit(site, asking, query={"person": person}, **params)
        texts.append(answers.round_(call).body.decode())
    return texts


def test_a_reviewer_meets_no_name_and_no_id(sent: Site):
    texts = readable(sent)
    assert len(texts) == 3
    assert LABEL in texts[1]
    assert "Confirmed by" in texts[1]
    for said in hidden(sent.course):
        for text in texts:
            assert said not in text, said
    assert json.loads(texts[2])["round"]["entered"]["link_note"].keys() >= {"at", "confirmed_at"}


def test_only_pseudonyms_open_a_round_for_a_reviewer(sent: Site):
    alias = pseudonym(sent.course, "rahat-e", "aigul-s")
    others = pseudonym(sent.course, "madina-k", "aigul-s")
    assert alias != others
    for asked in ("aigul-s", "olga-p", "nobody", others, "t-aaaaaaaaaa"):
        params = {"workbook": "focus", "round": "1"}
        with pytest.raises(HTTPProblem) as page:
            reviewer.round_page(visit(sent, "rahat-e", person=asked, **params))
        with pytest.raises(HTTPProblem) as call:
            answers.round_(visit(sent, "rahat-e", query={"person": asked}, **params))
        assert {page.value.id, call.value.id} == {"not_yours"}


def test_who_is_staff_as_well_reads_under_the_pseudonym_that_was_asked_for(sent: Site):
    alias = pseudonym(sent.course, "madina-k", "aigul-s")
    params = {"workbook": "focus", "round": "1"}

    def page(asked: str) -> str:
        return html(reviewer.round_page(visit(sent, "madina-k", person=asked, **params)))

    assert "aigul-s" not in page(alias)
    assert "aigul-s" in page("aigul-s")


def test_who_has_left_has_no_rounds_under_the_pseudonym_either(sent: Site):
    alias = pseudonym(sent.course, "rahat-e", "aigul-s")
    enrolment.set_status(sent.course, "aigul-s", "withdrawn", by="saule-m")
    with pytest.raises(HTTPProblem) as refused:
        reviewer.round_page(visit(sent, "rahat-e", person=alias, workbook="focus", round="1"))
    assert refused.value.id == "no_round"


def test_a_pseudonym_stays_through_a_course_and_is_another_in_the_next(
    course: Course, tmp_path: Path
):
    first = pseudonym(course, "rahat-e", "aigul-s")
    file = course.dir / "people.csv"
    known = file.read_text(encoding="utf-8")
    file.write_text(known.replace("Әйгүл С.", "Another N."), encoding="utf-8")
    assert pseudonym(Course.open(course.dir), "rahat-e", "aigul-s") == first
    assert (course.dir / KEY_FILE).stat().st_mode & 0o777 == 0o600
    other = helpers.make_course(tmp_path / "other")
    assert pseudonym(other, "rahat-e", "aigul-s") != first


def test_many_who_begin_at_once_agree_on_one_key(course: Course):
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda _: pseudonym(course, "rahat-e", "aigul-s"), range(16)))
    assert len(made) == 1
    assert [one.name for one in course.dir.glob("*pseudonyms*")] == [KEY_FILE]


@settings(max_examples=30, deadline=None)
@given(reviewer=st.from_regex(PERSON_ID, fullmatch=True))
def test_a_pseudonym_is_an_id_and_leads_back_for_its_reviewer_only(
    tmp_path_factory: pytest.TempPathFactory, reviewer: str
):
    course = helpers.make_course(tmp_path_factory.getbasetemp() / "pseudonyms")
    made = {one: pseudonym(course, reviewer, one) for one in course.people}
    assert len(set(made.values())) == len(made)
    for person, shown in made.items():
        assert PERSON_ID.match(shown)
        assert person_of(course, reviewer, shown) == person
        assert person_of(course, "somebody-else-entirely", shown) is None
