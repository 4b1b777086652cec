"""TOML that a person wrote: read with the line of whatever is wrong."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ustaz.base.errors import FileFault
from ustaz.messages import N_

LARGEST: Final = 256 * 1024
_AT: Final = re.compile(r"\s*\(at line (\d+), column \d+\)|\s*\(at end of document\)")
_ALONE: Final = re.compile(r"\s*([A-Za-z0-9_.-]+)\s*$")
_TOO_MUCH: Final = re.compile(r"[0-9_]{4000}|[\[{][\[{\s]{200}|(\.[^.]+){200}")
_TABLE: Final = re.compile(r"\s*\[\s*([^\[\]]+?)\s*\]")
_TABLES: Final = re.compile(r"\s*\[\[\s*([^\[\]]+?)\s*\]\]")
_KEY: Final = re.compile(r"""\s*([A-Za-z0-9_."'-]+)\s*=""")


@dataclass(frozen=True, slots=True)
class Toml:
    """A file as it was read.

    Attributes
    ----------
    path : Path
    text : str
    values : mapping
    hint : str
        What a complaint ends with.
    """

    path: Path
    text: str
    values: Mapping[str, Any]
    hint: str

    def refuse(self, field: str, why: str, **params: object) -> FileFault:
        """Return the complaint about a field, with its line."""
        line = line_of(self.text, field)
        return FileFault("bad_settings", self.path, line, field, why, self.hint, params=params)


def parse(data: bytes, path: Path, hint: str) -> Toml:
    """Read TOML.

    Raises
    ------
    FileFault
        ``bad_settings``, with file and line, and the field where it can be told.
    """

    def refuse(line: int, field: str, why: str, **params: object) -> FileFault:
        return FileFault("bad_settings", path, line, field, why, hint, params=params)

    if len(data) > LARGEST:
        raise refuse(0, "", N_("is larger than {size} KiB"), size=LARGEST // 1024)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise refuse(line, "", N_("the text is not UTF-8")) from None
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = _AT.search(str(error))
        lines = text.splitlines()
        line = int(at[1]) if at and at[1] else len(lines)
        reason = _AT.sub("", str(error))
        written = lines[line - 1] if 0 < line <= len(lines) else ""
        key = _KEY.match(written) or _ALONE.match(written)
        field = _joined(_table_before(lines, line), key[1]) if key else ""
        why = N_("not readable as TOML ({error})")
        raise refuse(line, field, why, error=reason) from None
    except (ValueError, RecursionError) as error:
        # A number of thousands of digits; brackets in brackets in brackets.
        lines = text.splitlines()
        line = next((at for at, written in enumerate(lines, 1) if _TOO_MUCH.search(written)), 0)
        key = _KEY.match(lines[line - 1]) if line else None
        field = _joined(_table_before(lines, line), key[1]) if key else ""
        why = N_("not readable as TOML ({error})")
        raise refuse(line, field, why, error=str(error).partition(";")[0]) from None
    return Toml(path, text, values, hint)


def line_of(text: str, field: str) -> int:
    r"""Return in which line a field stands, or the table that it is missing in; 0 for neither.

    The tables of a list are counted from 1: ``event[2].day``.

    Examples
    --------
    >>> line_of("[[event]]\nday = 1\n[[event]]\nid = 2\nday = 3", "event[2].day")
    5
    >>> line_of("[course]\nid = 1\n[calendar]\nend = 2", "calendar.end")
    4
    >>> line_of("[course]\nid = 1\n[calendar]\nend = 2", "course.name")
    1
    """
    table, best = "", 0
    tables: Counter[str] = Counter()
    for number, line in enumerate(text.splitlines(), 1):
        opened = _TABLES.match(line) or _TABLE.match(line)
        if opened:
            table = _plain(opened[1])
            if opened.re is _TABLES:
                tables[table] += 1
                table = f"{table}[{tables[table]}]"
            if table == field:
                return number
            if field.startswith(f"{table}."):
                best = number
            continue
        key = _KEY.match(line)
        if key:
            name = _joined(table, key[1])
            if name == field:
                return number
            if field.startswith(f"{name}."):
                best = number
    return best


def line_in(path: Path, field: str) -> int:
    """Return in which line of a file a field stands; 0 also where the file cannot be read."""
    try:
        return line_of(path.read_text(encoding="utf-8"), field)
    except (OSError, UnicodeDecodeError):
        return 0


def _plain(name: str) -> str:
    return re.sub(r"""["'\s]""", "", name)


def _joined(table: str, key: str) -> str:
    return f"{table}.{_plain(key)}" if table else _plain(key)


def _table_before(lines: list[str], number: int) -> str:
    for at in range(number - 2, -1, -1):
        opened = _TABLES.match(lines[at]) or _TABLE.match(lines[at])
        if opened and opened.re is _TABLES:
            names = (_TABLES.match(line) for line in lines[: at + 1])
            count = sum(name is not None and name[1] == opened[1] for name in names)
            return f"{_plain(opened[1])}[{count}]"
        if opened:
            return _plain(opened[1])
    return ""
