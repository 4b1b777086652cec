"""What goes together inside one workbook: ids, conditions, worked examples, upgrades."""

from __future__ import annotations

from ustaz.workbook.cursor import Cursor
from ustaz.workbook.kinds import kind_of, serves
from ustaz.workbook.model import (
    SUBJECTS,
    WRITERS,
    Condition,
    Definition,
    Example,
    Field,
    Shareable,
    Step,
    version_key,
)
from ustaz.workbook.sharing import places_of


def check_unique(top: Cursor, definition: Definition) -> None:
    """Complain about two sections, fields of a level, or columns of a table with one id."""
    lines: dict[str, int] = {}
    for number, section in enumerate(definition.sections):
        _once(top.at("sections", number), "the section", section.id, lines)
    levels: dict[tuple[str | int, ...], dict[str, int]] = {}
    for steps, field, _ in definition.places():
        table = steps[:-2] if "columns" in steps else ()
        what = "the column" if table else "the field"
        _once(top.at(*steps), what, field.id, levels.setdefault(table, {}))


def _once(cursor: Cursor, what: str, id: str, lines: dict[str, int]) -> None:
    if id and id in lines:
        cursor.complain("id", f"{what} {id!r} stands in line {lines[id]} already")
    lines.setdefault(id, cursor.line)


def check_conditions(
    top: Cursor, definition: Definition, shaky: frozenset[str], *, sure: bool
) -> None:
    """Complain about conditions that look at what is not a choice of their level."""
    for steps, field, level in definition.places():
        others = {other.id: other for other in level if other is not field}
        for key, condition in (
            ("required_when", field.required_when),
            ("shown_when", field.shown_when),
        ):
            if condition and condition.field and condition.field not in shaky:
                target = others.get(condition.field)
                if sure or target:
                    _check_condition(top.at(*steps, key), condition, target)


def _check_condition(cursor: Cursor, condition: Condition, target: Field | None) -> None:
    if target is None:
        cursor.complain("field", f"no other field {condition.field!r} here")
    elif not serves(target, "options"):
        cursor.complain("field", f"{condition.field!r} is not a choice")
    elif unknown := set(condition.values) - set(target.option_ids):
        cursor.complain("is", f"no such option: {', '.join(sorted(unknown))}")


def check_examples(top: Cursor, definition: Definition) -> None:
    """Keep worked examples true to their fields: the right names, shapes and options."""
    for number, section in enumerate(definition.sections):
        if section.embed is not None:
            continue
        for name, example in (
            ("example", section.example),
            ("weak_example", section.weak_example),
        ):
            if example is not None:
                place = top.at("sections", number, name, "answers")
                _check_example(place, section.fields, example)


def _check_example(place: Cursor, fields: tuple[Field, ...], example: Example) -> None:
    by_id = {field.id: field for field in fields}
    for key, value in example.answers.items():
        field = by_id.get(key)
        if field is None:
            place.complain(key, "this section has no such field")
        elif why := kind_of(field).example_problem(field, value):
            place.complain(key, why)


def check_companion(top: Cursor, definition: Definition) -> None:
    """Complain about points of a workbook that is never handed in by itself."""
    if not definition.companion:
        return
    for number, section in enumerate(definition.sections):
        if section.points:
            message = "a companion is not handed in by itself, so it has no points"
            top.at("sections", number).complain("points", message)
    if definition.manual is not None:
        top.complain("manual", "a companion is not handed in by itself, so nobody marks it")


def check_writers(top: Cursor, definition: Definition) -> None:
    """Complain about what only a participant's own workbook can have.

    Nobody hands in the note of a tutorial or what a facilitator writes for themselves; and a note
    of two leads to nobody's own answers, since one of the two may not read them.
    """
    for key, usual in (("subject", SUBJECTS[0]), ("role", WRITERS[0])):
        if getattr(definition, key) == usual:
            continue
        if not definition.companion:
            top.complain(key, "it is never handed in by itself: say `companion: yes`")
        if definition.portfolio is not None:
            top.complain(key, "a portfolio is a participant's own")
    if definition.subject == SUBJECTS[0]:
        return
    if definition.role != WRITERS[0]:
        top.complain("role", "it has two writers already")
    if definition.shares:
        top.complain("shares", "what two have written, one of them cannot show")
    if any(section.embed for section in definition.sections) or any(
        field.to or field.from_ for field in definition.fields
    ):
        top.complain("subject", "it cannot refer to answers of other workbooks")


def check_shares(cursors: list[Cursor], definition: Definition) -> None:
    """Complain about what cannot be shown to others: not there, private, or named twice."""
    seen: set[str] = set()
    for cursor, shareable in zip(cursors, definition.shares, strict=True):
        if not shareable.scope:
            continue
        if shareable.id in seen:
            cursor.complain(shareable.scope, f"{shareable.id!r} is named already")
        seen.add(shareable.id)
        if not _places(definition, shareable):
            cursor.complain(shareable.scope, "there is nothing of it that others may be shown")
        unknown = set(shareable.without) - {field.id for field in definition.fields}
        if unknown:
            cursor.complain("without", f"no such field: {', '.join(sorted(unknown))}")


def _places(definition: Definition, shareable: Shareable) -> tuple[str, ...]:
    try:
        return places_of(definition, shareable, "row")
    except KeyError:
        return ()


def check_pictures(top: Cursor, definition: Definition) -> None:
    """Complain about a poster of fields that are not there, and about entries without a day."""
    for number, section in enumerate(definition.sections):
        place = top.at("sections", number)
        known = {field.id for field in section.fields}
        for key in ("title", "under", "question", "picture") if section.poster else ():
            name = getattr(section.poster, key)
            if name and name not in known:
                place.at("poster").complain(key, f"this section has no field {name!r}")
        for position, field in enumerate(section.fields):
            dated = any(serves(column, "date") for column in field.columns)
            if field.story and field.columns and not dated:
                place.at("fields", position).complain("story", "no column here is a day")


def check_upgrades(cursors: list[Cursor], definition: Definition, *, sure: bool) -> None:
    """Complain about versions out of order and about ids that are used again."""
    starts: set[str] = set()
    for cursor, upgrade in zip(cursors, definition.upgrades, strict=True):
        for number, step in enumerate(upgrade.steps):
            _check_step(cursor.at("steps", number), step, definition, sure=sure)
        if not (upgrade.from_version and upgrade.to_version and definition.version):
            continue
        if version_key(upgrade.to_version) <= version_key(upgrade.from_version):
            cursor.complain("to", "must be a later version than `from`")
        if version_key(upgrade.to_version) > version_key(definition.version):
            cursor.complain("to", "is later than the workbook's own version")
        if upgrade.from_version in starts:
            cursor.complain("from", "another upgrade starts from this version too")
        starts.add(upgrade.from_version)


def _check_step(cursor: Cursor, step: Step, definition: Definition, *, sure: bool) -> None:
    if step.operation == "map_choice":
        return
    gone = step.settings.get("from") or step.settings.get("field", "")
    if step.operation == "rename":
        new = step.settings.get("to", "")
        if gone and new and gone.rpartition(".")[0] != new.rpartition(".")[0]:
            cursor.complain("rename", "a name changes inside its table, or outside tables")
    try:
        definition.field(gone)
    except KeyError:
        return
    if sure:
        cursor.complain(step.operation, f"the field {gone!r} is still there; ids are not reused")
