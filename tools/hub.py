"""`make hub`: a hub of invented people (made once, kept), the book, and JupyterHub with Ustaz."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hub", type=Path, required=True)
    parser.add_argument("--site", type=Path, required=True)
    parser.add_argument("--port", default="8000")
    options = parser.parse_args()

    if not (options.hub / "ustaz-hub.toml").is_file():
        print("Creating the demo hub: 30 invented teachers and those around them …", flush=True)
        run("ustaz.cli", "hub", "init", str(options.hub), "--demo", "--port", options.port)
    print("Building the book (only what changed) …", flush=True)
    run("ustaz.book", "build", str(options.site), "--quiet")
    os.environ["USTAZ_BOOK"] = str(options.site.resolve())
    os.environ["USTAZ_QUIET"] = "1"
    try:
        run("ustaz.cli", "hub", "serve", str(options.hub))
    except KeyboardInterrupt:
        print("\nStopped. What people wrote is kept in", options.hub)


def run(module: str, *arguments: str) -> None:
    done = subprocess.run([sys.executable, "-m", module, *arguments], check=False)
    if done.returncode:
        raise SystemExit(done.returncode)


if __name__ == "__main__":
    main()
