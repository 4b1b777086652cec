"""Requests that are too large: read to their end, kept by nobody, and answered in words.

Tornado hangs up on a body that is longer than it may be, and whoever sent it sees a network that
broke. Here the rest is thrown away as it comes, so that the page can say what is the matter.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any, Final

from tornado import httputil, web

from ustaz.server.host.limits import MAX_UPLOAD

LARGEST: Final = 48 * 1024 * 1024
"""Bytes after which the connection is cut all the same; above what a web server lets through."""


class Bounded(httputil.HTTPMessageDelegate):
    """Passes a request on, without a body where that is too large.

    Parameters
    ----------
    inner : HTTPMessageDelegate
        Tornado's own, which collects the body.
    request : HTTPServerRequest
    """

    def __init__(
        self, inner: httputil.HTTPMessageDelegate, request: httputil.HTTPServerRequest
    ) -> None:
        self._inner = inner
        self._request = request
        self._seen = 0

    def headers_received(
        self,
        start_line: httputil.RequestStartLine | httputil.ResponseStartLine,
        headers: httputil.HTTPHeaders,
    ) -> Awaitable[None] | None:
        """Pass them on."""
        return self._inner.headers_received(start_line, headers)

    def data_received(self, chunk: bytes) -> Awaitable[None] | None:
        """Pass a part of the body on while it is not too much."""
        self._seen += len(chunk)
        return None if self._seen > MAX_UPLOAD else self._inner.data_received(chunk)

    def finish(self) -> None:
        """Let the request be answered."""
        if self._seen > MAX_UPLOAD:
            # Half a form is no form; the length is what the refusal is made of.
            self._request.headers.pop("Content-Type", None)
            self._request.headers["Content-Length"] = str(self._seen)
        self._inner.finish()

    def on_connection_close(self) -> None:
        """Pass it on."""
        self._inner.on_connection_close()


class Application(web.Application):
    """A web application that takes no body into memory which nothing of it could use."""

    def get_handler_delegate(
        self,
        request: httputil.HTTPServerRequest,
        *args: Any,  # noqa: ANN401
        **kwargs: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        """Return what answers `request`."""
        return Bounded(super().get_handler_delegate(request, *args, **kwargs), request)
