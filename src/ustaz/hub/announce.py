"""Say a hub's address once it answers, and not before: people click at once."""

from __future__ import annotations

import os
import time
from typing import Final

from ustaz.base import http_client
from ustaz.hub.settings import PREFIX, HubDir

PAUSE: Final = 0.2


def answers(hub: HubDir) -> bool:
    """Tell whether the service answers through the proxy, as a visitor would meet it."""
    settings = hub.settings
    host = "127.0.0.1" if settings.host in {"", "0.0.0.0"} else settings.host  # noqa: S104
    # First the service itself: the proxy would note every question that it cannot answer yet.
    return _is_there("127.0.0.1", settings.inner_port + 2) and _is_there(host, settings.port)


def _is_there(host: str, port: int) -> bool:
    name = f"[{host}]" if ":" in host else host
    try:
        reply = http_client.call("GET", f"http://{name}:{port}{PREFIX}_health", seconds=5)
    except OSError:
        return False
    # With any status: the health page reports a degraded course; the hub itself answers.
    return b'"courses"' in reply.body


def announce_later(hub: HubDir, text: str) -> None:
    """Print `text` when the hub that this process becomes answers; returns at once.

    Parameters
    ----------
    hub : HubDir
    text : str
        What is printed, whole.
    """
    serving = os.getpid()
    if os.fork():
        os.wait()
        return
    # The grandchild belongs to nobody: the hub need not ask what became of it.
    if os.fork():
        os._exit(0)
    code = 1
    try:
        while not answers(hub):
            os.kill(serving, 0)
            time.sleep(PAUSE)
        print(text, flush=True)  # noqa: T201 - a command's own words
        code = 0
    except OSError:
        pass  # the hub ended before it answered, and said why
    finally:
        os._exit(code)
