"""What holds for whatever a person has written: nothing is lost, nothing is shown too far."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.portfolio import year
from ustaz.answers import Document, Subject
from ustaz.course import Course
from ustaz.exchange.manifest import digest, manifest_of, problem_of
from ustaz.portfolio.assembling import assembled, by_audience, sources_of
from ustaz.portfolio.html import blocks_html
from ustaz.portfolio.layout import blocks, clipped
from ustaz.portfolio.model import Portfolio
from ustaz.workbook.model import AUDIENCES

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)


@pytest.fixture(scope="module")
def course(filled: Path) -> Course:
    return Course.open(filled)


@pytest.fixture(scope="module")
def documents(course: Course) -> dict[str, Document]:
    subject = Subject.person(year.OWNER)
    names = (*course.assignments, *course.companions)
    return {name: course.store.read(subject, name) for name in names}


def assemble(course: Course, documents: dict[str, Document], audience: str) -> Portfolio:
    definition = course.library["portfolio"]
    return assembled(
        course,
        definition,
        sources_of(documents),
        by_audience(audience),
        lang="ru",
        owner="A.",
        person=year.OWNER,
    )


def some_of(documents: dict[str, Document], data: st.DataObject) -> dict[str, Document]:
    """Return the documents with some of their answers."""
    left = {}
    for workbook, document in documents.items():
        names = data.draw(st.sets(st.sampled_from(sorted(document.answers))))
        answers = {name: document.answers[name] for name in names}
        left[workbook] = document.with_(answers=answers)
    return left


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data(), audience=st.sampled_from(AUDIENCES[1:]))
def test_exactly_what_an_audience_may_read_is_shown(
    course: Course, documents: dict[str, Document], data: st.DataObject, audience: str
) -> None:
    left = some_of(documents, data)
    page = blocks_html(blocks(assemble(course, left, audience)), "ru")
    for workbook, document in left.items():
        definition = course.library[workbook]
        closed = set(year.closed_canaries(definition, audience))
        for field in definition.fields:
            mark = year.canary(workbook, field.id)
            if document.answers.get(field.id) == mark and not field.shown_when:
                assert (mark in page) == (mark not in closed)


@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_a_manifest_is_what_it_says_and_every_change_of_it_shows(
    course: Course, documents: dict[str, Document], data: st.DataObject
) -> None:
    left = some_of(documents, data)
    definition = course.library["portfolio"]
    own = left.pop("portfolio").answers
    manifest = manifest_of(course, year.OWNER, definition, own, left, whole=False)
    assert problem_of(manifest) == ""
    for part in manifest["parts"].values():
        assert digest(part) == part["digest"]
    workbook = data.draw(st.sampled_from(sorted(manifest["parts"])))
    part = manifest["parts"][workbook]
    key = data.draw(st.sampled_from(["revision", "lang", "answers"]))
    other = {"revision": part["revision"] + 1, "lang": "xx", "answers": {"no_such": 1}}[key]
    changed = {**manifest, "parts": {**manifest["parts"], workbook: {**part, key: other}}}
    assert problem_of(changed) == "digest"


@given(text=TEXTS, most=st.integers(min_value=10, max_value=40))
def test_what_is_cut_is_a_beginning_and_says_so(text: str, most: int) -> None:
    cut = clipped(text, most)
    assert len(cut) <= most + 1
    assert cut == text or cut.endswith("…")
