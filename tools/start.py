"""`make start`: the demo course (made once, kept), the book, and JupyterLab with Ustaz."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--demo", type=Path, required=True)
    parser.add_argument("--site", type=Path, required=True)
    parser.add_argument("--port", default="8888")
    parser.add_argument("--no-browser", action="store_true", default=True)
    options = parser.parse_args()

    if not (options.demo / "ustaz.toml").is_file():
        print("Creating the demo course: 30 invented people at different stages …", flush=True)
        run("ustaz", "new", str(options.demo), "--demo", "--people", "30", "--seed", "1")
    print("Building the book (only what changed) …", flush=True)
    run("ustaz.book", "build", str(options.site), "--quiet")
    command = ["ustaz", "serve", str(options.demo), "--port", options.port, "--no-browser"]
    try:
        run(*command, environment_site=options.site)
    except KeyboardInterrupt:
        print("\nStopped. What people wrote is kept in", options.demo)


def run(module: str, *arguments: str, environment_site: Path | None = None) -> None:
    import os

    environment = dict(os.environ)
    if environment_site is not None:
        environment["USTAZ_BOOK"] = str(environment_site.resolve())
    name = "ustaz.cli" if module == "ustaz" else module
    done = subprocess.run([sys.executable, "-m", name, *arguments], env=environment, check=False)
    if done.returncode:
        raise SystemExit(done.returncode)


if __name__ == "__main__":
    main()
