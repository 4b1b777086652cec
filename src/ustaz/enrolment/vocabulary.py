"""The words of lists in three languages: headings, roles, languages, states."""

from __future__ import annotations

from typing import Final

#: Our column, and what lists call it.
HEADINGS: Final[dict[str, tuple[str, ...]]] = {
    "person": ("person", "person id", "id", "code", "код", "личный код", "идентификатор", "ид",
        "жеке код", "жеке коды"),
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
    "W": "fullname", "I": "given", "S": "surname", "G": "name", "P": "patronymic",
    "J": "surname", "GP": "given",
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
        "в",
        "его",
        "курсе",
        "курстағы",
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
    "leave": (
        "leave", "on leave", "на паузе", "в отпуске", "отпуск", "декрет", "демалыста", "демалыс",
    ),
    "withdrawn": (
        "withdrawn", "left", "больше не участвует", "выбыл", "выбыла", "вышел", "вышла",
        "шықты", "кетті", "шығып кетті",
    ),
}  # fmt: skip
