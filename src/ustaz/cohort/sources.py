"""Where a notebook's tables come from: the course's service, or a folder that an operator opens."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from ustaz.cohort import dictionary
from ustaz.cohort.reading import Tables, everything, offered
from ustaz.cohort.schema import FRAMES
from ustaz.course import Course
from ustaz.messages import translator
from ustaz.workbook import OptionLabels, PlainTable, option_labels


@dataclass(frozen=True)
class Answer:
    """Tables by name, what columns mean and options are called, and which workbooks there are."""

    tables: dict[str, PlainTable]
    meaning: list[dict[str, str]]
    workbooks: tuple[str, ...] = ()
    labels: OptionLabels = field(default_factory=dict)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Answer:
        """Return what a call of the service answered."""
        tables = {
            name: PlainTable(
                name, tuple((key, kind) for key, kind in part["columns"]), part["rows"]
            )
            for name, part in data["tables"].items()
        }
        labels = data.get("labels", {})
        return cls(tables, data["dictionary"], tuple(data.get("workbooks", ())), labels)

    def to_json(self) -> dict[str, Any]:
        """Return what a call answers."""
        return {
            "workbooks": list(self.workbooks),
            "tables": {
                table.name: {
                    "columns": [list(column) for column in table.columns],
                    "rows": table.rows,
                }
                for table in self.tables.values()
            },
            "dictionary": self.meaning,
            "labels": self.labels,
        }


class Source(Protocol):
    """What gives the tables of a course."""

    def course(self) -> Answer:
        """Return the tables of the course, without answers."""

    def fields(self, workbook: str) -> Answer:
        """Return the tables of a workbook's answers."""


def course_answer(tables: Tables) -> Answer:
    """Return the tables of a course, for a reader."""
    frames = {table.name: table for table in tables.frames()}
    meaning = dictionary.of_frames(FRAMES, tables.role, tables.say)
    labels = {
        name: {
            column.name: {value: tables.say(label) for value, label in column.labels.items()}
            for column in FRAMES[name].for_role(tables.role)
            if column.labels
        }
        for name in frames
    }
    return Answer(frames, meaning, tuple(offered(tables.course)), labels)


def fields_answer(tables: Tables, workbook: str) -> Answer:
    """Return the tables of a workbook's answers, for a reader."""
    fields = {table.name: table for table in tables.fields(workbook)}
    definition = tables.course.library[workbook]
    meaning = dictionary.of_workbook(definition, tables.say)
    return Answer(fields, meaning, labels=option_labels(definition, tables.say))


@dataclass
class FromFolder:
    """A course directory, read as course staff read it: for whoever may open the folder anyway."""

    opened: Course
    lang: str = "en"
    _tables: Tables | None = field(default=None, repr=False)

    @property
    def tables(self) -> Tables:
        """Return the reader's tables."""
        if self._tables is None:
            say = translator(self.lang).gettext
            self._tables = Tables(self.opened, everything(self.opened), lang=self.lang, say=say)
        return self._tables

    def course(self) -> Answer:
        """Return the tables of the course, without answers."""
        return course_answer(self.tables)

    def fields(self, workbook: str) -> Answer:
        """Return the tables of a workbook's answers."""
        return fields_answer(self.tables, workbook)


@dataclass(frozen=True)
class FromService:
    """The course's service, asked with the token of the server that this notebook belongs to."""

    which: str = ""
    lang: str = ""

    def _get(self, path: str) -> Answer:
        from ustaz_widgets.notebook.course import course_here, service

        query = f"?lang={self.lang}" if self.lang else ""
        return Answer.from_json(service(self.which or course_here()).get(f"{path}{query}"))

    def course(self) -> Answer:
        """Return the tables of the course, without answers."""
        return self._get("cohort")

    def fields(self, workbook: str) -> Answer:
        """Return the tables of a workbook's answers."""
        return self._get(f"cohort/fields/{workbook}")
