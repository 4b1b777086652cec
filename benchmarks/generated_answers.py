"""Answers as long as those that people write, for every workbook: made by chance, from a seed."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any, Final

from ustaz.answers.document import Document, Subject
from ustaz.base.evidence import VISIBLE
from ustaz.workbook import Definition, Field, Library
from ustaz.workbook.kinds import is_stored

#: Words of texts that people read here, of about the usual lengths.
KAZAKH: Final = (
    "мұғалім оқушы сабақта бірге сұрақ қойып жауап күтті келесі аптада әріптесіммен талқыладық "
    "ұсыныс әр топта тыныш балалар да айтты менің жобам ата-аналар үшін түсінікті болды"
)
RUSSIAN: Final = (
    "учитель ученики на уроке вместе задавали вопросы и ждали ответа через неделю обсудила с "
    "коллегой каждая группа тихие дети тоже сказали мой проект стал понятен родителям"
)
ROWS: Final = {"table": (1, 7), "entries": (1, 16)}
LEFT_EMPTY: Final = 0.12


class Writer:
    """A person who fills in workbooks.

    Parameters
    ----------
    person : str
    library : Library
    seed : int
    """

    def __init__(self, person: str, library: Library, seed: int) -> None:
        self.person = person
        self.library = library
        self.chance = random.Random(seed)
        self.lang, words = self.chance.choice((("kk", KAZAKH), ("ru", RUSSIAN)))
        self.words = words.split()
        self.row_ids: dict[str, list[str]] = {}

    def documents(self) -> Iterator[Document]:
        """Yield this person's document of each workbook; those that others refer to come first."""
        order = sorted(self.library, key=lambda workbook: len(self.library.linked(workbook)))
        for workbook in order:
            yield self._document(self.library[workbook])

    def _document(self, definition: Definition) -> Document:
        answers = self._holder(tuple(definition.fields), f"{definition.id}/")
        stamps: dict[str, list[Any]] = {}
        for field, value in answers.items():
            if isinstance(value, list) and value and isinstance(value[0], dict):
                paths = [
                    f"{field}/{row['id']}/{key}" for row in value for key in row if "id" in row
                ]
            else:
                paths = [field]
            stamps |= {path: [number, self.person] for number, path in enumerate(paths, 1)}
        digest = f"{self.chance.getrandbits(256):064x}"
        return Document(
            workbook=definition.id,
            definition=definition.version,
            subject=Subject.person(self.person),
            record_id=f"{self.chance.getrandbits(128):032x}",
            lang=self.lang,
            revision=len(stamps),
            created_at="2026-10-05T14:03:21+05:00",
            updated_at="2026-11-20T19:44:02+05:00",
            answers=answers,
            stamps=stamps,
            batches={
                f"{self.chance.getrandbits(64):016x}": [number, digest]
                for number in range(self.chance.randint(1, 20))
            },
        )

    def _holder(self, fields: tuple[Field, ...], place: str) -> dict[str, Any]:
        return {
            field.id: self._value(field, place)
            for field in fields
            if is_stored(field) and self.chance.random() > LEFT_EMPTY
        }

    def _value(self, field: Field, place: str) -> Any:
        return {
            "text": self._text,
            "list": self._list,
            "choice": self._choice,
            "choices": self._choices,
            "scale": self._scale,
            "ratings": self._ratings,
            "levels": self._levels,
            "number": self._number,
            "date": self._date,
            "file": self._files,
            "person": self._people,
            "row": self._people,
            "table": self._rows,
            "entries": self._rows,
        }[field.kind](field, place)

    def _rows(self, field: Field, place: str) -> list[dict[str, Any]]:
        low, high = ROWS[field.kind]
        rows = []
        for _ in range(self.chance.randint(max(low, field.min_rows or 0), max(high, low))):
            row_id = f"{self.chance.getrandbits(40):010x}"
            rows.append({"id": row_id, **self._holder(field.columns, place)})
        self.row_ids[f"{place}{field.id}"] = [row["id"] for row in rows]
        return rows

    def _people(self, field: Field, place: str) -> list[str]:  # noqa: ARG002
        people = self.row_ids.get(str(field.from_), [])[: 3 if field.many else 1]
        return (["self"] if field.self else []) + people

    def _words(self, low: int, high: int) -> str:
        size = self.chance.triangular(low, high, low + (high - low) / 3)
        text = " ".join(self.chance.choices(self.words, k=max(1, int(size / 7))))
        return f"{text[:1].upper()}{text[1 : high - 1].strip()}."

    def _text(self, field: Field, place: str) -> str:  # noqa: ARG002
        return self._words(field.min or 1, field.max or 200)

    def _list(self, field: Field, place: str) -> list[str]:  # noqa: ARG002
        count = self.chance.randint(field.min_items or 1, field.max_items or 5)
        return [self._words(field.min or 10, field.max or 120) for _ in range(count)]

    def _choice(self, field: Field, place: str) -> str:  # noqa: ARG002
        return self.chance.choice(field.option_ids)

    def _choices(self, field: Field, place: str) -> list[str]:  # noqa: ARG002
        high = min(field.max or 3, len(field.option_ids))
        return self.chance.sample(field.option_ids, self.chance.randint(field.min or 1, high))

    def _scale(self, field: Field, place: str) -> int:  # noqa: ARG002
        return self.chance.randint(field.low_value or 0, field.high_value or 0)

    def _ratings(self, field: Field, place: str) -> dict[str, dict[str, int]]:  # noqa: ARG002
        lowest = {"now": 1} if field.settings["single"] else {"now": 1, "wanted": 3}
        return {
            option: {part: self.chance.randint(low, 5) for part, low in lowest.items()}
            for option in field.option_ids
        }

    def _levels(self, field: Field, place: str) -> dict[str, dict[str, Any]]:  # noqa: ARG002
        most = len(field.settings["rubric"].levels) - 1
        return {
            criterion: {
                "level": self.chance.randint(0, most),
                "reason": self._words(20, field.max or 200),
            }
            for criterion in field.option_ids
        }

    def _number(self, field: Field, place: str) -> int:  # noqa: ARG002
        return self.chance.randint(field.settings["min"] or 0, field.settings["max"] or 40)

    def _date(self, field: Field, place: str) -> str:  # noqa: ARG002
        return (dt.date(2026, 9, 20) + dt.timedelta(self.chance.randint(0, 90))).isoformat()

    def _files(self, field: Field, place: str) -> list[dict[str, Any]]:  # noqa: ARG002
        return [
            {
                "hash": f"{self.chance.getrandbits(256):064x}",
                "name": f"IMG_{number}.jpg",
                "size": self.chance.randint(40_000, 900_000),
                "type": "image/jpeg",
                "caption": self._words(20, 120),
                "visible": VISIBLE[0],
            }
            for number in range(self.chance.randint(1, 2))
        ]
