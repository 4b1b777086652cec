"""``python -m ustaz.catalogs update|check|status``: what ``make messages`` and the tests run."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return its exit code (0 in order, 1 something to do)."""
    parser = argparse.ArgumentParser(prog="python -m ustaz.catalogs", description=__doc__)
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parents[3])
    commands = parser.add_subparsers(dest="command", required=True)
    updating = commands.add_parser("update", help="bring templates and catalogues up to date")
    updating.add_argument("--prune", action="store_true", help="forget texts no source has")
    commands.add_parser("check", help="say what is missing, stale or wrong; 1 if anything is")
    commands.add_parser("status", help="how much is translated, and how much is a draft")
    options = parser.parse_args(arguments)

    from ustaz.catalogs.check import check
    from ustaz.catalogs.update import update

    if options.command == "update":
        changed = update(options.root, prune=options.prune)
        for path in changed:
            print(f"updated {path.relative_to(options.root)}")  # noqa: T201
    report = check(options.root)
    if options.command == "check":
        for complaint in report.complaints:
            print(complaint, file=sys.stderr)  # noqa: T201
    for lang, entries in report.entries.items():
        open_ = sum(complaint.lang == lang for complaint in report.complaints)
        drafts = report.drafts.get(lang, 0)
        print(  # noqa: T201
            f"{lang}: {entries} texts, {drafts} drafts to be read, {open_} to be put right;"
            f" {report.shown.get(lang, 0)} of the drafts can stand on a page"
        )
    return 1 if options.command == "check" and report.complaints else 0


if __name__ == "__main__":
    raise SystemExit(main())
