"""``python -m ustaz.book build OUT``: build the editions of the book."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from ustaz.book.build import build
from ustaz.book.settings import EDITIONS
from ustaz.errors import UstazError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m ustaz.book", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("build", help="build one or both editions")
    one.add_argument("out", metavar="OUT", help="folder of the site, for instance site")
    one.add_argument("--edition", choices=[*EDITIONS, "both"], default="both")
    one.add_argument("--lang", action="append", help="language, several times if you like")
    one.add_argument(
        "--workbooks",
        metavar="BASE",
        help="where the workbooks' pages are; an empty string for a book read away from a server",
    )
    one.add_argument("--source", type=Path, help="the checkout; default: this one")
    one.add_argument("--force", action="store_true", help="build even when nothing has changed")
    one.add_argument("--quiet", action="store_true", help="say nothing unless it fails")
    options = parser.parse_args(arguments)
    editions = EDITIONS if options.edition == "both" else (options.edition,)
    try:
        for lang in options.lang or ["en"]:
            for edition in editions:
                built = build(
                    options.out,
                    edition=edition,
                    lang=lang,
                    source=options.source,
                    workbooks=options.workbooks,
                    force=options.force,
                )
                if not options.quiet:
                    took = f"{built.seconds:.0f} s" if built.seconds else "unchanged"
                    sys.stdout.write(f"{edition} ({lang}): {built.pages} pages, {took}\n")
                    sys.stdout.flush()
    except UstazError as error:
        sys.stderr.write(f"{error.message}\n{error.hint}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
