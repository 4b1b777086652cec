"""What a person does in the real JupyterLab and Notebook: run cells, choose in a menu."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import nbformat
from playwright.sync_api import Error

PANEL = ".jp-NotebookPanel:not(.lm-mod-hidden)"
#: Whether the notebook in front has had a kernel at rest for some frames. Lab says idle before
#: there is one too, and shows a kernel's name a frame before it says that it is being started.
AT_REST = f"""() => {{
  const panel = document.querySelector("{PANEL}");
  const name = panel?.querySelector(".jp-Toolbar-kernelName, .jp-KernelName")?.textContent.trim();
  const idle = panel?.querySelector(".jp-Notebook-ExecutionIndicator[data-status=idle]");
  window.uzAtRest = name && name !== "No Kernel" && idle ? (window.uzAtRest ?? 0) + 1 : 0;
  if (window.uzAtRest < 6) return false;
  window.uzAtRest = 0;
  return true;
}}"""
#: What a cell shows of an error that it raised.
ERROR = '[data-mime-type="application/vnd.jupyter.stderr"]'


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
    cells = page.locator(f"{PANEL} .jp-CodeCell")
    _until_begun(page, cells, lambda: choose(page, "Run", "Run All Cells"))


def wait_for_output(output: Any, timeout: float = 60_000) -> None:
    """Wait for what a cell of the notebook in front shows, or fail by an error's own words."""
    errors = output.page.locator(f"{PANEL} {ERROR}")
    output.or_(errors).first.wait_for(timeout=timeout)
    _fail_for(errors)


def _fail_for(errors: Any) -> None:
    """Fail with what cells have shown of their errors."""
    if texts := errors.all_inner_texts():
        raise AssertionError("\n".join(texts))


def _until_begun(page: Any, cells: Any, ask: Callable[[], None]) -> None:
    """Ask until all of these cells are run.

    Lab drops what it is asked before there is a kernel. Of several cells it may run the first,
    which starts the kernel; the others then find neither a kernel nor that there is none.
    """
    begun = cells.locator(".jp-InputPrompt", has_text=re.compile(r"\[(\*|\d+)\]"))
    for _ in range(6):
        page.wait_for_function(AT_REST, timeout=90_000)
        with suppress(Error):
            ask()
        for _ in range(100):
            _fail_for(cells.locator(ERROR))
            if 0 < begun.count() == cells.count():
                return
            page.wait_for_timeout(100)
    prompts = cells.locator(".jp-InputPrompt").all_inner_texts()
    dialogs = page.locator(".jp-Dialog").all_inner_texts()
    raise AssertionError(f"not all cells were run: {prompts}; {dialogs}")


def choose(page: Any, menu: str, command: str) -> None:
    """Choose a command of a menu of JupyterLab or Notebook.

    A menu that is open shows no command that comes meanwhile: it is opened anew.
    """
    item = page.locator(".lm-Menu-item", has_text=command).first
    for _ in range(12):
        page.get_by_role("menuitem", name=menu, exact=True).click(timeout=90_000)
        with suppress(Error):
            item.click(timeout=5_000)
            return
        page.keyboard.press("Escape")
    raise AssertionError(f"no command {command!r} in the menu {menu!r}")
