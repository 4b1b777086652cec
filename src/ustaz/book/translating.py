"""A page in another language: translated whole, or an announcement that leads to the English one.

Sphinx puts translations into a page text by text, and leaves in English what has none. A reader
would fall from one language into another in the middle of a page. So the texts of a page are
counted before: only when all have a translation, and all words of its figures too, Sphinx gets
them. The English page is read in any case, so that links, terms and anchors are the same in every
language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from gettext import GNUTranslations
from typing import TYPE_CHECKING, Any, Final

from docutils import nodes
from sphinx import addnodes, locale
from sphinx.transforms import SphinxTransform
from sphinx.util.nodes import extract_messages

from ustaz.book import citations, pages, translations
from ustaz.book.figures import words_of
from ustaz.book.nodes import fixed
from ustaz.book.translations import FIGURES, REFERENCES, SHARED, SOURCE, PageWords, Translations
from ustaz.book.words import words

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

#: The Kazakh alphabet, in which the Russian one is contained; for the order of a glossary.
ALPHABET: Final = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"


@dataclass(slots=True)
class _Read:
    """What pages were made of when they were read: docname to a digest of its words."""

    words: dict[str, str] = field(default_factory=dict)


class _Catalogue(GNUTranslations):
    """The translations of one page, as Sphinx looks them up."""

    def __init__(self, texts: dict[str, str]) -> None:
        super().__init__()
        self._catalog = texts
        self._fallback = None


def of(app: Sphinx) -> Translations:
    """Return the translations of the language that is built."""
    if not hasattr(app, "ustaz_translations"):
        read = translations.read(app.srcdir, app.config.language or SOURCE)
        app.ustaz_translations = read  # type: ignore[attr-defined]
    of_language: Translations = app.ustaz_translations  # type: ignore[attr-defined]
    return of_language


def is_source(app: Sphinx) -> bool:
    """Tell whether the language of the sources is built."""
    return (app.config.language or SOURCE) == SOURCE or app.builder.name == "gettext"


class TableCells(SphinxTransform):
    """Give the cells of plain tables the place they come from.

    Sphinx offers for translation only what has one. MyST leaves it to docutils, which gives it
    below a document only, and not inside of ``{rst-class}``, whose content is parsed apart.
    """

    default_priority = 14  # before the texts of the page are counted

    def apply(self, **kwargs: Any) -> None:  # noqa: ANN401, ARG002
        """Take the place of the table."""
        for table in self.document.findall(nodes.table):
            for cell in table.findall(nodes.entry):
                for text in cell.children:
                    if isinstance(text, nodes.paragraph) and text.source is None:
                        text.source, text.line = table.source, table.line


class WholePage(SphinxTransform):
    """Give Sphinx the translations of a page, all of them or none."""

    default_priority = 15  # before Sphinx puts them in, at 20

    def apply(self, **kwargs: Any) -> None:  # noqa: ANN401, ARG002  # as docutils calls it
        """Decide by the texts that the page has in this edition."""
        app, docname = self.env.app, self.env.docname
        locale.translators.pop(("general", docname), None)
        if is_source(app):
            return
        page = pages.of(self.env, docname)
        if page.matter and page.matter.lang == app.config.language:
            return  # written in this language
        page_words = of(app).of(pages.page_path(docname))
        texts = _texts(self.document)
        if pages.page_path(docname) == REFERENCES:
            texts |= citations.notes(self.env)
        figures = _figure_texts(self.document, app)
        figure_words = of(app).of(FIGURES)
        _read(self.env).words[docname] = _digest(app, docname, figures)
        page.translated = texts <= page_words.texts.keys() and figures <= figure_words.texts.keys()
        page.draft = bool(texts & page_words.drafts or figures & figure_words.drafts)
        if page.translated:
            catalogue = _Catalogue(dict(page_words.texts))
            locale.translators["general", docname] = catalogue
            if page.matter:
                page.title = page_words(page.matter.title)
                page.objectives = tuple(map(page_words, page.matter.objectives))


class Captions(SphinxTransform):
    """Translate the captions of the contents, which come after Sphinx's own translation."""

    default_priority = 110  # after sphinx-external-toc has put them in

    def apply(self, **kwargs: Any) -> None:  # noqa: ANN401, ARG002
        """Translate those of one page."""
        shared = of(self.env.app).of(SHARED)
        for toctree in self.document.findall(addnodes.toctree):
            for key in ("caption", "rawcaption"):
                if toctree.get(key):
                    toctree[key] = shared(toctree[key])


def _texts(document: nodes.document) -> set[str]:
    """Return what a page can have translated, without the front matter, which nobody sees."""
    kinds = (nodes.docinfo, nodes.field_list)
    matter = [child for child in document.children if isinstance(child, kinds)]
    unseen = {id(node) for child in matter for node in child.findall()}
    return {text for node, text in extract_messages(document) if id(node) not in unseen}


def _figure_texts(document: nodes.document, app: Sphinx) -> set[str]:
    texts: set[str] = set()
    for image in document.findall(nodes.image):
        if str(image["uri"]).endswith(".svg"):
            _, path = app.env.relfn2path(image["uri"], app.env.docname)
            with open(path, encoding="utf-8") as handle:  # noqa: PTH123
                texts |= {text for text, _ in words_of(handle.read())}
    return texts


def _read(env: BuildEnvironment) -> _Read:
    if not hasattr(env, "ustaz_read"):
        env.ustaz_read = _Read()  # type: ignore[attr-defined]
    of_pages: _Read = env.ustaz_read  # type: ignore[attr-defined]
    return of_pages


def _digest(app: Sphinx, docname: str, figures: Iterable[str]) -> str:
    figure_words = of(app).of(FIGURES)
    used = sorted((text, figure_words(text), text in figure_words.drafts) for text in figures)
    return f"{of(app).of(pages.page_path(docname)).digest()} {used}"


def outdated(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return the pages whose translations have changed since they were read."""
    if is_source(app):
        return []
    read = _read(env).words
    figure_words = of(app).of(FIGURES)
    figures = PageWords.digest(figure_words)
    before = getattr(env, "ustaz_figures", "")
    env.ustaz_figures = figures  # type: ignore[attr-defined]
    return [
        docname
        for docname, digest in read.items()
        if not digest.startswith(of(app).of(pages.page_path(docname)).digest())
        or (figures != before and not digest.endswith(" []"))
    ]


def announce_titles(app: Sphinx, doctree: nodes.document) -> None:
    """Mark the title of a page that stays English, wherever it is shown; put terms in order."""
    docname = app.env.docname
    page = pages.of(app.env, docname)
    if is_source(app) or page.matter is None:
        return
    if page.translated:
        _sort_terms(doctree)
        return
    _ = words(app.config.language)
    for titles in (app.env.titles, app.env.longtitles):
        english = nodes.inline("", "", *titles[docname].children, classes=["language-en"])
        marked = nodes.title("", "", english)
        marked += nodes.Text(" " + _("(in English)"))
        titles[docname] = marked
    entries = app.env.tocs[docname]
    for reference in entries.findall(nodes.reference):
        if not reference.get("anchorname"):
            reference.children = [child.deepcopy() for child in app.env.titles[docname].children]
            break
    for entry in list(entries.findall(nodes.list_item)):
        # The page that stands here has none of its sections; what the contents list below stays.
        anchor = next(iter(entry.findall(nodes.reference)), None)
        if (
            anchor is not None
            and anchor.get("anchorname")
            and not any(entry.findall(addnodes.toctree))
        ):
            entry.parent.remove(entry)


def _sort_terms(doctree: nodes.document) -> None:
    """Bring the entries of a glossary into the order of the language's alphabet."""
    ranks = {letter: rank for rank, letter in enumerate(ALPHABET)}

    def order(entry: nodes.Node) -> list[int]:
        term = entry[0].astext().lower() if isinstance(entry, nodes.Element) else ""
        return [ranks.get(letter, ord(letter) - 1000) for letter in term]

    for glossary in doctree.findall(addnodes.glossary):
        for entries in glossary.findall(nodes.definition_list):
            entries.children.sort(key=order)


def replace_untranslated(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put an announcement in the place of a page that is not translated."""
    page = pages.all_of(app.env).get(docname)
    if is_source(app) or page is None or page.matter is None or page.translated:
        return
    _ = words(app.config.language)
    section = next(doctree.findall(nodes.section), None)
    ids = section["ids"] if section is not None else []
    title = nodes.inline("", page.matter.title, classes=["language-en"])
    announcement = nodes.section("", nodes.title("", "", title), ids=ids)
    announcement += fixed(nodes.paragraph, _("This page is not translated into this language yet."))
    link = nodes.reference(
        "",
        _("Read it in English"),
        refuri=other_language(app, docname, SOURCE),
        classes=["uz-in-english"],
        internal=True,
    )
    announcement += nodes.paragraph("", "", link, translatable=False)
    doctree.children = []
    doctree += announcement


def other_language(app: Sphinx, docname: str, lang: str) -> str:
    """Return the address of a page in another language, from this one."""
    uri = app.builder.get_target_uri(docname)
    return "../" * (uri.count("/") + 1) + f"{lang}/{uri}"


def sources(app: Sphinx, env: BuildEnvironment) -> None:
    """Translate the notes of the sources, once the page that lists them is translated."""
    for docname, page in pages.all_of(env).items():
        if pages.page_path(docname) == REFERENCES and not is_source(app):
            citations.translate(env, of(app).of(REFERENCES) if page.translated else str)


def plain(text: str) -> str:
    """Return a text of the front matter without its markup."""
    return re.sub(r"\{[a-z]+\}`([^`<]*?)\s*(?:<[^`]*>)?`|[*`]", r"\1", text)
