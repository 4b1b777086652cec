"""Answers of an older version, brought on by the named steps of the definition."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from ustaz.workbook.model import Definition, Step, version_key
from ustaz.workbook.problems import ValueProblem, VersionProblem
from ustaz.workbook.values import check_value


def upgrade_path(definition: Definition, version: str) -> list[str]:
    """Return the versions that answers of `version` go through, the last being today's.

    Raises
    ------
    VersionProblem
        ``newer``: the answers are of a later version; ``no_way``: no upgrade leads on.
    """
    if version_key(version) > version_key(definition.version):
        raise VersionProblem(
            "newer",
            f"{definition.id}: answers of version {version}, definition {definition.version}.",
            "Install the newer Ustaz or the newer workbook.",
        )
    ways = {upgrade.from_version: upgrade.to_version for upgrade in definition.upgrades}
    path = []
    here = version
    while here != definition.version:
        following = ways.get(here)
        if following is None:
            # Versions that only changed words need no steps: the next upgrade that starts later.
            later = sorted(
                (way for way in ways if version_key(way) > version_key(here)), key=version_key
            )
            following = later[0] if later else definition.version
        path.append(following)
        here = following
    return path


def apply_upgrades(
    definition: Definition, answers: Mapping[str, Any], from_version: str
) -> dict[str, Any]:
    """Return a copy of `answers` as today's definition has them.

    Nothing is left out silently: a field that today's definition does not know, or a value that
    does not fit it, is refused until a named step renames, maps or drops it.

    Raises
    ------
    VersionProblem
        ``newer``, or ``does_not_fit`` when the steps do not lead to answers that fit.
    """
    result = copy.deepcopy(dict(answers))
    here = from_version
    for following in upgrade_path(definition, from_version):
        for upgrade in definition.upgrades:
            if upgrade.from_version == here and upgrade.to_version == following:
                for step in upgrade.steps:
                    _apply(step, result)
        here = following
    for name, value in result.items():
        try:
            check_value(definition, [name], value)
        except ValueProblem as problem:
            raise VersionProblem(
                "does_not_fit",
                f"{definition.id}: {name}: after the upgrade from {from_version}: {problem.id}.",
                "Add or correct a step under `upgrades`.",
            ) from None
    return result


def _holders(answers: dict[str, Any], name: str) -> tuple[list[dict[str, Any]], str]:
    table, _, column = name.partition(".")
    if not column:
        return [answers], table
    return [row for row in answers.get(table) or [] if isinstance(row, dict)], column


def _apply(step: Step, answers: dict[str, Any]) -> None:
    settings = step.settings
    if step.operation == "drop":
        holders, key = _holders(answers, settings["field"])
        for holder in holders:
            holder.pop(key, None)
    elif step.operation == "rename":
        holders, key = _holders(answers, settings["from"])
        new = settings["to"].rpartition(".")[2]
        for holder in holders:
            if key in holder:
                holder[new] = holder.pop(key)
    else:
        holders, key = _holders(answers, settings["field"])
        for holder in holders:
            value = holder.get(key)
            if isinstance(value, list):
                mapped = [
                    settings["to"] if option == settings["from"] else option for option in value
                ]
                holder[key] = list(dict.fromkeys(mapped))
            elif value == settings["from"]:
                holder[key] = settings["to"]
