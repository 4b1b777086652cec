"""What every kind of field answers: one class a kind, one registry, and what they share."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Protocol

import msgspec

from ustaz.messages import translator
from ustaz.workbook.conditions import is_blank
from ustaz.workbook.cursor import Cursor
from ustaz.workbook.evaluation import Context
from ustaz.workbook.kinds.form import ONLY_WITH_SCRIPT, Form, Place
from ustaz.workbook.model import Field, Translate
from ustaz.workbook.problems import ValueProblem

TEXT_CAP: Final = 20_000
LIST_CAP: Final = 50
ROWS_CAP: Final = 100

Json = Mapping[str, Any]
Path = Sequence[str]
ReadColumn = Callable[[Cursor], Field]


class Absent:
    """What stands for no answer; null is an answer of some kinds."""


ABSENT: Final = Absent()


class Limit(msgspec.Struct, frozen=True):
    """One bound that a value does not keep; :mod:`ustaz.workbook.evaluate` adds the place."""

    rule: str
    kind: str
    params: Mapping[str, str | float] = msgspec.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TidyColumn:
    """One column of a tidy table: name, pandas type, the field it is from, and how to read it."""

    name: str
    type: str
    field: Field | None
    label: str
    read: Callable[[Json], Any]


@dataclass(frozen=True, slots=True)
class OwnTable:
    """A tidy table of one field alone: its columns, and the rows of one person."""

    columns: tuple[TidyColumn, ...]
    rows: Callable[[Json], Iterator[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that an answer shows: its hash, and who can be seen in it."""

    sha256: str
    visible: str


class Page(Protocol):
    """What a kind asks of the page on which answers are read.

    Every method returns escaped HTML. Labels are in the language of the answers (`lang`), what is
    said about answers in the reader's.
    """

    @property
    def lang(self) -> str:
        """Return the language of the answers."""

    @property
    def most_rows(self) -> int | None:
        """Return how many rows of a table stand before the rest is folded; None: all."""

    def text(self, text: str) -> str:
        """Return a participant's text, clipped where it is long."""

    def line(self, text: str) -> str:
        """Return a participant's text in one line."""

    def empty(self, message: str = ...) -> str:
        """Return a remark in the place of an answer."""

    def remark(self, message: str, **params: object) -> str:
        """Return a sentence about an answer, filled in."""

    def label(self, message: str) -> str:
        """Return one of our own words in the language of the answers."""

    def columns(self, table: Json, rows: Sequence[Json]) -> list[Json]:
        """Return the columns of a table that this reader sees."""

    def cell(self, column: Json, row: Json, table: str) -> str:
        """Return one cell of a table."""

    def linked_rows(self, target: str) -> Sequence[Json]:
        """Return the rows of ``workbook/table`` that people were chosen from."""

    def linked_field(self, target: str) -> str:
        """Return the answer at ``workbook/field``, as it is read."""

    def linked_answer(self, target: str) -> Any:  # noqa: ANN401
        """Return the value at ``workbook/field``, or None."""

    def confirmation(self, json: Json) -> str:
        """Return who confirmed something, and when."""

    def picture(self, sha256: str, words: str) -> str:
        """Return a small picture of a file, `words` in its place; empty where none is shown."""


@dataclass(frozen=True, slots=True)
class Side:
    """What words for a value depend on: the reader's language, and answers of other workbooks."""

    reader: str
    linked: Mapping[str, Json]

    def gettext(self, message: str) -> str:
        """Return one of our own texts in the reader's language."""
        return translator(self.reader).gettext(message)

    def rows(self, target: str) -> Sequence[Json]:
        """Return the rows of ``workbook/table``."""
        workbook, _, table = target.partition("/")
        return self.linked.get(workbook, {}).get(table) or ()


class Kind:
    """A kind of field: everything that depends on it.

    Attributes
    ----------
    name : str
        As it stands in ``workbook.yml``.
    keys : tuple of str
        The settings that only this kind has.
    stored : bool
        Whether a participant writes the value; else it comes from elsewhere.
    column : bool
        Whether a table may have such a column.
    attaches : bool
        Whether a value shows files (:meth:`attachments`).
    several : bool
        Whether a value is a list of entries, which have a tidy table of their own.
    roles : frozenset of str
        What rules and conditions may use it for: ``date``, ``option``, ``options``, ``unique``,
        ``rating``, ``ratings``, ``title``, ``reference``, ``people``.
    missing : str
        Key of the sentence in ``findings.json`` that says that it is not answered.
    single : bool
        Whether the label belongs to one control; else the field is a group with a legend.
    posts : bool
        Whether a plain form can hold the value; else it is read there and changed by the script.
    redrawn : bool
        Whether the script draws other elements than the plain form: it draws the field anew.
    ended : bool
        Whether a sign after the control tells that all of it was on the page.
    unordered : bool
        Whether the control's parts stand in the page's order, whatever that of the value.
    refers_to : str
        The role of a field that a field of this kind may name in another workbook.
    rows_cap : int
        How many rows a draft may hold, where it holds rows.
    document_bytes : int or None
        How large a document with such a field may be, where that is more than others may.
    own_columns : frozenset of str
        Columns that the kind adds: a row in which nothing else stands says nothing.
    row_readers : str or None
        The column in which each row names its readers; a row without any is private.
    """

    name: ClassVar[str]
    keys: ClassVar[tuple[str, ...]] = ()
    stored: ClassVar[bool] = True
    column: ClassVar[bool] = True
    attaches: ClassVar[bool] = False
    several: ClassVar[bool] = False
    roles: ClassVar[frozenset[str]] = frozenset({"reference"})
    missing: ClassVar[str] = "required"
    single: ClassVar[bool] = False
    posts: ClassVar[bool] = True
    redrawn: ClassVar[bool] = False
    ended: ClassVar[bool] = False
    unordered: ClassVar[bool] = False
    refers_to: ClassVar[str] = "reference"
    rows_cap: ClassVar[int] = ROWS_CAP
    document_bytes: ClassVar[int | None] = None
    own_columns: ClassVar[frozenset[str]] = frozenset()
    row_readers: ClassVar[str | None] = None

    # -- the definition ---------------------------------------------------------------------------
    def read(self, cursor: Cursor, column: ReadColumn) -> dict[str, Any]:  # noqa: ARG002
        """Return the settings of this kind; complaints go to the cursor's list.

        `column` reads a column of a table.
        """
        return {}

    def completed(self, field: Field) -> Field:
        """Return a field that was read with what the kind adds by itself."""
        return field

    def visible_rows(self, field: Field, rows: Sequence[Any], audience: str) -> list[Any]:  # noqa: ARG002
        """Return the rows that an audience may see, where the value is rows."""
        return list(rows)

    def to_json(self, field: Field, translate: Translate) -> dict[str, Any]:  # noqa: ARG002
        """Return the settings as JSON for a front end, texts through `translate`."""
        return {}

    def example_problem(self, field: Field, value: Any) -> str | None:  # noqa: ANN401, ARG002
        """Return why a worked example does not fit, or None."""
        return None if isinstance(value, str) else "expected a text"

    def example(self, field: Field, value: Any, translate: Translate) -> Any:  # noqa: ANN401, ARG002
        """Return a worked example's value: words translated, ids and dates left alone."""
        return value

    # -- values -----------------------------------------------------------------------------------
    def check(self, field: Field, path: Path, value: Any) -> None:  # noqa: ANN401
        """Raise :class:`~ustaz.workbook.problems.ValueProblem` unless a draft may hold `value`."""
        raise NotImplementedError

    def schema(self, field: Field) -> dict[str, Any]:
        """Return the JSON Schema of a draft's value."""
        raise NotImplementedError

    def is_empty(self, field: Field, holder: Json, context: Context) -> bool:  # noqa: ARG002
        """Tell whether `holder` (answers, or a row) has no answer to this field."""
        return is_blank(holder.get(field.id))

    def limits(self, field: Field, value: Any, context: Context) -> Iterator[Limit]:  # noqa: ANN401, ARG002
        """Yield the bounds that a value does not keep."""
        return iter(())

    def attachments(self, field: Field, value: Any) -> Iterator[Attachment]:  # noqa: ANN401, ARG002
        """Yield the files that a value shows; None is no value."""
        return iter(())

    # -- tables and pages -------------------------------------------------------------------------
    def tidy_columns(self, field: Field) -> Iterator[TidyColumn]:
        """Yield the columns of a tidy table in which this field stands."""
        yield TidyColumn(
            field.id, self.tidy_type(field), field, field.label, lambda row: row.get(field.id)
        )

    def own_table(self, field: Field) -> OwnTable | None:  # noqa: ARG002
        """Return the tidy table of this field alone, where it has one."""
        return None

    def tidy_type(self, field: Field) -> str:  # noqa: ARG002
        """Return the pandas type of the tidy column; ``date`` stands for days."""
        return "string"

    def holds_options(self, field: Field, column: str) -> bool:
        """Tell whether a tidy column of the field has ids of its options as values."""
        return bool(field.options) and column in (field.id, "value")

    def values(self, field: Field, translate: Translate) -> str:  # noqa: ARG002
        """Return what values there are, for the data dictionary."""
        return ""

    def bounds(self, field: Field) -> dict[str, float | None]:
        """Return the bounds of a value, for the data dictionary."""
        names = ("min", "max", "min_items", "max_items", "min_rows", "max_rows")
        return {name: getattr(field, name) for name in names}

    def reading(self, page: Page, json: Json, value: Any) -> str:  # noqa: ANN401
        """Return a value that is not empty as HTML that a person reads."""
        raise NotImplementedError

    def shown(self, page: Page, json: Json, holder: Json) -> str:
        """Return the field as a person reads it: its value, or that there is none."""
        value = holder.get(json["id"])
        return page.empty() if value in ("", [], None) else self.reading(page, json, value)

    # -- the form ---------------------------------------------------------------------------------
    def whole(self, form: Form, json: Json, holder: Json, place: Place) -> str | None:  # noqa: ARG002
        """Return the field drawn as a whole, its label included; None where it has a control."""
        return None

    def control(
        self,
        form: Form,
        json: Json,
        value: Any,  # noqa: ANN401
        place: Place,
        describedby: str,
    ) -> str:
        """Return the control as HTML; `value` is :data:`ABSENT` where nothing is answered."""
        del json, value, place, describedby
        return f'<p class="uz-none">{form.t(ONLY_WITH_SCRIPT)}</p>'

    def subnames(self, json: Json) -> Sequence[str]:  # noqa: ARG002
        """Return what is added to the name of each part that posts for itself; none mostly.

        Texts of such a kind are those of its parts, each after its subname and a colon.
        """
        return ()

    def counted(self, json: Json) -> bool:  # noqa: ARG002
        """Tell whether a count of characters below the control describes it."""
        return False

    def texts(self, json: Json, value: Any, lang: str) -> list[str]:  # noqa: ANN401, ARG002
        """Return what the control posts where nobody has touched it; `value` may be ABSENT."""
        if value is ABSENT:
            return []
        return [str(entry) for entry in value] if isinstance(value, list) else [str(value)]

    def posted(self, json: Json, texts: Sequence[str], lang: str) -> Any:  # noqa: ANN401, ARG002
        """Return the value that a control posted, or :data:`ABSENT` where nothing is answered.

        Texts come with the line breaks of this system. A text that does not fit is returned all
        the same: whoever saves it says what is wrong.
        """
        return texts[-1] if texts and texts[-1] else ABSENT

    def words(self, side: Side, json: Json, value: Any) -> str:  # noqa: ANN401, ARG002
        """Return a value that is not empty as plain words, for comparing two submissions."""
        return str(value)

    def in_words(self, side: Side, json: Json, holder: Json) -> str:
        """Return the field as plain words; nothing where there is no answer."""
        value = holder.get(json["id"])
        return "" if value in (None, "", []) else self.words(side, json, value)


#: Filled by the package, in the order in which authors read of the kinds.
REGISTRY: Final[dict[str, Kind]] = {}


def kind_of(field: Field) -> Kind:
    """Return the kind of a field."""
    return REGISTRY[field.kind]


def is_empty(field: Field, holder: Json, context: Context) -> bool:
    """Tell whether a field holds no answer; "cannot say" is one where it is offered."""
    return kind_of(field).is_empty(field, holder, context)


# -- what several kinds share ---------------------------------------------------------------------
def refuse(wrong: bool, id: str, path: Path) -> None:
    """Raise a problem where something is wrong."""
    if wrong:
        raise ValueProblem(id, path)


def check_text(path: Path, value: Any, cap: int = TEXT_CAP) -> None:  # noqa: ANN401
    """Raise unless `value` is a text that can be kept and shown."""
    refuse(not isinstance(value, str), "wrong_type", path)
    refuse(len(value) > cap, "too_long", path)
    # A lone surrogate cannot be written to disk, NUL cannot be shown anywhere.
    refuse(any("\ud800" <= char <= "\udfff" or char == "\0" for char in value), "bad_text", path)
    refuse(not unicodedata.is_normalized("NFC", value), "bad_text", path)


def check_texts(path: Path, value: Any) -> None:  # noqa: ANN401
    """Raise unless `value` is a list of such texts."""
    refuse(not isinstance(value, list), "wrong_type", path)
    refuse(len(value) > LIST_CAP, "too_many", path)
    for text in value:
        check_text(path, text)


def texts_schema() -> dict[str, Any]:
    """Return the JSON Schema of a list of texts."""
    items = {"type": "string", "maxLength": TEXT_CAP}
    return {"type": "array", "maxItems": LIST_CAP, "items": items}


def texts_problem(value: Any) -> str | None:  # noqa: ANN401
    """Return why an example is no list of texts, or None."""
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        return "expected a list of texts"
    return None


def ordered(cursor: Cursor, low: str, high: str, least: int, most: int) -> tuple[Any, Any]:
    """Return two whole numbers, and complain where the first is the larger one."""
    first = cursor.number(low, least=least, most=most)
    second = cursor.number(high, least=least, most=most)
    if first is not None and second is not None and first > second:
        cursor.complain(high, f"is smaller than `{low}`")
    return first, second


def size_limits(size: int, low: int | None, high: int | None) -> Iterator[Limit]:
    """Yield that there are too few or too many entries."""
    if low is not None and size < low:
        yield Limit("min_items", "missing", {"min": low})
    if high is not None and size > high:
        yield Limit("max_items", "problem", {"max": high})


def count_column(field: Field, label: str) -> TidyColumn:
    """Return the tidy column that says how many entries there are."""
    name = field.id
    return TidyColumn(
        f"{name}_count",
        "Int64",
        field,
        label,
        lambda row: len(row[name]) if name in row else None,
    )


def maybe(text: str | None, translate: Translate) -> str | None:
    """Return a text through `translate`, or None."""
    return None if text is None else translate(text)
