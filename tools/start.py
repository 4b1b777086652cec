"""`make start`: the demo course (made once, kept), the book, and JupyterLab with Ustaz."""

from __future__ import annotations

import argparse
from pathlib import Path

from steps import alone, build_book, run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--demo", type=Path, required=True)
    parser.add_argument("--site", type=Path, required=True)
    parser.add_argument("--port", default="8888")
    parser.add_argument("--no-browser", action="store_true", default=True)
    options = parser.parse_args()

    with alone(options.demo):
        if not (options.demo / "ustaz.toml").is_file():
            print("Creating the demo course: 30 invented people at different stages …", flush=True)
            run("ustaz.cli", "new", str(options.demo), "--demo", "--people", "30", "--seed", "1",
                "--no-book")  # fmt: skip
    build_book(options.demo, options.site)
    command = ["serve", str(options.demo), "--port", options.port, "--no-browser"]
    try:
        run("ustaz.cli", *command)
    except KeyboardInterrupt:
        print("\nStopped. What people wrote is kept in", options.demo)


if __name__ == "__main__":
    main()
