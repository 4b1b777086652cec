"""``%%workbook``: a definition written in a cell, shown below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ustaz.preview.widget import Preview

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


def workbook(line: str, cell: str) -> Preview:
    """Show the ``workbook.yml`` in `cell`; `line` may name a language.

    Raises
    ------
    ValueError
        If `line` is no language.
    """
    # The line of the magic itself stays: a complaint counts lines as the cell does.
    return Preview(f"\n{cell}", lang=line.strip() or None)


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Make ``%%workbook`` known to a kernel: what ``%load_ext ustaz.preview`` calls."""
    shell.magics_manager.register_function(workbook, magic_kind="cell", magic_name="workbook")
