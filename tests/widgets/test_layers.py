"""The front end's rooms: imports point one way, make no circle, and leave the package nowhere."""

from __future__ import annotations

import graphlib
import json
import os.path
import re
import tomllib
from pathlib import Path

import pytest

from ustaz.workbook.kinds import KINDS

ROOT = Path(__file__).resolve().parents[2]
TOP = ROOT / "widgets" / "ustaz_widgets"
# What a room may import of ours, itself aside; `shared` is the folder that Python reads too.
LAYERS: dict[str, set[str]] = {
    "model": {"shared"},
    "meeting": {"model", "sync", "plan"},
    "sync": {"model"},
    "form": {"model", "sync"},
    "plan": {"model", "sync", "form"},
    "page": {"model", "sync", "form", "plan"},
    "notebook": {"model", "sync", "page"},
    "standalone": {"model", "sync", "form", "plan", "page", "notebook"},
    "dev": {"model", "sync", "form", "plan", "page"},
}
# `import … from "…"`, `export … from "…"`, `import "…"` and `import("…")`, for types too.
IMPORT = re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*["']([^"']+)["']""")
PACKAGES = {"preact", "preact/hooks"}


def modules() -> list[Path]:
    """Return every module of the product, and of `dev`; tests may import anything."""
    return sorted(
        path
        for room in LAYERS
        for path in (TOP / room).rglob("*.ts*")
        if not path.name.endswith((".test.ts", ".test.tsx", ".d.ts"))
    )


def imports(path: Path) -> list[str]:
    """Return what a module imports, as it is written there."""
    return IMPORT.findall(path.read_text(encoding="utf-8"))


def target(path: Path, name: str) -> Path:
    """Return the file that a relative import names."""
    stem = Path(os.path.normpath(path.parent / name))
    names = (stem.name + suffix for suffix in (".ts", ".tsx"))
    candidates = [stem, *(stem.with_name(name) for name in names), stem / "index.ts"]
    return next(candidate for candidate in candidates if candidate.is_file())


def room_of(path: Path) -> str:
    """Return the room of a file of the package, or the folder at the top that holds it."""
    return path.relative_to(TOP if path.is_relative_to(TOP) else ROOT).parts[0]


def test_every_module_lies_in_a_room() -> None:
    loose = {path.name for path in TOP.iterdir() if path.suffix in {".ts", ".tsx"}}
    folders = {path.parent.relative_to(TOP).parts[0] for path in TOP.rglob("*.ts*")}
    assert not loose
    assert folders - {"static", "labextension"} == set(LAYERS)


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(TOP).as_posix())
def test_imports_point_one_way(path: Path) -> None:
    room = room_of(path)
    for name in imports(path):
        if name.startswith("."):
            assert room_of(target(path, name)) in LAYERS[room] | {room}, name
        else:
            assert name in PACKAGES | ({"happy-dom"} if room == "dev" else set()), name


def test_no_module_imports_itself_in_a_circle_not_even_for_types() -> None:
    graph = {
        path: {target(path, name) for name in imports(path) if name.startswith(".")}
        for path in modules()
    }
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        pytest.fail(" → ".join(str(path.relative_to(ROOT)) for path in error.args[1]))


def test_nothing_of_dev_reaches_people() -> None:
    text = (TOP / "build.mjs").read_text(encoding="utf-8")
    assert "dev/" not in text
    assert not [room for room, allowed in LAYERS.items() if "dev" in allowed]


def test_what_both_halves_read_ships_with_the_wheel() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    included = settings["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert included["shared"] == "ustaz/_data/shared"
    for path in (ROOT / "shared").glob("*.json"):
        assert json.loads(path.read_text(encoding="utf-8")), path


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(TOP).as_posix())
def test_nothing_outside_asks_for_a_kind_of_field_by_its_name(path: Path) -> None:
    if path.parent.name == "kinds":
        return
    kinds = "|".join(KINDS)
    asked = re.compile(rf"""\bkind\s*[!=]==?\s*"({kinds})"|\bcase "({kinds})":""")
    assert asked.findall(path.read_text(encoding="utf-8")) == []
