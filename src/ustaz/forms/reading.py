"""Values to read within a form: worked examples, and answers of other workbooks."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ustaz.grading.text import plain
from ustaz.messages import N_, translator
from ustaz.messages import format as fill_in
from ustaz.workbook.kinds import REGISTRY

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reader:
    """What kinds ask of a page on which a value is read (:class:`ustaz.workbook.kinds.Page`).

    Attributes
    ----------
    lang : str
        The reader's language: a form is read by whoever writes in it.
    linked : mapping
        Answers by workbook.
    own : str
        The language of the answers, where they are somebody's own words.
    aliases : tuple of str
        In a worked example people stand by their alias, not by a row's id.
    most_rows : int or None
        Whoever writes sees all of them.
    """

    lang: str
    linked: Mapping[str, Json] = field(default_factory=dict)
    own: str = ""
    aliases: tuple[str, ...] = ()
    most_rows: int | None = None

    def text(self, text: str) -> str:
        """Return a text as it was written."""
        return f'<bdi class="uz-said"{self._lang}>{plain(text)}</bdi>'

    def line(self, text: str) -> str:
        """Return a text in one line."""
        return f'<bdi class="uz-said"{self._lang}>{plain(text, one_line=True)}</bdi>'

    @property
    def _lang(self) -> str:
        return f' lang="{self.own}"' if self.own else ""

    def empty(self, message: str = N_("No answer yet")) -> str:
        """Return a remark in the place of an answer."""
        return f'<span class="uz-none">{self.label(message)}</span>'

    def remark(self, message: str, **params: object) -> str:
        """Return a sentence about an answer, filled in."""
        return html.escape(fill_in(translator(self.lang).gettext(message), **params))

    def label(self, message: str) -> str:
        """Return one of our own words."""
        return html.escape(translator(self.lang).gettext(message))

    def columns(self, table: Json, rows: Sequence[Json]) -> list[Json]:
        """Return the columns in which something stands."""
        return [column for column in table["columns"] if any(column["id"] in row for row in rows)]

    def cell(self, column: Json, row: Json, table: str) -> str:  # noqa: ARG002
        """Return one cell of a table, empty where nothing stands."""
        if row.get(column["id"]) in (None, "", []):
            return ""
        return REGISTRY[column["kind"]].shown(self, column, row)

    def linked_rows(self, target: str) -> Sequence[Json]:
        """Return the rows that people are chosen from."""
        workbook, _, table = target.partition("/")
        if self.aliases:
            return [_Alias(id=alias) for alias in self.aliases]
        return self.linked.get(workbook, {}).get(table) or []

    def linked_field(self, target: str) -> str:  # noqa: ARG002
        """Return that an answer is elsewhere: nothing here refers to a reference."""
        return self.empty()

    def linked_answer(self, target: str) -> Any:  # noqa: ANN401
        """Return the value at ``workbook/field``, or None."""
        workbook, _, name = target.partition("/")
        return self.linked.get(workbook, {}).get(name)

    def picture(self, sha256: str, words: str) -> str:  # noqa: ARG002
        """Return nothing: an example has no file of its own."""
        return ""

    def confirmation(self, json: Json) -> str:  # noqa: ARG002
        """Return nothing: confirmations are drawn by the form itself."""
        return ""


class _Alias(dict[str, Any]):
    """A contact of a worked example: nobody has written it down, its alias is all there is."""

    def get(self, key: str, default: Any = None) -> Any:  # noqa: ANN401, ARG002
        """Return the alias, whatever column a name stands in."""
        return self["id"]


def aliases(value: object) -> tuple[str, ...]:
    """Return every text within a worked example's answers: some are people's aliases."""
    if isinstance(value, str):
        return (value,)
    if isinstance(value, Mapping):
        return aliases(list(value.values()))
    if isinstance(value, Sequence):
        return tuple(text for entry in value for text in aliases(entry))
    return ()
