"""The examination of erasures: one that was killed has to be completed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ustaz.doctor.model import Finding
from ustaz.messages import N_


def unfinished(directory: Path) -> Iterator[Finding]:
    """Look for the mark that stands until everything of a person is gone."""
    from ustaz.privacy.subject import unfinished as mark

    begun = mark(directory)
    if begun is not None:
        yield Finding(
            "unfinished_erasure",
            "problem",
            N_("The erasure of {person} was begun on {when} and is not finished."),
            N_("Complete it: ustaz person erase {dir} {person} --yes"),
            {"person": begun["asked"], "when": begun["started"], "dir": str(directory)},
        )
