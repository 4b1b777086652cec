"""Words that kinds put into tables and pages."""

from __future__ import annotations

from typing import Final

from ustaz.messages import N_

COUNT: Final = N_("How many entries; empty where nothing was answered")
CANNOT_SAY_COLUMN: Final = N_("Whether the answer was “cannot say”; it is no number")
CANNOT_SAY: Final = N_("Cannot say")
ON_A_SCALE: Final = N_("{value} on a scale from {low} to {high}")
MYSELF: Final = N_("myself")
GONE: Final = N_("somebody who is no longer on the people map")
DIMENSION: Final = N_("Dimension")
NOW: Final = N_("Now")
WANTED: Final = N_("Wanted")
EARLIER: Final = N_("Earlier")
DIFFERENCE: Final = N_("Difference")
