"""Who shows what to whom: one append-only record, and the secret addresses of outside readers.

What a reader sees follows from the definition's audience or a live share; which of both holds for
whom is asked in ``server/access.py`` alone.
"""

from ustaz.shares.links import Opening, openings, record_opening, share_of_secret
from ustaz.shares.record import (
    FOLDER,
    LINK,
    Permission,
    Share,
    ShareError,
    consenting,
    end,
    end_outside,
    is_live,
    live,
    permit,
    read,
    show,
    take_permission_back,
)

__all__ = [
    "FOLDER",
    "LINK",
    "Opening",
    "Permission",
    "Share",
    "ShareError",
    "consenting",
    "end",
    "end_outside",
    "is_live",
    "live",
    "openings",
    "permit",
    "read",
    "record_opening",
    "share_of_secret",
    "show",
    "take_permission_back",
]
