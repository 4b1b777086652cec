"""Every command that the technician is told to type exists, with its options."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from ustaz.cli._app import app, run
from ustaz.cli._exit import EXIT_CODES

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
UNITS = sorted((ROOT / "deploy").glob("*.service"))


def commands(text: str) -> list[str]:
    """Return what follows `ustaz` in code and in units."""
    code = re.findall(r"```sh\n(.*?)```", text, re.DOTALL) + re.findall(r"`([^`\n]+)`", text)
    found = set()
    for block in code:
        for line in re.split(r"\n|&&", block):
            match = re.match(r"\s*(?:sudo -u ustaz )?ustaz ([a-z-].*?)\s*(?:#.*)?$", line)
            if match:
                found.add(match.group(1))
    return sorted(found)


def told() -> list[str]:
    lines = commands(TEXT)
    for unit in UNITS:
        lines += re.findall(r"^ExecStart=\S+/ustaz (.*)$", unit.read_text("utf-8"), re.MULTILINE)
    return lines


def found(line: str) -> tuple[click.Command, list[str], list[str]]:
    """Return the command of a line, its names, and the rest."""
    command: click.Command = app
    words = shlex.split(line)
    names: list[str] = []
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        inner = command.commands.get(words[0])
        assert inner is not None, f"`ustaz {line}` is no command"
        names.append(words.pop(0))
        command = inner
    return command, names, words


def test_the_commands_are_found() -> None:
    listed = told()
    for name in (
        "hub init",
        "hub serve",
        "hub invite",
        "backup",
        "verify",
        "restore",
        "doctor",
        "new",
    ):
        assert any(one.startswith(name) for one in listed), name
    assert len(listed) > 20


@pytest.mark.parametrize("line", told())
def test_each_command_exists_with_its_options(
    line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command, names, rest = found(line)
    assert run([*names, "--help"]) == 0
    assert "Traceback" not in capsys.readouterr().out
    options = {name for one in command.params for name in one.opts} | {"--help"}
    used = {one.partition("=")[0] for one in rest if one.startswith("-")}
    assert used <= options
    if rest and not used <= {"--version"}:
        takes = [one for one in command.params if isinstance(one, click.Option) and not one.is_flag]
        values = sum(1 for one in rest if one in {name for it in takes for name in it.opts})
        given = len([one for one in rest if not one.startswith("-")]) - values
        arguments = sum(1 for one in command.params if isinstance(one, click.Argument))
        assert given <= arguments, f"too many words in `ustaz {line}`"


def test_the_exit_codes_are_those_of_the_command_line() -> None:
    line = TEXT.split("Exit codes, for scripts:")[1]
    assert {int(one) for one in re.findall(r"(?:^|; ) ?(\d+) ", line.replace("\n", " "))} <= set(
        EXIT_CODES
    )


def test_the_files_it_copies_are_there() -> None:
    for name in re.findall(r"/opt/ustaz/(deploy/[\w.-]+)", TEXT):
        assert (ROOT / name).is_file()


def test_only_the_address_of_examples_is_named() -> None:
    names = set(re.findall(r"https?://([\w.:-]+)", TEXT))
    assert names <= {"ustaz.example.kz", "ustaz.example.kz:8443", "127.0.0.1:8000"}
