"""What columns, roles, languages and states are called in lists, in three languages."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

#: Our column, and what lists call it.
HEADINGS: Final[dict[str, tuple[str, ...]]] = {
    "person": ("person", "person id", "id", "code", "код", "идентификатор", "ид", "жеке код"),
    "name": ("name", "alias", "псевдоним", "лақап аты"),
    "fullname": (
        "full name", "фио", "ф и о", "ф и", "фи", "аты жөні", "т а ә", "таә", "аты жөн",
    ),
    "given": ("и о", "имена"),
    "role": ("role", "roles", "роль", "роли", "рөл", "рөлі", "рөлдері", "рөлдер"),
    "group": (
        "group", "groups", "group name", "group no", "группа", "группы", "топ", "тобы", "топтар",
        "топтары", "топтың", "тобының", "гр", "учебная группа", "оқу тобы",
    ),
    "school": (
        "school", "school name", "name of school", "name of the school", "workplace",
        "place of work", "организация", "организации", "организация образования",
        "организации образования", "учебное заведение", "образовательная организация", "школа",
        "школы", "место работы", "мектеп", "мектебі", "мектептің", "мектебінің", "білім беру ұйымы",
        "білім беру ұйымының", "ұйым", "ұйымы", "ұйымның", "жұмыс орны", "жұмыс істейтін орны",
    ),
    "lang": (
        "lang", "language", "language of instruction", "preferred language", "course language",
        "язык", "язык обучения", "язык курса", "язык интерфейса", "тіл", "тілі", "оқу тілі",
        "оқыту тілі", "курс тілі",
    ),
    "account": (
        "account", "login", "user", "username", "user name", "логин", "логины", "учетная запись",
        "аккаунт", "пользователь", "имя пользователя", "есептік жазба", "есептік жазбасы",
        "тіркелгі", "тіркелгісі",
    ),
    "status": ("status", "статус", "состояние", "күйі", "мәртебе", "мәртебесі", "жағдайы"),
    "number": (
        "no", "n", "nn", "n n", "п п", "n п п", "no п п", "номер", "порядковый номер", "р с",
        "т б", "р н", "рет саны", "реттік нөмірі", "реттік саны", "нөмірі",
    ),
}  # fmt: skip

#: Words of which headings for names are made: surname, name, patronymic; “жөні” after a name.
PARTS: Final[dict[str, str]] = {
    **dict.fromkeys(("фамилия", "фамилии", "фам", "фамилиясы", "тегі", "тек", "surname",
                     "lastname", "familyname"), "S"),
    **dict.fromkeys(("имя", "имени", "аты", "есімі", "firstname", "givenname", "forename"), "G"),
    **dict.fromkeys(("отчество", "отчества", "отч", "patronymic", "middlename"), "P"),
    **dict.fromkeys(("инициалы", "initials"), "I"),
    "жөні": "J",
    **dict.fromkeys(("фио", "таә", "fullname"), "W"),
}  # fmt: skip
PHRASES: Final = (
    ("ф и о", "фио"), ("т а ә", "таә"), ("full name", "fullname"),
    ("әкесінің аты", "отчество"), ("last name", "surname"), ("family name", "surname"),
    ("first name", "forename"), ("given name", "forename"), ("given names", "forename"),
    ("middle name", "patronymic"), ("и о", "инициалы"),
)  # fmt: skip
#: What the parts of a name make together.
TOGETHER: Final[dict[str, str]] = {
    "W": "fullname", "S": "surname", "G": "name", "P": "patronymic", "J": "surname", "GP": "given",
    "GS": "fullname", "GPS": "fullname", "IS": "fullname", "GJ": "fullname", "GJS": "fullname",
    "GJP": "fullname", "GJPS": "fullname",
}  # fmt: skip
#: Words beside the one that counts. Whose name it is must be a participant's: “ФИО директора”
#: is another column.
BESIDE: Final = frozenset(
    [
        "и",
        "and",
        "мен",
        "және",
        "бен",
        "пен",
        "the",
        "of",
        "s",
        "или",
        "участника",
        "участников",
        "участницы",
        "слушателя",
        "слушателей",
        "слушательницы",
        "учителя",
        "учителей",
        "педагога",
        "педагогов",
        "преподавателя",
        "преподавателей",
        "сотрудника",
        "работника",
        "курса",
        "participant",
        "participants",
        "teacher",
        "teachers",
        "trainee",
        "listener",
        "қатысушының",
        "қатысушы",
        "тыңдаушының",
        "тыңдаушы",
        "мұғалімнің",
        "мұғалім",
        "педагогтің",
        "ұстаздың",
        "қызметкердің",
        "полностью",
        "полное",
        "полная",
        "полный",
        "толық",
        "толығымен",
        "full",
        "при",
        "наличии",
        "его",
        "бар",
        "болса",
        "болған",
        "жағдайда",
        "номер",
        "название",
        "наименование",
        "нөмірі",
        "нөмер",
        "номері",
        "атауы",
        "no",
        "n",
        "на",
        "русском",
        "казахском",
        "языке",
        "рус",
        "каз",
        "қаз",
        "орыс",
        "қазақ",
        "тілінде",
        "ru",
        "kk",
        "kz",
    ]
)

ROLE_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "participant": (
        "participant", "teacher", "участник", "участница", "учитель", "учительница", "педагог",
        "слушатель", "слушательница", "қатысушы", "мұғалім", "тыңдаушы", "ұстаз",
    ),
    "facilitator": (
        "facilitator", "фасилитатор", "куратор", "тренер", "жетекші", "топ жетекшісі",
    ),
    "director": (
        "director", "school leader", "директор", "директор школы", "руководитель школы",
        "мектеп директоры",
    ),
    "reviewer": ("reviewer", "рецензент", "эксперт", "сарапшы", "бағалаушы"),
    "staff": (
        "staff", "course staff", "команда курса", "сотрудник", "сотрудник курса", "курс командасы",
        "курс қызметкері",
    ),
    "operator": ("operator", "technician", "оператор", "техник", "техник маман"),
}  # fmt: skip

LANG_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "en": (
        "en",
        "eng",
        "english",
        "английский",
        "английский язык",
        "на английском",
        "англ",
        "ағылшын",
        "ағылшынша",
        "ағылшын тілі",
        "ағылшын тілінде",
    ),
    "ru": (
        "ru",
        "rus",
        "russian",
        "русский",
        "русский язык",
        "на русском",
        "рус",
        "рус яз",
        "орыс",
        "орысша",
        "орыс тілі",
        "орыс тілінде",
    ),
    "kk": (
        "kk",
        "kz",
        "kaz",
        "kazakh",
        "казахский",
        "казахский язык",
        "на казахском",
        "каз",
        "каз яз",
        "қаз",
        "қазақ",
        "қазақша",
        "қазақ тілі",
        "қазақ тілінде",
    ),
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
NUMBER_SIGNS: Final = frozenset({"№", "#", "№№", "№.", "№ №"})


@lru_cache(maxsize=4096)
def column_of(heading: str) -> str | None:
    """Return the column that a heading means, None for one that is not ours.

    Beside our own columns, ``surname``, ``given`` and ``patronymic`` are pieces of a name,
    ``fullname`` is certainly the whole one, and ``number`` numbers the rows.

    Examples
    --------
    >>> column_of("Ф.И.О. слушателя (полностью)"), column_of("Фамилия, имя"), column_of("Тегі")
    ('fullname', 'fullname', 'surname')
    >>> column_of("Школа / Мектеп"), column_of("№ п/п"), column_of("ФИО директора")
    ('school', 'number', None)
    """
    plain = heading
    if plain.strip() in NUMBER_SIGNS:
        return "number"
    whole = _column(fold(plain))
    if whole:
        return whole
    pieces = [fold(one) for one in re.split(r"[()\[\]/|\n]", plain)]
    found = {
        _column(one) for one in pieces if one and any(each not in BESIDE for each in one.split())
    }
    return found.pop() if len(found) == 1 else None


def is_known(heading: str) -> bool:
    """Tell whether a heading is one of ours."""
    return column_of(heading) is not None


def _column(folded: str) -> str | None:
    if folded in COLUMN_OF:
        return COLUMN_OF[folded]
    for phrase, word in PHRASES:
        folded = re.sub(rf"\b{phrase}\b", word, folded)
    words = [one for one in folded.split() if one not in BESIDE]
    parts = {PARTS.get(one, "?") for one in words}
    return TOGETHER.get("".join(sorted(parts))) or COLUMN_OF.get(" ".join(words))


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
