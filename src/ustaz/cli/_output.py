"""What a command says: plain lines for people, one object for programs, never a traceback."""

from __future__ import annotations

import json
import sys
from typing import Any, Final

import click

from ustaz.base.errors import UstazError
from ustaz.cli._help import words
from ustaz.messages import N_
from ustaz.messages import format as fill


class Output:
    """Says things in the caller's language, or collects them for ``--json``.

    Parameters
    ----------
    ctx : click.Context
    as_json : bool
        Lines for people are left out; :meth:`result` prints the object.
    """

    def __init__(self, ctx: click.Context, *, as_json: bool = False) -> None:
        self.words = words(ctx)
        self.as_json = as_json

    def gettext(self, message: str, **params: object) -> str:
        """Return `message` in the caller's language, filled in."""
        return fill(self.words.gettext(message), **params)

    def ngettext(self, singular: str, plural: str, count: int, **params: object) -> str:
        """Return the form for `count`, which fills ``{count}``."""
        return fill(self.words.ngettext(singular, plural, count), count=count, **params)

    def line(self, text: str = "", *, strong: bool = False) -> None:
        """Print a line for people."""
        if not self.as_json:
            click.secho(text, bold=strong or None)

    def result(self, value: dict[str, Any]) -> None:
        """Print the object for programs."""
        if self.as_json:
            click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))

    def result_of_json(self, **parts: bool | list[bytes]) -> None:
        """Print the object for programs, lists of which are JSON already."""
        if self.as_json:
            import msgspec

            raw = {
                name: [msgspec.Raw(entry) for entry in part] if isinstance(part, list) else part
                for name, part in parts.items()
            }
            click.echo(msgspec.json.format(msgspec.json.encode(raw), indent=2))


def report_error(ctx: click.Context | None, error: UstazError, *, as_json: bool) -> None:
    """Say an error in one line, with what to do next in a second one."""
    lookup = words(ctx).gettext if ctx is not None else str
    message, hint = error.translated(lookup)
    if as_json:
        fields = {
            "error": error.id,
            "message": message,
            "hint": hint,
            "exit_code": error.exit_code,
        }
        detail = getattr(error, "detail", "")
        if detail:
            fields["detail"] = detail
        click.echo(json.dumps(fields, ensure_ascii=False), err=True)
        return
    label = lookup(N_("Error:"))
    click.echo(f"{label} {' '.join(message.split())}", err=True)
    if hint:
        hint_label = lookup(N_("Hint:"))
        click.echo(f"{hint_label} {' '.join(hint.split())}", err=True)


class Progress:
    """A bar on a terminal, a line now and then in a file; with ``--json`` nothing.

    Usable as ``progress(done, of)``, which is how batch grading and the demo report.
    """

    WIDTH: Final = 30
    LINES: Final = 4  # in a file, and only where there is more than a handful to do
    MANY: Final = 20

    def __init__(self, out: Output, label: str) -> None:
        self._label = label
        self._show = not out.as_json
        self._bar = sys.stderr.isatty()
        self._last: int | None = None

    def __call__(self, done: int, of: int, *_: object) -> None:
        """Show that `done` of `of` are finished."""
        if not self._show or done == self._last:
            return
        before, self._last = self._last or 0, done
        if self._bar:
            filled = self.WIDTH * done // of if of else self.WIDTH
            bar = "█" * filled + "░" * (self.WIDTH - filled)
            click.echo(f"\r{self._label} {bar} {done}/{of}", nl=done >= of, err=True)
        elif of >= self.MANY and self.LINES * done // of > self.LINES * before // of:
            click.echo(f"{self._label} {done}/{of}", err=True)
