"""Build the learner edition with Jupyter Book itself, which pins an older Sphinx.

It has an environment of its own (`.venv-book`), made from `requirements/book-check.txt` and kept.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv-book"
LOCK = ROOT / "requirements" / "book-check.txt"


def main() -> None:
    uv = ROOT / ".venv" / "bin" / "uv"
    stamp = VENV / ".lock-sha256"
    key = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    python = VENV / "bin" / "python"
    if not stamp.is_file() or stamp.read_text() != key:
        sync = [uv, "pip", "sync", "-q", "--require-hashes", "--python", python, LOCK]
        subprocess.run([uv, "venv", "-q", "--clear", "--python", sys.executable, VENV], check=True)
        subprocess.run(sync, check=True)
        stamp.write_text(key)
    with tempfile.TemporaryDirectory() as out:
        environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}"}
        command = [VENV / "bin" / "jupyter-book", "build", ".", "-W", "-n", "-q"]
        done = subprocess.run(
            [*command, "--path-output", out], cwd=ROOT, env=environment, check=False
        )
        pages = sorted(Path(out).glob("_build/html/**/*.html"))
        if done.returncode or len(pages) < 5:
            raise SystemExit(f"jupyter-book build . failed ({len(pages)} pages)")
        print(f"jupyter-book build . made {len(pages)} pages without a warning")


if __name__ == "__main__":
    main()
