"""``{workbook}``: what a workbook asks, how long it takes, and the way to its page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from docutils import nodes

from ustaz.book.block import Block, minutes_text
from ustaz.book.nodes import block_meta, block_title, fixed, workbook_link

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from ustaz.workbook import Definition, Library

#: Where workbooks lie in the sources, unless a setting says another place.
FOLDER: Final = "workbooks"

_loaded: dict[Path, Library] = {}


class Workbook(Block):
    """The argument is the workbook's id; the content, if any, says what to do with it now.

    ``:sections:`` names those of its sections that this step of the page belongs to: the link leads
    to the first of them, and the workbook's page leads from each of them back to the step.
    """

    kind = "workbook"
    required_arguments = 1
    optional_arguments = 0
    needs_content = False
    option_spec: ClassVar[Any] = {"sections": str.split}

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
        node["sections"] = self._known_sections(definition)
        name = self.words(definition.title)
        node += fixed(block_title, name)
        node += fixed(block_meta, minutes_text(self.words, definition.minutes))
        node += nodes.paragraph("", self.words(definition.summary), translatable=False)
        node += self._sections(definition)
        node += self.content_nodes()
        place = f"#uz-{workbook_id}-section-{node['sections'][0]}" if node["sections"] else ""
        link = workbook_link("", "", workbook=workbook_id + place)
        link += nodes.Text(self.words("Open the workbook: {title}").format(title=name))
        way = nodes.paragraph("", "", link, translatable=False, classes=["uz-workbook-way"])
        note = self.words(
            "Reading from a file or on paper? Open this workbook from your course's home page."
        )
        node += way
        node += nodes.paragraph("", note, translatable=False, classes=["uz-workbook-note"])
        return [node]

    def _definition(self, workbook_id: str) -> Definition | None:
        from ustaz.workbook import DefinitionErrors  # books without cards

        folder = Path(self.env.srcdir, self.config.ustaz_workbooks_dir)
        try:
            definition = _library(self.env.app, folder)[workbook_id]
        except KeyError:
            self.complain(f"there is no workbook {workbook_id!r} in {folder.name}/")
        except DefinitionErrors as error:
            self.complain(f"the workbooks in {folder.name}/ have errors: {error}")
        else:
            self.env.note_dependency(str(folder / workbook_id / "workbook.yml"))
            return definition
        return None

    def _known_sections(self, definition: Definition) -> list[str]:
        known = {section.id for section in definition.sections}
        named: list[str] = self.options.get("sections", [])
        for name in named:
            if name not in known:
                self.complain(f"the workbook {definition.id!r} has no section {name!r}")
        return [name for name in named if name in known]

    def _sections(self, definition: Definition) -> nodes.Element:
        items = nodes.bullet_list(classes=["uz-workbook-sections"])
        for section in definition.sections:
            text = f"{self.words(section.title)} ({minutes_text(self.words, section.minutes)})"
            items += nodes.list_item("", nodes.paragraph("", text, translatable=False))
        return items


def load(folder: Path) -> None:
    """Read workbooks for all builds of this process and its children, which end soon."""
    from ustaz.workbook import Library

    _loaded[folder] = Library.from_dirs([folder])


def _library(app: Sphinx, folder: Path) -> Library:
    """Return the workbooks, read once in a build."""
    if folder in _loaded:
        return _loaded[folder]
    if not hasattr(app, "ustaz_library"):
        from ustaz.workbook import Library

        app.ustaz_library = Library.from_dirs([folder])  # type: ignore[attr-defined]
    library: Library = app.ustaz_library  # type: ignore[attr-defined]
    return library
