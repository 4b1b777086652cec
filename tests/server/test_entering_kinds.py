"""Every workbook and kind of field from paper: typed in, confirmed, and by a substitute again."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from tests.server import helpers
from tests.server.helpers import html, visit
from tests.support.courses import course_at
from tests.support.forms import Form
from ustaz.answers import Subject
from ustaz.base.errors import UstazError
from ustaz.enrolment import end_substitution, substitute
from ustaz.exchange.confirmations import parties
from ustaz.server.api import answers
from ustaz.server.http import HTTPProblem
from ustaz.server.pages import form, participant, staff
from ustaz.server.site import Site
from ustaz.server.views.records import record
from ustaz.transcription.marks import AUDIENCE
from ustaz.workbook import Definition, Field, Library
from ustaz.workbook.conditions import visible
from ustaz.workbook.kinds import STORED_KINDS, kind_of

ROOT: Final = Path(__file__).resolve().parents[2]
FIXTURES: Final = ROOT / "tests" / "workbook" / "fixtures"
#: With every kind of field there is, and what these refer to.
OWN: Final = ("kitchen", "pantry")
LIBRARY: Final = Library.from_dirs([ROOT / "workbooks", *(FIXTURES / name for name in OWN)])
#: What facilitators write of themselves is theirs alone: nobody types it in for them.
WORKBOOKS: Final = [
    name
    for name in LIBRARY.ids
    if LIBRARY[name].subject == "person" and LIBRARY[name].role == "participant"
]
OLGA, DINA, NATALYA = "olga-p", "dina-f", "natalya-v"
ROW: Final = "row00001"
WORDS: Final = "Оқушылар жұппен сөйлеседі, содан кейін жауап береді"
OTHER: Final = "Басқаша айтқанда: сұрақ қойған бала ойланады"
TODAY: Final = dt.date.fromisoformat(helpers.NOW[:10])


@pytest.fixture
def site(tmp_path: Path, _fixed_now: None) -> Iterator[Site]:
    """A course with every workbook that comes along, and with every kind of field."""
    for name in OWN:
        shutil.copytree(FIXTURES / name, tmp_path / "course" / "library" / name)
    course = course_at(
        tmp_path / "course",
        "server-trial",
        "Teacher leadership",
        f"{helpers.ROSTER}{NATALYA},Natalya V.,facilitator,g2,,ru,\n",
        workbooks='[workbooks]\nassignments = ["focus"]\nlibrary = ["library"]\n',
    )
    made = Site(course)
    yield made
    made.pool.shutdown()


# -- what a teacher may have written on paper -----------------------------------------------------
def value_of(field: Field, words: str) -> Any:
    """Return an answer to a field."""
    options = list(field.option_ids) if hasattr(field, "option_ids") else []
    return {
        "text": lambda: words[:5],
        "list": lambda: [words[:4], words[5:9]],
        "choice": lambda: options[-1],
        "choices": lambda: options[:2],
        "scale": lambda: field.high_value,
        "number": lambda: 7,
        "ratings": lambda: {options[0]: {"now": 2, "wanted": 4}},
        "levels": lambda: {options[0]: {"level": 1, "reason": words[:5]}},
        "file": lambda: [{"hash": "0" * 64, "name": "a.jpg", "size": 9, "type": "image/jpeg",
                          "caption": words[:5], "visible": "none"}],
        "date": lambda: "2026-11-20",
        "person": lambda: [ROW],
        "row": lambda: [ROW],
    }[field.kind]()  # fmt: skip


def open_columns(field: Field) -> list[Field]:
    """Return the columns that a facilitator types in; who reads a row is not theirs to say."""
    return [
        column
        for column in field.columns
        if AUDIENCE in column.audiences and column.id != kind_of(field).row_readers
    ]


def open_fields(definition: Definition) -> list[Field]:
    """Return the fields of a workbook that a facilitator types in."""
    return [
        field
        for field in definition.fields
        if field.kind in STORED_KINDS and AUDIENCE in field.audiences
    ]


def written(definition: Definition, words: str = WORDS) -> dict[str, Any]:
    """Return an answer to every field that a facilitator may read, by its place."""
    places: dict[str, Any] = {}
    for field in open_fields(definition):
        if field.columns:
            for column in open_columns(field):
                places[f"{field.id}/{ROW}/{column.id}"] = value_of(column, words)
            if kind_of(field).row_readers:
                # Whoever types in a row has read it.
                places[f"{field.id}/{ROW}/{kind_of(field).row_readers}"] = [AUDIENCE]
        else:
            places[field.id] = value_of(field, words)
    return places


def standing(site: Site, workbook: str, places: dict[str, Any]) -> dict[str, Any]:
    """Return what stands at some places of Olga's workbook."""
    stored = site.course.store.read(Subject.person(OLGA), workbook).answers
    found = {}
    for place in places:
        name, _, rest = place.partition("/")
        row_id, _, column = rest.partition("/")
        value = stored.get(name)
        if rest:
            value = next((row.get(column) for row in value or () if row["id"] == row_id), None)
        found[place] = value
    return found


def marks(site: Site, workbook: str) -> dict[str, tuple[str, bool]]:
    """Return who typed in what, and whether it waits to be read."""
    return {
        mark.place: (mark.by, mark.open)
        for mark in record(site, OLGA, workbook).entered()
        if not mark.place.endswith("#order")
    }


# -- the two ways to type in ----------------------------------------------------------------------
def type_in_by_calls(site: Site, who: str, workbook: str, places: dict[str, Any]) -> None:
    """Type in as the page's script does: rows first, then everything in its place."""
    document = site.course.store.read(Subject.person(OLGA), workbook)
    rows = {place.split("/")[0] for place in places if "/" in place}
    changes: list[dict[str, Any]] = [
        {"op": "add_row", "path": [name, ROW], "after": None, "value": {}}
        for name in sorted(rows)
        if not document.answers.get(name)
    ]
    changes += [
        {"op": "set", "path": place.split("/"), "value": value}
        for place, value in places.items()
        if value != [AUDIENCE]
    ]
    body = {
        "batch": f"{who}-{document.revision}-0000", "client": f"page-of-{who}",
        "base_revision": document.revision, "lang": "en", "changes": changes,
    }  # fmt: skip
    query = {"person": OLGA, "by": who}
    request = visit(
        site, who, method="PATCH", query=query, body=json.dumps(body).encode(), workbook=workbook
    )
    assert json.loads(answers.save(request).body)["conflicts"] == []


def type_in_by_form(site: Site, who: str, workbook: str, places: dict[str, Any]) -> None:
    """Type in where no script runs: a row is added by its button, everything is saved by Save."""
    definition = site.course.library[workbook]

    def opened() -> str:
        request = visit(site, who, workbook=workbook)
        request.params["person"] = OLGA
        return html(staff.enter(request))

    def pressed(do: str, page: str, texts: dict[str, list[str]]) -> None:
        fields = {**Form(page).texts(), **texts, "do": [do]}
        request = visit(site, who, method="POST", fields=fields, workbook=workbook)
        request.params["person"] = OLGA
        reply = form.enter(request)
        assert reply.status == 303, html(reply)

    for name in dict.fromkeys(place.split("/")[0] for place in places if "/" in place):
        pressed(f"add:{workbook}/{name}", opened(), {})
    # A choice may bring further questions; what it brings stands on the next page.
    for _ in range(2):
        page, texts = opened(), {}
        for place, value in posted_at(site, workbook, places).items():
            field = definition.field(place.split("/")[0])
            if "/" in place:
                field = next(c for c in field.columns if c.id == place.rpartition("/")[2])
            texts |= control_texts(field, f"{workbook}/{place}", value)
        shown = {name: sent for name, sent in texts.items() if f'name="{name}"' in page}
        pressed("save", page, {name: sent for name, sent in shown.items() if sent})


def posted_at(site: Site, workbook: str, places: dict[str, Any]) -> dict[str, Any]:
    """Return places under the ids of rows that the page's buttons have added."""
    stored = site.course.store.read(Subject.person(OLGA), workbook).answers
    return {
        place.replace(ROW, stored[place.split("/")[0]][0]["id"]) if "/" in place else place: value
        for place, value in places.items()
    }


def control_texts(field: Field, name: str, value: Any) -> dict[str, list[str]]:
    """Return what a control posts for a value; a file is sent by the script alone."""
    if not kind_of(field).posts:
        return {}
    definition = {"id": field.id, "kind": field.kind, **kind_of(field).to_json(field, str)}
    texts = kind_of(field).texts(definition, value, "en")
    parts = kind_of(field).subnames(definition)
    if not parts:
        return {name: texts}
    return {
        f"{name}/{part}": [text.removeprefix(f"{part}:") for text in texts
                           if text.startswith(f"{part}:")]
        for part in parts
    }  # fmt: skip


def on_the_form(site: Site, workbook: str, places: dict[str, Any]) -> dict[str, Any]:
    """Return those places that the form asks for, as the answers are now."""
    definition = site.course.library[workbook]
    stored = site.course.store.read(Subject.person(OLGA), workbook).answers
    asked = {}
    for place, value in posted_at(site, workbook, places).items():
        name, _, rest = place.partition("/")
        field, holder = definition.field(name), stored
        if rest:
            holder = next(row for row in stored[name] if row["id"] == rest.partition("/")[0])
            field = next(c for c in field.columns if c.id == place.rpartition("/")[2])
        if kind_of(field).posts and visible(field, holder):
            asked[place] = value
    return asked


def people_and_steps(site: Site, workbook: str) -> None:
    """Let Olga have a row in every table that a workbook chooses from."""
    for _, field, _ in site.course.library[workbook].places():
        target, _, table = str(field.from_).partition("/")
        if field.kind not in ("person", "row") or target == workbook:
            continue
        if not site.course.store.read(Subject.person(OLGA), target).answers.get(table):
            row = {"op": "add_row", "path": [table, ROW], "after": None}
            named = {str(field.label_column): "А. К."} if field.label_column else {}
            helpers.write(site.course, OLGA, target, [{**row, "value": named}])


def confirm_by_call(site: Site, workbook: str) -> None:
    """Say that everything that waits has been read, as the page's script does."""
    seen = {
        mark.place: mark.revision for mark in record(site, OLGA, workbook).entered() if mark.open
    }
    body = json.dumps({"seen": seen}).encode()
    request = visit(site, OLGA, method="POST", body=body, workbook=workbook)
    assert json.loads(answers.confirm_entered(request).body)["confirmed"] == len(seen)


# -- the claims -----------------------------------------------------------------------------------
def test_there_is_a_workbook_with_every_kind_of_field():
    kinds = {field.kind for name in WORKBOOKS for _, field, _ in LIBRARY[name].places()}
    assert kinds >= STORED_KINDS


@pytest.mark.parametrize("workbook", WORKBOOKS)
def test_every_field_is_typed_in_and_read_by_its_owner_and_by_a_substitute_again(
    site: Site, workbook: str
):
    definition = site.course.library[workbook]
    places = written(definition)
    type_in_by_calls(site, DINA, workbook, places)
    assert standing(site, workbook, places) == places
    assert marks(site, workbook) == dict.fromkeys(places, (DINA, True))
    confirm_by_call(site, workbook)
    assert marks(site, workbook) == dict.fromkeys(places, (DINA, False))
    with pytest.raises(HTTPProblem, match="not_yours"):
        type_in_by_calls(site, NATALYA, workbook, places)
    substitute(site.course, "g1", NATALYA, TODAY, TODAY, by="saule-m")
    again = {place: value for place, value in written(definition, OTHER).items()
             if value != places[place]}  # fmt: skip
    type_in_by_calls(site, NATALYA, workbook, again)
    assert standing(site, workbook, places) == {**places, **again}
    typed_anew = dict.fromkeys(again, (NATALYA, True))
    assert marks(site, workbook) == dict.fromkeys(places, (DINA, False)) | typed_anew
    end_substitution(site.course, "g1", NATALYA, by="saule-m")
    with pytest.raises(HTTPProblem, match="not_yours"):
        type_in_by_calls(site, NATALYA, workbook, places)
    confirm_by_call(site, workbook)
    assert {open_ for _, open_ in marks(site, workbook).values()} == {False}


@pytest.mark.parametrize("workbook", WORKBOOKS)
def test_without_a_script_the_form_takes_the_same(site: Site, workbook: str):
    people_and_steps(site, workbook)
    places = written(site.course.library[workbook])
    type_in_by_form(site, DINA, workbook, places)
    asked = on_the_form(site, workbook, places)
    assert standing(site, workbook, asked) == asked
    always = [field for field in open_fields(LIBRARY[workbook]) if field.shown_when is None]
    posting = {field.id for field in always if kind_of(field).posts}
    assert {place.split("/")[0] for place in asked} >= posting
    page = html(participant.workbook(visit(site, OLGA, workbook=workbook)))
    assert "Dina F." in page.partition('id="uz-to-read"')[2].partition("</section>")[0]
    sent = {**Form(page).texts(), "do": ["entered"]}
    reply = form.save(visit(site, OLGA, method="POST", fields=sent, workbook=workbook))
    assert reply.status == 303, html(reply)
    assert {open_ for _, open_ in marks(site, workbook).values()} == {False}
    assert 'id="uz-to-read"' not in html(participant.workbook(visit(site, OLGA, workbook=workbook)))


def test_what_the_owner_changes_with_the_same_press_is_theirs_and_the_rest_is_confirmed(
    site: Site,
):
    places = {"focus_statement": WORDS, "link_note": WORDS}
    type_in_by_calls(site, DINA, "focus", places)
    page = Form(html(participant.workbook(visit(site, OLGA, workbook="focus"))))
    sent = {**page.texts(focus__focus_statement=[OTHER]), "do": ["entered"]}
    reply = form.save(visit(site, OLGA, method="POST", fields=sent, workbook="focus"))
    assert reply.status == 303, html(reply)
    assert marks(site, "focus") == {"link_note": (DINA, False)}
    assert standing(site, "focus", places)["focus_statement"] == OTHER


def test_the_form_confirms_nothing_that_was_typed_in_since_it_was_opened(site: Site):
    type_in_by_calls(site, DINA, "focus", {"link_note": WORDS})
    page = Form(html(participant.workbook(visit(site, OLGA, workbook="focus"))))
    type_in_by_calls(site, DINA, "focus", {"link_note": OTHER})
    sent = {**page.texts(), "do": ["entered"]}
    with pytest.raises(UstazError) as caught:
        form.save(visit(site, OLGA, method="POST", fields=sent, workbook="focus"))
    assert caught.value.id == "typed_meanwhile"
    assert marks(site, "focus") == {"link_note": (DINA, True)}


def test_whoever_types_in_confirms_nothing_by_the_form(site: Site):
    type_in_by_calls(site, DINA, "focus", {"link_note": WORDS})
    request = visit(site, DINA, workbook="focus")
    request.params["person"] = OLGA
    page = html(staff.enter(request))
    assert 'id="uz-to-read"' not in page
    sent = {**Form(page).texts(), "seen/focus/link_note": ["1"], "do": ["entered"]}
    request = visit(site, DINA, method="POST", fields=sent, workbook="focus")
    request.params["person"] = OLGA
    with pytest.raises(HTTPProblem, match="owner_only"):
        form.enter(request)
    assert marks(site, "focus") == {"link_note": (DINA, True)}


CONFIRMED: Final = [name for name in WORKBOOKS if parties(LIBRARY[name])]


@pytest.mark.parametrize("workbook", CONFIRMED)
def test_a_substitute_confirms_what_the_facilitator_may_and_takes_it_back(
    site: Site, workbook: str
):
    def confirmed(who: str, field: str, value: bool) -> list[str]:
        body = json.dumps({"about": OLGA, "field": field, "value": value}).encode()
        reply = answers.confirm(visit(site, who, method="POST", body=body, workbook=workbook))
        return [line["field"] for line in json.loads(reply.body)["confirmations"]]

    for field in parties(LIBRARY[workbook]):
        with pytest.raises(HTTPProblem, match="not_yours"):
            confirmed(NATALYA, field, True)
    substitute(site.course, "g1", NATALYA, TODAY, TODAY, by="saule-m")
    for field in parties(LIBRARY[workbook]):
        assert field in confirmed(NATALYA, field, True)
        (line,) = [
            line for line in record(site, OLGA, workbook).confirmations if line["field"] == field
        ]
        assert line["by_name"] == "Natalya V."
        assert field not in confirmed(NATALYA, field, False)
