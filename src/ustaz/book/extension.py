"""Register nodes, directives, builder, checks and assets with Sphinx."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from docutils import nodes

from ustaz.book import (
    anatomy,
    changes,
    citations,
    downloads,
    glossary,
    interface,
    navigation,
    pages,
    shortcuts,
    timetable,
    translating,
)
from ustaz.book.builder import BookBuilder
from ustaz.book.directives import DIRECTIVES, workbook
from ustaz.book.nodes import add_nodes, workbooks_from
from ustaz.book.settings import FACILITATOR, LEARNER, PACKAGE
from ustaz.book.text_builder import TextBuilder
from ustaz.book.translations import SOURCE
from ustaz.book.words import words

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

#: Scripts of Sphinx that no page needs.
UNUSED_SCRIPTS: Final = (
    "documentation_options.js",
    "doctools.js",
    "sphinx_highlight.js",
    "translations.js",
)
#: Names of blocks that docutils uses for admonitions.
TAKEN: Final = ("caution", "hint")
#: Style sheets that no page needs: there is no code in the book.
UNUSED_STYLES: Final = ("pygments.css", "furo-extensions.css")

#: Languages by their own names.
NAMES: Final = {"en": "English", "ru": "Русский", "kk": "Қазақша"}

#: The pages on which people look for a copy of their own.
OFFERING: Final = ("book/index", "book/about")
DECIMAL: Final = {"en": ".", "ru": ",", "kk": ","}

#: What the address of the workbooks ends in.
WORKBOOKS: Final = "workbooks/"


def register(app: Sphinx) -> dict[str, Any]:
    """Set up the extension (called by :func:`ustaz.book.setup`)."""
    app.setup_extension("sphinxcontrib.bibtex")
    shortcuts.install()
    citations.register()
    app.add_config_value("ustaz_edition", LEARNER, "env", [str])
    app.add_config_value("ustaz_workbook_base", "../../workbooks/", "html", [str])
    app.add_config_value("ustaz_workbooks_dir", workbook.FOLDER, "env", [str])
    app.add_config_value("ustaz_languages", "en", "html", [str])
    app.add_config_value("ustaz_downloads", "", "html", [str])
    add_nodes(app)
    for name, directive in DIRECTIVES.items():
        app.add_directive(name, directive, override=name in TAKEN)
    app.add_builder(BookBuilder)
    app.add_builder(TextBuilder, override=True)  # in the place of Sphinx's own
    app.connect("config-inited", _add_assets)
    app.connect("source-read", pages.read_front_matter)
    app.connect("env-purge-doc", pages.purge)
    app.connect("env-merge-info", pages.merge)
    app.connect("doctree-read", anatomy.check)
    app.connect("doctree-read", timetable.insert, priority=600)  # after the check
    app.connect("doctree-read", translating.announce_titles, priority=900)
    app.connect("env-purge-doc", changes.forget)
    app.connect("env-get-outdated", changes.outdated)
    app.connect("env-updated", citations.formatted, priority=300)
    app.connect("env-updated", translating.sources, priority=400)  # before they are formatted
    app.connect("env-updated", glossary.collect)
    app.connect("env-updated", changes.remember)
    app.connect("env-get-updated", changes.rewritten)  # once sections have their numbers
    app.connect("doctree-resolved", translating.replace_untranslated, priority=900)
    app.add_transform(translating.TableCells)
    app.add_transform(translating.WholePage)
    app.add_transform(translating.Captions)
    app.connect("env-check-consistency", _check_all)
    app.connect("html-page-context", _spare_furo, priority=400)
    app.connect("html-page-context", _page_context, priority=900)
    app.add_css_file("ustaz-book.css")
    app.add_js_file("ustaz-book.js", loading_method="defer")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def _spare_furo(
    app: Sphinx,
    pagename: str,  # noqa: ARG001
    templatename: str,  # noqa: ARG001
    context: dict[str, Any],
    doctree: nodes.document | None,  # noqa: ARG001
) -> None:
    """Let Furo draw no contents of its own: ours come from one tree for all pages."""
    if app.builder.name == BookBuilder.name and "toctree" in context:
        context["toctree"] = lambda **_: ""


def _add_assets(app: Sphinx, config: Config) -> None:
    interface.install(app)
    config.html_static_path.append(str(PACKAGE / "static"))


def _check_all(app: Sphinx, env: BuildEnvironment) -> None:
    _check_ids(env)
    _check_listed(app, env)
    edition = app.config.ustaz_edition
    glossary.check(env, app.config.language or "en", edition)
    citations.check(env, edition)


def _check_ids(env: BuildEnvironment) -> None:
    seen: dict[str, str] = {}
    everything = {
        name: page.matter for name, page in sorted(pages.all_of(env).items()) if page.matter
    }
    for docname, matter in everything.items():
        line = matter.lines.get("id")
        if matter.id in seen:
            message = f"front matter: the id {matter.id!r} is that of {seen[matter.id]} already"
            pages.warn(message, docname, line, "frontmatter")
        seen.setdefault(matter.id, docname)
    for docname, matter in everything.items():
        for prerequisite in matter.prerequisites:
            if prerequisite not in seen:
                message = f"front matter: no page has the id {prerequisite!r} (`prerequisites`)"
                pages.warn(message, docname, matter.lines.get("prerequisites"), "frontmatter")


def _check_listed(app: Sphinx, env: BuildEnvironment) -> None:
    """Report pages that no table of contents lists: nobody would ever find them."""
    root = Path(env.srcdir)
    folders = ["book", "facilitator_notes"] if app.config.ustaz_edition == FACILITATOR else ["book"]
    for folder in folders:
        for path in sorted((root / folder).rglob("*.md")):
            docname = path.relative_to(root).with_suffix("").as_posix()
            hidden = any(part.startswith(("_", ".")) for part in docname.split("/"))
            if not hidden and not docname.endswith("/README") and docname not in env.found_docs:
                message = f"{docname}.md is in no table of contents"
                pages.warn(message, "", None, "toc")


def _page_context(
    app: Sphinx,
    pagename: str,
    templatename: str,  # noqa: ARG001
    context: dict[str, Any],
    doctree: nodes.document | None,  # noqa: ARG001
) -> None:
    """Give the templates what they need, and drop what no page of a book needs."""
    context["uz_words"] = words(app.config.language or "en")
    context["uz_edition"] = app.config.ustaz_edition
    if not isinstance(app.builder, BookBuilder):
        return
    page = pages.all_of(app.env).get(pagename)
    context["uz_page"] = page
    context["uz_languages"] = _languages(app, pagename)
    context["uz_downloads"] = _downloads(app, pagename)
    # The reader's own pages are above their workbooks.
    context["uz_home"] = workbooks_from(app.builder, pagename).removesuffix(WORKBOOKS)
    context["script_files"] = [
        script for script in context["script_files"] if not _is_one_of(script, UNUSED_SCRIPTS)
    ]
    context["css_files"] = [
        style for style in context["css_files"] if not _is_one_of(style, UNUSED_STYLES)
    ]
    context["furo_navigation_tree"] = navigation.tree(app.builder, pagename)
    # Faults of Sphinx's own HTML that assistive technology stumbles over.
    if "body" in context:
        body = context["body"].replace('role="doc-biblioentry"', 'role="listitem"')
        context["body"] = body.replace('<p class="caption" role="heading">', '<p class="caption">')
    context["uz_data"] = json.dumps(_data(app, page, context), ensure_ascii=False).replace(
        "<", "\\u003c"
    )


def _languages(app: Sphinx, pagename: str) -> list[dict[str, Any]]:
    """Return the same page in each language that is built with this one."""
    languages = [lang for lang in app.config.ustaz_languages.split(",") if lang in NAMES]
    return [
        {
            "lang": lang,
            "name": NAMES[lang],
            "url": translating.other_language(app, pagename, lang),
            "current": lang == (app.config.language or SOURCE),
        }
        for lang in languages
        if len(languages) > 1
    ]


def _downloads(app: Sphinx, pagename: str) -> list[dict[str, Any]]:
    """Return the files to take home, for the pages that offer them."""
    if pagename not in OFFERING:
        return []
    top = "../" * (app.builder.get_target_uri(pagename).count("/") + 1)
    return [
        {
            "url": f"{top}{downloads.FOLDER}/{file.name}",
            "kind": file.kind,
            "size": f"{max(file.size / 1e6, 0.1):.1f}".replace(".", DECIMAL[app.config.language]),
        }
        for file in downloads.from_setting(app.config.ustaz_downloads)
    ]


def _is_one_of(asset: object, names: tuple[str, ...]) -> bool:
    return str(getattr(asset, "filename", asset)).split("?", 1)[0].endswith(names)


def _data(app: Sphinx, page: pages.Page | None, context: dict[str, Any]) -> dict[str, Any]:
    """Return what the page's script needs to know."""
    _ = words(app.config.language or "en")
    matter = page.matter if page else None
    modules = {
        page.matter.id: {
            "url": context["pathto"](docname),
            "title": page.title,
            "steps": len(page.step_ids),
            "quizzes": len(page.quiz_ids),
        }
        for docname, page in sorted(pages.all_of(app.env).items())
        if page.kind == "module" and page.matter
    }
    return {
        "page": matter.id if matter else "",
        "kind": page.kind if page and page.translated else "page",
        "modules": modules,
        "words": {
            "check": _("Check"),
            "again": _("Try again"),
            "choose": _("Choose an answer first."),
            "right": _("Right."),
            "partly": _("Not all of it yet. Read the remarks and try again."),
            "wrong": _("Not quite. Read the remark and try again."),
            "one": _("Choose one answer."),
            "several": _("Choose all that apply."),
            "book": _("Contents of the book"),
            "contents": _("Contents of this page"),
            "mark": _("Mark this step as read"),
            "marked": _("Read"),
            "progress": _("{done} of {of} steps read"),
            "checked": _("{done} of {of} questions answered"),
            "complete": _("complete"),
            "continue": _("Go on where you stopped: {title}"),
            "kept": _("Marks stay on this device only."),
            "forget": _("Forget my marks on this device"),
            "forgotten": _("Your marks on this device are gone."),
        },
    }
