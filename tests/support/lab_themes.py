"""JupyterLab's themes, on a page and in Lab, and whether what is shown in them can be read."""

from __future__ import annotations

import json
import sys
from functools import cache
from pathlib import Path
from typing import Any

from tests.support.browser import AXE

THEMES = Path(sys.prefix) / "share" / "jupyter" / "lab" / "themes" / "@jupyterlab"


@cache
def theme(light: bool) -> str:
    """Return the script that puts one of Lab's own themes on a page without Lab."""
    name = "theme-light-extension" if light else "theme-dark-extension"
    style = (THEMES / name / "index.css").read_text(encoding="utf-8")
    return f"""() => {{
      let style = document.getElementById("lab-theme");
      if (!style) {{
        style = document.createElement("style");
        style.id = "lab-theme";
        document.head.prepend(style);
      }}
      style.textContent = {json.dumps(style)};
      document.body.dataset.jpThemeLight = "{str(light).lower()}";
      document.body.style.background = "var(--jp-layout-color0)";
    }}"""


def choose_theme(page: Any, name: str) -> None:
    """Choose a theme in the menu of JupyterLab."""
    page.get_by_role("menuitem", name="Settings", exact=True).click()
    page.locator(".lm-Menu-item", has_text="Theme").first.hover()
    page.locator(".lm-Menu-item", has_text=name).first.click()
    page.wait_for_function("(name) => document.body.dataset.jpThemeName === name", arg=name)


def contrasts(page: Any, scope: str) -> tuple[int, list[str]]:
    """Return how many texts axe has looked at, and those that can hardly be read."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    run = page.evaluate(
        """(scope) => axe.run(scope, {runOnly: ["color-contrast"]}).then((run) => [
          run.passes.flatMap((rule) => rule.nodes).length,
          run.violations.flatMap((rule) => rule.nodes).map(
            (node) => `${node.target.join(" ")}: ${node.any[0]?.message}`),
        ])""",
        scope,
    )
    return int(run[0]), list(run[1])
