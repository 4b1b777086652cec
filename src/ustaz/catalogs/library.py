"""What ``ustaz workbook messages`` does: a library's catalogues, by the rules of ours."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ustaz.catalogs.check import Report, check_domains
from ustaz.catalogs.extract import library_sources, wanted
from ustaz.catalogs.update import parsed, render, rendered_domain, write
from ustaz.messages._catalogs import LANGUAGES, catalog_path, locale_dir, translator
from ustaz.messages._own import DOMAIN, locale_beside


def known_languages(library: Path) -> tuple[str, ...]:
    """Return the languages of the catalogues that are there; all that need one where none is."""
    root = locale_beside(library)
    languages = [
        language for language in LANGUAGES if catalog_path(language, DOMAIN, root).is_file()
    ]
    texts = list(library_sources(library))
    return tuple(languages) or tuple(lang for lang in LANGUAGES if wanted(texts, lang))


def update_library(library: Path, languages: Iterable[str], *, prune: bool = False) -> list[Path]:
    """Bring a library's catalogues up to date; return the files that changed.

    A text that Ustaz has in its own catalogues comes with that translation, as a draft.
    """
    root = locale_beside(library)
    files = rendered_domain(
        library_sources(library), DOMAIN, root, prune=prune, languages=languages
    )
    for lang in languages:
        path = catalog_path(lang, DOMAIN, root)
        if path in files:
            files[path] = _prefilled(files[path], lang)
    return write(files)


def _prefilled(content: bytes, lang: str) -> bytes:
    catalog = parsed(content, lang, DOMAIN)
    known = translator(lang)
    for message in catalog:
        if isinstance(message.id, str) and message.id and not message.string:
            message.string = known.singular.get(message.id, "")
    return render(catalog, DOMAIN, lang)


def check_library(library: Path, languages: Iterable[str]) -> Report:
    """Compare a library's catalogues with the texts of its workbooks."""
    texts = {DOMAIN: list(library_sources(library))}
    glossary = locale_dir() / "terms.csv"
    return check_domains(texts, locale_beside(library), glossary, languages)
