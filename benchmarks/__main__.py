"""`make bench`, or `python -m benchmarks [NAME …]`: run the measurements one after another."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import time
from pathlib import Path

import benchmarks

LEFT_OUT = {"__main__"}


def names() -> list[str]:
    """Return the measurements: every module of this package that has a `main`."""
    folder = Path(benchmarks.__file__).parent
    return sorted(
        one.name
        for one in pkgutil.iter_modules(benchmarks.__path__)
        if one.name not in LEFT_OUT and "\ndef main(" in (folder / f"{one.name}.py").read_text()
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", nargs="*", choices=[[], *names()], help="default: all")
    for name in parser.parse_args().name or names():
        print(f"\n== {name}\n", flush=True)
        began = time.monotonic()
        importlib.import_module(f"benchmarks.{name}").main([])
        print(f"\n   ({name}: {time.monotonic() - began:.0f} s)", flush=True)


if __name__ == "__main__":
    main()
