"""The programs of this environment: nbgrader and Jupyter call some of theirs by a bare name."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def tools_path() -> str:
    """Return a ``PATH`` that begins with this environment's programs, each folder once."""
    tools = str(Path(sys.executable).parent)
    path = os.environ.get("PATH", "")
    return path if tools in path.split(os.pathsep) else os.pathsep.join([tools, path])


def with_tools_on_path() -> None:
    """Put this environment's programs on ``PATH``."""
    os.environ["PATH"] = tools_path()
