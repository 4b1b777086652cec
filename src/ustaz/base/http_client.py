"""Calls to our own services over HTTP: no proxy, no redirect, a timeout, and a cap on the answer.

``httpx`` is imported at the first call: it takes a tenth of a second, and most commands call
nobody.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

LARGEST: Final = 16 * 1024 * 1024


class NoResponse(OSError):
    """No complete response came: not reachable, too late, too large, or not HTTP."""


@dataclass(frozen=True, slots=True)
class Response:
    """A complete response, whatever its status.

    Attributes
    ----------
    status : int
    headers : mapping
        Names in any case.
    body : bytes
    """

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def ok(self) -> bool:
        """Tell whether the call did what it asks for."""
        return 200 <= self.status < 300

    def json(self) -> Any:  # noqa: ANN401
        """Return the body as JSON; ``ValueError`` where it is none."""
        return json.loads(self.body)


def call(
    method: str,
    url: str,
    *,
    token: str = "",
    body: object = None,
    seconds: float,
    largest: int = LARGEST,
) -> Response:
    """Call a service and return its response.

    Parameters
    ----------
    method, url : str
    token : str
        Of JupyterHub; sent to this address only, because no redirect is followed.
    body : object
        Sent as JSON; None for no body.
    seconds : float
        How long to wait for the connection and for each part of the response.
    largest : int
        Bytes of the response's body.

    Raises
    ------
    NoResponse
    """
    import ssl

    import httpx

    headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
    if token:
        headers["Authorization"] = f"token {token}"
    if body is not None or token:
        headers["Content-Type"] = "application/json"
    content = None if body is None else json.dumps(body).encode()
    # The system's certificates, as everywhere on the computer; without TLS none are read.
    verify = ssl.create_default_context() if url.startswith("https:") else False
    try:
        with (
            httpx.Client(
                trust_env=False, follow_redirects=False, timeout=seconds, verify=verify
            ) as client,
            client.stream(method, url, headers=headers, content=content) as response,
        ):
            data = bytearray()
            for part in response.iter_bytes():
                data += part
                if len(data) > largest:
                    raise NoResponse("the response is too large")
            return Response(response.status_code, response.headers, bytes(data))
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        raise NoResponse(type(error).__name__) from None
