"""The safe headers of everything that is answered through Tornado."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tornado import web

from ustaz.server.http import COMMON_HEADERS

if TYPE_CHECKING:
    _Handler = web.RequestHandler
else:
    _Handler = object


class SafeHeaders(_Handler):
    """Stands before a handler class; refusals have the headers too."""

    @property
    def content_security_policy(self) -> str:
        """Return the policy for everything that no reply overrides."""
        raise NotImplementedError

    def set_default_headers(self) -> None:
        """Send the same safe headers with everything, refusals included."""
        super().set_default_headers()
        for name, value in COMMON_HEADERS.items():
            self.set_header(name, value)
        self.set_header("Content-Security-Policy", self.content_security_policy)
        self.set_header("Cache-Control", "no-store")
