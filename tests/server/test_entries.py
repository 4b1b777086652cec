"""A private entry through every reader: a canary that nobody but its writer may ever see."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.helpers import NOW, ROSTER, html, visit, write
from tests.support.courses import SHIPPED, course_at
from ustaz.answers import Batch, StoreError, Subject
from ustaz.course import Course, tables
from ustaz.course.identity import acting_as
from ustaz.exchange.snapshot import submission_document
from ustaz.server.api import answers as api
from ustaz.server.pages import participant, staff
from ustaz.server.site import Site
from ustaz.transcription.writing import TranscriptionRefused
from ustaz.transcription.writing import save as type_in

WORKBOOK = "participation"
PRIVATE, SHARED = "canary7f3a: менің ойым", "ortak9c1b: біздің ойымыз"
# As it stands in JSON, too, whatever becomes of other letters there.
CANARY, OPEN = PRIVATE.partition(":")[0], SHARED.partition(":")[0]
HIDDEN_ROW, SHARED_ROW = "hiddenrow1", "sharedrow1"


def row(row_id: str, day: str, text: str, **more: object) -> dict[str, object]:
    value = {"date": day, "what_i_did": text, **more}
    return {"op": "add_row", "path": ["record", row_id], "after": None, "value": value}


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    monkeypatch.setenv("USTAZ_NOW", NOW)
    workbooks = SHIPPED + 'companions = ["culture", "participation"]\n'
    made = course_at(
        tmp_path / "course", "server-trial", "Teacher leadership", ROSTER, workbooks=workbooks
    )
    write(
        made,
        "aigul-s",
        WORKBOOK,
        [
            row(HIDDEN_ROW, "2026-10-01", PRIVATE),
            row(SHARED_ROW, "2026-10-08", SHARED, readers=["facilitator", "staff"], feeling=2),
        ],
    )
    return made


def readings(site: Site, person: str) -> Iterator[str]:
    """Yield everything that a reader of another person's workbook is sent."""
    about = {"query": {"person": "aigul-s"}, "workbook": WORKBOOK}
    for call in (api.workbook, api.answers):
        yield html(call(visit(site, person, "api", **about)))
    page = visit(site, person, "people/aigul-s", person="aigul-s", workbook=WORKBOOK)
    yield html(staff.reading(page))


@pytest.mark.parametrize("reader", ["dina-f", "saule-m"])
def test_a_reader_gets_the_shared_entry_and_no_trace_of_the_private_one(
    site: Site, reader: str
) -> None:
    for text in readings(site, reader):
        assert CANARY not in text
        assert HIDDEN_ROW not in text
    assert any(OPEN in text for text in readings(site, reader))


def test_the_writer_gets_both(site: Site) -> None:
    page = html(api.workbook(visit(site, "aigul-s", "api", workbook=WORKBOOK)))
    assert CANARY in page
    assert OPEN in page


def test_an_entry_that_is_taken_back_is_gone_at_the_next_look(site: Site, course: Course) -> None:
    taken = {"op": "set", "path": ["record", SHARED_ROW, "readers"], "value": []}
    write(course, "aigul-s", WORKBOOK, [taken])
    for reader in ("dina-f", "saule-m"):
        assert not [text for text in readings(site, reader) if OPEN in text]


def test_a_submission_carries_no_private_entry(course: Course) -> None:
    document = course.store.read(Subject.person("aigul-s"), WORKBOOK)
    frozen = submission_document(course.library, document.to_json(), {})
    assert [entry["id"] for entry in frozen["answers"]["record"]] == [SHARED_ROW]
    assert "record" in frozen["withheld"]
    assert CANARY not in json.dumps(frozen)


@pytest.mark.parametrize("audience", ["facilitator", "group", "staff", "network", "public"])
def test_tables_hold_no_private_entry(course: Course, audience: str) -> None:
    found = tables.read(course.dir, [WORKBOOK], audience=audience)
    said = [document.answers for document in found.documents[WORKBOOK].values()]
    text = json.dumps(said) + "".join(frame.to_csv() for frame in found.tables.values())
    assert CANARY not in text
    assert HIDDEN_ROW not in text
    assert (OPEN in text) is (audience in {"facilitator", "staff"})


@pytest.mark.parametrize(
    "change",
    [
        {"op": "set", "path": ["record", HIDDEN_ROW, "readers"], "value": ["facilitator"]},
        {"op": "set", "path": ["record", HIDDEN_ROW, "what_i_did"], "value": "typed over it"},
        {"op": "clear", "path": ["record", HIDDEN_ROW, "what_i_did"]},
        {"op": "remove_row", "path": ["record", HIDDEN_ROW]},
        {"op": "move_row", "path": ["record", HIDDEN_ROW], "after": None},
        {"op": "set", "path": ["record", SHARED_ROW, "readers"], "value": ["public"]},
        {"op": "clear", "path": ["record", SHARED_ROW, "readers"]},
        row("typedrow1", "2026-10-02", "from paper", readers=["facilitator", "staff"]),
    ],
    ids=lambda change: f"{change['op']} {'/'.join(change['path'][1:])}",
)
def test_who_types_in_touches_no_private_entry_and_says_nobody_elses_readers(
    site: Site, course: Course, change: dict
) -> None:
    before = course.store.read(Subject.person("aigul-s"), WORKBOOK).answers
    with pytest.raises(TranscriptionRefused):
        typed(site, course, change)
    assert course.store.read(Subject.person("aigul-s"), WORKBOOK).answers == before


def test_who_types_in_reads_what_was_typed(site: Site, course: Course) -> None:
    typed(site, course, row("typedrow1", "2026-10-02", "from paper", readers=["facilitator"]))
    assert any("from paper" in text for text in readings(site, "dina-f"))
    assert not [text for text in readings(site, "saule-m") if "from paper" in text]


def test_a_row_typed_in_without_readers_names_the_facilitator(site: Site, course: Course) -> None:
    typed(site, course, row("typedrow1", "2026-10-02", "from paper"))
    rows = course.store.read(Subject.person("aigul-s"), WORKBOOK).answers["record"]
    assert next(entry for entry in rows if entry["id"] == "typedrow1")["readers"] == ["facilitator"]


def typed(site: Site, course: Course, change: dict) -> None:
    body = {"batch": "b" * 12, "client": "c" * 12, "base_revision": 1, "changes": [change]}
    type_in(
        course,
        site.entered,
        acting_as(course, "dina-f"),
        course.library[WORKBOOK],
        "aigul-s",
        Batch.from_json(body),
    )


def test_a_year_of_full_kazakh_entries_fits_and_a_201st_does_not(course: Course) -> None:
    full = {
        "what_i_did": "ә" * 800,
        "what_i_learned": "қ" * 800,
        "small_success": "ө" * 250,
        "question_for_group": "ұ" * 200,
    }
    for part in range(4):
        rows = [
            {
                "op": "add_row",
                "path": ["record", f"year{part}x{at:03}"],
                "after": None,
                "value": full,
            }
            for at in range(50)
        ]
        write(course, "olga-p", WORKBOOK, rows)
    document = course.store.read(Subject.person("olga-p"), WORKBOOK)
    assert len(document.answers["record"]) == 200
    assert 512 * 1024 < len(document.encode()) < 1024 * 1024
    for word in ("one", "two", "three"):  # whatever the journal has to be made shorter to
        later = {"op": "set", "path": ["record", "year0x000", "what_i_did"], "value": word}
        write(course, "olga-p", WORKBOOK, [later])
    kept = course.store.read(Subject.person("olga-p"), WORKBOOK)
    assert len(kept.answers["record"]) == 200
    assert course.store.at(Subject.person("olga-p"), WORKBOOK, kept.revision) == kept.answers
    with pytest.raises(StoreError, match="too_large"):
        write(course, "olga-p", WORKBOOK, [row("onetoomany", "2026-10-01", "x")])


def test_without_a_script_entries_are_a_form_newest_first(site: Site) -> None:
    page = html(participant.workbook(visit(site, "aigul-s", workbook=WORKBOOK)))
    form = page[page.index('id="uz-participation-record"') :]
    assert form.index(SHARED_ROW) < form.index(HIDDEN_ROW)
    assert "<summary><strong>8 October 2026</strong>" in form
    assert f'name="{WORKBOOK}/record/{HIDDEN_ROW}/what_i_did"' in form
    assert f'name="{WORKBOOK}/record/{HIDDEN_ROW}/readers"' in form
    assert f'value="add:{WORKBOOK}/record"' in form
