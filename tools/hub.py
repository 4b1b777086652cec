"""`make hub`: a hub of invented people (made once, kept), the book, and JupyterHub with Ustaz."""

from __future__ import annotations

import argparse
from pathlib import Path

from steps import alone, build_book, run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hub", type=Path, required=True)
    parser.add_argument("--site", type=Path, required=True)
    parser.add_argument("--port", default="", help="else what the hub's settings say: 8000")
    options = parser.parse_args()

    with alone(options.hub):
        if not (options.hub / "ustaz-hub.toml").is_file():
            print("Creating the demo hub: 30 invented teachers and those around them …", flush=True)
            run("ustaz.cli", "hub", "init", str(options.hub), "--demo", "--no-book")
    build_book(options.hub, options.site)
    port = ["--port", options.port] if options.port else []
    try:
        run("ustaz.cli", "hub", "serve", str(options.hub), *port, USTAZ_QUIET="1")
    except KeyboardInterrupt:
        print("\nStopped. What people wrote is kept in", options.hub)


if __name__ == "__main__":
    main()
