"""Words of Sphinx itself ("Search", "Next") in languages for which it has none or not all.

Sphinx has no Kazakh, and its Russian lacks the line that says how many pages a search has found.
Everything here also goes into ``translations.js`` of the search page. Sphinx's own loader of that
file makes a function of a text, which a strict content security policy forbids; ours does not.
"""

from __future__ import annotations

import json
from gettext import NullTranslations
from typing import TYPE_CHECKING, Final

from sphinx import locale

if TYPE_CHECKING:
    from sphinx.application import Sphinx

FOUND_ONE: Final = "Search finished, found one page matching the search query."
FOUND_NONE: Final = (
    "Your search did not match any documents. Please make sure that all words are spelled "
    "correctly and that you've selected enough categories."
)
#: Texts with a form for each number, by language.
PLURALS: Final[dict[str, dict[str, list[str]]]] = {
    "kk": {FOUND_ONE: ["Іздеу аяқталды: ${resultCount} бет табылды."] * 2},
    "ru": {
        FOUND_ONE: [
            "Поиск окончен: найдена ${resultCount} страница.",
            "Поиск окончен: найдено ${resultCount} страницы.",
            "Поиск окончен: найдено ${resultCount} страниц.",
        ]
    },
}
#: Which form goes with `n`, as JavaScript.
PLURAL_RULES: Final = {
    "kk": "n === 1 ? 0 : 1",
    "ru": "n % 10 === 1 && n % 100 !== 11 ? 0"
    " : n % 10 >= 2 && n % 10 <= 4 && (n % 100 < 12 || n % 100 > 14) ? 1 : 2",
}
WORDS: Final[dict[str, dict[str, str]]] = {
    "kk": {
        "Search": "Іздеу",
        "Search Page": "Іздеу беті",
        "Search Results": "Іздеу нәтижелері",
        "Searching": "Ізделуде",
        "Preparing search...": "Іздеу дайындалуда…",
        FOUND_NONE: "Ештеңе табылмады. Сөздердің дұрыс жазылғанын тексеріңіз.",
        "Please activate JavaScript to enable the search functionality.": (
            "Іздеу үшін браузерде JavaScript қосыңыз."
        ),
        "Hide Search Matches": "Табылғандардың белгісін алып тастау",
        ", in ": ", мұнда: ",
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
        "Search Results": "Результаты поиска",
        "Searching": "Идёт поиск",
        "Preparing search...": "Подготовка поиска…",
        FOUND_NONE: "Ничего не найдено. Проверьте, правильно ли написаны слова.",
        "Please activate JavaScript to enable the search functionality.": (
            "Чтобы искать, включите в браузере JavaScript."
        ),
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


def script(language: str) -> str | None:
    """Return ``translations.js`` for `language`, or None when Sphinx's own words will do."""
    if language not in PLURAL_RULES:
        return None
    texts = WORDS[language] | PLURALS[language]
    return (
        f"Object.assign(Documentation.TRANSLATIONS, {json.dumps(texts, ensure_ascii=False)});\n"
        f"Documentation.PLURAL_EXPR = (n) => ({PLURAL_RULES[language]});\n"
        f"Documentation.LOCALE = {json.dumps(language)};\n"
    )
