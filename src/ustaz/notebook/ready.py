"""Ready notebooks: those that somebody opens from JupyterLab's launcher and runs as they are.

They hold no data and name nobody: each table is asked for when a cell is run, in the name of
whoever runs it. What they show then is in their output, and a saved notebook keeps its output;
so the first cell says it, and what members wrote is left out of the file
(:class:`ustaz_widgets.Workbook`).
"""

from __future__ import annotations

from typing import Any, Final

import nbformat

from ustaz.messages import N_, translator

__all__ = ["READY", "my_group", "ready_notebook", "the_course"]

_v4: Any = nbformat.v4  # has no types

TITLE: Final = N_("My group")
HOW: Final = N_(
    "How far your group is, by numbers and by person. Run the cells one after another with"
    " Shift+Enter, or all of them from the menu “Run”."
)
KEPT: Final = N_(
    "A saved notebook keeps the tables that it shows, with the names of people. Keep it in your own"
    " folder, and clear the outputs (menu “Edit”) before you pass it on. What members wrote is"
    " shown here and is not kept in the file."
)
FAR: Final = N_("How far everybody is")
PLANS: Final = N_("Steps of the plans")
PLANS_HOW: Final = N_("How many steps each member has planned, and how they stand.")
MEMBER: Final = N_("A member's plan")
MEMBER_HOW: Final = N_(
    "Choose a member: the plan stands below, to be read. It is as they show it at this moment."
)

_TABLES: Final = """\
from ustaz.cohort import Cohort, bars
from ustaz_widgets import Workbook

cohort = Cohort({options})
names = cohort.people.set_index("person").name
rows = cohort.workbooks
titles = dict(zip(rows.workbook, rows.title))
rows = rows[rows.due.notna()].assign(
    name=rows.person.map(names),
    answered=rows.answered.astype("string") + "/" + rows.of.astype("string"),
)
rows = rows.pivot(index=["name", "person"], columns="workbook", values="answered")
rows.droplevel("person").rename(columns=titles)"""
_PLANS: Final = """\
steps = cohort.table("action-plan.steps")
states = cohort.labels("action-plan.steps", "status")
counts = steps.groupby(["person", "status"]).size().unstack(fill_value=0)
counts = counts[[state for state in states if state in counts]]
bars(counts.rename(index=names, columns=states).sort_index())"""
_MEMBER: Final = """\
import ipywidgets as widgets

members = sorted(cohort.workbooks.person[cohort.workbooks.workbook == "action-plan"].unique())
member = widgets.Dropdown(options=[(names.get(person, person), person) for person in members])


def show(person):
    display(Workbook("action-plan", person=person, read_only=True))


widgets.VBox([member, widgets.interactive_output(show, {{"person": member}})])"""


COURSE: Final = N_("The course in numbers")
COURSE_HOW: Final = N_(
    "What course staff look at from week to week, by numbers and never as a ranking. Run the cells"
    " one after another with Shift+Enter, or all of them from the menu “Run”."
)
COURSE_KEPT: Final = N_(
    "A saved notebook keeps the tables that it shows, with the names of people. Keep it in your own"
    " folder, and clear the outputs (menu “Edit”) before you pass it on."
)
PROGRESS: Final = N_("How far groups, schools and regions are")
PROGRESS_HOW: Final = N_(
    "Each bar counts workbooks with a day by how they stand. Where the list of people names no"
    " regions, there is no bar for them."
)
OPEN: Final = N_("Who has not submitted, and who may need help")
OPEN_HOW: Final = N_(
    "People whose day has passed without a submission, and steps of plans that are past theirs. Ask"
    " what is in the way; a number does not know it."
)
STRANDS: Final = N_("What the steps of the plans are about")
STRANDS_HOW: Final = N_("Steps by strand and group; a strand without steps is worth a talk.")
FEEDBACK: Final = N_("How long feedback takes")
FEEDBACK_HOW: Final = N_(
    "Days from a submission to its feedback, and how many wait for theirs at this moment."
)

_PROGRESS: Final = """\
from ustaz.cohort import Cohort, bars

cohort = Cohort({options})
due = cohort.workbooks
due = due[due.due.notna()].merge(cohort.people, on="person", suffixes=("", "_of_person"))
states = cohort.labels("workbooks", "status")
for by in ("group", "school", "region"):
    placed = due[due[by].fillna("") != ""]
    if len(placed):
        counts = placed.groupby([by, "status"]).size().unstack(fill_value=0)
        counts = counts[[state for state in states if state in counts]]
        display(bars(counts.rename(columns=states)))"""
_OPEN: Final = """\
late = due[due.overdue.fillna(False).astype(bool) | (due.late_steps.fillna(0) > 0)]
shown = ["group", "name", "title", "status", "due", "late_steps"]
late.assign(status=late.status.map(states))[shown].sort_values(shown[:2])"""
_STRANDS: Final = """\
strands = cohort.labels("action-plan.steps", "strand")
bars(cohort.counts("action-plan.steps", "strand", by="group").rename(columns=strands))"""
_FEEDBACK: Final = """\
rounds = cohort.rounds[cohort.rounds.present.fillna(False).astype(bool)]
waiting = rounds[rounds.returned_at.isna()].groupby("workbook").size().rename("waiting")
days = rounds.groupby("workbook").days_to_feedback.describe()[["count", "50%", "max"]]
days.round(1).join(waiting, how="outer").fillna({{"waiting": 0}})"""


def my_group(lang: str) -> Any:  # noqa: ANN401  (nbformat has no types)
    """Return the notebook of a facilitator, with its words in `lang`."""
    say = translator(lang).gettext
    texts = (
        f"# {say(TITLE)}\n\n{say(HOW)}\n\n{say(KEPT)}\n\n## {say(FAR)}",
        f"## {say(PLANS)}\n\n{say(PLANS_HOW)}",
        f"## {say(MEMBER)}\n\n{say(MEMBER_HOW)}",
    )
    return _notebook(texts, (_TABLES, _PLANS, _MEMBER), lang)


def the_course(lang: str) -> Any:  # noqa: ANN401  (nbformat has no types)
    """Return the notebook of course staff, with its words in `lang`."""
    say = translator(lang).gettext
    texts = (
        "\n\n".join(
            [
                f"# {say(COURSE)}",
                say(COURSE_HOW),
                say(COURSE_KEPT),
                f"## {say(PROGRESS)}",
                say(PROGRESS_HOW),
            ]
        ),
        f"## {say(OPEN)}\n\n{say(OPEN_HOW)}",
        f"## {say(STRANDS)}\n\n{say(STRANDS_HOW)}",
        f"## {say(FEEDBACK)}\n\n{say(FEEDBACK_HOW)}",
    )
    return _notebook(texts, (_PROGRESS, _OPEN, _STRANDS, _FEEDBACK), lang)


def _notebook(texts: tuple[str, ...], sources: tuple[str, ...], lang: str) -> Any:  # noqa: ANN401
    """Return a notebook: a cell of text before each cell that is run."""
    cells = []
    for number, (text, source) in enumerate(zip(texts, sources, strict=True)):
        cells += [
            _v4.new_markdown_cell(text, id=f"text-{number}"),
            _v4.new_code_cell(source.format(options=f'lang="{lang}"'), id=f"code-{number}"),
        ]
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    notebook = _v4.new_notebook(cells=cells, metadata=metadata)
    nbformat.validate(notebook)
    return notebook


#: Ready notebooks by the id of the launcher's card.
READY: Final = {"my-group": my_group, "the-course": the_course}


def ready_notebook(name: str, lang: str) -> Any:  # noqa: ANN401
    """Return a ready notebook; a KeyError where there is none of that name."""
    return READY[name](lang)
