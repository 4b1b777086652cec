"""Turn ``_config.yml`` into the settings of a published build.

``_config.yml`` stays the one place for the book's title, authors and pages to leave out, because
Jupyter Book reads it too. What only the published editions need stands here.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final

import yaml

from ustaz.book import translations
from ustaz.book.translations import SOURCE
from ustaz.book.words import words

LEARNER: Final = "learner"
FACILITATOR: Final = "facilitator"
EDITIONS: Final = (LEARNER, FACILITATOR)
#: In which languages the book is built; it is written in the first.
LANGUAGES: Final = (SOURCE, "ru", "kk")
TOC_FILES: Final = {LEARNER: "_toc.yml", FACILITATOR: "_toc.facilitator.yml"}
LANG_ENV: Final = "USTAZ_BOOK_LANG"
#: What people type for the words of the book, and for its pages; the search reads it.
VOCABULARY: Final = "book/_search.toml"
#: Folders of the sources that hold pages.
FOLDERS: Final = ("book", "facilitator_notes")
PACKAGE: Final = Path(__file__).resolve().parent


def read_config(root: Path) -> dict[str, Any]:
    """Return the content of ``_config.yml``."""
    data = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))
    if not isinstance(data, dict):
        message = f"{root / '_config.yml'}:1: expected a mapping"
        raise TypeError(message)
    return data


def settings(root: Path, edition: str = LEARNER) -> dict[str, Any]:
    """Return the names that ``conf.py`` of a published edition defines.

    Parameters
    ----------
    root : Path
        The folder that holds ``_config.yml``, ``_toc.yml`` and ``book/``.
    edition : str
        One of :data:`EDITIONS`.
    """
    config = read_config(root)
    sphinx = config.get("sphinx", {})
    language = os.environ.get(LANG_ENV, SOURCE)
    title = translations.read(root, language).of(translations.SHARED)(config["title"])
    _ = words(language)
    facilitator_title = f"{title}: {_('facilitator edition')}"
    return {
        "project": title,
        "author": config["author"],
        "project_copyright": f"{config['copyright']}, {config['author']}",
        "language": language,
        "gettext_compact": False,
        "locale_dirs": [],  # the extension gives a page its words, all or none
        "extensions": [
            "myst_parser",
            "sphinx_external_toc",
            *sphinx.get("extra_extensions", []),
            *sphinx.get("local_extensions", {}),
        ],
        "external_toc_path": TOC_FILES[edition],
        "external_toc_exclude_missing": bool(config.get("only_build_toc_files")),
        "exclude_patterns": [*config.get("exclude_patterns", []), *_other_folders(root)],
        "source_suffix": {".md": "markdown"},
        "myst_enable_extensions": list(config["parse"]["myst_enable_extensions"]),
        "bibtex_bibfiles": [str(root / name) for name in config["bibtex_bibfiles"]],
        "nitpicky": True,
        "ustaz_edition": edition,
        "html_title": title if edition == LEARNER else facilitator_title,
        "html_theme": "furo",
        "templates_path": [str(PACKAGE / "templates")],
        "html_copy_source": False,
        "html_show_sourcelink": False,
        "html_show_sphinx": False,
        "html_show_search_summary": False,  # a result page would fetch every page that it lists
        "html_use_index": False,
        "html_domain_indices": False,
        "html_permalinks": False,
        **sphinx.get("config", {}),
    }


def _other_folders(root: Path) -> list[str]:
    """Return the folders without pages, so that Sphinx does not walk through them twice."""
    return sorted(
        path.name for path in root.iterdir() if path.is_dir() and path.name not in FOLDERS
    )
