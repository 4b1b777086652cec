"""Formulas in a feedback file, set when the file is made.

A feedback file is read wherever its owner opens it: in JupyterLab's viewer, which runs no script,
from a memory stick, on a phone without a network. So its formulas become MathML, which browsers set
by themselves. What cannot be read as a formula stays as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, PreformattedString, Tag

# Nothing in here is looked at: code is code, and a participant's words are never a formula.
_LEFT_ALONE: Final = frozenset({"script", "style", "pre", "code", "textarea", "math", "title"})
_IGNORED_CLASSES: Final = frozenset({"tex2jax_ignore", "mathjax_ignore"})

_FORMULA: Final = re.compile(
    r"""
    \\\$                                              # a dollar that is one
    | \$\$ (?P<block> [^$]+ ) \$\$
    | \\\[ (?P<bracket> .+? ) \\\]
    | (?P<environment> \\begin\{ (?P<name> (?:equation|align|gather|multline)\*? ) \} .+?
        \\end\{ (?P=name) \} )
    | \\\( (?P<parenthesis> .+? ) \\\)
    | \$ (?P<inline> (?! [\s\d]*\s ) [^$\n]+ (?<! \s ) ) \$ (?! \d )   # "$5 and $6" is money
    """,
    re.VERBOSE | re.DOTALL,
)

LONGEST: Final = 4000
DEEPEST: Final = 40


def set_formulas(page: str) -> str:
    """Return a page with its formulas as MathML."""
    if "$" not in page and "\\" not in page:
        return page
    try:
        import docutils.utils.math  # noqa: F401
    except ImportError:  # pragma: no cover - a course server that builds no book
        return page
    soup = BeautifulSoup(page, "html.parser")
    for text in [node for node in soup.find_all(string=True) if _is_prose(node)]:
        parts = list(_parts(str(text)))
        if any(isinstance(part, BeautifulSoup) for part in parts):
            text.replace_with(*parts)
    return str(soup)


def _is_prose(text: PageElement) -> bool:
    if not isinstance(text, NavigableString) or isinstance(text, PreformattedString):
        return False
    return not any(
        parent.name in _LEFT_ALONE or not _IGNORED_CLASSES.isdisjoint(parent.get("class") or ())
        for parent in text.parents
    )


def _parts(text: str) -> Iterator[NavigableString | BeautifulSoup]:
    """Yield the text and the formulas of it, in order."""
    done = 0
    for match in _FORMULA.finditer(text):
        kind = match.lastgroup if match.lastgroup != "name" else "environment"
        if match.group(0) == r"\$":
            shown: NavigableString | BeautifulSoup | None = NavigableString("$")
        else:
            source = match.group(kind or 0)
            shown = _formula(source, as_block=kind in {"block", "bracket", "environment"})
        if shown is None:
            continue
        if match.start() > done:
            yield NavigableString(text[done : match.start()])
        yield shown
        done = match.end()
    if done < len(text):
        yield NavigableString(text[done:])


def _formula(source: str, *, as_block: bool) -> BeautifulSoup | None:
    """Return a formula as MathML, or None when it is not one that we understand."""
    from docutils.utils.math import MathError
    from docutils.utils.math.latex2mathml import tex2mathml

    if len(source) > LONGEST or not _is_balanced(source):
        return None
    inside = re.sub(r"\\(begin|end)\{(equation|gather|multline)\*?\}", "", source)
    inside = re.sub(r"\\(begin|end)\{align\*?\}", r"\\\1{aligned}", inside).strip()
    try:
        markup = tex2mathml(inside, as_block=as_block)
    except (MathError, SyntaxError, LookupError, NameError, ValueError, TypeError, AttributeError):
        return None
    formula = BeautifulSoup(re.sub(r">\s+<", "><", markup), "html.parser")
    for root in formula.find_all(["msqrt", "mroot"]):
        _spell_out(formula, root)
    return formula if formula.get_text().strip() else None


def _spell_out(soup: BeautifulSoup, root: Tag) -> None:
    """Make a root of a sign and a line: without a mathematical font browsers leave it away."""
    inside = list(root.children)
    degree = inside.pop() if root.name == "mroot" else None
    sign = soup.new_tag("mo", attrs={"stretchy": "false"})
    sign.string = "√"
    under = soup.new_tag("mrow", attrs={"style": "border-top: 1px solid; padding-top: 1px"})
    under.extend(inside)
    root.name = "mrow"
    root.clear()
    if degree is not None:
        above = soup.new_tag("msup")
        above.extend([soup.new_tag("mrow"), degree])
        root.append(above)
    root.extend([sign, under])


def _is_balanced(source: str) -> bool:
    """Tell whether every brace has its other one; docutils makes something of such a rest."""
    depth = 0
    for char in re.findall(r"\\.|[{}]", source, re.DOTALL):
        depth += (char == "{") - (char == "}")
        if not 0 <= depth <= DEEPEST:
            return False
    return depth == 0
