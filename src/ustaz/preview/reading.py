"""From whatever an author has in hand to a definition, and what is wrong with it."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ustaz.base.shipped import shipped
from ustaz.builder import Part, Workbook
from ustaz.messages import own_texts
from ustaz.workbook import Definition, DefinitionErrors, DefinitionProblem, Library, load
from ustaz.workbook.course_translations import with_own_texts

FILE: Final = "workbook.yml"

#: What can be shown: a file or the folder it lies in, its text, its keys, what Python built.
Source = str | Path | Mapping[str, Any] | Workbook


@dataclass(frozen=True, slots=True)
class Reading:
    """A definition as it was read.

    Attributes
    ----------
    definition : Definition or None
        None where the text cannot be read as one.
    library : Library
        The workbooks that it may refer to, itself among them: those beside it, and those that
        come with Ustaz.
    problems : tuple of DefinitionProblem
        What an author has to mend, by line.
    """

    definition: Definition | None
    library: Library
    problems: tuple[DefinitionProblem, ...]


def file_of(source: Source) -> Path | None:
    """Return the file that `source` names, so that a change of it can be seen; None for a text.

    A string is the name of a file where it has one line and no colon: as text it would be no
    definition.
    """
    if isinstance(source, str) and ("\n" in source or ":" in source):
        return None
    if isinstance(source, str | Path):
        path = Path(source)
        return path / FILE if path.is_dir() else path
    return None


def text_of(source: Source) -> str:
    """Return the text of a ``workbook.yml`` for what is no file."""
    if isinstance(source, Workbook):
        return source.yaml
    if isinstance(source, Mapping):
        return Workbook(Part(source)).yaml
    return str(source)


def read(source: Source) -> Reading:
    """Read `source`, and the workbooks around it.

    Nothing is raised for what an author can mend: it stands in `problems`.
    """
    path = file_of(source)
    if path is not None:
        return _read(path, path.name, own=path.parent.parent)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder, FILE)
        place.write_text(text_of(source), encoding="utf-8")
        return _read(place, FILE, own=None)


def _read(path: Path, name: str, own: Path | None) -> Reading:
    libraries = dict.fromkeys(
        folder.resolve() for folder in (own, shipped("workbooks")) if folder is not None
    )
    around = [definition for folder in libraries for definition in _others(folder, path)]
    try:
        definition = load(path, name=name)
    except DefinitionErrors as errors:
        return Reading(None, Library.of_what_fits(around)[0], errors.problems)
    if own is not None:
        definition = with_own_texts(definition, own_texts(own))
    # Of two with the same id the first one is taken: a workbook under work stands before the one
    # of that name that is in use, and a course's own before the shipped one.
    library, left_out = Library.of_what_fits([definition, *around])
    problems = tuple(problem for problem in left_out if problem.file == definition.file)
    return Reading(definition, library, problems)


def _others(library: Path, path: Path) -> list[Definition]:
    """Return what can be read of a library, the workbook at `path` left out."""
    definitions = []
    for other in sorted(library.glob(f"*/{FILE}")):
        if other.resolve() == path.resolve():
            continue
        try:
            definitions.append(load(other))
        except DefinitionErrors:
            continue
    return definitions
