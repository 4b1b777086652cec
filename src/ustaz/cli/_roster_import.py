"""``roster import`` and ``roster join``: lists with a dry run, and spellings brought together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ustaz.cli import _exit
from ustaz.cli._help import PATH, directory_argument, json_option, option
from ustaz.cli._output import Output
from ustaz.cli._roster import called, opened, roster
from ustaz.messages import N_

if TYPE_CHECKING:
    from ustaz.enrolment import Choice, Plan, Problem
    from ustaz.roster import Past, Person

__all__ = ["roster"]


@roster.command(
    "import",
    help=N_("Take a list of people over (CSV or XLSX); first only look."),
    epilog="ustaz roster import autumn teachers.xlsx --apply",
)
@directory_argument
@click.argument("file", metavar="FILE", type=PATH)
@option("--apply", "apply_", is_flag=True, help=N_("Do it; without this nothing is changed."))
@option(
    "--column", "columns", multiple=True, metavar="LETTER=FIELD",
    help=N_("Say what a column is, such as B=surname; B= leaves it out. As often as needed."),
)  # fmt: skip
@option(
    "--headings", type=click.IntRange(0), metavar="ROW",
    help=N_("The row with the headings; 0: there is none."),
)  # fmt: skip
@option(
    "--role", "roles", multiple=True, metavar="WORD=ROLE",
    help=N_("Say which role a word of the list means. As often as needed."),
)  # fmt: skip
@json_option
@click.pass_context
def import_(
    ctx: click.Context,
    directory: Path,
    file: Path,
    apply_: bool,
    columns: tuple[str, ...],
    headings: int | None,
    roles: tuple[str, ...],
    as_json: bool,
) -> int:
    """Take a list over, or say what it would do."""
    from ustaz.enrolment import import_list, plan_import
    from ustaz.enrolment.parsing_process import parse
    from ustaz.enrolment.sheets import MAX_FILE

    out = Output(ctx, as_json=as_json)
    choice = _choice(ctx, out, columns, headings, roles)
    course, by = opened(directory)
    with file.open("rb") as handle:
        data = parse(handle.read(MAX_FILE + 1))
    if apply_:
        plan = import_list(course, data, by=by, choice=choice)
    else:
        plan = plan_import(course, data, choice, by=by)
    _say_plan(out, plan)
    out.result({"file": str(file), **plan.to_json()})
    return _exit.OK if plan.good else _exit.REFUSED


def _choice(
    ctx: click.Context,
    out: Output,
    columns: tuple[str, ...],
    headings: int | None,
    roles: tuple[str, ...],
) -> Choice:
    from ustaz.enrolment.choosing import CHOICES, checked_choice

    pairs = {key.upper(): value for key, _, value in (column.partition("=") for column in columns)}
    words = {key: value for key, _, value in (role.partition("=") for role in roles)}
    chosen = checked_choice(headings, pairs, words)
    if chosen is None or any("=" not in column for column in (*columns, *roles)):
        known = ", ".join(CHOICES)
        raise click.UsageError(
            out.gettext(
                "Write --column LETTER=FIELD with one of {known}, and --role WORD=ROLE.",
                known=known,
            ),
            ctx,
        )
    return chosen


def _say_plan(out: Output, plan: Plan) -> None:
    from ustaz.roster.labels import FIELDS

    for problem in plan.problems:
        out.line(f"✗ {_sentence(out, problem)}")
    if plan.problems:
        out.line(
            out.ngettext(
                "{count} mistake in the list: nothing was changed.",
                "{count} mistakes in the list: nothing was changed.",
                len(plan.problems),
            ),
            strong=True,
        )
        for note in plan.notes:
            if note.id == "unused":
                out.line(f"• {_sentence(out, note)}")
        if plan.offer is not None and plan.offer.columns:
            out.line(
                out.gettext(
                    "Where a column was read wrongly, say what it is: --column B=surname. A role"
                    " that is not known: --role WORD=participant."
                )
            )
        return
    _say_notes(out, plan)
    for row in plan.of("new"):
        out.line(out.gettext("New: {person}", person=called(row.person)))
    for row in plan.of("changed"):
        fields = "; ".join(
            f"{out.gettext(FIELDS[key])} {_shown(out, row.old, key)} →"
            f" {_shown(out, row.person, key)}"
            for key in row.fields
        )
        shown = out.gettext("Changed: {person}: {fields}", person=called(row.person), fields=fields)
        out.line(shown)
    out.line(
        out.gettext(
            "New: {new}. Changed: {changed}. Unchanged: {unchanged}. Not in the list, left as they"
            " are: {left}.",
            new=len(plan.of("new")),
            changed=len(plan.of("changed")),
            unchanged=len(plan.of("unchanged")),
            left=len(plan.left_alone),
        ),
        strong=True,
    )
    if plan.applied:
        out.line(out.gettext("Done."))
    else:
        out.line(out.gettext("Nothing was changed yet. Add --apply to do it."))


def _say_notes(out: Output, plan: Plan) -> None:
    from ustaz.enrolment.problems import gathered

    for note in gathered(plan.notes):
        if note.rows:
            text = out.gettext(note.message, **note.note.params)
            out.line(f"• {out.gettext('Rows {rows}', rows=note.rows)}: {text}")
        else:
            out.line(f"• {_sentence(out, note.note)}")


def _shown(out: Output, person: Person | None, key: str) -> str:
    """Return a field in words; a hyphen for nothing."""
    from ustaz.roster.labels import WORDS

    value = getattr(person, key, "")
    if key in {"roles", "lang", "status"} and value:
        values = value if isinstance(value, tuple) else (value,)
        return ", ".join(out.gettext(WORDS[word]) for word in values)
    return ("; ".join(value) if isinstance(value, tuple) else str(value)) or "-"


def _sentence(out: Output, problem: Problem) -> str:
    """Return a complaint with its place, as the sheet names it."""
    message, params = problem.text(out.gettext)
    text = out.gettext(message, **params)
    place = problem.place
    if place.row and place.column:
        where = out.gettext(
            "Row {row}, column {column} ({heading}):",
            row=place.row,
            column=place.column,
            heading=place.heading,
        )
        return f"{where} {text}"
    if place.row:
        return f"{out.gettext('Row {row}:', row=place.row)} {text}"
    return text


# -- spellings ------------------------------------------------------------------------------------
@roster.command(
    "join",
    help=N_("Join several spellings of one school or group; first only look."),
    epilog="ustaz roster join autumn --school 'School 5' --school 's. 5' --into 'School 5'",
)
@directory_argument
@option("--school", "schools", multiple=True, metavar="S", help=N_("A spelling of the school."))
@option("--group", "groups", multiple=True, metavar="G", help=N_("A spelling of the group."))
@option("--into", metavar="NAME", help=N_("The spelling that stays, or a new one."))
@option("--undo", type=click.IntRange(1), metavar="N", help=N_("Undo the join of this number."))
@option("--apply", "apply_", is_flag=True, help=N_("Do it; without this nothing is changed."))
@json_option
@click.pass_context
def join(
    ctx: click.Context,
    directory: Path,
    schools: tuple[str, ...],
    groups: tuple[str, ...],
    into: str | None,
    undo: int | None,
    apply_: bool,
    as_json: bool,
) -> int:
    """Join spellings, undo that, or say what looks alike."""
    from ustaz.deadlines.extensions import carry
    from ustaz.enrolment import join as do
    from ustaz.enrolment import undo_join
    from ustaz.enrolment.joining import plan_join

    out = Output(ctx, as_json=as_json)
    names, kind = (groups, "group") if groups else (schools, "school")
    if (schools and groups) or (bool(names) is (into is None)) or (undo and names):
        raise click.UsageError(
            out.gettext("Name --school or --group as often as needed and --into, or --undo."), ctx
        )
    course, by = opened(directory)
    if undo:
        done = undo_join(course, undo, by=by)
        out.line(
            out.ngettext("Undone for {count} person.", "Undone for {count} people.", len(done))
        )
        out.result({"undone": done})
        return _exit.OK
    if into is None:
        return _say_alike(out, course.people, course.past)
    changed = plan_join(course.people, kind, names, into)
    for person, joined in changed.items():
        old = course.people[person]
        was, now = (old.school, joined.school) if kind == "school" else (
            "; ".join(old.groups), "; ".join(joined.groups)
        )  # fmt: skip
        out.line(f"{called(joined)}: {was} → {now}")
    if apply_:
        do(course, kind, names, into, by=by)
        carry(course, kind, names, " ".join(into.split()), by=by.person, how="command")
        out.line(out.gettext("Done."), strong=True)
    else:
        out.line(out.gettext("Nothing was changed yet. Add --apply to do it."), strong=True)
    out.result({"kind": kind, "into": into, "people": list(changed), "applied": apply_})
    return _exit.OK


def _say_alike(out: Output, people: dict[str, Person], past: Past) -> int:
    from ustaz.enrolment.joining import KINDS, SHOWN_JOINS, joins, offers

    offered = {kind: offers(people, kind) for kind in KINDS}
    for kind in KINDS:
        for bundle in offered[kind]:
            label = out.gettext("School:") if kind == "school" else out.gettext("Group:")
            out.line(f"{label} {' | '.join(bundle)}")
    if not any(offered.values()):
        out.line(out.gettext("No two schools or groups look like the same one."))
    done = joins(past)[:SHOWN_JOINS]
    for join in done:
        out.line(f"{join.number}  {'; '.join(join.spellings)} → {join.into}")
    out.result(
        {
            "alike": offered,
            "joined": [
                {"number": join.number, "kind": join.kind, "spellings": list(join.spellings),
                 "into": join.into}
                for join in done
            ],
        }
    )  # fmt: skip
    return _exit.OK
