"""Changes that somebody else typed in for a document's owner, told by their client.

The client of a change is stamped on its place in the same write that keeps the change. So the
mark "typed in by …" can never be missing beside words that were typed in, whatever is killed when.
A page's own client is a random id; one that begins as below is given by the server alone.
"""

from __future__ import annotations

import hashlib
from typing import Final

PREFIX: Final = "by:"
_DIGEST: Final = 20


def client_for(who: str, client: str) -> str:
    """Return the client of `who`'s page when it writes in another person's document.

    The same page gives the same client: a batch that comes again is recognised.
    """
    return f"{PREFIX}{who}:{hashlib.sha256(client.encode()).hexdigest()[:_DIGEST]}"


def is_reserved(client: str) -> bool:
    """Tell whether a page may not call itself so."""
    return client.startswith(PREFIX)


def writer_of(client: str) -> str | None:
    """Return who typed in, or None for the owner's own changes.

    Examples
    --------
    >>> writer_of(client_for("dina-f", "a page"))
    'dina-f'
    >>> writer_of("a page") is None
    True
    """
    return client.split(":")[1] if is_reserved(client) else None
