"""Start lightly: leave out what costs a second of every start and what nothing of ours uses."""

from __future__ import annotations

import sys


def without_iri_grammar() -> None:
    """Keep ``jsonschema`` from building a grammar of internationalised addresses.

    It takes a third of the time that importing nbgrader, Jupyter Server or JupyterHub takes, and
    only serves to check the format of addresses, which no schema of theirs asks for. ``jsonschema``
    does without where the package is not installed. Does nothing once it is loaded: call it before
    these are imported.
    """
    if "jsonschema" not in sys.modules and "rfc3987_syntax" not in sys.modules:
        sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]  # "not installed"
