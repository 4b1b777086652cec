"""``python -m ustaz.book``: build, pack, print and measure the editions of the book."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from ustaz.base.errors import UstazError
from ustaz.book import readability
from ustaz.book.build import build_all, source_root
from ustaz.book.offering import make_downloads
from ustaz.book.pack import pack
from ustaz.book.pdf import pdf
from ustaz.book.settings import EDITIONS, LANGUAGES, LEARNER


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
    except UstazError as error:
        sys.stderr.write("\n".join(filter(None, (error.message, error.hint))) + "\n")
        return error.exit_code
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ustaz.book", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)

    command = commands.add_parser("build", help="build both editions in all languages, or some")
    command.add_argument("out", metavar="OUT", help="folder of the site, for instance site")
    command.add_argument("--edition", choices=[*EDITIONS, "both"], default="both")
    command.add_argument(
        "--workbooks",
        metavar="BASE",
        help="where the workbooks' pages are; an empty string for a book read away from a server",
    )
    command.add_argument("--force", action="store_true", help="build even when nothing has changed")
    command.add_argument(
        "--downloads",
        action="store_true",
        help="also a PDF and a zip of each, which its pages offer (needs Chromium)",
    )
    command.add_argument("--quiet", action="store_true", help="say nothing unless it fails")
    _common(command, _build)

    command = commands.add_parser("pack", help="write a zip that is read from a USB stick")
    command.add_argument("out", metavar="OUT", help="the zip, or the folder to write it into")
    command.add_argument("--edition", choices=EDITIONS, default=LEARNER)
    _common(command, _pack)

    command = commands.add_parser("pdf", help="print the whole book into one PDF (needs Chromium)")
    command.add_argument("out", metavar="OUT", help="the PDF, or the folder to write it into")
    command.add_argument("--edition", choices=EDITIONS, default=LEARNER)
    command.add_argument("--lang", default="en", help="language of the edition")
    command.add_argument("--source", type=Path, help="folder of its sources; else this package's")
    command.set_defaults(run=_pdf)

    command = commands.add_parser("readability", help="print how hard each page is to read")
    command.add_argument("--long", action="store_true", help="also print the long sentences")
    command.add_argument("--source", type=Path, help="folder of its sources; else this package's")
    command.set_defaults(run=_readability)
    return parser


def _common(parser: argparse.ArgumentParser, run: object) -> None:
    parser.add_argument("--lang", action="append", help="language, several times if you like")
    parser.add_argument("--source", type=Path, help="folder of its sources; else this package's")
    parser.set_defaults(run=run)


def _build(options: argparse.Namespace) -> int:
    editions = EDITIONS if options.edition == "both" else (options.edition,)
    if options.downloads:
        make_downloads(
            options.out, editions=editions, langs=options.lang or LANGUAGES, source=options.source
        )
    report = build_all(
        options.out,
        editions=editions,
        langs=options.lang or LANGUAGES,
        source=options.source,
        workbooks=options.workbooks,
        languages=LANGUAGES,
        force=options.force,
    )
    for built in report if not options.quiet else ():
        took = f"{built.seconds:.0f} s" if built.seconds else "unchanged"
        sys.stdout.write(f"{built.edition} ({built.lang}): {built.pages} pages, {took}\n")
    return 0


def _pack(options: argparse.Namespace) -> int:
    langs = options.lang or ["en"]
    path = pack(options.out, edition=options.edition, langs=langs, source=options.source)
    sys.stdout.write(f"{path}: {path.stat().st_size / 1000:.0f} kB\n")
    return 0


def _pdf(options: argparse.Namespace) -> int:
    path = pdf(options.out, edition=options.edition, lang=options.lang, source=options.source)
    sys.stdout.write(f"{path}: {path.stat().st_size / 1000:.0f} kB\n")
    return 0


def _readability(options: argparse.Namespace) -> int:
    figures = readability.of_book(options.source or source_root())
    sys.stdout.write(readability.table(figures, show_long=options.long))
    return 1 if readability.faults(figures) else 0


if __name__ == "__main__":
    sys.exit(main())
