"""The book: a Sphinx extension, and the build of the published editions.

``ustaz.book`` is loaded in two ways. Jupyter Book loads it through ``sphinx.local_extensions`` of
``_config.yml``; the published editions load it through ``book/_sphinx/conf.py``. Both get the same
directives and the same checks; only the published editions get our theme overrides and short page
addresses.

It must not know anything of nbgrader, of courses or of people: its only neighbour is
:mod:`ustaz.workbook`, whose definitions the ``{workbook}`` block shows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ustaz.book.build import Built, build, build_all
from ustaz.book.errors import BookError

if TYPE_CHECKING:
    from sphinx.application import Sphinx

__all__ = ["BookError", "Built", "build", "build_all", "setup"]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension with Sphinx."""
    from ustaz.book.extension import register  # Sphinx only where it is used

    return register(app)
