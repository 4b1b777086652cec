"""``{workbook}``: what a workbook asks, how long it takes, and the way to its page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes

from ustaz.book.block import Block, minutes_text
from ustaz.book.nodes import block_meta, block_title, fixed, workbook_link

if TYPE_CHECKING:
    from ustaz.workbook import Definition


class Workbook(Block):
    """The argument is the workbook's id; the content, if any, says what to do with it now."""

    kind = "workbook"
    required_arguments = 1
    optional_arguments = 0
    needs_content = False

    def label(self) -> str:
        """Return the fixed word."""
        return self.words("Workbook")

    def run(self) -> list[nodes.Node]:
        """Build the card."""
        workbook_id = self.arguments[0].strip()
        definition = self._definition(workbook_id)
        if definition is None:
            return []
        node = self.build("", [])
        node["workbook"] = workbook_id
        name = self.words(definition.title)
        node += fixed(block_title, name)
        node += fixed(block_meta, minutes_text(self.words, definition.minutes))
        node += nodes.paragraph("", self.words(definition.summary), translatable=False)
        node += self._sections(definition)
        node += self.content_nodes()
        link = workbook_link("", "", workbook=workbook_id)
        link += nodes.Text(self.words("Open the workbook: {title}").format(title=name))
        way = nodes.paragraph("", "", link, translatable=False, classes=["uz-workbook-way"])
        note = self.words(
            "Reading from a file or on paper? Open this workbook from your course's home page."
        )
        node += way
        node += nodes.paragraph("", note, translatable=False, classes=["uz-workbook-note"])
        return [node]

    def _definition(self, workbook_id: str) -> Definition | None:
        from ustaz.workbook import DefinitionErrors, Library  # books without cards

        folder = Path(self.env.srcdir, self.config.ustaz_workbooks_dir)
        try:
            definition = Library.from_dirs([folder])[workbook_id]
        except KeyError:
            self.complain(f"there is no workbook {workbook_id!r} in {folder.name}/")
        except DefinitionErrors as error:
            self.complain(f"the workbooks in {folder.name}/ have errors: {error}")
        else:
            self.env.note_dependency(str(folder / workbook_id / "workbook.yml"))
            return definition
        return None

    def _sections(self, definition: Definition) -> nodes.Element:
        items = nodes.bullet_list(classes=["uz-workbook-sections"])
        for section in definition.sections:
            text = f"{self.words(section.title)} ({minutes_text(self.words, section.minutes)})"
            items += nodes.list_item("", nodes.paragraph("", text, translatable=False))
        return items
