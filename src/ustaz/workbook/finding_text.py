"""A finding as a sentence; the templates stand in ``shared/findings.json``, for the page too."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from functools import cache
from typing import Any, Final, Protocol

from ustaz.base.shipped import shipped
from ustaz.workbook.evaluation import Finding
from ustaz.workbook.kinds.date import is_date
from ustaz.workbook.model import Definition

_PLACE: Final = re.compile(r"\{(\w+)\}")


class Words(Protocol):
    """What a translator object offers, as :mod:`gettext` does."""

    def gettext(self, message: str, /) -> str:
        """Return `message` in the translator's language."""

    def ngettext(self, singular: str, plural: str, count: int, /) -> str:
        """Return the form of a sentence that fits `count`."""


@cache
def templates() -> dict[str, Any]:
    """Return the templates by rule: a sentence, or ``{"one": …, "other": …}``."""
    path = shipped("shared/findings.json")
    sentences: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return sentences


def counted(finding: Finding, template: str) -> int:
    """Return the number that decides the plural form: the one that the sentence names first."""
    name = _PLACE.search(template)
    return int(finding.params.get(name[1], 0)) if name else 0


def finding_text(
    finding: Finding,
    definition: Definition,
    words: Words,
    *,
    day: Callable[[dt.date], str] = dt.date.isoformat,
    number: Callable[[float], str] = str,
) -> str:
    """Return a finding's sentence in the language of `words`.

    Parameters
    ----------
    finding : Finding
    definition : Definition
    words : translator
    day, number : callable
        How a day and a number are written.
    """
    template = finding.message or templates()[finding.rule]
    if isinstance(template, str):
        sentence = words.gettext(template)
    else:
        sentence = words.ngettext(
            template["one"], template["other"], counted(finding, template["other"])
        )
    params = dict(finding.params)
    if "missing" in params:
        name = finding.field if finding.column is None else f"{finding.field}.{finding.column}"
        labels = {option.id: option.label for option in definition.field(name).options}
        ids = str(params["missing"]).split(",")
        params["missing"] = ", ".join(words.gettext(labels[id_]) for id_ in ids)
    for key, value in params.items():
        if isinstance(value, str) and is_date(value):
            value = day(dt.date.fromisoformat(value))  # noqa: PLW2901
        elif isinstance(value, float):
            value = number(value)  # noqa: PLW2901
        sentence = sentence.replace(f"{{{key}}}", str(value))
    return sentence
