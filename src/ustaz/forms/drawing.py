"""Draw a workbook as a form: sections, guidance and fields, filled in.

The elements and their order are those of the page's script (``page/app.tsx`` and ``form/``), which
takes them over; what only the form without a script needs stands in elements that the script drops.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from ustaz.forms.prose import prose
from ustaz.forms.reading import Reader, aliases
from ustaz.messages import N_, long_date, number_text, translator
from ustaz.messages import format as fill_in
from ustaz.workbook import Definition, Evaluation, Finding
from ustaz.workbook.conditions import required_json, visible_json
from ustaz.workbook.finding_text import finding_text
from ustaz.workbook.kinds import ABSENT, REGISTRY
from ustaz.workbook.kinds.form import (
    NEEDED,
    NEEDED_TO_SUBMIT,
    OPTIONAL,
    Place,
    attributes,
    help_line,
)
from ustaz.workbook.serialize import localized

Json = Mapping[str, Any]
#: What only says that nothing is there yet; ``model/visible-findings.ts`` has the same.
EMPTY: Final = frozenset({"required", "reference_empty", "at_least", "covers_all", "covers_any"})


@dataclass(frozen=True, slots=True)
class Part:
    """One workbook that the form shows, whole or a section of it.

    Attributes
    ----------
    definition : Definition
    answers : mapping
    writing : str
        The language in which they are written.
    evaluation : Evaluation or None
        Where it is to be filled in here.
    """

    definition: Definition
    answers: Json
    writing: str
    evaluation: Evaluation | None = None


@dataclass(frozen=True, slots=True)
class Marks:
    """What else stands beside answers.

    Attributes
    ----------
    confirmed : mapping
        By field: a line as HTML about who confirmed it.
    entered : mapping
        By workbook and place (``focus``, ``steps/row1/action``): a line as plain text about who
        typed it in.
    closed : collection of str
        Fields of the own workbook that whoever types in for its owner may not see.
    spare : mapping
        By a list's name: how many empty entries somebody asked for.
    advice : bool
        Whether what would help is sentences: after the form was posted.
    read : mapping
        By section of the own workbook: titles and addresses of what the book says of it.
    chip : bool
        Whether somebody types in for the owner: the line is a word in the label.
    beside : mapping
        By workbook and field: HTML that others wrote beside the answer, for a script of its own.
    """

    confirmed: Mapping[str, str] = field(default_factory=dict)
    entered: Mapping[tuple[str, str], str] = field(default_factory=dict)
    closed: Collection[str] = ()
    spare: Mapping[str, int] = field(default_factory=dict)
    advice: bool = False
    read: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    chip: bool = False
    beside: Mapping[tuple[str, str], str] = field(default_factory=dict)


def draw(
    parts: Mapping[str, Part],
    workbook: str,
    lang: str,
    address: Callable[[str, str], str],
    marks: Marks | None = None,
    opening: str = "",
) -> list[str]:
    """Return the sections of a workbook as HTML.

    Parameters
    ----------
    parts : mapping
        Workbooks by id: the own one, and those that it refers to.
    workbook : str
    lang : str
        The reader's language.
    address : callable
        Gives the address of another workbook's page, at a field of it.
    marks : Marks, optional
    opening : str
        HTML that a section opens with which asks for it (``opens_with``).

    Returns
    -------
    list of str
        One for each section, in order.
    """
    page = _Document(parts, workbook, lang, address, marks or Marks(), opening)
    return page.sections()


@dataclass(frozen=True)
class _Document:
    """A form being drawn; kinds see a part of it (:class:`_Form`)."""

    parts: Mapping[str, Part]
    workbook: str
    lang: str
    address: Callable[[str, str], str]
    marks: Marks
    opening: str

    def sections(self) -> list[str]:
        compiled = localized(self.parts[self.workbook].definition, self.lang)
        return [self._section(part, at) for at, part in enumerate(compiled["sections"], 1)]

    def _section(self, section: Json, number: int) -> str:
        form = _Form(self, self.workbook)
        id = f"uz-{self.workbook}-section-{section['id']}"
        facts = [
            form.ngettext("about {count} minute", "about {count} minutes", section["minutes"])
            if section.get("minutes")
            else "",
            self._counted(form, str(section["id"])),
        ]
        opening = (
            f'<div class="uz-opening" id="{id}-opening" data-kept>{self.opening}</div>'
            if section.get("opens_with")
            else ""
        )
        guidance = prose(section["guidance"]) if section.get("guidance") else ""
        example = self._example(form, section, "example") + self._example(
            form, section, "weak_example"
        )
        body = (
            self._embedded(form, str(section["embed"]))
            if section.get("embed")
            else self._fields(form, section)
        )
        return (
            f'<section class="uz-section" id="{id}" aria-labelledby="{id}-title">'
            f'<header class="uz-section-head"><h2 id="{id}-title" tabindex="-1">'
            f"{number}. {html.escape(section['title'])}</h2>"
            f'<p class="uz-meta">{" · ".join(fact for fact in facts if fact)}</p></header>'
            f"{opening}{guidance}{self._read(form, section, id)}{example}{body}"
            f"{self._poster(form, section)}</section>"
        )

    def _read(self, form: _Form, section: Json, id: str) -> str:
        """Lead to the step of the book to which a section belongs."""
        links = [
            f'<a class="uz-link" href="{html.escape(url)}">{html.escape(title)}</a>'
            for title, url in self.marks.read.get(str(section["id"]), ())
        ]
        if not links:
            return ""
        words = form.t(N_("More about this in the book:"))
        return f'<p class="uz-read" id="{id}-book" data-kept>{words} {", ".join(links)}</p>'

    def _poster(self, form: _Form, section: Json) -> str:
        if not section.get("poster") or self.marks.chip:
            return ""
        url = html.escape(f"{self.address(self.workbook, '')}/poster")
        return f'<p><a class="uz-link" href="{url}">{form.t(N_("See the poster"))}</a></p>'

    def _counted(self, form: _Form, section: str) -> str:
        evaluation = self.parts[self.workbook].evaluation
        counts = {part.id: part for part in evaluation.sections} if evaluation else {}
        part = counts.get(section)
        if part is None or part.of == 0:
            return ""
        return form.t(N_("{answered} of {of} answered"), answered=part.answered, of=part.of)

    def _fields(self, form: _Form, section: Json) -> str:
        place = Place(self.workbook, form.workbook, ())
        answers = self.parts[form.workbook].answers
        return "".join(
            form.field(json, answers, place.inner(str(json["id"])))
            + self.marks.beside.get((form.workbook, str(json["id"])), "")
            for json in section.get("fields") or ()
        )

    def _embedded(self, form: _Form, target: str) -> str:
        workbook, _, name = target.partition("/")
        if workbook not in self.parts:
            return f'<p class="uz-none">{form.t(N_("This part is not available here."))}</p>'
        compiled = localized(self.parts[workbook].definition, self.lang)
        section = next(part for part in compiled["sections"] if part["id"] == name)
        guidance = prose(section["guidance"]) if section.get("guidance") else ""
        fields = self._fields(_Form(self, workbook), section)
        return f'<div class="uz-embedded">{guidance}{fields}</div>'

    def _example(self, form: _Form, section: Json, key: str) -> str:
        example, weak = section.get(key), key == "weak_example"
        if not example:
            return ""
        answers = example["answers"]
        reader = Reader(self.lang, aliases=aliases(answers))
        shown = [
            (json, answers[json["id"]])
            for json in section.get("fields") or ()
            if answers.get(json["id"]) not in (None, "", [], {})
        ]
        rows = "".join(
            f"<div><dt>{html.escape(json['label'])}</dt>"
            f"<dd>{REGISTRY[json['kind']].reading(reader, json, value)}</dd></div>"
            for json, value in shown
        )
        who = " ".join(text for text in (example["person"], example["situation"]) if text)
        about = f'<p class="uz-meta">{html.escape(who)}</p>' if who else ""
        reason = form.t(N_("Why it is weak:") if weak else N_("Why it is good:"))
        why = (
            f"<p><strong>{reason}</strong> {html.escape(example['why'])}</p>"
            if example["why"]
            else ""
        )
        summary = form.t(
            N_("What a weak one looks like") if weak else N_("What a good one looks like")
        )
        return (
            f'<details class="uz-example" data-redraw><summary>{summary}</summary>{about}'
            f"<dl>{rows}</dl>{why}</details>"
        )


@dataclass(frozen=True)
class _Form:
    """What kinds ask for (:class:`ustaz.workbook.kinds.form.Form`), for one workbook of a page."""

    document: _Document
    workbook: str

    @property
    def lang(self) -> str:
        return self.document.lang

    @property
    def _part(self) -> Part:
        return self.document.parts[self.workbook]

    @property
    def writing(self) -> str:
        return self._part.writing

    def t(self, message: str, **params: object) -> str:
        return self._filled(translator(self.lang).gettext(message), params)

    def ngettext(self, singular: str, plural: str, count: int, **params: object) -> str:
        message = translator(self.lang).ngettext(singular, plural, count)
        return self._filled(message, {"count": count, **params})

    def _filled(self, message: str, params: Mapping[str, object]) -> str:
        words = {
            name: number_text(value, self.lang) if isinstance(value, int | float) else value
            for name, value in params.items()
        }
        return html.escape(fill_in(message, **words))

    def need(self, json: Json, holder: Json) -> str:
        level = required_json(json, holder)
        if level is None and json.get("by"):
            return ""
        words = {"ready": NEEDED, "submitted": NEEDED_TO_SUBMIT}.get(level or "", OPTIONAL)
        return f'<span class="uz-need">{self.t(words)}</span>'

    @cached_property
    def _advice(self) -> dict[tuple[str, ...], list[str]]:
        part, sentences = self._part, dict[tuple[str, ...], list[str]]()
        if part.evaluation is None or not self.document.marks.advice:
            return sentences
        for finding in part.evaluation.findings:
            if finding.rule in EMPTY:
                continue
            path = [finding.field, finding.row, finding.column]
            at = tuple(step for step in path if step)
            sentences.setdefault(at, []).append(self._sentence(finding))
        return sentences

    def _sentence(self, finding: Finding) -> str:
        return finding_text(
            finding,
            self._part.definition,
            translator(self.lang),
            day=lambda day: long_date(day, self.lang),
            number=lambda value: number_text(value, self.lang),
        )

    def prompts(self, place: Place) -> list[str]:
        evaluation = self._part.evaluation
        return [
            html.escape(self._sentence(finding))
            for finding in (evaluation.findings if evaluation else ())
            if finding.field == place.path[0] and finding.row is None and finding.kind == "advice"
        ]

    def advice(self, place: Place) -> str:
        lines = self._advice.get(place.path, ())
        inside = "".join(f"<p>{html.escape(line)}</p>" for line in lines)
        return f'<div class="uz-advice" id="{place.id}-advice" aria-live="polite">{inside}</div>'

    def field(self, json: Json, holder: Json, place: Place) -> str:
        if not visible_json(json, holder):
            return ""
        kind = REGISTRY[json["kind"]]
        if self.closed(place):
            words = N_("Private: only the person whose workbook it is sees this and writes it.")
            return (
                f'<div class="uz-field uz-field--read" id="{place.id}" tabindex="-1">'
                f'<p class="uz-label">{html.escape(json["label"])}</p>'
                f'<p class="uz-value uz-none">{self.t(words)}</p></div>'
            )
        whole = kind.whole(self, json, holder, place)
        if whole is not None:
            return whole
        return self._labelled(json, holder, place)

    def closed(self, place: Place) -> bool:
        return ".".join((place.path[0], *place.path[2:])) in self.document.marks.closed

    def _labelled(self, json: Json, holder: Json, place: Place) -> str:
        kind, id = REGISTRY[json["kind"]], place.id
        mark = self.entered(place, f"{id}-entered") if not self.document.marks.chip else ""
        described = [
            f"{id}-help" if json.get("help") else "",
            f"{id}-entered" if mark else "",
            f"{id}-count" if kind.counted(json) else "",
            f"{id}-advice",
        ]
        by = " ".join(part for part in described if part)
        value = holder.get(json["id"], ABSENT)
        control = kind.control(self, json, value, place, by)
        chip = ""
        if self.document.marks.chip and self.entered(place):
            words = self.t(N_("typed in, marked"))
            chip = f' <span class="uz-entered-chip">{words}</span>'
        label = f"{html.escape(json['label'])} {self.need(json, holder)}{chip}"
        help_ = help_line(json.get("help"), f"{id}-help")
        anew = attributes(data_redraw=kind.redrawn)
        inside = f"{help_}{mark}{control}{self.advice(place)}"
        if kind.single:
            return (
                f'<div class="uz-field"><label class="uz-label" for="{id}" id="{id}-label">'
                f"{label}</label>{inside}</div>"
            )
        return (
            f'<fieldset class="uz-field" id="{id}" aria-describedby="{by}"{anew}>'
            f'<legend class="uz-label" id="{id}-label">{label}</legend>{inside}</fieldset>'
        )

    def entered(self, place: Place, id: str = "") -> str:
        line = self.document.marks.entered.get((place.workbook, "/".join(place.path)))
        if not line:
            return ""
        own = f' id="{id}"' if id else ""
        return (
            f'<p class="uz-entered"{own}><span aria-hidden="true">✎ </span>{html.escape(line)}</p>'
        )

    def spare(self, place: Place) -> int:
        return self.document.marks.spare.get(place.name, 0)

    def linked_rows(self, target: str) -> Sequence[Json] | None:
        workbook, _, table = target.partition("/")
        part = self.document.parts.get(workbook)
        return None if part is None else part.answers.get(table) or []

    def reading(self, target: str) -> str:
        workbook, _, name = target.partition("/")
        part = self.document.parts.get(workbook)
        if part is None or part.answers.get(name) in (None, "", []):
            return ""
        linked = {key: other.answers for key, other in self.document.parts.items()}
        reader = Reader(self.lang, linked, part.writing)
        for section in localized(part.definition, self.lang)["sections"]:
            for json in section.get("fields") or ():
                if json["id"] == name:
                    return REGISTRY[json["kind"]].reading(reader, json, part.answers[name])
        return ""

    def way(self, target: str) -> tuple[str, str]:
        workbook, _, name = target.partition("/")
        part = self.document.parts.get(workbook)
        title = localized(part.definition, self.lang)["title"] if part else workbook
        return self.document.address(workbook, name), str(title)

    def confirmed(self, json: Json) -> str:
        return self.document.marks.confirmed.get(str(json["id"]), "")
