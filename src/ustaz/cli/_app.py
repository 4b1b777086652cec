"""The top of the command line: options that every command has, and errors in one line."""

from __future__ import annotations

import sys

import click

from ustaz.base.errors import UstazError
from ustaz.cli import _exit
from ustaz.cli._backup import backup, restore, verify
from ustaz.cli._book import book
from ustaz.cli._check import check
from ustaz.cli._course import doctor, new, serve
from ustaz.cli._export import export
from ustaz.cli._extend import extend
from ustaz.cli._gallery import gallery
from ustaz.cli._help import Group, lang_option
from ustaz.cli._hub import hub
from ustaz.cli._manage import course
from ustaz.cli._output import report_error
from ustaz.cli._person import person
from ustaz.cli._roster_change import roster
from ustaz.cli._rounds import collect, feedback, grade, submit
from ustaz.cli._storage import storage
from ustaz.cli._workbook import workbook
from ustaz.messages import N_


@click.group(
    cls=Group,
    help=N_(
        "Ustaz: a course and workbooks for teachers who lead a development project.\n\n"
        "DIR is a course directory, as made by `ustaz new`. Exit codes stand in docs/cli.md."
    ),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 96},
)
@lang_option
@click.version_option(package_name="ustaz", message="%(version)s")
def app() -> None:
    """Hold the commands."""


COMMANDS = (
    new,
    serve,
    roster,
    submit,
    collect,
    grade,
    feedback,
    extend,
    check,
    workbook,
    export,
    course,
    storage,
    hub,
    book,
    gallery,
    doctor,
    backup,
    verify,
    restore,
    person,
)
for command in COMMANDS:
    app.add_command(command)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and end the process with the code that docs/cli.md promises."""
    if not sys.warnoptions:
        import warnings

        # Warnings of the libraries below are for developers; `python -W default` shows them.
        warnings.simplefilter("ignore")
    sys.exit(run(arguments))


def run(arguments: list[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    try:
        result = app.main(words, prog_name="ustaz", standalone_mode=False)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.Abort:
        return _exit.STOPPED
    except KeyboardInterrupt:
        return _exit.STOPPED
    except click.UsageError as error:
        error.show()
        return _exit.USAGE
    except click.ClickException as error:
        error.show()
        return _exit.ERROR
    except BrokenPipeError:
        return _exit.OK
    except Exception as error:
        known = as_known(error)
        if known is None:
            raise
        with click.Context(app) as ctx:
            _keep_language(ctx, words)
            report_error(ctx, known, as_json="--json" in words)
        return known.exit_code
    return result if isinstance(result, int) else _exit.OK


def as_known(error: Exception) -> UstazError | None:
    """Return `error` as one that can be said in a line; None for a fault of ours."""
    if isinstance(error, UstazError):
        return error
    if isinstance(error, PermissionError) and error.filename:
        # Most often a technician who forgot `sudo -u`: directories are closed to everybody else.
        return UstazError(
            "not_allowed",
            N_("This account may not open {path}."),
            N_("Run the command as the account of the directory: sudo -u ACCOUNT ustaz …"),
            exit_code=_exit.ERROR,
            params={"path": error.filename},
        )
    if isinstance(error, FileNotFoundError) and error.filename:
        return UstazError(
            "not_there",
            N_("There is nothing at {path}."),
            N_("Look at how it is written."),
            exit_code=_exit.ERROR,
            params={"path": error.filename},
        )
    if isinstance(error, OSError):
        where = f" ({error.filename})" if error.filename else ""
        return UstazError("system", f"{error.strerror or error}{where}.", exit_code=_exit.ERROR)
    return None


def _keep_language(ctx: click.Context, words: list[str]) -> None:
    """Find ``--lang`` again: an error has left the context that held it."""
    for position, word in enumerate(words):
        if word == "--lang" and position + 1 < len(words):
            ctx.meta["ustaz.lang"] = words[position + 1]
        elif word.startswith("--lang="):
            ctx.meta["ustaz.lang"] = word.partition("=")[2]
