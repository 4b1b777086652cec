"""Help pages in the reader's language: click's classes with texts looked up when shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import click
from click.core import ParameterSource

from ustaz.messages import LANGUAGES, N_, Translator, language_of, translator
from ustaz.messages import format as fill

#: Asked in this order, as other tools do.
VARIABLES = ("USTAZ_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


def language(ctx: click.Context) -> str:
    """Return the language that this call answers in."""
    import os

    language = ctx.find_root().meta.get("ustaz.lang")
    if language is None:
        language = next((os.environ[name] for name in VARIABLES if os.environ.get(name)), None)
    return language_of(language)


def words(ctx: click.Context) -> Translator:
    """Return the translator of this call."""
    return translator(language(ctx))


class Option(click.Option):
    """An option whose help is translated when it is shown."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the two columns of this option's line."""
        original = self.help
        self.help = words(ctx).gettext(original) if original else original
        try:
            return super().get_help_record(ctx)
        finally:
            self.help = original


class _Translated(click.Command):
    """What commands and groups share."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the line of usage."""
        pieces = " ".join(self.collect_usage_pieces(ctx))
        label = words(ctx).gettext(N_("Usage:"))
        formatter.write_usage(ctx.command_path, pieces, prefix=f"{label} ")

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the command does."""
        if self.help:
            formatter.write_paragraph()
            with formatter.indentation():
                formatter.write_text(words(ctx).gettext(self.help))

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the example, which is a command's epilog, as it is typed: unbroken."""
        if self.epilog:
            with formatter.section(words(ctx).gettext(N_("Example"))):
                formatter.write(f"{'':>{formatter.current_indent}}{self.epilog}\n")

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return ``--help`` with a translated text."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = words(ctx).gettext(N_("Show this help and stop."))
        return option

    def _write_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        options = [
            get_param for get_param in self.get_params(ctx) if isinstance(get_param, click.Option)
        ]
        records = [option.get_help_record(ctx) for option in options]
        shown = [record for record in records if record is not None]
        if shown:
            with formatter.section(words(ctx).gettext(N_("Options"))):
                formatter.write_dl(shown)


def only_with(ctx: click.Context, other: str, together: bool, *names: str) -> None:
    """Refuse options that would be ignored without `other`, which `together` says is there."""
    _refuse(ctx, other, N_("{option} counts only together with {other}."), names if not together
            else ())  # fmt: skip


def not_with(ctx: click.Context, other: str, together: bool, *names: str) -> None:
    """Refuse options that would be ignored beside `other`, which `together` says is there."""
    _refuse(ctx, other, N_("{option} cannot be used together with {other}."), names if together
            else ())  # fmt: skip


def _refuse(ctx: click.Context, other: str, message: str, names: tuple[str, ...]) -> None:
    for param in ctx.command.params:
        source = ctx.get_parameter_source(param.name or "")
        if param.name in names and source is ParameterSource.COMMANDLINE:
            text = fill(words(ctx).gettext(message), option=param.opts[0], other=other)
            raise click.UsageError(text, ctx)


class Command(_Translated):
    """A command with translated help."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options."""
        self._write_options(ctx, formatter)


class Group(_Translated, click.Group):
    """A group with translated help."""

    command_class = Command

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, then the commands."""
        self._write_options(ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write one line for each command."""
        lookup = words(ctx)
        rows = []
        for name in self.list_commands(ctx):
            command = self.get_command(ctx, name)
            if command is not None and not command.hidden:
                text = lookup.gettext(command.help or "")
                rows.append((name, text.split("\n\n")[0].replace("\n", " ")))
        with formatter.section(lookup.gettext(N_("Commands"))):
            formatter.write_dl(rows)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the commands in the order of the work, not of the alphabet."""
        return list(self.commands)


Group.group_class = Group


def option(*names: str, **settings: Any) -> Callable[..., Any]:  # noqa: ANN401
    """Declare an option with translated help."""
    return click.option(*names, cls=Option, **settings)


def remember_language(ctx: click.Context, _: click.Parameter, value: str | None) -> str | None:
    """Keep ``--lang`` where every later text finds it."""
    if value:
        ctx.find_root().meta["ustaz.lang"] = value
    return value


lang_option = option(
    "--lang",
    type=click.Choice(LANGUAGES),
    expose_value=False,
    is_eager=True,
    callback=remember_language,
    help=N_("Language of the output; else USTAZ_LANG, LC_ALL or LANG decides."),
)
json_option = option(
    "--json", "as_json", is_flag=True, help=N_("Print one JSON object, for programs.")
)

#: A path as the command was given it; whether there is something, the command says itself.
PATH: Final = click.Path(path_type=Path, readable=False)
#: A day as ``2026-11-23``.
DAY: Final = click.DateTime(["%Y-%m-%d"])
directory_argument = click.argument("directory", metavar="DIR", type=PATH)
