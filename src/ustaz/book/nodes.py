"""The nodes of our blocks, and how they are written (small letters, as docutils names nodes).

Fixed words are marked ``translatable=False``: they are translated by our own catalogue when the
node is made. Everything that an author wrote stays an ordinary text node, so that gettext finds it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from docutils import nodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.writers.html5 import HTML5Translator

Visitor = Callable[[Any, nodes.Element], None]


class block(nodes.General, nodes.Element):  # type: ignore[misc]  # noqa: N801
    """One of our blocks; attributes ``kind``, ``labelled`` (ids) and ``data`` (``data-*``)."""


class block_label(nodes.Part, nodes.TextElement):  # type: ignore[misc]  # noqa: N801
    """The fixed word of a block: "Objectives", "Activity"."""


class block_title(nodes.Part, nodes.TextElement):  # type: ignore[misc]  # noqa: N801
    """The author's title of a block."""


class block_meta(nodes.Part, nodes.TextElement):  # type: ignore[misc]  # noqa: N801
    """Minutes and grouping of a block."""


class feedback(nodes.General, nodes.Element):  # type: ignore[misc]  # noqa: N801
    """Feedback for one choice; without JavaScript it opens on request."""


class fold(nodes.General, nodes.Element):  # type: ignore[misc]  # noqa: N801
    """Text that opens on request: a ``kind`` (hint, answer, remark) and its ``summary``."""


class step_minutes(nodes.Part, nodes.TextElement):  # type: ignore[misc]  # noqa: N801
    """How long a step takes, under its heading; attribute ``minutes``."""


class workbook_link(nodes.General, nodes.TextElement):  # type: ignore[misc]  # noqa: N801
    """A link to a workbook's page; the address depends on where the edition is served."""


def fixed(kind: type[nodes.TextElement], text: str, **attributes: object) -> nodes.TextElement:
    """Return a node of a fixed word, which the translation of the page leaves alone."""
    return kind(text, text, translatable=False, **attributes)


def _attributes(node: nodes.Element) -> dict[str, str]:
    return {f"data-{key}": str(value) for key, value in node.get("data", {}).items()}


def _visit_block(self: HTML5Translator, node: nodes.Element) -> None:
    attributes = _attributes(node)
    if node.get("labelled"):
        attributes |= {"role": "group", "aria-labelledby": " ".join(node["labelled"])}
    self.body.append(self.starttag(node, "div", CLASS=f"uz-block uz-{node['kind']}", **attributes))


def _depart_block(self: HTML5Translator, node: nodes.Element) -> None:  # noqa: ARG001
    self.body.append("</div>\n")


def _paragraph(css_class: str) -> tuple[Visitor, Visitor]:
    def visit(self: HTML5Translator, node: nodes.Element) -> None:
        self.body.append(self.starttag(node, "p", "", CLASS=css_class))

    def depart(self: HTML5Translator, node: nodes.Element) -> None:  # noqa: ARG001
        self.body.append("</p>\n")

    return visit, depart


def _visit_feedback(self: HTML5Translator, node: nodes.Element) -> None:
    summary = self.encode(node["summary"])
    self.body.append(
        f'<details class="uz-feedback"><summary>{summary}</summary><div class="uz-feedback-text">'
    )


def _depart_details(self: HTML5Translator, node: nodes.Element) -> None:  # noqa: ARG001
    self.body.append("</div></details>\n")


def _visit_fold(self: HTML5Translator, node: nodes.Element) -> None:
    summary = self.encode(node["summary"])
    self.body.append(
        f'<details class="uz-fold uz-fold-{node["kind"]}"><summary>{summary}</summary>'
        '<div class="uz-fold-text">'
    )


def workbooks_from(builder: Builder, docname: str) -> str:
    """Return the address of the workbooks' pages, as a page of the book links to it.

    Empty for an edition that is read away from any server.
    """
    base = str(builder.config.ustaz_workbook_base)
    if not base or "://" in base or base.startswith("/"):
        return base
    return "../" * builder.get_target_uri(docname).count("/") + base


def _visit_workbook_link(self: HTML5Translator, node: nodes.Element) -> None:
    address = workbooks_from(self.builder, getattr(self.builder, "current_docname", ""))
    if not address:
        self.body.append('<span class="uz-workbook-away">')
        return
    href = self.attval(f"{address}{node['workbook']}")
    self.body.append(f'<a class="uz-workbook-link" href="{href}">')


def _depart_workbook_link(self: HTML5Translator, node: nodes.Element) -> None:  # noqa: ARG001
    self.body.append("</a>" if self.config.ustaz_workbook_base else "</span>")


def _pass(self: HTML5Translator, node: nodes.Element) -> None:
    """Write nothing around the content (builders other than HTML)."""


def add_nodes(app: Sphinx) -> None:
    """Register the nodes with every builder that may meet them."""
    plain = (_pass, _pass)
    html: dict[type[nodes.Element], tuple[Visitor, Visitor]] = {
        block: (_visit_block, _depart_block),
        block_label: _paragraph("uz-label"),
        block_title: _paragraph("uz-title"),
        block_meta: _paragraph("uz-meta"),
        feedback: (_visit_feedback, _depart_details),
        fold: (_visit_fold, _depart_details),
        step_minutes: _paragraph("uz-minutes"),
        workbook_link: (_visit_workbook_link, _depart_workbook_link),
    }
    for node, visitors in html.items():
        app.add_node(node, html=visitors, latex=plain, text=plain, man=plain, texinfo=plain)
