"""What ids look like: in definitions, in answers, and as names of folders."""

from __future__ import annotations

import re
from typing import Final

WORKBOOK_ID: Final = re.compile(r"[a-z][a-z0-9-]{0,31}\Z")
FIELD_ID: Final = re.compile(r"[a-z][a-z0-9_]{0,31}\Z")
ROW_ID: Final = re.compile(r"[a-z0-9]{6,16}\Z")
