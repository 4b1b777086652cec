"""What columns, roles, languages and states are called in lists, in three languages."""

from __future__ import annotations

import unicodedata
from typing import Final

#: Our column, and what lists call it.
HEADINGS: Final[dict[str, tuple[str, ...]]] = {
    "person": ("person", "person id", "id", "code", "код", "идентификатор", "ид", "жеке код"),
    "name": (
        "name", "full name", "alias", "имя", "фио", "ф и о", "фамилия имя", "имя и фамилия",
        "псевдоним", "аты", "аты жөні", "аты-жөні", "есімі", "толық аты жөні", "лақап аты",
    ),
    "role": ("role", "roles", "роль", "роли", "рөл", "рөлі", "рөлдері", "рөлдер"),
    "group": ("group", "groups", "группа", "группы", "топ", "тобы", "топтар", "топтары"),
    "school": (
        "school", "школа", "организация", "организация образования", "мектеп", "мектебі",
        "білім беру ұйымы",
    ),
    "lang": ("lang", "language", "язык", "тіл", "тілі"),
    "account": (
        "account", "login", "user", "username", "логин", "учетная запись", "аккаунт",
        "пользователь", "есептік жазба", "тіркелгі",
    ),
    "status": ("status", "статус", "состояние", "күйі", "мәртебе", "мәртебесі", "жағдайы"),
}  # fmt: skip

ROLE_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "participant": (
        "participant", "teacher", "участник", "участница", "учитель", "учительница", "педагог",
        "слушатель", "қатысушы", "мұғалім",
    ),
    "facilitator": ("facilitator", "фасилитатор", "куратор", "тренер", "жетекші"),
    "director": (
        "director", "school leader", "директор", "руководитель школы", "мектеп директоры",
    ),
    "reviewer": ("reviewer", "рецензент", "эксперт", "сарапшы", "бағалаушы"),
    "staff": (
        "staff", "course staff", "команда курса", "сотрудник", "сотрудник курса", "курс командасы",
        "курс қызметкері",
    ),
    "operator": ("operator", "technician", "оператор", "техник", "техник маман"),
}  # fmt: skip

LANG_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "en": ("en", "english", "английский", "ағылшын", "ағылшынша"),
    "ru": ("ru", "rus", "russian", "русский", "рус", "орыс", "орысша"),
    "kk": ("kk", "kz", "kaz", "kazakh", "казахский", "каз", "қазақ", "қазақша"),
}

STATUS_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "active": (
        "active", "takes part", "активен", "активна", "участвует", "белсенді", "қатысады",
    ),
    "leave": ("leave", "on leave", "в отпуске", "отпуск", "декрет", "демалыста", "демалыс"),
    "withdrawn": (
        "withdrawn", "left", "выбыл", "выбыла", "вышел", "вышла", "шықты", "кетті", "шығып кетті",
    ),
}  # fmt: skip


def fold(text: str) -> str:
    """Return a word for comparing: case, ё, dots, hyphens and underscores make no difference."""
    folded = unicodedata.normalize("NFC", text).casefold().replace("ё", "е")
    letters = "".join(one if one.isalnum() else " " for one in folded)
    return " ".join(letters.split())


def _index(table: dict[str, tuple[str, ...]]) -> dict[str, str]:
    return {fold(word): key for key, words in table.items() for word in words}


COLUMN_OF: Final = _index(HEADINGS)
ROLE_OF: Final = _index(ROLE_NAMES)
LANG_OF: Final = _index(LANG_NAMES)
STATUS_OF: Final = _index(STATUS_NAMES)


def roles_of(text: str) -> tuple[str, ...] | None:
    """Return the roles that a cell names, separated by commas, semicolons or spaces.

    Examples
    --------
    >>> roles_of("Қатысушы"), roles_of("фасилитатор; курс командасы"), roles_of("boss")
    (('participant',), ('facilitator', 'staff'), None)
    """
    found: list[str] = []
    for part in text.replace(",", ";").replace("/", ";").split(";"):
        whole = fold(part)
        if not whole:
            continue
        if whole in ROLE_OF:
            found.append(ROLE_OF[whole])
            continue
        for word in whole.split():
            if word not in ROLE_OF:
                return None
            found.append(ROLE_OF[word])
    return tuple(dict.fromkeys(found)) or None
