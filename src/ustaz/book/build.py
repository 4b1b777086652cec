"""Build an edition of the book into a folder, all or nothing.

The new edition is built beside the old one and takes its place, in one step, only when the build
had no error and no warning, so that a reader never meets half a book, or none.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from ustaz.base.shipped import shipped
from ustaz.book.errors import BookError
from ustaz.book.exchange import put_in_place
from ustaz.book.frontmatter import LANGS
from ustaz.book.settings import EDITIONS, FACILITATOR, LANG_ENV, LEARNER, PACKAGE
from ustaz.messages import N_

STAMP: Final = ".built"
#: Folder of an edition inside the site, and how the site's top is reached from there.
FOLDERS: Final = {LEARNER: "{lang}", FACILITATOR: "facilitator/{lang}"}
SOURCES: Final = ("_config.yml", "_toc.yml", "_toc.facilitator.yml")
SOURCE_FOLDERS: Final = ("book", "facilitator_notes", "workbooks", "locale")
#: What a build needs besides the package itself.
NEEDED: Final = ("sphinx", "furo", "myst_parser", "sphinx_external_toc", "sphinxcontrib.bibtex")
LOCK: Final = ".building.lock"
WORK: Final = ".book-"

#: What Sphinx and the theme put into every site, and no page of ours refers to.
LEFTOVERS: Final = (
    ".buildinfo",
    "objects.inv",
    "_static/*.png",
    "_static/basic.css",
    "_static/debug.css",
    "_static/pygments.css",
    "_static/skeleton.css",
    "_static/*/*.map",
    "_static/*/furo-extensions.*",
)


@dataclass(frozen=True, slots=True)
class Built:
    """What a build produced.

    Attributes
    ----------
    folder : Path
        The edition's folder; ``index.html`` lies in it.
    pages : int
        How many pages it holds.
    seconds : float
        How long the build took; 0 when nothing had changed.
    """

    folder: Path
    pages: int
    seconds: float


def source_root() -> Path:
    """Return the folder that holds the book's sources; raise :class:`BookError` without them."""
    for candidate in (shipped(), Path.cwd()):
        if (candidate / "_toc.yml").is_file() and (candidate / "book").is_dir():
            return candidate
    raise BookError(
        "no_book",
        N_("The sources of the book are not here."),
        N_("Install Ustaz again in a fresh environment."),
    )


def edition_folder(edition: str, lang: str) -> str:
    """Return where an edition lies inside the site."""
    return FOLDERS[edition].format(lang=lang)


def _base(edition: str) -> str:
    """Return where the server of a course has the workbooks, from the edition's top."""
    return "../" * (FOLDERS[edition].count("/") + 2) + "workbooks/"


def build(
    out: str | os.PathLike[str],
    *,
    edition: str = LEARNER,
    lang: str = "en",
    source: Path | None = None,
    workbooks: str | None = None,
    force: bool = False,
) -> Built:
    """Build one edition into ``out/en`` or ``out/facilitator/en``.

    Parameters
    ----------
    out : path
        The site's folder. Other editions in it are left alone.
    edition : str
        ``learner`` or ``facilitator``.
    lang : str
        Language of the edition.
    source : Path, optional
        The folder of its sources; default: those that come with this package.
    workbooks : str, optional
        Where the workbooks' pages are, relative to the edition's top or as an address; an empty
        string for an edition that is read away from any server. Default: where the server of a
        course has them (``workbooks/`` beside the site).
    force : bool
        Build even when nothing has changed.
    """
    if edition not in EDITIONS:
        raise BookError("bad_edition", f"There is no edition {edition!r}.", " or ".join(EDITIONS))
    root = (source or source_root()).resolve()
    site = Path(out).resolve()
    folder = site / edition_folder(edition, lang)
    base = _base(edition) if workbooks is None else workbooks
    stamp = _stamp(root, edition, lang, base)
    if not force and (folder / STAMP).is_file() and (folder / STAMP).read_text() == stamp:
        return Built(folder, _count(folder), 0.0)
    _look_for_programs()
    began = time.monotonic()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _alone(site):
        for left in folder.parent.glob(f"{WORK}*"):  # by a build that was killed
            shutil.rmtree(left, ignore_errors=True)
        with tempfile.TemporaryDirectory(prefix=WORK, dir=folder.parent) as work:
            fresh = Path(work, "html")
            _run_sphinx(root, Path(work), edition=edition, lang=lang, base=base)
            (fresh / STAMP).write_text(stamp)
            put_in_place(fresh, folder, Path(work, "old"))
        _write_entrance(site)
    return Built(folder, _count(folder), time.monotonic() - began)


def _look_for_programs() -> None:
    for name in NEEDED:
        try:
            there = find_spec(name) is not None
        except ModuleNotFoundError:  # the package around it
            there = False
        if not there:
            raise BookError(
                "no_book_tools",
                N_("The programs that build the book are not installed."),
                N_("Install Ustaz with them: pip install 'ustaz[book]'"),
            )


@contextlib.contextmanager
def _alone(site: Path) -> Iterator[None]:
    """Keep a second build of the same site out."""
    from filelock import FileLock, Timeout  # Jupyter Book's own environment has none

    try:
        with FileLock(site / LOCK, timeout=0):
            yield
    except Timeout:
        raise BookError(
            "busy",
            N_("The book is being built at this moment."),
            N_("Wait until that is finished, then try again."),
            exit_code=11,
        ) from None


def _run_sphinx(root: Path, work: Path, *, edition: str, lang: str, base: str) -> None:
    fresh = work / "html"
    command = [sys.executable, "-m", "sphinx", "-b", "ustaz", "-W", "--keep-going", "-n", "-q"]
    command += ["--no-color", "-c", str(root / "book" / "_sphinx"), "-d", str(work / "doctrees")]
    command += ["-D", f"ustaz_workbook_base={base}"]
    if edition == FACILITATOR:
        command += ["-t", "facilitator"]
    environment = os.environ | {
        LANG_ENV: lang,
        # The very package that runs, also when it is not installed.
        "PYTHONPATH": os.pathsep.join(
            [str(Path(__file__).resolve().parents[2]), os.environ.get("PYTHONPATH", "")]
        ).rstrip(os.pathsep),
    }
    done = subprocess.run(
        [*command, str(root), str(fresh)],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise BookError(
            "book_faults",
            f"The {edition} edition ({lang}) has faults:\n{done.stderr.strip()}",
            "Each line names the file and the line. The edition that stood there is untouched.",
        )
    for pattern in LEFTOVERS:
        for leftover in fresh.glob(pattern):
            leftover.unlink()
    (fresh / "_sources").rmdir()  # Sphinx makes it even where nothing is copied into it


def _write_entrance(site: Path) -> None:
    """Write the site's top page, which leads to the first language that is there."""
    langs = [lang for lang in LANGS if (site / lang / "index.html").is_file()]
    if langs:
        first = f"{langs[0]}/index.html"
        page = (
            f'<!doctype html>\n<html lang="{langs[0]}"><head><meta charset="utf-8">'
            f'<title>{langs[0]}</title><meta http-equiv="refresh" content="0; url={first}">'
            f'</head><body><a href="{first}">{first}</a></body></html>\n'
        )
        (site / "index.html").write_text(page, encoding="utf-8")


def _count(folder: Path) -> int:
    return sum(1 for path in folder.rglob("*.html") if path.name != "search.html")


def stamp_of(edition: str, lang: str) -> str:
    """Return the stamp that an edition has which is made of the sources of now for a server."""
    return _stamp(source_root().resolve(), edition, lang, _base(edition))


def _stamp(root: Path, edition: str, lang: str, base: str) -> str:
    """Return a digest of everything that the edition is made of."""
    seen = tuple((name, path, *_state(path)) for name, path in _inputs(root))
    return hashlib.sha256(f"{edition}\0{lang}\0{base}\0{_digest(seen)}".encode()).hexdigest()


def _state(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_mtime_ns, status.st_size


@lru_cache(maxsize=2)
def _digest(inputs: tuple[tuple[str, Path, int, int], ...]) -> str:
    """Return a digest of the files; read again when one of them was written."""
    digest = hashlib.sha256()
    for name, path, *_ in inputs:
        digest.update(f"{name}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _inputs(root: Path) -> Iterator[tuple[str, Path]]:
    """Yield the files that decide what pages look like, by the names that they have everywhere."""
    for name in SOURCES:
        if (root / name).is_file():
            yield name, root / name
    for name, folder in (
        *((folder_name, root / folder_name) for folder_name in SOURCE_FOLDERS),
        ("package", PACKAGE),
    ):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield f"{name}/{path.relative_to(folder).as_posix()}", path
