"""What the hub's two processes write to their logs: ids, paths, statuses; no address, no secret."""

from __future__ import annotations

import logging
import re
from typing import Any, Final
from urllib.parse import urlsplit

from ustaz.server.host import logs
from ustaz.server.host.logs import address
from ustaz.server.host.tornado import Answering

#: Tornado's own logs, in which requests are named whole and JupyterHub writes parts of its tokens.
NOISY: Final = ("tornado.application", "tornado.general")
_QUESTION: Final = re.compile(r"\?\S*")
_ADDRESS: Final = re.compile(r" \((?:[0-9a-fA-F.:]+|unknown)\)")
_TOKENS: Final = ("Setting new xsrf cookie", "Skipping XSRF check")


class Scrub(logging.Filter):
    """Leaves out lines that hold a part of a session, and of others what was asked by whom."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a line may be written, and take out what may not stand in it."""
        text = record.getMessage()
        if text.startswith(_TOKENS):
            return False
        record.msg, record.args = _ADDRESS.sub("", _QUESTION.sub("", text)), ()
        return True


def quieten() -> None:
    """Install the filters once: of both, what a message may quote goes, too."""
    logs.quieten()
    for name in NOISY:
        logger = logging.getLogger(name)
        if not any(isinstance(filter_, Scrub) for filter_ in logger.filters):
            logger.addFilter(Scrub())


def _path(handler: Any, status: int) -> str:  # noqa: ANN401
    # What does not exist was typed by somebody: it may be anything.
    return "/…" if status == 404 else urlsplit(handler.request.uri or "").path


def log_request(handler: Any) -> None:  # noqa: ANN401
    """Log one request: status, method, path without its question, account, time.

    No address of a device, and nothing of what was asked or sent.
    """
    status = handler.get_status()
    path = address(handler) if isinstance(handler, Answering) else _path(handler, status)
    quiet = status < 400 and path.startswith(("/hub/ustaz-static/", "/hub/api/user"))
    level = logging.DEBUG if quiet else logging.INFO if status < 500 else logging.WARNING
    user = getattr(handler, "_jupyterhub_user", None) or getattr(handler, "_cached_hub_user", None)
    name = user.get("name") if isinstance(user, dict) else getattr(user, "name", None)
    took = 1000 * handler.request.request_time()
    log = getattr(handler, "log", None) or logging.getLogger("ustaz.hub")
    log.log(level, "%d %s %s (%s) %.0f ms", status, handler.request.method, path, name or "-", took)
