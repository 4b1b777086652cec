"""A save in PostgreSQL fails or dies anywhere: it stands as a whole or not at all."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from tests.answers.helpers import (
    AIGUL,
    ELSEWHERE,
    OLDER,
    PLAN,
    Crash,
    add_row,
    batch,
    outcome,
    put,
    snapshot,
    store_at,
)
from ustaz import database
from ustaz.answers import StoreError, Subject
from ustaz.answers.postgres import backend, pool, tables
from ustaz.answers.postgres.backend import PgFs

W = "aigul-s"


def fs_of(path) -> PgFs:
    return ELSEWHERE[path][0]()  # type: ignore[return-value]


def schema_of(path) -> str:
    return fs_of(path)._table.schema


class Dying:
    """A connection whose process dies before or after its n-th statement."""

    def __init__(self, real: Any, at: int) -> None:
        self.real = real
        self.at = at
        self.calls = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    def execute(self, query: Any, *more: Any, **named: Any) -> Any:
        self._count()
        result = self.real.execute(query, *more, **named)
        self._count()
        return result

    def _count(self) -> None:
        self.calls += 1
        if self.calls == self.at:
            self.real.close()  # all that the server gets to know of a death
            raise Crash


class DyingFs(PgFs):
    """Dies at the n-th moment of what is said to the server under the lock."""

    def __init__(self, url: str, schema: str, root: Any, at: int) -> None:
        super().__init__(url, schema, root)
        self.at = at
        self.last: Dying | None = None

    def _commit(self, held: Any) -> None:
        self.last = held.connection = Dying(held.connection, self.at)
        super()._commit(held)


def dying(path, at: int) -> DyingFs:
    real = fs_of(path)
    return DyingFs(real._table.url, real._table.schema, real._root, at)


def first(path):
    return batch(put("title", "a"), add_row("row001", action="x"))


def later(path):
    store_at(path).save(AIGUL, PLAN, batch(put("title", "0")), W)
    store_at(path).save(AIGUL, PLAN, batch(put("aim", "1"), base=1), W)
    return batch(put("title", "a"), add_row("row001", action="x"), base=2)


def upgrading(path):
    store_at(path, library={"plan": OLDER}).save(AIGUL, PLAN, batch(put("name", "0")), W)
    return batch(put("title", "a"), add_row("row001", action="x"), base=1)


@pytest.mark.parametrize("situation", [first, later, upgrading])
def test_dying_at_any_statement_leaves_all_of_a_save_or_nothing(place, situation):
    path = place()
    made = situation(path)
    fs = dying(path, 0)
    store_at(path, fs).save(AIGUL, PLAN, made, W)
    assert fs.last is not None
    moments = fs.last.calls
    assert moments >= 4
    for n in range(1, moments + 1):
        path = place()
        made = situation(path)
        before = snapshot(path)
        assert outcome(store_at(path, dying(path, n)), made) == "died"
        done = store_at(path).read(AIGUL, PLAN).answers.get("title") == "a"
        # Only when the server has said "COMMIT" does anything stand.
        assert done == (n == moments)
        assert done or snapshot(path) == before
        again = store_at(path).save(AIGUL, PLAN, made, W)
        assert (again.conflicts, again.repeated) == ([], done)
        document = store_at(path).read(AIGUL, PLAN)
        assert (document.answers["title"], document.notices) == ("a", ())
        assert document.revision == made.base_revision + 1


@contextmanager
def trouble(server, path, body: str, *, deferred: bool = False):
    """Let every write to a place's table run into trouble, for a while."""
    table = f"{schema_of(path)}.answers_file"
    server.ask(
        f"CREATE FUNCTION {schema_of(path)}.trouble() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN {body}; RETURN NEW; END $$"
    )
    when = "CONSTRAINT TRIGGER trouble AFTER" if deferred else "TRIGGER trouble BEFORE"
    how = "DEFERRABLE INITIALLY DEFERRED" if deferred else ""
    server.ask(
        f"CREATE {when} INSERT ON {table} {how} FOR EACH ROW"
        f" EXECUTE FUNCTION {schema_of(path)}.trouble()"
    )
    try:
        yield
    finally:
        server.ask(f"DROP FUNCTION {schema_of(path)}.trouble() CASCADE")


def raising(code: str) -> str:
    return f"RAISE EXCEPTION 'no' USING ERRCODE = '{code}'"


TROUBLES = {
    "a full disk": (raising("53100"), "full"),
    "an input or output error": (raising("58030"), "io"),
    "a deadlock": (raising("40P01"), "io"),
    "a failed serialization": (raising("40001"), "io"),
    "a read-only server": (raising("25006"), "readonly"),
    "a right that was taken away": (raising("42501"), "readonly"),
    "a lock held for too long": (raising("55P03"), "busy"),
    "a statement stopped by an operator": (raising("57014"), "busy"),
    "a connection ended by an operator": ("PERFORM pg_terminate_backend(pg_backend_pid())", "io"),
}


@pytest.mark.parametrize("deferred", [False, True], ids=["while_writing", "at_the_commit"])
@pytest.mark.parametrize("name", TROUBLES)
def test_a_save_that_fails_is_told_and_leaves_nothing(server, tmp_path, name, deferred):
    body, said = TROUBLES[name]
    made = later(tmp_path)
    before = snapshot(tmp_path)
    with trouble(server, tmp_path, body, deferred=deferred):
        for _ in range(3):
            assert outcome(store_at(tmp_path), made) == said
        assert snapshot(tmp_path) == before
        assert store_at(tmp_path).read(AIGUL, PLAN).answers == {"title": "0", "aim": "1"}
        assert len(store_at(tmp_path).history(AIGUL, PLAN)) == 2
    saved = store_at(tmp_path).save(AIGUL, PLAN, made, W)
    assert (saved.revision, saved.repeated, saved.conflicts) == (3, False, [])


def test_a_server_that_takes_too_long_is_busy(server, tmp_path, monkeypatch):
    made = later(tmp_path)
    monkeypatch.setattr(tables, "STATEMENT_MS", 50)
    before = snapshot(tmp_path)
    with trouble(server, tmp_path, "PERFORM pg_sleep(120)"):
        assert outcome(store_at(tmp_path, lock_seconds=0.05), made) == "busy"
    assert snapshot(tmp_path) == before
    store_at(tmp_path).save(AIGUL, PLAN, made, W)


def test_a_failure_that_the_store_does_not_mind_does_not_pass_for_a_save(tmp_path, monkeypatch):
    """Making the journal shorter may fail quietly; here it would take the whole save along."""
    made = later(tmp_path)
    monkeypatch.setattr("ustaz.answers.journal.MAX_JOURNAL_BYTES", 100)
    before = snapshot(tmp_path)

    class Broken(PgFs):
        def _loaded(self, one):
            if one.file.name == "journal.jsonl":
                with pool.as_store_errors():
                    self._held(one.folder).connection.execute("SELECT 1/0")
            return super()._loaded(one)

    monkeypatch.setattr("ustaz.answers.postgres.files.Stored.covers", lambda self, position: False)
    real = fs_of(tmp_path)
    fs = Broken(real._table.url, real._table.schema, real._root)
    with pytest.raises(StoreError, match="io"):
        store_at(tmp_path, fs).save(AIGUL, PLAN, made, W)
    monkeypatch.undo()
    assert snapshot(tmp_path) == before


def test_a_commit_that_the_server_turns_into_a_rollback_is_no_save(tmp_path, monkeypatch):
    made = later(tmp_path)

    class Undone(DyingFs):
        def _commit(self, held):
            held.connection = Rolled(held.connection, 0)
            PgFs._commit(self, held)

    class Rolled(Dying):
        def execute(self, query, *more, **named):
            return self.real.execute("ROLLBACK" if query == "COMMIT" else query, *more, **named)

    real = fs_of(tmp_path)
    with pytest.raises(StoreError, match="io: COMMIT: ROLLBACK"):
        store_at(tmp_path, Undone(real._table.url, real._table.schema, real._root, 0)).save(
            AIGUL, PLAN, made, W
        )
    assert store_at(tmp_path).read(AIGUL, PLAN).revision == 2


# -- several at once ---------------------------------------------------------------------------
def test_a_document_that_another_process_holds_is_busy(server, tmp_path):
    made = later(tmp_path)
    key = database.lock_key(schema_of(tmp_path), "aigul-s/plan")
    with psycopg.connect(server.url(), autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [key])
        with pytest.raises(StoreError) as refused:
            store_at(tmp_path, lock_seconds=0.05).save(AIGUL, PLAN, made, W)
        assert refused.value.id == "busy"
        # Reading waits for nobody, and other documents can be written.
        assert store_at(tmp_path).read(AIGUL, PLAN).revision == 2
        marat = Subject.person("marat-t")
        store_at(tmp_path).save(marat, PLAN, batch(put("title", "b")), "marat-t")
    assert store_at(tmp_path).save(AIGUL, PLAN, made, W).revision == 3


def test_a_reader_sees_the_generation_before_until_a_save_stands(tmp_path):
    made = later(tmp_path)
    seen = []

    class Looking(PgFs):
        def _commit(self, held):
            real = held.connection

            class Between(Dying):
                def _count(self):
                    def look():
                        document = store_at(tmp_path).read(AIGUL, PLAN)
                        seen.append((document.revision, document.notices))

                    other = threading.Thread(target=look)
                    other.start()
                    other.join()

            held.connection = Between(real, 0)
            super()._commit(held)

    real = fs_of(tmp_path)
    store_at(tmp_path, Looking(real._table.url, real._table.schema, real._root)).save(
        AIGUL, PLAN, made, W
    )
    assert seen == [(2, ())] * (len(seen) - 1) + [(3, ())]
    assert len(seen) == 6


def test_two_hundred_threads_share_a_few_connections(server, tmp_path):
    # Of processes that ended in earlier tests the server may not have taken leave yet.
    pool.close_all()
    others = server.ask("SELECT pid FROM pg_stat_activity WHERE application_name = 'ustaz'")
    store = store_at(tmp_path, lock_seconds=120)
    gate = threading.Barrier(200)

    def one(number: int) -> int:
        person = Subject.person(f"person-{number}")
        gate.wait()
        for revision in range(2):
            store.save(person, PLAN, batch(put("title", str(revision)), base=revision), W)
            assert store.read(person, PLAN).answers == {"title": str(revision)}
        # All of them write to one document, too.
        made = batch(add_row(f"row{number % 90:03}"), client=f"tab-{number}", id=f"b{number}")
        return store.save(AIGUL, PLAN, made, W).revision

    with ThreadPoolExecutor(200) as threads:
        revisions = list(threads.map(one, range(200)))
    assert max(revisions) == 90
    assert len(store.read(AIGUL, PLAN).answers["steps"]) == 90
    every = server.ask("SELECT pid, state FROM pg_stat_activity WHERE application_name = 'ustaz'")
    ours = [state for pid, state in every if (pid,) not in others]
    assert len(ours) <= pool.MOST_CONNECTIONS
    assert set(ours) == {"idle"}  # never in a transaction


def test_a_pool_without_a_free_connection_is_busy(server):
    pooled = pool.Pool(server.url(), most=1)
    connection, _ = pooled.first(lambda one: one.execute("SELECT 1"), 1)
    with pytest.raises(StoreError, match="busy"):
        pooled.first(lambda one: one.execute("SELECT 1"), 0)
    pooled.give_back(connection)
    again, _ = pooled.first(lambda one: one.execute("SELECT 1"), 0)
    assert again is connection
    pooled.give_back(again)
    pooled.close()


# -- connections -------------------------------------------------------------------------------
def end_all(server) -> int:
    return len(
        server.ask(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            " WHERE application_name = 'ustaz'"
        )
    )


def test_connections_that_were_ended_are_opened_anew_without_a_word(server, tmp_path):
    store = store_at(tmp_path)
    store.save(AIGUL, PLAN, batch(put("title", "a")), W)
    assert end_all(server) >= 1
    assert store.read(AIGUL, PLAN).answers == {"title": "a"}
    assert end_all(server) >= 1
    assert store.save(AIGUL, PLAN, batch(put("title", "b"), base=1), W).revision == 2
    assert end_all(server) >= 1
    assert len(store.history(AIGUL, PLAN)) == 2


@pytest.fixture
def role(server):
    """What an administrator may have set for our account; undone afterwards."""

    def set_to(name: str, value: str) -> None:
        server.ask(f"ALTER ROLE ustaz SET {name} = '{value}'")
        pool.close_all()

    yield set_to
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute("SET default_transaction_read_only = off")
        connection.execute("ALTER ROLE ustaz RESET ALL")
    pool.close_all()


def test_a_server_that_may_only_be_read_is_read(tmp_path, role):
    made = later(tmp_path)
    role("default_transaction_read_only", "on")
    assert outcome(store_at(tmp_path), made) == "readonly"
    assert store_at(tmp_path).read(AIGUL, PLAN).revision == 2
    assert store_at(tmp_path).read(Subject.person("marat-t"), PLAN).revision == 0
    assert len(store_at(tmp_path).history(AIGUL, PLAN)) == 2
    assert store_at(tmp_path).at(AIGUL, PLAN, 1) == {"title": "0"}


@pytest.mark.parametrize("level", ["serializable", "repeatable read"])
def test_the_servers_own_isolation_level_does_not_matter(tmp_path, role, level):
    """With another level a save would not see what it had waited for."""
    made = later(tmp_path)
    role("default_transaction_isolation", level)
    begun = threading.Event()

    class Slow(PgFs):
        def _commit(self, held):
            begun.wait(60)
            super()._commit(held)

    real = fs_of(tmp_path)
    slow = store_at(tmp_path, Slow(real._table.url, real._table.schema, real._root))
    with ThreadPoolExecutor(2) as threads:
        held = threads.submit(slow.save, AIGUL, PLAN, made, W)

        class Waiting(PgFs):
            def _begin(self, folder, until, connection):
                begun.set()
                return super()._begin(folder, until, connection)

            def _turn(self, folder, timeout):
                return super()._turn(f"{folder} of another process", timeout)

        waiting = store_at(tmp_path, Waiting(real._table.url, real._table.schema, real._root))
        other = threads.submit(
            waiting.save, AIGUL, PLAN, batch(put("aim", "2"), base=2, client="tab-2"), W
        )
        assert {held.result().revision, other.result().revision} == {3, 4}
    assert store_at(tmp_path).read(AIGUL, PLAN).notices == ()
    assert len(store_at(tmp_path).history(AIGUL, PLAN)) == 4


def test_a_commit_waits_for_the_disk_whatever_the_servers_default(server, tmp_path, role):
    role("synchronous_commit", "off")
    pooled = pool.Pool(server.url())
    connection, row = pooled.first(lambda one: one.execute("SHOW synchronous_commit").fetchone(), 5)
    pooled.give_back(connection)
    pooled.close()
    assert row == ("on",)


def test_a_server_that_is_not_there_is_told_and_the_next_call_tries_again(tmp_path, server):
    fs = PgFs(f"postgresql://ustaz@/postgres?host={tmp_path}", "course_x", tmp_path / "people")
    store = store_at(tmp_path, fs)
    for call in (
        lambda: store.read(AIGUL, PLAN),
        lambda: store.history(AIGUL, PLAN),
        lambda: store.save(AIGUL, PLAN, batch(put("title", "a")), W),
    ):
        with pytest.raises(StoreError) as refused:
            call()
        assert (refused.value.id, refused.value.detail) == ("io", "no_database")
    fs._table.url = server.url()
    assert store.save(AIGUL, PLAN, batch(put("title", "a")), W).revision == 1
    server.ask("DROP SCHEMA course_x CASCADE")


# -- what is kept ------------------------------------------------------------------------------
def test_a_save_adds_to_the_journal_and_writes_nothing_of_it_anew(server, tmp_path):
    store = store_at(tmp_path)
    for revision in range(50):
        store.save(AIGUL, PLAN, batch(put("title", str(revision)), base=revision), W)
    rows = server.ask(
        f"SELECT start, octet_length(data), xmin::text FROM {schema_of(tmp_path)}.answers_file"
        " WHERE name = 'journal.jsonl' ORDER BY start"
    )
    assert len(rows) == 50  # a row a save, each written by a transaction of its own
    assert len({one for _, _, one in rows}) == 50
    ends = [start + length for start, length, _ in rows]
    assert [start for start, _, _ in rows] == [0, *ends[:-1]]


def test_the_journal_stays_small_and_still_leads_to_the_answers(server, tmp_path, monkeypatch):
    monkeypatch.setattr("ustaz.answers.journal.MAX_JOURNAL_BYTES", 140_000)
    monkeypatch.setattr("ustaz.answers.journal.COMPACT_BYTES", 70_000)
    monkeypatch.setattr(
        "ustaz.answers.journal.compacted.__kwdefaults__", {"budget": 70_000, "exact": 64}
    )
    store = store_at(tmp_path)
    sizes = []
    for revision in range(300):
        store.save(AIGUL, PLAN, batch(put("aim", f"{revision} " * 200), base=revision), W)
        sizes.append(len(snapshot(tmp_path)["aigul-s/plan/journal.jsonl"]))
    assert max(sizes) < 142_000
    history = store.history(AIGUL, PLAN)
    assert history[-1].revision == 300
    server.ask(f"DELETE FROM {schema_of(tmp_path)}.answers_file WHERE name LIKE 'answers%json'")
    assert store_at(tmp_path).read(AIGUL, PLAN).answers == {"aim": "299 " * 200}
    assert store_at(tmp_path).read(AIGUL, PLAN).notices == ()


DAMAGE = {
    "the document is gone": "DELETE FROM {table} WHERE name = 'answers.json'",
    "the document is damaged": "UPDATE {table} SET data = 'x' WHERE name = 'answers.json'",
    "a part of the document is gone": "UPDATE {table} SET start = 9 WHERE name = 'answers.json'",
    "the journal is gone": "DELETE FROM {table} WHERE name = 'journal.jsonl'",
    "a line of the journal is gone":
        "DELETE FROM {table} WHERE name = 'journal.jsonl' AND start > 0 AND start <"
        " (SELECT max(start) FROM {table} WHERE name = 'journal.jsonl')",
    "the journal's end is torn":
        "UPDATE {table} SET data = substring(data for 70) WHERE name = 'journal.jsonl' AND start ="
        " (SELECT max(start) FROM {table} WHERE name = 'journal.jsonl')",
    "only empty rows are left of the journal":
        "UPDATE {table} SET data = '' WHERE name = 'journal.jsonl'",
    "the generation before is gone": "DELETE FROM {table} WHERE name = 'answers.prev.json'",
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGE)
def test_whatever_happens_to_one_file_the_answers_come_back(server, tmp_path, name):
    store = store_at(tmp_path)
    for number in range(3):
        store.save(AIGUL, PLAN, batch(put("title", str(number)), base=number), W)
    server.ask(DAMAGE[name].format(table=f"{schema_of(tmp_path)}.answers_file"))
    assert store_at(tmp_path).read(AIGUL, PLAN).answers == {"title": "2"}
    store.save(AIGUL, PLAN, batch(put("title", "after"), base=3), W)
    after = store_at(tmp_path).read(AIGUL, PLAN)
    assert (after.answers, after.notices) == ({"title": "after"}, ())


def test_a_document_of_somebody_else_is_not_served(server, tmp_path):
    store = store_at(tmp_path)
    store.save(AIGUL, PLAN, batch(put("title", "a")), W)
    server.ask(f"UPDATE {schema_of(tmp_path)}.answers_file SET folder = 'oleg-k/plan'")
    with pytest.raises(StoreError, match="unsafe"):
        store.read(Subject.person("oleg-k"), PLAN)
    with pytest.raises(StoreError, match="unsafe"):
        store.save(Subject.person("oleg-k"), PLAN, batch(put("title", "b")), "oleg-k")


def test_answers_that_were_not_moved_are_not_taken_for_none(tmp_path):
    """An empty page would be taken for a loss, and typing into it would make one."""
    folder = tmp_path / "people" / "aigul-s" / "plan"
    folder.mkdir(parents=True)
    (folder / "answers.json").write_text("{}")
    for call in (
        lambda: store_at(tmp_path).read(AIGUL, PLAN),
        lambda: store_at(tmp_path).save(AIGUL, PLAN, batch(put("title", "a")), W),
    ):
        with pytest.raises(StoreError, match="unsafe: not moved"):
            call()
    assert snapshot(tmp_path) == {}


def test_a_table_of_a_newer_program_is_not_touched(server, tmp_path):
    made = later(tmp_path)
    table = f"{schema_of(tmp_path)}.answers_file"
    server.ask(f"COMMENT ON TABLE {table} IS 'Ustaz answers, format 2'")
    tables._READY.discard((server.url(), schema_of(tmp_path)))
    assert outcome(store_at(tmp_path), made) == "newer"
    with pytest.raises(StoreError, match="newer"):
        store_at(tmp_path).read(AIGUL, PLAN)


def test_nothing_is_written_without_the_lock(tmp_path):
    store_at(tmp_path).save(AIGUL, PLAN, batch(put("title", "a")), W)
    fs = fs_of(tmp_path)
    person = fs.open_folder("aigul-s", fs.open_folder("people"))
    folder = fs.open_folder("plan", person)
    for call in (
        lambda: fs.open(folder, "answers.json.tmp", backend.CREATE),
        lambda: fs.remove(folder, "answers.json"),
        lambda: fs.replace(folder, "answers.json", "x"),
    ):
        with pytest.raises(OSError, match="without the lock"):
            call()
    assert fs.folders() == ["aigul-s/plan"]
