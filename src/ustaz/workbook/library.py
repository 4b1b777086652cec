"""All workbooks of a course, and what goes together between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ustaz.messages import own_texts
from ustaz.workbook.course_translations import with_own_texts
from ustaz.workbook.kinds import kind_of, serves
from ustaz.workbook.model import Definition, Field
from ustaz.workbook.problems import DefinitionErrors, DefinitionProblem
from ustaz.workbook.reader import load
from ustaz.workbook.rubrics import rubric_of

FILE = "workbook.yml"


class Library(Mapping[str, Definition]):
    """Definitions by id.

    Parameters
    ----------
    definitions : iterable of Definition
        Already read; what goes together between them is checked here.

    Raises
    ------
    DefinitionErrors
    """

    def __init__(self, definitions: Iterable[Definition]) -> None:
        self._by_id: dict[str, Definition] = {}
        problems = self._fill(definitions)
        if problems:
            raise DefinitionErrors(problems)

    def _fill(
        self, definitions: Iterable[Definition], unread: frozenset[str] = frozenset()
    ) -> list[DefinitionProblem]:
        """Take definitions in; return complaints, none about workbooks that could not be read."""
        problems = []
        for definition in definitions:
            if definition.id in self._by_id:
                other = self._by_id[definition.id].file
                message = f"another workbook is called {definition.id!r} too ({other})"
                problems.append(DefinitionProblem(definition.file, 1, "id", message))
            self._by_id.setdefault(definition.id, definition)
        for definition in self._by_id.values():
            problems.extend(self._check(definition, unread))
        return problems

    @classmethod
    def from_dirs(cls, dirs: Iterable[Path]) -> Library:
        """Read every ``<dir>/<id>/workbook.yml``; collect all complaints.

        Translations of a course's own workbooks come from ``locale/`` beside the directory.
        """
        problems: list[DefinitionProblem] = []
        definitions = []
        unread = set()
        for directory in dirs:
            own = own_texts(Path(directory))
            for path in sorted(Path(directory).glob(f"*/{FILE}")):
                try:
                    definition = load(path)
                except DefinitionErrors as errors:
                    problems.extend(errors.problems)
                    unread.add(path.parent.name)
                    continue
                if definition.id != path.parent.name:
                    message = f"the folder is called {path.parent.name!r}; both must be the same"
                    problems.append(DefinitionProblem(str(path), 1, "id", message))
                definitions.append(with_own_texts(definition, own))
        library = cls(())
        problems.extend(library._fill(definitions, frozenset(unread)))
        if problems:
            raise DefinitionErrors(problems)
        return library

    @classmethod
    def of_what_fits(
        cls, definitions: Iterable[Definition]
    ) -> tuple[Library, list[DefinitionProblem]]:
        """Return the workbooks that can be used together, and the complaints about the others.

        Of two with the same id the first one is taken.
        """
        left = list(definitions)
        left_out: list[DefinitionProblem] = []
        while True:
            library = cls(())
            problems = library._fill(left)
            if not problems:
                return library, left_out
            left_out += problems
            bad = {problem.file for problem in problems}
            left = [definition for definition in left if definition.file not in bad]

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the ids, sorted."""
        return tuple(sorted(self._by_id))

    def __getitem__(self, workbook: str) -> Definition:
        return self._by_id[workbook]

    def __iter__(self) -> Iterator[str]:
        return iter(self.ids)

    def __len__(self) -> int:
        return len(self._by_id)

    def linked(self, workbook: str) -> tuple[str, ...]:
        """Return the other workbooks that `workbook` shows something of, each once."""
        workbooks = {target.partition("/")[0] for target, *_ in _targets(self[workbook])}
        return tuple(sorted(workbooks - {workbook}))

    # -- between workbooks --------------------------------------------------------------------
    def _check(self, definition: Definition, unread: frozenset[str]) -> Iterator[DefinitionProblem]:
        for target, line, place, what in _targets(definition):
            if target.partition("/")[0] in unread:
                continue
            why = self._wrong(target, what, definition)
            if why:
                yield DefinitionProblem(definition.file, line, place, f"{target!r}: {why}")
        yield from self._check_rules(definition)
        yield from self._check_portfolio(definition, unread)

    def _check_rules(self, definition: Definition) -> Iterator[DefinitionProblem]:
        """Give what a rule says wrongly of the people of another workbook."""
        for number, rule in enumerate(definition.rules):
            if not rule["of"]:
                continue
            workbook, _, table = str(definition.field(rule["column"]).from_).partition("/")
            other = self._by_id.get(workbook)
            try:
                column = other.field(f"{table}.{rule['of']}") if other else None
            except KeyError:
                column = None
            if other is None:
                continue  # said of the field already
            if column is None or not serves(column, "option"):
                message = f"{rule['of']!r} is not a choice of {workbook}/{table}"
                yield DefinitionProblem(definition.file, rule.line, f"rules[{number}].of", message)
            elif unknown := set(rule["any"]) - set(column.option_ids):
                message = f"no such option: {', '.join(sorted(unknown))}"
                yield DefinitionProblem(definition.file, rule.line, f"rules[{number}].any", message)

    def _check_portfolio(
        self, definition: Definition, unread: frozenset[str]
    ) -> Iterator[DefinitionProblem]:
        """Give what a portfolio says wrongly of its rubric and of the other workbooks."""
        gathering = definition.portfolio
        if gathering is None:
            return
        try:
            criteria = rubric_of(definition).criteria
        except (KeyError, DefinitionErrors):
            message = f"there is no rubric {gathering.rubric!r} that can be read"
            yield DefinitionProblem(definition.file, 1, "portfolio.rubric", message)
            return
        if set(gathering.criteria) != {criterion.id for criterion in criteria}:
            message = "expected every criterion of the rubric, and no other"
            yield DefinitionProblem(definition.file, 1, "portfolio.criteria", message)
        points = sum(len(criterion.descriptors) - 1 for criterion in criteria)
        if definition.manual is None or definition.manual.points != points:
            message = f"a portfolio's criteria are marked by their levels: {points} points together"
            yield DefinitionProblem(definition.file, 1, "manual.points", message)
        for where, place in gathering.places():
            workbook, _, name = place.partition("/")
            if workbook in unread:
                continue
            try:
                self._by_id[workbook].field(name)
            except KeyError:
                message = f"{place!r}: there is no such field"
                yield DefinitionProblem(definition.file, 1, where, message)

    def _wrong(self, target: str, what: Any, definition: Definition) -> str | None:  # noqa: ANN401
        workbook, _, name = target.partition("/")
        other = self._by_id.get(workbook)
        if other is None:
            return f"there is no workbook {workbook!r}"
        # References lead to fields of their own and sections to fields of their own: with this,
        # no circle can be written.
        if other is definition:
            return "this is the workbook itself; name another one"
        if what == "section":
            section = next((section for section in other.sections if section.id == name), None)
            if section is None:
                return f"{workbook} has no section {name!r}"
            return "a section with fields of its own is expected" if section.embed else None
        try:
            field = other.field(name)
        except KeyError:
            return f"{workbook} has no field {name!r}"
        return _wrong_field(what, field)


def _wrong_field(source: Field, field: Field) -> str | None:
    if source.to:
        if not serves(field, kind_of(source).refers_to):
            return f"a {field.kind} cannot be referred to"
        if not set(source.audiences) <= set(field.audiences):
            return "is shown to fewer people than the field that refers to it"
        return None
    if not field.columns:
        return "rows come from a table"
    column = field.column(str(source.label_column))
    return (
        None if column and serves(column, "title") else "label_column must be a text column of it"
    )


def _targets(definition: Definition) -> Iterator[tuple[str, int, str, Any]]:
    """Give every place that names another workbook: target, line, place, and what is expected."""
    for number, section in enumerate(definition.sections):
        if section.embed:
            yield section.embed, section.line, f"sections[{number}].embed", "section"
    for steps, field, _ in definition.places():
        place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)[1:]
        if field.to:
            yield field.to, field.line, f"{place}.to", field
        if field.from_:
            yield field.from_, field.line, f"{place}.from", field
