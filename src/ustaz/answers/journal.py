"""The journal: one line for each save, written before the document is.

A line is a JSON object that ends with its own checksum (``"sum"``). Two kinds:

``base``
    a whole document. The first line is one; others stand where the chain starts anew: after an
    upgrade, or when a document came from elsewhere.
``save``
    the changes of one revision, as they took effect, with who, when and from which client; or,
    as ``aside``, words that somebody gave up for others, which the answers do not hold.

Everything here is pure; files are for :mod:`ustaz.answers.store`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from ustaz.answers.changes import Change, parse_change
from ustaz.answers.document import Document
from ustaz.answers.errors import StoreError
from ustaz.answers.merge import apply_record
from ustaz.answers.shape import DocumentError, Json, valid_batches
from ustaz.answers.strict import dumps_canonical

#: Above this a journal is made shorter ...
MAX_JOURNAL_BYTES: Final = 1 << 20
#: ... to at most about this.
COMPACT_BYTES: Final = 1 << 19
#: Never more than this is read; what is larger was not written by us.
JOURNAL_READ_CAP: Final = 1 << 26
#: The newest saves stay as they are, however long: a document may be some generations behind.
KEEP_EXACT: Final = 64

#: What one client saves within this time of its first save counts as one sitting.
SITTING: Final = dt.timedelta(minutes=10)

#: A record of the journal and the document after it.
Step = tuple[Json, Document]

_SUM: Final = b',"sum":"'
_SUM_LENGTH: Final = 16
_TAIL: Final = len(_SUM) + _SUM_LENGTH + len(b'"}')


@dataclass(frozen=True, slots=True)
class Parsed:
    """What stands in a journal.

    Attributes
    ----------
    records : list of dict
        Lines whose checksum fits, without it.
    end : int
        Offset behind the last of them; what follows was never acknowledged.
    damaged : int
        Lines before `end` whose checksum does not fit.
    """

    records: list[Json] = field(default_factory=list)
    end: int = 0
    damaged: int = 0


def _checksum(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest()[:_SUM_LENGTH].encode()


def encode_line(record: Json) -> bytes:
    """Return one line, checksum and line end included."""
    body = dumps_canonical(record)
    return body[:-1] + _SUM + _checksum(body) + b'"}\n'


def decode_line(line: bytes) -> Json | None:
    """Return the record of one line without its end, None when the checksum does not fit."""
    body, tail = line[:-_TAIL] + b"}", line[-_TAIL:]
    if tail != _SUM + _checksum(body) + b'"}':
        return None
    # The checksum fits, so these should be bytes that we wrote. It is no signature, though.
    try:
        record: Json = json.loads(body)  # an object: nothing else ends so
    except (ValueError, RecursionError):
        return None
    return record if _well_formed(record) else None


def _well_formed(record: Json) -> bool:
    if record.get("kind") == "base":
        return isinstance(record.get("document"), dict)
    numbers, texts = ("first", "revision"), ("at", "who", "client", "document")
    return (
        record.get("kind") == "save"
        and all(type(record.get(key)) is int for key in numbers)
        and all(isinstance(record.get(key), str) for key in texts)
        and isinstance(record.get("changes"), list)
        and isinstance(record.get("aside", []), list)
        and isinstance(record.get("lang", ""), str | None)
        and valid_batches(record.get("batches"))
    )


def parse(data: bytes) -> Parsed:
    """Return what a journal's bytes hold; anything at all may stand in them."""
    records: list[Json] = []
    offset = end = bad = damaged = 0
    for line in data.split(b"\n"):
        offset += len(line) + 1
        record = decode_line(line) if offset <= len(data) else None
        if record is None:
            bad += 1
        else:
            records.append(record)
            end, damaged = offset, damaged + bad
            bad = 0
    return Parsed(records, end, damaged)


def base_record(document: Document, reason: str) -> Json:
    """Return the line that holds a whole document."""
    return {"kind": "base", "reason": reason, "document": document.to_json()}


def last_state(record: Json) -> tuple[int, str] | None:
    """Return the revision and the digest of the document after a record."""
    if record["kind"] == "base":
        document = _base(record)
        return None if document is None else (document.revision, document.sha256)
    return record["revision"], record["document"]


def changes_of(record: Json) -> tuple[Change, ...]:
    """Return the changes of a save."""
    return tuple(parse_change(change) for change in record["changes"])


def aside_of(record: Json) -> tuple[Change, ...]:
    """Return what a save kept without making it the present answers."""
    return tuple(parse_change(change) for change in record.get("aside", ()))


def rolled(document: Document | None, records: Iterable[Json]) -> Iterator[Step]:
    """Yield each record that continues `document`, with the document after it.

    With None the first base starts the chain. A later base takes over when it is ahead, in a
    chain of the journal's own also when it is level (an upgrade changes no revision).
    A record that leads to another digest than it says ends it: better less than wrong.
    """
    own = document is None
    for record in records:
        if record["kind"] == "base":
            base = _base(record)
            if base is not None and (
                document is None or base.revision > document.revision - (1 if own else 0)
            ):
                document, own = base, True
                yield record, document
        elif document is not None and record["first"] == document.revision + 1:
            after = _after(document, record)
            if after is None:
                return
            document = after
            yield record, document


def _base(record: Json) -> Document | None:
    try:
        return Document.from_json(record["document"])
    except DocumentError:
        return None


def _after(document: Document, record: Json) -> Document | None:
    try:
        after = apply_record(document, record, changes_of(record))
        aside_of(record)
    except StoreError:
        return None
    return after if after.sha256 == record["document"] else None


# -- making it shorter --------------------------------------------------------------------------
def compacted(
    records: Iterable[Json], *, budget: int = COMPACT_BYTES, exact: int = KEEP_EXACT
) -> list[Json]:
    """Return fewer records that lead to the same document.

    Runs of saves from one client within ten minutes become one (what was typed in one sitting);
    then, while it is still too much, the oldest go into a new base. The newest `exact` saves
    stay as they are, after a base of their own, as long as they fit into half of the `budget`.
    """
    chain = list(rolled(None, records))
    older, newest = _split(chain, budget // 2, exact)
    if not older:
        return []
    steps = _grouped(older)
    middle = base_record(older[-1][1], "compacted")
    rest = [middle, *(record for record, _ in newest)]
    left = budget - sum(len(encode_line(record)) for record in rest)
    sizes = [len(encode_line(record)) for record, _ in steps]
    kept: list[Json] = []
    for at in range(len(steps) - 1, 0, -1):
        left -= sizes[at]
        base = base_record(steps[at - 1][1], "compacted")
        if left < len(encode_line(base)):
            break
        kept = [base, *(record for record, _ in steps[at:])]
    return kept + rest


def _split(chain: list[Step], budget: int, exact: int) -> tuple[list[Step], list[Step]]:
    """Return what may be made shorter, and the newest saves that stay as they are."""
    at = len(chain)
    while at and len(chain) - at < exact and chain[at - 1][0]["kind"] == "save":
        budget -= len(encode_line(chain[at - 1][0]))
        if budget < 0:
            break
        at -= 1
    return chain[:at], chain[at:]


def _grouped(chain: list[Step]) -> list[Step]:
    """Return a chain with runs of saves made one, digests computed anew."""
    groups: list[list[Step]] = []
    for step in chain:
        if groups and _together(groups[-1][0][0], step[0]):
            groups[-1].append(step)
        else:
            groups.append([step])
    document = chain[0][1]
    steps: list[Step] = []
    for group in groups:
        record, after = group[0]
        if record["kind"] == "save":
            saves = [save for save, _ in group]
            changes = squeezed([change for save in saves for change in changes_of(save)])
            record = {
                **saves[-1],
                "first": record["first"],
                "batches": {name: mark for save in saves for name, mark in save["batches"].items()},
                "changes": [change.to_json() for change in changes],
            }
            after = apply_record(document, record, changes)
            record["document"] = after.sha256
        document = after
        steps.append((record, document))
    return steps


def _together(first: Json, record: Json) -> bool:
    """Tell whether a save belongs to the sitting that `first` began."""
    if first["kind"] == "base" or record["kind"] == "base":
        return False
    if any(key in save for key in ("restored", "aside") for save in (first, record)):
        return False
    if (first["client"], first["who"]) != (record["client"], record["who"]):
        return False
    try:
        passed = dt.datetime.fromisoformat(record["at"]) - dt.datetime.fromisoformat(first["at"])
    except (TypeError, ValueError):  # one with, one without an offset; or no time at all
        return False
    return dt.timedelta() <= passed <= SITTING


def squeezed(changes: Sequence[Change]) -> tuple[Change, ...]:
    """Return changes without those whose value a later one replaces."""
    kept: list[Change] = []
    replaced: set[tuple[str, ...]] = set()
    for change in reversed(changes):
        place = change.path or (f"#{change.op}",)
        if change.op in ("add_row", "remove_row"):
            # Cells that were written before are another row's, though it has the same id.
            replaced = {path for path in replaced if path[:2] != place}
        elif change.op != "move_row":
            if place in replaced:
                continue
            replaced.add(place)
        kept.append(change)
    return tuple(reversed(kept))
