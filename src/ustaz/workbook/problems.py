"""What a course author reads when a definition is wrong: file, line, place, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ustaz.base.errors import UstazError


@dataclass(frozen=True, slots=True, order=True)
class DefinitionProblem:
    """One complaint.

    Attributes
    ----------
    file : str
    line : int
        Counted from 1.
    place : str
        As ``sections[1].fields[0].kind``.
    message : str
    """

    file: str
    line: int
    place: str
    message: str

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        return f"{self.file}:{self.line}: {where}{self.message}"


class DefinitionErrors(UstazError):
    """Everything that is wrong with one or more definitions, all at once.

    Attributes
    ----------
    problems : tuple of DefinitionProblem
    """

    exit_code = 4

    def __init__(self, problems: Sequence[DefinitionProblem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__(
            "bad_definition",
            "\n".join(str(problem) for problem in self.problems),
            "docs/workbooks.md shows every key in an example.",
        )

    def __reduce__(self) -> tuple[object, ...]:
        return (DefinitionErrors, (self.problems,))


class ValueProblem(UstazError):
    """A value that cannot even be kept as a draft: a wrong type, an unknown field, too much.

    Attributes
    ----------
    path : tuple of str
        Where; ids only, never text.
    """

    def __init__(self, id: str, path: Sequence[str]) -> None:
        self.path = tuple(path)
        super().__init__(id, f"{'/'.join(self.path)}: {id}")

    def __reduce__(self) -> tuple[object, ...]:
        return (ValueProblem, (self.id, self.path))


class VersionProblem(UstazError):
    """Answers of a version that this definition cannot read."""
