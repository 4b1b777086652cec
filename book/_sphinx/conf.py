"""Sphinx settings of the published editions; everything comes from ``_config.yml``.

Run through ``python -m ustaz.book build``. The tag ``facilitator`` chooses the edition.
"""

from pathlib import Path

from ustaz.book.settings import FACILITATOR, LEARNER, settings

_edition = FACILITATOR if tags.has("facilitator") else LEARNER  # noqa: F821  # Sphinx defines tags
globals().update(settings(Path(__file__).resolve().parents[2], _edition))
