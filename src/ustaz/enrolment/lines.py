"""Lines of a sheet that are no people: totals, signatures, titles of groups, dates in words."""

from __future__ import annotations

import re
from typing import Final

from ustaz.enrolment.headings import fold

#: A row that begins with one of these sums up or signs, in whatever column it stands.
CLOSING: Final = frozenset(
    [
        "итого",
        "всего",
        "барлығы",
        "жиыны",
        "жиынтығы",
        "қорытынды",
        "total",
        "totals",
        "подпись",
        "подписи",
        "қолы",
        "қолдары",
        "мп",
        "исполнитель",
        "исп",
        "орындаушы",
        "орындаған",
        "утверждаю",
        "утверждено",
        "утвержден",
        "согласовано",
        "бекітемін",
        "бекітілді",
        "келісілді",
        "составил",
        "составила",
        "составитель",
        "құрастырған",
        "құрастырушы",
        "проверил",
        "проверила",
        "тексерген",
        "примечание",
        "примечания",
        "ескерту",
        "ескертпе",
        "signature",
        "signatures",
    ]
)
CLOSING_PAIRS: Final = frozenset({"м п", "м о", "б барлығы", "ф и о"})
#: A name that holds one of these is a title, an office or a group.
OFFICES: Final = frozenset(
    [
        "директор",
        "директора",
        "директоры",
        "директорының",
        "руководитель",
        "руководителя",
        "завуч",
        "заместитель",
        "методист",
        "әдіскер",
        "меңгерушісі",
        "орынбасары",
        "ответственный",
        "ответственная",
        "жауапты",
        "секретарь",
        "группа",
        "группы",
        "подгруппа",
        "топ",
        "топтың",
        "тобы",
        "школа",
        "школы",
        "мектеп",
        "мектебі",
        "мектебінің",
        "гимназия",
        "гимназиясы",
        "лицей",
        "лицейі",
        "класс",
        "сынып",
        "список",
        "списка",
        "тізім",
        "тізімі",
        "тізімнің",
        "приложение",
        "қосымша",
        "кгу",
        "гу",
        "кмм",
        "количество",
        "человек",
        "чел",
        "адам",
        "мұғалімдер",
        "учителя",
        "слушатели",
        "тыңдаушылар",
        "қатысушылар",
        "участники",
        "group",
        "school",
    ]
)
BLANK: Final = re.compile(r"_{2,}|\.{4,}|…|-{3,}|—{2,}")
NUMBERED: Final = re.compile(r"\d{1,4}\s*[.)]\s*(?=[^\W\d_])")
MOST_WORDS: Final = 6
#: Districts and offices under whose names lists are divided.
PLACES: Final = frozenset(
    [
        *("область", "облысы", "район", "ауданы", "город", "қаласы", "село", "ауылы", "отдел"),
        *("бөлімі", "управление", "басқармасы", "филиал", "филиалы", "округ", "округі"),
    ]
)
#: What stands in a cell instead of something.
NOTHING: Final = frozenset(
    [
        *("вакансия", "вакант", "вакантно", "нет", "жоқ", "бос орын", "null", "none", "nan", "n a"),
        *("undefined", "то же", "тоже", "та же", "сол", "дәл сол", "ditto"),
    ]
)
ERROR: Final = re.compile(r"#[\w/]+[!?]?\Z")


def is_nothing(cell: str) -> bool:
    """Tell whether a cell says that there is nothing, or that it is as above.

    Examples
    --------
    >>> [is_nothing(one) for one in ("-//-", "—", "то же", "#Н/Д", "NULL", "№ 5", "5")]
    [True, True, True, True, True, False, False]
    """
    return (
        not any(char.isalnum() for char in cell) or fold(cell) in NOTHING or bool(ERROR.match(cell))
    )


MONTHS: Final = (
    "янв|фев|мар|апр|май|мая|июн|июл|авг|сен|сент|окт|ноя|нояб|дек"
    "|қаң|ақп|нау|сәу|мам|мау|шіл|там|қыр|қаз|қар|жел"
    "|jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec"
)
#: What a spreadsheet writes into a text file for a date.
DATE: Final = re.compile(
    rf"\d{{1,2}}[.\-/ ]?(?:{MONTHS})\.?(?:[.\-/ ]\d{{2,4}})?(?: ?г\.?)?"
    rf"|(?:{MONTHS})\.?[.\-/ ]\d{{1,4}}"
    r"|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{1,2}-\d{1,2}-\d{4}|\d{4}[-./]\d{1,2}[-./]\d{1,2}",
    re.IGNORECASE,
)
TIME: Final = re.compile(r"[ T]?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\Z")
POWER: Final = re.compile(r"\d+(?:[.,]\d+)?E\+?\d+\Z", re.IGNORECASE)
#: A day between 2000 and 2049, as spreadsheets count days.
SERIAL: Final = re.compile(r"(?:3[6-9]|4\d|5[0-4])\d{3}\Z")


def unnumbered(name: str) -> str:
    """Return a name without the number that its row bears.

    Examples
    --------
    >>> unnumbered("12. Әйгүл С."), unnumbered("Жанар 12")
    ('Әйгүл С.', 'Жанар 12')
    """
    return NUMBERED.sub("", name, count=1) if NUMBERED.match(name) else name


def closes(cell: str) -> bool:
    """Tell whether a cell begins a total or a signature.

    Examples
    --------
    >>> closes("Итого: 25"), closes("М.П."), closes("Барлығы"), closes("Айгүл")
    (True, True, True, False)
    """
    words = fold(cell).split()
    if not words:
        return False
    return (
        words[0] in CLOSING
        or " ".join(words[:2]) in CLOSING_PAIRS
        or words[-1] in {"подпись", "қолы"}
        or bool(re.search(r"_{3,}", cell))
    )


def is_no_name(name: str) -> bool:
    """Tell whether a text cannot be anybody's name.

    Examples
    --------
    >>> [is_no_name(one) for one in ("Әйгүл С.", "Жанар 12", "Мектеп директоры", "12 адам", "—")]
    [False, False, True, True, True]
    """
    words = fold(name).split()
    return (
        not any(char.isalpha() for char in name)
        or name[0].isdigit()
        or name[0] in "*/("
        or ":" in name
        or bool(BLANK.search(name))
        or len(words) > MOST_WORDS
        or bool((OFFICES | PLACES) & set(words))
        or is_nothing(name)
        or closes(name)
    )


def is_date(text: str) -> bool:
    """Tell whether a text is a date, or a number that a spreadsheet wrote with a power of ten.

    Examples
    --------
    >>> [is_date(one) for one in ("01.фев", "2026-02-01 10:30", "фев.26", "1-2", "5-1", "1 топ")]
    [True, True, True, False, False, False]
    """
    bare = TIME.sub("", text).strip()
    return bool(DATE.fullmatch(bare)) or (bool(TIME.search(text)) and not bare)


def is_power(text: str) -> bool:
    """Tell whether a text is a number written with a power of ten: most of its digits are lost."""
    return bool(POWER.fullmatch(text))


def may_be_date(text: str) -> bool:
    """Tell whether a plain number may be a date that lost its look."""
    return bool(SERIAL.fullmatch(text))


def are_several(name: str) -> bool:
    """Tell whether a cell names several people.

    Examples
    --------
    >>> are_several("Айгүл Сейітова, Ерлан Ким"), are_several("Ян, К."), are_several("А; Б")
    (True, False, True)
    """
    pieces = [part.split() for part in name.split(",")]
    return ";" in name or (len(pieces) > 1 and all(len(piece) > 1 for piece in pieces))
