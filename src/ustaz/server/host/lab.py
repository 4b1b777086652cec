"""What JupyterLab's own parts of ours ask of the server that they run on, with or without a course.

Words of the launcher's cards, ready notebooks, and previews of a ``workbook.yml`` that lies in the
server's files. Nothing here knows a course, a person or an answer: a preview reads one file that
whoever is signed in can open anyway, through Jupyter's own contents. It stands beside ``ustaz/``,
whose addresses lead to the service where a hub runs it::

    {base_url}ustaz-lab/messages/kk
    {base_url}ustaz-lab/notebooks/my-group?lang=kk
    {base_url}ustaz-lab/workbooks/my-workbook?lang=kk
    {base_url}ustaz-lab/preview?path=library/survey/workbook.yml&known=…
    {base_url}ustaz-lab/preview.css
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import ustaz_widgets
from tornado import web

from ustaz.messages import LANGUAGES, frontend
from ustaz.server.host.headers import SafeHeaders
from ustaz.server.http import API_CSP

PREFIX: Final = "ustaz-lab"
STYLE: Final = "workbook-and-pictures.css"
#: A definition is read whole; the largest of ours has 60 kB.
LARGEST: Final = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: below which folder, for which name, in which language, of which file."""

    root: Path
    name: str = ""
    lang: str = ""
    path: str = ""
    known: str = ""


def preview(root: Path, path: str, lang: str, known: str) -> dict[str, Any] | None:
    """Read a definition for its preview; None where nothing has changed since `known`.

    Parameters
    ----------
    root : Path
        The folder whose files the server shows.
    path : str
        Of the file, below `root`.
    lang : str
        In which language it opens; empty for that of the workbook.
    known : str
        The ``stamp`` of what the reader has.

    Raises
    ------
    tornado.web.HTTPError
        404 for what is no ``workbook.yml`` below `root`.
    """
    from ustaz.preview.page import complaints_of, page_of
    from ustaz.preview.reading import FILE, read

    top = root.resolve()
    file = (top / path.lstrip("/")).resolve()
    hidden = any(part.startswith(".") for part in Path(path).parts)
    if hidden or file.name != FILE or not file.is_relative_to(top) or not file.is_file():
        raise web.HTTPError(404)
    status = file.stat()
    if status.st_size > LARGEST:
        raise web.HTTPError(413)
    stamp = hashlib.sha256(f"{status.st_mtime_ns} {status.st_size} {lang}".encode()).hexdigest()
    if stamp == known:
        return None
    reading = read(file)
    page = None
    if reading.definition is not None:
        page = page_of(reading.definition, reading.library, lang or None)
    return {"stamp": stamp, "page": page, "complaints": complaints_of(reading)}


def _messages(asked: Asked) -> object:
    """Return the catalogue of a language."""
    if asked.name not in LANGUAGES:
        raise web.HTTPError(404)
    return frontend(asked.name)


def _ready(asked: Asked) -> object:
    """Return the JSON of a ready notebook."""
    from ustaz.notebook.ready import READY, ready_notebook

    if asked.name not in READY:
        raise web.HTTPError(404)
    return ready_notebook(asked.name, asked.lang or LANGUAGES[0])


def _beginning(asked: Asked) -> object:
    """Return the text of a new ``workbook.yml``."""
    from ustaz.builder.beginning import beginning

    return {"text": beginning(asked.name, asked.lang or LANGUAGES[0]).yaml}


def _preview(asked: Asked) -> object:
    """Return what the preview of a file needs."""
    return preview(asked.root, asked.path, asked.lang, asked.known)


def _style(asked: Asked) -> object:  # noqa: ARG001
    """Return the style sheet of the workbook, for a server without a course."""
    path = Path(ustaz_widgets.__file__).resolve().parent / "static" / STYLE
    if not path.is_file():
        raise web.HTTPError(404)
    return path.read_bytes()


_ADDRESSES: Final[Mapping[str, Callable[[Asked], object]]] = {
    r"messages/(?P<name>[a-z]{2})": _messages,
    r"notebooks/(?P<name>[a-z-]{1,40})": _ready,
    r"workbooks/(?P<name>[a-z][a-z0-9-]{0,31})": _beginning,
    r"preview": _preview,
    r"preview\.css": _style,
}


def handlers(
    root: str,
    files: Callable[[], Path],
    host: type[web.RequestHandler],
    guard: Callable[[Any], Any],
) -> list[tuple[str, type[web.RequestHandler], dict[str, Any]]]:
    """Return Tornado's handler list.

    Parameters
    ----------
    root : str
        The server's base address, with slashes at both ends.
    files : callable
        Returns the folder whose files the server shows.
    host : type
        The server's own handler class.
    guard : callable
        Lets in whoever the server signed in.
    """

    class Lab(SafeHeaders, host):  # type: ignore[misc, valid-type]
        """Safe headers; refusals are Jupyter's."""

        auth_resource = "ustaz"

        def initialize(self, answer: Callable[[Asked], object]) -> None:
            """Take what answers; it may read files, so it runs in a thread."""
            self.answer = answer

        @property
        def content_security_policy(self) -> str:
            """Return the policy for everything."""
            return API_CSP

        @guard
        async def get(self, name: str = "") -> None:
            """Answer with JSON or a style; 204 where nothing has changed."""
            lang, path, known = (
                self.get_query_argument(key, "") for key in ("lang", "path", "known")
            )
            lang = lang if lang in LANGUAGES else ""
            asked = Asked(files(), name, lang, path, known)
            loop = asyncio.get_running_loop()
            answer = await loop.run_in_executor(None, self.answer, asked)
            if answer is None:
                self.set_status(204)
                self.finish()
            elif isinstance(answer, bytes):
                self.set_header("Content-Type", "text/css; charset=utf-8")
                self.finish(answer)
            else:
                self.set_header("Content-Type", "application/json")
                self.finish(json.dumps(answer, ensure_ascii=False))

    return [
        (rf"{re.escape(root)}{PREFIX}/{pattern}", Lab, {"answer": answer})
        for pattern, answer in _ADDRESSES.items()
    ]
