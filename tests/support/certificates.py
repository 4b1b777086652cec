"""The certificates that httpx trusts, read once a process: each reading is 40 ms of a processor."""

from __future__ import annotations

import ssl
from functools import cache

import httpx


@cache
def certificates() -> ssl.SSLContext:
    """Return what a client of httpx would read for itself; for its `verify`."""
    return httpx.create_ssl_context()
