"""Names that say nothing, where the field has a noun: `python tools/names.py [PATH …]` lists them.

``one`` stands for a person, a path, a row; ``told`` for a result; ``found`` for problems. The rule
is about what is bound: parameters, variables, functions, classes, fields. CONTRIBUTING says why.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VAGUE = frozenset(
    [
        "told",
        "said",
        "given",
        "whose",
        "one",
        "each",
        "it",
        "found",
        "listed",
        "made",
        "thing",
        "item",
        "stuff",
        "something",
    ]
)
#: Where the word is the noun itself: protocols of other libraries, and words of a format.
EXCEPTIONS = {
    ("src/ustaz/roster/people.py", "given"): "a given name, beside the surname",
}
TYPESCRIPT = re.compile(
    r"\b(?:const|let|var|function)\s+(?P<bound>\w+)"
    r"|[(\[]\s*(?P<parameter>\w+)(?=\s*(?:[:,)\]]|=>))"
    r"|[{,]\s*(?P<shorthand>\w+)(?=\s*[,}])",
)


def bound(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield every name that a module binds, with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.attr
        elif isinstance(node, ast.ImportFrom | ast.Import):
            for alias in node.names:
                yield node.lineno, alias.asname or ""
        elif (isinstance(node, ast.ExceptHandler) and node.name) or (
            isinstance(node, ast.MatchAs | ast.MatchStar) and node.name
        ):
            yield node.lineno, node.name


def vague(name: str) -> bool:
    """Tell whether a name is one of the vague words, underscores around it aside."""
    return name.strip("_").lower() in VAGUE


def typescript(text: str) -> Iterator[tuple[int, str]]:
    """Yield the names that a TypeScript file seems to bind, with their lines."""
    for number, line in enumerate(text.splitlines(), 1):
        code = re.sub(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|//.*", '""', line)
        for match in TYPESCRIPT.finditer(code):
            yield number, match["bound"] or match["parameter"] or match["shorthand"]


def violations(paths: list[Path]) -> list[str]:
    """Return ``file:line: name`` for every vague name that is bound."""
    listed = []
    for base in paths:
        files = [base] if base.is_file() else sorted(base.rglob("*"))
        for path in files:
            skipped = {"node_modules", "static", "dev"} & set(path.parts) or ".test." in path.name
            if path.suffix not in {".py", ".ts", ".tsx"} or skipped:
                continue
            text = path.read_text(encoding="utf-8")
            names = bound(ast.parse(text)) if path.suffix == ".py" else typescript(text)
            where = str(path.resolve().relative_to(ROOT))
            listed += [
                f"{where}:{line}: {name}"
                for line, name in sorted(set(names))
                if vague(name) and (where, name) not in EXCEPTIONS
            ]
    return listed


if __name__ == "__main__":
    wrong = violations([Path(name) for name in sys.argv[1:]] or [ROOT / "src", ROOT / "widgets"])
    sys.stdout.write("".join(f"{line}\n" for line in wrong))
    sys.stdout.write(f"{len(wrong)} vague names\n")
    raise SystemExit(bool(wrong))
