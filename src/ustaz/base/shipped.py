"""Where the files lie that come with the program and are no code: texts, workbooks, templates.

A wheel carries them below ``_data``, laid out as they are in a checkout; see ``pyproject.toml``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

PACKED: Final = Path(__file__).resolve().parents[1] / "_data"


def shipped(name: str = "") -> Path:
    """Return where such a file or folder lies, in the wheel or in the checkout.

    Parameters
    ----------
    name : str
        As it is named from the top of a checkout; without it the top is meant.
    """
    return (PACKED if installed() else PACKED.parents[2]) / name


def installed() -> bool:
    """Tell whether this is an installed package, in which nothing is ever written."""
    return PACKED.is_dir()
