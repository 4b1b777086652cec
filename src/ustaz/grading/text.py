"""A participant's words on staff's screens: as they are, and never as anything else.

Everything is escaped. Control characters become pictures, characters that turn the direction of
writing become their code in a frame, a letter with a storm of marks keeps the first few, and a
long text shows its beginning with the rest one click away.
"""

from __future__ import annotations

import html
import re
import unicodedata
from typing import Final

import regex

CLIP: Final = 600
MARKS: Final = 8

# Turn the direction, hide, or annotate: shown by number, so that nothing is lost or obeyed.
_HIDDEN: Final = frozenset(
    ord(char)
    for char in "\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2060\u3164\ufeff\uffa0"
    "\u202a\u202b\u202c\u202d\u202e\u2061\u2062\u2063\u2064\u2065\u2066\u2067\u2068\u2069"
    "\u206a\u206b\u206c\u206d\u206e\u206f\ufff9\ufffa\ufffb"
)
_BREAKS: Final = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_CLUSTER: Final = regex.compile(r"\X")
# Nearly every text holds none of these and needs no look at each of its letters.
_ODD: Final = regex.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff"
    + "".join(f"\\u{code:04x}" for code in sorted(_HIDDEN))
    + rf"]|\p{{M}}{{{MARKS + 1}}}"
)


def show(text: str, *, all_label: str = "Show all", clip: int = CLIP) -> str:
    """Return `text` as HTML: isolated in direction, escaped, clipped.

    Parameters
    ----------
    text : str
        As it was typed.
    all_label : str
        What opens the rest, in the reader's language.
    clip : int
        How many characters (as a person counts them) are shown at once.
    """
    clusters = _CLUSTER.findall(text) if len(text) > clip else []
    if len(clusters) <= clip:
        return f'<bdi class="uz-text">{plain(text)}</bdi>'
    return (
        '<details class="uz-long"><summary>'
        f'<bdi class="uz-text">{plain("".join(clusters[:clip]))}</bdi>… '
        f'<span class="uz-more">{html.escape(all_label)}</span></summary>'
        f'<bdi class="uz-text">{plain(text)}</bdi></details>'
    )


def line(text: str) -> str:
    """Return `text` as HTML on one line: for names of people and choices."""
    return f'<bdi class="uz-text">{plain(text, one_line=True)}</bdi>'


def plain(text: str, *, one_line: bool = False) -> str:
    """Return `text` escaped, what hides in it made visible."""
    if not _ODD.search(text):
        return html.escape(text, quote=True).replace("\n", " " if one_line else "<br>")
    return "".join(_cluster(cluster, one_line=one_line) for cluster in _CLUSTER.findall(text))


def _cluster(cluster: str, *, one_line: bool) -> str:
    if _BREAKS.fullmatch(cluster):
        return " " if one_line else "<br>"
    more = ""
    if len(cluster) > MARKS + 1:
        kept = _without_storm(cluster)
        if len(kept) < len(cluster):
            more = _code(f"+{len(cluster) - len(kept)}")
            cluster = kept
    return "".join(map(_character, cluster)) + more


def _without_storm(cluster: str) -> str:
    """Keep the first marks on a letter. Joined emoji are long, too, but carry no marks."""
    kept: list[str] = []
    marks = 0
    for character in cluster:
        marks += unicodedata.category(character) in {"Mn", "Me"} and character != "\ufe0f"
        if marks <= MARKS:
            kept.append(character)
    return "".join(kept)


def _character(character: str) -> str:
    number = ord(character)
    if number < 0x20:
        return f'<span class="uz-code">{chr(0x2400 + number)}</span>'
    if number == 0x7F:
        return '<span class="uz-code">\u2421</span>'
    if number in _HIDDEN or 0x80 <= number < 0xA0:
        return _code(f"U+{number:04X}")
    if 0xD800 <= number < 0xE000:
        return "\ufffd"
    return html.escape(character, quote=True)


def _code(label: str) -> str:
    return f'<span class="uz-code">{html.escape(label)}</span>'
