"""Whatever is typed in, changed and confirmed in whatever order: the marks are those of a model."""

from __future__ import annotations

import contextlib
import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.server import helpers
from ustaz.answers import Batch, Subject
from ustaz.base.ledger import Ledger
from ustaz.course import Course
from ustaz.course.identity import acting_as
from ustaz.transcription import marks, writing
from ustaz.transcription.writing import TranscriptionRefused

IN_MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
OLGA, DINA = "olga-p", "dina-f"
FIELDS = ("focus_statement", "link_note")
COLUMNS = ("value", "what_it_looks_like")

writers = st.sampled_from((OLGA, DINA))
texts = st.sampled_from(("", "one", "two"))
OPERATIONS = st.one_of(
    st.tuples(st.just("field"), writers, st.sampled_from(FIELDS), texts),
    st.tuples(st.just("cell"), writers, st.integers(0, 2), st.sampled_from(COLUMNS), texts),
    st.tuples(st.just("add"), writers, st.sets(st.sampled_from(COLUMNS))),
    st.tuples(st.just("remove"), writers, st.integers(0, 2)),
    st.tuples(st.just("first"), writers, st.integers(0, 2)),
    st.sampled_from((("look",), ("confirm",))),
)


@dataclass
class Model:
    """What ought to be marked, told in the simplest way."""

    revision: int = 0
    values: dict[str, str] = field(default_factory=dict)
    rows: list[tuple[str, str]] = field(default_factory=list)
    marked: dict[str, tuple[int, bool]] = field(default_factory=dict)
    covered: set[str] = field(default_factory=set)

    def visible(self) -> dict[str, tuple[int, bool]]:
        """Return place to revision and openness."""
        return {
            place: mark
            for place, mark in self.marked.items()
            if place in self.values or place.endswith("#order") or place in self.covered
        }

    def touch(self, who: str, place: str, value: str) -> None:
        """Write a value as a part of the revision that is being made."""
        if who == OLGA:
            self.marked.pop(place, None)
        else:
            if place in self.values and not self.marked.get(place, (0, False))[1]:
                self.covered.add(place)
            self.marked[place] = (self.revision, True)
        if value:
            self.values[place] = value
        else:
            self.values.pop(place, None)

    def write(self, who: str, place: str, value: str) -> None:
        if self.values.get(place, "") != value:
            self.revision += 1
            self.touch(who, place, value)

    def may_remove(self, row: str, by: str) -> bool:
        path = f"values/{row}/"
        seen = self.visible()
        own_words = [one for one in self.values if one.startswith(path) and not self.open(one)]
        taken_out = [one for one in seen if one.startswith(path) and one not in self.values]
        return by == DINA and not own_words and not taken_out

    def open(self, place: str) -> bool:
        return self.visible().get(place, (0, False))[1]

    def confirm(self, seen: dict[str, int]) -> bool:
        now = self.visible()
        if any(now.get(place, (0, True))[0] != revision for place, revision in seen.items()):
            return False
        for place in seen:
            if now[place][1]:
                self.covered.discard(place)
                self.marked[place] = (now[place][0], False)
        return True


class World:
    """The model and the real thing, told the same."""

    def __init__(self, course: Course) -> None:
        self.course = course
        self.definition = course.library["focus"]
        self.ledger = Ledger(course.dir / marks.FOLDER)
        self.model = Model()
        self.seen: dict[str, int] = {}
        self.count = 0
        self.base = 0

    def save(self, who: str, change: dict[str, Any]) -> bool:
        self.count += 1
        body = {"batch": f"b{self.count}", "client": f"page-of-{who}", "changes": [change]}
        batch = Batch.from_json({**body, "base_revision": self.base})
        if who == OLGA:
            self.course.store.save(Subject.person(OLGA), "focus", batch, who=OLGA)
            return True
        identity = acting_as(self.course, DINA)
        try:
            writing.save(self.course, self.ledger, identity, self.definition, OLGA, batch)
        except TranscriptionRefused:
            return False
        return True

    def run(self, operation: tuple[Any, ...]) -> None:
        kind, *rest = operation
        getattr(self, kind)(*rest)

    def field(self, who: str, name: str, value: str) -> None:
        self.model.write(who, name, value)
        self.save(who, change_of([name], value))

    def cell(self, who: str, at: int, column: str, value: str) -> None:
        if at < len(self.model.rows):
            row = self.model.rows[at][0]
            self.model.write(who, f"values/{row}/{column}", value)
            self.save(who, change_of(["values", row, column], value))

    def add(self, who: str, columns: set[str]) -> None:
        row = f"row{self.count:04}"
        self.model.revision += 1
        self.model.rows.append((row, who))
        for column in columns:
            self.model.touch(who, f"values/{row}/{column}", "new")
        last = self.model.rows[-2][0] if len(self.model.rows) > 1 else None
        value = dict.fromkeys(sorted(columns), "new")
        self.save(who, {"op": "add_row", "path": ["values", row], "after": last, "value": value})

    def remove(self, who: str, at: int) -> None:
        if at >= len(self.model.rows):
            return
        row, by = self.model.rows[at]
        allowed = who == OLGA or self.model.may_remove(row, by)
        if allowed:
            path = f"values/{row}/"
            self.model.revision += 1
            del self.model.rows[at]
            for kept in (self.model.values, self.model.marked):
                for place in [one for one in kept if one.startswith(path)]:
                    del kept[place]
        assert self.save(who, {"op": "remove_row", "path": ["values", row]}) is allowed

    def first(self, who: str, at: int) -> None:
        if at >= len(self.model.rows):
            return
        row = self.model.rows[at]
        if at > 0:
            self.model.revision += 1
            self.model.rows.insert(0, self.model.rows.pop(at))
            self.model.marked.pop("values#order", None)
            if who == DINA:
                self.model.marked["values#order"] = (self.model.revision, True)
        self.save(who, {"op": "move_row", "path": ["values", row[0]], "after": None})

    def look(self) -> None:
        self.seen = {
            place: revision for place, (revision, open_) in self.model.visible().items() if open_
        }

    def confirm(self) -> None:
        if not self.seen:
            return
        expected = self.model.confirm(self.seen)
        document = self.course.store.read(Subject.person(OLGA), "focus")
        who = acting_as(self.course, OLGA)
        refusal = pytest.raises(TranscriptionRefused, check=lambda error: "meanwhile" in error.id)
        with contextlib.nullcontext() if expected else refusal:
            writing.confirm(self.ledger, who, self.definition, document, self.seen)

    def marks(self) -> dict[str, tuple[int, bool]]:
        document = self.course.store.read(Subject.person(OLGA), "focus")
        assert document.revision == self.model.revision
        self.base = document.revision
        found = marks.standing(self.ledger, self.definition, document)
        assert all(one.by == DINA and one.at for one in found)
        return {one.place: (one.revision, one.open) for one in found}


def change_of(path: list[str], value: str) -> dict[str, Any]:
    if value:
        return {"op": "set", "path": path, "value": value}
    return {"op": "clear", "path": path}


# Each of these finds one mistake for certain that chance may miss in a short run.
TYPED_MEANWHILE = [
    ("field", DINA, "link_note", "one"),
    ("look",),
    ("field", DINA, "link_note", "two"),
    ("confirm",),
]
COVERED_AND_CONFIRMED = [
    ("field", OLGA, "link_note", "one"),
    ("field", DINA, "link_note", "two"),
    ("look",),
    ("confirm",),
    ("field", OLGA, "link_note", ""),
    ("field", DINA, "link_note", "one"),
    ("field", DINA, "link_note", ""),
]
COVERED_AND_EMPTIED = [
    ("field", OLGA, "link_note", "one"),
    ("field", DINA, "link_note", "two"),
    ("field", DINA, "link_note", ""),
    ("look",),
    ("confirm",),
]
OWNERS_CELL = [
    ("add", DINA, {"value"}),
    ("cell", OLGA, 0, "what_it_looks_like", "one"),
    ("remove", DINA, 0),
]


@settings(max_examples=120)
@given(st.lists(OPERATIONS, max_size=25))
@example(TYPED_MEANWHILE)
@example(COVERED_AND_CONFIRMED)
@example(COVERED_AND_EMPTIED)
@example(OWNERS_CELL)
def test_the_marks_are_those_of_the_model(operations: list[tuple[Any, ...]]):
    with tempfile.TemporaryDirectory(dir=IN_MEMORY) as folder:
        world = World(helpers.make_course(Path(folder) / "course"))
        for operation in operations:
            world.run(operation)
            assert world.marks() == world.model.visible()
