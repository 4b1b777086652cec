"""What a request asks and what it gets: plain data that no web framework knows.

An *action* is a plain function ``(Request) -> Response``. It may block (files, locks): the adapter
calls it in a thread. Refusals are raised as :class:`HTTPProblem` and become a page or JSON in the
reader's language; nothing else ever reaches a reader.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from ustaz.course.identity import Identity

if TYPE_CHECKING:
    from ustaz.base.throttle import Limit
    from ustaz.server.i18n import Words
    from ustaz.server.site import Site

PAGE_CSP: Final = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "font-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)
API_CSP: Final = "default-src 'none'; frame-ancestors 'none'"

COMMON_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class HTTPProblem(Exception):
    """The request is understood and not granted.

    Attributes
    ----------
    status : int
        HTTP status.
    id : str
        Stable error id; :mod:`ustaz.server.problem_texts` has the words.
    params : dict
        Numbers and ids for the message; never a participant's text.
    extra : dict
        Further members of the JSON answer.
    texts : tuple or None
        Message and hint as message ids, where a lower layer brings its own words.
    """

    def __init__(
        self,
        status: int,
        id: str,
        *,
        extra: dict[str, Any] | None = None,
        texts: tuple[str, str] | None = None,
        **params: object,
    ) -> None:
        super().__init__(id)
        self.status = status
        self.id = id
        self.params = params
        self.extra = extra or {}
        self.texts = texts


@dataclass(slots=True)
class Response:
    """An answer, ready for any adapter.

    Attributes
    ----------
    acting : str or None
        Demo only: the person whom the next requests act as; ``""`` forgets; None leaves it.
    lang : str or None
        A language to remember in this browser.
    """

    status: int = 200
    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    csp: str = PAGE_CSP
    acting: str | None = None
    lang: str | None = None
    packed: bytes | None = None


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a form; its name is what the sender called it."""

    name: str
    data: bytes


@dataclass(slots=True)
class Request:
    """One request, as an action sees it.

    `origin` is the beginning of addresses that are shown to be copied, as the visitor's browser
    has it: ``https://ustaz.example.kz``.
    """

    site: Site
    method: str
    path: str
    params: dict[str, str]
    query: Mapping[str, str]
    form: Mapping[str, str]
    body: bytes
    headers: Mapping[str, str]
    identity: Identity | None
    words: Words
    xsrf: str
    api: bool = False
    origin: str = ""
    files: Mapping[str, Upload] = field(default_factory=dict)
    fields: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Every text of a form by name, in the order of the page; ``form`` has the last of each."""

    @property
    def lang(self) -> str:
        """Return the reader's language."""
        return self.words.lang

    @property
    def who(self) -> Identity:
        """Return who is asking; refuse when nobody was chosen yet (demo)."""
        if self.identity is None:
            raise HTTPProblem(403, "choose_person")
        return self.identity

    def count(self, limit: Limit) -> None:
        """Count this request; refuse it where there were too many of its kind."""
        wait = self.site.throttle.begin(limit)
        if wait:
            raise HTTPProblem(429, "too_many", seconds=wait)

    def json(self) -> dict[str, Any]:
        """Return the body as a JSON object, read strictly."""
        from ustaz.answers import StrictError, loads_strict

        try:
            value = loads_strict(self.body)
        except StrictError as error:
            raise HTTPProblem(400, "bad_json", extra={"detail": error.id}) from None
        if not isinstance(value, dict):
            raise HTTPProblem(400, "bad_json", extra={"detail": "not_an_object"})
        return value


def number(text: str) -> int | None:
    """Return a count that stands in an address; None where none does, or one of too many digits."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 9 else None


def json_response(value: object, status: int = 200, **headers: str) -> Response:
    """Return `value` as JSON that no cache keeps."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=False)
    return Response(
        status,
        body.encode(),
        "application/json; charset=utf-8",
        {"Cache-Control": "no-store", **headers},
        API_CSP,
    )


def tagged(request: Request, response: Response) -> Response:
    """Give `reply` an entity tag, and answer 304 where the asker has it already."""
    tag = '"' + hashlib.sha256(response.body).hexdigest()[:24] + '"'
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"
    asked = request.headers.get("If-None-Match", "")
    if tag in (part.strip().removeprefix("W/") for part in asked.split(",")):
        return Response(304, b"", response.content_type, dict(response.headers), response.csp)
    return response


def redirect(url: str, **more: Any) -> Response:  # noqa: ANN401
    """Send the reader on with a GET (303)."""
    return Response(303, headers={"Location": url, "Cache-Control": "no-store"}, **more)


def wants_gzip(accept_encoding: str) -> bool:
    """Tell whether an ``Accept-Encoding`` header allows gzip."""
    for part in accept_encoding.lower().split(","):
        name, _, quality = part.partition(";")
        if name.strip() in {"gzip", "*"}:
            return quality.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False


def embed_json(value: object) -> str:
    """Return JSON that is safe inside ``<script type="application/json">``."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return (
        text.replace("&", "\\u0026")
        .replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029")
    )
