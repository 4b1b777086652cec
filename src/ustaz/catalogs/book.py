"""The catalogues of the book: one for each page, and what a translation of a page must keep to.

A page may wait: it is shown in a language when every text of it is translated. So texts without a
translation are counted and are no fault; everything else is held to the rules of all catalogues,
and besides to the page's markup.
"""

from __future__ import annotations

import copy
import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message

from ustaz.book.messages import texts
from ustaz.book.translations import FIGURES, PREFIX, SHARED
from ustaz.catalogs.check import Complaint, faults, read_terms, strange
from ustaz.catalogs.extract import Source
from ustaz.catalogs.markup import markup_faults, visible
from ustaz.catalogs.update import DRAFT, merge, read_catalog, render, template_of
from ustaz.messages._catalogs import LANGUAGES, SOURCE, catalog_path, entry

TRANSLATED: Final = tuple(language for language in LANGUAGES if language != SOURCE)
#: Catalogues of the book whose texts have no markup.
PLAIN: Final = (PREFIX + FIGURES, PREFIX + SHARED)
# An activity that a page names before it links to the page where it stands.
_NAMED: Final = re.compile(r"\"([^\"]+)\" \(\{doc\}`[^`<]*<([^`<>]+)>`")
_TRANSLATED_NAME: Final = re.compile(r"«([^»]+)» \(\{doc\}`[^`<]*<([^`<>]+)>`")


def has_book(root: Path) -> bool:
    """Tell whether the book's sources are there: not in every checkout that tests make."""
    return (root / "_toc.yml").is_file() and (root / "book" / "_sphinx").is_dir()


def pages_of(root: Path) -> list[str]:
    """Return the domains of the book that have a template."""
    locale = root / "locale"
    paths = sorted((locale / PREFIX).rglob("*.pot"))
    return [path.relative_to(locale).with_suffix("").as_posix() for path in paths]


def rendered_book(root: Path, *, prune: bool = False) -> dict[Path, bytes | None]:
    """Return every file of the book's catalogues with its bytes; None for one to be removed.

    A text that another page has translated already comes with that translation, as a draft.
    """
    locale = root / "locale"
    domains = {
        domain: template_of([Source(part.text, None, "", part.note) for part in parts], domain)
        for domain, parts in texts(root).items()
    }
    files: dict[Path, bytes | None] = {}
    for template in domains.values():
        for message in template:
            message.locations = []
    for domain, template in domains.items():
        files[locale / f"{domain}.pot"] = render(template, domain)
    for lang in TRANSLATED:
        old = {domain: _read(root, lang, domain) for domain in {*domains, *pages_of(root)}}
        known = _known(old.values())
        for domain, template in domains.items():
            merged = merge(old[domain], template, prune=prune)
            _fill(merged, known)
            files[catalog_path(lang, domain, locale)] = render(merged, domain, lang)
    if prune:
        for domain in set(pages_of(root)) - set(domains):
            files[locale / f"{domain}.pot"] = None
            files |= {catalog_path(lang, domain, locale): None for lang in TRANSLATED}
    return files


def _read(root: Path, lang: str, domain: str) -> Catalog:
    return read_catalog(catalog_path(lang, domain, root / "locale"), lang, domain)


def _known(catalogs: Iterable[Catalog]) -> dict[str, str]:
    known: dict[str, str] = {}
    for catalog in catalogs:
        for message in catalog:
            key, forms = entry(message)
            if key and forms[0] and not message.fuzzy:
                known.setdefault(key, forms[0])
    return known


def _fill(catalog: Catalog, known: dict[str, str]) -> None:
    for message in catalog:
        if isinstance(message.id, str) and (not message.string or message.fuzzy):
            again = known.get(message.id)
            if again:
                message.string = again
                message.flags.discard("fuzzy")
                message.previous_id = []


def write_book(root: Path, *, prune: bool = False) -> list[Path]:
    """Bring the book's catalogues up to date; return the files that changed."""
    changed = []
    for path, content in rendered_book(root, prune=prune).items():
        if content is None:
            if path.is_file():
                path.unlink()
                changed.append(path)
        elif not path.is_file() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            changed.append(path)
    return changed


@dataclass(slots=True)
class BookReport:
    """How the book stands in one language.

    Attributes
    ----------
    pages, complete : int
        How many catalogues there are, and how many of them are translated whole.
    texts, translated, drafts : int
        The same of the texts; a draft waits for a native reader.
    open : dict
        Page to the number of its texts that are not translated.
    """

    pages: int = 0
    complete: int = 0
    texts: int = 0
    translated: int = 0
    drafts: int = 0
    open: dict[str, int] = field(default_factory=dict)


def check_book(
    root: Path, pages: list[str] | None = None
) -> tuple[list[Complaint], dict[str, BookReport]]:
    """Hold the book's catalogues to the rules; `pages` names some of them, else all are read."""
    locale = root / "locale"
    terms = read_terms(locale / "terms.csv")
    complaints: list[Complaint] = []
    reports = {lang: BookReport() for lang in TRANSLATED}
    titles = _Titles(root)
    for domain in pages_of(root):
        if pages and domain.removeprefix(PREFIX) not in pages:
            continue
        template = read_catalog(locale / f"{domain}.pot", SOURCE, domain)
        wanted = {entry(message)[0] for message in template if message.id}
        for lang, report in reports.items():
            catalog = _read(root, lang, domain)
            there = {entry(message)[0] for message in catalog if message.id}
            for key in sorted(wanted ^ there):
                why = "is missing or in no page: update the catalogues"
                complaints.append(Complaint("stale", lang, domain, key, why))
            missing = _count(catalog, report)
            report.pages += 1
            report.complete += not missing
            if missing:
                report.open[domain.removeprefix(PREFIX)] = missing
            for message in catalog:
                if message.id and (message.string or message.fuzzy):
                    complaints += [
                        Complaint(kind, lang, domain, entry(message)[0], why)
                        for kind, why in (
                            *_page_faults(message, lang, terms, domain),
                            *_misnamed(message, lang, domain, titles),
                        )
                    ]
    return complaints, reports


def _count(catalog: Catalog, report: BookReport) -> int:
    missing = 0
    for message in catalog:
        if message.id:
            done = bool(message.string) and not message.fuzzy
            missing += not done
            report.texts += 1
            report.translated += done
            report.drafts += done and DRAFT in message.user_comments
    return missing


def _page_faults(
    message: Message, lang: str, terms: list[dict[str, str]], domain: str
) -> Iterator[tuple[str, str]]:
    if message.fuzzy:
        yield from faults(message, lang)
        return
    key, (form, *_) = entry(message)
    seen = copy.copy(message)
    seen.id, seen.string = visible(key), visible(form)
    yield from faults(seen, lang)
    yield from strange(seen, lang, terms)
    if domain not in PLAIN:
        yield from markup_faults(key, form)


class _Titles:
    """The titles of activities and headings, by language and page, each read once."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._read: dict[tuple[str, str], dict[str, str]] = {}

    def of(self, lang: str, domain: str) -> dict[str, str]:
        """Return the titles of a page, English to translation; none where there is no such page."""
        if (lang, domain) not in self._read:
            self._read[lang, domain] = {
                entry(message)[0]: entry(message)[1][0]
                for message in _read(self._root, lang, domain)
                if any(note.startswith(("title", "heading")) for note in message.auto_comments)
            }
        return self._read[lang, domain]


def _misnamed(
    message: Message, lang: str, domain: str, titles: _Titles
) -> Iterator[tuple[str, str]]:
    """Yield every activity that is named otherwise than on the page where it stands."""
    key, (form, *_) = entry(message)
    named = {(_bare(name), target) for name, target in _TRANSLATED_NAME.findall(form)}
    for name, target in _NAMED.findall(key):
        title = titles.of(lang, _domain_of(target, domain)).get(name)
        if title and not message.fuzzy and (_bare(title), target) not in named:
            yield "name", f"names “{name}” otherwise than the page where it stands: «{title}»"


def _bare(name: str) -> str:
    return re.sub("[«»„“]", "", name)


def _domain_of(target: str, domain: str) -> str:
    """Return the catalogue of the page that a link of another page leads to."""
    if target.startswith("/facilitator_notes/"):
        return target.replace("/facilitator_notes/", PREFIX + "notes/", 1)
    if target.startswith("/"):
        return target.removeprefix("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(domain), target))
