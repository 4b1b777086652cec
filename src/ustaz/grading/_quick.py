"""Start quickly: leave out what nothing of ours uses."""

from __future__ import annotations

import sys


def without_iri_grammar() -> None:
    """Keep ``jsonschema`` from building a grammar of internationalised addresses.

    It takes a third of the time that importing nbgrader takes, and only serves to check the format
    of addresses, which no notebook's schema asks for. ``jsonschema`` does without where the package
    is not installed. Does nothing once it is loaded.
    """
    if "jsonschema" not in sys.modules and "rfc3987_syntax" not in sys.modules:
        sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]  # "not installed"
