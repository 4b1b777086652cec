"""How people work in an activity of a meeting: ids, and the words for them."""

from __future__ import annotations

from typing import Final

from ustaz.messages import N_

#: By id; the words are message ids.
GROUPING_WORDS: Final = {
    "alone": N_("on your own"),
    "pairs": N_("in pairs"),
    "threes": N_("in threes"),
    "small": N_("in small groups"),
    "whole": N_("all together"),
}
GROUPINGS: Final = tuple(GROUPING_WORDS)
