"""Answers on disk: read, saved, looked back at, and never lost.

A save is acknowledged when it stands in the journal and in the document, and both are on the
disk. The order of its steps, and what each failure leaves behind, is told in
``docs/answers.md``; the tests fail, kill and forget at each of them.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

from ustaz.answers import journal, past, recovery, snapshot
from ustaz.answers.applying import difference
from ustaz.answers.changes import Batch, parse_change
from ustaz.answers.document import Document, Subject
from ustaz.answers.errors import StoreError, as_store_errors, log
from ustaz.answers.filesystem import LOCK_SECONDS, Fs, default_fs
from ustaz.answers.folders import Folders
from ustaz.answers.merge import Conflict, Merged, declined_again, merge
from ustaz.answers.recovery import State
from ustaz.answers.results import HistoryEntry, Saved, conflict_told, entries
from ustaz.answers.shape import Json, valid_id, valid_workbook
from ustaz.answers.validate import check_batch, table_fields, upgraded
from ustaz.answers.writing import Writer
from ustaz.base import clock
from ustaz.base.files import Handle
from ustaz.workbook import Definition, Library


class Store:
    """The answers of a course's people.

    Parameters
    ----------
    people_dir : Path
        Holds a folder for each person; made at the first save.
    library : Library
        The workbooks.
    fs, now, new_id, lock_seconds
        For tests: the file operations, the clock, the source of ids, and how long to wait for
        somebody else's save.
    """

    def __init__(
        self,
        people_dir: Path,
        library: Library,
        *,
        fs: Fs | None = None,
        now: Callable[[], str] = clock.stamp,
        new_id: Callable[[], object] = uuid.uuid4,
        lock_seconds: float = LOCK_SECONDS,
    ) -> None:
        self._dir = Path(people_dir)
        self._library = library
        self._fs = fs or default_fs()
        self._folders = Folders(self._fs, self._dir, lock_seconds)
        self._writer = Writer(self._fs, now, new_id)
        self._lock_seconds = lock_seconds

    # -- where ---------------------------------------------------------------------------------
    def folder(self, subject: Subject, workbook: str) -> Path:
        """Return the folder of one document; it may not exist yet."""
        return self._folders.path(subject, workbook)

    def places(self) -> Iterator[tuple[Subject, str]]:
        """Yield the subject and the workbook of each document that there is, in order."""
        with as_store_errors():
            return snapshot.places(self._fs, self._dir)

    def files(self, subject: Subject, workbook: str) -> dict[str, bytes]:
        """Return the document's own files, all of the same moment: for backups."""
        folder = self.folder(subject, workbook)
        return snapshot.take(self._dir, folder, fs=self._fs, lock_seconds=self._lock_seconds)

    # -- reading -------------------------------------------------------------------------------
    def read(self, subject: Subject, workbook: str) -> Document:
        """Return the document; an empty one (revision 0) when nothing was ever saved.

        An older definition's answers come upgraded; the file changes at the next save.

        Raises
        ------
        StoreError
            ``newer``, ``damaged``, ``unsafe``, ``bad_name``, ``io``, ``busy``.
        """
        definition = self._definition(workbook)
        with as_store_errors():
            document = self._read(subject, workbook)
        if document is None:
            return self._empty(subject, definition)
        return upgraded(definition, document)

    def read_together(self, subject: Subject, workbooks: Iterable[str]) -> dict[str, Document]:
        """Return several documents as they stand at one moment, under their locks.

        Locks are taken in the order of the names, so that two who do the same never wait for each
        other. Nothing is repaired here.

        Raises
        ------
        StoreError
            As :meth:`read`.
        """
        definitions = {workbook: self._definition(workbook) for workbook in sorted(set(workbooks))}
        documents = {}
        folders = [self.folder(subject, workbook) for workbook in definitions]
        with as_store_errors(), self._fs.lock_all(folders, self._lock_seconds):
            for workbook, definition in definitions.items():
                try:
                    with self._folders.opened(subject, workbook) as chain:
                        state = recovery.load(self._fs, chain[-1])
                except FileNotFoundError:
                    documents[workbook] = self._empty(subject, definition)
                    continue
                documents[workbook] = self._current(subject, definition, state)
        return documents

    def _read(self, subject: Subject, workbook: str) -> Document | None:
        with ExitStack() as stack:
            try:
                chain = stack.enter_context(self._folders.opened(subject, workbook))
            except FileNotFoundError:
                return None
            folder = chain[-1]
            seen = recovery.read_if_consistent(self._fs, folder)
            if seen is None:
                # Something to mend, or a save under way: look again when nobody else writes.
                writable = stack.enter_context(self._folders.locked_if_possible(subject, workbook))
                state = recovery.load(self._fs, folder)
                if writable:
                    with suppress(OSError, StoreError):
                        self._writer.repair(chain, state)
                seen = state
            _check_place(seen.document, subject, workbook)
            self._tell(subject, workbook, seen)
            return seen.document and seen.document.with_(notices=seen.notices)

    def history(self, subject: Subject, workbook: str) -> list[HistoryEntry]:
        """Return what can be looked back at, oldest first."""
        return entries(self._chain(subject, workbook))

    def at(self, subject: Subject, workbook: str, revision: int) -> Json:
        """Return the answers as they were at `revision`, in today's definition.

        Raises
        ------
        StoreError
            ``no_revision`` when it was never there or is not kept any more.
        """
        definition = self._definition(workbook)
        return past.at(definition, self._chain(subject, workbook), revision).answers

    def _chain(self, subject: Subject, workbook: str) -> list[journal.Step]:
        self._definition(workbook)
        with as_store_errors(), ExitStack() as stack:
            try:
                chain = stack.enter_context(self._folders.opened(subject, workbook))
            except FileNotFoundError:
                return []
            stack.enter_context(self._folders.locked_if_possible(subject, workbook))
            parsed = recovery.read_journal(self._fs, chain[-1])
        return list(journal.rolled(None, parsed.records))

    # -- saving --------------------------------------------------------------------------------
    def save(self, subject: Subject, workbook: str, batch: Batch, who: str) -> Saved:
        """Bring a batch together with what is there, and acknowledge it once it is on the disk.

        Parameters
        ----------
        who : str
            The id of the person who writes.

        Raises
        ------
        StoreError
            Any of :data:`ustaz.answers.errors.STORE_ERRORS`. What stood before stands; a batch
            that failed may be sent again as it is, however far it came.
        """
        definition = self._definition(workbook)
        _check_who(who)
        check_batch(definition, batch)
        with as_store_errors(), self._folders.writing(subject, workbook) as (chain, state):
            before = self._current(subject, definition, state)
            mark = before.batches.get(batch.batch)
            if mark is not None and mark[1] != batch.digest:
                raise StoreError("bad_change", "a batch id came twice with different changes")
            if mark is not None:
                merged = declined_again(before, batch, mark[2:])
            else:
                merged = Merged() if batch.aside else merge(before, batch)
            conflicts, after = merged.conflicts, before
            if mark is None and (merged.effective or (batch.aside and batch.changes)):
                declined = [conflict.index for conflict in conflicts]
                after = self._writer.commit(
                    chain,
                    state,
                    before,
                    merged.effective,
                    definition=definition,
                    who=who,
                    client=batch.client,
                    batch=(batch.batch, [batch.digest, *declined]),
                    lang=batch.lang,
                    aside=batch.changes if batch.aside else (),
                )
            if after is before:
                # Nothing new; but what is acknowledged must stand in the file, too.
                self._writer.repair(chain, state)
            for_client = self._conflicts_json(chain[-1], after, conflicts)
        self._tell(subject, workbook, state)
        # The client can tell by itself what stands when nobody else saved since it looked.
        known = batch.base_revision == before.revision
        if mark is not None:
            known = batch.base_revision + 1 == mark[0] == after.revision
        return Saved(
            revision=after.revision,
            saved_at=after.updated_at or self._writer.now(),
            applied=len(batch.changes) - len(conflicts),
            conflicts=for_client,
            document=after if conflicts or not known else None,
            repeated=mark is not None,
            notices=state.notices,
        )

    def restore(self, subject: Subject, workbook: str, revision: int, who: str) -> Saved:
        """Bring back the answers of an earlier revision, as a new one that can be undone.

        Of a revision that only keeps words which were given up, those words alone come back.
        """
        definition = self._definition(workbook)

        def wanted(chain: list[journal.Step], now: Document, _: str) -> Merged:
            target = past.brought_back(definition, chain, revision, now)
            tables = table_fields(definition)
            return Merged(difference(now.answers, target, tables))

        return self._anew(subject, workbook, definition, wanted, revision, who)

    def take_back(self, subject: Subject, workbook: str, revision: int, who: str) -> Saved:
        """Take back what one revision changed, as a new one; what came later stays.

        Changes to places that somebody has changed since are declined, as conflicts.
        """
        definition = self._definition(workbook)

        def wanted(chain: list[journal.Step], now: Document, client: str) -> Merged:
            before, after = past.around(definition, chain, revision)
            back = difference(after.answers, before.answers, table_fields(definition))
            return merge(now, Batch(client, client, revision, back))

        return self._anew(subject, workbook, definition, wanted, revision - 1, who)

    def _anew(
        self,
        subject: Subject,
        workbook: str,
        definition: Definition,
        wanted: Callable[[list[journal.Step], Document, str], Merged],
        restored: int,
        who: str,
    ) -> Saved:
        """Make a revision out of earlier ones."""
        _check_who(who)
        with as_store_errors(), self._folders.writing(subject, workbook) as (chain, state):
            before = self._current(subject, definition, state)
            records = recovery.read_journal(self._fs, chain[-1]).records
            # Nobody's page wrote this: every open page shall see it as another's.
            client = f"restore-{self._writer.new_id()}"
            merged = wanted(list(journal.rolled(None, records)), before, client)
            changes = tuple(parse_change(change.to_json()) for change in merged.effective)
            after = before
            if changes:
                after = self._writer.commit(
                    chain,
                    state,
                    before,
                    changes,
                    definition=definition,
                    who=who,
                    client=client,
                    batch=(client, [""]),
                    restored=restored,
                )
            for_client = self._conflicts_json(chain[-1], after, merged.conflicts)
        self._tell(subject, workbook, state)
        return Saved(
            revision=after.revision,
            saved_at=after.updated_at,
            applied=len(changes),
            conflicts=for_client,
            document=after,
            notices=state.notices,
        )

    # -- helpers -------------------------------------------------------------------------------
    def _definition(self, workbook: str) -> Definition:
        if valid_workbook(workbook):
            with suppress(KeyError):
                return self._library[workbook]
        raise StoreError("bad_name", "workbook")

    def _empty(self, subject: Subject, definition: Definition) -> Document:
        return Document(workbook=definition.id, definition=definition.version, subject=subject)

    def _current(self, subject: Subject, definition: Definition, state: State) -> Document:
        """Return the document that the next save starts from."""
        if state.document is None:
            return self._empty(subject, definition)
        _check_place(state.document, subject, definition.id)
        return upgraded(definition, state.document)

    def _conflicts_json(
        self, folder: Handle, document: Document, conflicts: Sequence[Conflict]
    ) -> list[Json]:
        dated = any(
            conflict.theirs_revision is not None or conflict.row_gone for conflict in conflicts
        )
        records = recovery.read_journal(self._fs, folder).records if dated else ()
        return [conflict_told(conflict, records, document.updated_at) for conflict in conflicts]

    @staticmethod
    def _tell(subject: Subject, workbook: str, state: State) -> None:
        if state.notices:
            log.warning(
                "%s %s/%s: %s", subject.kind, subject.id, workbook, ", ".join(state.notices)
            )


def _check_who(who: str) -> None:
    if not valid_id(who):
        raise StoreError("bad_name", "who")


def _check_place(document: Document | None, subject: Subject, workbook: str) -> None:
    """Refuse a document that was written for somebody else or for another workbook."""
    if document is not None and (document.subject, document.workbook) != (subject, workbook):
        raise StoreError("unsafe", "another's document")
