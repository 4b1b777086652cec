"""Checks of one page: the blocks that it must have, their order, and its minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from docutils import nodes

from ustaz.book import pages
from ustaz.book.directives.hint import CLOSING
from ustaz.book.nodes import block, block_label, fold, step_minutes

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from ustaz.book.frontmatter import FrontMatter

MODULE_MINUTES: Final = (25, 40)
MODULE_NEEDS: Final = {
    "objectives": 1,
    "questions": 1,
    "activity": 1,
    "example": 1,
    "discussion": 1,
    "quiz": 3,
    "reflection": 1,
    "confidence": 1,
    "keypoints": 1,
}
RUNBOOK_SECTIONS: Final = ("before", "start", "activities", "if-it-goes-wrong", "after")
TALK_SHARE: Final = 0.25
#: Words a minute of somebody who reads carefully, perhaps not in the first language.
READING_SPEED: Final = 180


def check(app: Sphinx, doctree: nodes.document) -> None:
    """Check a page that was just read; every complaint has its file and line."""
    docname = app.env.docname
    page = pages.of(app.env, docname)
    _Check(app, docname, page, doctree).run()


class _Check:
    def __init__(
        self, app: Sphinx, docname: str, page: pages.Page, doctree: nodes.document
    ) -> None:
        self.app, self.docname, self.page, self.doctree = app, docname, page, doctree
        self.blocks: list[block] = list(doctree.findall(block))

    def warn(self, message: str, node: nodes.Node | None = None) -> None:
        line = node.line if node is not None and node.line else 1
        pages.warn(message, self.docname, line, "anatomy")

    def run(self) -> None:
        for image in self.doctree.findall(nodes.image):
            if not str(image.get("alt", "")).strip():
                self.warn("an image has no alternative text (`alt`)", image)
        for node in self.doctree.findall(fold):
            if not (isinstance(node.parent, block) and node.parent["kind"] == "activity"):
                self.warn(f"`{{{node['kind']}}}` stands directly inside an `{{activity}}`", node)
        self.quizzes()
        self.workbooks()
        matter = self.page.matter
        if matter is None:
            return
        self.title(matter)
        if self.page.kind == "module":
            self.module(matter)
        elif self.page.kind == "runbook":
            self.runbook(matter)

    def quizzes(self) -> None:
        for quiz in self.blocks:
            if quiz["kind"] == "quiz":
                if quiz["quiz"] in self.page.quiz_ids:
                    self.warn(f"the page has two quizzes with the id {quiz['quiz']!r}", quiz)
                self.page.quiz_ids.append(quiz["quiz"])

    def workbooks(self) -> None:
        for node in self.blocks:
            above: nodes.Node | None = node
            while above is not None and not isinstance(above, nodes.section):
                above = above.parent
            if above is not None:
                anchor = above["ids"][0]
                self.page.workbooks += [
                    (node["workbook"], section, anchor) for section in node.get("sections", ())
                ]

    def title(self, matter: FrontMatter) -> None:
        heading = next(self.doctree.findall(nodes.title), None)
        if heading is None:
            self.warn("the page has no heading (`# …`)")
        elif self.app.config.language == matter.lang and heading.astext() != matter.title:
            self.warn(
                f"the heading {heading.astext()!r} differs from the title {matter.title!r} "
                "in the front matter",
                heading,
            )

    # -- modules ---------------------------------------------------------------------------------
    def module(self, matter: FrontMatter) -> None:
        kinds = [node["kind"] for node in self.blocks]
        for kind, fewest in MODULE_NEEDS.items():
            if kinds.count(kind) < fewest:
                how_many = "a" if fewest == 1 else f"at least {fewest}"
                self.warn(f"a module needs {how_many} `{{{kind}}}` block(s)")
        if kinds[:2] != ["objectives", "questions"]:
            self.warn("a module starts with `{objectives}`, then `{questions}`")
        outer = [node for node in self.blocks if not isinstance(node.parent, block)]
        if outer and outer[-1]["kind"] != "keypoints":
            self.warn("a module ends with `{keypoints}`", outer[-1])
        shown = [node["workbook"] for node in self.blocks if node["kind"] == "workbook"]
        if matter.workbook and matter.workbook not in shown:
            self.warn(f"the module does not show its workbook (`{{workbook}} {matter.workbook}`)")
        for activity in (node for node in self.blocks if node["kind"] == "activity"):
            if not any(node["kind"] in CLOSING for node in activity.findall(fold)):
                self.warn(
                    "an activity of a module ends with an `{answer}` or a `{remark}`", activity
                )
        self.steps(matter)

    def steps(self, matter: FrontMatter) -> None:
        total = 0
        for section in self.doctree.findall(nodes.section):
            if isinstance(section.parent, nodes.document):
                continue
            if not isinstance(section.parent.parent, nodes.document):
                continue
            first = section[1] if len(section) > 1 else None
            if not isinstance(first, step_minutes):
                self.warn("a step has no `{minutes}` directly under its heading", section[0])
                continue
            minutes = int(first["minutes"])
            total += minutes
            section["classes"].append("uz-step")
            self.page.step_ids.append(section["ids"][0])
            if self.app.config.language == matter.lang:
                self.honest(section, minutes)
        if total != matter.minutes:
            self.warn(f"the steps take {total} minutes, the front matter says {matter.minutes}")
        low, high = MODULE_MINUTES
        if not low <= matter.minutes <= high:
            self.warn(f"a module takes {low} to {high} minutes, not {matter.minutes}")

    def honest(self, section: nodes.section, minutes: int) -> None:
        """Compare the minutes with the words to read and the tasks to do."""
        tasks = sum(
            int(node["minutes"] or 0)
            for node in section.findall(block)
            if node["kind"] != "workbook"
        )
        words = sum(
            len(text.astext().split())
            for text in section.findall(nodes.Text)
            if not _in_edition_block(text)
        )
        needed = tasks + words / READING_SPEED
        if needed > minutes + 0.5:
            self.warn(
                f"the step says {minutes} minutes, but {words} words and {tasks} minutes of tasks "
                f"take about {needed:.0f}",
                section[0],
            )

    # -- runbooks --------------------------------------------------------------------------------
    def runbook(self, matter: FrontMatter) -> None:
        top = next(self.doctree.findall(nodes.section), None)
        sections = [node for node in top or [] if isinstance(node, nodes.section)]
        if matter.lang == self.app.config.language:
            ids = tuple(section["ids"][0] for section in sections)
            if ids != RUNBOOK_SECTIONS:
                self.warn(
                    "a runbook has the sections Before, Start, Activities, If it goes wrong, After"
                    f"; found {', '.join(ids) or 'none'}"
                )
        activities = [node for node in self.blocks if node["kind"] == "activity"]
        for activity in activities:
            if activity["talk"] is None:
                self.warn("an activity of a runbook needs `:talk:`", activity)
            inside = {node["kind"] for node in activity.findall(block)}
            if "say" not in inside:
                self.warn("an activity of a runbook needs a `{say}` block", activity)
        total = sum(int(activity["minutes"] or 0) for activity in activities)
        talk = sum(int(activity["talk"] or 0) for activity in activities)
        if total != matter.minutes:
            self.warn(
                f"the activities take {total} minutes, the front matter says {matter.minutes}"
            )
        if talk > TALK_SHARE * matter.minutes:
            self.warn(
                f"the facilitator talks for {talk} of {matter.minutes} minutes; a quarter at most"
            )


def _in_edition_block(node: nodes.Node) -> bool:
    parent = node.parent
    while parent is not None:
        if isinstance(parent, block_label) or (
            isinstance(parent, block) and parent["kind"] == "facilitator"
        ):
            return True
        parent = parent.parent
    return False
