"""An HTML builder with short page addresses.

The sources must lie where Jupyter Book finds them (``book/`` and ``facilitator_notes/`` under one
root); readers should not see that layout. ``book/index`` becomes ``index.html``,
``book/modules/focus`` becomes ``modules/focus.html``, ``facilitator_notes/focus`` becomes
``notes/focus.html``.
"""

from __future__ import annotations

import json
from collections.abc import Set
from pathlib import Path
from typing import Any
from urllib.parse import quote

from docutils import nodes
from jinja2 import FileSystemBytecodeCache
from sphinx import addnodes
from sphinx.builders.html import StandaloneHTMLBuilder

from ustaz.book import changes, translating
from ustaz.book.bodies import Bodies
from ustaz.book.figures import translated
from ustaz.book.pages import Page, all_of, page_path
from ustaz.book.search import files as search_files
from ustaz.book.translations import FIGURES, SOURCE
from ustaz.book.words import words

#: Where a search that finds nothing leads.
GLOSSARY = "book/glossary"
#: What is kept for the next build, beside the pages that Sphinx has read.
BODIES = "bodies"
COUNTS = "search.pickle"
FIGURES_SHOWN = "figures.json"
TEMPLATES = "templates"


class BookBuilder(StandaloneHTMLBuilder):
    """Sphinx's HTML builder, with the addresses of :func:`page_path`."""

    name = "ustaz"
    search = False  # Sphinx's; ours is in `ustaz.book.search`

    def init(self) -> None:
        """Draw with templates that the last build has compiled."""
        super().init()
        self._figures: dict[str, list[str]] = {}
        self._titles: dict[int, tuple[nodes.Node, dict[str, str]]] = {}
        compiled = Path(self.doctreedir, TEMPLATES)
        compiled.mkdir(parents=True, exist_ok=True)
        templates: Any = self.templates
        templates.environment.bytecode_cache = FileSystemBytecodeCache(str(compiled))

    def render_partial(self, node: nodes.Node | None) -> dict[str, str]:
        """Return a part of a page; titles, which stand on several pages, are drawn once."""
        if not isinstance(node, nodes.title):
            return super().render_partial(node)
        if id(node) not in self._titles:
            self._titles[id(node)] = node, super().render_partial(node)
        return self._titles[id(node)][1]

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:  # noqa: ARG002
        """Return a page's address, relative to the top of the edition."""
        return quote(page_path(docname)) + str(self.link_suffix)

    def get_output_path(self, page_name: str, /) -> Path:
        """Return the file that a page is written to."""
        return Path(self.outdir, page_path(page_name) + self.out_suffix)

    def write_documents(self, docnames: Set[str]) -> None:
        """Write pages; only the frame of those whose text is as it was."""
        anew = set(docnames)
        changed = changes.changed_of(self.env)
        addresses = {self.get_target_uri(docname) for docname in changed or ()}
        for docname in sorted(docnames) if changed is not None else ():
            uri = self.get_target_uri(docname)
            kept = self._bodies().read(docname, self._state(docname), uri, addresses)
            if kept and self.get_output_path(docname).is_file():
                anew.remove(docname)
                self.current_docname = docname
                self.handle_page(docname, super().get_doc_context(docname, *kept))
        super().write_documents(anew)

    def get_doc_context(self, docname: str, body: str, metatags: str) -> dict[str, Any]:
        """Keep the text of a page, which is whole here and has no frame yet."""
        self._bodies().keep(docname, self._state(docname), body, metatags)
        return super().get_doc_context(docname, body, metatags)

    def write_doc_serialized(self, docname: str, doctree: nodes.document) -> None:
        """Note which figures the page shows."""
        super().write_doc_serialized(docname, doctree)
        images = (self.env.images.get(image["uri"]) for image in doctree.findall(nodes.image))
        self._figures[docname] = sorted({image[1] for image in images if image})

    def _remove_figures(self) -> None:
        """Remove the figures that no page shows any more."""
        path = Path(self.doctreedir, FIGURES_SHOWN)
        before = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        shown = {
            name: figures
            for name, figures in (before | self._figures).items()
            if name in self.env.found_docs
        }
        path.write_text(json.dumps(shown), encoding="utf-8")
        names = {figure for figures in shown.values() for figure in figures}
        for figure in Path(self.outdir, self.imagedir).glob("*"):
            if figure.name not in names:
                figure.unlink()

    def _bodies(self) -> Bodies:
        return Bodies(Path(self.doctreedir, BODIES))

    def _state(self, docname: str) -> int:
        """Return when the page was read that is drawn."""
        return Path(self.doctreedir, f"{docname}.doctree").stat().st_mtime_ns

    def index_page(self, pagename: str, doctree: nodes.document, title: str) -> None:
        """Keep the text of a page for the search."""
        out, part = Path(self.outdir), self._parts().get(pagename, "")
        search_files.write_page(out, page_path(pagename), doctree, title, part)

    def _parts(self) -> dict[str, str]:
        """Return the part of the contents that lists each page, by document name."""
        return {
            docname: toctree.get("caption") or ""
            for toctree in self.env.tocs[self.config.root_doc].findall(addnodes.toctree)
            for _, docname in toctree["entries"]
        }

    def gen_additional_pages(self) -> None:
        """Write our search page in the place of Sphinx's, once its index has a size."""
        super().gen_additional_pages()
        lang = self.config.language or SOURCE
        addresses = [page_path(docname) for docname, _ in self._in_order()]
        size = search_files.write_index(
            Path(self.outdir), addresses, lang, Path(self.srcdir), Path(self.doctreedir, COUNTS)
        )
        context = {
            "uz_search": search_files.page_words(words(lang)),
            "uz_search_size": size,
            "uz_glossary": next((name for name in self.env.all_docs if name == GLOSSARY), ""),
        }
        self.handle_page("search", context, "search.html")

    def copy_image_files(self) -> None:
        """Copy the pictures, and draw the figures with the words of this language."""
        super().copy_image_files()
        language = self.config.language or SOURCE
        figure_words = translating.of(self._app).of(FIGURES)
        if language == SOURCE or not figure_words.texts:
            return
        for name in self.images.values():
            path = Path(self.outdir, self.imagedir, name)
            if path.suffix == ".svg":
                drawn = translated(path.read_text(encoding="utf-8"), figure_words, language)
                path.write_text(drawn, encoding="utf-8")

    def finish(self) -> None:
        """Write, besides what Sphinx writes, what the pages of the server say of the book."""
        super().finish()
        self._remove_figures()
        lang = self.config.language
        modules = [
            {
                # Where the page is only announced, the English one is what there is to read.
                "lang": lang if page.translated else SOURCE,
                "id": page.matter.id,
                "title": page.title,
                "url": self.get_target_uri(docname),
                "minutes": page.matter.minutes,
                "workbook": page.matter.workbook,
                "steps": page.step_ids,
                "quizzes": page.quiz_ids,
            }
            for docname, page in self._in_order()
            if page.kind == "module" and page.matter
        ]
        workbooks = [
            {
                "lang": lang if page.translated else SOURCE,
                "workbook": workbook,
                "section": section,
                "title": page.title,
                "url": f"{self.get_target_uri(docname)}#{anchor}",
            }
            for docname, page in self._in_order()
            if page.kind == "module"
            for workbook, section, anchor in page.workbooks
        ]
        manifest = {"format": 1, "lang": lang, "modules": modules, "workbooks": workbooks}
        text = json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"
        Path(self.outdir, "book.json").write_text(text, encoding="utf-8")

    def _in_order(self) -> list[tuple[str, Page]]:
        """Return the pages in the order of the table of contents."""
        known = all_of(self.env)
        return [(name, known[name]) for name in self.env.collect_relations() if name in known]
