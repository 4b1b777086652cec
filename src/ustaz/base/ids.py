"""What ids look like, which roles there are, and the ids that stand for somebody erased.

Ids name folders, and stand in definitions, answers and ledgers: each pattern matches whole strings.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

PERSON_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,31}\Z")
WORKBOOK_ID: Final = re.compile(r"[a-z][a-z0-9-]{0,31}\Z")
FIELD_ID: Final = re.compile(r"[a-z][a-z0-9_]{0,31}\Z")
ROW_ID: Final = re.compile(r"[a-z0-9]{6,16}\Z")
#: Beside the folders of a person's workbooks; no workbook is called so.
FILES_FOLDER: Final = "files"

ROLES: Final = ("participant", "facilitator", "director", "reviewer", "staff", "operator")

#: They stand where an erased person's word in others' records goes on to count; no roster has them.
FORMER_FACILITATOR: Final = "former-facilitator"
FORMER_MEMBER: Final = "former-member"
FORMER: Final = (FORMER_FACILITATOR, FORMER_MEMBER)


def former_id(roles: Collection[str]) -> str:
    """Return the id that replaces that of an erased person with these roles."""
    return FORMER_FACILITATOR if "facilitator" in roles else FORMER_MEMBER
