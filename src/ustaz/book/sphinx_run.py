"""Running Sphinx for an edition, quickly: what has not changed since the last run is kept.

Each edition and language keeps its read pages and its site in the cache. Sphinx reads again what
has changed. What every page depends on (the program, the settings, the contents, the sources, the
words of blocks) is in a key: with another key, and after a failure, it begins with nothing, because
Sphinx complains of a page only when it reads it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Final

from ustaz.book.cache import cache_folder
from ustaz.book.downloads import Download, as_setting
from ustaz.book.errors import BookError
from ustaz.book.settings import FACILITATOR, LANG_ENV, PACKAGE, TOC_FILES, VOCABULARY
from ustaz.book.translations import SHARED, SOURCE
from ustaz.book.worker import Job, run

KEY: Final = "key"
#: What draws pages; a page that another version drew is not used again.
PROGRAMS: Final = (
    "sphinx",
    "docutils",
    "myst-parser",
    "markdown-it-py",
    "furo",
    "jinja2",
    "sphinx-external-toc",
    "sphinxcontrib-bibtex",
    "pybtex",
    "pybtex-docutils",
    "snowballstemmer",
    "babel",
)
SOURCES: Final = ("_config.yml", *TOC_FILES.values())

#: What Sphinx and the theme put into every site, and no page of ours refers to.
LEFTOVERS: Final = (
    ".buildinfo",
    ".buildinfo.bak",
    "objects.inv",
    "_sources",
    "_static/*.png",
    "_static/basic.css",
    "_static/doctools.js",
    "_static/documentation_options.js",
    "_static/searchtools.js",
    "_static/sphinx_highlight.js",
    "_static/debug.css",
    "_static/pygments.css",
    "_static/skeleton.css",
    "_static/*/*.map",
    "_static/*/furo-extensions.*",
)


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition in one language, and for where it is built.

    Attributes
    ----------
    edition, lang : str
        Which one.
    base : str
        Where the workbooks' pages are, from its top; empty where there is no server.
    languages : tuple of str
        The languages that lie beside each other, to which pages lead.
    downloads : tuple of Download
        The files that its pages offer to take home; an edition is the same one without.
    """

    edition: str
    lang: str
    base: str
    languages: tuple[str, ...]
    downloads: tuple[Download, ...] = field(default=(), repr=False, compare=False)


def run_sphinx(
    root: Path,
    fresh: Mapping[Edition, Path],
    put: Callable[[Edition], None],
    *,
    force: bool = False,
) -> dict[Edition, float]:
    """Build editions, as many at once as there are processors.

    Parameters
    ----------
    root : Path
        The sources.
    fresh : mapping of Edition to Path
        The folder of each, which is not there yet; the first one is begun first.
    put : callable
        Called for each edition whose folder is whole, as soon as it is.
    force : bool
        Begin with nothing.

    Returns
    -------
    dict
        How many seconds each took.

    Raises
    ------
    BookError
        Where one has faults; the others are built nevertheless.
    """
    editions = list(fresh)
    seconds: dict[Edition, float] = {}
    faults: dict[Edition, BookError] = {}
    with contextlib.ExitStack() as all_kept:
        kept = {
            edition: all_kept.enter_context(_kept(root, fresh[edition], edition, force=force))
            for edition in editions
        }
        jobs = [_job(root, edition, kept[edition].folder) for edition in editions]
        for done in run(jobs, at_once=os.cpu_count() or 1):
            edition = editions[done.number]
            if done.code:
                faults[edition] = _faults(edition, done.output)
                continue
            _copy(kept[edition].folder / "html", fresh[edition])
            put(edition)
            kept[edition].good = True
            seconds[edition] = done.seconds
    for edition in editions:
        if edition in faults:
            raise faults[edition]
    return seconds


def _job(root: Path, edition: Edition, work: Path) -> Job:
    arguments = ["-b", "ustaz", "-W", "--keep-going", "-n", "-q", "--no-color"]
    arguments += ["-c", str(root / "book" / "_sphinx"), "-d", str(work / "doctrees")]
    arguments += ["-D", f"ustaz_workbook_base={edition.base}"]
    arguments += ["-D", f"ustaz_languages={','.join(edition.languages)}"]
    arguments += ["-D", f"ustaz_downloads={as_setting(edition.downloads)}"]
    if edition.edition == FACILITATOR:
        arguments += ["-t", FACILITATOR]
    own = {LANG_ENV: edition.lang}
    return Job((*arguments, str(root), str(work / "html")), own, str(root))


def _faults(edition: Edition, output: str) -> BookError:
    return BookError(
        "book_faults",
        f"The {edition.edition} edition ({edition.lang}) has faults:\n{output.strip()}",
        "Each line names the file and the line. The edition that stood there is untouched.",
    )


def _copy(built: Path, site: Path) -> None:
    """Copy an edition without the leftovers of Sphinx."""
    leftovers = {path for pattern in LEFTOVERS for path in built.glob(pattern)}

    def left(folder: str, names: list[str]) -> list[str]:
        return [name for name in names if Path(folder, name) in leftovers]

    shutil.copytree(built, site, ignore=left)


@dataclass(slots=True)
class _Kept:
    """The folder that is kept for an edition; only after a good run it is used again."""

    folder: Path
    good: bool = False


@contextlib.contextmanager
def _kept(root: Path, fresh: Path, edition: Edition, *, force: bool) -> Iterator[_Kept]:
    """Open the folder that is kept for an edition; a passing one where it cannot be used."""
    from filelock import FileLock, Timeout

    books = cache_folder(root)
    # One that is read without a server has a folder of its own: neither makes the other begin anew.
    work = books / "-".join([edition.edition, edition.lang, *([] if edition.base else ["alone"])])
    try:
        books.mkdir(parents=True, exist_ok=True)
        _forget_others(books, root)
        lock = FileLock(f"{work}.lock")
        lock.acquire(timeout=0)
    except (OSError, Timeout):  # no rights or no room there, or another build is at it
        yield _Kept(fresh.parent / "work")
        return
    kept = _Kept(work)
    try:
        key = _key(root, edition)
        if force or not (work / KEY).is_file() or (work / KEY).read_text() != key:
            shutil.rmtree(work, ignore_errors=True)
        else:
            (work / KEY).unlink()  # whoever is killed leaves a folder that is not used again
        work.mkdir(exist_ok=True)
        yield kept
        if kept.good:
            (work / KEY).write_text(key)
    finally:
        if not kept.good:
            shutil.rmtree(work, ignore_errors=True)
        lock.release()


def _forget_others(books: Path, root: Path) -> None:
    """Note whose cache this is, and remove those whose sources are gone."""
    (books / "root").write_text(str(root), encoding="utf-8")
    for note in books.parent.glob("*/root"):
        with contextlib.suppress(OSError):
            if not Path(note.read_text(encoding="utf-8")).is_dir():
                shutil.rmtree(note.parent, ignore_errors=True)


def _key(root: Path, edition: Edition) -> str:
    """Return a digest of what every page depends on."""
    digest = hashlib.sha256(f"{edition} {sys.version} {_programs()}\0".encode())
    messages = root / "locale" / edition.lang / "LC_MESSAGES"
    paths = [
        *(root / name for name in SOURCES),
        root / VOCABULARY,
        *sorted((root / "book").rglob("*.bib")),
        *sorted((root / "book" / "_sphinx").glob("*.py")),
        *sorted(path for path in PACKAGE.rglob("*") if "__pycache__" not in path.parts),
    ]
    if edition.lang != SOURCE:
        from ustaz.messages import DOMAINS, locale_dir  # not in Jupyter Book's own environment

        paths += [messages / name for name in ("ustaz.po", "workbooks.po", f"book/{SHARED}.po")]
        shipped = locale_dir() / edition.lang / "LC_MESSAGES"
        paths += [shipped / f"{domain}.po" for domain in DOMAINS]
    for path in paths:
        if path.is_file():
            digest.update(f"{path}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


@cache
def _programs() -> list[str]:
    """Return the programs that draw pages, with their versions."""
    versions = []
    for name in PROGRAMS:
        with contextlib.suppress(metadata.PackageNotFoundError):
            versions.append(f"{name} {metadata.version(name)}")
    return versions
