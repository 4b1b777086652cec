"""``{criteria}``: the criteria and levels of a rubric, from the one file that marks use as well."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from docutils import nodes
from docutils.parsers.rst import directives

from ustaz.book.block import Block
from ustaz.book.nodes import block, fixed

if TYPE_CHECKING:
    from ustaz.workbook.rubrics import Criterion, Rubric

#: Level 0 says that there is nothing; pages say that once for all criteria.
FIRST: Final = 1


class Criteria(Block):
    """The argument is the rubric's id.

    As a list of cards, which is read on a telephone; with ``:sheet:`` as a table to print, with
    room for one's own level and where it is shown.
    """

    kind = "criteria"
    has_content = False
    required_arguments = 1
    optional_arguments = 0
    option_spec: ClassVar[Any] = {"sheet": directives.flag}

    def run(self) -> list[nodes.Node]:
        """Build the list, or the table."""
        rubric = self._rubric(self.arguments[0].strip())
        if rubric is None:
            return []
        drawn = self._sheet(rubric) if "sheet" in self.options else self._cards(rubric)
        node = block("", drawn, kind=self.kind, name=self.name, minutes=None)
        self.set_source_info(node)
        return [node]

    def _rubric(self, rubric_id: str) -> Rubric | None:
        from ustaz.workbook import DefinitionErrors  # books without rubrics
        from ustaz.workbook.rubrics import FOLDER, load_rubric

        path = Path(self.env.srcdir, self.config.ustaz_workbooks_dir, FOLDER, f"{rubric_id}.yml")
        if not path.is_file():
            self.complain(f"there is no rubric {rubric_id!r} in {path.parent.name}/")
            return None
        self.env.note_dependency(str(path))
        try:
            return load_rubric(path)
        except DefinitionErrors as error:
            self.complain(f"the rubric has errors: {error}")
            return None

    def _cards(self, rubric: Rubric) -> nodes.Element:
        cards = nodes.definition_list(classes=["uz-criteria"])
        for criterion in rubric.criteria:
            levels = nodes.bullet_list()
            for name, text in self._levels(rubric, criterion):
                line = fixed(nodes.paragraph, "")
                line += [nodes.strong(name, name), nodes.Text(f" {text}")]
                levels += nodes.list_item("", line)
            term = fixed(nodes.term, f"{criterion.code}. {self.words(criterion.label)}")
            cards += nodes.definition_list_item("", term, nodes.definition("", levels))
        return cards

    def _sheet(self, rubric: Rubric) -> nodes.Element:
        names = [
            f"{number} {self.words(name)}"
            for number, name in enumerate(rubric.levels)
            if number >= FIRST
        ]
        head = [self.words("criterion"), *names, self.words("my level, and where")]
        group = nodes.tgroup(cols=len(head))
        group += [nodes.colspec(colwidth=100 // len(head)) for _ in head]
        group += nodes.thead("", _row([fixed(nodes.paragraph, text) for text in head]))
        body = nodes.tbody()
        for criterion in rubric.criteria:
            label = self.words(criterion.label)
            first = fixed(nodes.paragraph, "")
            first += [nodes.strong(criterion.code, criterion.code), nodes.Text(f" {label}")]
            texts = [text for _, text in self._levels(rubric, criterion)]
            body += _row([first, *(fixed(nodes.paragraph, text) for text in texts), None])
        group += body
        return nodes.table("", group, classes=["uz-last"])

    def _levels(self, rubric: Rubric, criterion: Criterion) -> Iterator[tuple[str, str]]:
        for number, text in enumerate(criterion.descriptors):
            if number >= FIRST:
                name = self.words(rubric.levels[number])
                yield f"{number} {name}:", self.words(text)


def _row(cells: list[nodes.TextElement | None]) -> nodes.row:
    return nodes.row("", *[nodes.entry("", *([cell] if cell else [])) for cell in cells])
