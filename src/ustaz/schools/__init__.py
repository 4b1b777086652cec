"""What a school and its teachers agree and tell: asks, the agreement, check-ins, outcomes.

Four records to which lines are only ever added, so that a change keeps what stood before.
"""

from ustaz.schools.agreements import Agreement, AgreementError, Terms
from ustaz.schools.asks import Ask, AskError
from ustaz.schools.check_ins import CheckIn, CheckInError
from ustaz.schools.outcomes import Outcome, OutcomeError

__all__ = [
    "Agreement",
    "AgreementError",
    "Ask",
    "AskError",
    "CheckIn",
    "CheckInError",
    "Outcome",
    "OutcomeError",
    "Terms",
]
