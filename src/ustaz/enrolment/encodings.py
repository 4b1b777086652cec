"""Which of the old encodings a text file is in, and letters that were encoded twice.

An encoding is never guessed for good: what two readings of the same bytes would tell apart by a
narrow margin is refused, since a name that was read wrongly looks like a name.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from ustaz.enrolment.headings import is_known
from ustaz.enrolment.problems import SheetError

#: The first of two that read the same text is as good as the other.
OLD: Final = ("cp1251", "kz1048", "ptcp154", "mac_cyrillic", "koi8_r", "cp866", "iso8859_5")
MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: How often a letter stands among a thousand of Russian and Kazakh names, schools and headings.
OFTEN: Final = dict(
    zip(
        "аеинортслвкмдупябгзычйжхшюцщэфъьқғңөұүһіәё",
        (115, 70, 68, 65, 72, 55, 50, 52, 48, 45, 42, 34, 32, 26, 24, 18, 18, 18, 16, 22, 12, 11,
         9, 8, 12, 5, 5, 2, 3, 4, 1, 16, 12, 9, 5, 8, 6, 10, 1, 16, 10, 1),
        strict=True,
    )
)  # fmt: skip
#: What lists hold beside letters; other signs speak against a reading.
PLAIN: Final = frozenset(" \t\r\n;,.:|\"'-–—«»„“”’()/№_+&*@#!?%=<>[]…\u00a0•°`´")
PAIR: Final = re.compile(
    r"[РСТУҚÐÑÒÓ][\u0080-\u00bfЂЃѓЉЊЌЋЏђљњќћџЎўЈҐЁЄЇІіґёєјЅѕї‚„…†‡€‰‹‘’“”•–—™›№ŠŒŽšœžŸƒˆ˜]"
)
#: Letters that were read as if each byte were a letter.
TWICE: Final = re.compile(rf"(?:{PAIR.pattern}){{2}}")
#: By how much a reading must be better than the next one: about one letter that does not fit.
NARROW: Final = 2.0


def decode(data: bytes) -> str:
    """Return the text of a file: by its byte order mark, as UTF-8, or in an old encoding.

    Examples
    --------
    >>> decode("Аты".encode("utf-16")), decode("Имя;Иванов".encode("cp1251"))
    ('Аты', 'Имя;Иванов')
    >>> decode("Аты-жөні;Әйгүл".encode("kz1048")), decode("Имя;Иванов".encode("koi8_r"))
    ('Аты-жөні;Әйгүл', 'Имя;Иванов')
    """
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return _strictly(data, encoding)
    head = data[:2000]
    if head.count(0) > len(head) // 4:
        little = head[1::2].count(0) >= head[::2].count(0)
        return _strictly(data, "utf-16-le" if little else "utf-16-be")
    if b"\0" in head:
        return _without_mark(data)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        _refuse_broken(data, error)
        return _old(data)


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise SheetError("not_a_sheet") from None


def _without_mark(data: bytes) -> str:
    """Return a text of two bytes a letter that does not say so, where it is one."""
    known = {}
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            known[fitness(text)] = text
    if not known or max(known) <= 0:
        raise SheetError("not_a_sheet")
    return known[max(known)]


def _refuse_broken(data: bytes, error: UnicodeDecodeError) -> None:
    """Refuse UTF-8 in which a few bytes are wrong: read otherwise, all other letters would be."""
    text = data.decode("utf-8", "replace")
    lost = text.count("\ufffd")
    letters = sum(char > "\x7f" for char in text) - lost
    if letters > 8 * lost:
        line = len(re.findall(rb"\r\n|\n|\r", data[: error.start])) + 1
        raise SheetError("broken_letters", line)


def _old(data: bytes) -> str:
    """Return the text in the old encoding that fits best; refuse what fits two almost alike."""
    scores: dict[str, float] = {}
    for encoding in OLD:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        scores.setdefault(text, fitness(text))
    best = sorted(scores, key=lambda name: -scores[name])[:2]
    if not best or scores[best[0]] < 0:
        raise SheetError("unclear_letters")
    if len(best) > 1 and scores[best[0]] - scores[best[1]] < NARROW:
        raise SheetError("unclear_letters")
    return best[0]


def fitness(text: str) -> float:
    """Return how much a text looks like a list in Russian or Kazakh; below 0: not at all."""
    sample = text[:40_000]
    letters = [char for char in sample if char > "\x7f"]
    if not letters:
        return 0.0
    total = 0.0
    for char in letters:
        small = char.lower()
        if small in OFTEN:
            total += 0.4 + min(OFTEN[small], 60) / 60
        elif char not in PLAIN:
            total -= 4
    words = re.findall(r"[^\W\d_]+", sample)
    for word in words:
        if word.isascii() or word.islower() or word.isupper() or word.istitle():
            continue
        turns = sum(a.islower() and b.isupper() for a, b in pairwise(word))
        total -= 2.0 * turns
        total -= 0.5
    # Names begin with a capital, and lines that are capitals throughout are few.
    total += 0.5 * sum(word.istitle() and not word.isascii() for word in words)
    total += 3 * sum(is_known(cell) for cell in _cells(sample))
    return float(total)


def _cells(text: str) -> Iterator[str]:
    for line in text.splitlines()[:60]:
        for cell in re.split(r"[;,\t|]", line):
            if not cell.isascii():
                yield cell


def mended(text: str) -> str:
    """Return a cell whose letters were encoded twice as it was before; others as they are.

    Examples
    --------
    >>> mended("Әйгүл".encode().decode("cp1252", "replace")) != "Әйгүл", mended("Сіл С.")
    (True, 'Сіл С.')
    >>> mended("Айгүл".encode().decode("latin-1")), mended("Асан".encode().decode("cp1251"))
    ('Айгүл', 'Асан')
    """
    if text.isascii():
        return text
    first = next(at for at, char in enumerate(text) if char > "\x7f")
    for encoding in ("cp1251", "cp1252", "latin-1", "kz1048", "mac_cyrillic", "koi8_r", "cp866"):
        try:
            if not _begins(text[first : first + 2], encoding):
                continue
            decoded = b"".join(_byte(char, encoding) for char in text).decode("utf-8")
        except UnicodeError:
            continue
        letters = [char for char in decoded if char > "\x7f"]
        if len(letters) > 1 and all(
            letter.lower() in OFTEN or letter in PLAIN for letter in letters
        ):
            return decoded
    return text


def _begins(pair: str, encoding: str) -> bool:
    """Tell whether two letters can be the bytes of one: most texts are ruled out by this."""
    data = b"".join(_byte(char, encoding) for char in pair)
    return len(data) == 2 and 0xC2 <= data[0] <= 0xF4 and 0x80 <= data[1] <= 0xBF


def _byte(letter: str, encoding: str) -> bytes:
    """Return a letter's byte; a code that the encoding leaves open stands for itself."""
    try:
        return letter.encode(encoding)
    except UnicodeEncodeError:
        if "\x80" <= letter <= "\x9f":
            return letter.encode("latin-1")
        raise


def is_twice(text: str) -> bool:
    """Tell whether letters of a cell were encoded twice and cannot be brought back."""
    return bool(TWICE.search(text))
