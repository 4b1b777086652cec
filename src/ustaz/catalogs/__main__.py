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
    checking = commands.add_parser("check", help="say what is missing, stale or wrong; 1 if it is")
    checking.add_argument(
        "pages",
        nargs="*",
        metavar="PAGE",
        help="pages of the book alone, as teachers or modules/focus",
    )
    commands.add_parser("status", help="how much is translated, and how much is a draft")
    options = parser.parse_args(arguments)

    from ustaz.catalogs.book import has_book, write_book
    from ustaz.catalogs.check import check
    from ustaz.catalogs.update import update

    if options.command == "check" and options.pages:
        return _check_pages(options.root, options.pages)
    if options.command == "update":
        changed = update(options.root, prune=options.prune)
        if has_book(options.root):
            changed += write_book(options.root, prune=options.prune)
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
    wrong = _check_pages(options.root, [], quiet=options.command != "check")
    return 1 if options.command == "check" and (report.complaints or wrong) else 0


def _check_pages(root: Path, pages: list[str], *, quiet: bool = False) -> int:
    """Check the book's catalogues, those of some pages or all of them; return the exit code."""
    from ustaz.catalogs.book import check_book

    complaints, reports = check_book(root, pages)
    if not quiet:
        for complaint in complaints:
            print(complaint, file=sys.stderr)  # noqa: T201
    for lang, report in reports.items():
        print(  # noqa: T201
            f"{lang}: book: {report.complete} of {report.pages} pages, {report.translated} of"
            f" {report.texts} texts, {report.drafts} drafts to be read"
        )
        if pages:
            for page, count in report.open.items():
                print(f"{lang}: {page}: {count} texts are not translated")  # noqa: T201
    return 1 if complaints else 0


if __name__ == "__main__":
    raise SystemExit(main())
