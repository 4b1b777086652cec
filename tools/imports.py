"""Which module imports which, read from the sources: for the map of the rooms and for tests."""

from __future__ import annotations

import ast
import graphlib
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src"
PACKAGE = "ustaz"

Graph = dict[str, set[str]]


def modules() -> dict[str, Path]:
    """Return every module of the package by its dotted name; packages are named as such."""
    named = {}
    for path in sorted((SOURCE / PACKAGE).rglob("*.py")):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        named[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return named


def import_graph(paths: Mapping[str, Path]) -> Graph:
    """Return which of the modules each imports: at the top, in functions, and for types only."""
    graph: Graph = {}
    for module, path in paths.items():
        targets: set[str] = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                for alias in node.names:
                    deeper = f"{node.module}.{alias.name}"
                    targets.add(deeper if deeper in paths else node.module)
            elif isinstance(node, ast.Import):
                targets |= {alias.name for alias in node.names}
        graph[module] = {target for target in targets if target in paths and target != module}
    return graph


def room(module: str) -> str:
    """Return the room that a module lies in: the package's folder, or the package itself."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else parts[0]


def rooms(graph: Graph) -> Graph:
    """Return which rooms each room imports."""
    between: Graph = {room(module): set() for module in graph}
    for module, targets in graph.items():
        between[room(module)] |= {room(target) for target in targets} - {room(module)}
    return between


def circle(graph: Graph) -> list[str]:
    """Return the nodes of a circle, its first one again at the end; none where there is none."""
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        nodes: list[str] = error.args[1]
        return nodes
    return []


def without_shortcuts(graph: Graph) -> Graph:
    """Return the arrows of a graph without circles that no way over other nodes replaces."""

    def reached(nodes: Iterable[str]) -> set[str]:
        seen: set[str] = set()
        open_nodes = list(nodes)
        while open_nodes:
            node = open_nodes.pop()
            if node not in seen:
                seen.add(node)
                open_nodes += graph[node]
        return seen

    return {
        node: {
            target
            for target in targets
            if target not in reached(over for over in targets if over != target)
        }
        for node, targets in graph.items()
    }


def floors(graph: Graph) -> list[list[str]]:
    """Return the nodes of a graph without circles by height; those that use nothing come first."""
    height: dict[str, int] = {}

    def measure(node: str) -> int:
        if node not in height:
            height[node] = 1 + max((measure(target) for target in graph[node]), default=-1)
        return height[node]

    for node in graph:
        measure(node)
    return [
        sorted(node for node in graph if height[node] == level)
        for level in range(max(height.values()) + 1)
    ]
