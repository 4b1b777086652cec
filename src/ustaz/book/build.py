"""Build editions of the book into a folder, each of them all or nothing.

A new edition is built beside the old one and takes its place, in one step, only when the build
had no error and no warning, so that a reader never meets half a book, or none.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from ustaz.base import files
from ustaz.base.shipped import shipped
from ustaz.book import downloads, translations
from ustaz.book.errors import BookError
from ustaz.book.exchange import put_in_place
from ustaz.book.settings import EDITIONS, FACILITATOR, LANGUAGES, LEARNER, PACKAGE, TOC_FILES
from ustaz.book.sphinx_run import Edition, run_sphinx
from ustaz.book.translations import SOURCE
from ustaz.messages import N_

STAMP: Final = ".built"
#: Which files to take home its pages offer; they are not among the sources.
OFFERS: Final = ".offers"
#: Folder of an edition inside the site, and how the site's top is reached from there.
FOLDERS: Final = {LEARNER: "{lang}", FACILITATOR: "facilitator/{lang}"}
#: What a build needs besides the package itself.
NEEDED: Final = ("sphinx", "furo", "myst_parser", "sphinx_external_toc", "sphinxcontrib.bibtex")
LOCK: Final = ".building.lock"
WORK: Final = ".book-"


@dataclass(frozen=True, slots=True)
class Built:
    """What a build produced.

    Attributes
    ----------
    edition, lang : str
        Which edition it is.
    folder : Path
        The edition's folder; ``index.html`` lies in it.
    pages : int
        How many pages it holds.
    seconds : float
        How long the build took; 0 when nothing had changed.
    """

    edition: str
    lang: str
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
    languages: Sequence[str] = LANGUAGES,
    force: bool = False,
) -> Built:
    """Build one edition in one language; see :func:`build_all`, whose `languages` it has too."""
    return build_all(
        out,
        editions=(edition,),
        langs=(lang,),
        source=source,
        workbooks=workbooks,
        languages=languages,
        force=force,
    )[0]


def build_all(
    out: str | os.PathLike[str],
    *,
    editions: Sequence[str] = EDITIONS,
    langs: Sequence[str] = LANGUAGES,
    source: Path | None = None,
    workbooks: str | None = None,
    languages: Sequence[str] | None = None,
    force: bool = False,
) -> list[Built]:
    """Build editions into ``out/en``, ``out/facilitator/en`` and so on, as many at once as it can.

    Parameters
    ----------
    out : path
        The site's folder. Other editions in it are left alone.
    editions : sequence of str
        ``learner`` and ``facilitator``, or one of them.
    langs : sequence of str
        The languages to build.
    source : Path, optional
        The folder of its sources; default: those that come with this package.
    workbooks : str, optional
        Where the workbooks' pages are, relative to the edition's top or as an address; an empty
        string for an edition that is read away from any server. Default: where the server of a
        course has them (``workbooks/`` beside the site).
    languages : sequence of str, optional
        The languages that pages lead to: those that lie beside each other. Default: `langs`.
    force : bool
        Build even when nothing has changed.
    """
    for edition in editions:
        if edition not in EDITIONS:
            message = f"There is no edition {edition!r}."
            raise BookError("bad_edition", message, " or ".join(EDITIONS))
    root = (source or source_root()).resolve()
    site = Path(out).resolve()
    beside = tuple(languages or langs)
    wanted = [
        Edition(
            edition,
            lang,
            _base(edition) if workbooks is None else workbooks,
            beside,
            _offered(root, site, edition, lang),
        )
        for lang in langs
        for edition in reversed(EDITIONS)  # the larger one first: two builds end together
        if edition in editions
    ]
    stamps = {edition: _stamp(root, edition) for edition in wanted}
    waiting = [edition for edition in wanted if force or not _is_built(site, edition, stamps)]
    seconds: dict[Edition, float] = {}
    if waiting:
        _look_for_programs()
        site.mkdir(parents=True, exist_ok=True)
        with _alone(site):
            for lang in langs:
                translations.read(root, lang)  # into the cache, for each build
            for folder in {_folder(site, edition).parent for edition in waiting}:
                folder.mkdir(parents=True, exist_ok=True)
                for left in folder.glob(f"{WORK}*"):  # by a build that was killed
                    shutil.rmtree(left, ignore_errors=True)
            seconds = _build(
                root, site, {edition: stamps[edition] for edition in waiting}, force=force
            )
            _write_entrance(site)
    return [
        Built(
            edition.edition,
            edition.lang,
            folder := _folder(site, edition),
            _count(folder),
            seconds.get(edition, 0.0),
        )
        for edition in wanted
    ]


def _offered(root: Path, site: Path, edition: str, lang: str) -> tuple[downloads.Download, ...]:
    if not downloads.record_of(downloads.folder_of(site, edition)):
        return ()
    return downloads.current(site, edition, lang, stamp_without_server(root, edition, lang))


def _folder(site: Path, edition: Edition) -> Path:
    return site / edition_folder(edition.edition, edition.lang)


def _is_built(site: Path, edition: Edition, stamps: dict[Edition, str]) -> bool:
    stamp = _folder(site, edition) / STAMP
    offers = stamp.with_name(OFFERS)
    return (
        stamp.is_file()
        and stamp.read_text() == stamps[edition]
        and (offers.read_text() if offers.is_file() else downloads.as_setting(()))
        == downloads.as_setting(edition.downloads)
    )


def _build(
    root: Path, site: Path, stamps: dict[Edition, str], *, force: bool
) -> dict[Edition, float]:
    """Build editions and put each in its place; return the seconds that it took."""
    with contextlib.ExitStack() as passing:
        work = {
            edition: Path(
                passing.enter_context(
                    tempfile.TemporaryDirectory(prefix=WORK, dir=_folder(site, edition).parent)
                )
            )
            for edition in stamps
        }

        def put(edition: Edition) -> None:
            fresh = work[edition] / "html"
            (fresh / STAMP).write_text(stamps[edition])
            (fresh / OFFERS).write_text(downloads.as_setting(edition.downloads))
            put_in_place(fresh, _folder(site, edition), work[edition] / "old")

        fresh = {edition: folder / "html" for edition, folder in work.items()}
        return run_sphinx(root, fresh, put, force=force)


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


def _write_entrance(site: Path) -> None:
    """Write the site's top page, which leads to the first language that is there."""
    langs = [lang for lang in LANGUAGES if (site / lang / "index.html").is_file()]
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
    return _stamp(source_root().resolve(), Edition(edition, lang, _base(edition), LANGUAGES))


def stamp_without_server(root: Path, edition: str, lang: str) -> str:
    """Return the stamp of an edition of one language that is read away from any server."""
    return _stamp(root, Edition(edition, lang, "", (lang,)))


def _stamp(root: Path, edition: Edition) -> str:
    """Return a digest of everything that the edition is made of."""
    seen = tuple((name, path, *files.state_of(path)) for name, path in _inputs(root, edition))
    return hashlib.sha256(f"{edition}\0{_digest(seen)}".encode()).hexdigest()


@lru_cache(maxsize=8)
def _digest(inputs: tuple[tuple[str, Path, int, int, int], ...]) -> str:
    """Return a digest of the files; read again when one of them was written."""
    digest = hashlib.sha256()
    for name, path, *_ in inputs:
        digest.update(f"{name}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _inputs(root: Path, edition: Edition) -> Iterator[tuple[str, Path]]:
    """Yield the files that decide what pages look like, by the names that they have everywhere."""
    for name in ("_config.yml", TOC_FILES[edition.edition]):
        if (root / name).is_file():
            yield name, root / name
    folders = ["book", "workbooks"]
    folders += ["facilitator_notes"] if edition.edition == FACILITATOR else []
    folders += [f"locale/{edition.lang}"] if edition.lang != SOURCE else []
    for name, folder in (
        *((folder_name, root / folder_name) for folder_name in folders),
        ("package", PACKAGE),
    ):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield f"{name}/{path.relative_to(folder).as_posix()}", path
