"""A workbook as a plain HTML form: what kinds of fields ask for when they draw their control.

The page's script draws the same elements in the same order and takes them over, the one typed in
included; where no script runs, the form is posted. What a control posts is read back by
:meth:`ustaz.workbook.kinds.base.Kind.posted`.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from ustaz.messages import N_
from ustaz.workbook.graphemes import graphemes

FORM_ID: Final = "uz-form"
#: Added to the name of a control that has several parts, in the sign after them.
END: Final = "/end"
#: More than this does not fit into one line of a phone, whatever the letters.
ONE_LINE: Final = 60

NEEDED: Final = N_("needed")
NEEDED_TO_SUBMIT: Final = N_("needed to submit")
OPTIONAL: Final = N_("optional")
CHOOSE: Final = N_("Choose…")
CLEAR: Final = N_("Clear this answer")
ONLY_WITH_SCRIPT: Final = N_(
    "This question opens when the page has loaded completely. If it does not, write the answer "
    "down and tell your facilitator."
)

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a control stands: the page, the workbook it writes to, and the path in its answers."""

    page: str
    workbook: str
    path: tuple[str, ...]

    @property
    def id(self) -> str:
        """Return the element's id, as the script builds it."""
        own = () if self.page == self.workbook else (self.workbook,)
        return "-".join(("uz", self.page, *own, *self.path))

    @property
    def name(self) -> str:
        """Return the name under which the control posts."""
        return "/".join((self.workbook, *self.path))

    def inner(self, *path: str) -> Place:
        """Return a place below this one."""
        return Place(self.page, self.workbook, (*self.path, *path))


class Form(Protocol):
    """What a kind asks of the form that is being drawn; every text comes escaped."""

    @property
    def lang(self) -> str:
        """Return the reader's language."""

    @property
    def writing(self) -> str:
        """Return the language in which the person writes."""

    def t(self, message: str, **params: object) -> str:
        """Return one of our texts, filled in."""

    def ngettext(self, singular: str, plural: str, count: int, **params: object) -> str:
        """Return the form of a text that fits `count`."""

    def need(self, json: Json, holder: Json) -> str:
        """Return whether an answer is needed, in words."""

    def advice(self, place: Place) -> str:
        """Return what would help at a place, inside the element that announces it."""

    def closed(self, place: Place) -> bool:
        """Tell whether whoever writes here may not see what stands at a place."""

    def prompts(self, place: Place) -> Sequence[str]:
        """Return thoughts about a table as a whole and about its rows."""

    def field(self, json: Json, holder: Json, place: Place) -> str:
        """Return a field with its label, its control and its advice."""

    def spare(self, place: Place) -> int:
        """Return how many empty entries somebody asked for."""

    def linked_rows(self, target: str) -> Sequence[Json] | None:
        """Return the rows of ``workbook/table``; None where that workbook is not at hand."""

    def reading(self, target: str) -> str:
        """Return the answer at ``workbook/field``, to read; nothing where there is none."""

    def way(self, target: str) -> tuple[str, str]:
        """Return the address of ``workbook/field``, and the name of that workbook."""

    def confirmed(self, json: Json) -> str:
        """Return who confirmed something, and when; nothing where nobody has."""

    def entered(self, place: Place, id: str = ...) -> str:
        """Return that somebody else typed this in, where they did."""


def attributes(**values: object) -> str:
    """Return attributes; those that are None or False are left out."""
    parts = []
    for name, value in values.items():
        if value is None or value is False:
            continue
        key = name.rstrip("_").replace("_", "-")
        parts.append(f" {key}" if value is True else f' {key}="{html.escape(str(value))}"')
    return "".join(parts)


def posting(name: str, **values: object) -> str:
    """Return the attributes of a control of the form."""
    return attributes(name=name, form=FORM_ID, **values)


def ending(name: str) -> str:
    """Return the sign that all of a group was on the page, though nothing in it may be chosen.

    It stands after the group: of a page that broke off, nothing is cleared.
    """
    return f'<input type="hidden"{posting(name + END, value="1")}>'


def press(words: str, action: str, class_: str = "uz-button", **values: object) -> str:
    """Return a button that posts the form with an action; `words` are escaped already."""
    button = posting("do", value=action, class_=class_, **values)
    return f'<button type="submit"{button}>{words}</button>'


def tool(words: str, sign: str, action: str, *, off: bool = False) -> str:
    """Return a small button with a sign; `words` are escaped already."""
    state = "true" if off else "false"
    return (
        f'<button type="submit"{posting("do", value=action, class_="uz-tool")} title="{words}"'
        f' aria-disabled="{state}"><span aria-hidden="true">{sign}</span></button>'
    )


def help_line(text: str | None, id: str = "") -> str:
    """Return the help of a field or of a choice; nothing where there is none."""
    own = attributes(id=id or None)
    return f'<p class="uz-help"{own}>{html.escape(text)}</p>' if text else ""


def most_line(form: Form, most: int) -> str:
    """Return that no more fits, in the place of the button that adds."""
    words = form.ngettext("{count} is the most that fits.", "{count} are the most that fit.", most)
    return f'<p class="uz-help">{words}</p>'


def group(
    json: Json,
    place: Place,
    class_: str,
    need: str,
    inside: str,
    *,
    label: str = "p",
    redrawn: bool = False,
) -> str:
    """Return a field that is drawn as a whole: its label and help, and what stands in it."""
    frame = attributes(
        class_=f"uz-field {class_}",
        id=place.id,
        role="group",
        aria_labelledby=f"{place.id}-label",
        tabindex="-1",
        data_redraw=redrawn,
    )
    words = html.escape(str(json["label"]))
    return (
        f'<div{frame}><{label} class="uz-label" id="{place.id}-label">{words}{need}</{label}>'
        f"{help_line(json.get('help'))}{inside}</div>"
    )


def text_control(
    form: Form,
    name: str,
    text: str,
    *,
    id: str,
    long: bool = False,
    grows: bool = False,
    rows: int = 3,
    describedby: str | None = None,
    label: str | None = None,
    placeholder: str | None = None,
) -> str:
    """Return a control for a text, of one line or of several."""
    line = grows and not long
    common = posting(
        name,
        id=id,
        lang=form.writing,
        dir="auto",
        class_="uz-input uz-input--line" if line else "uz-input",
        aria_describedby=describedby,
        placeholder=placeholder,
        spellcheck="true",
    )
    if label is not None:
        common += f' aria-label="{label}"'
    if long or line:
        # A browser drops the first line break of a text area.
        return f'<textarea{common} rows="{1 if line else rows}">\n{html.escape(text)}</textarea>'
    return f'<input type="text"{common} autocomplete="off" value="{html.escape(text)}">'


def grows(json: Json) -> bool:
    """Tell whether a text is longer than a line of a phone."""
    return (json.get("max") or 0) > ONE_LINE


def count_line(form: Form, id: str, json: Json, text: str) -> str:
    """Return how long a text is, where its length matters."""
    low, high = json.get("min") or 0, json.get("max") or 0
    if not low and not high:
        return ""
    return f'<p class="uz-count" id="{id}">{_count_words(form, graphemes(text), low, high)}</p>'


def _count_words(form: Form, count: int, low: int, high: int) -> str:
    if high and count > high:
        return form.ngettext(
            "{total} characters: {count} more than fits",
            "{total} characters: {count} more than fit",
            count - high,
            total=count,
        )
    if count < low:
        if high:
            return form.t(
                N_("{count} characters; from {min} to {max} is a good length"),
                count=count,
                min=low,
                max=high,
            )
        return form.t(
            N_("{count} characters; {min} or more is a good length"), count=count, min=low
        )
    if not high:
        return form.ngettext("{count} character", "{count} characters", count)
    return form.t(N_("{count} of {max} characters"), count=count, max=high)


def option_row(
    place: Place, kind: str, option: str, label: str, *, checked: bool, help: str | None = None
) -> str:
    """Return one choice of a group; `label` is escaped already."""
    id = f"{place.id}-{option}"
    described = f"{id}-help" if help else None
    box = posting(place.name, id=id, value=option, checked=checked, aria_describedby=described)
    note = help_line(help, f"{id}-help")
    return (
        f'<div class="uz-option"><input type="{kind}"{box}>'
        f'<label for="{id}"><bdi>{label}</bdi></label>{note}</div>'
    )


def select_options(form: Form, json: Json, value: object) -> str:
    """Return the options of a list that opens."""
    options = "".join(
        f'<option value="{option["id"]}"{" selected" if option["id"] == value else ""}>'
        f"{html.escape(option['label'])}</option>"
        for option in json["options"]
    )
    return f'<option value="">{form.t(CHOOSE)}</option>{options}'


def clear_button(form: Form, place: Place) -> str:
    """Return the button that takes an answer back."""
    return press(form.t(CLEAR), f"clear:{place.name}", "uz-link")
