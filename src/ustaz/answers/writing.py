"""One save, step by step: the journal first, then the document, each synced to the disk.

The order of the steps, and what each failure leaves behind, is told in ``docs/answers.md``.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from ustaz.answers import journal, recovery
from ustaz.answers.changes import Change
from ustaz.answers.document import MAX_DOCUMENT_BYTES, MAX_FILE_BYTES, Document
from ustaz.answers.errors import FULL, StoreError
from ustaz.answers.files import read_file
from ustaz.answers.filesystem import Fs
from ustaz.answers.merge import apply_record
from ustaz.answers.recovery import DOCUMENT_FILE, JOURNAL_FILE, State
from ustaz.answers.shape import Json
from ustaz.answers.validate import check_rows, largest
from ustaz.base.files import Handle, cut_file, extend_file, write_file
from ustaz.workbook import Definition


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes generations of documents into folders that are open and locked.

    Attributes
    ----------
    fs : Fs
    now : callable
        The clock.
    new_id : callable
        The source of ids.
    """

    fs: Fs
    now: Callable[[], str]
    new_id: Callable[[], object]

    def commit(
        self,
        chain: list[Handle],
        state: State,
        before: Document,
        changes: tuple[Change, ...],
        *,
        definition: Definition,
        who: str,
        client: str,
        batch: tuple[str, list[Any]],
        lang: str | None = None,
        restored: int | None = None,
        aside: tuple[Change, ...] = (),
    ) -> Document:
        """Write the next generation: journal first, then the document.

        A write that fails is taken back: what is refused now must not be there later.
        """
        fs, folder = self.fs, chain[-1]
        revision, now = before.revision + 1, self.now()
        if not before.record_id:
            before = before.with_(record_id=str(self.new_id()), created_at=now)
        record: Json = {
            "kind": "save",
            "first": revision,
            "revision": revision,
            "at": now,
            "who": who,
            "client": client,
            "batches": {batch[0]: [revision, *batch[1]]},
            "lang": lang,
            "changes": [change.to_json() for change in changes],
        }
        if restored is not None:
            record["restored"] = restored
        if aside:
            record["aside"] = [change.to_json() for change in aside]
        after = apply_record(before, record, changes)
        check_rows(definition, after, changes)
        size = len(after.encode())
        if size > largest(definition, MAX_DOCUMENT_BYTES) and size > len(before.encode()):
            raise StoreError("too_large", f"{size} bytes")
        record["document"] = after.sha256
        lines = journal.encode_line(record)
        older = state.document is not None and state.document.definition != before.definition
        if older or not state.in_journal:
            reason = "upgrade" if older else "resync" if before.revision else "start"
            lines = journal.encode_line(journal.base_record(before, reason)) + lines
        if older and state.document is not None:
            backup = f"answers.v{state.document.definition}.json"
            write_file(fs, folder, backup, state.document.encode())
        try:
            extend_file(fs, folder, JOURNAL_FILE, state.journal_end, lines)
            self._write(chain, state, after)
        except OSError as error:
            self._take_back(folder, state, after, error)
            raise
        if state.journal_end + len(lines) > journal.MAX_JOURNAL_BYTES:
            self._compact(folder)
        return after

    def _take_back(self, folder: Handle, state: State, after: Document, error: OSError) -> None:
        """Put back what stood before a save that failed; no room is needed for that.

        Where that fails, too, the save may be there later: then nobody is told that it was
        refused for want of room.
        """
        fs = self.fs
        try:
            if read_file(fs, folder, DOCUMENT_FILE, MAX_FILE_BYTES) == after.encode():
                if state.current is None:
                    fs.remove(folder, DOCUMENT_FILE)
                else:
                    fs.replace(folder, recovery.PREVIOUS_FILE, DOCUMENT_FILE)
            cut_file(fs, folder, JOURNAL_FILE, state.journal_end)
            fs.sync_folder(folder)
        except OSError:
            if error.errno in FULL:
                raise StoreError("io", "neither written nor taken back") from error

    def repair(self, chain: list[Handle], state: State) -> None:
        """Bring file and journal to what counts, where they are behind."""
        if state.document is None:
            return
        if not state.in_journal:
            line = journal.encode_line(journal.base_record(state.document, "resync"))
            extend_file(self.fs, chain[-1], JOURNAL_FILE, state.journal_end, line)
        if state.ahead or state.damaged:
            self._write(chain, state, state.document)
        elif not state.in_journal:
            self.fs.sync_folder(chain[-1])

    def _write(self, chain: list[Handle], state: State, document: Document) -> None:
        """Put a generation in the place of the one before, which is kept."""
        fs, folder = self.fs, chain[-1]
        if state.damaged:
            recovery.set_aside(fs, folder, state.damaged)
        if state.current is not None:
            write_file(fs, folder, recovery.PREVIOUS_FILE, state.current)
        else:
            # The first one: its folders' names must be there before it counts.
            for parent in chain[:-1]:
                fs.sync_folder(parent)
        write_file(fs, folder, DOCUMENT_FILE, document.encode())
        fs.sync_folder(folder)

    def _compact(self, folder: Handle) -> None:
        """Make the journal shorter; what was just saved stands with or without that."""
        with suppress(OSError, StoreError):
            records = journal.compacted(recovery.read_journal(self.fs, folder).records)
            if records:
                data = b"".join(journal.encode_line(record) for record in records)
                write_file(self.fs, folder, JOURNAL_FILE, data)
                self.fs.sync_folder(folder)
