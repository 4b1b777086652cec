"""Install what writes and reads Parquet into a folder of its own, where it is not there yet.

171 MB that two programs need, a test of `make soak` and a measurement of `make bench`: so it is in
no lock of the environment that everybody prepares.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements" / "parquet.txt"
FOLDER = ROOT / "var" / "parquet"


def folder() -> Path:
    """Return the folder for `PYTHONPATH`, filled."""
    key = hashlib.sha256(LOCK.read_bytes() + sys.version.encode()).hexdigest()
    stamp = FOLDER / ".lock-sha256"
    if not stamp.is_file() or stamp.read_text() != key:
        uv = Path(sys.executable).with_name("uv")
        shutil.rmtree(FOLDER, ignore_errors=True)
        command = [uv, "pip", "install", "-q", "--require-hashes", "--python", sys.executable]
        subprocess.run([*command, "--target", FOLDER, "-r", LOCK], check=True)
        stamp.write_text(key)
    return FOLDER


if __name__ == "__main__":
    print(folder())
