"""The command line: ``ustaz …``. Names, ``--json`` and exit codes are fixed; see docs/cli.md.

Modules here parse and print; what a command does stands in the packages below. They are imported
inside the commands, so that ``ustaz --help`` answers at once.
"""

from __future__ import annotations

from ustaz.cli._app import app, main
from ustaz.cli._exit import EXIT_CODES

__all__ = ["EXIT_CODES", "app", "main"]
