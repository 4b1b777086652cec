"""Arguments of an address or a form, whatever bytes they are."""

from __future__ import annotations

from typing import Any


class AnyBytes:
    """For a handler of Tornado: bytes that are no UTF-8 are no reason to refuse a page."""

    def decode_argument(self, value: Any, name: str | None = None) -> Any:  # noqa: ANN401, ARG002
        """Return an argument as text, with marks in the place of what is none.

        A part that an address does not have is None, and stays so.
        """
        return None if value is None else value.decode("utf-8", "replace")
