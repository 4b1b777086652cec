"""One module a kind: nothing outside `workbook/kinds` asks for a kind by its name."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from ustaz.workbook.kinds import KINDS, REGISTRY

SOURCE = Path(__file__).resolve().parents[2] / "src" / "ustaz"
#: Their `kind` is another one: of pages of the book, of changes to the roster, of rules of a list.
OTHERS = {"book", "roster", "enrolment", "backup", "cli", "deadlines", "doctor", "config_files"}
#: The kind of a document's subject, which is a person, a group, a school or a tutorial.
SUBJECTS = {"answers/folders.py", "exchange/validate.py"}


def _asked(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines in which something's kind is compared with a field kind's name."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Compare):
            operands = [node.left, *node.comparators]
        elif isinstance(node, ast.Match):
            operands = [
                node.subject,
                *(
                    inner
                    for case in node.cases
                    for inner in ast.walk(case.pattern)
                    if isinstance(inner, ast.Constant)
                ),
            ]
        else:
            continue
        about_a_kind = any(
            (isinstance(inner, ast.Attribute) and inner.attr == "kind")
            or (isinstance(inner, ast.Name) and inner.id == "kind")
            or (isinstance(inner, ast.Constant) and inner.value == "kind")
            for operand in operands
            for inner in ast.walk(operand)
        )
        if about_a_kind:
            names = {
                inner.value
                for operand in operands
                for inner in ast.walk(operand)
                if isinstance(inner, ast.Constant)
            }
            yield from ((node.lineno, str(name)) for name in names & set(KINDS))


@pytest.mark.parametrize(
    "path",
    [
        path
        for path in sorted(SOURCE.rglob("*.py"))
        if path.parent.name != "kinds"
        and path.relative_to(SOURCE).parts[0] not in OTHERS
        and str(path.relative_to(SOURCE)) not in SUBJECTS
    ],
    ids=lambda path: str(path.relative_to(SOURCE)),
)
def test_nothing_outside_asks_for_a_kind_by_its_name(path: Path) -> None:
    assert list(_asked(path)) == []


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_that_people_write_says_how_it_is_checked_and_read(name: str) -> None:
    kind = type(REGISTRY[name])
    own = {method for base in kind.__mro__[:-2] for method in vars(base)}
    needed = {"check", "schema", "reading"} if kind.stored else {"shown"}
    assert needed <= own
