"""Three pages write to one document; a simple model says what must never happen.

The model knows nothing of stamps. It keeps, for each place, who wrote there last and when, by
comparing whole documents before and after, and so can tell when somebody's words went away
under somebody who had not seen them.
"""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.answers import strategies as ours
from tests.answers.helpers import AIGUL, IN_MEMORY, PLAN, Crash, FailingFs, batch, store_at
from ustaz.answers import Batch, Document, Saved, Store, apply_changes
from ustaz.answers.applying import equal, index_of
from ustaz.answers.changes import parse_change

W = "aigul-s"
CLIENTS = ["phone", "laptop", "library"]
Place = tuple[str, ...]


def places(answers: dict[str, Any]) -> dict[Place, Any]:
    """Return every place that holds something, rows by id."""
    flat: dict[Place, Any] = {}
    for name, value in answers.items():
        if name != "steps":
            flat[name,] = value
            continue
        for row in value:
            flat[name, row["id"]] = True
            for column, cell in row.items():
                flat[name, row["id"], column] = cell
    return flat


def differing(before: dict[str, Any], after: dict[str, Any]) -> set[Place]:
    """Return the places where two states differ."""
    one, other = places(before), places(after)
    return {
        place
        for place in one.keys() | other.keys()
        if (place in one) != (place in other) or not equal(one[place], other[place])
    }


class ThreeWriters(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.path = Path(tempfile.mkdtemp(prefix="ustaz-three-", dir=IN_MEMORY))
        self.snapshots: dict[int, dict[str, Any]] = {0: {}}
        self.last_writer: dict[Place, tuple[int, str]] = {}
        self.seen = dict.fromkeys(CLIENTS, 0)
        self.sent: list[Batch] = []
        self.declined: dict[str, list[Any]] = {client: [] for client in CLIENTS}
        self.aside: dict[int, dict[str, Any]] = {}

    def teardown(self) -> None:
        shutil.rmtree(self.path)

    # -- helpers -------------------------------------------------------------------------------
    def store(self, dies_at: int = 0) -> Store:
        """Return a store; its process dies at an operation."""
        return store_at(self.path, FailingFs(dies_at) if dies_at else None)

    def document(self) -> Document:
        return self.store().read(AIGUL, PLAN)

    def check(self, client: str, base: int, before: Document, after: Document) -> None:
        """Nothing that `client` had not seen went away."""
        assert after.revision - before.revision in (0, 1)
        changed = differing(before.answers, after.answers)
        assert bool(changed) <= (after.revision > before.revision)
        rows = {row["id"] for row in before.answers.get("steps", [])}
        for place in changed:
            revision, writer = self.last_writer.get(place, (0, client))
            # A row that comes back (an undo) takes nothing from whoever removed it.
            added = len(place) > 1 and place[1] not in rows
            assert added or writer == client or revision <= base, place
            self.last_writer[place] = (after.revision, client)
        self.snapshots[after.revision] = after.answers

    def save(self, made: Batch) -> Saved:
        before = self.document()
        saved = self.store().save(AIGUL, PLAN, made, W)
        after = self.document()
        assert saved.revision == after.revision
        self.check(made.client, made.base_revision, before, after)
        # What was not declined took effect, in order, and nothing else did.
        refused = {one["index"] for one in saved.conflicts}
        kept = [one for index, one in enumerate(made.changes) if index not in refused]
        assert saved.applied == len(kept)
        if not saved.repeated:
            assert equal(apply_changes(before.answers, kept), after.answers)
        for conflict in saved.conflicts:
            self.check_conflict(made, conflict, after)
        if saved.document is None:
            assert made.base_revision in (after.revision, after.revision - 1)
        else:
            assert saved.document == after
        self.sent = [*self.sent[-20:], made]
        self.declined[made.client] = [made.changes[index] for index in sorted(refused)]
        self.seen[made.client] = saved.revision
        return saved

    def check_conflict(self, made: Batch, conflict: dict[str, Any], after: Document) -> None:
        """Both values are in hand: mine in the change, theirs as it stands."""
        change = made.changes[conflict["index"]]
        assert conflict["change"] == change.to_json()
        rows = after.answers.get("steps", [])
        theirs: Any = None
        if len(change.path) == 1:
            theirs = after.answers.get(change.path[0])
        elif change.op == "move_row":
            theirs = [row["id"] for row in rows]
        else:
            at = index_of(rows, change.path[1])
            if at is not None:
                theirs = rows[at] if len(change.path) == 2 else rows[at].get(change.path[2])
        if len(made.changes) == 1:  # later changes of the batch may have moved on
            assert equal(conflict["theirs"], theirs)

    # -- what happens --------------------------------------------------------------------------
    @rule(client=st.sampled_from(CLIENTS), changes=st.lists(ours.changes(), min_size=1, max_size=4))
    def write(self, client, changes):
        self.save(batch(*changes, base=self.seen[client], client=client))

    @rule(client=st.sampled_from(CLIENTS), change=ours.changes())
    def write_one(self, client, change):
        self.save(batch(change, base=self.seen[client], client=client))

    @rule(client=st.sampled_from(CLIENTS), changes=st.lists(ours.changes(), min_size=1, max_size=2))
    def write_before_the_last_answer_came(self, client, changes):
        self.save(batch(*changes, base=max(0, self.seen[client] - 1), client=client))

    @rule(client=st.sampled_from(CLIENTS))
    def look(self, client):
        self.seen[client] = self.document().revision
        self.declined[client] = []

    @precondition(lambda self: any(self.declined.values()))
    @rule(data=st.data())
    def keep_mine(self, data):
        client = data.draw(st.sampled_from([one for one in CLIENTS if self.declined[one]]))
        mine = [one.to_json() for one in self.declined[client]]
        rows = {row["id"] for row in self.document().answers.get("steps", [])}
        here = [one for one in mine if len(one["path"]) < 2 or one["path"][1] in rows]
        saved = self.save(batch(*here, base=self.document().revision, client=client))
        gone = [one for one in here if len(one["path"]) > 1]
        assert not saved.conflicts or gone  # only a row that this very batch removed
        self.declined[client] = []

    @rule(client=st.sampled_from(CLIENTS), change=ours.changes())
    def give_words_up(self, client, change):
        if change["op"] not in ("set", "add_row"):
            return
        before = self.document()
        saved = self.store().save(
            AIGUL, PLAN, batch(change, base=self.seen[client], client=client, aside=True), W
        )
        after = self.document()
        assert (saved.conflicts, saved.revision) == ([], before.revision + 1)
        assert equal(after.answers, before.answers)
        self.snapshots[saved.revision] = after.answers
        given = [parse_change(change)]
        self.aside[saved.revision] = apply_changes(after.answers, given)

    @rule(data=st.data())
    def take_one_revision_back(self, data):
        kept = [one.revision for one in self.store().history(AIGUL, PLAN)]
        if not kept:
            return
        revision = data.draw(st.sampled_from(kept))
        before = self.document()
        self.store().take_back(AIGUL, PLAN, revision, W)
        after = self.document()
        # Only what that revision changed, and only where nobody has been since.
        its = differing(self.snapshots[revision - 1], self.snapshots[revision])
        changed = differing(before.answers, after.answers)
        for place in changed:
            touched = {one for one in its if one[: len(place)] == place[: len(one)]}
            assert touched, place
            last, _ = self.last_writer.get(place, (0, ""))
            assert last <= revision or place[:2] in its, place
            self.last_writer[place] = (after.revision, "restore")
        self.snapshots[after.revision] = after.answers

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def the_answer_was_lost_and_it_comes_again(self, data):
        made = data.draw(st.sampled_from(self.sent))
        before = self.document()
        known = made.batch in before.batches
        saved = self.store().save(AIGUL, PLAN, made, W)
        assert saved.repeated == known
        if known:
            assert self.document() == before
        else:
            self.check(made.client, made.base_revision, before, self.document())

    @rule(
        client=st.sampled_from(CLIENTS),
        changes=st.lists(ours.changes(), min_size=1, max_size=3),
        at=st.integers(1, 60),
    )
    def die_while_saving_and_try_again(self, client, changes, at):
        made = batch(*changes, base=self.seen[client], client=client)
        before = self.document()
        with suppress(Crash):
            self.store(dies_at=at).save(AIGUL, PLAN, made, W)
        self.check(client, made.base_revision, before, self.document())
        again = self.store().save(AIGUL, PLAN, made, W)
        if self.document().revision != before.revision and again.repeated:
            assert self.document().revision == before.revision + 1
        else:
            self.check(client, made.base_revision, before, self.document())
        self.seen[client] = again.revision
        self.declined[client] = []

    @rule(data=st.data())
    def restore(self, data):
        kept = [one.revision for one in self.store().history(AIGUL, PLAN)]
        if not kept:
            return
        revision = data.draw(st.sampled_from(kept))
        before = self.document()
        self.store().restore(AIGUL, PLAN, revision, W)
        after = self.document()
        if revision not in self.aside:
            assert not differing(after.answers, self.snapshots[revision])
        for place in differing(before.answers, after.answers):
            self.last_writer[place] = (after.revision, "restore")
        self.snapshots[after.revision] = after.answers

    # -- what always holds ---------------------------------------------------------------------
    @invariant()
    def every_revision_can_be_looked_at(self):
        store = self.store()
        document = self.document()
        assert document.notices == ()
        assert equal(document.answers, self.snapshots[document.revision])
        history = store.history(AIGUL, PLAN)
        assert [one.revision for one in history] == list(range(1, document.revision + 1))
        if history:
            at = history[len(history) // 2].revision
            assert equal(store.at(AIGUL, PLAN, at), self.aside.get(at, self.snapshots[at]))


TestThreeWriters = ThreeWriters.TestCase
TestThreeWriters.settings = settings(
    max_examples=50,
    stateful_step_count=20,
    deadline=None,
    report_multiple_bugs=False,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
