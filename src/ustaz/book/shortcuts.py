"""Short cuts through the programs that the book is built with; what they make stays the same.

Sphinx parses each translated text for itself, twice, and MyST makes a parser for each of them and
collects the settings of docutils, which it then does not use: four fifths of the time in which a
translated page is read. Here a parser serves until it is busy, the settings are collected once, and
a text is parsed once. Where another version of a program has no such place, nothing happens.
"""

from __future__ import annotations

import copy
import functools
import sys
from collections import deque
from collections.abc import Callable
from importlib import metadata
from typing import Any, Final

from docutils import nodes
from docutils.frontend import Values, get_default_settings

#: Texts of the page that is read: more are never asked for again.
KEPT_TEXTS: Final = 1000
#: Modules that ask for the list of installed packages.
ASKING: Final = (
    "sphinx.theming",
    "sphinx.registry",
    "pybtex.plugin",
    "sphinxcontrib.bibtex.plugin",
)


def install() -> None:
    """Take the short cuts in this process; a second call does nothing."""
    _settings_once()
    _parser_again()
    _text_once()
    _packages_once()


def _packages_once() -> None:
    for name in ASKING:
        place: Any = sys.modules.get(name)
        if getattr(place, "entry_points", None) is metadata.entry_points:
            place.entry_points = entry_points


@functools.cache
def _installed() -> Any:  # noqa: ANN401  # another class from Python 3.12 on
    return metadata.entry_points()


def entry_points(**wanted: str) -> Any:  # noqa: ANN401
    """Return entry points of the installed packages, whose list is read once."""
    return _installed().select(**wanted)


def _settings_once() -> None:
    from myst_parser.mdit_to_docutils import base

    place: Any = base
    collected = functools.cache(get_default_settings)
    if getattr(base, "get_default_settings", None) is get_default_settings:

        def settings(*components: Any) -> Values:  # noqa: ANN401
            return copy.copy(collected(*components))

        place.get_default_settings = settings


def _parser_again() -> None:
    from myst_parser.parsers import sphinx_

    place: Any = sphinx_
    make: Callable[..., Any] | None = getattr(sphinx_, "create_md_parser", None)
    if make is not None and not isinstance(make, _Parsers):
        place.create_md_parser = _Parsers(make)


class _Parsers:
    """Makes a parser, or gives one again that has done its work."""

    def __init__(self, make: Callable[..., Any]) -> None:
        self._make = make
        # For pages with settings of their own there are others; the last few will do.
        self._idle: deque[tuple[object, object, Any]] = deque(maxlen=4)

    def __call__(self, config: object, renderer: object) -> _Parser:
        """Return a parser for settings, which are the same object for all pages but few."""
        number = next(
            (
                number
                for number, (its_config, its_renderer, _) in enumerate(self._idle)
                if its_config is config and its_renderer is renderer
            ),
            None,
        )
        if number is None:
            parser = self._make(config, renderer)
        else:
            parser = self._idle[number][2]
            del self._idle[number]
        return _Parser(parser, lambda: self._idle.append((config, renderer, parser)))


class _Parser:
    """A parser for one text; idle again once it has rendered it."""

    def __init__(self, parser: Any, done: Callable[[], None]) -> None:  # noqa: ANN401
        self.options, self._parser, self._done = parser.options, parser, done

    def render(self, text: str) -> Any:  # noqa: ANN401
        """Render a text into the document of the options."""
        rendered = self._parser.render(text)
        self._done()
        return rendered


def _text_once() -> None:
    from sphinx.transforms import i18n

    place: Any = i18n
    publish: Callable[..., nodes.Element] | None = getattr(i18n, "_publish_msgstr", None)
    if publish is None or hasattr(publish, "texts"):
        return
    texts: dict[tuple[str, str, int | None], nodes.Element] = {}

    def once(
        source: str, source_path: str, source_line: int | None, **others: object
    ) -> nodes.Element:
        key = (source, source_path, source_line)
        known = texts.pop(key, None)
        if known is not None:
            return known
        fresh = publish(source, source_path, source_line, **others)
        if len(texts) >= KEPT_TEXTS:
            texts.clear()
        texts[key] = fresh.deepcopy()
        return fresh

    once.texts = texts  # type: ignore[attr-defined]
    place._publish_msgstr = once  # noqa: SLF001
