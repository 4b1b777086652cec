"""What a translation of a page must keep of its MyST markup: links, terms, sources, numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

_ROLE: Final = re.compile(r"\{([a-z]+)\}`([^`]*)`")
#: A label of a source, with the space before it: nobody reads it as a word.
_CITED: Final = re.compile(r"[ \u00a0]?\{cite\}`[^`]*`")
_TARGET: Final = re.compile(r"(.*?)\s*<([^<>]*)>\Z", re.DOTALL)
_LINK: Final = re.compile(r"\[([^\[\]]*)\]\(([^()\s]*)\)")
_ADDRESS: Final = re.compile(r"<(https?://[^<>\s]*)>")
_LITERAL: Final = re.compile(r"(?<![}`])(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_STRONG: Final = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_EMPHASIS: Final = re.compile(r"(?<![\w*])\*(?=[^\s*])([^*]+?)(?<=[^\s*])\*(?![\w*])")
_BLANK: Final = re.compile(r"_{3,}|\.{4,}|…{2,}")
_SIGNS: Final = "☐☑✓✗→←↑↓"
_NUMBER: Final = re.compile(r"\d+(?:[.,:]\d+)*")
#: Spaces that group the digits of a large number.
_GROUPED: Final = re.compile(r"(?<=\d)[\u00a0\u202f\u2009 ](?=\d{3}\b)")
#: What makes a text something else than a paragraph: Sphinx would leave it in English.
_STARTS: Final = re.compile(r"(?:[-+*>]|#{1,6}|\d{1,9}[.)])\s|```|:::|\||<!--")


def visible(text: str) -> str:
    """Return the words of a text as a reader sees them, without markup and labels of sources."""
    text = _ROLE.sub(lambda match: _words(match[1], match[2]), _CITED.sub("", text))
    text = _LINK.sub(r"\1", text)
    text = _ADDRESS.sub(" ", text)
    text = _STRONG.sub(r"\2", text)
    return _EMPHASIS.sub(r"\1", text)


def _words(role: str, content: str) -> str:
    if role == "cite":
        return ""
    match = _TARGET.match(content)
    return match[1] if match else content


def markup_faults(key: str, form: str) -> Iterator[tuple[str, str]]:
    """Yield what a translation of a page has lost of its English, or has in addition."""
    for kind, what, find in (
        ("link", "links and terms", _targets),
        ("markup", "bold words", lambda text: Counter(["**"] * len(_STRONG.findall(text)))),
        ("markup", "slanted words", _slanted),
        ("markup", "words in back quotes", lambda text: Counter(_literals(text))),
        ("markup", "signs and blanks to fill in", _signs),
    ):
        wanted, there = find(key), find(form)
        if lost := wanted - there:
            yield kind, f"has lost {what}: {_list(lost)}"
        if more := there - wanted:
            yield kind, f"has {what} that the English has not: {_list(more)}"
    if numbers := _numbers(key) - _numbers(form):
        yield "number", f"has lost numbers: {', '.join(sorted(numbers))}"
    if _STARTS.match(form):
        yield "markup", "begins like a list, a heading or a block: put other words first"


def _list(parts: Counter[str]) -> str:
    return ", ".join(sorted(parts.elements()))


def _targets(text: str) -> Counter[str]:
    """Return what a text leads to: pages, terms, sources and addresses, in the markup's words."""
    targets = [f"{{{role}}}`{_target(content)}`" for role, content in _ROLE.findall(text)]
    targets += [f"({address})" for _, address in _LINK.findall(text)]
    targets += [f"<{address}>" for address in _ADDRESS.findall(text)]
    return Counter(targets)


def _target(content: str) -> str:
    match = _TARGET.match(content)
    return " ".join((match[2] if match else content).split())


def _slanted(text: str) -> Counter[str]:
    return Counter(["*"] * len(_EMPHASIS.findall(_STRONG.sub(" ", text))))


def _literals(text: str) -> list[str]:
    return [content for _, content in _LITERAL.findall(_ROLE.sub(" ", text))]


def _signs(text: str) -> Counter[str]:
    blanks = ["____" for _ in _BLANK.findall(text)]
    return Counter([*blanks, *(sign for sign in text if sign in _SIGNS)])


def _numbers(text: str) -> set[str]:
    words = _LITERAL.sub(" ", _LINK.sub(r"\1", _ROLE.sub(lambda m: _words(m[1], m[2]), text)))
    words = _GROUPED.sub("", re.sub(r"(?<=\d),(?=\d{3}\b)", "", words))
    return {number.replace(",", ".") for number in _NUMBER.findall(words)}
