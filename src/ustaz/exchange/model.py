"""What the exchange speaks of: receipts, rounds, refusals, and the limits that bind them."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Annotated, Any, Final

import msgspec

from ustaz.base.errors import UstazError
from ustaz.base.evidence import MOST_OF_A_FILE
from ustaz.base.ids import PERSON_ID, WORKBOOK_ID

FORMAT: Final = 1
ANSWERS_FILE: Final = "answers.json"
ROUND_FILE: Final = "round.json"
EVIDENCE_DIR: Final = "evidence"
ROUND_NAME: Final = re.compile(r"[0-9]{4}\Z")
EVIDENCE_NAME: Final = re.compile(r"[0-9a-f]{64}\Z")
LAST_ROUND: Final = 9999

# A document is 1 MiB at most; what a round adds is the linked snapshot of other workbooks, and in a
# portfolio all of them: two or three journals of that size, and a dozen of a quarter.
ANSWERS_CAP: Final = 8 * 1024 * 1024
ROUND_CAP: Final = 64 * 1024
EVIDENCE_CAP: Final = 5 * 1024 * 1024
EVIDENCE_FILES: Final = 20
EVIDENCE_TOTAL: Final = 30 * 1024 * 1024


class Refused(UstazError):
    """Nothing was changed, and the id says why.

    Attributes
    ----------
    detail : str
        An id of the cause below, a number or a field's path; never a participant's text.
    receipt : Receipt or None
        The round that is there already, where that is the reason.
    """

    exit_code = 12

    def __init__(
        self,
        id: str,
        message: str,
        hint: str = "",
        *,
        detail: str = "",
        receipt: Receipt | None = None,
    ) -> None:
        super().__init__(id, message, hint)
        self.detail = detail
        self.receipt = receipt


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a person gets for a round that is on disk.

    Attributes
    ----------
    person, workbook, round
        Which round this is.
    received_at : datetime
        By the clock of the machine that received it, in UTC.
    answered, of : int
        "12 of 14 answered".
    code : str
        Eight characters, grouped, that staff can verify (:func:`ustaz.exchange.verify_code`).
    sha256 : str
        Hash of the round's record, which holds the hashes of everything in it.
    repeated : bool
        True when the same content had been handed in before; nothing was written.
    level : str
        ``draft``, ``ready`` or ``complete`` by the rules at that time.
    claimed_at : str or None
        The time that the sender claimed, kept as a claim.
    late : bool
        It came after it was due, as the calendar and the extensions are now.
    """

    person: str
    workbook: str
    round: int
    received_at: dt.datetime
    answered: int
    of: int
    code: str
    sha256: str
    repeated: bool = False
    level: str = "draft"
    claimed_at: str | None = None
    late: bool = False

    def to_dict(self, zone: dt.tzinfo = dt.UTC) -> dict[str, Any]:
        """Return what the API and ``--json`` give out, times in `zone`."""
        return {
            "person": self.person,
            "workbook": self.workbook,
            "round": self.round,
            "received_at": self.received_at.astimezone(zone).isoformat(timespec="seconds"),
            "claimed_at": self.claimed_at,
            "answered": self.answered,
            "of": self.of,
            "level": self.level,
            "code": self.code,
            "sha256": self.sha256,
            "repeated": self.repeated,
            "late": self.late,
        }


@dataclass(frozen=True, slots=True)
class SubmissionSummary:
    """One round as the pages list it.

    Attributes
    ----------
    receipt : Receipt
    definition : str
        Version of the workbook's definition that the round pins.
    content : str
        Hash of what was handed in, time stamps left out.
    status : str
        ``received``, ``collected``, ``marking``, ``marked`` or ``returned``.
    marks : dict or None
        Snapshot of the gradebook for this round, for staff only.
    returned_at : str or None
        When its feedback was released.
    """

    receipt: Receipt
    definition: str
    content: str
    lang: str
    status: str = "received"
    marks: dict[str, Any] | None = None
    returned_at: str | None = None

    @property
    def round(self) -> int:
        """Return the round's number."""
        return self.receipt.round

    def to_dict(self, zone: dt.tzinfo = dt.UTC) -> dict[str, Any]:
        """Return what the API gives out. Marks are for staff and are not in it."""
        return {
            **self.receipt.to_dict(zone),
            "definition": self.definition,
            "lang": self.lang,
            "status": self.status,
            "returned_at": self.returned_at,
        }


class SubmissionRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``round.json``: who submitted what and when, and the hashes of everything in it.

    Attributes
    ----------
    definition : str
        Version of the workbook's definition.
    received_at, claimed_at : str
        ISO 8601; what a page claimed decides nothing.
    by : str
        Who sent it: the person, or staff for them.
    content : str
        Hash of what was submitted, time stamps left out.
    evidence : dict
        Hash to number of bytes; compared with the files, whatever it holds.
    sha256 : str
        Hash of everything else in the record.
    receipt_sha256 : str, optional
        The hash under which the receipt was issued, where the course has sealed the record anew.
    """

    format: int
    course: str
    person: str
    workbook: str
    round: int
    definition: str
    lang: str
    record_id: str
    revision: int
    received_at: str
    claimed_at: str | None
    by: str
    acting: bool
    answered: int
    of: int
    level: str
    content: str
    answers_sha256: str
    evidence: dict[str, Any]
    sha256: str
    receipt_sha256: str | msgspec.UnsetType = msgspec.UNSET

    @property
    def receipt_hash(self) -> str:
        """Return the hash that the receipt bears."""
        return self.sha256 if self.receipt_sha256 is msgspec.UNSET else self.receipt_sha256


class SubmissionDocument(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``answers.json`` of a submission.

    Attributes
    ----------
    withheld : list
        Fields whose answer stays with its writer.
    linked : dict
        Of other workbooks what this one shows, by workbook.
    entered : dict, optional
        What was typed in for the owner, by workbook and place; absent where nothing was.
    manifest : dict, optional
        Of a portfolio: the parts and files that were handed in along with it.
    """

    format: int
    workbook: str
    definition: str
    subject: dict[str, Any]
    record_id: str
    lang: str
    status: str
    revision: int
    created_at: str
    updated_at: str
    answers: dict[str, Any]
    withheld: list[Any]
    linked: dict[str, Any]
    entered: dict[str, Any] | msgspec.UnsetType = msgspec.UNSET
    manifest: dict[str, Any] | msgspec.UnsetType = msgspec.UNSET


WorkbookName = Annotated[str, msgspec.Meta(pattern=rf"\A(?:{WORKBOOK_ID.pattern})")]
Hash = Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{64}\Z")]


class FrozenPart(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Another workbook in a portfolio's round: projected, with the revision that it stood at.

    `digest` is the SHA-256 of everything else here.
    """

    definition: str
    revision: Annotated[int, msgspec.Meta(ge=1)]
    lang: str
    answers: dict[str, Any]
    withheld: list[Any]
    digest: Hash


class FrozenFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file that a portfolio's round shows: its name is the hash of its bytes."""

    size: Annotated[int, msgspec.Meta(ge=1, le=MOST_OF_A_FILE)]
    type: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What :attr:`SubmissionDocument.manifest` holds."""

    rubric: dict[str, str]
    parts: dict[WorkbookName, FrozenPart]
    files: dict[Hash, FrozenFile]


class TranscriptionMark(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who typed in an answer, at which revision, and when its owner confirmed it."""

    by: Annotated[str, msgspec.Meta(pattern=rf"\A(?:{PERSON_ID.pattern})")]
    revision: int
    at: str | None
    confirmed_at: str | None


Place = Annotated[
    str,
    msgspec.Meta(pattern=r"\A[a-z][a-z0-9_]{0,31}(#order|/[a-z0-9]{6,16}/[a-z][a-z0-9_]{0,31})?\Z"),
]
#: What :attr:`SubmissionDocument.entered` holds.
TranscriptionMarks = dict[str, dict[Place, TranscriptionMark]]


@dataclass(frozen=True, slots=True)
class Submission:
    """A round's documents, read and validated.

    Attributes
    ----------
    record : SubmissionRecord
    document : dict
        ``answers.json``: the projected answers, what was withheld, the linked snapshot.
    evidence : dict
        Hash to number of bytes.
    received_at : datetime
        The time that counts.
    raw : dict
        File name to the very bytes that were read and judged; copies are made of these.
    notes : tuple of str
        Ids of what staff should look at: ``claim_differs``.
    """

    record: SubmissionRecord
    document: dict[str, Any]
    evidence: dict[str, int]
    received_at: dt.datetime
    raw: dict[str, bytes] = field(repr=False)
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class CollectReport:
    """What a collection did.

    Attributes
    ----------
    taken, unchanged : list of (person, workbook, round)
    refused : list of (person, workbook, error id, detail)
        The whole round was left where it was; nothing of it was taken.
    """

    taken: list[tuple[str, str, int]] = field(default_factory=list)
    unchanged: list[tuple[str, str, int]] = field(default_factory=list)
    refused: list[tuple[str, str, str, str]] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        keys = ("person", "workbook", "round")
        return {
            "taken": [dict(zip(keys, row, strict=True)) for row in self.taken],
            "unchanged": [dict(zip(keys, row, strict=True)) for row in self.unchanged],
            "refused": [
                dict(zip(("person", "workbook", "error", "detail"), refusal, strict=True))
                for refusal in self.refused
            ],
        }

    @classmethod
    def from_dict(cls, record: dict[str, Any]) -> CollectReport:
        """Return the report that :meth:`to_dict` made `said` of."""

        def entries(name: str) -> list[Any]:
            return [tuple(row.values()) for row in record.get(name, ())]

        return cls(entries("taken"), entries("unchanged"), entries("refused"))
