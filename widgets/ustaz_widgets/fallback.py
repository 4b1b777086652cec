"""What stands in the place of a widget where nothing can run: GitHub, nbconvert, a saved notebook.

Plain, escaped HTML without style, script or address, and the same as text.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Bundle = tuple[dict[str, Any], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of texts, to be read.

    Attributes
    ----------
    caption : str
    head : sequence of str
        A name for each column.
    rows : sequence of sequence of str
    empty : str
        What is said where there are no rows.
    lang : str
        The language of it all.
    """

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    empty: str = ""
    lang: str = "en"

    @property
    def html(self) -> str:
        """Return the table as HTML; every text is escaped."""
        lang = html.escape(self.lang, quote=True)
        if not self.rows:
            return f'<p lang="{lang}">{_shown(self.caption)}: {_shown(self.empty)}</p>'
        head = "".join(f'<th scope="col">{_shown(name)}</th>' for name in self.head)
        body = "".join(
            f"<tr>{''.join(f'<td>{_shown(cell)}</td>' for cell in row)}</tr>" for row in self.rows
        )
        return (
            f'<table lang="{lang}"><caption>{_shown(self.caption)}</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        )

    @property
    def text(self) -> str:
        """Return the table as lines of text."""
        if not self.rows:
            return f"{self.caption}: {self.empty}"
        lines = [" | ".join(_in_line(cell) for cell in row) for row in (self.head, *self.rows)]
        return "\n".join([self.caption, *lines])


def _in_line(text: str) -> str:
    return " ".join(text.split())


def _shown(text: str) -> str:
    return html.escape(text).replace("\n", "<br>")


def with_fallback(
    bundle: Mapping[str, Any] | Bundle | None, shown: str, plain: str | None = None
) -> Bundle:
    """Add to a widget's representations what readers without widgets see.

    Parameters
    ----------
    bundle : mapping, tuple or None
        What ``_repr_mimebundle_`` of the widget returned: data, or data and metadata.
    shown : str
        HTML, escaped already.
    plain : str, optional
        The same as text; default: what the widget says of itself.
    """
    data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
    added = {"text/html": shown} | ({} if plain is None else {"text/plain": plain})
    return {**(data or {}), **added}, dict(metadata)
