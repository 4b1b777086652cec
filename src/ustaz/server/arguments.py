"""Arguments of an address or a form, whatever bytes they are."""

from __future__ import annotations


class AnyBytes:
    """For a handler of Tornado: bytes that are no UTF-8 are no reason to refuse a page."""

    def decode_argument(self, value: bytes, name: str | None = None) -> str:  # noqa: ARG002
        """Return an argument as text, with marks in the place of what is none."""
        return value.decode("utf-8", "replace")
