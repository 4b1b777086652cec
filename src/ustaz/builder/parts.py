"""The parts of a workbook that are no fields, and the workbook itself."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ustaz.base.files import replace
from ustaz.builder.fields import titled
from ustaz.builder.writing import Part, yaml_text
from ustaz.messages import N_, translator
from ustaz.workbook import Definition, load

FILE: Final = "workbook.yml"
#: What stands where an author says nothing, in the language of the workbook.
GUIDANCE: Final = N_("Write in your own words. A few sentences are enough.")
PURPOSE: Final = N_("To help you with your project, and your facilitator to support you in it.")
MINUTES: Final = 8
RETENTION: Final = 24
VISIBILITY: Final = ("self", "facilitator", "staff")


def example(answers: Mapping[str, Any], why: str, *, person: str, situation: str) -> Part:
    """Return a worked example of a section.

    Parameters
    ----------
    answers : mapping
        Field to answer, as a participant's answers are; people stand by their alias.
    why : str
        What makes it good, or weak.
    person, situation : str
        Whose it is, in a few words; an invented person.
    """
    return Part({"person": person, "situation": situation, "answers": dict(answers), "why": why})


def poster(title: str, *, under: str, question: str, picture: str) -> Part:
    """Return which fields of a section are what on a sheet of A4."""
    return Part({"title": title, "under": under, "question": question, "picture": picture})


def section(
    *fields: Part,
    id: str | None = None,
    title: str | None = None,
    minutes: int = MINUTES,
    points: int | None = None,
    guidance: str | None = None,
    example: Part | None = None,
    weak_example: Part | None = None,
    embed: str | None = None,
    opens_with: str | None = None,
    poster: Part | None = None,
) -> Part:
    """Return a part of a workbook that takes one sitting.

    Parameters
    ----------
    *fields : Part
        Made by the functions of :mod:`ustaz.builder.fields`.
    id : str, optional
        ``part-1``, ``part-2`` … without it. Grade cells are named by it.
    title : str, optional
        The label of its first field without it.
    minutes : int
        Ten at most is a good rule.
    points : int, optional
        A proposal for staff; the points of the fields together without it.
    guidance : str, optional
        A paragraph, and lines that begin with ``- ``.
    example, weak_example : Part, optional
        Made by :func:`example`.
    embed : str, optional
        ``workbook/section`` of another workbook, in the place of fields.
    opens_with : str, optional
        ``story``: it begins with the picture of the project.
    poster : Part, optional
        Made by :func:`poster`.
    """
    counted = [field.keys.get("points") for field in fields]
    if points is None and any(count is not None for count in counted):
        points = sum(count or 0 for count in counted)
    first = str(fields[0]["label"]) if fields else None
    return Part(
        {
            "id": id,
            "title": title or first,
            "minutes": minutes,
            "points": points,
            "opens_with": opens_with,
            "poster": poster,
            "guidance": guidance,
            "example": example,
            "weak_example": weak_example,
            "embed": embed,
            "fields": [
                Part({key: value for key, value in field.keys.items() if key != "points"})
                for field in fields
            ],
        }
    )


def upgrade(start: str, end: str, *steps: Part) -> Part:
    """Return how answers of version `start` become answers of version `end`."""
    return Part({"from": start, "to": end, "steps": steps})


def rename(name: str, start: str, end: str) -> Part:
    """Return a step: the field `start` is called `end` now; `name` says why."""
    return Part({"name": name, "rename": {"from": start, "to": end}})


def drop(name: str, field: str) -> Part:
    """Return a step: nobody is asked for `field` any more."""
    return Part({"name": name, "drop": field})


def map_choice(name: str, field: str, start: str, end: str) -> Part:
    """Return a step: the option `start` of `field` is `end` now."""
    return Part({"name": name, "map_choice": {"field": field, "from": start, "to": end}})


def share(scope: str, name: str = "", *, to: Sequence[str], without: Sequence[str] = ()) -> Part:
    """Return something that its writer may show to others.

    Parameters
    ----------
    scope : str
        ``document``, ``section``, ``field``, ``row`` or ``cell``.
    name : str
        The section, the field, the table or ``table.column``; nothing for the document.
    to : sequence of str
        ``group``, ``school_link``, ``outside``, ``public``.
    without : sequence of str
        Fields that never go with the document.
    """
    what = True if scope == "document" else name
    return Part({scope: what, "to": tuple(to), "without": tuple(without)})


def manual(points: int, hint: str) -> Part:
    """Return the part that a person marks, and what to look for."""
    return Part({"points": points, "hint": hint})


def portfolio(rubric: str, criteria: Mapping[str, Sequence[str]], one_page: Sequence[str]) -> Part:
    """Return how this workbook gathers the answers of all others."""
    return Part({"rubric": rubric, "criteria": dict(criteria), "one_page": tuple(one_page)})


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook that was written in Python.

    Attributes
    ----------
    part : Part
        Its keys as they stand in the file.
    """

    part: Part

    @property
    def id(self) -> str:
        """Return its id."""
        return str(self.part["id"])

    @property
    def yaml(self) -> str:
        """Return the text of its ``workbook.yml``."""
        return yaml_text(self.part)

    @property
    def definition(self) -> Definition:
        """Return what the text is read as.

        Raises
        ------
        DefinitionErrors
            With everything that does not fit, by line and place of :attr:`yaml`.
        """
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, FILE)
            path.write_text(self.yaml, encoding="utf-8")
            return load(path, name=f"{self.id}/{FILE}")

    def write(self, library: str | Path) -> Path:
        """Write it into a course's library, and return the file.

        Parameters
        ----------
        library : path
            The folder that ``library`` of ``ustaz.toml`` names. The workbook gets a folder of its
            own there; a file that stands there already is replaced.

        Raises
        ------
        DefinitionErrors
            If something does not fit: nothing is written then.
        OSError
        """
        path = Path(library, self.definition.id, FILE)
        path.parent.mkdir(parents=True, exist_ok=True)
        replace(path, self.yaml.encode())
        return path


def workbook(
    id: str,
    *,
    sections: Sequence[Part],
    title: str | None = None,
    summary: str | None = None,
    code: str | None = None,
    version: str = "1.0.0",
    language: str = "en",
    minutes: int | None = None,
    companion: bool = False,
    part: str | None = None,
    subject: str | None = None,
    role: str | None = None,
    purpose: str | None = None,
    visibility: Sequence[str] = VISIBILITY,
    retention: int = RETENTION,
    shares: Sequence[Part] = (),
    rules: Sequence[Part] = (),
    upgrades: Sequence[Part] = (),
    manual: Part | None = None,
    portfolio: Part | None = None,
) -> Workbook:
    """Return a workbook.

    Parameters
    ----------
    id : str
        Small letters, digits and hyphens: the name of its folder and of its assignment.
    sections : sequence of Part
        Made by :func:`section`.
    title, summary : str, optional
        The id, and the title, without them.
    code : str, optional
        A short code that staff use; made of the id without it.
    version : str
        Three numbers.
    language : str
        In which the texts are written: ``en``, ``ru`` or ``kk``. The others are translations.
    minutes : int, optional
        Those of the sections together without it.
    companion : bool
        It is never handed in by itself.
    part : str, optional
        Of the year: ``starting``, ``planning``, ``doing`` (default), ``reviewing``, ``portfolio``.
    subject : str, optional
        Whose document it is: ``person`` (default) or ``tutorial``, which two write.
    role : str, optional
        Whose workbook a person's own is: ``participant`` (default) or ``facilitator``.
    purpose : str, optional
        Why it is asked, in one sentence for its writer.
    visibility : sequence of str
        Who reads a field that names no audiences.
    retention : int
        Months after the programme's end for which answers are kept.
    shares, rules, upgrades : sequence of Part
        Made by :func:`share`, :mod:`ustaz.builder.rules` and :func:`upgrade`.
    manual, portfolio : Part, optional

    Examples
    --------
    >>> from ustaz import builder as W
    >>> print(W.workbook("my-survey", sections=[W.section(W.text("why", points=2))]).yaml)
    ...     # doctest: +ELLIPSIS
    format: 1
    id: my-survey
    code: MYSURVEY
    version: 1.0.0
    title: My survey
    ...
    """
    t = translator(language).gettext
    shown = title or titled(id)
    code = code or "".join(letter for letter in id.upper() if letter.isalnum())[:8]
    return Workbook(
        Part(
            {
                "format": 1,
                "id": id,
                "code": code,
                "version": version,
                "language": None if language == "en" else language,
                "title": shown,
                "summary": summary or shown,
                "minutes": minutes or sum(part["minutes"] for part in sections),
                "companion": companion or None,
                "part": part,
                "subject": subject,
                "role": role,
                "purpose": purpose or t(PURPOSE),
                "visibility": tuple(visibility),
                "retention": retention,
                "shares": tuple(shares),
                "portfolio": portfolio,
                "sections": tuple(_completed(sections, t(GUIDANCE))),
                "rules": tuple(rules),
                "upgrades": tuple(upgrades),
                "manual": manual,
            }
        )
    )


def _completed(sections: Sequence[Part], guidance: str) -> Iterator[Part]:
    for number, part in enumerate(sections, start=1):
        embeds = part.keys.get("embed") is not None
        yield Part(
            {
                **part.keys,
                "id": part["id"] or f"part-{number}",
                "title": part["title"] or titled(f"part-{number}"),
                "guidance": part["guidance"] or guidance,
                "fields": None if embeds else part["fields"],
            }
        )
