"""`make map`: write docs/map.md, the rooms and what each uses, from the imports themselves."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools.imports import (
    PACKAGE,
    ROOT,
    SOURCE,
    Graph,
    floors,
    import_graph,
    modules,
    rooms,
    without_shortcuts,
)

MAP = ROOT / "docs" / "map.md"

HEAD = """\
# Map of the rooms

Made from the imports by `make map`; a test fails where it is not current. An arrow says "uses".
Left out are the arrows that a way over other rooms replaces, so that a room may use whatever lies
below it. There is no circle, neither among rooms nor among modules, at run time or for types.

"""


def purpose(package: Path) -> str:
    """Return the first paragraph of a room's docstring, in one line."""
    text = ast.get_docstring(ast.parse((package / "__init__.py").read_text(encoding="utf-8")))
    return " ".join((text or "").split("\n\n")[0].split())


def figure(graph: Graph) -> str:
    """Return the rooms as a Mermaid flowchart, one line a floor from the top."""
    lines = ["```mermaid", "flowchart TD"]
    for level, names in reversed(list(enumerate(floors(graph)))):
        lines += [f"  subgraph f{level} [ ]", "    direction LR"]
        lines += [f"    {name}" for name in names]
        lines += ["  end"]
    for name, targets in sorted(without_shortcuts(graph).items()):
        lines += [f"  {name} --> {target}" for target in sorted(targets)]
    return "\n".join([*lines, "```"])


def rendered() -> str:
    """Return the whole page."""
    graph = rooms(import_graph(modules()))
    graph.pop(PACKAGE)
    for targets in graph.values():
        targets.discard(PACKAGE)
    table = ["| room | what it is for | uses |", "|---|---|---|"]
    for names in reversed(floors(graph)):
        for name in names:
            uses = ", ".join(sorted(graph[name])) or "nothing of ours"
            text = re.sub(r":mod:`([^`]+)`", r"`\1`", purpose(SOURCE / PACKAGE / name))
            table.append(f"| `{name}` | {text.replace('``', '`')} | {uses} |")
    return HEAD + figure(graph) + "\n\n" + "\n".join(table) + "\n"


if __name__ == "__main__":
    MAP.write_text(rendered(), encoding="utf-8")
