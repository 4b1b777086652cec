"""What a school and its teachers agree: what is asked of the director, the agreement, check-ins.

Three records to which lines are only ever added, so that a change keeps what stood before.
"""

from ustaz.schools.agreements import Agreement, AgreementError, Terms
from ustaz.schools.asks import Ask, AskError
from ustaz.schools.check_ins import CheckIn, CheckInError

__all__ = ["Agreement", "AgreementError", "Ask", "AskError", "CheckIn", "CheckInError", "Terms"]
