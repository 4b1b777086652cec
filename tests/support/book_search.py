"""The search of a built book, asked through the locked Node with the very scripts of its page."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

SCRIPT = Path(__file__).with_suffix(".mjs")


def ask(edition: Path, calls: Iterable[tuple[str, Any]]) -> list[Any]:
    """Return the answers of an edition's search to calls of the script."""
    own = Path(sys.executable).with_name("node")
    node = str(own) if own.exists() else shutil.which("node") or "node"
    lines = "".join(json.dumps(call) + "\n" for call in calls)
    done = subprocess.run(
        [node, str(SCRIPT), str(edition)], input=lines, text=True, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def found(edition: Path, questions: Iterable[str]) -> list[list[str]]:
    """Return the addresses of the pages that each question finds, the best first."""
    answers = ask(edition, [("find", question) for question in questions])
    return [[page[0] for page in answer["pages"]] for answer in answers]
