"""Feedback: what a teacher gets back, and how it gets there.

A teacher reads the comments and their own answers, "12 of 14 answered", and never points. The page
is one file without a script and without a request.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from nbconvert.exporters import HTMLExporter
from nbconvert.exporters.exporter import Exporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.utils import notebook_hash

from ustaz.base import clock, desk, files
from ustaz.base.errors import UstazError
from ustaz.course import Course
from ustaz.course.locate import course_around
from ustaz.course.nbgrader_config import db_url, nbgrader_config
from ustaz.exchange import Submission, at_desk, marks, read_round, rounds
from ustaz.exchange.collecting import SECRET_FILE, TIMESTAMP_FILE
from ustaz.exchange.ordinary import names_workbook
from ustaz.exchange.receipts import feedback_dir
from ustaz.exchange.validate import read_collected
from ustaz.grading.dates import late_day
from ustaz.grading.evaluating import Judged, judge_round, rendered
from ustaz.grading.formulas import set_formulas
from ustaz.grading.gradebook import snapshot
from ustaz.grading.markdown import comment_html
from ustaz.grading.preprocessors import autograded_path
from ustaz.grading.render import ANSWERS_CSS
from ustaz.grading.reports import FeedbackReport
from ustaz.messages import N_, translator
from ustaz.messages import format as fill_in
from ustaz.workbook.serialize import localized

log = logging.getLogger("ustaz.grading")

_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class Feedback:
    """The feedback on one round, as its owner reads it.

    Attributes
    ----------
    round : int
    received_at, returned_at : str
        ISO 8601 with an offset.
    answered, of : int
    comments : list of str
        What a reader wrote, as plain text.
    html : str
        The answers, escaped, in the language they were written in.
    lang : str
        Language of the answers.
    """

    round: int
    received_at: str
    returned_at: str
    answered: int
    of: int
    comments: list[str]
    html: str
    lang: str

    def to_dict(self) -> dict[str, Any]:
        """Return what the API gives out."""
        return {
            "round": self.round,
            "received_at": self.received_at,
            "returned_at": self.returned_at,
            "answered": self.answered,
            "of": self.of,
            "comments": self.comments,
            "html": self.html,
            "lang": self.lang,
        }


def feedback(
    course: Course, workbook: str | None = None, *, person: str | None = None
) -> FeedbackReport:
    """Give back what is marked: nbgrader's feedback files, and the page of its owner.

    Parameters
    ----------
    course : Course
    workbook, person : str, optional
        Only this one; default all.

    Returns
    -------
    FeedbackReport
        Running it again gives back only what was marked or commented anew since.
    """
    desk.refuse(course.dir)
    report = FeedbackReport()
    wanted = [workbook] if workbook is not None else list(course.assignments)
    with Gradebook(db_url(course, nbgrader_config(course)), course.id) as gradebook:
        for assignment in wanted:
            for folder in sorted((course.dir / "autograded").glob(f"*/{assignment}")):
                name = folder.parent.name
                if person is not None and name != person:
                    continue
                try:
                    _give(course, gradebook, name, assignment, report)
                except (UstazError, OSError, MissingEntry) as error:
                    why = error.id if isinstance(error, UstazError) else type(error).__name__
                    report.failed.append((name, assignment, why, ""))
                    log.warning("no feedback for %s %s: %s", name, assignment, why)
    return report


def _give(
    course: Course, gradebook: Gradebook, person: str, workbook: str, report: FeedbackReport
) -> None:
    row = gradebook.find_submission_notebook(workbook, workbook, person)
    shot = snapshot(row)
    if shot["needs_manual_grade"]:
        report.waiting.append((person, workbook))
        return
    frozen = read_collected(course, person, workbook)
    number = frozen.record.round
    kept = marks.load(course, person, workbook)["rounds"].get(number, {})
    if kept.get("returned_at") and kept.get("marks") == shot:
        report.unchanged.append((person, workbook))
        return
    text = feedback_page(course, frozen, _comments(shot))
    folder = course.dir / "feedback" / person / workbook
    _write_files(folder, workbook, text, autograded_path(course, person, workbook))
    publish(course, folder, workbook)
    hand_back(course, person, workbook, frozen, shot, text)
    report.returned.append((person, workbook))


def _write_files(folder: Path, workbook: str, text: str, autograded: Path) -> None:
    """Leave in ``feedback/`` what ``nbgrader generate_feedback`` would."""
    files.make_folder(folder)
    for name in (TIMESTAMP_FILE, SECRET_FILE):
        files.replace(folder / name, (autograded / name).read_bytes(), 0o644)
    files.replace(folder / f"{workbook}.html", text.encode("utf-8"), 0o644)


def publish(course: Course, folder: Path, workbook: str) -> None:
    """Put a feedback file where ``nbgrader fetch_feedback`` looks for it."""
    root = nbgrader_config(course).Exchange.get("root", "")
    if not root:
        return
    secret = (folder / SECRET_FILE).read_text(encoding="ascii")
    name = notebook_hash(secret=secret, notebook_id=workbook)
    place = Path(str(root)) / course.id / "feedback"
    files.make_folder(place, 0o711)
    files.replace(place / f"{name}.html", (folder / f"{workbook}.html").read_bytes(), 0o644)


def hand_back(
    course: Course, person: str, workbook: str, frozen: Submission, shot: dict[str, Any], text: str
) -> None:
    """Lay the feedback beside the person's answers, and note what was given back and when.

    Parameters
    ----------
    course : Course
    person, workbook : str
    frozen : Submission
        The round that was graded.
    shot : dict
        The marks, as :func:`ustaz.grading.gradebook.snapshot` gives them.
    text : str
        The page.
    """
    number = frozen.record.round
    folder = feedback_dir(course, person, workbook, number)
    files.make_folder(folder)
    files.replace(folder / f"{workbook}.html", text.encode("utf-8"))
    with marks.change(course, person, workbook) as known:
        kept = known["rounds"].setdefault(str(number), {})
        kept["marks"] = shot
        kept["returned_at"] = clock.stamp()


def returned(course: Course, person: str, workbook: str) -> list[Feedback]:
    """Return the feedback that a person has got on a workbook, the latest round first."""
    cells = []
    for round_ in reversed(rounds(course, person, workbook)):
        if round_.returned_at is None or round_.marks is None:
            continue
        judged = judge_round(course, read_round(course, person, workbook, round_.round))
        cells.append(
            Feedback(
                round=round_.round,
                received_at=clock.stamp(round_.receipt.received_at, course.timezone),
                returned_at=round_.returned_at,
                answered=round_.receipt.answered,
                of=round_.receipt.of,
                comments=_comments(round_.marks),
                html=rendered(course, judged, own=True),
                lang=judged.lang,
            )
        )
    return cells


def _comments(shot: dict[str, Any]) -> list[str]:
    return [cell["comment"] for cell in shot["cells"] if cell["comment"]]


# -- the page -----------------------------------------------------------------------------------
def feedback_page(course: Course, frozen: Submission, comments: list[str]) -> str:
    """Return a round's feedback as one HTML file, in its owner's language."""
    judged = judge_round(course, frozen)
    member = course.people.get(frozen.record.person)
    lang = member.lang if member else judged.lang
    words = translator(lang)
    when = frozen.received_at.astimezone(course.timezone)
    page: str = _PAGES.get_template("feedback.html.j2").render(
        lang=lang,
        css=Markup(ANSWERS_CSS),  # noqa: S704  (our own style sheet)
        title=localized(judged.definition, lang)["title"],
        subtitle=fill_in(
            words.gettext(N_("Round {n}, received on {when}")),
            n=frozen.record.round,
            when=f"{when:%Y-%m-%d %H:%M}",
        ),
        late=words.gettext(N_("Late")) if late_day(course, frozen) else "",
        progress=fill_in(
            words.gettext(N_("{answered} of {of} answered")),
            answered=frozen.record.answered,
            of=frozen.record.of,
        ),
        heading=words.gettext(N_("What your reader says")),
        nothing=words.gettext(N_("There is no comment this time.")),
        yours=words.gettext(N_("What you wrote")),
        comments=[Markup(comment_html(comment)) for comment in comments],  # noqa: S704  (sanitised)
        answers=Markup(_answers(course, judged, lang)),  # noqa: S704  (escaped by render_answers)
    )
    return page


def page_of_collected(course: Course, person: str, workbook: str, url: str = "") -> str:
    """Return the feedback page of the round that was collected, with the comments of now."""
    with Gradebook(url or db_url(course, nbgrader_config(course)), course.id) as gradebook:
        shot = snapshot(gradebook.find_submission_notebook(workbook, workbook, person))
    return feedback_page(course, read_collected(course, person, workbook), _comments(shot))


def _answers(course: Course, judged: Judged, reader: str) -> str:
    return rendered(course, judged, reader=reader, own=True)


class FeedbackExporter(HTMLExporter):
    """``nbgrader generate_feedback``: our page for workbooks, nbgrader's for the rest."""

    def from_notebook_node(  # type: ignore[override]  # as every template exporter does
        self,
        nb: NotebookNode,
        resources: dict[str, Any] | None = None,
        **kw: Any,  # noqa: ANN401 - nbconvert's own signature
    ) -> tuple[str, dict[str, Any]]:
        """Return the feedback page of a graded notebook."""
        info = (resources or {}).get("nbgrader", {})
        course = course_around(self.parent.coursedir.root) if self.parent else None
        workbook = info.get("assignment")
        if course is None or not names_workbook(
            course.dir / "release" / str(workbook) / f"{info.get('notebook')}.ipynb", str(workbook)
        ):
            page, resources = super().from_notebook_node(nb, resources, **kw)
            return set_formulas(page), resources
        _, resources = Exporter.from_notebook_node(self, nb, resources, **kw)
        if desk.at(course.dir):
            return at_desk.feedback_page(course, info["student"], workbook), resources
        return page_of_collected(course, info["student"], workbook, info["db_url"]), resources
