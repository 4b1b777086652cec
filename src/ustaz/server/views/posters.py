"""A poster of A4: what a section of a workbook says of a project, large enough for two metres.

Which fields it is made of, the workbook says (``poster``). It is in the language in which its
writer writes.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ustaz.base.evidence import PICTURES, TO_BE_BLURRED
from ustaz.server.access import Sight
from ustaz.server.http import HTTPProblem
from ustaz.server.site import API, Site
from ustaz.server.views.homes import year
from ustaz.server.views.records import Record, read_by
from ustaz.server.views.serialize import public
from ustaz.shares import Share
from ustaz.workbook.model import Poster, Section
from ustaz.workbook.serialize import localized
from ustaz.workbook.sharing import linked_parts

#: Sizes of letters, the largest first; ``poster.css`` has one rule for each.
SIZES: Final = (1.6, 1.4, 1.25, 1.1, 1.0, 0.88, 0.77, 0.67, 0.58, 0.5)
#: Smaller than this nobody reads it from two metres.
READABLE: Final = 0.77
#: Hundredths of the sheet's width: what is between its edges, and how high a picture is at least.
INNER: Final = (89.0, 129.0)
PICTURE: Final = 24.0
#: Height of letters of each part, and how wide one is on average; bold ones are wider.
TITLE: Final = (7.4, 0.61)
UNDER: Final = (3.4, 0.57)
BODY: Final = (3.9, 0.57)
QUESTION: Final = (5.2, 0.61)
LABEL: Final = 2.7


@dataclass(frozen=True, slots=True)
class Part:
    """A heading and a text in its writer's words; empty where it is still missing."""

    label: str
    text: str
    field: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A poster.

    Attributes
    ----------
    lang : str
        In which it is written.
    name, school : str
        Whose it is.
    title, under : Part
    parts : list of Part
    question : Part
    picture, caption : str
        Address of a picture, empty without one; what its owner says of it.
    missing : list of tuple
        Label, and address where it is written.
    size : int
        Which of :data:`SIZES`, from 1.
    url : str
        Its own address.
    """

    lang: str
    name: str
    school: str
    title: Part
    under: Part
    parts: list[Part]
    question: Part
    picture: str
    caption: str
    missing: list[tuple[str, str]]
    size: int
    url: str

    @property
    def too_long(self) -> bool:
        """Tell whether the letters are too small for two metres."""
        return SIZES[self.size - 1] < READABLE


@dataclass(frozen=True, slots=True)
class PosterLink:
    """A line that leads to a poster; its title is empty as long as nothing is written."""

    url: str
    title: str


def section_of(about: Record) -> tuple[Section, Poster] | None:
    """Return the section that a poster is made of, where a workbook has one."""
    for section in about.definition.sections:
        if section.poster is not None:
            return section, section.poster
    return None


def is_shown(about: Record) -> bool:
    """Tell whether a share shows the poster, or a part of it, to who reads."""
    making = section_of(about)
    places = about.places(about.workbook)
    return making is not None and any(field.id in places for field in making[0].fields)


def shown_poster(site: Site, share: Share) -> str:
    """Return the address of the poster that a share shows; empty where it shows none."""
    if share.workbook not in site.course.library.ids:
        return ""
    about = read_by(site, Sight("outside", (share,)), share.owner, share.workbook)
    return address(about) if is_shown(about) else ""


def sheet(about: Record) -> Sheet:
    """Return a poster, projected to its reader; refuse a workbook that makes none."""
    making = section_of(about)
    if making is None:
        raise HTTPProblem(404, "no_page")
    section, poster = making
    course, person = about.course, about.course.person(about.person)
    shown = public(about, about.document, about.definition)
    lang = shown["lang"]
    answers = {
        about.workbook: shown["answers"],
        **{
            name: public(about, document, course.library[name])["answers"]
            for name, document in about.linked.items()
        },
    }
    lent = linked_parts(
        about.definition,
        about.places(about.workbook),
        {name: document.answers for name, document in about.linked.items()},
    )
    for name, part in lent.items():
        answers[name] = {**answers[name], **part}
    compiled = next(
        part for part in localized(about.definition, lang)["sections"] if part["id"] == section.id
    )
    parts = {
        json["id"]: Part(json["label"], _text(json, about.workbook, answers), json["id"])
        for json in compiled["fields"]
        if json["id"] != poster.picture
    }
    special = (poster.title, poster.under, poster.question)
    picture, caption = _picture(about, answers[about.workbook].get(poster.picture))
    others = [part for name, part in parts.items() if name not in special]
    title, under, question = (parts[name] for name in special)
    return Sheet(
        lang=lang,
        name=person.name,
        school=person.school,
        title=title,
        under=under,
        parts=others,
        question=question,
        picture=picture,
        caption=caption,
        missing=[(part.label, _where(about, part)) for part in parts.values() if not part.text],
        size=fitting(
            title.text,
            under.text,
            [part.text for part in others],
            question.text,
            picture=bool(picture),
        ),
        url=address(about),
    )


def address(about: Record) -> str:
    """Return the address of a poster for its reader."""
    if about.audience == "self":
        return about.site.url("workbooks", about.workbook, "poster")
    return about.site.url("people", about.person, about.workbook, "poster")


def poster_links(site: Site, reader: Sight, person: str) -> list[PosterLink]:
    """Return the posters of a person that somebody reads."""
    library = site.course.library
    making = [
        workbook
        for workbook in year(site.course)
        if any(section.poster for section in library[workbook].sections)
    ]
    known = [read_by(site, reader, person, workbook) for workbook in making]
    posters = [sheet(about) for about in known if is_shown(about) or not reader.by_shares]
    return [PosterLink(poster.url, poster.title.text) for poster in posters]


def _text(json: Mapping[str, Any], workbook: str, answers: Mapping[str, Any]) -> str:
    target = str(json.get("to") or f"{workbook}/{json['id']}")
    other, _, field = target.partition("/")
    value = answers.get(other, {}).get(field)
    return value.strip() if isinstance(value, str) else ""


def _picture(about: Record, files: object) -> tuple[str, str]:
    """Return address and caption of the first picture that others may be shown."""
    for entry in files if isinstance(files, list) else ():
        if entry["type"] in PICTURES and entry["visible"] != TO_BE_BLURRED:
            url = about.site.url(API, "people", about.person, "files", entry["hash"])
            return url, str(entry["caption"])
    return "", ""


def _where(about: Record, part: Part) -> str:
    if about.audience != "self":
        return ""
    field = about.definition.field(part.field)
    workbook, _, name = (field.to or f"{about.workbook}/{part.field}").partition("/")
    return about.site.url("workbooks", workbook) + f"#uz-{workbook}-{name}"


# -- how large the letters are --------------------------------------------------------------------
def fitting(title: str, under: str, parts: Sequence[str], question: str, *, picture: bool) -> int:
    """Return the largest size, from 1, with which everything stands on one sheet."""
    for number, scale in enumerate(SIZES, 1):
        if _height(title, under, parts, question, scale) <= INNER[1] - PICTURE * picture:
            return number
    return len(SIZES)


def _height(title: str, under: str, parts: Sequence[str], question: str, scale: float) -> float:
    blocks = [(title, TITLE), (under, UNDER), *((part, BODY) for part in parts)]
    height = sum(_lines(text, letters, scale) for text, letters in blocks)
    height += _lines(question, QUESTION, scale, narrower=8)
    labels = sum(map(bool, (*parts, question)))
    # Headings, the line with the name, and what is free between and in the parts.
    return height + labels * LABEL * 1.6 * scale + 5 * scale + 3 * len(parts) + 14


def _lines(text: str, letters: tuple[float, float], scale: float, narrower: float = 0) -> float:
    size = letters[0] * scale
    width = (INNER[0] - narrower) / (size * letters[1])
    lines = sum(math.ceil(max(1, len(line)) / width) for line in text.splitlines())
    return lines * size * 1.32
