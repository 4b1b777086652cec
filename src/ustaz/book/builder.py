"""An HTML builder with short page addresses.

The sources must lie where Jupyter Book finds them (``book/`` and ``facilitator_notes/`` under one
root); readers should not see that layout. ``book/index`` becomes ``index.html``,
``book/modules/focus`` becomes ``modules/focus.html``, ``facilitator_notes/focus`` becomes
``notes/focus.html``.
"""

from __future__ import annotations

import json
from collections.abc import Set as AbstractSet
from functools import cache
from pathlib import Path
from urllib.parse import quote

from sphinx.builders.html import StandaloneHTMLBuilder

from ustaz.book import interface, translating
from ustaz.book.figures import translated
from ustaz.book.pages import Page, all_of, page_path
from ustaz.book.translations import FIGURES, SOURCE


def publish_index(path: Path) -> None:
    """Put the published addresses into a search index, in the place of document names.

    Sphinx reads its own index again when it builds next, so that this is done to a copy.
    """
    head, tail = "Search.setIndex(", ")"
    index = json.loads(path.read_text(encoding="utf-8").removeprefix(head).removesuffix(tail))
    index["docnames"] = [page_path(name) for name in index["docnames"]]
    index["filenames"] = index["docnames"]  # nobody needs to know the files behind
    dumped = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    path.write_text(head + dumped + tail, encoding="utf-8")


class BookBuilder(StandaloneHTMLBuilder):
    """Sphinx's HTML builder, with the addresses of :func:`page_path`."""

    name = "ustaz"

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:  # noqa: ARG002
        """Return a page's address, relative to the top of the edition."""
        return quote(page_path(docname)) + str(self.link_suffix)

    def get_output_path(self, page_name: str, /) -> Path:
        """Return the file that a page is written to."""
        return Path(self.outdir, page_path(page_name) + self.out_suffix)

    def init_js_files(self) -> None:
        """Announce our words of the search page where Sphinx has none."""
        super().init_js_files()
        if not self._get_translations_js() and self._words_script():
            self.add_js_file("translations.js")

    def copy_translation_js(self) -> None:
        """Write the words of the search page."""
        if own := self._words_script():
            Path(self.outdir, "_static", "translations.js").write_text(own, encoding="utf-8")
        else:
            super().copy_translation_js()

    def _words_script(self) -> str | None:
        return interface.script(self.config.language or "en")

    def prepare_writing(self, docnames: AbstractSet[str]) -> None:
        """Stem each word once, not once for each page."""
        super().prepare_writing(docnames)
        if self.indexer is not None:
            language = self.indexer.lang
            language.stem = cache(language.stem)  # type: ignore[method-assign]

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
