"""The gallery's pages: files without a script, in a folder of its own beside the book."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ustaz.base import files
from ustaz.base.errors import UstazError
from ustaz.book.place import book_folder, home_of
from ustaz.course import Course
from ustaz.gallery.stories import Story, stories
from ustaz.grading.text import plain
from ustaz.messages import LANGUAGE_NAMES, N_, translator

FOLDER: Final = "stories"
STYLE: Final = "stories.css"
HERE: Final = Path(__file__).parent
#: Whoever serves the site reads them, and nobody else writes them.
OPEN: Final = 0o644
_PAGES: Final = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_PAGES.filters["shown"] = lambda text: Markup(plain(text))  # noqa: S704 - plain escapes
_PAGES.filters["one_line"] = lambda text: Markup(plain(text, one_line=True))  # noqa: S704


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did: how many stories are there, and which pages came, changed and went."""

    folder: Path
    stories: int
    written: int
    removed: int


def folder_of(course: Course) -> Path:
    """Return where a course's gallery lies, whether it was built or not."""
    return book_folder(home_of(course.dir)) / FOLDER / course.id


def pages(course: Course) -> Iterator[tuple[str, bytes]]:
    """Yield every file of the gallery: its name, and its bytes."""
    published = stories(course)
    for lang in course.languages:
        name = "index.html" if lang == course.languages[0] else f"index-{lang}.html"
        yield name, _index(course, lang, published)
    for story in published:
        yield f"{story.id}.html", _page("story.html", course, story.lang, story=story)
    yield STYLE, (HERE / STYLE).read_bytes()


def _index(course: Course, lang: str, published: list[Story]) -> bytes:
    # Those in the reader's language come first; the others are marked with theirs.
    ordered = sorted(published, key=lambda story: story.lang != lang)
    return _page("index.html", course, lang, stories=ordered)


def _page(template: str, course: Course, lang: str, **names: object) -> bytes:
    say = translator(lang).gettext
    indexes = {
        code: "index.html" if code == course.languages[0] else f"index-{code}.html"
        for code in course.languages
    }
    text = _PAGES.get_template(template).render(
        _=say, lang=lang, course=course.name, indexes=indexes, languages=LANGUAGE_NAMES, **names
    )
    return text.encode()


def build(course: Course, folder: Path | None = None) -> Built:
    """Write the gallery: pages that are no longer its are removed first.

    Parameters
    ----------
    folder : path, optional
        Another place, for a site elsewhere; default :func:`folder_of`.

    Raises
    ------
    UstazError
        ``gallery_foreign`` where the folder holds other files, ``gallery_write`` where it cannot
        be written.
    """
    target = folder or folder_of(course)
    wanted = dict(pages(course))
    try:
        target.mkdir(parents=True, exist_ok=True)
        there = {path.name for path in target.iterdir()}
        if there and STYLE not in there:
            raise UstazError(
                "gallery_foreign",
                N_("The folder {path} holds something else already."),
                N_("Name an empty folder: what is no longer published is removed from it."),
                params={"path": target},
            )
        gone = sorted(there - wanted.keys())
        for name in gone:
            if name.endswith(".html"):
                (target / name).unlink()
        written = 0
        for name, body in wanted.items():
            path = target / name
            if not path.is_file() or path.read_bytes() != body:
                files.replace(path, body, OPEN)
                written += 1
    except OSError as error:
        raise UstazError(
            "gallery_write",
            N_("The gallery could not be written to {path}."),
            N_("Look at the rights of the folder, or name another one with --to."),
            params={"path": target},
        ) from error
    return Built(target, sum(name not in _common(wanted) for name in wanted), written, len(gone))


def _common(wanted: dict[str, bytes]) -> set[str]:
    return {name for name in wanted if name == STYLE or name.startswith("index")}


def refresh(course: Course) -> None:
    """Build the gallery anew where it was built before; a folder that is read-only stays."""
    if (folder_of(course) / STYLE).is_file():
        try:
            build(course)
        except UstazError:
            return
