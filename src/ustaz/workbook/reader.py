"""From a YAML tree to a :class:`Definition`, with every complaint collected.

This module knows the shape of the language: which keys a thing has and what they hold. What goes
together inside one workbook is in :mod:`.consistency`, between workbooks in :mod:`.library`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Final

from ustaz.base.ids import FILES_FOLDER, WORKBOOK_ID
from ustaz.messages import LANGUAGES, SOURCE
from ustaz.workbook import consistency, fieldreader, rulereader
from ustaz.workbook.cursor import Cursor, Problems
from ustaz.workbook.model import (
    DEFAULT_AUDIENCES,
    OPENINGS,
    PARTS,
    RECIPIENTS,
    SUBJECTS,
    WRITERS,
    Definition,
    Example,
    Field,
    Gathering,
    Manual,
    Poster,
    Rule,
    Section,
    Shareable,
    Step,
    Upgrade,
)
from ustaz.workbook.problems import DefinitionErrors
from ustaz.workbook.yamlio import Mapping as YamlMapping
from ustaz.workbook.yamlio import read_yaml

FORMAT: Final = 1
VERSION: Final = re.compile(r"(0|[1-9][0-9]{0,3})(\.(0|[1-9][0-9]{0,3})){2}\Z")
CODE: Final = re.compile(r"[A-Z][A-Z0-9]{0,7}\Z")
SHAREABLE: Final = ("document", "section", "field", "row", "cell")
PLACE: Final = re.compile(r"[a-z][a-z0-9-]{0,31}/[a-z][a-z0-9_]{0,31}\Z")
OPERATIONS: Final = {
    "rename": ("from", "to"),
    "drop": (),
    "map_choice": ("field", "from", "to"),
}


def load(path: str | Path, *, name: str | None = None) -> Definition:
    """Read one ``workbook.yml``.

    Parameters
    ----------
    path : path
    name : str, optional
        How complaints call the file; default `path` as given.

    Raises
    ------
    DefinitionErrors
        With every complaint, each with file, line and place.
    """
    label = name or str(path)
    problems = Problems(label)
    definition = read_definition(Cursor(read_yaml(Path(path), label), "", problems), label)
    if problems.complaints or definition is None:
        raise DefinitionErrors(problems.complaints)
    return definition


def read_definition(top: Cursor, file: str) -> Definition | None:
    """Return the definition; complaints go to the cursor's list."""
    if not top.is_mapping():
        return None
    top.only(
        "format", "id", "code", "version", "language", "title", "summary", "minutes", "companion",
        "part", "subject", "role", "purpose", "visibility", "retention", "shares", "sections",
        "rules", "upgrades", "manual", "portfolio",
    )  # fmt: skip
    if top.integer("format", least=1, most=99) != FORMAT:
        top.complain("format", f"this version of Ustaz reads format {FORMAT}")
    visibility = _visibility(top)
    sections = tuple(_section(section, visibility) for section in top.items("sections", least=1))
    upgrades = top.items("upgrades", required=False)
    shares = top.items("shares", required=False)
    if top.optional("id") == FILES_FOLDER:
        top.complain("id", f"{FILES_FOLDER!r} is where people's files lie; choose another word")
    definition = Definition(
        id=top.match("id", WORKBOOK_ID, "small letters, digits and hyphens, 32 at most"),
        code=top.match("code", CODE, "capital letters and digits, as W06"),
        version=top.match("version", VERSION, "three numbers, as 1.0.0"),
        language=top.one_of("language", LANGUAGES, SOURCE),
        title=top.text("title"),
        summary=top.text("summary"),
        minutes=top.integer("minutes", least=1, most=600),
        companion=top.flag("companion"),
        part=top.one_of("part", PARTS, "doing"),
        subject=top.one_of("subject", SUBJECTS, SUBJECTS[0]),
        role=top.one_of("role", WRITERS, WRITERS[0]),
        purpose=top.text("purpose"),
        visibility=visibility,
        retention=top.integer("retention", least=1, most=120),
        sections=sections,
        shares=tuple(_shareable(entry) for entry in shares),
        manual=_manual(top.child("manual")),
        portfolio=_gathering(top.child("portfolio")),
        upgrades=tuple(_upgrade(upgrade) for upgrade in upgrades),
        file=file,
    )
    # What stands on a field that is broken itself would only repeat the complaint.
    shaky = frozenset(
        field.id for steps, field, _ in definition.places() if top.at(*steps[:4]).faulty()
    )
    sure = not top.at("sections").faulty()
    consistency.check_unique(top, definition)
    consistency.check_conditions(top, definition, shaky, sure=sure)
    consistency.check_examples(top, definition)
    consistency.check_companion(top, definition)
    consistency.check_writers(top, definition)
    consistency.check_shares(shares, definition)
    consistency.check_pictures(top, definition)
    consistency.check_upgrades(upgrades, definition, sure=sure)
    rules: list[Rule] = []
    for cursor in top.items("rules", required=False):
        rule = rulereader.read_rule(cursor, definition, shaky, sure=sure)
        if rule.id and rule.id in {rule.id for rule in rules}:
            cursor.complain("id", f"another rule is called {rule.id!r} too")
        rules.append(rule)
    return replace(definition, rules=tuple(rules))


def _visibility(top: Cursor) -> tuple[str, ...]:
    if not top.has("visibility"):
        top.complain("visibility", "missing")
    return fieldreader.read_audiences(top, "visibility", DEFAULT_AUDIENCES)


def _section(cursor: Cursor, visibility: tuple[str, ...]) -> Section:
    if not cursor.is_mapping():
        return Section("", "", 0, 0, "", line=cursor.line)
    cursor.only(
        "id", "title", "minutes", "points", "guidance", "example", "weak_example", "embed",
        "fields", "opens_with", "poster",
    )  # fmt: skip
    embed = cursor.optional("embed")
    if embed is not None and not re.fullmatch(r"[a-z][a-z0-9-]{0,31}/[a-z][a-z0-9_-]{0,31}", embed):
        cursor.complain("embed", "expected workbook/section")
    for key in ("fields", "example", "weak_example", "poster"):
        if embed is not None and cursor.has(key):
            cursor.complain(key, f"a section that embeds another has no {key} of its own")
    fields: tuple[Field, ...] = ()
    if embed is None:
        entries = cursor.items("fields", least=1)
        fields = tuple(fieldreader.read_field(entry, visibility) for entry in entries)
    return Section(
        id=cursor.match("id", fieldreader.SECTION_ID, "small letters, digits, _ and -"),
        title=cursor.text("title"),
        minutes=cursor.integer("minutes", least=1, most=120),
        points=cursor.integer("points", least=0, most=1000, default=0),
        guidance=cursor.text("guidance"),
        example=_example(cursor.child("example")),
        weak_example=_example(cursor.child("weak_example")),
        embed=embed,
        fields=fields,
        opens_with=cursor.one_of("opens_with", OPENINGS) if cursor.has("opens_with") else None,
        poster=_poster(cursor.child("poster")),
        line=cursor.line,
    )


def _poster(cursor: Cursor | None) -> Poster | None:
    if cursor is None or not cursor.is_mapping():
        return None
    cursor.only("title", "under", "question", "picture")
    return Poster(
        title=cursor.text("title"),
        under=cursor.text("under"),
        question=cursor.text("question"),
        picture=cursor.text("picture"),
    )


def _example(cursor: Cursor | None) -> Example | None:
    if cursor is None or not cursor.is_mapping():
        return None
    cursor.only("person", "situation", "answers", "why")
    answers = cursor.child("answers")
    return Example(
        person=cursor.text("person"),
        situation=cursor.text("situation"),
        answers={} if answers is None or not answers.is_mapping() else answers.plain(),
        why=cursor.text("why"),
    )


def _manual(cursor: Cursor | None) -> Manual | None:
    if cursor is None or not cursor.is_mapping():
        return None
    cursor.only("points", "hint")
    return Manual(points=cursor.integer("points", least=1, most=1000), hint=cursor.text("hint"))


def _gathering(cursor: Cursor | None) -> Gathering | None:
    if cursor is None or not cursor.is_mapping():
        return None
    cursor.only("rubric", "criteria", "one_page")
    criteria = cursor.child("criteria")
    by_criterion: dict[str, tuple[str, ...]] = {}
    if criteria is None:
        cursor.complain("criteria", "missing")
    elif criteria.is_mapping() and isinstance(criteria.node, YamlMapping):
        by_criterion = {name: criteria.words(name) for name in criteria.node.entries}
    gathering = Gathering(
        rubric=cursor.match("rubric", WORKBOOK_ID, "the id of a rubric"),
        criteria=by_criterion,
        one_page=cursor.words("one_page"),
    )
    for where, place in gathering.places():
        if not PLACE.match(place):
            cursor.complain(where.partition(".")[2], f"{place!r}: expected workbook/field")
    return gathering


def _upgrade(cursor: Cursor) -> Upgrade:
    if not cursor.is_mapping():
        return Upgrade("", "", ())
    cursor.only("from", "to", "steps")
    return Upgrade(
        from_version=cursor.match("from", VERSION, "a version, as 1.0.0"),
        to_version=cursor.match("to", VERSION, "a version, as 1.1.0"),
        steps=tuple(_step(step) for step in cursor.items("steps", least=1)),
    )


def _shareable(cursor: Cursor) -> Shareable:
    if not cursor.is_mapping():
        return Shareable("", "", ())
    cursor.only(*SHAREABLE, "to", "without")
    chosen = [scope for scope in SHAREABLE if cursor.has(scope)]
    if len(chosen) != 1:
        cursor.complain("", f"an entry names exactly one of {', '.join(SHAREABLE)}")
        return Shareable("", "", ())
    scope = chosen[0]
    name = ""
    if scope == "document":
        if not cursor.flag("document"):
            cursor.complain("document", "only yes says something")
    else:
        name = cursor.text(scope)
    to = cursor.words("to")
    for recipient in to:
        if recipient not in RECIPIENTS:
            cursor.complain("to", f"{recipient!r} is not one of {', '.join(RECIPIENTS)}")
    without = cursor.words("without") if cursor.has("without") else ()
    if without and scope != "document":
        cursor.complain("without", "only of a whole document something is left out")
    return Shareable(scope, name, tuple(to), tuple(without))


def _step(cursor: Cursor) -> Step:
    if not cursor.is_mapping():
        return Step("", "drop", {})
    cursor.only("name", *OPERATIONS)
    chosen = [operation for operation in OPERATIONS if cursor.has(operation)]
    name = cursor.text("name")
    if len(chosen) != 1:
        cursor.complain("", f"a step does exactly one of {', '.join(OPERATIONS)}")
        return Step(name, "drop", {})
    operation = chosen[0]
    if not OPERATIONS[operation]:
        return Step(name, operation, {"field": cursor.text(operation)})
    inner = cursor.child(operation)
    settings: dict[str, str] = {}
    if inner is not None and inner.is_mapping():
        inner.only(*OPERATIONS[operation])
        settings = {key: inner.text(key) for key in OPERATIONS[operation]}
    return Step(name, operation, settings)
