"""Print a whole edition into one PDF, tagged and with an outline, by the system's Chromium.

All pages are put into one document in the order of reading. Their anchors get the page's address
before them, so that links inside the book lead to places inside the PDF. There are no scripts in
it: questions are lists, and every answer's remark is open.
"""

from __future__ import annotations

import contextlib
import html
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import Final
from urllib.parse import unquote, urlsplit

from ustaz.base.files import move
from ustaz.book.build import FOLDERS, build
from ustaz.book.errors import BookError
from ustaz.book.settings import LEARNER

BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BROWSER_ENV: Final = "CHROMIUM"
#: A guard, for a browser that hangs: the large edition takes one minute where nothing else runs.
SECONDS: Final = 900
#: Without a sandbox, because it needs rights that containers lack; only our own file is opened.
FLAGS: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-pdf-header-footer",
    "--export-tagged-pdf",
    "--generate-pdf-document-outline",
)
STYLE: Final = """
@page { size: A4; margin: 18mm 16mm 20mm; }
@page { @bottom-center { content: counter(page); font: 9pt "Noto Sans", sans-serif; } }
/* One face for whole words: what stands for Arial or Helvetica may lack the letters of Kazakh. */
body { --font-stack: "Noto Sans", "PT Sans", "DejaVu Sans", sans-serif; }
body { background: #fff; color: #000; font-family: var(--font-stack); }
.uz-page { break-before: page; }
.uz-cover { font-size: 2rem; font-weight: 700; margin: 30vh 0 1rem; }
.uz-feedback { display: block !important; }
.uz-page .uz-feedback > summary { display: none; }
/* In the book, cards and sheets are for reading: with their keys and titles, within its margins. A
   wider page would make Chromium shrink the whole book. For a meeting one prints them apart. */
.uz-page .uz-use, .uz-page h1 { display: block !important; }
.uz-page section:has(> .uz-use):not(:has(> .uz-cards)) { page: auto; padding: 0; }
.uz-page .uz-cards { page: auto; width: 178mm; grid-template-columns: 89mm 89mm; }
.uz-page .uz-cards { grid-auto-rows: 62mm; }
.uz-page .uz-cards.uz-large { grid-auto-rows: 124mm; }
.uz-page .uz-cards > li, .uz-page .uz-cards.uz-large > li { padding: 6mm; font-size: 14pt; }
"""

_TAG: Final = re.compile(r"<[a-zA-Z][^<>]*>")
_ATTRIBUTE: Final = re.compile(r'\s(id|for|href|src|aria-labelledby|aria-describedby)="([^"]*)"')


def pdf(
    out: str | os.PathLike[str],
    *,
    edition: str = LEARNER,
    lang: str = "en",
    source: Path | None = None,
) -> Path:
    """Build an edition and print it.

    Parameters
    ----------
    out : path
        The PDF to write, or a folder that gets ``ustaz-book-learner-en.pdf``.
    edition : str
        ``learner`` or ``facilitator``.
    lang : str
        Language of the edition.
    source : Path, optional
        The checkout; default: the one that this module lies in.

    Returns
    -------
    Path
        The PDF.
    """
    find_browser()
    path = Path(out).absolute()
    path = path if path.suffix == ".pdf" else path / f"ustaz-book-{edition}-{lang}.pdf"
    with tempfile.TemporaryDirectory(prefix="ustaz-book-") as work:
        build(work, edition=edition, lang=lang, source=source, workbooks="", languages=(lang,))
        print_folder(Path(work, FOLDERS[edition].format(lang=lang)), path)
    return path


def print_folder(folder: Path, path: Path) -> None:
    """Print a built edition that nobody else reads, all or nothing."""
    browser = find_browser()
    whole = folder / "whole-book.html"
    whole.write_text(whole_book(folder), encoding="utf-8")
    with tempfile.TemporaryDirectory(prefix="ustaz-book-") as work:
        printed = Path(work, "book.pdf")
        _print(browser, whole, printed, Path(work, "profile"))
        fresh = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(printed, fresh)
            move(fresh, path)
        except OSError as error:
            with contextlib.suppress(OSError):
                fresh.unlink(missing_ok=True)
            raise BookError(
                "not_written", f"{path} could not be written: {error.strerror or error}."
            ) from error


def find_browser() -> str:
    """Return the Chromium of this computer; raise :class:`BookError` where there is none."""
    chosen = os.environ.get(BROWSER_ENV)
    program = next(filter(None, map(shutil.which, [chosen] if chosen else BROWSERS)), None)
    if program is None:
        raise BookError(
            "no_browser",
            "Printing the book needs Chromium, which is not here: install it, or name it in "
            f"the environment variable {BROWSER_ENV}.",
        )
    return program


def whole_book(folder: Path) -> str:
    """Return all pages of a built edition as one HTML document."""
    pages = dict(_in_order(folder))
    first = pages["index.html"]
    lang = re.search(r'<html[^>]* lang="([^"]*)"', first)
    title = _between(first, "<title>", "</title>")
    styles = re.findall(r'<link rel="stylesheet"[^>]*>', first)
    articles = "\n".join(
        f'<section class="uz-page" id="{_anchor(name)}">{_rewritten(name, text, pages)}</section>'
        for name, text in pages.items()
    )
    return (
        f'<!doctype html>\n<html lang="{lang.group(1) if lang else "en"}">'
        f'<head><meta charset="utf-8"><title>{title}</title>{"".join(styles)}'
        f"<style>{STYLE}</style></head>\n"
        f'<body data-theme="light"><p class="uz-cover">{title}</p>'
        f"<main><article>{articles}</article></main></body></html>\n"
    )


def _in_order(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the pages as one reads them: each names the next."""
    name: str | None = "index.html"
    seen: set[str] = set()
    while name and name not in seen:
        seen.add(name)
        text = (folder / name).read_text(encoding="utf-8")
        yield name, text
        following = re.search(r'<link rel="next"[^>]* href="([^"]*)"', text)
        name = _resolved(name, html.unescape(following.group(1))) if following else None


def _resolved(page: str, link: str) -> str:
    return normpath((PurePosixPath(page).parent / unquote(link)).as_posix())


def _between(text: str, start: str, end: str) -> str:
    return text.partition(start)[2].partition(end)[0]


def _anchor(page: str, anchor: str = "") -> str:
    name = re.sub(r"[^\w-]", "-", page.removesuffix(".html"))
    return f"{name}--{anchor}" if anchor else name


def _rewritten(page: str, text: str, pages: dict[str, str]) -> str:
    """Return a page's article with its anchors, links and pictures led to the whole book."""

    def attribute(match: re.Match[str]) -> str:
        name, value = match.groups()
        if name in {"href", "src"}:
            parts = urlsplit(html.unescape(value))
            if parts.scheme or parts.netloc:
                return match.group(0)
            target = _resolved(page, parts.path) if parts.path else page
            if target in pages:
                value = "#" + _anchor(target, parts.fragment)
            else:
                value = html.escape(target)
        else:
            value = " ".join(_anchor(page, part) for part in value.split())
        return f' {name}="{value}"'

    article = _between(text, "<article>", "</article>")
    article = article.replace("<details", "<details open")
    return _TAG.sub(lambda tag: _ATTRIBUTE.sub(attribute, tag.group(0)), article)


def _print(browser: str, page: Path, out: Path, profile: Path) -> None:
    command = [browser, *FLAGS, f"--user-data-dir={profile}", f"--print-to-pdf={out}"]
    try:
        done = subprocess.run(
            [*command, page.as_uri()], capture_output=True, timeout=SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BookError("not_printed", f"Chromium could not print the book: {error}.") from error
    if done.returncode or not out.is_file():
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise BookError(
            "not_printed",
            f"Chromium could not print the book: {(lines or ['no reason given'])[-1]}",
        )
