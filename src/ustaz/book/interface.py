"""Words of Sphinx itself ("Search", "Next") in languages for which it has none or not all.

Sphinx has no Kazakh. What the search page says is in our catalogues (:mod:`ustaz.book.search`).
"""

from __future__ import annotations

from gettext import NullTranslations
from typing import TYPE_CHECKING, Final

from sphinx import locale

if TYPE_CHECKING:
    from sphinx.application import Sphinx

WORDS: Final[dict[str, dict[str, str]]] = {
    "kk": {
        "Search": "Іздеу",
        "Next": "Келесі",
        "Previous": "Алдыңғы",
        "Contents": "Мазмұны",
        "Table of Contents": "Мазмұны",
        "Table of contents": "Мазмұны",
        "Navigation": "Шарлау",
        "Error": "Қате",
        "Note": "Ескертпе",
        "Warning": "Назар аударыңыз",
        "Caution": "Абай болыңыз",
        "Important": "Маңызды",
        "Hint": "Кеңес",
        "Tip": "Кеңес",
        "See also": "Тағы қараңыз",
        "Fig. %s": "%s-сурет",
        "Table %s": "%s-кесте",
        "Section %s": "%s-бөлім",
        "Permalink to this term": "Осы терминге сілтеме",
        "Link to this term": "Осы терминге сілтеме",
        "Link to this image": "Осы суретке сілтеме",
        "Link to this heading": "Осы тақырыпқа сілтеме",
    },
    "ru": {
        "Search": "Поиск",
        "Next": "Далее",
        "Previous": "Назад",
    },
}


class _Words(NullTranslations):
    """A catalogue of :data:`WORDS`; Sphinx's own answers what it lacks."""

    def __init__(self, own: dict[str, str]) -> None:
        super().__init__()
        self._own = own

    def gettext(self, message: str) -> str:
        return self._own.get(message) or super().gettext(message)


def install(app: Sphinx) -> None:
    """Put our words before those of Sphinx."""
    own = WORDS.get(app.config.language or "en")
    if own is None:
        return
    words = _Words(own)
    words.add_fallback(app.translator)
    app.translator = words
    locale.translators["general", "sphinx"] = words
