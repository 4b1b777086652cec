"""What the hub's two processes write to their logs: ids, paths, statuses; no address, no secret."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlsplit

#: Tornado's application log, in which JupyterHub writes parts of its tokens.
NOISY = "tornado.application"


class NoTokens(logging.Filter):
    """Leaves out lines that hold a part of a session."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a line may be written."""
        text = str(record.msg)
        return not text.startswith(("Setting new xsrf cookie", "Skipping XSRF check"))


def quieten() -> None:
    """Install the filter once."""
    logger = logging.getLogger(NOISY)
    if not any(isinstance(one, NoTokens) for one in logger.filters):
        logger.addFilter(NoTokens())


def log_request(handler: Any) -> None:  # noqa: ANN401
    """Log one request: status, method, path without its question, account, time.

    No address of a device, and nothing of what was asked or sent.
    """
    status = handler.get_status()
    quiet = status < 400 and urlsplit(handler.request.uri or "").path.startswith(
        ("/hub/ustaz-static/", "/hub/api/user")
    )
    level = logging.DEBUG if quiet else logging.INFO if status < 500 else logging.WARNING
    path = urlsplit(handler.request.uri or "").path
    user = getattr(handler, "_jupyterhub_user", None) or getattr(handler, "_cached_hub_user", None)
    name = user.get("name") if isinstance(user, dict) else getattr(user, "name", None)
    took = 1000 * handler.request.request_time()
    log = getattr(handler, "log", None) or logging.getLogger("ustaz.hub")
    log.log(level, "%d %s %s (%s) %.0f ms", status, handler.request.method, path, name or "-", took)
