"""What a person does in the real JupyterLab and Notebook: run cells, choose in a menu."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import nbformat
from playwright.sync_api import Error

#: The notebook in front has a kernel that hears of it.
IDLE = ".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook-ExecutionIndicator[data-status=idle]"


def write_notebook(path: Path, *sources: str) -> None:
    """Write a notebook with these cells, to be run by hand."""
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in sources],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    nbformat.write(notebook, path)


def run(page: Any, cell: Any) -> None:
    """Run a cell by its keys."""

    def press() -> None:
        cell.locator(".cm-content").click(timeout=20_000)
        page.keyboard.press("Shift+Enter")

    _until_begun(page, cell, press)


def run_all(page: Any) -> None:
    """Run all cells of a notebook by the menu."""
    first = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell").first
    _until_begun(page, first, lambda: choose(page, "Run", "Run All Cells"))


def _until_begun(page: Any, cell: Any, ask: Callable[[], None]) -> None:
    """Ask for a run once there is a kernel that hears of it: Lab drops what it is asked before."""
    page.locator(IDLE).wait_for(state="attached", timeout=90_000)
    begun = cell.locator(".jp-InputPrompt", has_text=re.compile(r"\[(\*|\d+)\]"))
    for _ in range(6):
        with suppress(Error):
            ask()
            begun.wait_for(timeout=10_000)
            return
    raise AssertionError(f"no cell was run; {page.locator('.jp-Dialog').all_inner_texts()}")


def choose(page: Any, menu: str, command: str) -> None:
    """Choose a command of a menu of JupyterLab or Notebook."""
    page.get_by_role("menuitem", name=menu, exact=True).click(timeout=90_000)
    page.locator(".lm-Menu-item", has_text=command).first.click(timeout=30_000)
