"""A tree of Python values as the text of a ``workbook.yml``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

WIDTH: Final = 100
"""Characters of a line; longer texts are folded."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a workbook: its keys as they stand in the file.

    Attributes
    ----------
    keys : mapping
        Texts, numbers, truth values, lists, mappings and parts; None and empty lists are left out.
    """

    keys: Mapping[str, Any] = field(hash=False)

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401
        return self.keys[key]

    def plain(self) -> dict[str, Any]:
        """Return it as dictionaries, lists and texts, in the order of the file."""
        keys: dict[str, Any] = _plain(self.keys)
        return keys


def _plain(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, Part):
        value = value.keys
    if isinstance(value, Mapping):
        return {
            str(key): _plain(inner)
            for key, inner in value.items()
            if inner is not None and inner not in ((), [])
        }
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, Sequence):
        return [_plain(inner) for inner in value]
    # Everything in the file is a text until the language says otherwise.
    return value if isinstance(value, int | float) else str(value)


class _Dumper(yaml.SafeDumper):
    """Writes lists inside of mappings indented, as the workbooks that come with Ustaz have them."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Go one level in; a list never stands below its own key."""
        del indentless
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ANN401, ARG002
        """Write what stands twice twice: the language has no aliases."""
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    if "\n" in text:
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|")
    if text in {"yes", "no"}:
        # A word to this language as to a person, quoted only by writers that guess types.
        return dumper.represent_scalar("tag:yaml.org,2002:bool", text)
    return dumper.represent_scalar("tag:yaml.org,2002:str", text)


_Dumper.add_representer(str, _text)


def yaml_text(part: Part) -> str:
    """Return the text of a file that reads as `part`."""
    text: str = yaml.dump(
        part.plain(), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=WIDTH
    )
    return text
