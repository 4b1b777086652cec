"""A workbook's definition in memory: plain, frozen, typed. Read by :mod:`.reader` only."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

AUDIENCES: Final = (
    "self", "facilitator", "group", "school_link", "staff", "network", "public", "outside",
)  # fmt: skip
#: They read what somebody shows them, and nothing by a definition alone.
BY_SHARE_ALONE: Final = ("school_link", "outside")
#: To whom a share may show something of a workbook.
RECIPIENTS: Final = ("group", "school_link", "outside", "public")
DEFAULT_AUDIENCES: Final = ("self", "facilitator", "staff")
LEVELS: Final = ("ready", "submitted")
#: Parts of the year, in its order; home groups workbooks by them.
PARTS: Final = ("starting", "planning", "doing", "reviewing", "portfolio")
#: Whose document a workbook may be: a person's own, or the note of a tutorial, which two write.
SUBJECTS: Final = ("person", "tutorial")
#: Whose workbook a person's own is, by their role.
WRITERS: Final = ("participant", "facilitator")
#: What an answer is in the story of a project; the steps of a plan are known without a word.
STORY_KINDS: Final = ("concern", "consultation", "evidence", "event", "entry", "review")
#: What a section may open with: a picture of what other workbooks hold.
OPENINGS: Final = ("story",)
Translate = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Option:
    """One of the things to choose from."""

    id: str
    label: str
    help: str | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """True when another field (of the same row, or of the workbook) holds one of `values`."""

    field: str
    values: tuple[str, ...]
    at: str = "submitted"


@dataclass(frozen=True, slots=True)
class Field:
    """One question, or one column of a table. Keys are those of ``workbook.yml``.

    ``from_`` is the key ``from`` (of a person field: ``workbook/table``), ``low_value`` and
    ``high_value`` are ``from`` and ``to`` of a scale. ``settings`` holds what one kind alone has.
    ``story`` says what an answer is in the story of a project (:data:`STORY_KINDS`).
    A column that is ``added`` comes from the kind of its table and does not stand in the file.
    """

    id: str
    kind: str
    label: str
    help: str | None = None
    placeholder: str | None = None
    required: str | None = None
    required_when: Condition | None = None
    shown_when: Condition | None = None
    audiences: tuple[str, ...] = DEFAULT_AUDIENCES
    long: bool = False
    min: int | None = None
    max: int | None = None
    options: tuple[Option, ...] = ()
    low_value: int | None = None
    high_value: int | None = None
    low: str | None = None
    high: str | None = None
    cannot_say: bool = False
    min_items: int | None = None
    max_items: int | None = None
    columns: tuple[Field, ...] = ()
    min_rows: int | None = None
    max_rows: int | None = None
    row_name: str | None = None
    component: str | None = None
    to: str | None = None
    from_: str | None = None
    label_column: str | None = None
    many: bool = False
    self: bool = False
    by: str | None = None
    story: str | None = None
    settings: Mapping[str, Any] = dataclasses.field(default_factory=dict, hash=False)
    added: bool = False
    line: int = dataclasses.field(default=0, compare=False)

    def column(self, column_id: str) -> Field | None:
        """Return a column of a table by its id."""
        return next((column for column in self.columns if column.id == column_id), None)

    @property
    def option_ids(self) -> tuple[str, ...]:
        """Return the ids to choose from."""
        return tuple(option.id for option in self.options)


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example beside a section: what a good one looks like, or a weak one.

    ``answers`` has the shape of answers; people stand by their alias.
    """

    person: str
    situation: str
    answers: Mapping[str, Any] = dataclasses.field(hash=False)
    why: str


@dataclass(frozen=True, slots=True)
class Poster:
    """Which fields of a section a poster is made of; all others are its parts, in their order."""

    title: str
    under: str
    question: str
    picture: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a workbook that takes one sitting.

    ``opens_with`` is one of :data:`OPENINGS`, or None.
    """

    id: str
    title: str
    minutes: int
    points: int
    guidance: str
    example: Example | None = None
    weak_example: Example | None = None
    embed: str | None = None
    fields: tuple[Field, ...] = ()
    opens_with: str | None = None
    poster: Poster | None = None
    line: int = dataclasses.field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the closed list; ``settings`` are the keys of its kind."""

    id: str
    kind: str
    at: str
    message: str | None
    settings: Mapping[str, Any] = dataclasses.field(hash=False)
    line: int = dataclasses.field(default=0, compare=False)

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401
        return self.settings.get(key)


@dataclass(frozen=True, slots=True)
class Step:
    """One named step of an upgrade: ``operation`` with its settings."""

    name: str
    operation: str
    settings: Mapping[str, str] = dataclasses.field(hash=False)


@dataclass(frozen=True, slots=True)
class Upgrade:
    """How answers of one version become answers of the next."""

    from_version: str
    to_version: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Manual:
    """The part that a person marks."""

    points: int
    hint: str


@dataclass(frozen=True, slots=True)
class Shareable:
    """Something of a workbook that its writer may show to others.

    Attributes
    ----------
    scope : str
        ``document``, ``section``, ``field``, ``row`` (of a table) or ``cell`` (of a row).
    name : str
        The section, the field, the table or ``table.column``; empty for the document.
    to : tuple of str
        Members of :data:`RECIPIENTS`.
    without : tuple of str
        Fields of the document that are never shown with it.
    """

    scope: str
    name: str
    to: tuple[str, ...]
    without: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Return what names it within its workbook."""
        return f"{self.scope}:{self.name}" if self.name else self.scope


@dataclass(frozen=True, slots=True)
class Gathering:
    """How a portfolio gathers the answers of all other workbooks.

    Attributes
    ----------
    rubric : str
        Id of the rubric whose criteria it is ordered by; each has a grade cell of its own.
    criteria : mapping
        Criterion to the places (``workbook/field``) that speak for it.
    one_page : tuple of str
        The places that stand on its summary of one page, in their order.
    """

    rubric: str
    criteria: Mapping[str, tuple[str, ...]] = dataclasses.field(hash=False)
    one_page: tuple[str, ...]

    def places(self) -> Iterator[tuple[str, str]]:
        """Yield every place that is named, after where it is named."""
        for criterion, places in self.criteria.items():
            for place in places:
                yield f"portfolio.criteria.{criterion}", place
        for place in self.one_page:
            yield "portfolio.one_page", place


@dataclass(frozen=True)
class Definition:
    """A whole workbook.

    Attributes
    ----------
    part : str
        Of the year; one of :data:`PARTS`.
    subject : str
        Whose document it is; one of :data:`SUBJECTS`.
    role : str
        Of a person's own document: whose workbook it is; one of :data:`WRITERS`.
    purpose : str
        Why its answers are asked for, in one sentence that its writer reads.
    language : str
        In which its texts are written; all other languages are translations.
    visibility : tuple of str
        The audiences of every field that names none of its own.
    retention : int
        Months after the programme's end for which its answers are kept.
    shares : tuple of Shareable
        What its writer may show to others, and to whom at most.
    portfolio : Gathering or None
        Set where handing it in hands in all other workbooks along with it.
    """

    id: str
    code: str
    version: str
    title: str
    summary: str
    minutes: int
    sections: tuple[Section, ...]
    language: str = "en"
    companion: bool = False
    part: str = "doing"
    subject: str = "person"
    role: str = "participant"
    purpose: str = ""
    visibility: tuple[str, ...] = DEFAULT_AUDIENCES
    retention: int = 0
    shares: tuple[Shareable, ...] = ()
    rules: tuple[Rule, ...] = ()
    upgrades: tuple[Upgrade, ...] = ()
    manual: Manual | None = None
    portfolio: Gathering | None = None
    file: str = dataclasses.field(default="", compare=False)

    @property
    def fields(self) -> Iterator[Field]:
        """Give every field, section by section (columns are inside their table)."""
        return (field for section in self.sections for field in section.fields)

    def places(self) -> Iterator[tuple[tuple[str | int, ...], Field, tuple[Field, ...]]]:
        """Give each field and column of the file: its place there, itself, and all of its level."""
        own = tuple(self.fields)
        for number, section in enumerate(self.sections):
            for position, field in enumerate(section.fields):
                place = ("sections", number, "fields", position)
                yield place, field, own
                written = [column for column in field.columns if not column.added]
                for index, column in enumerate(written):
                    yield (*place, "columns", index), column, field.columns

    @cached_property
    def _by_name(self) -> dict[str, tuple[Section, Field]]:
        fields: dict[str, tuple[Section, Field]] = {}
        for section in self.sections:
            for field in section.fields:
                fields.setdefault(field.id, (section, field))
                for column in field.columns:
                    fields.setdefault(f"{field.id}.{column.id}", (section, column))
        return fields

    def field(self, field_id: str) -> Field:
        """Return a field by its id; ``table.column`` names a column. Raise KeyError."""
        return self._by_name[field_id][1]

    def section_of(self, field_id: str) -> Section:
        """Return the section that holds a field (or a table's column). Raise KeyError."""
        return self._by_name[field_id][0]

    @property
    def points(self) -> int:
        """Return what all sections count together, the manual part left out."""
        return sum(section.points for section in self.sections)


def version_key(version: str) -> tuple[int, ...]:
    """Return what versions are ordered by."""
    return tuple(int(part) for part in version.split("."))
