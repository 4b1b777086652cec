"""Which numbers about people may leave a group: one threshold, one rule for parts, one for shares.

A number of few people says who is meant. So nothing is counted below :data:`FEWEST`; a part stands
beside its whole only where what is left of the whole is no smaller; and where all but two of the
people answered alike, that alone is said. Then nobody's answer follows from what is published, not
even for a colleague who knows the own one (``docs/decisions/0048-answers-of-a-school.md``).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

#: Fewer people than this are not counted, anywhere.
FEWEST: Final = 5
#: How many may differ from all others before their number is said.
HIDDEN_AMONG: Final = 2


def is_enough(people: int) -> bool:
    """Tell whether so many people may be counted.

    Examples
    --------
    >>> is_enough(4), is_enough(5)
    (False, True)
    """
    return people >= FEWEST


def may_split(parts: Iterable[int]) -> bool:
    """Tell whether parts may stand beside their whole: each, and all the others together.

    Examples
    --------
    >>> may_split([9, 5]), may_split([9, 4]), may_split([12, 0])
    (True, False, False)
    """
    sizes = list(parts)
    whole = sum(sizes)
    return all(is_enough(size) and is_enough(whole - size) for size in sizes)


def is_nearly_all(count: int, people: int) -> bool:
    """Tell whether so many of `people` chose the same that only "nearly all" may be said.

    Examples
    --------
    >>> [is_nearly_all(count, 7) for count in (4, 5, 7)]
    [False, True, True]
    """
    return count >= people - HIDDEN_AMONG


def said_of(count: int, people: int) -> int | str:
    """Return what may be said of `count` among `people`: the number, or one of two words.

    Returns
    -------
    int or str
        ``nearly_all`` or ``hardly_any`` where all but two are alike, so that nobody stands out.

    Examples
    --------
    >>> [said_of(count, 8) for count in (0, 2, 3, 5, 6)]
    ['hardly_any', 'hardly_any', 3, 5, 'nearly_all']
    """
    if is_nearly_all(count, people):
        return "nearly_all"
    return "hardly_any" if is_nearly_all(people - count, people) else count
