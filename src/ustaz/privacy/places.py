"""The one list of places where something of a person may be, in the order of an erasure.

``docs/data-map.md`` names each of them in its last column; a test compares both.
"""

from __future__ import annotations

from typing import Final

from ustaz.privacy.attributions import ATTRIBUTIONS
from ustaz.privacy.course_data import GALLERY, PLACES
from ustaz.privacy.gradebook import GRADEBOOK, PUBLISHED
from ustaz.privacy.hubs import ACCOUNT, HOME
from ustaz.privacy.model import DataSubject, Member, Place

#: The roster first: from then on nothing of theirs is let in. Feedback in nbgrader's exchange is
#: known by what lies in the folders after it.
COURSE: Final[tuple[Place[Member], ...]] = (
    PLACES[0],
    ATTRIBUTIONS,
    PUBLISHED,
    GALLERY,
    *PLACES[1:],
    GRADEBOOK,
)
HUB: Final[tuple[Place[DataSubject], ...]] = (ACCOUNT, HOME)
