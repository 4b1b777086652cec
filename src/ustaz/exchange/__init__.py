"""Hand in and collect: rounds, receipts, and nbgrader's exchange plug-ins over the same functions.

Invariants: a receipt is given only for a round that is on disk and was read back; an earlier round
is never overwritten; what a participant's file says about person, time or score decides nothing.
"""

from __future__ import annotations

from ustaz.exchange.collecting import collect
from ustaz.exchange.model import CollectReport, Receipt, Refused, Submission, SubmissionSummary
from ustaz.exchange.receipts import latest, rounds, verify_code
from ustaz.exchange.submitting import submit
from ustaz.exchange.validate import read_round

__all__ = [
    "CollectReport",
    "Receipt",
    "Refused",
    "Submission",
    "SubmissionSummary",
    "collect",
    "latest",
    "read_round",
    "rounds",
    "submit",
    "verify_code",
]
