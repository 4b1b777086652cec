"""One field of a workbook as a widget by itself: what its value may be, and what its page is told.

Answers of a course stay out of traits (decision 5): there the server keeps them. Here is no course
and no server, and whoever opens the notebook keeps the value, as with every other ipywidget.
"""

from __future__ import annotations

import datetime as dt
import json
import reprlib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Final

import anywidget
import traitlets
import ustaz_widgets
from ipywidgets import ValueWidget
from ustaz_widgets.arguments import parameters, refuse_unknown, with_parameters
from ustaz_widgets.fallback import Bundle, Sheet, with_fallback

from ustaz.base.ids import FIELD_ID
from ustaz.base.shipped import shipped
from ustaz.messages import LANGUAGES, N_, frontend, translator
from ustaz.standalone.plain import plain
from ustaz.standalone.refusals import MOST_BYTES, Refusal, refusal
from ustaz.workbook import Definition, Section, ValueProblem, definition_json, load
from ustaz.workbook.kinds import kind_of
from ustaz.workbook.kinds.base import Side
from ustaz.workbook.model import Field, Option, Rule, Translate

STATIC: Final = Path(ustaz_widgets.__file__).resolve().parent / "static"
NOTHING: Final = N_("Nothing here yet.")
#: What every one takes by name.
COMMON: Final = ("language", "read_only", "description", "layout")
#: What a page may set; the rest of the state is Python's alone.
FROM_THE_PAGE: Final = frozenset({"value", "language", "read_only", "description", "shown"})


def bundle(name: str) -> str:
    """Return a file of the built front end; where it was not built, a widget that shows nothing."""
    path = STATIC / name
    if path.is_file():
        return path.read_text(encoding="utf-8")
    return "" if name.endswith(".css") else "export default { render() {} };"


@cache
def shipped_field(workbook: str, field: str) -> Field:
    """Return a field of a workbook that comes with Ustaz, translated as that is."""
    return load(shipped("workbooks") / workbook / "workbook.yml").field(field)


@cache
def shipped_rule(workbook: str, rule: str) -> Rule:
    """Return a rule of a workbook that comes with Ustaz."""
    rules = load(shipped("workbooks") / workbook / "workbook.yml").rules
    return next(candidate for candidate in rules if candidate.id == rule)


def options_of(name: str, source: object, *, most: int, least: int = 1) -> tuple[Option, ...]:
    """Return a list of things to choose from.

    Parameters
    ----------
    name : str
        The argument that it came in.
    source : mapping or sequence
        ``{"trust": "Trust", …}``, or ``[{"id": "trust", "label": "Trust", "help": "…"}, …]``.
    most, least : int

    Raises
    ------
    TraitError
    """
    data = plain(source)
    if isinstance(data, Mapping):
        data = [{"id": id, "label": label} for id, label in data.items()]
    if not isinstance(data, list) or not all(isinstance(entry, Mapping) for entry in data):
        raise traitlets.TraitError(f"{name}: expected {{id: label}}, or a list of dictionaries")
    if not least <= len(data) <= most:
        raise traitlets.TraitError(f"{name}: expected from {least} to {most}, not {len(data)}")
    options: list[Option] = []
    for number, entry in enumerate(data, 1):
        id, label, help = entry.get("id"), entry.get("label"), entry.get("help")
        place = f"{name}, number {number}"
        if not isinstance(id, str) or not FIELD_ID.match(id):
            raise traitlets.TraitError(f"{place}, id: small letters, digits and _, 32 at most")
        if any(option.id == id for option in options):
            raise traitlets.TraitError(f"{place}, id: the same twice")
        texts = ((label, "label"), *(((help, "help"),) if help is not None else ()))
        for text, key in texts:
            if not isinstance(text, str) or not text.strip() or len(text) > 400 or "\0" in text:
                raise traitlets.TraitError(f"{place}, {key}: expected a text of up to 400 letters")
        options.append(Option(id, label, help))
    return tuple(options)


def day_of(name: str, day: object) -> dt.date | None:
    """Return the day that an argument names, or None where it names none."""
    written = plain(day)
    if written is None:
        return None
    try:
        return dt.date.fromisoformat(written)
    except (TypeError, ValueError):
        raise traitlets.TraitError(f"{name}: expected a day, written as 2026-11-30") from None


def in_order(start: dt.date | None, end: dt.date | None) -> None:
    """Raise `TraitError` where a time ends before it begins."""
    if start and end and end < start:
        raise traitlets.TraitError("end: expected a day after the start")


class PlainValue(traitlets.TraitType[Any, Any]):
    """A trait that holds plain data; what does not fit the widget is refused whole."""

    info_text = "plain data that fits the widget"

    def validate(self, obj: Any, value: Any) -> Any:  # noqa: ANN401
        """Return what is kept for `value`."""
        return obj.checked(value)


class FieldWidget(anywidget.AnyWidget, ValueWidget):  # type: ignore[misc]
    """What the widgets that stand alone have in common.

    Attributes
    ----------
    value : list or dict
        Plain data as JSON has it. It can be set, observed and linked; setting what does not fit
        raises `TraitError` and leaves the former value. Change it by setting another one: a change
        inside of it goes unnoticed.
    language : str
        ``en``, ``kk`` or ``ru``.
    read_only : bool
        Show the value, with nothing to write in.
    description : str
        The title over it; empty for the usual one.
    """

    FILE: ClassVar[str]

    value = PlainValue().tag(sync=True)
    language = traitlets.Enum(LANGUAGES, "en").tag(sync=True)
    read_only = traitlets.Bool(False).tag(sync=True)
    description = traitlets.Unicode("").tag(sync=True)
    page: traitlets.Dict[str, Any] = traitlets.Dict(read_only=True).tag(sync=True)

    def __init__(
        self,
        field: Field,
        value: object,
        /,
        *,
        rules: Sequence[Rule] = (),
        context: Mapping[str, Any] | None = None,
        today: object = None,
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        if "value" in kwargs:
            first = parameters(type(self))[0]
            raise TypeError(f"{type(self).__name__} takes its value as {first!r}, the first one")
        refuse_unknown(type(self), kwargs)
        day = day_of("today", today) or dt.date.today()  # noqa: DTZ011 - the reader's own day
        self._field = field
        self._today = day
        self._context = {"today": day.isoformat(), **(context or {})}
        self._definition = Definition(
            id=self.FILE,
            code="",
            version="1.0.0",
            title=field.label,
            summary="",
            minutes=0,
            sections=(Section(self.FILE, field.label, 0, 0, "", fields=(field,)),),
            rules=tuple(rules),
        )
        super().__init__(value=value, **kwargs)
        self._tell()
        self.observe(self._tell, ["language", "description"])

    def __init_subclass__(cls, **kwargs: Any) -> None:  # noqa: ANN401
        """Take the part of the front end that shows the widget."""
        if "FILE" in cls.__dict__:
            cls._esm = bundle(f"{cls.FILE}.mjs")
            cls._css = bundle(f"{cls.FILE}.css")
        super().__init_subclass__(**kwargs)
        cls.__signature__ = with_parameters(cls, COMMON)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({reprlib.repr(self.value)})"

    # -- values -----------------------------------------------------------------------------------
    def read(self, value: object) -> Any:  # noqa: ANN401
        """Return `value` as plain data; its content is not looked at."""
        raise NotImplementedError

    def refuse(self, problem: ValueProblem, value: Any) -> Refusal:  # noqa: ANN401
        """Return why a value is refused."""
        return refusal(problem, self._field, value)

    def check(self, value: Any) -> None:  # noqa: ANN401
        """Raise :class:`ValueProblem` where the kind of the field does not take `value`."""
        kind_of(self._field).check(self._field, [self._field.id], value)

    def checked(self, value: object) -> Any:  # noqa: ANN401
        """Return what is kept for `value`.

        Raises
        ------
        TraitError
            With the field, the row and the column that do not fit. Nothing is changed then.
        """
        data = self.read(value)
        try:
            self.check(data)
        except ValueProblem as problem:
            raise self.refuse(problem, data) from None
        if len(json.dumps(data, ensure_ascii=False).encode()) > MOST_BYTES:
            raise Refusal("too_large", self._field.id, size=MOST_BYTES // 1024)
        return data

    def set_state(self, sync_data: Mapping[str, Any]) -> None:
        """Take what the page says, by the rules that hold for Python: all of it, or nothing.

        What is refused stays on the page, where somebody typed it, with the reason beside it.
        """
        ours = set(self.trait_names()) - set(anywidget.AnyWidget.class_trait_names())
        fits = {
            name: state
            for name, state in sync_data.items()
            if name in FROM_THE_PAGE or name not in ours
        }
        try:
            for name, trait in self.traits().items():
                if name in FROM_THE_PAGE & fits.keys():
                    trait.validate(self, fits[name])
        except Refusal as refused:
            self.send({"event": "refused", "message": refused.sentence(self.language)})
            return
        except traitlets.TraitError:
            return
        super().set_state(fits)
        self.send({"event": "taken"})

    # -- what the page is told --------------------------------------------------------------------
    def _translate(self, text: str) -> str:
        return translator(self.language).gettext(text) if text else ""

    def _tell(self, _change: object = None) -> None:
        self.set_trait("page", self.page_data())

    def page_data(self) -> dict[str, Any]:
        """Return the definition, our own words and the surroundings, in the language."""
        translate: Translate = self._translate
        definition = definition_json(self._definition, translate)
        (field,) = definition["sections"][0]["fields"]
        if self.description:
            field["label"] = self.description
        return {
            "definition": definition,
            "messages": frontend(self.language),
            "context": self._context,
        }

    # -- what readers without widgets see ----------------------------------------------------------
    @property
    def sheet(self) -> Sheet:
        """The value as a table of texts, for readers without widgets."""
        head, rows = self.sheet_rows(Side(self.language, {}))
        return Sheet(
            self.description or self._translate(self._field.label),
            head,
            rows,
            empty=self._translate(NOTHING),
            lang=self.language,
        )

    def sheet_rows(self, side: Side) -> tuple[list[str], list[list[str]]]:
        """Return the heads of the columns, and the rows; of a table, those that hold anything."""
        columns = [
            (column, kind_of(column), localized)
            for column, localized in zip(
                self._field.columns,
                self.page["definition"]["sections"][0]["fields"][0]["columns"],
                strict=True,
            )
            if any(column.id in row for row in self.value)
        ]
        rows = [
            [kind.in_words(side, localized, row) for _, kind, localized in columns]
            for row in self.value
        ]
        return [localized["label"] for _, _, localized in columns], rows

    def _repr_mimebundle_(self, **kwargs: Any) -> Bundle:  # noqa: ANN401
        """Add the value as a table, escaped, for readers that show no widgets."""
        sheet = self.sheet
        return with_fallback(super()._repr_mimebundle_(**kwargs), sheet.html, sheet.text)
