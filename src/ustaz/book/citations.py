"""Citations: readable labels from the bibliography, and no entry that nobody cites.

Some of our sources show no author, so a label made of names would have to invent one. Each entry
of ``references.bib`` therefore carries its own label (``label = {Frost 2012}``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from pybtex import plugin  # type: ignore[import-untyped]
from pybtex.plugin import register_plugin  # type: ignore[import-untyped]
from pybtex.style.formatting.plain import Style as Plain  # type: ignore[import-untyped]
from pybtex.style.labels import BaseLabelStyle  # type: ignore[import-untyped]
from pybtex.style.sorting import BaseSortingStyle  # type: ignore[import-untyped]

from ustaz.book import pages
from ustaz.book.settings import FACILITATOR

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

STYLE: Final = "ustaz"
#: A field of ours: what the note of an entry was before it was translated.
ENGLISH: Final = "note-in-english"


class Labels(BaseLabelStyle):  # type: ignore[misc]  # pybtex has no types
    """The labels that the entries carry."""

    def format_labels(self, sorted_entries: list[Any]) -> Iterator[str]:
        """Yield the label of each entry."""
        for entry in sorted_entries:
            yield entry.fields.get("label", entry.key)


class ByLabel(BaseSortingStyle):  # type: ignore[misc]
    """The order of the labels: what a reader looks for in the list."""

    def sorting_key(self, entry: Any) -> tuple[str, str]:  # noqa: ANN401
        """Return what an entry is sorted by."""
        return (entry.fields.get("label", entry.key).lower(), entry.key)


class Style(Plain):  # type: ignore[misc]
    """Pybtex's plain style with our labels.

    Each build formats all sources anew, and a second time for tooltips; those of the last build are
    taken over (:func:`formatted`).
    """

    default_label_style = STYLE
    default_sorting_style = STYLE
    known: ClassVar[dict[str, Any]] = {}

    def format_entry(self, label: str, entry: Any, bib_data: Any = None) -> Any:  # noqa: ANN401
        """Return a formatted entry; one with the same content is formatted once."""
        if "crossref" in entry.fields:
            return super().format_entry(label, entry, bib_data=bib_data)
        content = repr((label, entry.key, entry.type, [*entry.fields.items()], entry.persons))
        if content not in self.known:
            self.known[content] = super().format_entry(label, entry, bib_data=bib_data)
        return self.known[content]


def formatted(app: Sphinx, env: BuildEnvironment) -> None:  # noqa: ARG001
    """Let the style take over what the last build has formatted, and keep it for the next one."""
    if not hasattr(env, "ustaz_formatted"):
        env.ustaz_formatted = {}  # type: ignore[attr-defined]
    Style.known = env.ustaz_formatted  # type: ignore[attr-defined]


def shown(env: BuildEnvironment, docname: str) -> list[str]:
    """Return the sources that a page lists, as the pages that cite them show them."""
    domain: Any = env.get_domain("cite")
    return [
        repr((citation.key, citation.citation_id, entry.label, entry.text))
        for citation in domain.citations
        if citation.bibliography_key.docname == docname and (entry := citation.formatted_entry)
    ]


def register() -> None:
    """Make the style known to pybtex."""
    # It reads the list of all installed packages for each citation else.
    plugin._load_entry_point = cache(plugin._load_entry_point)  # noqa: SLF001
    register_plugin("pybtex.style.labels", STYLE, Labels)
    register_plugin("pybtex.style.sorting", STYLE, ByLabel)
    register_plugin("pybtex.style.formatting", STYLE, Style)


def notes(env: BuildEnvironment) -> set[str]:
    """Return the notes of the sources in English: the page of the list shows them."""
    domain: Any = env.get_domain("cite")
    entries = domain.bibdata.data.entries.values()
    return {str(text) for entry in entries if (text := _english(entry))}


def translate(env: BuildEnvironment, words: Callable[[str], str]) -> None:
    """Put the notes of the sources into the language of the page that lists them.

    Everything else of an entry is in the language of the source itself.
    """
    domain: Any = env.get_domain("cite")
    for entry in domain.bibdata.data.entries.values():
        english = _english(entry)
        if english:
            entry.fields[ENGLISH] = english  # the entries are kept for the next build
            entry.fields["note"] = words(english)


def _english(entry: Any) -> str | None:  # noqa: ANN401
    text: str | None = entry.fields.get(ENGLISH) or entry.fields.get("note")
    return text


def check(env: BuildEnvironment, edition: str) -> None:
    """Report entries without label or address, and entries that no page cites."""
    domain: Any = env.get_domain("cite")
    cited = {target.key for ref in domain.citation_refs for target in ref.targets}
    for name in domain.bibdata.bibfiles:
        lines = Path(name).read_text(encoding="utf-8").splitlines()
        for key, entry in domain.bibdata.data.entries.items():
            start = next((n for n, line in enumerate(lines, 1) if f"{{{key}," in line), None)
            if start is None:
                continue
            where = f"{Path(name).relative_to(env.srcdir)}:{start}"
            if "label" not in entry.fields:
                pages.warn(f"{where}: {key!r} has no `label`", "", None, "citations")
            if not {"url", "doi", "isbn"} & set(entry.fields):
                pages.warn(f"{where}: {key!r} has no url, doi or isbn", "", None, "citations")
            if edition == FACILITATOR and key not in cited:
                pages.warn(f"{where}: no page cites {key!r}", "", None, "citations")
