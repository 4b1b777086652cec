"""What a share shows: the places it names, and never what is for the writer alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workbook.strategies import answers as any_answers
from ustaz.workbook import Definition, Library, load, project
from ustaz.workbook.kinds import kind_of
from ustaz.workbook.model import AUDIENCES, Shareable
from ustaz.workbook.problems import DefinitionErrors
from ustaz.workbook.sharing import is_private, linked_parts, places_of

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = Library.from_dirs([ROOT / "workbooks"])
KITCHEN = load(Path(__file__).parent / "fixtures" / "kitchen" / "workbook.yml")
WORKBOOKS = [KITCHEN, *SHIPPED.values()]


@st.composite
def shown_parts(draw: st.DrawFn) -> tuple[Definition, dict[str, Any], set[str]]:
    definition = draw(st.sampled_from(WORKBOOKS))
    answers = draw(any_answers(definition))
    places = {"record", "no-such-field", "steps/none/nothing"}
    for field in definition.fields:
        for row in answers.get(field.id, []) if field.columns else []:
            places.add(f"{field.id}/{row['id']}")
            places.update(f"{field.id}/{row['id']}/{column.id}" for column in field.columns)
        places.add(field.id)
    chosen = draw(st.sets(st.sampled_from(sorted(places))))
    return definition, answers, chosen


@given(shown_parts(), st.sampled_from([name for name in AUDIENCES if name != "self"]))
def test_what_is_seen_is_what_the_definition_or_the_share_allows_and_nothing_else(
    case: tuple[Definition, dict[str, Any], set[str]], audience: str
) -> None:
    definition, answers, places = case
    shown = project(definition, answers, audience, places)["answers"]
    alone = project(definition, answers, audience)["answers"]
    for field in definition.fields:
        if field.id not in answers:
            assert field.id not in shown
            continue
        is_open = audience in field.audiences
        if not field.columns:
            by_share = field.id in places and not is_private(field)
            assert (field.id in shown) is (is_open or by_share)
            continue
        rows = {row["id"]: row for row in shown.get(field.id, [])}
        before = {row["id"]: row for row in alone.get(field.id, [])}
        readers = kind_of(field).row_readers
        for row in answers[field.id]:
            for column in row:
                if column == "id":
                    continue
                name = f"{field.id}/{row['id']}"
                by_share = (
                    not is_private(field)
                    and not is_private(field.column(column))
                    and column != readers
                    and (
                        name in places
                        or f"{name}/{column}" in places
                        or (field.id in places and not readers)
                    )
                )
                seen = column in rows.get(row["id"], {})
                assert seen is (column in before.get(row["id"], {}) or by_share)


@given(shown_parts())
def test_an_outside_reader_and_a_director_see_nothing_without_a_share(
    case: tuple[Definition, dict[str, Any], set[str]],
) -> None:
    definition, answers, _ = case
    for audience in ("outside", "school_link"):
        assert project(definition, answers, audience)["answers"] == {}


@pytest.mark.parametrize("workbook", SHIPPED.ids)
def test_a_private_field_is_in_nothing_that_can_be_shown(workbook: str) -> None:
    definition = SHIPPED[workbook]
    private = {field.id for field in definition.fields if is_private(field)}
    for shareable in definition.shares:
        places = places_of(definition, shareable, "row1")
        assert places
        assert private.isdisjoint(place.partition("/")[0] for place in places)


def test_a_whole_document_never_takes_a_journal_with_it() -> None:
    definition = SHIPPED["participation"]
    assert places_of(definition, Shareable("document", "", ("group",))) == ()
    answers = {"record": [{"id": "row000001", "what_i_did": "x"}]}
    assert project(definition, answers, "outside", {"record"})["answers"] == {}


def test_what_is_shown_only_with_a_choice_takes_that_choice_along() -> None:
    definition = SHIPPED["evidence"]
    places = places_of(definition, Shareable("cell", "items.file", ("group",)), "row1")
    assert set(places) == {"items/row1/file", "items/row1/kept_as"}


def test_people_are_lent_by_their_short_form_alone() -> None:
    plan = SHIPPED["action-plan"]
    table, column = next(
        (field, column) for field in plan.fields for column in field.columns if column.from_
    )
    workbook, _, people = str(column.from_).partition("/")
    person = {"id": "p1", column.label_column: "A.K.", "stance": "against", "next_step": "secret"}
    lent = linked_parts(plan, {table.id}, {workbook: {people: [person]}})
    assert lent == {workbook: {people: [{"id": "p1", column.label_column: "A.K."}]}}
    assert linked_parts(plan, set(), {workbook: {people: [person]}}) == {}


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ("{document: yes, to: [everybody]}", "is not one of group"),
        ("{section: none, to: [group]}", "there is nothing of it"),
        ("{field: none, to: [group]}", "there is nothing of it"),
        ("{section: idea, field: name, to: [group]}", "names exactly one"),
        ("{section: idea, to: [group], without: [name]}", "only of a whole document"),
        ("{document: yes, to: [group], without: [none]}", "no such field: none"),
        ("{document: no, to: [group]}", "only yes"),
    ],
)
def test_a_share_that_cannot_be_is_complained_about(
    tmp_path: Path, entry: str, complaint: str
) -> None:
    text = (Path(__file__).parent / "fixtures" / "kitchen" / "workbook.yml").read_text()
    path = tmp_path / "kitchen" / "workbook.yml"
    path.parent.mkdir()
    path.write_text(text.replace("\nsections:", f"\nshares:\n  - {entry}\nsections:", 1))
    with pytest.raises(DefinitionErrors, match=complaint):
        load(path)


@pytest.mark.parametrize("audience", ["school_link", "outside"])
def test_no_definition_shows_a_director_or_a_stranger_anything(
    tmp_path: Path, audience: str
) -> None:
    text = (Path(__file__).parent / "fixtures" / "kitchen" / "workbook.yml").read_text()
    path = tmp_path / "kitchen" / "workbook.yml"
    path.parent.mkdir()
    old = next(line for line in text.splitlines() if line.startswith("visibility:"))
    path.write_text(text.replace(old, f"visibility: [self, {audience}]", 1))
    with pytest.raises(DefinitionErrors, match="reads what its writer shows"):
        load(path)


def test_what_a_later_version_adds_is_not_shown_by_an_earlier_share() -> None:
    definition = SHIPPED["vignette"]
    shareable = definition.shares[0]
    places = places_of(definition, shareable)
    assert "publish" not in places
    new = replace(next(definition.fields), id="added_later")
    section = definition.sections[0]
    later = replace(
        definition,
        sections=(replace(section, fields=(*section.fields, new)), *definition.sections[1:]),
    )
    shown = project(later, {"added_later": "x", "concern": "y"}, "outside", places)["answers"]
    assert shown == {"concern": "y"}
