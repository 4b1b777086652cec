"""JSON from anywhere, read with suspicion; JSON of ours, written in one way only.

The standard parser accepts NaN, doubled keys, lone surrogates and numbers that no other
program can hold, and falls over at deep nesting. `loads_strict` looks at the bytes first and
refuses each of these with an id of its own. An error names a place, never the content.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any, Final

import msgspec

from ustaz.base.errors import UstazError

MAX_BYTES: Final = 1 << 20
MAX_DEPTH: Final = 32
#: Deeper than this the standard parser may exhaust the interpreter's stack, whatever is asked for.
DEPTH_LIMIT: Final = 200
#: Whole numbers beyond this change their value in JavaScript.
MAX_INTEGER: Final = 2**53 - 1

#: Every reason to refuse, in plain words. The ids are stable.
STRICT_ERRORS: Final = {
    "too_large": "more bytes than allowed",
    "empty": "nothing in it",
    "bom": "starts with a byte order mark",
    "utf16": "not UTF-8 but UTF-16 or UTF-32",
    "utf8": "not valid UTF-8",
    "deep": "nested deeper than allowed",
    "duplicate_key": "the same key twice in one object",
    "not_a_number": "NaN or Infinity",
    "number_range": "a number too large for a computer's arithmetic",
    "integer_range": "a whole number beyond 2^53",
    "surrogate": "half of a character (a lone surrogate)",
    "control": "a control character inside a string",
    "trailing": "something after the end",
    "syntax": "not JSON",
}


class StrictError(UstazError):
    """Bytes that are refused.

    Attributes
    ----------
    id : str
        A key of :data:`STRICT_ERRORS`.
    position : int or None
        Offset in bytes from the start; None where there is no place to point at.
    """

    def __init__(self, id: str, position: int | None = None) -> None:
        where = "" if position is None else f" at byte {position}"
        super().__init__(id, f"Not acceptable as JSON: {STRICT_ERRORS[id]}{where}.")
        self.position = position

    def __reduce__(self) -> tuple[object, ...]:
        """Survive a process border with the position."""
        return (type(self), (self.id, self.position))


# One pass over the text. A string that is never closed is taken to the end, so that the pass
# stays linear; the possessive `++` keeps it from trying again.
_TOKEN: Final = re.compile(
    r'"(?P<body>(?:[^"\\]++|\\.|\\\Z)*+)(?:"|\Z)'
    r"|(?P<open>[\[{])"
    r"|(?P<close>[\]}])"
    r"|(?P<number>-?[0-9][0-9.eE+-]*+)"
    r"|(?P<constant>-?(?:NaN|Infinity))",
    re.DOTALL,
)
_ESCAPE: Final = re.compile(r"\\(?:u([0-9a-fA-F]{4})|.)", re.DOTALL)
_CONTROL: Final = re.compile(r"[\x00-\x1f]")
_COLON: Final = re.compile(r"[ \t\n\r]*:")
_SPACE: Final = re.compile(r"[ \t\n\r]*")
_DECODER: Final = json.JSONDecoder()
#: What every object begins with that :func:`dumps_readable` wrote.
_READABLE: Final = b'{\n "'
#: Each digit as 0, so that a long number is found as a run of zeros.
_DIGITS: Final = bytes.maketrans(b"123456789", b"0" * 9)
#: A whole number of 16 digits as it is found then: after a blank, or after its sign.
_LONG_NUMBERS: Final = (b" " + b"0" * 16, b"-" + b"0" * 16)
_NOT_READABLE: Final = object()


def loads_strict(
    data: bytes | bytearray | memoryview,
    *,
    max_bytes: int = MAX_BYTES,
    max_depth: int = MAX_DEPTH,
) -> Any:  # noqa: ANN401 - JSON is any value
    """Return the JSON value in `data`, or raise :class:`StrictError`.

    Parameters
    ----------
    data : bytes
        UTF-8 without a byte order mark.
    max_bytes : int
        Cap, checked before anything else.
    max_depth : int
        Cap on nested arrays and objects, checked before parsing; 200 at most.
    """
    raw = bytes(data[: max_bytes + 1])
    if len(raw) > max_bytes:
        raise StrictError("too_large", max_bytes)
    depth = min(max_depth, DEPTH_LIMIT)
    value = _readable(raw, depth)
    return _loads_suspicious(raw, depth) if value is _NOT_READABLE else value


def _readable(raw: bytes, max_depth: int) -> Any:  # noqa: ANN401
    """Return the value of bytes that are, one by one, what we write of that value.

    Such bytes need no search, which takes ten times longer: of a value that was read, nobody writes
    a key twice, a half of a character or something after the end. What is left to look for is
    depth, which the lines show by their indentation, and large numbers.
    """
    if not raw.startswith(_READABLE):
        return _NOT_READABLE
    try:
        value = msgspec.json.decode(raw)
        same = raw == msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n"
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return _NOT_READABLE
    deep = b"\n" + b" " * max_depth in raw
    digits = raw.translate(_DIGITS)
    if not same or deep or any(number in digits for number in _LONG_NUMBERS):
        return _NOT_READABLE
    return value


def _loads_suspicious(raw: bytes, max_depth: int) -> Any:  # noqa: ANN401
    """Return the JSON value in `raw` after every token of it was looked at."""
    text = _decode(raw)

    def fail(id: str, at: int) -> StrictError:
        return StrictError(id, len(text[:at].encode("utf-8")))

    refused = _scan(text, max_depth)
    if refused:
        raise fail(*refused)
    start = _SPACE.match(text).end()  # type: ignore[union-attr] # matches the empty string
    if start == len(text):
        raise StrictError("empty", 0)
    try:
        value, end = _DECODER.raw_decode(text, start)
    except json.JSONDecodeError as error:
        raise fail("syntax", error.pos) from None
    rest = _SPACE.match(text, end).end()  # type: ignore[union-attr]
    if rest != len(text):
        raise fail("trailing", rest)
    return value


def _decode(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in raw[:4]:
        raise StrictError("utf16", 0)
    if raw.startswith(b"\xef\xbb\xbf"):
        raise StrictError("bom", 0)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise StrictError("utf8", error.start) from None


def _scan(text: str, max_depth: int) -> tuple[str, int] | None:
    """Return the first reason to refuse `text` that its tokens show, with its place."""
    keys: list[set[str]] = []  # of each open bracket; arrays keep theirs empty
    for token in _TOKEN.finditer(text):
        at = token.start()
        if (body := token["body"]) is not None:
            refused = _scan_string(body, at + 1)
            if refused:
                return refused
            if keys and _is_key(text, token) and _repeats(_unescaped(body), keys[-1]):
                return "duplicate_key", at
        elif token["open"]:
            if len(keys) == max_depth:
                return "deep", at
            keys.append(set())
        elif token["close"]:
            if keys:  # one too many is for the parser to refuse
                keys.pop()
        elif token["constant"]:
            return "not_a_number", at
        elif (id := _scan_number(token["number"])) is not None:
            return id, at
    return None


def _is_key(text: str, token: re.Match[str]) -> bool:
    closed = text.endswith('"', token.start(), token.end())
    return closed and _COLON.match(text, token.end()) is not None


def _repeats(key: str, keys: set[str]) -> bool:
    """Tell whether an object has a key already, and add it."""
    known = key in keys
    keys.add(key)
    return known


def _scan_string(body: str, offset: int) -> tuple[str, int] | None:
    control = _CONTROL.search(body)
    if control:
        return "control", offset + control.start()
    if "\\" not in body:
        return None
    high: re.Match[str] | None = None  # a first half that waits for its second
    for escape in _ESCAPE.finditer(body):
        code = int(escape[1], 16) if escape[1] else 0
        if 0xDC00 <= code < 0xE000 and high is not None and high.end() == escape.start():
            high = None
            continue
        if high is not None:
            break
        if 0xDC00 <= code < 0xE000:
            return "surrogate", offset + escape.start()
        if 0xD800 <= code < 0xDC00:
            high = escape
    return None if high is None else ("surrogate", offset + high.start())


def _unescaped(body: str) -> str:
    """Return what a key says, so that two spellings of one key are seen as one."""
    if "\\" not in body:
        return body
    try:
        key: str = json.loads(f'"{body}"')
    except json.JSONDecodeError:
        return body  # a wrong escape: the parser refuses the text in a moment
    return key


def _scan_number(number: str) -> str | None:
    if number.lstrip("-").isdigit():
        digits = number.lstrip("-")
        # The length first: turning a million digits into a number takes minutes.
        if len(digits) > 16 or int(digits) > MAX_INTEGER:
            return "integer_range"
        return None
    try:
        finite = math.isfinite(float(number))
    except ValueError:
        return None  # "1.2.3": the parser refuses it in a moment
    return None if finite else "number_range"


def dumps_readable(value: dict[str, Any]) -> bytes:
    """Return an object as a file for people: one fact a line, keys in their order of writing."""
    return (json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def dumps_canonical(value: Any) -> bytes:  # noqa: ANN401
    """Return the one spelling of a JSON value that digests are taken of.

    Keys sorted by code point, no spaces, UTF-8 unescaped. Equal values have equal bytes.

    Raises
    ------
    StrictError
        ``surrogate`` or ``not_a_number``, for what :func:`loads_strict` would refuse.
    """
    try:
        text = json.dumps(
            value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
        )
    except ValueError:
        raise StrictError("not_a_number") from None
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise StrictError("surrogate") from None
