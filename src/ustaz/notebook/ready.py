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

__all__ = ["READY", "my_group", "ready_notebook"]

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
rows = rows[rows.due.notna()].assign(
    name=rows.person.map(names),
    answered=rows.answered.astype("string") + "/" + rows.of.astype("string"),
)
rows.pivot(index="name", columns="workbook", values="answered")"""
_PLANS: Final = """\
steps = cohort.table("action-plan.steps")
steps = steps.assign(name=steps.person.map(names))
bars(steps.groupby(["name", "status"]).size().unstack(fill_value=0))"""
_MEMBER: Final = """\
import ipywidgets as widgets

members = sorted(cohort.workbooks.person[cohort.workbooks.workbook == "action-plan"].unique())
member = widgets.Dropdown(options=[(names.get(person, person), person) for person in members])


def show(person):
    display(Workbook("action-plan", person=person, read_only=True))


widgets.VBox([member, widgets.interactive_output(show, {{"person": member}})])"""


def my_group(lang: str) -> Any:  # noqa: ANN401  (nbformat has no types)
    """Return the notebook of a facilitator, with its words in `lang`."""
    say = translator(lang).gettext
    options = f'lang="{lang}"'
    texts = (
        f"# {say(TITLE)}\n\n{say(HOW)}\n\n{say(KEPT)}\n\n## {say(FAR)}",
        f"## {say(PLANS)}\n\n{say(PLANS_HOW)}",
        f"## {say(MEMBER)}\n\n{say(MEMBER_HOW)}",
    )
    sources = (_TABLES.format(options=options), _PLANS, _MEMBER.format())
    cells = []
    for number, (text, source) in enumerate(zip(texts, sources, strict=True)):
        cells += [
            _v4.new_markdown_cell(text, id=f"text-{number}"),
            _v4.new_code_cell(source, id=f"code-{number}"),
        ]
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    notebook = _v4.new_notebook(cells=cells, metadata=metadata)
    nbformat.validate(notebook)
    return notebook


#: Ready notebooks by the id of the launcher's card.
READY: Final = {"my-group": my_group}


def ready_notebook(name: str, lang: str) -> Any:  # noqa: ANN401
    """Return a ready notebook; a KeyError where there is none of that name."""
    return READY[name](lang)
