"""What is known of each page: its kind, its front matter, its steps and questions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from sphinx.util import logging

from ustaz.book import frontmatter

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

logger = logging.getLogger(__name__)


#: Where the sources of a folder are published.
ROOTS: Final = {"book/": "", "facilitator_notes/": "notes/"}


def page_path(docname: str) -> str:
    """Return where a page is published, without the suffix."""
    for prefix, published in ROOTS.items():
        if docname.startswith(prefix):
            path = published + docname.removeprefix(prefix)
            return f"{path.removesuffix('README')}index" if path.endswith("README") else path
    return docname


@dataclass(slots=True)
class Page:
    """One page of the book.

    Attributes
    ----------
    kind : str
        ``module``, ``runbook`` or ``page``; it follows from the folder.
    matter : FrontMatter or None
        None when the front matter could not be read.
    step_ids, quiz_ids : list[str]
        Anchors of the steps and ids of the self-check questions, in order.
    title : str
        As the page shows it: in the language that is built, once the page is translated.
    workbooks : list[tuple[str, str, str]]
        Workbook, section of it, and the anchor of the step that it belongs to.
    objectives : tuple[str, ...]
        The same of its objectives.
    translated : bool
        False where the page is only announced in this language.
    draft : bool
        Whether no native reader has signed off some translation of it.
    """

    kind: str
    matter: frontmatter.FrontMatter | None
    step_ids: list[str] = field(default_factory=list)
    quiz_ids: list[str] = field(default_factory=list)
    workbooks: list[tuple[str, str, str]] = field(default_factory=list)
    title: str = ""
    objectives: tuple[str, ...] = ()
    translated: bool = True
    draft: bool = False


def kind_of(docname: str) -> str:
    """Return what kind of page lies at `docname`."""
    folder, _, name = docname.rpartition("/")
    if folder == "book/modules":
        return "module"
    if folder == "facilitator_notes" and name != "README":
        return "runbook"
    return "page"


def all_of(env: BuildEnvironment) -> dict[str, Page]:
    """Return all pages read so far, by document name."""
    if not hasattr(env, "ustaz_pages"):
        env.ustaz_pages = {}  # type: ignore[attr-defined]  # Sphinx's way to keep data in an env
    pages: dict[str, Page] = env.ustaz_pages  # type: ignore[attr-defined]
    return pages


def of(env: BuildEnvironment, docname: str) -> Page:
    """Return one page."""
    return all_of(env).setdefault(docname, Page(kind_of(docname), None))


def warn(message: str, docname: str, line: int | None, subtype: str) -> None:
    """Report a fault of a page with its file and line."""
    logger.warning(message, location=(docname, line), type="ustaz", subtype=subtype)


def read_front_matter(app: Sphinx, docname: str, source: list[str]) -> None:
    """Read the front matter of a page that Sphinx is about to parse."""
    matter, faults = frontmatter.read(source[0])
    for fault in faults:
        warn(f"front matter: {fault.message}", docname, fault.line, "frontmatter")
    page = Page(kind_of(docname), matter)
    if matter:
        page.title, page.objectives = matter.title, matter.objectives
    all_of(app.env)[docname] = page


def purge(app: Sphinx, env: BuildEnvironment, docname: str) -> None:  # noqa: ARG001
    """Forget a page that is read again or was removed."""
    all_of(env).pop(docname, None)


def merge(
    app: Sphinx,  # noqa: ARG001
    env: BuildEnvironment,
    docnames: Iterable[str],
    build_environment: BuildEnvironment,
) -> None:
    """Take over the pages that a parallel reader has read."""
    read = all_of(build_environment)
    all_of(env).update({name: read[name] for name in docnames if name in read})
