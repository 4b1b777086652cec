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
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import ustaz_widgets
from tornado import web

from ustaz.messages import LANGUAGES, frontend
from ustaz.server.http import API_CSP, COMMON_HEADERS

log = logging.getLogger("ustaz.server")

PREFIX: Final = "ustaz-lab"
STYLE: Final = "workbook-and-pictures.css"
#: A definition is read whole; the largest of ours has 60 kB.
LARGEST: Final = 2 * 1024 * 1024


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


def handlers(
    root: str,
    files: Callable[[], Path],
    host: type[web.RequestHandler],
    guard: Callable[[Any], Any],
) -> list[tuple[str, type[web.RequestHandler]]]:
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

    class Lab(host):  # type: ignore[misc, valid-type]
        """Safe headers; refusals are Jupyter's."""

        auth_resource = "ustaz"

        def set_default_headers(self) -> None:
            """Send the same safe headers with everything."""
            super().set_default_headers()
            for name, value in COMMON_HEADERS.items():
                self.set_header(name, value)
            self.set_header("Content-Security-Policy", API_CSP)
            self.set_header("Cache-Control", "no-store")

        def _lang(self) -> str:
            lang = self.get_query_argument("lang", "")
            return lang if lang in LANGUAGES else ""

        def _send(self, data: object) -> None:
            self.set_header("Content-Type", "application/json")
            self.finish(json.dumps(data, ensure_ascii=False))

    class Messages(Lab):
        """The catalogue of a language."""

        @guard
        def get(self, lang: str) -> None:
            """Answer with it; 404 for a language that there is not."""
            if lang not in LANGUAGES:
                raise web.HTTPError(404)
            self._send(frontend(lang))

    class Ready(Lab):
        """A ready notebook."""

        @guard
        def get(self, name: str) -> None:
            """Answer with its JSON."""
            from ustaz.notebook.ready import READY, ready_notebook

            if name not in READY:
                raise web.HTTPError(404)
            self._send(ready_notebook(name, self._lang() or LANGUAGES[0]))

    class Beginning(Lab):
        """The text of a new ``workbook.yml``."""

        @guard
        def get(self, name: str) -> None:
            """Answer with its text."""
            from ustaz.builder.beginning import beginning

            made = beginning(name, self._lang() or LANGUAGES[0])
            self._send({"text": made.yaml})

    class Preview(Lab):
        """A definition, to be tried."""

        @guard
        async def get(self) -> None:
            """Answer with what its page needs; 204 where nothing has changed."""
            path = self.get_query_argument("path", "")
            known = self.get_query_argument("known", "")
            loop = asyncio.get_running_loop()
            read = await loop.run_in_executor(
                None, preview, files(), path, self._lang(), known
            )
            if read is None:
                self.set_status(204)
                self.finish()
            else:
                self._send(read)

    class Style(Lab):
        """The style of the workbook, for a server without a course."""

        @guard
        def get(self) -> None:
            """Answer with the style sheet."""
            path = Path(ustaz_widgets.__file__).resolve().parent / "static" / STYLE
            if not path.is_file():
                raise web.HTTPError(404)
            self.set_header("Content-Type", "text/css; charset=utf-8")
            self.finish(path.read_bytes())

    start = f"{root}{PREFIX}"
    return [
        (rf"{start}/messages/([a-z]{{2}})", Messages),
        (rf"{start}/notebooks/([a-z-]{{1,40}})", Ready),
        (rf"{start}/workbooks/([a-z][a-z0-9-]{{0,31}})", Beginning),
        (rf"{start}/preview", Preview),
        (rf"{start}/preview\.css", Style),
    ]
